// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// How somebody coached in a typed turn, counted from its lines.
public struct ListeningNumbers: Hashable, Sendable {
    /// The coach's lines.
    public internal(set) var lines = 0
    /// The coach's words.
    public internal(set) var words = 0
    /// Everybody's words.
    public internal(set) var wordsOfAll = 0
    /// What the coach's sentences, and lines of a given kind, did.
    public internal(set) var counts: [UtteranceKind: Int] = [:]
    /// Those of them that the coach named by a kind: `/reflect`, `/suggest`, `/offer`.
    public internal(set) var given: [UtteranceKind: Int] = [:]
    /// The most words of the coach between two lines of others.
    public internal(set) var stretchWords = 0
    /// The lines that they stood in.
    public internal(set) var stretchLines = 0
    /// Whether the rules for English were asked; else only question marks and given kinds count.
    public internal(set) var isEnglish = true

    /// Counts nothing.
    public init() {}

    /// Counts the lines of one turn, whatever their order.
    public init(of lines: [TurnLine]) {
        let talk = lines.enumerated().filter(\.element.isConversation)
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
        let parts = talk.map { Sentence.all(in: $0.text) }
        let own = zip(talk, parts).filter { $0.0.author == .me }
        isEnglish = Utterance.isEnglish(own.flatMap { $0.1.flatMap(\.words) })
        var heard: Set<String> = []
        var stretch = (words: 0, lines: 0)
        for (line, sentences) in zip(talk, parts) {
            let count = sentences.reduce(0) { $0 + $1.words.count }
            wordsOfAll += count
            guard line.author == .me else {
                heard = Set(sentences.flatMap(\.words))
                stretch = (0, 0)
                continue
            }
            self.lines += 1
            words += count
            stretch = (stretch.words + count, stretch.lines + 1)
            if stretch.words > stretchWords {
                (stretchWords, stretchLines) = stretch
            }
            take(line, sentences, heard)
        }
    }

    private mutating func take(_ line: TurnLine, _ sentences: [Sentence], _ heard: Set<String>) {
        if let kind = line.given {
            counts[kind, default: 0] += 1
            given[kind, default: 0] += 1
            return
        }
        let kinds = sentences.map { Utterance.kind(of: $0, after: heard, english: isEnglish) }
        for kind in kinds { counts[kind, default: 0] += 1 }
    }

    /// How many sentences or lines were of a kind.
    public subscript(_ kind: UtteranceKind) -> Int { counts[kind] ?? 0 }

    /// The coach's share of the words, in whole percent; `nil` where nobody wrote any.
    public var wordPercent: Int? {
        wordsOfAll > 0 ? (words * 100 + wordsOfAll / 2) / wordsOfAll : nil
    }

    /// Reflections for one question, in hundredths; `nil` without a question.
    public var reflectionsPerQuestion: Int? {
        let questions = self[.question]
        return questions > 0 ? (self[.reflection] * 100 + questions / 2) / questions : nil
    }

    /// Adds the numbers of another turn; the longest stretch is the longer one.
    public static func + (one: ListeningNumbers, other: ListeningNumbers) -> ListeningNumbers {
        var sum = one
        sum.lines += other.lines
        sum.words += other.words
        sum.wordsOfAll += other.wordsOfAll
        sum.given.merge(other.given, uniquingKeysWith: +)
        sum.counts.merge(other.counts, uniquingKeysWith: +)
        if other.stretchWords > one.stretchWords {
            sum.stretchWords = other.stretchWords
            sum.stretchLines = other.stretchLines
        }
        sum.isEnglish = one.isEnglish && other.isEnglish
        return sum
    }
}

/// What can be shown about how somebody coached; each can be turned off.
public enum ListeningNumber: String, CaseIterable, Hashable, Sendable {
    /// The coach's share of the words.
    case words
    /// Questions asked.
    case questions
    /// Reflections for one question.
    case reflections
    /// Advice and suggestions.
    case advice
    /// Statements about the matter.
    case information
    /// The longest stretch without a line of anybody else.
    case stretch
    /// What an observer counted.
    case marks
}

// SPDX-License-Identifier: Apache-2.0
import CoachingListening

/// What how one coached looks like in words.
struct CoachingWords: Sendable {
    /// Numbers that the person does not want to see.
    var off: Set<ListeningNumber> = []

    /// What the questions are for when nothing was counted.
    static let selfAssessment = [
        "When did I let a silence be, and what came after it?",
        "Which of my questions made them stop and think?",
        "Where did I say what I would do, and what could I have asked there?",
    ]

    /// The numbers of a typed turn: a title, its value, and what programs get.
    func rows(
        _ numbers: ListeningNumbers
    ) -> [(number: ListeningNumber, title: String, value: String)] {
        ListeningNumber.allCases.compactMap { number in
            guard !off.contains(number), let value = value(number, numbers) else { return nil }
            return (number, Self.title(number), value)
        }
    }

    private func value(_ number: ListeningNumber, _ numbers: ListeningNumbers) -> String? {
        switch number {
        case .words:
            return numbers.wordPercent.map {
                "\($0)%: \(numbers.words) of \(numbers.wordsOfAll)"
            }
        case .questions: return String(numbers[.question])
        case .reflections:
            let rate = numbers.reflectionsPerQuestion.map { ", \(Self.hundredths($0)) a question" }
            return count(.reflection, "/reflect", numbers) + (rate ?? "")
        case .advice: return count(.advice, "/suggest", numbers)
        case .information: return count(.information, "/offer", numbers)
        case .stretch:
            return Words.count(numbers.stretchWords, "word") + " in "
                + Words.count(numbers.stretchLines, "line")
        case .marks: return nil
        }
    }

    /// "4", and how many of them are no guess.
    private func count(
        _ kind: UtteranceKind,
        _ command: String,
        _ numbers: ListeningNumbers
    ) -> String {
        let given = numbers.given[kind] ?? 0
        guard numbers.isEnglish || given > 0 else { return "not counted" }
        guard numbers.isEnglish else { return "\(given) by \(command)" }
        let all = numbers[kind]
        return all == 0 ? "0" : "\(all) (\(given) by \(command), \(all - given) guessed)"
    }

    /// The numbers in one row, for the end of a session; empty where all are turned off.
    func brief(_ numbers: ListeningNumbers) -> String {
        let parts = ListeningNumber.allCases.compactMap { number -> String? in
            guard !off.contains(number) else { return nil }
            switch number {
            case .words: return numbers.wordPercent.map { "words \($0)%" }
            case .questions: return "questions \(numbers[.question])"
            case .reflections:
                return guessed(.reflection, numbers).map { "said back \($0)" }
            case .advice: return guessed(.advice, numbers).map { "advice \($0)" }
            case .information: return guessed(.information, numbers).map { "information \($0)" }
            case .stretch: return "longest \(Words.count(numbers.stretchWords, "word"))"
            case .marks: return nil
            }
        }
        return parts.joined(separator: ", ")
    }

    private func guessed(_ kind: UtteranceKind, _ numbers: ListeningNumbers) -> Int? {
        numbers.isEnglish ? numbers[kind] : numbers.given[kind]
    }

    /// The lines at the end of a session: what is known of one turn that one coached.
    func summary(_ account: CoachingAccount, client: String) -> [String] {
        switch account {
        case .typed(let numbers):
            let row = brief(numbers)
            guard !row.isEmpty else { return [] }
            return [
                "How you coached \(client), counted here from the turn's lines (rules, no "
                    + "judgement):", "  " + row,
            ]
        case .marked(let handed):
            guard !off.contains(.marks) else { return [] }
            return handed.flatMap { one in
                [
                    "How you coached \(client), from \(one.observer)'s marks (nothing else was "
                        + "counted):", "  " + one.marks.countsText,
                ] + moments(one)
            }
        case .notCounted:
            return off.contains(.marks)
                ? []
                : [
                    "How you coached \(client): spoken, and no marks yet, so nothing was counted. "
                        + "Three questions for yourself: peercoach coaching"
                ]
        case .nothingToRead: return []
        }
    }

    /// The moments that an observer put words to.
    func moments(_ handed: HandedMarks) -> [String] {
        handed.marks.moments.map {
            "  \($0.clock) \($0.title), \(handed.observer): \($0.quote)"
        }
    }

    /// What a number is called.
    static func title(_ number: ListeningNumber) -> String {
        switch number {
        case .words: "your share of the words"
        case .questions: "questions"
        case .reflections: "said back"
        case .advice: "advice"
        case .information: "information"
        case .stretch: "longest stretch"
        case .marks: "an observer's marks"
        }
    }

    /// Where a number comes from, what it is good for, and what not.
    static func explanation(_ number: ListeningNumber) -> String {
        switch number {
        case .words:
            "Your words of all words that were typed in the turn, feedback left out. In scripts "
                + "without spaces letters are counted. Who listens has mostly the smaller part; "
                + "there is no right number."
        case .questions:
            "Sentences with a question mark or the words of a question, and invitations such as "
                + "\"tell me\". Found about as well as people find them where the mark stands, and "
                + "less than half of them without it. Open and closed ones are not told apart: "
                + "the rules do that worse than people."
        case .reflections:
            "Lines that you sent with /reflect, and sentences that begin like one (\"it sounds "
                + "like\", \"you feel\") or take up the other's words. The guessed part is not "
                + "confirmed by anybody's labels. In coaching that was judged good there is about "
                + "one or more for each question."
        case .advice:
            "Lines that you sent with /suggest, and sentences that tell somebody what to do, also "
                + "as a question (\"have you tried\"). The guess is wrong about as often as right: "
                + "look at the lines."
        case .information:
            "Lines that you sent with /offer, and statements about the matter that are nothing "
                + "else. A rough guess."
        case .stretch:
            "The most words of yours before anybody else wrote a line."
        case .marks:
            "What an observer counted and handed to you with /marks give; nothing is added to it. "
                + "Of a spoken turn there is nothing else."
        }
    }

    /// What holds for all numbers.
    static let limits =
        "Counted on this device, from lines that you can read, for you alone; nobody else is told, "
        + "and nothing of it is kept. Guesses are by rules for English. A bare line is sent as "
        + "what the phase makes of it, so its words decide; /reflect, /suggest and /offer are never "
        + "guessed over."

    /// "0.44".
    static func hundredths(_ value: Int) -> String {
        let rest = value % 100
        return "\(value / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

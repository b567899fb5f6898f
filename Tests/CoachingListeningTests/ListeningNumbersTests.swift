// SPDX-License-Identifier: Apache-2.0
import CoachingListening
import CoachingModel
import Testing

@Suite struct ListeningNumbersTests {
    private func line(
        _ author: TurnLine.Author,
        _ text: String,
        _ kind: EntryKind = .say,
        at: Int64 = 0
    ) -> TurnLine {
        TurnLine(author: author, kind: kind, text: text, at: Timestamp(milliseconds: at))
    }

    @Test func `a turn is counted`() {
        let numbers = ListeningNumbers(of: [
            line(.me, "What would you like to have at the end?", .ask, at: 1),
            line(.client, "I say yes to every project, then I work nights.", at: 2),
            line(.me, "every project, nights", .reflect, at: 3),
            line(.me, "Who decides that?", .ask, at: 4),
            line(.client, "The board.", at: 5),
            line(.me, "You should ask them.", .ask, at: 6),
        ])
        #expect(numbers.lines == 4)
        #expect(numbers[.question] == 2)
        #expect(numbers[.reflection] == 1)
        #expect(numbers[.advice] == 1)
        #expect(numbers.given == [.reflection: 1])
        #expect(numbers.reflectionsPerQuestion == 50)
        #expect(numbers.words == 19)
        #expect(numbers.wordsOfAll == 31)
        #expect(numbers.wordPercent == 61)
        #expect(numbers.stretchWords == 9)
        #expect(numbers.stretchLines == 1)
        #expect(numbers.isEnglish)
    }

    @Test(arguments: EntryKind.allCases)
    func `a kind that was given wins over what the words look like`(_ kind: EntryKind) {
        let texts = ["You should sleep.", "Why?", "mm", "Was willst du wirklich?"]
        for text in texts {
            let one = line(.me, text, kind)
            let numbers = ListeningNumbers(of: [one])
            if let given = one.given {
                #expect(numbers.counts == [given: 1])
                #expect(numbers.given == [given: 1])
            } else {
                #expect(numbers.given.isEmpty)
            }
            if !one.isConversation { #expect(numbers == ListeningNumbers()) }
        }
    }

    @Test func `without a question or a word there is no ratio`() {
        #expect(ListeningNumbers(of: []).wordPercent == nil)
        #expect(ListeningNumbers(of: [line(.me, "mm")]).reflectionsPerQuestion == nil)
        #expect(ListeningNumbers(of: [line(.me, "mm")]).wordPercent == 100)
        #expect(ListeningNumbers(of: [line(.client, "well")]).wordPercent == 0)
    }

    @Test func `another language is said, and no advice is guessed`() {
        let numbers = ListeningNumbers(of: [
            line(.me, "Du solltest mit ihm reden, bevor er es von anderen hört, denke ich.", at: 1),
            line(.me, "Was hindert dich daran?", at: 2),
        ])
        #expect(!numbers.isEnglish)
        #expect(numbers.counts == [.other: 1, .question: 1])
    }

    /// Every way in which up to four lines of three authors follow each other.
    @Test func `the longest stretch is what no one else broke`() {
        let authors = TurnLine.Author.allCases
        for length in 0...4 {
            for code in 0..<Int(repeatedProduct(3, length)) {
                var rest = code
                var lines: [TurnLine] = []
                for index in 0..<length {
                    let text = String(repeating: "word ", count: index + 1)
                    lines.append(line(authors[rest % 3], text, at: Int64(index)))
                    rest /= 3
                }
                let runs = lines.enumerated().split { $0.element.author != .me }
                let longest = runs.map { $0.reduce(0) { $0 + $1.offset + 1 } }.max() ?? 0
                let numbers = ListeningNumbers(of: lines)
                #expect(numbers.stretchWords == longest)
                #expect(numbers.words <= numbers.wordsOfAll)
                #expect(ListeningNumbers(of: lines.reversed()) == numbers)
                #expect(numbers.stretchWords <= numbers.words)
            }
        }
    }

    private func repeatedProduct(_ base: Int, _ times: Int) -> Int {
        (0..<times).reduce(1) { product, _ in product * base }
    }

    @Test func `sums are the same in any order`() {
        let one = ListeningNumbers(of: [line(.me, "Why? You feel alone."), line(.client, "yes")])
        let two = ListeningNumbers(of: [line(.me, "You should rest, and soon, I think so")])
        let three = ListeningNumbers(of: [line(.client, "well")])
        #expect(one + two == two + one)
        #expect((one + two) + three == one + (two + three))
        #expect(one + ListeningNumbers() == one)
    }
}

@Suite struct CoachingAccountTests {
    private let marks = HandedMarks(
        observer: "Tom",
        marks: ObserverMarks(
            round: 1,
            counts: zip(ObserverMarks.titles, [9, 3, 4, 2, 1]).map {
                ObserverMarks.Count(title: $0, number: $1)
            }
        )
    )
    private let lines = [
        TurnLine(author: .me, kind: .say, text: "Why?", at: Timestamp(milliseconds: 1)),
        TurnLine(author: .client, kind: .say, text: "Yes.", at: Timestamp(milliseconds: 2)),
    ]

    @Test func `lines typed beside a call are never counted`() {
        #expect(CoachingAccount(medium: .spoken, lines: lines, marks: []) == .notCounted)
        #expect(CoachingAccount(medium: .spoken, lines: lines, marks: [marks]) == .marked([marks]))
        #expect(CoachingAccount(medium: .spoken, lines: [], marks: []) == .notCounted)
    }

    @Test func `a typed turn is counted from its lines, if any of one's own are left`() {
        #expect(
            CoachingAccount(medium: .typed, lines: lines, marks: [marks])
                == .typed(ListeningNumbers(of: lines))
        )
        #expect(
            CoachingAccount(medium: .typed, lines: Array(lines.dropFirst()), marks: [])
                == .nothingToRead
        )
        #expect(CoachingAccount(medium: .typed, lines: [], marks: [marks]) == .marked([marks]))
    }

    @Test func `a trend has a row for each session with numbers, and mixes no origins`() {
        let typed = CoachingAccount(medium: .typed, lines: lines, marks: [])
        let trend = ListeningTrend([
            (3, [typed, typed]), (1, [.marked([marks, marks]), .notCounted]), (2, [.notCounted]),
        ])
        #expect(trend.rows.map(\.session) == [1, 3])
        #expect(trend.rows.first?.marked == [18, 6, 8, 4, 2])
        #expect(trend.rows.first?.numbers == nil)
        #expect(trend.rows.last?.numbers?[.question] == 2)
        #expect(trend.rows.last?.marked == [])
        #expect(trend.rows.map(\.turns) == [1, 2])
        #expect(ListeningTrend([]).rows.isEmpty)
    }
}

@Suite struct ObserverMarksTests {
    private static let head =
        "Marks of round 2: open questions 9, closed 3, said back 4, silences 2, advice 1."

    @Test func `marks are read with their moments`() throws {
        let text =
            Self.head + " / 14:20 open questions: whose voice is it? / 14:23 advice: call / him"
        let marks = try #require(ObserverMarks(reading: text))
        #expect(marks.round == 2)
        #expect(marks.counts.map(\.number) == [9, 3, 4, 2, 1])
        #expect(marks.moments.map(\.clock) == ["14:20", "14:23"])
        #expect(marks.moments.map(\.quote) == ["whose voice is it?", "call / him"])
        #expect(Self.head.contains(marks.countsText))
    }

    @Test(arguments: [
        "", "Marks", "Marks of round 0: open questions 1", "You ask well.",
        "Marks of round 2: open questions 9, closed 3, said back 4, silences 2.",
        "Marks of round 2: open questions -1, closed 3, said back 4, silences 2, advice 1.",
        "Marks of round 2: open questions 9, closed 3, said back 4, silences 2, advice 99999.",
        "Marks of round 999: open questions 9, closed 3, said back 4, silences 2, advice 1.",
        "Marks of round 2: open questions 9, closed 3, said back 4, silences 2, advice 1. / hello",
    ])
    func `any other text is none`(_ text: String) {
        #expect(ObserverMarks(reading: text) == nil)
    }

    @Test func `no beginning of marks and no changed byte traps`() {
        let text = Self.head + " / 14:20 advice: x"
        for end in 0...text.utf8.count {
            _ = ObserverMarks(reading: String(decoding: text.utf8.prefix(end), as: UTF8.self))
            for byte: UInt8 in [0x20, 0x2f, 0x39, 0x3a, 0xff] where end < text.utf8.count {
                var bytes = Array(text.utf8)
                bytes[end] = byte
                _ = ObserverMarks(reading: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingReports
import CoachingSeal

struct Chatham: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Use outside what was said here, without names, with the yes of who said it.",
        discussion: """
            The Chatham House rule: what was said may be used, who said it may not be told. Somebody
            asks the room; each answers to them alone. What is written then has the words of those who
            said yes and of nobody else, without names, addresses, days and times, in no order; and
            there is none with words of fewer than five people. A way of speaking, or what only one
            can know, still gives somebody away: read it before it goes anywhere.
            """,
        subcommands: [List.self, Ask.self, Yes.self, No.self, Write.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What was asked, each after the number to give."
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    let questions = UnnamedUseBoard(try await session.lines()).questions
                    if questions.isEmpty {
                        opened.output.line("Nobody has asked: peercoach chatham ask")
                    }
                    for (index, question) in questions.enumerated() {
                        opened.show(question, number: index + 1, room)
                    }
                }
            }
        }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask everyone in the room for their yes, for what was said there until now."
        )

        @Option(help: "From this day on, such as 2027-01-31 or 3mo; else all that there is.")
        var since: String?
        @Option(
            help: ArgumentHelp(
                "Take this word out, too, such as what a department is called; can be given again.",
                valueName: "word"
            )
        )
        var hide: [String] = []
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            let isLong = hide.contains { !(1...UnnamedUse.wordBytesMax).contains($0.utf8.count) }
            guard hide.count <= UnnamedUse.wordsMax, !isLong else {
                throw ValidationError(
                    "Up to \(UnnamedUse.wordsMax) words of \(UnnamedUse.wordBytesMax) bytes each."
                )
            }
        }

        func run() async throws {
            try await withClient(options) { opened in
                let from = try since.map { try ReportForm.beginning(since: $0, opened.now) }
                try await opened.inRoom { session, room in
                    guard room.members.count >= UnnamedExport.leastPeople else {
                        throw ClientError(.refused, ChathamWords.tooFew)
                    }
                    var generator = opened.client.environment.generator
                    let use = UnnamedUse(
                        id: Bytes16(high: generator.next(), low: generator.next()),
                        .asked,
                        from: from,
                        until: opened.now,
                        words: hide
                    )
                    var body = EntryBody(
                        text: ChathamWords.asked(from: from, until: opened.now, words: hide)
                    )
                    body.unnamedUse = use
                    let names = room.members.map(\.person).filter { $0 != opened.me }
                        .map { room.shownName($0) }
                    try await opened.asking.require("Ask \(Words.list(names))?")
                    try await opened.post(body, .say, to: .room, session)
                }
            }
        }
    }

    struct Yes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Agree for what you said yourself; only who asked hears it."
        )

        @Argument(help: "The number, as peercoach chatham lists it.")
        var number: Int
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Chatham.answer(number, .agreed, options) }
    }

    struct No: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Do not agree, or take back a yes; only who asked hears it."
        )

        @Argument(help: "The number, as peercoach chatham lists it.")
        var number: Int
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Chatham.answer(number, .refused, options) }
    }

    struct Write: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write it to a new file, from the words of those who said yes to you."
        )

        @Argument(help: "The number, as peercoach chatham lists it.")
        var number: Int
        @Argument(help: "The file.")
        var file: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    let lines = try await session.lines()
                    let question = try Chatham.question(number, UnnamedUseBoard(lines))
                    guard question.asker == opened.me else {
                        throw ClientError(
                            .refused,
                            "Only who asked knows who agreed, and writes it."
                        )
                    }
                    let export = try ChathamWords.export(question, lines, room)
                    let from = question.from ?? lines.map(\.at).min() ?? question.until
                    let period = ChathamWords.months(from, question.until)
                    try TextFile.createWhole(file, export.markdown(period: period))
                    let count = export.texts.count
                    opened.output.put(
                        "Wrote \(file): \(Words.count(count, "line")), without names. Read it "
                            + "before it goes anywhere.",
                        ["type": "written", "file": .string(file), "lines": JSON(count)]
                    )
                }
            }
        }
    }

    private static func question(
        _ number: Int,
        _ board: UnnamedUseBoard
    ) throws(ClientError) -> UnnamedUseBoard.Question {
        guard board.questions.indices.contains(number - 1) else {
            throw ClientError(
                .noSuchName,
                "Nothing was asked under the number \(number).",
                hint: "peercoach chatham lists what was asked."
            )
        }
        return board.questions[number - 1]
    }

    private static func answer(
        _ number: Int,
        _ stand: UnnamedUse.Stand,
        _ options: GlobalOptions
    ) async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                let question = try question(number, UnnamedUseBoard(try await session.lines()))
                guard question.asker != opened.me else {
                    throw ClientError(
                        .refused,
                        "You asked, so you agreed. Take the line back to stop it.",
                        hint: "peercoach withdraw"
                    )
                }
                let asker = room.shownName(question.asker)
                var body = EntryBody(
                    text: stand == .agreed ? ChathamWords.yes : ChathamWords.no
                )
                body.unnamedUse = UnnamedUse(id: question.id, stand)
                if stand == .agreed {
                    let text = ChathamWords.asked(
                        from: question.from,
                        until: question.until,
                        words: question.words
                    )
                    try await opened.asking.require("\(asker): \(text) Agree?")
                }
                try await opened.post(body, .say, to: .between(opened.me, question.asker), session)
            }
        }
    }
}

/// The words of asking for use without names, and what comes of it.
enum ChathamWords {
    static let yes = "Yes: what I said may be used outside without names."
    static let no = "No: what I said is not to be used outside."
    static let tooFew =
        "With fewer than \(UnnamedExport.leastPeople) people each could be told by what they said."

    static func asked(from: Timestamp?, until: Timestamp, words: [String]) -> String {
        let span = from.map { months($0, until) } ?? "until \(months(until, until))"
        let also = words.isEmpty ? "" : " Taken out as well: \(Words.list(words))."
        return "May what you said to everyone here (\(span)) be used outside, without names, in no "
            + "order, if \(UnnamedExport.leastPeople) or more of us agree, each for their own "
            + "words?\(also) peercoach chatham yes or no answers, to me alone."
    }

    /// "October 2026", "October to November 2026", "December 2026 to January 2027".
    static func months(
        _ from: Timestamp,
        _ until: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        let (first, last) = (calendar.parts(of: from), calendar.parts(of: until))
        let end = "\(Words.months[last.month - 1]) \(last.year)"
        if first.year != last.year {
            return "\(Words.months[first.month - 1]) \(first.year) to \(end)"
        }
        return first.month == last.month ? end : "\(Words.months[first.month - 1]) to \(end)"
    }

    /// Makes what is written.
    ///
    /// - Throws: ``ClientError`` where too few agreed or said anything.
    static func export(
        _ question: UnnamedUseBoard.Question,
        _ lines: [ReadEntry],
        _ room: Room
    ) throws(ClientError) -> UnnamedExport {
        var generator = SystemRandomNumberGenerator()
        do throws(UnnamedExport.Refusal) {
            return try UnnamedExport(
                UnnamedUseBoard.usable(question, of: lines),
                names: room.everyName,
                words: question.words,
                using: &generator
            )
        } catch {
            switch error {
            case .tooFew(let people):
                throw ClientError(
                    .refused,
                    "\(tooFew) So far there are words of \(Words.count(people, "person", "people"))"
                        + " who agreed.",
                    hint: "peercoach chatham says who has answered."
                )
            }
        }
    }
}

extension Opened {
    fileprivate func show(_ question: UnnamedUseBoard.Question, number: Int, _ room: Room) {
        let isMine = question.asker == me
        let asker = isMine ? "you asked" : "\(room.shownName(question.asker)) asked"
        let standing: String
        if isMine {
            let others = question.answers.filter { $0.key != me }
            let (yes, no) = (others.count { $0.value }, others.count { !$0.value })
            let open = max(0, room.members.count - 1 - others.count)
            standing = "yes from \(yes), no from \(no), \(open) not yet; peercoach chatham write"
        } else {
            standing = question.answers[me].map { $0 ? "you said yes" : "you said no" } ?? "open"
        }
        let text = ChathamWords.asked(
            from: question.from,
            until: question.until,
            words: question.words
        )
        output.put(
            "\(Words.padded("\(number)", 3))\(asker): \(text) (\(standing))",
            indent: 3,
            [
                "type": "unnamedUse", "number": JSON(number), "mine": .bool(isMine),
                "asker": .string(room.shownName(question.asker)),
                "answer": JSON(question.answers[me].map { $0 ? "yes" : "no" }),
                "agreed": JSON(isMine ? question.agreed.count : nil),
                "words": JSON(question.words),
            ]
        )
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingListening
import CoachingModel

struct CoachingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coaching",
        abstract: "How you coached, counted on this device and shown to you alone.",
        discussion: """
            Of a typed turn from the lines that you can read; of a spoken one only from marks
            that an observer handed to you. To hide a number: peercoach coaching off NUMBER
            """,
        subcommands: [Show.self, Off.self, On.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The last session in which you coached, or all as a trend."
        )

        @Option(help: "The session's number, or last.")
        var session: String?
        @Flag(help: "All sessions that can be counted, one a row.")
        var trend = false
        @Flag(help: "Say what each number is, where it is from, and what it is not.")
        var explain = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let words = try options.coachingWords()
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    let lines = try await session.lines().compactMap { CoachingLine($0) }
                    let view = CoachingView(
                        room: room,
                        roomName: session.name,
                        lines: lines,
                        me: opened.me,
                        now: opened.now,
                        words: words
                    )
                    if trend {
                        view.showTrend(opened.output)
                    } else {
                        try view.show(self.session, opened.output)
                    }
                    if explain { CoachingView.explain(words, opened.output) }
                }
            }
        }
    }

    struct Off: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a number no more, here and at the end of sessions."
        )

        @Argument(help: CoachingCommand.numbersHelp, completion: .list(CoachingCommand.numbers))
        var number: String
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await options.setCoaching(number, isOff: true) }
    }

    struct On: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a number again."
        )

        @Argument(help: CoachingCommand.numbersHelp, completion: .list(CoachingCommand.numbers))
        var number: String
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await options.setCoaching(number, isOff: false) }
    }

    fileprivate static let numbers = ListeningNumber.allCases.map(\.rawValue) + ["all"]
    fileprivate static let numbersHelp = ArgumentHelp("\(Words.list(numbers, "or")).")
}

extension GlobalOptions {
    /// How the person wants to see how they coached.
    func coachingWords() throws(ClientError) -> CoachingWords {
        let off = try openFolder().load().coachingOff ?? []
        return CoachingWords(off: Set(off.compactMap { ListeningNumber(rawValue: $0) }))
    }

    fileprivate func setCoaching(_ typed: String, isOff: Bool) async throws {
        try await reporting { output in
            let numbers: [ListeningNumber] =
                typed.lowercased() == "all"
                ? ListeningNumber.allCases
                : [
                    try NameMatch.find(typed, among: ListeningNumber.allCases, what: "number") {
                        $0.rawValue
                    }
                ]
            let profile = try openFolder().update { profile in
                var off = Set(profile.coachingOff ?? [])
                for number in numbers {
                    if isOff { off.insert(number.rawValue) } else { off.remove(number.rawValue) }
                }
                profile.coachingOff = off.isEmpty ? nil : off.sorted()
            }
            let off = profile.coachingOff ?? []
            output.put(
                off.isEmpty
                    ? "All numbers are shown."
                    : "Not shown any more, on this device: \(Words.list(off)).",
                ["type": "coachingOff", "off": JSON(off)]
            )
        }
    }
}

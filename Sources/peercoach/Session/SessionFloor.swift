// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

extension SessionCommand {
    struct Ready: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that you are ready to go on; the phase ends when all are."
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Opened.call(.ready, for: nil, options) }
    }

    struct Pass: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the next one speak, where one speaks at a time."
        )
        @Argument(help: "Who keeps the time can pass for NAME.")
        var name: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Opened.call(.pass, for: name, options) }
    }

    struct AskFloor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "floor",
            abstract: "Ask to speak; who has spoken least comes first."
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Opened.call(.ask, for: nil, options) }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Halt the clock; everybody may, no reason is asked, nobody is named."
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Opened.clock(options, .stop) }
    }

    struct Back: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin the phase before this one anew."
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Opened.clock(options, .back) }
    }
}

extension Opened {
    /// Says something about the floor, and tells how things stand afterwards.
    fileprivate static func call(
        _ wish: FloorWish,
        for name: String?,
        _ options: GlobalOptions
    ) async throws {
        try await withClient(options) { opened in
            try await opened.inRoom { session, room in
                var person = opened.me
                if let name {
                    person =
                        try NameMatch.find(name, among: room.members, what: "member") { $0.name }
                        .person
                }
                try await session.act(.floor(FloorCall(wish: wish, person: person)))
                opened.status(of: try await session.state())
            }
        }
    }
}

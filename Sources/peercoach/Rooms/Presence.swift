// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Present: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say that you, or somebody you see, are there.",
        discussion: """
            An open room says it by itself. For somebody else it is said by the facilitator or
            who keeps the time, such as for who takes part by phone only.
            """
    )

    @Argument(help: "Who, if not you.")
    var names: [String] = []
    @Flag(help: "By phone only, so nothing appears on their screen.")
    var phone = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.attend(names, phone ? .phone : .here)
        }
    }
}

struct Absent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say that you, or somebody you miss, are not there."
    )

    @Argument(help: "Who, if not you.")
    var names: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in try await opened.attend(names, .away) }
    }
}

extension Opened {
    fileprivate func attend(_ names: [String], _ presence: Presence) async throws {
        try await inRoom { session, room in
            var people: [PersonID] = []
            for name in names { people.append(try member(name, of: room).person) }
            if people.isEmpty { people = [me] }
            for person in people {
                try await session.act(.attend(Attended(person: person, presence: presence)))
                let name = person == me ? "You are" : "\(room.shownName(person)) is"
                let state = presence == .away ? "away" : Members.presence(presence)
                output.put(
                    "\(name) \(state).",
                    [
                        "type": "present", "name": .string(room.shownName(person)),
                        "there": .string(state),
                    ]
                )
            }
        }
    }
}

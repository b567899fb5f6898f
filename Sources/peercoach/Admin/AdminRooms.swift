// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct AdminRooms: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rooms",
        abstract: "Rooms, and who is proposed for them.",
        subcommands: [List.self, Add.self, Put.self, Take.self, Close.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "All rooms with the people in or proposed for them."
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let people = try await opened.client.people()
                for room in try await opened.client.status().rooms {
                    opened.show(room)
                    for person in people.sorted(by: { $0.name < $1.name }) {
                        guard let place = person.rooms.first(where: { $0.room == room.room })
                        else { continue }
                        opened.output.put(
                            "  \(person.name), \(Words.membership(place.membership)), "
                                + Rooms.stage(place.stage),
                            [
                                "type": "place", "room": .string(room.name),
                                "name": .string(person.name),
                                "as": .string(Words.membership(place.membership)),
                                "stage": .string(Rooms.stage(place.stage)),
                            ]
                        )
                    }
                }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a room.")

        @Argument(help: "Its name.")
        var name: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                if let fault = RoomName.mistake(name) {
                    throw ClientError(.invalid, "The name " + PeopleFile.say(fault))
                }
                let room = try await opened.client.addRoom(name)
                opened.output.put(
                    "Made the room \(name). Next: peercoach admin rooms put "
                        + "\(Opened.quoted(name)) NAME ...",
                    [
                        "type": "room", "name": .string(name),
                        "room": .string(room.description),
                    ]
                )
            }
        }
    }

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Propose people for a room; who lets people in there admits them."
        )

        @Argument(help: "The room.")
        var roomName: String
        @Argument(help: "Who.")
        var names: [String]
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            if names.isEmpty { throw ValidationError("Name at least one person.") }
        }

        func run() async throws {
            try await withClient(options) { opened in
                let room = try await opened.anyRoom(roomName)
                let people = try await opened.participants(names)
                for person in people {
                    try await opened.propose(person, room, as: .peer, until: nil)
                }
            }
        }
    }

    struct Take: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take people out of a room, or off its list."
        )

        @Argument(help: "The room.")
        var roomName: String
        @Argument(help: "Who.")
        var names: [String]
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            if names.isEmpty { throw ValidationError("Name at least one person.") }
        }

        func run() async throws {
            try await withClient(options) { opened in
                let room = try await opened.anyRoom(roomName)
                let people = try await opened.participants(names)
                try await opened.asking.require(
                    "Take \(Words.list(people.map(\.name))) out of \(room.name)?"
                )
                for person in people { try await opened.withdraw(person, room) }
            }
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Close a room for good.")

        @Argument(help: "The room.")
        var roomName: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let room = try await opened.anyRoom(roomName)
                try await opened.asking.require("Close \(room.name) for good, for everybody in it?")
                try await opened.client.closeRoom(room.room)
                opened.output.put(
                    "\(room.name) is closed.",
                    ["type": "closed", "room": .string(room.name)]
                )
            }
        }
    }
}

struct AdminFacilitators: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facilitators",
        abstract: "Who moderates which room, until when.",
        subcommands: [List.self, Set.self, End.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All facilitators.")
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                var count = 0
                for person in try await opened.client.people() {
                    for place in person.rooms where place.membership == .facilitator {
                        count += 1
                        opened.output.put(
                            "\(place.name): \(person.name), \(Rooms.stage(place.stage))",
                            [
                                "type": "facilitator", "room": .string(place.name),
                                "name": .string(person.name),
                                "stage": .string(Rooms.stage(place.stage)),
                            ]
                        )
                    }
                }
                if count == 0 { opened.output.line("No room has a facilitator.") }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a person a room's facilitator, also one who is proposed already."
        )

        @Argument(help: "The room.")
        var roomName: String
        @Argument(help: "Who.")
        var name: String
        @Option(help: "The last day, such as 2027-06-30.")
        var until: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let end = try end(opened.now)
                let room = try await opened.anyRoom(roomName)
                let person = try await opened.participants([name])[0]
                try await opened.propose(person, room, as: .facilitator, until: end)
            }
        }

        private func end(_ now: Timestamp) throws(ClientError) -> Timestamp? {
            guard let until else { return nil }
            guard let end = Moment(now: now).endOfDay(until) else {
                throw ClientError(
                    .usage,
                    "'\(until)' is no day that can be read.",
                    hint: "Such as \(Moment.days)."
                )
            }
            guard end > now else { throw ClientError(.usage, "\(until) is over already.") }
            return end
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a facilitator's time in a room."
        )

        @Argument(help: "The room.")
        var roomName: String
        @Argument(help: "Who.")
        var name: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let room = try await opened.anyRoom(roomName)
                let people = try await opened.client.people().filter { person in
                    person.rooms.contains {
                        $0.room == room.room && $0.membership == .facilitator
                    }
                }
                let person = try opened.participant(name, among: people)
                try await opened.asking.require(
                    "End \(person.name)'s time as facilitator of \(room.name) now?"
                )
                try await opened.withdraw(person, room)
            }
        }
    }
}

extension Opened {
    fileprivate func propose(
        _ person: PersonSummary,
        _ room: RoomCounts,
        as membership: Membership,
        until: Timestamp?
    ) async throws {
        do throws(ClientError) {
            try await client.propose(
                person.participant,
                named: person.name,
                for: room.room,
                as: membership,
                until: until
            )
        } catch {
            guard error.refusal?.rawValue == DirectoryRejection.alreadyProposed.rawValue else {
                throw error
            }
            output.notice("\(person.name) is proposed for \(room.name) already.")
            return
        }
        let end = until.map { ", until \(Words.lastDay($0, now: now))" } ?? ""
        output.put(
            "\(person.name) is proposed for \(room.name) as \(Words.membership(membership))\(end).",
            [
                "type": "place", "room": .string(room.name), "name": .string(person.name),
                "as": .string(Words.membership(membership)),
                "until": JSON(until.map { Words.stamp($0) }),
            ]
        )
    }

    fileprivate func withdraw(_ person: PersonSummary, _ room: RoomCounts) async throws {
        try await client.withdraw(person.participant, from: room.room)
        output.put(
            "\(person.name) is not in \(room.name) any more.",
            ["type": "taken", "room": .string(room.name), "name": .string(person.name)]
        )
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Admin: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set up the programme: people, invites, rooms, facilitators.",
        discussion: """
            Three steps to a room that can begin:
              peercoach admin people import managers.csv
              peercoach admin rooms add north, then: admin rooms put north NAME NAME ...
              peercoach admin invites new --all --into ./invites
            """,
        subcommands: [
            AdminPeople.self, AdminInvites.self, AdminRooms.self, AdminFacilitators.self,
            AdminAdmins.self, AdminDevices.self, AdminStatus.self, AdminPolicy.self,
            AdminFormats.self,
        ]
    )
}

struct AdminStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Counts: how many enrolled, which rooms meet. Never words.",
        discussion: """
            How many came to a room's last session is counted from five people on; below that it
            says fewer than five. Names only where the group's agreement says so. An invite to which somebody said no looks like one that expired.
            """
    )
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let counts = try await opened.client.status()
            let output = opened.output
            output.line(
                "\(Words.count(counts.people, "person", "people")), \(counts.enrolled) enrolled"
            )
            output.line(
                "Invites: \(counts.invitesOpen) open, \(counts.invitesUsed) used, "
                    + "\(counts.invitesExpired) expired"
            )
            output.object(
                [
                    "type": "counts", "people": JSON(counts.people),
                    "enrolled": JSON(counts.enrolled), "invitesOpen": JSON(counts.invitesOpen),
                    "invitesUsed": JSON(counts.invitesUsed),
                    "invitesExpired": JSON(counts.invitesExpired),
                ])
            for room in counts.rooms { opened.show(room) }
        }
    }
}

extension Opened {
    /// Prints what an administrator sees of a room.
    func show(_ room: RoomCounts) {
        let met =
            switch room.sessions {
            case nil: "not counted yet"
            case 0: "has not met"
            case let count?: "met \(Words.count(count, "time"))"
            }
        let few = (room.sessions ?? 0) > 0 ? ", fewer than five came last" : ""
        let counted = room.attended.map { ", \($0) came last" } ?? few
        let came = room.names.map { ", last came \(Words.list($0))" } ?? counted
        output.put(
            "\(room.name): \(room.opened ? met + came : "nobody has opened it")",
            [
                "type": "room", "room": .string(room.room.description),
                "name": .string(room.name), "opened": .bool(room.opened),
                "sessions": JSON(room.sessions), "attended": JSON(room.attended),
                "names": room.names.map { JSON($0) } ?? .null,
            ]
        )
    }

    /// Finds a person of the programme.
    func participant(
        _ typed: String,
        among people: [PersonSummary]
    ) throws(ClientError) -> PersonSummary {
        try NameMatch.find(typed, among: people) { $0.name }
    }

    /// Finds people of the programme, all or none.
    func participants(_ typed: [String]) async throws(ClientError) -> [PersonSummary] {
        let people = try await client.people()
        var found: [PersonSummary] = []
        for name in typed {
            let person = try participant(name, among: people)
            if !found.contains(where: { $0.participant == person.participant }) {
                found.append(person)
            }
        }
        return found
    }

    /// Finds a room of the programme.
    func anyRoom(_ typed: String) async throws(ClientError) -> RoomCounts {
        try NameMatch.find(typed, among: try await client.status().rooms, what: "room") {
            $0.name
        }
    }
}

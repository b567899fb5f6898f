// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel

struct Members: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who is in the room, as what, and who let them in."
    )

    @Argument(help: "The room.")
    var roomName: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(roomName) { session, room in
                let admissions = try await session.admissions()
                let width = room.members.map(\.name.count).max() ?? 0
                for member in room.members.sorted(by: { $0.name < $1.name }) {
                    let admission = admissions[member.person]
                    let me = member.person == opened.me ? ", you" : ""
                    let place = Words.membership(member.membership) + me
                    let entered = Self.entered(member.person, admission, room, opened.now)
                    let presence = Self.presence(room.presence(of: member.person))
                    let agreed = room.hasAccepted(member.person)
                    opened.output.put(
                        "\(Words.padded(member.name, width))  \(place); \(entered)"
                            + (presence.isEmpty ? "" : "; \(presence)")
                            + (agreed ? "" : "; has not accepted the agreement"),
                        indent: 2,
                        [
                            "type": "member", "name": .string(member.name),
                            "person": .string(member.person.description),
                            "as": .string(Words.membership(member.membership)),
                            "me": .bool(member.person == opened.me),
                            "letInBy": JSON(admission?.by.map { room.shownName($0) }),
                            "since": JSON(admission.map { Words.stamp($0.at) }),
                            "there": .string(presence.isEmpty ? "away" : presence),
                            "accepted": .bool(agreed),
                        ]
                    )
                }
            }
        }
    }

    static func entered(
        _ person: PersonID,
        _ admission: Admitted?,
        _ room: Room,
        _ now: Timestamp
    ) -> String {
        guard let admission else { return "let in before" }
        let when = Words.moment(admission.at, now: now)
        guard let by = admission.by, by != person else { return "opened the room, \(when)" }
        return "let in by \(room.shownName(by)), \(when)"
    }

    static func presence(_ presence: Presence) -> String {
        switch presence {
        case .away: ""
        case .here: "here"
        case .phone: "by phone"
        }
    }
}

/// When somebody was let into a room, and by whom.
struct Admitted: Hashable, Sendable {
    var by: PersonID?
    var at: Timestamp
}

extension RoomSession {
    /// Gives who let each member in last, from the room's own signed history.
    ///
    /// To be asked once, before anything else reads what happens in the room.
    func admissions() async throws -> [PersonID: Admitted] {
        var found: [PersonID: Admitted] = [:]
        var members: Set<PersonID> = []
        for await happening in happenings {
            switch happening {
            case .record(let record, _):
                switch record.event {
                case .rostered(let rostered):
                    for member in rostered.roster.members where !members.contains(member.person) {
                        found[member.person] = Admitted(by: record.by, at: record.at)
                    }
                    members = Set(rostered.roster.members.map(\.person))
                case .excluded(let excluded): members.remove(excluded.person)
                default: break
                }
            case .caughtUp: return found
            default: break
            }
        }
        return found
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel

struct Members: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who is in the room, as what, who let them in, and how you know them.",
        discussion: """
            Who is let in stands in the room's own signed record, with who did it and on whose
            word. Whether your digits are the same is known only after peercoach verify NAME.
            """
    )

    @Argument(help: "The room.")
    var roomName: String?
    @Flag(help: "Also each device that reads here, with the day on which it was added.")
    var devices = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(roomName) { session, room in
                let log = try await session.admissions()
                let identities = try await session.identities()
                for member in room.members.sorted(by: { $0.name < $1.name }) {
                    opened.show(
                        MemberRow(
                            member: member,
                            room: room,
                            admitted: log.people[member.person],
                            standing: identities[member.person]
                        )
                    )
                    if devices { opened.showDevices(of: member.person, room) }
                }
            }
        }
    }

    static func presence(_ presence: Presence) -> String {
        switch presence {
        case .away: ""
        case .here: "here"
        case .phone: "by phone"
        }
    }
}

/// A member with all that is known of them here.
struct MemberRow {
    var member: RosterMember
    var room: Room
    var admitted: Admitted?
    var standing: IdentityStanding?

    /// The devices on which they read.
    var devices: [DeviceID] { room.devices(of: member.person) }

    /// The row in words, behind the name.
    func text(
        me: PersonID,
        now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        let parts = [
            Words.membership(member.membership) + (member.person == me ? ", you" : ""),
            MemberWords.entered(member.person, admitted, room, now, calendar),
            MemberWords.standing(standing, now, calendar),
            Words.count(devices.count, "device"),
            Members.presence(room.presence(of: member.person)),
            room.hasAccepted(member.person) ? "" : "has not accepted the agreement",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }
}

extension Opened {
    fileprivate func show(_ row: MemberRow) {
        let (member, room) = (row.member, row.room)
        let presence = Members.presence(room.presence(of: member.person))
        let width = min(30, room.members.map(\.name.count).max() ?? 0)
        output.put(
            Words.padded(member.name, width) + "  " + row.text(me: me, now: now),
            indent: 2,
            [
                "type": "member", "name": .string(member.name),
                "person": .string(member.person.description),
                "as": .string(Words.membership(member.membership)),
                "me": .bool(member.person == me),
                "letInBy": JSON(row.admitted?.by.map { room.shownName($0) }),
                "voucher": JSON(row.admitted?.voucher),
                "since": JSON(row.admitted.map { Words.stamp($0.at) }),
                "verified": .string(MemberWords.code(row.standing)),
                "devices": JSON(row.devices.count),
                "there": .string(presence.isEmpty ? "away" : presence),
                "accepted": .bool(room.hasAccepted(member.person)),
            ]
        )
    }

    fileprivate func showDevices(of person: PersonID, _ room: Room) {
        let reading = Set(room.devices(of: person))
        let list = room.deviceList(of: person)
        for listed in list?.devices ?? [] where reading.contains(listed.device) {
            output.put(
                "    \(DeviceWords.short(listed.device))  since "
                    + Words.moment(listed.created, now: now),
                indent: 6,
                [
                    "type": "device", "name": .string(room.shownName(person)),
                    "device": .string(listed.device.description), "state": "active",
                    "since": .string(Words.stamp(listed.created)),
                ]
            )
        }
        for device in list?.revoked ?? [] {
            output.put(
                "    \(DeviceWords.short(device))  ended, reads nothing any more",
                indent: 6,
                [
                    "type": "device", "name": .string(room.shownName(person)),
                    "device": .string(device.description), "state": "ended",
                ]
            )
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

@Suite("Invites") struct DirectoryInvitesTests {
    private struct Group {
        var scene: DirectoryScene
        let maya: DirectoryScene.Seat
        let jonas: DirectoryScene.Seat

        /// Maya administers, Jonas keeps room 1, and participants 10 to 14 are proposed for it.
        init(limits: DirectoryLimits = DirectoryLimits()) throws {
            scene = DirectoryScene(limits: limits)
            maya = try scene.administrator()
            jonas = try scene.person(2, by: maya)
            let by = maya.administrator
            try scene.carry(.addRoom(numbered(1), name: "north"), by: by)
            let new = (10...14).map { NewParticipant(participant: numbered($0), name: "N\($0)") }
            try scene.carry(.addParticipants(new), by: by)
            for one in new {
                try scene.carry(.propose(numbered(1), one.participant, .peer, until: nil), by: by)
            }
        }

        var keeper: DirectoryActor { jonas.actor(keeperOf: [numbered(1)]) }

        func invite(
            _ hashed: UInt64,
            _ participant: UInt64,
            days: UInt32? = nil,
            room: RoomID? = nil
        ) -> DirectoryCommand {
            .invite(numberedHash(hashed), numbered(participant), days: days, room: room)
        }

        func status(_ hashed: UInt64) -> InviteStatus? {
            scene.directory.invite(numberedHash(hashed)).map {
                scene.directory.status(of: $0, at: scene.now)
            }
        }
    }

    @Test func `nobody invites under another's name`() throws {
        var group = try Group()
        let by = group.maya.administrator
        let own = try #require(group.scene.directory.participant(group.maya.participant)?.name)
        for name in ["Somebody", own + " "] {
            let command = DirectoryCommand.invite(
                numberedHash(50),
                numbered(10),
                days: nil,
                room: nil,
                by: InviterName(name: name, mac: numberedHash(51))
            )
            #expect(group.scene.refusal(of: command, by: by) == .nameInvalid)
        }
        let proof = InviterName(name: own, mac: numberedHash(51))
        try group.scene.carry(
            .invite(numberedHash(50), numbered(10), days: nil, room: nil, by: proof),
            by: by
        )
        #expect(group.scene.directory.invite(numberedHash(50))?.inviterName == proof)
    }

    @Test func `an invite is open for three days, or for one to seven, to the millisecond`() throws
    {
        var group = try Group()
        let by = group.maya.administrator
        for days in [0, 8, UInt32.max] {
            let command = group.invite(50, 10, days: days)
            #expect(group.scene.refusal(of: command, by: by) == .daysOutOfBounds)
        }
        let start = group.scene.now
        for (days, open) in [(nil, 3), (1, 1), (7, 7)] as [(UInt32?, Int64)] {
            group.scene.now = start
            var other = group
            try other.scene.carry(group.invite(50, 10, days: days), by: by)
            other.scene.now = start.adding(milliseconds: open * 86_400_000 - 1)
            #expect(other.status(50) == .open)
            #expect(
                other.scene.refusal(
                    of: .enrol(enrolment(10, invite: numberedHash(50))),
                    by: .stranger
                )
                    == nil
            )
            other.scene.now = start.adding(milliseconds: open * 86_400_000)
            #expect(other.status(50) == .expired)
            #expect(
                other.scene.refusal(
                    of: .enrol(enrolment(10, invite: numberedHash(50))),
                    by: .stranger
                )
                    == .notFound
            )
        }
    }

    @Test func `a new invite revokes the one before, and says so`() throws {
        var group = try Group()
        let by = group.maya.administrator
        try group.scene.carry(group.invite(50, 10), by: by)
        let events = try group.scene.carry(group.invite(51, 10), by: by)
        #expect(events.first == .inviteRevoked(numberedHash(50)))
        #expect(events.count == 2)
        #expect(group.scene.directory.invite(numberedHash(50)) == nil)
        #expect(
            group.scene.directory.openInvites(at: group.scene.now).map(\.invite) == [
                numberedHash(51)
            ]
        )
        let old = enrolment(10, invite: numberedHash(50))
        #expect(group.scene.refusal(of: .enrol(old), by: .stranger) == .notFound)
    }

    @Test func `an invite sent again makes no record, for somebody else it is refused`() throws {
        var group = try Group()
        let by = group.maya.administrator
        try group.scene.carry(group.invite(50, 10), by: by)
        #expect(try group.scene.carry(group.invite(50, 10), by: by).isEmpty)
        #expect(group.scene.refusal(of: group.invite(50, 11), by: by) == .identifierTaken)
        let keepers = group.invite(50, 10, room: numbered(1))
        #expect(group.scene.refusal(of: keepers, by: group.keeper) == .identifierTaken)
        #expect(group.scene.refusal(of: group.invite(51, 99), by: by) == .notFound)
        #expect(group.scene.refusal(of: group.invite(51, 2), by: by) == .alreadyEnrolled)
    }

    @Test func `a keeper invites who is proposed for their room, at most twenty at a time`() throws
    {
        var limits = DirectoryLimits()
        #expect(limits.invitesOpenMax == 20)
        limits.invitesOpenMax = 2
        var group = try Group(limits: limits)
        let room: RoomID = numbered(1)
        try group.scene.carry(
            .addParticipants([NewParticipant(participant: numbered(30), name: "Else")]),
            by: group.maya.administrator
        )
        for command in [
            group.invite(60, 30, room: room), group.invite(60, 99, room: room),
            group.invite(60, 10, room: numbered(2)),
        ] {
            #expect(group.scene.refusal(of: command, by: group.keeper) == .notFound)
        }
        #expect(
            group.scene.refusal(of: group.invite(60, 10), by: group.keeper) == .notAnAdministrator
        )
        try group.scene.carry(group.invite(60, 10, room: room), by: group.keeper)
        try group.scene.carry(group.invite(61, 11, days: 1, room: room), by: group.keeper)
        let third = group.invite(62, 12, room: room)
        #expect(group.scene.refusal(of: third, by: group.keeper) == .tooManyInvites)
        // Replacing one's own leaves the number as it is; one that has expired counts no more.
        try group.scene.carry(group.invite(63, 10, room: room), by: group.keeper)
        group.scene.pass(days: 1)
        try group.scene.carry(third, by: group.keeper)
        let renewal = DirectoryCommand.renewInvite(numberedHash(61), days: nil)
        #expect(group.scene.refusal(of: renewal, by: group.keeper) == .tooManyInvites)
        try group.scene.carry(renewal, by: group.maya.administrator)
    }

    @Test func `a keeper does not replace an administrator's open invite`() throws {
        var group = try Group()
        try group.scene.carry(group.invite(50, 10, days: 1), by: group.maya.administrator)
        let mine = group.invite(60, 10, room: numbered(1))
        #expect(group.scene.refusal(of: mine, by: group.keeper) == .alreadyInvited)
        for command in [
            DirectoryCommand.revokeInvite(numberedHash(50)),
            .renewInvite(numberedHash(50), days: nil),
        ] {
            #expect(group.scene.refusal(of: command, by: group.keeper) == .notFound)
        }
        group.scene.pass(days: 1)
        try group.scene.carry(mine, by: group.keeper)
        try group.scene.carry(group.invite(51, 10), by: group.maya.administrator)
    }

    @Test func `no keeper's invite leads to an administrator's place`() throws {
        var group = try Group()
        try group.scene.carry(group.invite(60, 10, room: numbered(1)), by: group.keeper)
        try group.scene.carry(.makeAdministrator(numbered(10)), by: group.maya.administrator)
        #expect(group.status(60) == .expired)
        let theft = enrolment(10, invite: numberedHash(60))
        #expect(group.scene.refusal(of: .enrol(theft), by: .stranger) == .notFound)
        let again = group.invite(61, 10, room: numbered(1))
        #expect(group.scene.refusal(of: again, by: group.keeper) == .notAnAdministrator)
        let renewal = DirectoryCommand.renewInvite(numberedHash(60), days: nil)
        #expect(group.scene.refusal(of: renewal, by: group.keeper) == .inviterGone)
    }

    @Test func `an invite ends with its maker's device, or rights`() throws {
        var group = try Group()
        let maya = group.maya
        let ben = try group.scene.person(3, by: maya)
        try group.scene.carry(.makeAdministrator(numbered(3)), by: maya.administrator)
        try group.scene.carry(group.invite(50, 10), by: ben.administrator)
        try group.scene.carry(group.invite(60, 11, room: numbered(1)), by: group.keeper)
        #expect(group.status(50) == .open)
        var ended = group
        try ended.scene.carry(.endAdministrator(numbered(3)), by: maya.administrator)
        #expect(ended.status(50) == .expired)
        for device in [ben.device, group.jonas.device] {
            try group.scene.carry(.revokeDevice(device), by: maya.administrator)
        }
        for invite in [50, 60] as [UInt64] {
            #expect(group.status(invite) == .expired)
            let renewal = DirectoryCommand.renewInvite(numberedHash(invite), days: nil)
            #expect(group.scene.refusal(of: renewal, by: maya.administrator) == .inviterGone)
        }
    }

    @Test func `an unused invite is renewed or revoked, a used one neither`() throws {
        var group = try Group()
        let by = group.maya.administrator
        try group.scene.carry(group.invite(50, 10), by: by)
        group.scene.pass(days: 5)
        #expect(group.status(50) == .expired)
        let tooLong = DirectoryCommand.renewInvite(numberedHash(50), days: 8)
        #expect(group.scene.refusal(of: tooLong, by: by) == .daysOutOfBounds)
        try group.scene.carry(.renewInvite(numberedHash(50), days: 1), by: by)
        #expect(group.status(50) == .open)
        try group.scene.carry(.enrol(enrolment(10, invite: numberedHash(50))), by: .stranger)
        for command in [
            DirectoryCommand.renewInvite(numberedHash(50), days: 1),
            .revokeInvite(numberedHash(50)),
        ] {
            #expect(group.scene.refusal(of: command, by: by) == .inviteUsed)
        }
        try group.scene.carry(group.invite(51, 11), by: by)
        try group.scene.carry(.revokeInvite(numberedHash(51)), by: by)
        #expect(group.scene.refusal(of: .revokeInvite(numberedHash(51)), by: by) == .notFound)
    }

    @Test func `an invite that was declined looks like one that has expired`() throws {
        var group = try Group()
        let by = group.maya.administrator
        try group.scene.carry(group.invite(50, 10), by: by)
        try group.scene.carry(group.invite(51, 11, days: 1), by: by)
        try group.scene.carry(.declineInvite(numberedHash(50)), by: .stranger)
        group.scene.pass(days: 1)
        #expect(group.status(50) == group.status(51))
        #expect(group.scene.directory.openInvites(at: group.scene.now).isEmpty)
        let counts = group.scene.directory.inviteCounts(at: group.scene.now)
        #expect((counts.open, counts.used, counts.expired) == (0, 2, 2))
        for hashed in [50, 51, 99] as [UInt64] {
            let decline = DirectoryCommand.declineInvite(numberedHash(hashed))
            #expect(group.scene.refusal(of: decline, by: .stranger) == .notFound)
            let enrol = DirectoryCommand.enrol(enrolment(10, invite: numberedHash(hashed)))
            #expect(group.scene.refusal(of: enrol, by: .stranger) == .notFound)
        }
        try group.scene.carry(.renewInvite(numberedHash(50), days: nil), by: by)
        #expect(group.status(50) == .open)
    }

    @Test func `an invite for a device is one's own and open for fifteen minutes`() throws {
        var group = try Group()
        try group.scene.carry(.inviteDevice(numberedHash(70)), by: group.jonas.actor())
        #expect(
            try group.scene.carry(.inviteDevice(numberedHash(70)), by: group.jonas.actor()).isEmpty
        )
        let renewal = DirectoryCommand.renewInvite(numberedHash(70), days: 1)
        #expect(group.scene.refusal(of: renewal, by: group.jonas.actor()) == .daysOutOfBounds)
        #expect(group.scene.refusal(of: renewal, by: group.maya.administrator) == .notFound)
        #expect(
            group.scene.refusal(of: .inviteDevice(numberedHash(70)), by: group.maya.actor())
                == .identifierTaken
        )
        group.scene.now = group.scene.now.adding(milliseconds: 15 * 60_000 - 1)
        #expect(group.status(70) == .open)
        group.scene.now = group.scene.now.adding(milliseconds: 1)
        #expect(group.status(70) == .expired)
        let events = try group.scene.carry(.inviteDevice(numberedHash(71)), by: group.jonas.actor())
        #expect(events.first == .inviteRevoked(numberedHash(70)))
        try group.scene.carry(.revokeInvite(numberedHash(71)), by: group.jonas.actor())
        #expect(group.scene.directory.invite(numberedHash(71)) == nil)
        #expect(group.scene.directory.inviteCounts(at: group.scene.now).used == 2)
    }

    @Test func `time that runs back opens nothing again`() throws {
        var group = try Group()
        let by = group.maya.administrator
        try group.scene.carry(group.invite(50, 10, days: 1), by: by)
        let before = group.scene.now
        group.scene.pass(days: 2)
        try group.scene.carry(.addRoom(numbered(9), name: "late"), by: by)
        group.scene.now = before
        let enrol = DirectoryCommand.enrol(enrolment(10, invite: numberedHash(50)))
        #expect(group.scene.refusal(of: enrol, by: .stranger) == .notFound)
        try group.scene.carry(.closeRoom(numbered(9)), by: by)
        let times = group.scene.log.map(\.at)
        #expect(times == times.sorted())
    }
}

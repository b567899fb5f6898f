// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

@Suite("Rooms and proposals") struct DirectoryRoomsTests {
    private struct Group {
        var scene = DirectoryScene()
        let maya: DirectoryScene.Seat
        let jonas: DirectoryScene.Seat
        let lena: DirectoryScene.Seat
        let north: RoomID = numbered(1)

        init() throws {
            maya = try scene.administrator()
            jonas = try scene.person(2, by: maya)
            lena = try scene.person(3, by: maya)
            try scene.carry(.addRoom(north, name: "north"), by: maya.administrator)
        }

        var keeper: DirectoryActor { jonas.actor(keeperOf: [north]) }
    }

    @Test func `a room's name is its own among open rooms, its identifier for ever`() throws {
        var group = try Group()
        let by = group.maya.administrator
        #expect(try group.scene.carry(.addRoom(numbered(1), name: "north"), by: by).isEmpty)
        let refused: [(DirectoryCommand, DirectoryRejection)] = [
            (.addRoom(numbered(2), name: "NORTH"), .roomNameTaken),
            (.addRoom(numbered(2), name: "-x"), .roomNameInvalid),
            (.addRoom(numbered(1), name: "south"), .identifierTaken),
            (.addRoom(RoomID(.zero), name: "south"), .identifierTaken),
            (.closeRoom(numbered(9)), .notFound),
        ]
        for (command, rejection) in refused {
            #expect(group.scene.refusal(of: command, by: by) == rejection)
        }
        try group.scene.carry(.closeRoom(numbered(1)), by: by)
        #expect(group.scene.refusal(of: .closeRoom(numbered(1)), by: by) == .roomClosed)
        let old = DirectoryCommand.addRoom(numbered(1), name: "north")
        #expect(group.scene.refusal(of: old, by: by) == .identifierTaken)
        try group.scene.carry(.addRoom(numbered(2), name: "north"), by: by)
        #expect(group.scene.directory.openRoom(named: "North")?.room == numbered(2))
        #expect(group.scene.directory.openRooms().map(\.room) == [numbered(2)])
    }

    @Test func `no more rooms are open than may be`() throws {
        var limits = DirectoryLimits()
        limits.roomsMax = 1
        var scene = DirectoryScene(limits: limits)
        let maya = try scene.administrator()
        try scene.carry(.addRoom(numbered(1), name: "a"), by: maya.administrator)
        let second = DirectoryCommand.addRoom(numbered(2), name: "b")
        #expect(scene.refusal(of: second, by: maya.administrator) == .tooManyRooms)
        try scene.carry(.closeRoom(numbered(1)), by: maya.administrator)
        try scene.carry(second, by: maya.administrator)
    }

    @Test func `an administrator says how new rooms begin, within bounds`() throws {
        var group = try Group()
        let by = group.maya.administrator
        #expect(group.scene.directory.defaults == .standard)
        var policy = RoomPolicy.standard
        policy.historyForNewcomers = true
        policy.turnDays = 30
        #expect(
            group.scene.refusal(of: .setDefaults(policy), by: group.keeper) == .notAnAdministrator
        )
        #expect(group.scene.refusal(of: .setDefaults(policy), by: .server) == .notFound)
        #expect(group.scene.refusal(of: .setDefaults(policy), by: .operator) == .notFound)
        #expect(try group.scene.carry(.setDefaults(policy), by: by) == [.defaultsSet(policy)])
        #expect(group.scene.directory.defaults == policy)
        #expect(try group.scene.carry(.setDefaults(policy), by: by).isEmpty, "it is so already")
        for days: UInt32 in [0, Retention.daysMax + 1, .max] {
            var wrong = policy
            wrong.turnDays = days
            #expect(group.scene.refusal(of: .setDefaults(wrong), by: by) == .policyOutOfBounds)
            wrong = policy
            wrong.roomDays = days
            #expect(group.scene.refusal(of: .setDefaults(wrong), by: by) == .policyOutOfBounds)
        }
        for days: UInt32 in [1, Retention.daysMax] {
            policy.turnDays = days
            policy.roomDays = days
            #expect(try group.scene.carry(.setDefaults(policy), by: by).count == 1)
        }
        var again = Directory()
        for record in group.scene.log { again.evolve(record) }
        #expect(again == group.scene.directory)
    }

    @Test func `who is proposed agrees once, and sees the room`() throws {
        var group = try Group()
        let accept = DirectoryCommand.accept(group.north)
        #expect(group.scene.refusal(of: accept, by: group.lena.actor()) == .notFound)
        #expect(group.scene.refusal(of: .accept(numbered(77)), by: group.lena.actor()) == .notFound)
        try group.scene.carry(
            .propose(group.north, numbered(3), .peer, until: nil),
            by: group.maya.administrator
        )
        #expect(group.scene.directory.proposal(numbered(3), in: group.north)?.accepted == nil)
        #expect(try group.scene.carry(accept, by: group.lena.actor()).count == 1)
        #expect(try group.scene.carry(accept, by: group.lena.actor()).isEmpty)
        let rooms = group.scene.directory.rooms(of: numbered(3))
        #expect(rooms.map(\.room.name) == ["north"])
        #expect(rooms.first?.proposal.accepted == group.scene.now)
    }

    @Test func `who shall be something else is asked again, another end date needs no yes`()
        throws
    {
        var group = try Group()
        let by = group.maya.administrator
        let propose = { (membership: Membership, until: Timestamp?) in
            DirectoryCommand.propose(numbered(1), numbered(3), membership, until: until)
        }
        try group.scene.carry(propose(.peer, nil), by: by)
        try group.scene.carry(.accept(group.north), by: group.lena.actor())
        #expect(group.scene.refusal(of: propose(.peer, nil), by: by) == .alreadyProposed)
        try group.scene.carry(propose(.facilitator, nil), by: by)
        #expect(group.scene.directory.proposal(numbered(3), in: numbered(1))?.accepted == nil)
        try group.scene.carry(.accept(group.north), by: group.lena.actor())
        let until = group.scene.now.adding(milliseconds: 1)
        try group.scene.carry(propose(.facilitator, until), by: by)
        #expect(group.scene.directory.proposal(numbered(3), in: numbered(1))?.accepted != nil)
    }

    @Test func `an end date is a facilitator's, ahead, and not beyond ten years`() throws {
        let group = try Group()
        let by = group.maya.administrator
        let now = group.scene.now
        let wrong: [(Membership, Timestamp)] = [
            (.peer, now.adding(milliseconds: 1_000)), (.facilitator, now),
            (.facilitator, Timestamp(milliseconds: .min)),
            (.facilitator, Timestamp(milliseconds: .max)),
        ]
        for (membership, until) in wrong {
            let command = DirectoryCommand.propose(
                numbered(1),
                numbered(2),
                membership,
                until: until
            )
            #expect(group.scene.refusal(of: command, by: by) == .endDateOutOfBounds)
        }
    }

    @Test func `facilitators end when their date has come, not before`() throws {
        var group = try Group()
        let by = group.maya.administrator
        let first = group.scene.now.adding(milliseconds: 1_000)
        let second = first.adding(milliseconds: 1_000)
        try group.scene.carry(
            .propose(numbered(1), numbered(3), .facilitator, until: second),
            by: by
        )
        try group.scene.carry(
            .propose(numbered(1), numbered(2), .facilitator, until: first),
            by: by
        )
        #expect(group.scene.directory.nextFacilitatorEnd == first)
        #expect(group.scene.refusal(of: .endFacilitators, by: by) == .notFound)
        #expect(try group.scene.carry(.endFacilitators, by: .server).isEmpty)
        group.scene.now = first
        let events = try group.scene.carry(.endFacilitators, by: .server)
        let ended = ProposalWithdrawn(room: numbered(1), participant: numbered(2), cause: .endDate)
        #expect(events == [.proposalWithdrawn(ended)])
        #expect(group.scene.directory.nextFacilitatorEnd == second)
        try group.scene.carry(.propose(numbered(1), numbered(3), .facilitator, until: nil), by: by)
        #expect(group.scene.directory.nextFacilitatorEnd == nil)
    }

    @Test func `a keeper proposes for their own rooms alone`() throws {
        var group = try Group()
        try group.scene.carry(.addRoom(numbered(2), name: "south"), by: group.maya.administrator)
        let elsewhere = DirectoryCommand.propose(numbered(2), numbered(3), .peer, until: nil)
        #expect(group.scene.refusal(of: elsewhere, by: group.keeper) == .notFound)
        let nowhere = DirectoryCommand.propose(numbered(77), numbered(3), .peer, until: nil)
        #expect(group.scene.refusal(of: nowhere, by: group.keeper) == .notFound)
        let nobody = DirectoryCommand.propose(numbered(1), numbered(99), .peer, until: nil)
        #expect(group.scene.refusal(of: nobody, by: group.keeper) == .notFound)
        let here = DirectoryCommand.propose(numbered(1), numbered(3), .peer, until: nil)
        #expect(group.scene.refusal(of: here, by: group.lena.actor()) == .notFound)
        try group.scene.carry(here, by: group.keeper)
        #expect(group.scene.directory.proposal(numbered(3), in: numbered(1))?.isFromRoom == true)
        try group.scene.carry(.withdrawProposal(numbered(1), numbered(3)), by: group.keeper)
        #expect(group.scene.directory.proposals(in: numbered(1)).isEmpty)
    }

    @Test func `a facilitator cannot move the end date that an administrator set`() throws {
        var group = try Group()
        let until = group.scene.now.adding(milliseconds: 86_400_000)
        try group.scene.carry(
            .propose(numbered(1), numbered(2), .facilitator, until: until),
            by: group.maya.administrator
        )
        let longer = DirectoryCommand.propose(numbered(1), numbered(2), .facilitator, until: nil)
        #expect(group.scene.refusal(of: longer, by: group.keeper) == .alreadyProposed)
        try group.scene.carry(
            .propose(numbered(1), numbered(3), .peer, until: nil),
            by: group.maya.administrator
        )
        let other = DirectoryCommand.withdrawProposal(numbered(1), numbered(3))
        #expect(group.scene.refusal(of: other, by: group.keeper) == .notAnAdministrator)
        let events = try group.scene.carry(
            .withdrawProposal(numbered(1), numbered(2)),
            by: group.jonas.actor()
        )
        let left = ProposalWithdrawn(room: numbered(1), participant: numbered(2), cause: .left)
        #expect(events == [.proposalWithdrawn(left)])
        #expect(group.scene.directory.nextFacilitatorEnd == nil)
    }

    @Test func `a proposal that is not there is not withdrawn`() throws {
        let group = try Group()
        let command = DirectoryCommand.withdrawProposal(numbered(1), numbered(3))
        let by = group.maya.administrator
        #expect(group.scene.refusal(of: command, by: by) == .notProposed)
        #expect(group.scene.refusal(of: command, by: .server) == .notProposed)
        #expect(group.scene.refusal(of: command, by: group.lena.actor()) == .notFound)
        #expect(
            group.scene.refusal(of: .withdrawProposal(numbered(9), numbered(3)), by: by)
                == .notFound
        )
    }

    @Test func `a closed room has nobody proposed and takes nobody`() throws {
        var group = try Group()
        let by = group.maya.administrator
        let until = group.scene.now.adding(milliseconds: 1_000)
        try group.scene.carry(
            .propose(numbered(1), numbered(2), .facilitator, until: until),
            by: by
        )
        try group.scene.carry(.closeRoom(numbered(1)), by: by)
        #expect(group.scene.directory.proposals(in: numbered(1)).isEmpty)
        #expect(group.scene.directory.rooms(of: numbered(2)).isEmpty)
        #expect(group.scene.directory.nextFacilitatorEnd == nil)
        let propose = DirectoryCommand.propose(numbered(1), numbered(3), .peer, until: nil)
        #expect(group.scene.refusal(of: propose, by: by) == .roomClosed)
        #expect(group.scene.refusal(of: propose, by: group.keeper) == .notFound)
    }

    @Test func `no more people are proposed for a room than may be`() throws {
        var limits = DirectoryLimits()
        limits.proposedInRoomMax = 1
        var scene = DirectoryScene(limits: limits)
        let maya = try scene.administrator()
        let by = maya.administrator
        _ = try scene.person(2, by: maya)
        try scene.carry(.addRoom(numbered(1), name: "a"), by: by)
        try scene.carry(.propose(numbered(1), numbered(1), .peer, until: nil), by: by)
        let second = DirectoryCommand.propose(numbered(1), numbered(2), .peer, until: nil)
        #expect(scene.refusal(of: second, by: by) == .tooManyProposed)
        try scene.carry(.propose(numbered(1), numbered(1), .facilitator, until: nil), by: by)
    }
}

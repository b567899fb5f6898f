// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct RoomMembershipTests {
    typealias Stage = RoomStage

    @Test func `the genesis admits whom it names and makes peers keepers without a facilitator`()
        throws
    {
        var stage = Stage()
        let events = try stage.ask(
            stage.admission([Stage.member(1), Stage.member(2)], by: 1),
            by: 1
        )
        #expect(events.count == 3)
        #expect(stage.room.position == 3)
        #expect(stage.room.members.map(\.person) == [Stage.person(1), Stage.person(2)])
        #expect(stage.room.keepers == [Stage.person(1), Stage.person(2)])
        #expect(stage.room.devices(of: Stage.person(2)) == [Stage.device(2)])
        #expect(stage.room.person(of: Stage.device(2)) == Stage.person(2))
        #expect(stage.room.genesisSigner == Stage.device(1))
    }

    @Test func `a facilitator in the roster is the only keeper`() throws {
        let stage = try Stage.ready(peers: 2, facilitators: 1)
        #expect(stage.room.keepers == [Stage.person(90)])
        let more = stage.room.members + [Stage.member(3)]
        #expect(stage.refusal(stage.admission(more, by: 1), by: 1) == .notAKeeper)
        #expect(stage.refusal(stage.admission(more, by: 90), by: 90) == nil)
    }

    @Test func `the genesis needs a signer whom it makes a keeper`() {
        let stage = Stage()
        let peers = [Stage.member(1), Stage.member(90, .facilitator)]
        #expect(stage.refusal(stage.admission(peers, by: 1), by: 1) == .notAKeeper)
        #expect(stage.refusal(stage.admission(peers, by: 2), by: 2) == .notAKeeper)
        #expect(stage.refusal(stage.admission(peers, by: 90), as: .server) == .notAKeeper)
        #expect(stage.refusal(stage.admission(peers, by: 90), by: 90) == nil)
    }

    @Test func `a roster must follow from the one in force`() throws {
        let stage = try Stage.ready(peers: 2)
        var roster = stage.roster(stage.room.members)
        roster.version = 3
        let tooNew = Rostered(
            signed: SignedBytes(body: roster.body, signature: []),
            signer: Stage.device(1),
            roster: roster,
            hash: .zero,
            marks: []
        )
        #expect(stage.refusal(.admit(tooNew, newLists: []), by: 1) == .rosterConflict)
        var other = stage.roster(stage.room.members)
        other.previous = Bytes32(0, 0, 0, 1)
        let rewritten = stage.rostered(other, by: 1)
        #expect(stage.refusal(.admit(rewritten, newLists: []), by: 1) == .rosterConflict)
        var foreign = stage.roster(stage.room.members)
        foreign.room = RoomID(.zero)
        let moved = stage.rostered(foreign, by: 1)
        #expect(stage.refusal(.admit(moved, newLists: []), by: 1) == .rosterConflict)
    }

    @Test func `of two keepers who sign at once one gets a conflict`() throws {
        var stage = try Stage.ready(peers: 2)
        let first = stage.admission(stage.room.members + [Stage.member(3)], by: 1)
        let second = stage.admission(stage.room.members + [Stage.member(4)], by: 2)
        try stage.ask(first, by: 1)
        #expect(stage.refusal(second, by: 2) == .rosterConflict)
    }

    @Test func `a roster signed before an exclusion does not bring the person back`() throws {
        var stage = try Stage.ready(peers: 3)
        let old = stage.admission(stage.room.members + [Stage.member(4)], by: 1)
        try stage.exclude(3)
        #expect(stage.refusal(old, by: 1) == .rosterConflict)
        #expect(stage.room.isFormerMember(Stage.person(3)))
    }

    @Test func `who is missing from the next roster is excluded by it`() throws {
        var stage = try Stage.ready(peers: 3)
        stage.numbers[.room] = 7
        try stage.ask(
            stage.admission(stage.room.members.filter { $0.name != "Person 3" }, by: 1),
            by: 1
        )
        #expect(stage.room.membership(of: Stage.person(3)) == nil)
        #expect(stage.room.devices(of: Stage.person(3)) == [])
        #expect(stage.room.readable(.room, by: Stage.person(3)) == [])
    }

    @Test func `names are unique whatever their case and can be shown`() throws {
        let stage = try Stage.ready(peers: 2)
        func refusal(_ name: String) -> RoomRejection? {
            var member = Stage.member(3)
            member.name = name
            return stage.refusal(stage.admission(stage.room.members + [member], by: 1), by: 1)
        }
        #expect(refusal("person 1") == .rosterConflict)
        #expect(refusal("") == .outOfBounds)
        #expect(refusal("a\u{1b}[2J") == .outOfBounds)
        #expect(refusal("a\u{202e}b") == .outOfBounds)
        #expect(refusal("Zo\u{eb}") == nil)
    }

    @Test func `a room takes no more people than it may`() throws {
        var stage = try Stage.ready(peers: 2)
        stage.limits = RoomLimits(peopleMax: 2, devicesMax: 8)
        let more = stage.admission(stage.room.members + [Stage.member(3)], by: 1)
        #expect(stage.refusal(more, by: 1) == .roomFull)
        #expect(RoomLimits(peopleMax: 5_000, devicesMax: 8).peopleMax == 100)
    }

    @Test func `a roster needs the marks of room and peers when its members change`() throws {
        let stage = try Stage.ready(peers: 2)
        guard
            case .admit(var rostered, let lists) =
                stage.admission(stage.room.members + [Stage.member(3)], by: 1)
        else { return }
        rostered.marks = [TranscriptMark(key: .room, number: 4)]
        #expect(stage.refusal(.admit(rostered, newLists: lists), by: 1) == .outOfBounds)
    }

    @Test func `new lists are exactly those of the newcomers`() throws {
        let stage = try Stage.ready(peers: 2)
        let rostered = stage.rostered(stage.roster(stage.room.members + [Stage.member(3)]), by: 1)
        let list = Stage.changed(Stage.deviceList(3))
        let extra = Stage.changed(Stage.deviceList(4))
        #expect(stage.refusal(.admit(rostered, newLists: []), by: 1) == .rosterConflict)
        #expect(stage.refusal(.admit(rostered, newLists: [list, list]), by: 1) == .rosterConflict)
        #expect(stage.refusal(.admit(rostered, newLists: [list, extra]), by: 1) == .rosterConflict)
        var stolen = Stage.deviceList(3)
        stolen.devices[0].device = Stage.device(1)
        #expect(
            stage.refusal(.admit(rostered, newLists: [Stage.changed(stolen)]), by: 1)
                == .deviceListConflict
        )
        #expect(stage.refusal(.admit(rostered, newLists: [list]), by: 1) == nil)
    }

    @Test func `a roster that leaves no keeper with a device is refused`() throws {
        let stage = try Stage.ready(peers: 2)
        var member = Stage.member(1)
        member.leastDeviceListVersion = 9
        var other = Stage.member(2)
        other.leastDeviceListVersion = 9
        let cut = stage.rostered(stage.roster([member, other]), by: 1)
        #expect(stage.refusal(.admit(cut, newLists: []), by: 1) == .noKeeperLeft)
        let empty = stage.rostered(stage.roster([]), by: 1)
        #expect(stage.refusal(.admit(empty, newLists: []), by: 1) == .noKeeperLeft)
    }

    @Test func `a device list follows the one before it and revoked devices never return`() throws {
        var stage = try Stage.ready(peers: 2)
        func change(_ version: UInt32, _ devices: [Int], _ revoked: [Int] = []) -> RoomCommand {
            .changeDevices(
                Stage.changed(
                    Stage.deviceList(1, version: version, devices: devices, revoked: revoked)
                )
            )
        }
        #expect(stage.refusal(change(3, [0]), as: .server) == .deviceListConflict)
        #expect(stage.refusal(change(1, [0]), as: .server) == .deviceListConflict)
        try stage.ask(change(2, [0, 1]), as: .server)
        #expect(stage.room.devices(of: Stage.person(1)).count == 2)
        try stage.ask(change(3, [1], [0]), as: .server)
        #expect(stage.room.devices(of: Stage.person(1)) == [Stage.device(1, 1)])
        #expect(stage.refusal(change(4, [0, 1]), as: .server) == .deviceListConflict)
        #expect(stage.refusal(change(4, [0, 1], [0]), as: .server) == .deviceListConflict)
        #expect(stage.refusal(.pause, as: stage.actor(1, device: 0)) == .deviceRevoked)
        #expect(stage.room.author(of: Stage.device(1, 0)) == Stage.person(1))
        #expect(stage.room.person(of: Stage.device(1, 0)) == nil)
    }

    @Test func `a roster can exclude a device and only shrinks what reads`() throws {
        var stage = try Stage.ready(peers: 2)
        let roster = stage.roster(stage.room.members, excludedDevices: [Stage.device(2)])
        try stage.ask(.admit(stage.rostered(roster, by: 1), newLists: []), by: 1)
        #expect(stage.room.devices(of: Stage.person(2)) == [])
        #expect(stage.room.audienceDevices(of: .room) == [Stage.device(1)])
        #expect(stage.room.lastAudienceChange(of: .room) == stage.room.position)
    }

    @Test func `who may end a membership depends on the cause`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        #expect(throws: RoomRejection.notAKeeper) {
            try stage.exclude(1, .left, as: stage.actor(2))
        }
        #expect(throws: RoomRejection.notAKeeper) {
            try stage.exclude(1, .removed, as: stage.actor(2))
        }
        #expect(throws: RoomRejection.notAKeeper) {
            try stage.exclude(1, .administrator, as: stage.actor(90))
        }
        #expect(throws: RoomRejection.outOfBounds) { try stage.exclude(1, .endDate, as: .server) }
        #expect(throws: RoomRejection.notAMember) {
            try stage.exclude(55, .removed, as: stage.actor(90))
        }
        try stage.exclude(90, .endDate, as: .server)
        #expect(stage.room.keepers == [Stage.person(1), Stage.person(2)])
        try stage.exclude(1, .administrator, as: .administrator)
        #expect(throws: RoomRejection.noKeeperLeft) {
            try stage.exclude(2, .removed, as: stage.actor(2))
        }
        try stage.exclude(2)
        #expect(stage.room.members.isEmpty)
    }

    @Test func `who comes back reads what was said while they were in and nothing between`() throws
    {
        var stage = try Stage.ready(peers: 2)
        stage.numbers = [.room: 10, .peers: 3]
        try stage.exclude(2)
        stage.numbers = [.room: 15, .peers: 3]
        try stage.ask(stage.admission([Stage.member(1), Stage.member(2)], by: 1), by: 1)
        #expect(stage.room.readable(.room, by: Stage.person(2)) == [1...10, 16...UInt64.max])
        #expect(stage.room.readable(.peers, by: Stage.person(2)) == [1...3, 4...UInt64.max])
        #expect(stage.room.readable(.room, by: Stage.person(1)) == [1...UInt64.max])
        #expect(!stage.room.hasAccepted(Stage.person(2)))
        #expect(stage.room.presence(of: Stage.person(2)) == .away)
    }

    @Test func `a peer who becomes a facilitator stops reading the peers`() throws {
        var stage = try Stage.ready(peers: 3)
        stage.numbers[.peers] = 5
        let members = [Stage.member(1), Stage.member(2), Stage.member(3, .facilitator)]
        try stage.ask(stage.admission(members, by: 1), by: 1)
        #expect(stage.room.readable(.peers, by: Stage.person(3)) == [1...5])
        #expect(stage.room.audience(of: .peers) == [Stage.person(1), Stage.person(2)])
        #expect(stage.room.lastAudienceChange(of: .peers) == stage.room.position)
    }

    @Test func `a client stops at a record that lets in somebody nobody signed in`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1), by: 1)
        let check = { (event: RoomEvent) -> RoomRejection? in
            do throws(RoomRejection) {
                try stage.room.check(RoomRecord(at: stage.now, by: nil, event: event))
                return nil
            } catch { return error }
        }
        let ghost = Pod(
            number: 9,
            client: Stage.person(1),
            coaches: [Stage.person(66)],
            observers: []
        )
        let turn = Turn(session: Stage.session(1), round: 1, pod: ghost)
        #expect(check(.turnOpened(turn)) == .notAMember)
        let foreign = Stage.changed(Stage.deviceList(66))
        #expect(check(.devicesChanged(foreign)) == .notAMember)
        var rostered = stage.rostered(
            stage.roster(stage.room.members + [Stage.member(66)]),
            by: 1
        )
        #expect(check(.rostered(rostered)) == nil)
        rostered.signer = Stage.device(66)
        #expect(check(.rostered(rostered)) == .notAKeeper)
        let early = RoomRecord(
            at: stage.now.adding(milliseconds: -1),
            by: nil,
            event: .unrecognised(kind: 99)
        )
        #expect(throws: RoomRejection.outOfBounds) { try stage.room.check(early) }
    }

    @Test func `a turn that has begun cannot be opened again for more people`() throws {
        var stage = try Stage.ready(peers: 4)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let turn = try #require(stage.room.session?.openTurns.first)
        var wider = turn
        let outsider = try #require(
            stage.room.present.first { turn.pod.role(of: $0) == nil } ?? Stage.person(77)
        )
        wider.pod.observers.append(outsider)
        let record = RoomRecord(at: stage.now, by: nil, event: .turnOpened(wider))
        #expect(throws: RoomRejection.planChanged) { try stage.room.check(record) }
        let before = stage.room.audience(of: .turn(turn.id))
        stage.room.evolve(record)
        #expect(stage.room.audience(of: .turn(turn.id)) == before)
    }

    @Test func `every record that was decided passes the client's check`() throws {
        var stage = try Stage.ready(peers: 5, facilitators: 1)
        try stage.ask(stage.start(1), by: 90)
        while stage.room.session != nil { try stage.wake() }
        try stage.exclude(2)
        try stage.ask(stage.admission(stage.room.members + [Stage.member(2)], by: 90), by: 90)
        var client = Room(id: Stage.roomID)
        for record in stage.log {
            try client.check(record)
            client.evolve(record)
        }
        #expect(client == stage.room)
    }
}

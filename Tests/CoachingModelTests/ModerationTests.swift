// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// The floor that is given, silence, a shut room, another pod: what facilitators alone do.
struct ModerationTests {
    typealias Stage = RoomStage

    private let me = Stage.person

    private func call(_ wish: FloorWish, _ number: Int) -> RoomCommand {
        .floor(FloorCall(wish: wish, person: Stage.person(number)))
    }

    private func holder(_ stage: RoomStage, of number: Int = 1) -> Int? {
        stage.room.floor(of: Stage.person(number))?.holder.map { Stage.number(of: $0) }
    }

    private func refusal(
        _ kind: EntryKind,
        _ number: Int,
        _ stage: RoomStage,
        in key: TranscriptKey? = nil
    ) -> RoomRejection? {
        let person = Stage.person(number)
        let turn = stage.room.turn(of: person).map { TranscriptKey.turn($0.turn.id) }
        do throws(RoomRejection) {
            try stage.room.mayPost(kind, in: key ?? turn ?? .room, by: person)
            return nil
        } catch { return error }
    }

    /// Four peers and a facilitator in a first phase in which all speak, one at a time or not.
    private func stage(_ floor: Floor?, medium: Medium = .typed) throws -> RoomStage {
        var format = Stage.format
        format.opening[0].parts[0].floor = floor
        var stage = try Stage.ready(peers: 4, facilitators: 1)
        try stage.ask(stage.start(1, medium: medium, format: format), by: 90)
        return stage
    }

    // MARK: The floor

    @Test func `a given floor is one's own until one passes, and goes back to who had it`() throws {
        var stage = try stage(.round)
        #expect(holder(stage) == 1)
        stage.pass(seconds: 7)
        try stage.ask(call(.give, 3), by: 90)
        #expect(holder(stage) == 3)
        #expect(refusal(.say, 3, stage) == nil)
        #expect(refusal(.say, 1, stage) == .notYourTurn)
        #expect(stage.room.session?.floor[Stage.person(1)] == 7_000)
        stage.pass(seconds: 5)
        try stage.ask(call(.pass, 3), by: 3)
        #expect(holder(stage) == 1)
        #expect(stage.room.session?.floor[Stage.person(3)] == 5_000)
        try stage.ask(call(.pass, 1), by: 1)
        // Who was given it has had it, as if in order.
        for number in [2, 4] {
            #expect(holder(stage) == number)
            try stage.ask(call(.pass, number), by: number)
        }
        #expect(holder(stage) == nil)
    }

    @Test func `where all may speak, all but one wait while it is given`() throws {
        var stage = try stage(nil)
        #expect(holder(stage) == nil)
        try stage.ask(call(.ask, 4), by: 4)
        try stage.ask(call(.give, 2), by: 90)
        #expect(holder(stage) == 2)
        #expect(stage.room.floorQueue(of: Stage.person(1)) == [Stage.person(4)])
        for number in [1, 3, 4] { #expect(refusal(.say, number, stage) == .notYourTurn) }
        try stage.ask(call(.give, 4), by: 90)
        #expect(holder(stage) == 4)
        #expect(stage.room.floorQueue(of: Stage.person(1)) == [])
        #expect(stage.refusal(call(.take, 2), by: 90) == .noFloorToPass)
        try stage.ask(call(.take, 4), by: 90)
        #expect(holder(stage) == nil)
        for number in 1...4 { #expect(refusal(.say, number, stage) == nil) }
        #expect(stage.refusal(call(.take, 4), by: 90) == .noFloorToPass)
    }

    @Test func `nobody is given it against their having passed, until they ask`() throws {
        for floor in [Floor.round, nil] {
            var stage = try stage(floor)
            try stage.ask(call(.give, 2), by: 90)
            try stage.ask(call(.pass, 2), by: 2)
            #expect(stage.refusal(call(.give, 2), by: 90) == .hasPassed)
            try stage.ask(call(.ask, 2), by: 2)
            try stage.ask(call(.give, 2), by: 90)
            #expect(holder(stage) == 2)
        }
    }

    @Test func `it ends with who goes, and with the phase`() throws {
        var stage = try stage(nil)
        try stage.ask(call(.give, 2), by: 90)
        try stage.ask(.attend(Stage.person(2), .away), by: 2)
        #expect(holder(stage) == nil)
        #expect(stage.refusal(call(.give, 2), by: 90) == .notPresent)
        try stage.ask(.attend(Stage.person(2), .here), by: 2)
        #expect(holder(stage) == nil)
        try stage.ask(call(.give, 2), by: 90)
        #expect(try stage.ask(call(.give, 2), by: 90) == [])
        try stage.wake()
        for number in 1...4 {
            #expect(stage.room.floor(of: Stage.person(number))?.isGiven == false)
        }
        let turn = try #require(stage.room.session?.openTurns.first { !$0.pod.observers.isEmpty })
        let observer = Stage.number(of: try #require(turn.pod.observers.first))
        #expect(stage.refusal(call(.give, observer), by: 90) == .noRoleNow)
        #expect(stage.refusal(call(.give, 90), by: 90) == .noRoleNow)
    }

    @Test func `in a spoken session it is shown and nothing is refused for it`() throws {
        var stage = try stage(nil, medium: .spoken)
        try stage.ask(call(.give, 2), by: 90)
        #expect(holder(stage) == 2)
        #expect(refusal(.say, 1, stage) == nil)
    }

    // MARK: Silence

    @Test(arguments: [Medium.typed, .spoken])
    func `who is muted is told so, and keeps notes, one person, passing and the clock`(
        medium: Medium
    ) throws {
        var stage = try stage(.round, medium: medium)
        #expect(holder(stage) == 1)
        try stage.ask(.mute(me(1), true), by: 90)
        #expect(holder(stage, of: 2) == 2)
        #expect(stage.room.mutedPeople == [me(1)])
        #expect(refusal(.say, 1, stage) == .muted)
        #expect(refusal(.say, 1, stage, in: .room) == .muted)
        #expect(refusal(.note, 1, stage, in: .own(me(1))) == nil)
        #expect(refusal(.say, 1, stage, in: .between(me(1), me(90))) == nil)
        #expect(refusal(.say, 1, stage, in: .peers) == nil)
        #expect(refusal(.withdraw, 1, stage) == nil)
        #expect(stage.refusal(.stop, by: 1) == nil)
        #expect(stage.refusal(call(.pass, 1), by: 1) == nil)
        #expect(stage.refusal(call(.give, 1), by: 90) == .muted)
        #expect(try stage.ask(.mute(me(1), true), by: 90) == [])
        try stage.ask(.mute(me(1), false), by: 90)
        #expect(refusal(.say, 1, stage) == (medium == .typed ? .notYourTurn : nil))
        #expect(stage.room.floorQueue(of: me(2)).contains(me(1)))
        try stage.ask(.mute(me(1), true), by: 90)
        try stage.wake()
        #expect(stage.room.mutedPeople == [])
    }

    @Test func `time in which somebody is muted is not theirs`() throws {
        var stage = try stage(nil)
        stage.pass(seconds: 8)
        try stage.ask(.mute(me(1), true), by: 90)
        stage.pass(seconds: 9)
        try stage.ask(.mute(me(1), false), by: 90)
        #expect(stage.room.session?.floor[me(1)] == 2_000)
        #expect(stage.room.session?.floor[me(2)] == 5_000)
        #expect(stage.room.session?.floor.total == 17_000)
    }

    @Test func `where all are muted the session goes on to its end`() throws {
        var stage = try stage(.round)
        for number in 1...4 { try stage.ask(.mute(me(number), true), by: 90) }
        #expect(holder(stage) == nil)
        while stage.room.session != nil { try stage.wake() }
        #expect(stage.room.lastSession?.complete == true)
    }

    // MARK: Who may

    @Test func `keeping the time gives no right to any of it`() throws {
        let commands: [RoomCommand] = [
            call(.give, 2), call(.take, 2), .mute(me(2), true), .shut(true), .move(me(2), pod: 0),
        ]
        var hosted = try Stage.ready(peers: 4)
        try hosted.ask(hosted.start(1), by: 1)
        var given = try stage(nil)
        try given.ask(.handOver(me(3)), by: 90)
        for (stage, keeper) in [(hosted, 1), (given, 3)] {
            #expect(stage.room.isInCharge(me(keeper)))
            for command in commands {
                #expect(stage.refusal(command, by: keeper) == .facilitatorOnly)
                #expect(stage.refusal(command, as: .administrator) == .notAMember)
                #expect(stage.refusal(command, as: .server) == .notAMember)
            }
        }
        #expect(given.refusal(.mute(me(90), true), by: 90) == .noRoleNow)
        #expect(given.refusal(.move(me(90), pod: 0), by: 90) == .noRoleNow)
        let idle = try Stage.ready(peers: 3, facilitators: 1)
        for command in commands where command != .shut(true) {
            #expect(idle.refusal(command, by: 90) == .noSession)
        }
    }

    @Test func `a device believes none of it from anybody else`() throws {
        let stage = try stage(nil)
        let events: [RoomEvent] = [
            .muted(Muted(person: me(2), isMuted: true)), .shut(Shut(isShut: true)),
            .floorCalled(FloorCall(wish: .give, person: me(2))),
            .floorCalled(FloorCall(wish: .take, person: me(2))),
        ]
        for event in events {
            for by in [nil, me(1), me(7), me(90)] {
                let record = RoomRecord(at: stage.now, by: by, event: event)
                var refused: RoomRejection?
                do throws(RoomRejection) { try stage.room.check(record) } catch { refused = error }
                #expect(refused == (by == me(90) ? nil : .facilitatorOnly))
            }
        }
    }

    // MARK: The door

    @Test func `a shut room lets nobody else in, and who came may come back`() throws {
        var stage = try Stage.ready(peers: 4, facilitators: 1)
        try stage.ask(.attend(me(4), .away), by: 4)
        try stage.ask(stage.start(1), by: 90)
        try stage.ask(.shut(true), by: 90)
        #expect(try stage.ask(.shut(true), by: 90) == [])
        let more = stage.room.members + [Stage.member(5)]
        #expect(stage.refusal(stage.admission(more, by: 90), by: 90) == .roomShut)
        #expect(stage.refusal(.attend(me(4), .here), by: 4) == .roomShut)
        #expect(stage.refusal(.attend(me(4), .phone), by: 90) == .roomShut)
        try stage.ask(.attend(me(2), .away), by: 2)
        try stage.ask(.attend(me(2), .here), by: 2)
        try stage.ask(.attend(me(90), .away), by: 90)
        try stage.ask(.attend(me(90), .here), by: 90)
        // What changes nobody is signed as ever.
        try stage.ask(stage.admission(stage.room.members, by: 90), by: 90)
        try stage.ask(.shut(false), by: 90)
        try stage.ask(.attend(me(4), .here), by: 4)
        try stage.ask(stage.admission(more, by: 90), by: 90)
        #expect(stage.room.membership(of: me(5)) == .peer)
    }

    @Test func `a room whose facilitator has gone is open`() throws {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        try stage.ask(.shut(true), by: 90)
        try stage.exclude(90)
        #expect(!stage.room.isShut)
        try stage.ask(stage.admission(stage.room.members + [Stage.member(5)], by: 1), by: 1)
        #expect(stage.room.membership(of: me(5)) == .peer)
    }

    // MARK: Another pod

    @Test func `a wish holds from the next round on, also after somebody came or left`() throws {
        var stage = try Stage.ready(peers: 7, facilitators: 1)
        try stage.ask(.attend(me(7), .away), by: 7)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 90)
        let first = try #require(stage.room.session?.openTurns)
        #expect(first.map(\.pod.people.count) == [3, 3])
        let moving = first[0].pod.client
        try stage.ask(.move(moving, pod: first[1].pod.number), by: 90)
        #expect(stage.room.session?.openTurns == first)
        #expect(
            stage.refusal(.move(first[1].pod.client, pod: first[0].pod.number), by: 90) == nil
        )
        #expect(stage.refusal(.move(moving, pod: 9), by: 90) == .podUnfit)
        try stage.ask(.attend(me(7), .here), by: 7)
        while stage.room.session?.place.round == 1 { try stage.wake() }
        let turn = try #require(stage.room.turn(of: moving)?.turn)
        #expect(turn.pod.number == first[1].pod.number)
        #expect(stage.room.turn(of: me(7))?.turn.pod.number == first[0].pod.number)
        while stage.room.session != nil { try stage.wake() }
        #expect(stage.room.lastSession?.owed == [me(7)])
    }

    @Test func `pods that would be too large or too small are refused by the rule's name`() throws {
        var stage = try Stage.ready(peers: 4, facilitators: 1)
        var format = Stage.rounds
        format.pods = PodSizes(smallest: 2, usual: 2, largest: 3)
        try stage.ask(stage.start(1, format: format), by: 90)
        let turns = try #require(stage.room.session?.openTurns)
        #expect(turns.count == 2)
        #expect(
            stage.refusal(.move(turns[0].pod.client, pod: turns[1].pod.number), by: 90)
                == .podUnfit
        )
        #expect(try stage.ask(.move(turns[0].pod.client, pod: turns[0].pod.number), by: 90) == [])
        #expect(stage.refusal(.move(turns[0].pod.client, pod: 7), by: 90) == .podUnfit)
        #expect(stage.refusal(.move(me(8), pod: 0), by: 90) == .noRoleNow)
        // In the last round nothing is to come.
        while stage.room.session?.place.round == 1 { try stage.wake() }
        #expect(stage.refusal(.move(turns[0].pod.client, pod: 0), by: 90) == .podUnfit)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct RoomFloorTests {
    typealias Stage = RoomStage

    private func refusal(
        _ stage: Stage,
        _ kind: EntryKind,
        _ key: TranscriptKey,
        _ number: Int
    ) -> RoomRejection? {
        do throws(RoomRejection) {
            try stage.room.mayPost(kind, in: key, by: Stage.person(number))
            return nil
        } catch { return error }
    }

    private func keyRefusal(
        _ stage: Stage,
        _ key: TranscriptKey,
        _ number: Int
    ) -> RoomRejection? {
        do throws(RoomRejection) {
            try stage.room.mayPostKey(in: key, by: Stage.person(number))
            return nil
        } catch { return error }
    }

    private let afterwards: Set<EntryKind> = [.consent, .withdraw, .grant]

    /// The kinds that somebody may post.
    private func kinds(_ stage: Stage, _ key: TranscriptKey, _ person: PersonID) -> Set<EntryKind> {
        Set(EntryKind.allCases.filter { refusal(stage, $0, key, Stage.number(of: person)) == nil })
    }

    @Test func `one's own transcript takes notes of oneself alone`() throws {
        let stage = try Stage.ready(peers: 2)
        let own = TranscriptKey.own(Stage.person(1))
        #expect(kinds(stage, own, Stage.person(1)) == afterwards.union([.note]))
        #expect(refusal(stage, .say, own, 1) == .kindNotHere)
        #expect(refusal(stage, .note, own, 2) == .notInScope)
        #expect(refusal(stage, .note, own, 66) == .notAMember)
        #expect(keyRefusal(stage, own, 2) == .notInScope)
    }

    @Test func `a direct transcript is for two members and closes when one leaves`() throws {
        var stage = try Stage.ready(peers: 3)
        let key = TranscriptKey.between(Stage.person(2), Stage.person(1))
        #expect(refusal(stage, .say, key, 1) == nil)
        #expect(refusal(stage, .note, key, 1) == .kindNotHere)
        #expect(refusal(stage, .say, key, 3) == .notInScope)
        #expect(refusal(stage, .say, .between(Stage.person(1), Stage.person(66)), 1) == .notInScope)
        #expect(refusal(stage, .say, .direct(Stage.person(1), Stage.person(1)), 1) == .notInScope)
        try stage.exclude(2)
        #expect(refusal(stage, .say, key, 1) == .scopeClosed)
        #expect(keyRefusal(stage, key, 1) == .scopeClosed)
        #expect(stage.room.audience(of: key) == [])
        #expect(stage.room.readable(key, by: Stage.person(1)) == [1...UInt64.max])
        #expect(stage.room.readable(key, by: Stage.person(2)) == [])
    }

    @Test func `the peers' transcript is closed to facilitators`() throws {
        let stage = try Stage.ready(peers: 2, facilitators: 1)
        #expect(refusal(stage, .say, .peers, 1) == nil)
        #expect(refusal(stage, .say, .peers, 90) == .notInScope)
        #expect(keyRefusal(stage, .peers, 90) == .notInScope)
        #expect(stage.room.readable(.peers, by: Stage.person(90)) == [])
        #expect(refusal(stage, .say, .programme(Stage.person(1)), 1) == .notInScope)
    }

    @Test func `the room is open outside of sessions`() throws {
        let stage = try Stage.ready(peers: 2, facilitators: 1)
        let all = Set(EntryKind.allCases).subtracting([.note, .assess])
        #expect(kinds(stage, .room, Stage.person(1)) == all)
        #expect(kinds(stage, .room, Stage.person(90)) == all)
    }

    @Test func `in a typed session the opening's part binds peers in the room`() throws {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        try stage.ask(stage.start(1), by: 90)
        #expect(kinds(stage, .room, Stage.person(1)) == afterwards.union([.say, .paper]))
        #expect(refusal(stage, .ask, .room, 1) == .notYourFloor)
        #expect(refusal(stage, .ask, .room, 90) == nil)
        #expect(refusal(stage, .ask, .peers, 1) == nil)
        try stage.wake()
        #expect(refusal(stage, .ask, .room, 1) == nil)
    }

    @Test func `in a typed turn each role posts what the phase gives it`() throws {
        var stage = try Stage.ready(peers: 4, facilitators: 1)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 90)
        let turn = try #require(stage.room.session?.openTurns.first)
        let key = TranscriptKey.turn(turn.id)
        let always = afterwards.union([.paper])
        #expect(kinds(stage, key, turn.pod.client) == always.union([.say, .answer]))
        #expect(kinds(stage, key, turn.pod.coaches[0]) == always.union([.say, .ask]))
        #expect(kinds(stage, key, turn.pod.observers[0]) == always)
        #expect(refusal(stage, .say, key, 90) == .notInScope)
        #expect(keyRefusal(stage, key, 90) == .notInScope)
        try stage.wake()
        #expect(kinds(stage, key, turn.pod.coaches[0]) == always.union([.ask, .reflect]))
        try stage.wake()
        #expect(kinds(stage, key, turn.pod.client) == always.union([.feedback]))
        try stage.ask(.pause, by: 90)
        #expect(kinds(stage, key, turn.pod.client) == always.union([.feedback]))
    }

    @Test func `in a spoken session no kind is refused`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, medium: .spoken, format: Stage.rounds), by: 1)
        let turn = try #require(stage.room.session?.openTurns.first)
        let all = Set(EntryKind.allCases).subtracting([.note])
        for person in turn.pod.people {
            #expect(kinds(stage, .turn(turn.id), person) == all)
        }
    }

    @Test func `a closed turn takes feedback and thanks until the session ends`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let turn = try #require(stage.room.session?.openTurns.first)
        let key = TranscriptKey.turn(turn.id)
        while stage.room.session?.place.round == 1 { try stage.wake() }
        #expect(
            kinds(stage, key, turn.pod.client)
                == afterwards.union([.feedback, .thanks, .paper])
        )
        #expect(refusal(stage, .say, key, 1) == .scopeClosed)
        while stage.room.session != nil { try stage.wake() }
        #expect(kinds(stage, key, turn.pod.client) == afterwards)
        #expect(refusal(stage, .feedback, key, 1) == .scopeClosed)
        #expect(keyRefusal(stage, key, 1) == nil)
    }

    @Test func `a turn that has not begun takes nothing`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1), by: 1)
        let key = TranscriptKey.turn(TurnID(session: Stage.session(1), round: 1, pod: 0))
        #expect(refusal(stage, .say, key, 1) == .scopeClosed)
        #expect(keyRefusal(stage, key, 1) == .scopeClosed)
        let unknown = TranscriptKey.turn(TurnID(session: Stage.session(9), round: 1, pod: 0))
        #expect(refusal(stage, .say, unknown, 1) == .notInScope)
    }

    @Test func `who comes back reads their old turns and posts there no more`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let turn = try #require(stage.room.session?.openTurns.first)
        let key = TranscriptKey.turn(turn.id)
        stage.numbers[key] = 6
        let number = Stage.number(of: turn.pod.observers[0])
        try stage.exclude(number)
        stage.numbers[key] = 9
        let signer = Stage.number(of: turn.pod.client)
        try stage.ask(
            stage.admission(stage.room.members + [Stage.member(number)], by: signer),
            by: signer
        )
        #expect(stage.room.readable(key, by: Stage.person(number)) == [1...6])
        #expect(refusal(stage, .feedback, key, number) == .notInScope)
        #expect(stage.room.audience(of: key).count == 2)
    }

    @Test func `a device that comes or goes makes keys of its owner's transcripts stale`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let turn = try #require(stage.room.session?.openTurns.first)
        let before = try #require(stage.room.lastAudienceChange(of: .own(Stage.person(2))))
        let others = TranscriptKey.between(Stage.person(2), Stage.person(3))
        let earlier = try #require(stage.room.lastAudienceChange(of: others))
        let list = Stage.deviceList(1, version: 2, devices: [0, 1])
        try stage.ask(.changeDevices(Stage.changed(list)), as: .server)
        let now = stage.room.position
        let room = stage.room
        #expect(room.lastAudienceChange(of: .own(Stage.person(1))) == now)
        #expect(room.lastAudienceChange(of: .own(Stage.person(2))) == before)
        #expect(room.lastAudienceChange(of: .between(Stage.person(1), Stage.person(2))) == now)
        #expect(room.lastAudienceChange(of: others) == earlier)
        #expect(room.lastAudienceChange(of: .turn(turn.id)) == now)
        #expect(room.lastAudienceChange(of: .peers) == now)
        #expect(room.lastAudienceChange(of: .room) == now)
        #expect(room.lastAudienceChange(of: .own(Stage.person(66))) == nil)
        #expect(room.lastAudienceChange(of: .programme(Stage.person(1))) == nil)
        #expect(Room(id: Stage.roomID).lastAudienceChange(of: .room) == nil)
    }

    @Test func `what does not change who reads leaves keys fresh`() throws {
        var stage = try Stage.ready(peers: 3)
        let before = stage.room.lastAudienceChange(of: .room)
        try stage.ask(stage.start(1), by: 1)
        try stage.wake()
        try stage.ask(.pause, by: 1)
        try stage.ask(.attend(Stage.person(2), .away), by: 2)
        #expect(stage.room.lastAudienceChange(of: .room) == before)
    }
}

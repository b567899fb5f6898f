// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// Who speaks when, and when a phase ends because all are ready.
struct FloorOrderTests {
    typealias Stage = RoomStage

    /// All but the client coach; in "agree" they speak one at a time, in "coach" statements answer
    /// questions; so does everybody at the end.
    private static var ordered: SessionFormat {
        var format = Stage.format
        format.pods = PodSizes(smallest: 3, usual: 4, largest: 5)
        format.seating = .allCoach
        for index in format.round.indices {
            format.round[index].parts.removeAll { $0.role == .observer }
        }
        format.round[0].parts[1].floor = .round
        format.round[1].parts[0].floor = .questionFirst
        format.opening[0].parts[0].floor = .round
        return format
    }

    private func stage(peers: Int = 4, medium: Medium = .typed) throws -> RoomStage {
        var stage = try Stage.ready(peers: peers)
        try stage.ask(stage.start(1, medium: medium, format: Self.ordered), by: 1)
        return stage
    }

    /// Goes on to the first round's phase of a name.
    private func stage(in phase: String, medium: Medium = .typed) throws -> RoomStage {
        var stage = try stage(medium: medium)
        while stage.room.session?.phase?.name != phase { try stage.wake() }
        return stage
    }

    private func call(_ wish: FloorWish, _ number: Int) -> RoomCommand {
        .floor(FloorCall(wish: wish, person: Stage.person(number)))
    }

    private func holder(_ stage: RoomStage, of number: Int = 1) -> Int? {
        stage.room.floor(of: Stage.person(number))?.holder.map { Stage.number(of: $0) }
    }

    private func queue(_ stage: RoomStage, of number: Int = 1) -> [Int] {
        stage.room.floorQueue(of: Stage.person(number)).map { Stage.number(of: $0) }
    }

    private func refusal(
        _ kind: EntryKind,
        _ number: Int,
        _ stage: RoomStage
    ) -> RoomRejection? {
        let person = Stage.person(number)
        let key = stage.room.turn(of: person).map { TranscriptKey.turn($0.turn.id) } ?? .room
        do throws(RoomRejection) {
            try stage.room.mayPost(kind, in: key, by: person)
            return nil
        } catch { return error }
    }

    @Test func `the floor goes round once, and then all may speak`() throws {
        var stage = try stage()
        #expect(holder(stage) == 1)
        #expect(queue(stage) == [2, 3, 4])
        #expect(refusal(.say, 1, stage) == nil)
        #expect(refusal(.say, 2, stage) == .notYourTurn)
        #expect(refusal(.ask, 2, stage) == .notYourFloor)
        for number in 1...4 {
            #expect(holder(stage) == number)
            #expect(try stage.ask(call(.pass, number), by: number).map(\.kind) == [60])
        }
        #expect(holder(stage) == nil)
        #expect(queue(stage) == [])
        for number in 1...4 { #expect(refusal(.say, number, stage) == nil) }
        #expect(stage.refusal(call(.pass, 1), by: 1) == .noFloorToPass)
    }

    @Test func `who has had it least comes first, also among those who ask again`() throws {
        var stage = try stage()
        for (number, seconds) in [(1, 9), (2, 3), (3, 6), (4, 1)] {
            stage.pass(seconds: Int64(seconds))
            try stage.ask(call(.pass, number), by: number)
        }
        try stage.ask(call(.ask, 1), by: 1)
        #expect(holder(stage) == 1)
        try stage.ask(call(.ask, 3), by: 3)
        try stage.ask(call(.ask, 2), by: 2)
        try stage.ask(call(.ask, 4), by: 4)
        #expect(queue(stage) == [4, 2, 3])
        #expect(try stage.ask(call(.ask, 4), by: 4).isEmpty)
        try stage.ask(call(.pass, 1), by: 1)
        #expect(holder(stage) == 4)
        // The next round of speaking begins with who has had it least in the session.
        while stage.room.session?.place != PhasePlace(round: 1, phase: 0) { try stage.wake() }
        let pod = try #require(stage.room.session?.openTurns.first?.pod)
        let coaches = pod.coaches.map { Stage.number(of: $0) }
        let order = [2, 3, 1, 4].filter(coaches.contains)
        #expect(holder(stage) == order.first)
        #expect(queue(stage) == Array(order.dropFirst()))
        let client = Stage.number(of: pod.client)
        #expect(refusal(.say, client, stage) == nil)
        #expect(stage.refusal(call(.pass, client), by: client) == .noFloorToPass)
    }

    @Test func `who goes loses the floor, who comes back takes it from nobody`() throws {
        var stage = try stage()
        try stage.ask(.attend(Stage.person(1), .away), by: 1)
        #expect(holder(stage, of: 2) == 2)
        #expect(queue(stage, of: 2) == [3, 4])
        try stage.ask(.attend(Stage.person(1), .here), by: 1)
        #expect(holder(stage) == 2)
        #expect(queue(stage) == [1, 3, 4])
        try stage.exclude(2)
        #expect(holder(stage, of: 3) == 1)
    }

    @Test func `only who keeps the time passes for others`() throws {
        var stage = try stage()
        #expect(stage.refusal(call(.pass, 1), by: 2) == .notInCharge)
        try stage.ask(call(.pass, 1), by: 1)
        #expect(stage.refusal(call(.ask, 2), by: 1) == .notInCharge)
        #expect(stage.refusal(call(.ready, 2), by: 1) == .notInCharge)
        try stage.ask(call(.pass, 2), by: 1)
        #expect(holder(stage) == 3)
        #expect(
            stage.refusal(.floor(FloorCall(wish: .pass, person: Stage.person(9))), by: 1)
                == .noRoleNow
        )
    }

    @Test func `in a spoken session the floor is kept and nothing is refused for it`() throws {
        var stage = try stage(medium: .spoken)
        #expect(holder(stage) == 1)
        #expect(refusal(.say, 2, stage) == nil)
        try stage.ask(call(.pass, 1), by: 1)
        #expect(holder(stage) == 2)
        let coaching = try self.stage(in: "coach", medium: .spoken)
        for number in 1...4 {
            let person = Stage.person(number)
            guard let (turn, _) = coaching.room.turn(of: person) else { continue }
            #expect(!coaching.room.mustCite(.say, in: .turn(turn.id), by: person))
        }
    }

    @Test func `where questions come first whatever is none must cite one`() throws {
        let stage = try stage(in: "coach")
        let turn = try #require(stage.room.session?.openTurns.first)
        let (client, coach) = (turn.pod.client, turn.pod.coaches[0])
        let key = TranscriptKey.turn(turn.id)
        #expect(stage.room.mustCite(.say, in: key, by: client))
        #expect(stage.room.mustCite(.answer, in: key, by: client))
        #expect(!stage.room.mustCite(.ask, in: key, by: client))
        #expect(!stage.room.mustCite(.consent, in: key, by: client))
        #expect(!stage.room.mustCite(.reflect, in: key, by: coach))
        #expect(!stage.room.mustCite(.say, in: .room, by: client))
        #expect(!stage.room.mustCite(.say, in: .peers, by: client))
    }

    @Test func `who listens cannot ask for the floor, and without a role nobody can say anything`()
        throws
    {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        #expect(stage.refusal(call(.ready, 1), by: 1) == .noSession)
        try stage.ask(stage.start(1), by: 90)
        #expect(stage.refusal(call(.ready, 90), by: 90) == .noRoleNow)
        try stage.wake()
        let observer = try #require(stage.room.session?.openTurns.first?.pod.observers.first)
        let number = Stage.number(of: observer)
        #expect(stage.refusal(call(.ask, number), by: number) == .notYourFloor)
        #expect(stage.refusal(call(.pass, number), by: number) == .noFloorToPass)
        let client = Stage.number(of: try #require(stage.room.session?.openTurns.first?.pod.client))
        try stage.ask(call(.ask, client), by: client)
        #expect(queue(stage, of: client) == [client])
        #expect(holder(stage, of: client) == nil)
    }

    @Test func `a phase ends when all who have a role and are there are ready`() throws {
        var stage = try stage()
        stage.pass(seconds: 5)
        for number in 1...2 { try stage.ask(call(.ready, number), by: number) }
        #expect(try stage.ask(call(.ready, 1), by: 1).isEmpty)
        #expect(stage.room.unready(with: Stage.person(1)) == [Stage.person(3), Stage.person(4)])
        try stage.ask(.attend(Stage.person(4), .away), by: 4)
        #expect(stage.room.session?.place == PhasePlace(round: 0, phase: 0))
        let events = try stage.ask(call(.ready, 3), by: 3)
        #expect(events.first?.kind == 60)
        #expect(stage.room.session?.place == PhasePlace(round: 1, phase: 0))
        #expect(stage.room.session?.roundStarts[1] == stage.now)
        #expect(stage.room.floor(of: Stage.person(1))?.ready == [])
    }

    @Test func `pods wait for each other, and a clock that stands is not overruled`() throws {
        var stage = try Stage.ready(peers: 6)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let pods = try #require(stage.room.session?.openTurns.map(\.pod.people))
        #expect(pods.count == 2)
        for person in pods[0] {
            let number = Stage.number(of: person)
            try stage.ask(call(.ready, number), by: number)
        }
        #expect(stage.room.session?.place.phase == 0)
        try stage.ask(.pause, by: 1)
        for person in pods[1] {
            let number = Stage.number(of: person)
            #expect(try stage.ask(call(.ready, number), by: number).map(\.kind) == [60])
        }
        #expect(stage.room.session?.place.phase == 0)
        try stage.ask(.resume, by: 1)
        try stage.wake()
        #expect(stage.room.session?.place.phase == 1)
    }

    @Test func `what was meant for a phase whose time is up does nothing in the next`() throws {
        var stage = try stage()
        stage.pass(seconds: 61)
        let events = try stage.ask(call(.pass, 1), by: 1)
        #expect(!events.contains { $0.kind == 60 })
        #expect(stage.room.session?.place == PhasePlace(round: 1, phase: 0))
    }

    @Test func `orders of speaking that mean nothing are refused`() {
        func found(_ edit: (inout SessionFormat) -> Void) -> [String] {
            var format = Self.ordered
            edit(&format)
            return format.mistakes.map { "\($0.path) \($0.rule)" }
        }
        #expect(found { _ in } == [])
        #expect(
            found {
                $0.round[2].parts[1].kinds = []
                $0.round[2].parts[1].bare = .note
                $0.round[2].parts[1].floor = .round
            } == ["round[2].parts[1].floor floor"]
        )
        #expect(
            found {
                $0.round[1].parts[1].kinds = [.ask]
                $0.round[1].parts[1].floor = .questionFirst
            } == ["round[1].parts[1].floor floor"]
        )
        #expect(
            found { $0.round[2].parts[0].floor = .questionFirst } == [
                "round[2].parts[0].floor floor"
            ]
        )
    }
}

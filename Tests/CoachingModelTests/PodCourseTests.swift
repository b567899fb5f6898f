// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// Phases inside a round are the pod's own; rounds end together.
struct PodCourseTests {
    typealias Stage = RoomStage

    /// Six peers in two pods of three, at the beginning of the first round; a facilitator runs it.
    private func stage(_ format: SessionFormat = Stage.rounds) throws -> RoomStage {
        var stage = try Stage.ready(peers: 6, facilitators: 1)
        try stage.ask(stage.start(1, format: format), by: 90)
        #expect(stage.room.session?.openTurns.count == 2)
        return stage
    }

    private func people(_ stage: RoomStage, _ pod: UInt8) throws -> [Int] {
        let turn = stage.room.session?.openTurns.first { $0.pod.number == pod }
        return try #require(turn).pod.people.map(Stage.number(of:))
    }

    private func ready(_ stage: inout RoomStage, _ pod: UInt8) throws {
        for number in try people(stage, pod) {
            try stage.ask(.floor(FloorCall(wish: .ready, person: Stage.person(number))), by: number)
        }
    }

    private func phase(_ stage: RoomStage, _ pod: UInt8) -> UInt8? {
        stage.room.session?.course(ofPod: pod).place.phase
    }

    @Test func `a pod that is ready goes on alone, and its people see their own clock`() throws {
        var stage = try stage()
        let before = try #require(stage.room.session?.ends)
        stage.pass(seconds: 30)
        try ready(&stage, 1)
        #expect(stage.room.session?.keepsTimeApart == true)
        #expect(phase(stage, 0) == 0)
        #expect(phase(stage, 1) == 1)
        let ahead = Stage.person(try people(stage, 1)[0])
        let behind = Stage.person(try people(stage, 0)[0])
        #expect(stage.room.part(of: ahead)?.phase.name == "coach")
        #expect(stage.room.part(of: ahead)?.ends == stage.now.adding(milliseconds: 600_000))
        #expect(stage.room.part(of: behind)?.ends == before)
        // The session is told by the pod that is furthest behind.
        #expect(stage.room.session?.place == PhasePlace(round: 1, phase: 0))
        #expect(stage.room.nextWake == before)
    }

    @Test func `who is through waits, and the round ends for all at once`() throws {
        var stage = try stage()
        for _ in 0..<2 { try ready(&stage, 1) }
        stage.pass(seconds: 10)
        try ready(&stage, 1)
        let course = try #require(stage.room.session?.course(ofPod: 1))
        #expect(course.isThrough)
        #expect(stage.room.session?.openTurns.count == 2)
        #expect(stage.log.last?.event.kind == 11)
        // It can be ready as often as it likes: nothing more happens.
        let count = stage.log.count
        #expect(stage.refusal(.stop, by: try people(stage, 1)[0]) == .alreadyPaused)
        while stage.room.session?.place.round == 1 { try stage.wake() }
        #expect(stage.log.count > count)
        #expect(stage.room.session?.keepsTimeApart == false)
        #expect(stage.room.session?.place == PhasePlace(round: 2, phase: 0))
        let turns = try #require(stage.room.session?.closedTurns)
        #expect(turns.map(\.held) == [true, true])
        // The one was client for ten seconds, the other for the whole round.
        #expect(turns.map(\.milliseconds) == [900_000, 10_000])
    }

    @Test func `a stop holds one pod, and the others wait for it at the round's end`() throws {
        var stage = try stage()
        stage.pass(seconds: 20)
        let stopped = try people(stage, 0)
        try stage.ask(.stop, by: stopped[1])
        #expect(stage.log.last?.by == nil)
        #expect(stage.room.session?.course(ofPod: 0).clock.isStopped == true)
        #expect(stage.room.session?.course(ofPod: 1).clock.ends != nil)
        #expect(!stage.room.mayResume(Stage.person(try people(stage, 1)[0])))
        #expect(stage.refusal(.resume, by: try people(stage, 1)[0]) == .notInCharge)
        while stage.room.nextWake != nil { try stage.wake() }
        #expect(stage.room.session?.course(ofPod: 1).isThrough == true)
        #expect(stage.room.session?.place == PhasePlace(round: 1, phase: 0))
        stage.pass(seconds: 500)
        try stage.ask(.resume, by: stopped[2])
        while stage.room.session?.place.round == 1 { try stage.wake() }
        #expect(stage.room.session?.closedTurns.map(\.milliseconds) == [900_000, 900_000])
    }

    @Test func `what who keeps the time does is done to every pod`() throws {
        var stage = try stage()
        try ready(&stage, 1)
        try stage.ask(.pause, by: 90)
        #expect(stage.room.nextWake == nil)
        #expect(stage.refusal(.pause, by: 90) == .alreadyPaused)
        try stage.ask(.extend(5_000), by: 90)
        try stage.ask(.resume, by: 90)
        let ends = [UInt8(0), 1].map { stage.room.session?.course(ofPod: $0).clock.ends }
        #expect(
            ends == [
                stage.now.adding(milliseconds: 125_000), stage.now.adding(milliseconds: 605_000),
            ]
        )
        try stage.ask(.skip, by: 90)
        #expect([phase(stage, 0), phase(stage, 1)] == [1, 2])
        try stage.ask(.back, by: 90)
        #expect([phase(stage, 0), phase(stage, 1)] == [0, 1])
        try stage.ask(.skip, by: 90)
        try stage.ask(.skip, by: 90)
        #expect(phase(stage, 0) == 2)
        #expect(stage.room.session?.course(ofPod: 1).isThrough == true)
        try stage.ask(.skip, by: 90)
        #expect(stage.room.session?.place == PhasePlace(round: 2, phase: 0))
    }

    @Test func `the floor and the silence of a pod end with its own phase`() throws {
        var stage = try stage()
        let ahead = try people(stage, 1)
        let behind = try people(stage, 0)
        try stage.ask(.mute(Stage.person(ahead[0]), true), by: 90)
        try stage.ask(.mute(Stage.person(behind[0]), true), by: 90)
        try ready(&stage, 1)
        #expect(stage.room.mutedPeople == [Stage.person(behind[0])])
        #expect(stage.room.floor(of: Stage.person(ahead[0]))?.ready == [])
    }

    @Test func `a pod whose client leaves does not hold up the others`() throws {
        var stage = try stage()
        try stage.ask(.stop, by: try people(stage, 0)[0])
        let client = try people(stage, 0)[0]
        for _ in 0..<3 { try ready(&stage, 1) }
        #expect(stage.room.session?.course(ofPod: 1).isThrough == true)
        try stage.exclude(client)
        // The only pod left was through.
        #expect(stage.room.session?.place.round == 2)
    }

    @Test func `clocks stand where the server was away, each with what it had left`() throws {
        var stage = try stage()
        stage.pass(seconds: 20)
        try ready(&stage, 1)
        let since = stage.now
        stage.pass(seconds: 90)
        try stage.ask(.awoke(awaySince: since), as: .server)
        #expect(stage.room.session?.course(ofPod: 0).clock.left == 100_000)
        #expect(stage.room.session?.course(ofPod: 1).clock.left == 600_000)
        #expect(stage.room.session?.isInterrupted == true)
    }

    // MARK: What a phase waits for

    private func held(_ format: SessionFormat = Stage.rounds) -> SessionFormat {
        var format = format
        format.round[0].isHeld = true
        return format
    }

    private func asking() -> SessionFormat {
        var format = Stage.rounds
        for part in format.round[0].parts.indices
        where format.round[0].parts[part].role == .client {
            format.round[0].parts[part].must = [.say]
        }
        return format
    }

    @Test func `a held phase goes on past its time until who keeps the time ends it`() throws {
        var stage = try stage(held())
        #expect(stage.room.session?.format.mistakes == [])
        try stage.wake()
        #expect(stage.room.nextWake == nil)
        #expect(stage.room.session?.clock.isHeld == true)
        #expect(stage.room.session?.isPaused == true)
        #expect(stage.refusal(.skip, by: 1) == .notInCharge)
        stage.pass(seconds: 60)
        try stage.ask(.resume, by: 90)
        #expect([phase(stage, 0), phase(stage, 1)] == [1, 1])
        while stage.room.session?.place.round == 1 { try stage.wake() }
        // What went on past its time is the client's time too.
        let turns = try #require(stage.room.session?.closedTurns)
        #expect(turns.map(\.milliseconds) == [960_000, 960_000])
    }

    @Test func `more time lets a held phase run again, and readiness of all ends it`() throws {
        var stage = try stage(held())
        try stage.wake()
        try stage.ask(.extend(30_000), by: 90)
        #expect(stage.room.nextWake == stage.now.adding(milliseconds: 30_000))
        try stage.wake()
        #expect(stage.room.session?.clock.isHeld == true)
        try ready(&stage, 0)
        #expect([phase(stage, 0), phase(stage, 1)] == [1, 0])
    }

    @Test func `where nobody is there to keep the time a held phase ends by itself`() throws {
        var stage = try stage(held())
        try stage.ask(.attend(Stage.person(90), .away), by: 90)
        for number in 1...6 { try stage.ask(.attend(Stage.person(number), .away), by: number) }
        try stage.wake()
        #expect(phase(stage, 0) == 1)
    }

    @Test func `a phase waits for what it asks for, in the pod where it is not there`() throws {
        var stage = try stage(asking())
        #expect(stage.room.session?.format.mistakes == [])
        let client = Stage.person(try people(stage, 1)[0])
        let need = NeedMet(person: client, kind: .say)
        let turn = try #require(stage.room.turn(of: client)?.turn)
        #expect(stage.room.needs(with: client) == [need])
        #expect(stage.room.isNeeded(.say, in: .turn(turn.id), by: client))
        #expect(!stage.room.isNeeded(.say, in: .room, by: client))
        #expect(!stage.room.isNeeded(.ask, in: .turn(turn.id), by: client))
        #expect(stage.refusal(.meet(need), by: 90) == .notInCharge)
        try stage.ask(.meet(need), as: .server)
        #expect(stage.refusal(.meet(need), as: .server) == .noRoleNow)
        #expect(stage.room.needs(with: client) == [])
        try stage.wake()
        #expect([phase(stage, 0), phase(stage, 1)] == [0, 1])
        #expect(stage.room.session?.course(ofPod: 0).clock.isHeld == true)
        stage.pass(seconds: 5)
        let other = Stage.person(try people(stage, 0)[0])
        try stage.ask(.meet(NeedMet(person: other, kind: .say)), as: .server)
        #expect([phase(stage, 0), phase(stage, 1)] == [1, 1])
    }

    @Test func `being ready does not end a phase before what it asks for is there`() throws {
        var stage = try stage(asking())
        let client = Stage.person(try people(stage, 1)[0])
        try ready(&stage, 1)
        #expect(phase(stage, 1) == 0)
        try stage.wake()
        #expect(stage.room.session?.course(ofPod: 1).clock.isHeld == true)
        // Who is away is not waited for.
        try stage.ask(.attend(client, .away), by: Stage.number(of: client))
        #expect(phase(stage, 1) == 1)
    }

    @Test func `who keeps the time goes on without what a phase asks for`() throws {
        var stage = try stage(asking())
        try stage.wake()
        #expect(phase(stage, 0) == 0)
        try stage.ask(.skip, by: 90)
        #expect([phase(stage, 0), phase(stage, 1)] == [1, 1])
    }

    @Test func `in a spoken session nothing is waited for`() throws {
        var stage = try Stage.ready(peers: 6, facilitators: 1)
        try stage.ask(stage.start(1, medium: .spoken, format: asking()), by: 90)
        try stage.wake()
        #expect([phase(stage, 0), phase(stage, 1)] == [1, 1])
    }

    // MARK: An absent facilitator

    @Test func `where the format waits the clock stands for a facilitator who is lost`() throws {
        var format = Stage.rounds
        format.absence = .waits
        var stage = try stage(format)
        stage.pass(seconds: 20)
        try stage.ask(.reach(Stage.person(90), false), as: .server)
        #expect(stage.room.nextWake == nil)
        #expect(stage.room.session?.clock.isAwaiting == true)
        #expect(stage.room.session?.left == 100_000)
        try stage.ask(.reach(Stage.person(90), true), as: .server)
        #expect(stage.room.nextWake == nil)
        try stage.ask(.resume, by: 90)
        #expect(stage.room.nextWake == stage.now.adding(milliseconds: 100_000))
        // Whoever keeps the time instead can go on as well.
        try stage.ask(.reach(Stage.person(90), false), as: .server)
        let instead = try #require(stage.room.timekeepers.first)
        try stage.ask(.resume, by: Stage.number(of: instead))
        #expect(stage.room.nextWake != nil)
    }

    @Test func `a spoken session, and a format that does not wait, go on without them`() throws {
        var format = Stage.rounds
        for (medium, absence) in [(Medium.spoken, Absence.waits), (.typed, .standIn)] {
            format.absence = absence
            var stage = try Stage.ready(peers: 6, facilitators: 1)
            try stage.ask(stage.start(1, medium: medium, format: format), by: 90)
            try stage.ask(.reach(Stage.person(90), false), as: .server)
            #expect(stage.room.nextWake != nil)
        }
    }

    @Test func `formats that ask for the impossible are refused`() {
        func rules(_ change: (inout SessionFormat) -> Void) -> [FormatMistake.Rule] {
            var format = Stage.rounds
            change(&format)
            return format.mistakes.map(\.rule)
        }
        #expect(rules { $0.round[0].parts[0].must = [] } == [.must])
        #expect(rules { $0.round[0].parts[0].must = [.consent] } == [.must])
        #expect(rules { $0.round[0].parts[0].must = [.note] } == [.must])
        #expect(rules { $0.graceSeconds = 29 } == [.grace])
        #expect(rules { $0.graceSeconds = 3_601 } == [.grace])
        #expect(rules { $0.graceSeconds = 30 } == [])
    }
}

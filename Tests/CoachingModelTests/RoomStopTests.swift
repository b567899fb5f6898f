// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// Going back a phase, and everybody's right to stop the clock.
struct RoomStopTests {
    typealias Stage = RoomStage

    /// Three peers in the second phase of the first round; the first keeps the time.
    private func stage() throws -> RoomStage {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1), by: 1)
        while stage.room.session?.place != PhasePlace(round: 1, phase: 1) { try stage.wake() }
        return stage
    }

    @Test func `whoever has a role can stop the clock, and the record names nobody`() throws {
        for number in 1...3 {
            var stage = try stage()
            stage.pass(seconds: 20)
            try stage.ask(.stop, by: number)
            let record = try #require(stage.log.last)
            #expect(record.by == nil)
            #expect(record.event.kind == 11)
            #expect(stage.room.session?.isPaused == true)
            #expect(stage.room.session?.left == 580_000)
            #expect(stage.room.nextWake == nil)
            #expect(stage.refusal(.stop, by: 2) == .alreadyPaused)
            for other in 1...3 { #expect(stage.room.mayResume(Stage.person(other))) }
            try stage.ask(.resume, by: 3)
            #expect(stage.room.session?.left == nil)
            #expect(!stage.room.mayResume(Stage.person(3)))
        }
    }

    @Test func `what who keeps the time has paused nobody else lets go on`() throws {
        var stage = try stage()
        try stage.ask(.pause, by: 1)
        #expect(!stage.room.mayResume(Stage.person(2)))
        #expect(stage.refusal(.resume, by: 2) == .notInCharge)
        try stage.ask(.resume, by: 1)
        try stage.ask(.stop, by: 2)
        #expect(stage.refusal(.skip, by: 2) == .notInCharge)
        try stage.ask(.extend(1_000), by: 1)
        #expect(stage.room.mayResume(Stage.person(2)))
        try stage.ask(.attend(Stage.person(2), .away), by: 2)
        #expect(stage.refusal(.resume, by: 2) == .notInCharge)
    }

    @Test func `who has no role, or is away, cannot stop the clock`() throws {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        #expect(stage.refusal(.stop, by: 1) == .noSession)
        try stage.ask(stage.start(1), by: 90)
        #expect(stage.refusal(.stop, by: 90) == .noRoleNow)
        try stage.ask(.attend(Stage.person(2), .away), by: 2)
        #expect(stage.refusal(.stop, by: 2) == .noRoleNow)
        #expect(stage.refusal(.stop, as: .administrator) == .notAMember)
    }

    @Test func `going back begins the phase before with all its time, and time sums up`() throws {
        var stage = try stage()
        stage.pass(seconds: 30)
        #expect(stage.refusal(.back, by: 2) == .notInCharge)
        let events = try stage.ask(.back, by: 1)
        #expect(events.map(\.kind) == [10])
        #expect(stage.room.session?.place == PhasePlace(round: 1, phase: 0))
        #expect(stage.room.session?.ends == stage.now.adding(milliseconds: 120_000))
        #expect(stage.refusal(.back, by: 1) == .outOfBounds)
        while stage.room.session != nil { try stage.wake() }
        let turns = try #require(stage.room.lastSession?.turns)
        #expect(turns.map(\.milliseconds) == [900_000 + 150_000, 900_000, 900_000])
    }

    @Test func `going back also lets a clock go on that stood`() throws {
        var stage = try stage()
        try stage.ask(.stop, by: 2)
        try stage.ask(.back, by: 1)
        #expect(stage.room.session?.isPaused == false)
        #expect(stage.room.session?.place.phase == 0)
    }
}

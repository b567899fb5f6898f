// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct RoomSessionTests {
    typealias Stage = RoomStage

    private func kinds(_ events: [RoomEvent]) -> [UInt64] { events.map(\.kind) }

    @Test func `a session begins with its opening phase and a plan for those who are present`()
        throws
    {
        var stage = try Stage.ready(peers: 3)
        let events = try stage.ask(stage.start(1), by: 2)
        #expect(kinds(events) == [9, 10])
        let session = try #require(stage.room.session)
        #expect(session.host == Stage.person(2))
        #expect(session.plan.rounds.count == 3)
        #expect(session.ends == stage.now.adding(milliseconds: 60_000))
        #expect(stage.room.nextWake == session.ends)
        #expect(stage.room.part(of: Stage.person(1))?.role == .everyone)
    }

    @Test func `a session without opening begins with its first round`() throws {
        var stage = try Stage.ready(peers: 3)
        let events = try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        #expect(kinds(events) == [9, 4, 10])
        let (turn, role) = try #require(stage.room.turn(of: Stage.person(1)))
        #expect(turn.round == 1)
        #expect(stage.room.part(of: Stage.person(1))?.role == role)
        #expect(stage.room.part(of: Stage.person(1))?.phase.name == "agree")
    }

    @Test func `a session runs through all rounds by itself and each is client once`() throws {
        var stage = try Stage.ready(peers: 7, facilitators: 1)
        try stage.ask(stage.start(1), by: 90)
        #expect(stage.room.session?.host == nil)
        while stage.room.session != nil { try stage.wake() }
        let summary = try #require(stage.room.lastSession)
        #expect(summary.complete)
        #expect(summary.owed == [])
        #expect(summary.turns.map(\.held) == Array(repeating: true, count: 7))
        #expect(
            summary.turns.map(\.turn.pod.client).sorted() == (1...7).map { Stage.person($0) }
        )
        for number in 1...7 {
            #expect(summary.millisecondsAsClient(Stage.person(number)) == 900_000)
            #expect(stage.room.history[Stage.person(number)].asClient == 1)
            #expect(stage.room.history[Stage.person(number)].sessions == 1)
        }
        #expect(stage.room.sessionsHeld == 1)
        #expect(stage.room.nextWake == nil)
    }

    @Test func `who starts depends on whether the room has a facilitator`() throws {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        #expect(stage.refusal(stage.start(1), by: 1) == .notInCharge)
        try stage.ask(.attend(Stage.person(90), .away), by: 90)
        #expect(stage.refusal(stage.start(1), by: 90) == nil)
        var peers = try Stage.ready(peers: 3)
        try peers.ask(.attend(Stage.person(3), .away), by: 3)
        #expect(peers.refusal(peers.start(1), by: 3) == .notPresent)
        #expect(peers.refusal(peers.start(1), as: .administrator) == .notAMember)
    }

    @Test func `a start is refused by the rule that it breaks`() throws {
        var stage = try Stage.ready(peers: 3)
        var broken = Stage.format
        broken.round = []
        broken.opening = []
        #expect(stage.refusal(stage.start(1, format: broken), by: 1) == .formatInvalid)
        #expect(stage.refusal(stage.start(1, pace: 0), by: 1) == .outOfBounds)
        #expect(stage.refusal(stage.start(1, pace: 601), by: 1) == .outOfBounds)
        let soon = stage.now.adding(milliseconds: 60_000)
        #expect(stage.refusal(stage.start(1, until: soon), by: 1) == .timeDoesNotFit)
        let shown = try stage.room.preview(
            format: Stage.format,
            until: nil,
            pace: 1,
            at: stage.now,
            medium: .typed
        )
        #expect(stage.refusal(stage.start(1, shown: shown.rounds), by: 1) == nil)
        try stage.ask(.attend(Stage.person(3), .away), by: 3)
        #expect(stage.refusal(stage.start(1, shown: shown.rounds), by: 1) == .planChanged)
        try stage.ask(.attend(Stage.person(2), .away), by: 2)
        #expect(stage.refusal(stage.start(1), by: 1) == .tooFewPresent)
        try stage.ask(.attend(Stage.person(2), .here), by: 2)
        try stage.ask(stage.start(1), by: 1)
        #expect(stage.refusal(stage.start(2), by: 1) == .sessionRunning)
        try stage.ask(.end, by: 1)
        #expect(stage.refusal(stage.start(1), by: 1) == .outOfBounds)
        #expect(stage.refusal(stage.start(2), by: 1) == nil)
    }

    @Test func `a pace divides the minutes`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1, pace: 60), by: 1)
        #expect(stage.room.nextWake == stage.now.adding(milliseconds: 1_000))
    }

    @Test func `the clock stops and goes on with what was left`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        stage.pass(seconds: 50)
        #expect(stage.refusal(.pause, by: 2) == .notInCharge)
        #expect(stage.refusal(.resume, by: 1) == .notPaused)
        try stage.ask(.pause, by: 1)
        #expect(stage.room.session?.isPaused == true)
        #expect(stage.room.session?.left == 70_000)
        #expect(stage.room.nextWake == nil)
        #expect(stage.refusal(.pause, by: 1) == .alreadyPaused)
        stage.pass(seconds: 3_600)
        #expect(try stage.ask(.wake, as: .server) == [])
        try stage.ask(.resume, by: 1)
        #expect(stage.room.nextWake == stage.now.adding(milliseconds: 70_000))
        while stage.room.session?.place.round == 1 { try stage.wake() }
        let turn = try #require(stage.room.session?.closedTurns.first)
        #expect(turn.milliseconds == 900_000)
    }

    @Test func `a phase gets more time while it runs and while it stands`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1), by: 1)
        let ends = try #require(stage.room.nextWake)
        try stage.ask(.extend(5_000), by: 1)
        #expect(stage.room.nextWake == ends.adding(milliseconds: 5_000))
        try stage.ask(.pause, by: 1)
        try stage.ask(.extend(5_000), by: 1)
        #expect(stage.room.session?.left == 70_000)
        #expect(stage.room.session?.isPaused == true)
        #expect(stage.refusal(.extend(0), by: 1) == .outOfBounds)
        #expect(stage.refusal(.extend(-1), by: 1) == .outOfBounds)
        #expect(stage.refusal(.extend(4 * 3_600_000 + 1), by: 1) == .outOfBounds)
        for _ in 0..<5 { try stage.ask(.extend(4 * 3_600_000), by: 1) }
        #expect(stage.refusal(.extend(4 * 3_600_000), by: 1) == .outOfBounds)
    }

    @Test func `a skip ends the phase also while the clock stands`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1), by: 1)
        try stage.ask(.pause, by: 1)
        try stage.ask(.skip, by: 1)
        #expect(stage.room.session?.place == PhasePlace(round: 1, phase: 0))
        #expect(stage.room.nextWake == stage.now.adding(milliseconds: 120_000))
    }

    @Test func `a skip that meets the end of its phase skips no other`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        stage.pass(seconds: 120)
        try stage.ask(.skip, by: 1)
        #expect(stage.room.session?.place == PhasePlace(round: 1, phase: 1))
    }

    @Test func `a late wake goes through all phases that ended meanwhile by the clock`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1, pace: 60), by: 1)
        let began = stage.now
        stage.pass(seconds: 14)
        try stage.ask(.wake, as: .server)
        // 1 opening, 2 + 10 of the round are over; its feedback began at 13 s.
        #expect(stage.room.session?.place == PhasePlace(round: 1, phase: 2))
        #expect(stage.room.nextWake == began.adding(milliseconds: 16_000))
        #expect(stage.log.allSatisfy { $0.at <= stage.now })
        stage.pass(seconds: 40)
        try stage.ask(.wake, as: .server)
        #expect(stage.room.session == nil)
        #expect(stage.room.lastSession?.turns.map(\.milliseconds) == [15_000, 15_000])
    }

    @Test func `a server that was away long interrupts with what was left`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1), by: 1)
        stage.pass(seconds: 20)
        let away = stage.now
        stage.pass(seconds: 59)
        #expect(try stage.ask(.awoke(awaySince: away), as: .server) == [])
        stage.pass(seconds: 1)
        #expect(stage.refusal(.awoke(awaySince: away), by: 1) == .notInCharge)
        try stage.ask(.awoke(awaySince: away), as: .server)
        #expect(stage.room.session?.isInterrupted == true)
        #expect(stage.room.session?.isPaused == false)
        #expect(stage.room.session?.left == 40_000)
        #expect(stage.room.nextWake == nil)
        try stage.ask(.resume, by: 1)
        #expect(stage.room.session?.isInterrupted == false)
        #expect(stage.room.nextWake == stage.now.adding(milliseconds: 40_000))
    }

    @Test func `a paused session is not interrupted`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1), by: 1)
        try stage.ask(.pause, by: 1)
        let away = stage.now
        stage.pass(seconds: 600)
        #expect(try stage.ask(.awoke(awaySince: away), as: .server) == [])
        #expect(stage.room.session?.isPaused == true)
    }

    @Test func `time in a room never runs back`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1), by: 1)
        let last = stage.room.lastAt
        stage.pass(seconds: -500)
        try stage.ask(.pause, by: 1)
        #expect(stage.room.lastAt == last)
        #expect(stage.room.session?.left == 60_000)
    }

    @Test(arguments: [(119, false), (419, false), (420, true), (719, true), (725, true)])
    func `a turn that is cut short counts from half of its longest phase on`(
        seconds: Int64,
        held: Bool
    ) throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let first = try #require(stage.room.session?.openTurns.first?.pod.client)
        stage.pass(seconds: seconds)
        try stage.ask(.end, by: 1)
        let summary = try #require(stage.room.lastSession)
        #expect(!summary.complete)
        #expect(summary.turns.map(\.held) == [held])
        #expect(summary.owed.contains(first) == !held)
        #expect(summary.owed.count == (held ? 1 : 2))
    }

    @Test func `who is owed a turn is client first in the next session`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        while stage.room.session?.place.round == 1 { try stage.wake() }
        try stage.ask(.end, by: 1)
        let owed = try #require(stage.room.lastSession?.owed)
        #expect(owed.count == 2)
        try stage.ask(stage.start(2), by: 1)
        let clients = stage.room.session?.plan.rounds.compactMap { $0.first?.client } ?? []
        #expect(Set(clients.prefix(2)) == Set(owed))
        while stage.room.session != nil { try stage.wake() }
        #expect(stage.room.history.owed.isEmpty)
    }

    @Test func `who comes late is placed at the next round and owed a turn`() throws {
        var stage = try Stage.ready(peers: 4)
        try stage.ask(.attend(Stage.person(4), .away), by: 4)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        try stage.ask(.attend(Stage.person(4), .phone), by: 4)
        #expect(stage.room.turn(of: Stage.person(4)) == nil)
        while stage.room.session?.place.round == 1 { try stage.wake() }
        #expect(stage.room.turn(of: Stage.person(4))?.role == .observer)
        while stage.room.session != nil { try stage.wake() }
        #expect(stage.room.lastSession?.owed == [Stage.person(4)])
    }

    @Test func `who went away loses their place at the next round and is owed a turn`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let third = try #require(stage.room.session?.plan.rounds[2].first?.client)
        try stage.ask(.attend(third, .away), by: Stage.number(of: third))
        #expect(stage.room.turn(of: third) != nil)
        while stage.room.session?.place.round == 1 { try stage.wake() }
        #expect(stage.room.turn(of: third) == nil)
        #expect(stage.room.session?.plan.rounds.count == 2)
        while stage.room.session != nil { try stage.wake() }
        #expect(stage.room.lastSession?.owed == [third])
    }

    @Test func `a turn closes when its client is excluded and the others wait for the next`()
        throws
    {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let turn = try #require(stage.room.session?.openTurns.first)
        let client = turn.pod.client
        let events = try stage.exclude(Stage.number(of: client))
        #expect(kinds(events) == [3, 6, 14])
        #expect(stage.room.session?.openTurns == [])
        #expect(stage.room.session?.place.round == 1)
        #expect(!stage.room.audience(of: .turn(turn.id)).contains(client))
        #expect(stage.room.audience(of: .turn(turn.id)).count == 2)
        let rest = stage.room.session?.plan.rounds.dropFirst().joined().flatMap(\.people) ?? []
        #expect(!rest.contains(client))
        while stage.room.session != nil { try stage.wake() }
        #expect(stage.room.lastSession?.owed == [])
    }

    @Test func `a turn without a coach closes and its client is owed`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        stage.pass(seconds: 700)
        let turn = try #require(stage.room.session?.openTurns.first)
        let coach = try #require(turn.pod.coaches.first)
        try stage.exclude(Stage.number(of: coach))
        #expect(stage.room.session?.openTurns == [])
        #expect(stage.room.session?.closedTurns.first?.held == false)
        while stage.room.session != nil {
            if let next = stage.room.nextWake { stage.now = max(stage.now, next) }
            try stage.ask(.wake, as: .server)
        }
        #expect(stage.room.lastSession?.owed == [turn.pod.client])
    }

    @Test func `a turn goes on when an observer is excluded`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let turn = try #require(stage.room.session?.openTurns.first)
        try stage.exclude(Stage.number(of: turn.pod.observers[0]))
        #expect(stage.room.session?.openTurns == [turn])
        #expect(stage.room.audience(of: .turn(turn.id)).count == 2)
    }

    @Test func `who is away for a moment keeps their place when somebody else leaves`() throws {
        var stage = try Stage.ready(peers: 4)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let rounds = try #require(stage.room.session?.plan.rounds)
        let away = try #require(rounds.last?.first?.client)
        try stage.ask(.attend(away, .away), by: Stage.number(of: away))
        let leaving = try #require(stage.room.session?.plan.rounds[1].first?.client)
        try #require(leaving != away)
        try stage.exclude(Stage.number(of: leaving))
        try stage.ask(.attend(away, .here), by: Stage.number(of: away))
        while stage.room.session != nil { try stage.wake() }
        let clients = stage.room.lastSession?.turns.map(\.turn.pod.client) ?? []
        #expect(clients.contains(away))
    }

    @Test func `a session without peers ends also while it is paused`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        try stage.ask(stage.start(1), by: 90)
        try stage.ask(.pause, by: 90)
        try stage.exclude(1)
        #expect(stage.room.session != nil)
        try stage.exclude(2)
        #expect(stage.room.session == nil)
        #expect(stage.room.lastSession?.complete == false)
    }

    @Test func `somebody is always in charge of a running session`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1), by: 1)
        #expect(stage.room.isInCharge(Stage.person(1)))
        #expect(!stage.room.isInCharge(Stage.person(2)))
        try stage.exclude(1)
        #expect(stage.room.isInCharge(Stage.person(2)))
        try stage.ask(.attend(Stage.person(2), .away), by: 2)
        #expect(!stage.room.isInCharge(Stage.person(2)))
        #expect(stage.room.isInCharge(Stage.person(3)))
        try stage.ask(.attend(Stage.person(3), .away), by: 3)
        #expect(stage.room.isInCharge(Stage.person(2)))
        var moderated = try Stage.ready(peers: 2, facilitators: 1)
        try moderated.ask(moderated.start(1), by: 90)
        #expect(!moderated.room.isInCharge(Stage.person(1)))
        try moderated.exclude(90)
        #expect(moderated.room.isInCharge(Stage.person(1)))
        #expect(moderated.refusal(.end, by: 2) == .notInCharge)
        try moderated.ask(.end, by: 1)
    }

    @Test func `planned rounds follow each other without gaps until the closing`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1), by: 1)
        let began = stage.now
        func check() {
            let rounds = stage.room.plannedRounds
            #expect(rounds.map(\.round) == [1, 2, 3])
            #expect(rounds[0].start == began.adding(milliseconds: 60_000))
            #expect(rounds[0].end == rounds[1].start)
            #expect(rounds[1].end == rounds[2].start)
            #expect(rounds[2].end == began.adding(milliseconds: 60_000 + 2_700_000))
        }
        check()
        while stage.room.session?.place.round != 2 { try stage.wake() }
        check()
        while stage.room.session?.place.round != 4 { try stage.wake() }
        check()
    }

    @Test func `the clock of a single pod moves no other`() throws {
        var stage = try Stage.ready(peers: 6)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let turn = try #require(stage.room.session?.openTurns.first { $0.pod.number == 1 })
        let place = PhasePlace(round: 1, phase: 2)
        let ends = stage.now.adding(milliseconds: 9_000)
        let started = PhaseStarted(place: place, pod: 1, ends: ends)
        stage.room.evolve(RoomRecord(at: stage.now, by: nil, event: .phaseStarted(started)))
        #expect(stage.room.part(of: turn.pod.client)?.phase.name == "feedback")
        #expect(stage.room.part(of: turn.pod.client)?.ends == ends)
        let other = try #require(stage.room.session?.openTurns.first { $0.pod.number == 0 })
        #expect(stage.room.part(of: other.pod.client)?.phase.name == "agree")
        #expect(stage.room.session?.place == PhasePlace(round: 1, phase: 0))
    }

    @Test(arguments: 2...8)
    func `over sessions those who are always there are client equally often`(peers: Int) throws {
        var stage = try Stage.ready(peers: peers)
        for number in 1...4 {
            try stage.ask(stage.start(number, format: Stage.rounds), by: 1)
            while stage.room.session != nil { try stage.wake() }
            let clients = try #require(stage.room.lastSession).turns.map(\.turn.pod.client)
            #expect(clients.sorted() == (1...peers).map { Stage.person($0) })
            for person in 1...peers {
                #expect(stage.room.history[Stage.person(person)].asClient == number)
                #expect(stage.room.history[Stage.person(person)].asCoach == number)
            }
        }
    }
}

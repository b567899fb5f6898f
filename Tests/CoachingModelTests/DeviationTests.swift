// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct DeviationTests {
    typealias Stage = RoomStage
    private static let minute: Int64 = 60_000

    private func person(_ number: Int) -> PersonID { Stage.person(number) }

    private func terms(
        _ less: Int,
        _ more: Int,
        _ minutes: UInt16? = 10,
        once: Bool = false
    ) -> Deviation {
        Deviation(less: person(less), more: person(more), minutes: minutes, once: once)
    }

    /// A session of three; the last client's turn is ended after a minute.
    private func cutShort(_ stage: inout Stage, session: Int) throws -> PersonID {
        try stage.ask(stage.start(session, format: Stage.rounds), by: 1)
        while stage.room.session?.place.round != 3 { try stage.wake() }
        let last = try #require(stage.room.session?.pods(of: 3).first?.client)
        stage.pass(seconds: 60)
        try stage.ask(.end, by: 1)
        return last
    }

    /// Three, of whom the one who would be client last in a first session agreed to less.
    private func agreed(_ minutes: UInt16?, once: Bool = false) throws -> (Stage, PersonID) {
        var probe = try Stage.ready(peers: 3)
        let last = Stage.number(of: try cutShort(&probe, session: 1))
        let other = last == 1 ? 2 : 1
        var stage = try Stage.ready(peers: 3)
        try stage.ask(.proposeDeviation(terms(last, other, minutes, once: once)), by: last)
        try stage.ask(.agreeDeviation(terms(last, other, minutes, once: once)), by: other)
        let cut = try cutShort(&stage, session: 1)
        #expect((cut == person(last)) == (minutes != nil))
        return (stage, person(last))
    }

    @Test func `one of two proposes, the other agrees, either ends it`() throws {
        for ending in 1...2 {
            var stage = try Stage.ready(peers: 3)
            try stage.ask(.proposeDeviation(terms(1, 2)), by: 1)
            #expect(stage.room.deviations(of: person(2)).map(\.isAgreed) == [false])
            try stage.ask(.agreeDeviation(terms(1, 2)), by: 2)
            let known = try #require(stage.room.deviations(of: person(1)).first)
            #expect((known.isAgreed, known.proposer) == (true, person(1)))
            #expect(stage.room.deviations(of: person(3)).isEmpty)
            #expect(stage.log.suffix(2).map(\.by) == [person(1), person(2)])
            try stage.ask(.endDeviation(terms(1, 2)), by: ending)
            #expect(stage.room.deviations.isEmpty)
        }
    }

    @Test func `what cannot be agreed is refused by name`() throws {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        let same = Deviation(less: person(1), more: person(1), minutes: 5, once: false)
        for (wrong, by) in [(same, 1), (terms(1, 9), 1), (terms(1, 90), 1), (terms(1, 2), 3)] {
            #expect(stage.refusal(.proposeDeviation(wrong), by: by) == .deviationUnfit)
        }
        for minutes in [0, 241] as [UInt16] {
            let wrong = terms(1, 2, minutes)
            #expect(stage.refusal(.proposeDeviation(wrong), by: 1) == .outOfBounds)
        }
        #expect(stage.refusal(.proposeDeviation(terms(1, 2)), as: .administrator) == .notAMember)
        #expect(stage.refusal(.agreeDeviation(terms(1, 2)), by: 2) == .deviationUnknown)
        #expect(stage.refusal(.endDeviation(terms(1, 2)), by: 2) == .deviationUnknown)
        try stage.ask(.proposeDeviation(terms(1, 2)), by: 1)
        #expect(stage.refusal(.proposeDeviation(terms(1, 2)), by: 1) == .deviationKnown)
        #expect(stage.refusal(.agreeDeviation(terms(1, 2)), by: 1) == .deviationUnknown)
        #expect(stage.refusal(.agreeDeviation(terms(1, 2)), by: 3) == .deviationUnknown)
        #expect(stage.refusal(.agreeDeviation(terms(1, 2, 9)), by: 2) == .deviationUnknown)
        #expect(stage.refusal(.endDeviation(terms(1, 2)), by: 3) == .deviationUnknown)
        // The other one proposes something else instead.
        try stage.ask(.proposeDeviation(terms(1, 2, 5)), by: 2)
        #expect(stage.refusal(.agreeDeviation(terms(1, 2)), by: 2) == .deviationUnknown)
        try stage.ask(.agreeDeviation(terms(1, 2, 5)), by: 1)
        #expect(stage.refusal(.agreeDeviation(terms(1, 2, 5)), by: 2) == .deviationKnown)
        #expect(stage.refusal(.proposeDeviation(terms(2, 1)), by: 2) == .deviationKnown)
    }

    @Test func `a server agrees in nobody's name without a proposal of the other one`() throws {
        var stage = try Stage.ready(peers: 2)
        func record(_ by: PersonID?, _ event: RoomEvent) -> RoomRecord {
            RoomRecord(at: stage.now, by: by, event: event)
        }
        for forged in [
            record(nil, .deviationProposed(terms(1, 2))),
            record(person(2), .deviationAgreed(terms(1, 2))),
            record(nil, .deviationEnded(terms(1, 2))),
        ] {
            #expect(throws: RoomRejection.self) { try stage.room.check(forged) }
            stage.room.evolve(forged)
            #expect(stage.room.deviations.isEmpty)
        }
    }

    @Test func `who agreed to less is owed nothing, and nobody is told of an imbalance`() throws {
        let (stage, last) = try agreed(14)
        #expect(stage.room.lastSession?.owed == [])
        #expect(stage.room.history.owed[last] == nil)
        let ledger = Ledger(of: stage.room.sessions, in: stage.room)
        #expect(ledger.imbalance(of: last) == nil)
        let row = try #require(ledger.rows.first { $0.person == last })
        #expect((row.agreed, row.missed) == (-14 * Self.minute, 0))
    }

    @Test func `a whole turn that was given away is not owed`() throws {
        let (stage, last) = try agreed(nil)
        #expect(stage.room.lastSession?.owed == [])
        #expect(Ledger(of: stage.room.sessions, in: stage.room).imbalance(of: last) == nil)
    }

    @Test func `a whole turn that was given away is planned for the other one`() throws {
        for (less, more) in [(1, 2), (2, 1), (3, 1), (2, 3)] {
            var stage = try Stage.ready(peers: 3)
            try stage.ask(.proposeDeviation(terms(less, more, nil)), by: less)
            try stage.ask(.agreeDeviation(terms(less, more, nil)), by: more)
            try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
            let rounds = try #require(stage.room.session?.plan.rounds)
            let clients = rounds.joined().map(\.client)
            #expect(clients.count { $0 == person(more) } == 2)
            #expect(!clients.contains(person(less)))
            for pod in rounds.joined() { #expect(Set(pod.people).count == 3) }
        }
    }

    @Test func `too few minutes given away leave the turn owed`() throws {
        let (stage, last) = try agreed(2)
        #expect(stage.room.lastSession?.owed == [last])
    }

    @Test func `what was agreed once ends with that session, and who leaves ends theirs`() throws {
        let (once, _) = try agreed(14, once: true)
        #expect(once.room.deviations.isEmpty)
        #expect(once.room.lastSession?.deviations.count == 1)
        var (stays, last) = try agreed(14)
        #expect(stays.room.deviations.count == 1)
        try stays.exclude(Stage.number(of: last))
        #expect(stays.room.deviations.isEmpty)
    }
}

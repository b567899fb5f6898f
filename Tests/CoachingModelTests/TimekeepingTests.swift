// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct TimekeepingTests {
    typealias Stage = RoomStage

    private func person(_ number: Int) -> PersonID { Stage.person(number) }

    private func charge(_ stage: Stage) -> [Int] {
        stage.room.members.map(\.person).filter { stage.room.isInCharge($0) }
            .map { Stage.number(of: $0) }
    }

    /// Holds a session to its end.
    private func hold(_ number: Int, by starter: Int, _ stage: inout Stage) throws {
        try stage.ask(stage.start(number), by: starter)
        while stage.room.session != nil { try stage.wake() }
    }

    // MARK: - The rota

    @Test func `who starts the first session keeps its time, then it goes round`() throws {
        var stage = try Stage.ready(peers: 3)
        #expect(stage.room.rota == (1...3).map(person))
        try hold(1, by: 2, &stage)
        #expect(stage.room.rota == [person(1), person(3), person(2)])
        var hosts: [PersonID?] = []
        for number in 2...7 {
            try stage.ask(stage.start(number), by: 2)
            hosts.append(stage.room.session?.host)
            while stage.room.session != nil { try stage.wake() }
        }
        #expect(hosts == [1, 3, 2, 1, 3, 2].map(person))
    }

    @Test func `who is away is passed over and does not lose their place`() throws {
        var stage = try Stage.ready(peers: 4)
        try hold(1, by: 1, &stage)
        try stage.ask(.attend(person(2), .away), by: 2)
        try stage.ask(stage.start(2), by: 4)
        #expect(stage.room.session?.host == person(3))
        #expect(charge(stage) == [3])
        try stage.ask(.end, by: 3)
        #expect(stage.room.rota == [2, 4, 1, 3].map(person))
    }

    @Test func `any peer changes the order, for exactly the peers that there are`() throws {
        var stage = try Stage.ready(peers: 3)
        let order = [3, 1, 2].map(person)
        #expect(try stage.ask(.setRota(order), by: 1) == [.rotaSet(RotaSet(order: order))])
        #expect(try stage.ask(.setRota(order), by: 2) == [])
        #expect(stage.refusal(.setRota([person(3), person(1)]), by: 1) == .rotaConflict)
        let twice = [3, 3, 1].map(person)
        #expect(stage.refusal(.setRota(twice), by: 1) == .rotaConflict)
        let stranger = [3, 1, 7].map(person)
        #expect(stage.refusal(.setRota(stranger), by: 1) == .rotaConflict)
        #expect(stage.refusal(.setRota(order), as: .administrator) == .notAMember)
        try stage.ask(stage.start(1), by: 1)
        #expect(stage.room.session?.host == person(3))
    }

    @Test func `who comes new is last, and who leaves is out of the rota`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(.setRota([2, 3, 1].map(person)), by: 1)
        try stage.ask(stage.admission(stage.room.members + [Stage.member(5)], by: 1), by: 1)
        #expect(stage.room.rota == [2, 3, 1, 5].map(person))
        try stage.exclude(3)
        #expect(stage.room.rota == [2, 1, 5].map(person))
    }

    @Test func `a rota in the log that cannot be brings nobody in`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        let order = [2, 2, 7, 90, 1].map(person)
        stage.room.evolve(
            RoomRecord(at: stage.now, by: nil, event: .rotaSet(RotaSet(order: order)))
        )
        #expect(stage.room.rota == [2, 1].map(person))
        stage.room.evolve(
            RoomRecord(at: stage.now, by: nil, event: .handedOver(HandedOver(to: person(7))))
        )
        #expect(stage.room.standIn == nil)
    }

    // MARK: - Handing over

    @Test func `a facilitator lets a peer start and keep the time of one session`() throws {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        #expect(stage.refusal(stage.start(1), by: 2) == .notInCharge)
        #expect(stage.refusal(.handOver(person(2)), by: 2) == .notInCharge)
        #expect(stage.refusal(.handOver(person(90)), by: 90) == .notAPeer)
        try stage.ask(.handOver(person(2)), by: 90)
        #expect(charge(stage) == [2, 90])
        #expect(stage.refusal(stage.start(1), by: 1) == .notInCharge)
        try stage.ask(stage.start(1), by: 2)
        #expect(stage.room.timekeepers == [person(2)])
        try stage.ask(.pause, by: 2)
        try stage.ask(.resume, by: 90)
        try stage.ask(.end, by: 2)
        #expect(stage.room.standIn == nil)
        #expect(charge(stage) == [90])
    }

    @Test func `what was handed over can be taken back, or given back`() throws {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        try stage.ask(stage.start(1), by: 90)
        try stage.ask(.handOver(person(2)), by: 90)
        try stage.ask(.handOver(person(3)), by: 2)
        #expect(charge(stage) == [3, 90])
        #expect(stage.refusal(.skip, by: 2) == .notInCharge)
        try stage.ask(.handOver(nil), by: 3)
        #expect(charge(stage) == [90])
        #expect(try stage.ask(.handOver(nil), by: 90) == [])
    }

    @Test func `keeping time lets nobody in or out`() throws {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        try stage.ask(.handOver(person(2)), by: 90)
        try stage.ask(stage.start(1), by: 2)
        let out = RoomCommand.exclude(
            person(3),
            .removed,
            marks: stage.marks(excluding: person(3))
        )
        #expect(stage.refusal(out, by: 2) == .notAKeeper)
        #expect(!stage.room.isKeeper(person(2)))
    }

    @Test func `a host hands over to who is present, in a session only`() throws {
        var stage = try Stage.ready(peers: 3)
        #expect(stage.refusal(.handOver(person(2)), by: 1) == .noSession)
        try stage.ask(.attend(person(3), .away), by: 3)
        try stage.ask(stage.start(1), by: 1)
        #expect(stage.refusal(.handOver(person(3)), by: 1) == .notPresent)
        try stage.ask(.handOver(person(2)), by: 1)
        #expect(charge(stage) == [2])
        try stage.exclude(2)
        #expect(charge(stage) == [1])
    }

    // MARK: - Who is lost

    @Test
    func `in place of a lost facilitator the first of the rota keeps time until they are back`()
        throws
    {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        try stage.ask(.setRota([3, 1, 2].map(person)), by: 1)
        try stage.ask(stage.start(1), by: 90)
        #expect(stage.room.timekeepers == [person(90)])
        #expect(stage.refusal(.reach(person(90), false), by: 3) == .notInCharge)
        try stage.ask(.reach(person(90), false), as: .server)
        #expect(stage.room.timekeepers == [person(3)])
        #expect(charge(stage) == [3, 90])
        #expect(stage.room.presence(of: person(90)) == .here)
        try stage.ask(.attend(person(3), .away), by: 3)
        #expect(stage.room.timekeepers == [person(1)])
        try stage.ask(.reach(person(90), true), as: .server)
        #expect(charge(stage) == [90])
        #expect(try stage.ask(.reach(person(90), true), as: .server) == [])
    }

    @Test func `whom the facilitator named goes before the rota`() throws {
        var stage = try Stage.ready(peers: 3, facilitators: 1)
        try stage.ask(stage.start(1), by: 90)
        try stage.ask(.handOver(person(2)), by: 90)
        try stage.ask(.reach(person(90), false), as: .server)
        #expect(stage.room.timekeepers == [person(2)])
        try stage.ask(.reach(person(2), false), as: .server)
        #expect(stage.room.timekeepers == [person(1)])
    }

    @Test func `a lost host stays in the plan, and has the time again when they are back`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        let rounds = stage.room.session?.plan.rounds
        try stage.ask(.reach(person(1), false), as: .server)
        #expect(charge(stage) == [1, 2])
        try stage.wake()
        #expect(stage.room.session?.plan.rounds == rounds)
        try stage.ask(.reach(person(1), true), as: .server)
        #expect(charge(stage) == [1])
        #expect(stage.refusal(.reach(person(2), false), as: .server) == .notInCharge)
        try stage.ask(.end, by: 1)
        #expect(stage.refusal(.reach(person(1), false), as: .server) == .noSession)
    }

    @Test func `where nobody at all is there any peer can end the session`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1), by: 1)
        for number in 1...2 { try stage.ask(.attend(person(number), .away), by: number) }
        try stage.ask(.end, by: 2)
        #expect(stage.room.session == nil)
    }
}

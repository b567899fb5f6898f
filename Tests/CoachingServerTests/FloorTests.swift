// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingTestKit
import CoachingWire
import Testing

/// The server keeps the order of speaking that a format has.
struct FloorTests {
    private let room = Programme.room

    private var start: SessionStart {
        var start = SessionStart.sample()
        start.format.opening[0].parts[0].floor = .round
        start.format.round[0].parts[0].floor = .questionFirst
        return start
    }

    private func call(_ wish: FloorWish, _ client: TestClient) -> RoomAct {
        .floor(FloorCall(wish: wish, person: client.person.id))
    }

    @Test func `one speaks at a time, by whoever has the floor`() throws {
        let programme = try Programme.founded(3)
        let clients = Array(programme.clients.dropFirst())
        #expect(try clients[0].act(room, .start(start)).isDone)
        for client in clients { try client.read() }
        let holder = try #require(
            clients[0].rooms[room]?.room.floor(of: clients[0].person.id)?.holder
        )
        let first = try #require(clients.first { $0.person.id == holder })
        let others = clients.filter { $0.person.id != holder }
        #expect(try first.post(room, .room).posted != nil)
        #expect(try others[0].post(room, .room).refusal == RefusalCode(.notYourTurn))
        #expect(try others[0].act(room, call(.pass, first)).refusal == RefusalCode(.notInCharge))
        #expect(try first.act(room, call(.pass, first)).isDone)
        #expect(try first.post(room, .room).refusal == RefusalCode(.notYourTurn))
        for client in clients { try client.read() }
        let next = try #require(
            others[0].rooms[room]?.room.floor(of: others[0].person.id)?.holder
        )
        let second = try #require(clients.first { $0.person.id == next })
        #expect(try second.post(room, .room).posted != nil)
    }

    @Test func `the phase ends when the last one is ready, for everybody`() throws {
        let programme = try Programme.founded(3)
        let clients = Array(programme.clients.dropFirst())
        #expect(try clients[0].act(room, .start(start)).isDone)
        for client in clients {
            #expect(clients[0].rooms[room]?.room.session?.place.round != 1)
            #expect(try client.act(room, call(.ready, client)).isDone)
            try clients[0].read()
        }
        #expect(clients[0].rooms[room]?.room.session?.place == PhasePlace(round: 1, phase: 0))
    }

    @Test func `a phase goes on past its time until what it asks for is put down`() throws {
        let programme = try Programme.founded(3)
        let clients = Array(programme.clients.dropFirst())
        var start = SessionStart.sample()
        start.format.round[0].parts[0].must = [.say]
        #expect(start.format.round[0].parts[0].role == .client)
        #expect(try clients[0].act(room, .start(start)).isDone)
        programme.world.live(seconds: 61)
        for client in clients { try client.read() }
        func session() throws -> RunningSession {
            try clients[0].read()
            return try #require(clients[0].rooms[room]?.room.session)
        }
        let turn = try #require(try session().openTurns.first)
        let client = try #require(clients.first { $0.person.id == turn.pod.client })
        for one in clients {
            #expect(try one.post(room, .own(one.person.id), .note, "mine").posted != nil)
        }
        programme.world.live(seconds: 65)
        #expect(try session().place == PhasePlace(round: 1, phase: 0))
        #expect(try session().clock.isHeld)
        // Of another kind, or elsewhere, it is not what is asked for.
        #expect(try client.post(room, .turn(turn.id), .answer, "yes").posted != nil)
        #expect(try session().clock.isHeld)
        #expect(try client.post(room, .turn(turn.id), .say, "it").posted != nil)
        programme.world.live(seconds: 1)
        #expect(try session().place == PhasePlace(round: 1, phase: 1))
    }

    @Test func `a statement must cite a question, and nothing else`() throws {
        let programme = try Programme.founded(3)
        let clients = Array(programme.clients.dropFirst())
        #expect(try clients[0].act(room, .start(start)).isDone)
        programme.world.live(seconds: 61)
        for client in clients { try client.read() }
        let turn = try #require(clients[0].rooms[room]?.room.session?.openTurns.first)
        let key = TranscriptKey.turn(turn.id)
        let client = try #require(clients.first { $0.person.id == turn.pod.client })
        let coach = try #require(clients.first { turn.pod.coaches.contains($0.person.id) })
        let uncited = RefusalCode(.questionNotCited)
        #expect(try client.post(room, key).refusal == uncited)
        let question = try #require(try coach.post(room, key, .ask, "What if?").posted)
        #expect(try client.post(room, key).refusal == uncited)
        #expect(try client.post(room, key, cites: [question + 5]).refusal == uncited)
        let statement = try #require(try client.post(room, key, cites: [question]).posted)
        #expect(try client.post(room, key, cites: [statement]).refusal == uncited)
        #expect(try client.post(room, key, .answer, "Then", cites: [question]).posted != nil)
        // Others are not bound, and reflect without citing.
        #expect(try coach.post(room, key, .reflect, "So").posted != nil)
    }
}

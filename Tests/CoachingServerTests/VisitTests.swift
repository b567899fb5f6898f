// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingWire
import Testing

/// What a visiting facilitator gets of a turn, and what they do not.
struct VisitTests {
    private let room = Programme.room

    private func state(_ client: TestClient) throws -> Room {
        try client.read()
        return try #require(client.rooms[room]?.room)
    }

    private func yes(_ client: TestClient, _ turn: TurnID, _ number: UInt64) throws -> SignedBytes {
        let request = try #require(try state(client).visitRequest(turn))
        return try client.device.signing.sign(
            VisitYes(
                room: room,
                turn: turn,
                visitor: request.visitor,
                asked: request.position,
                number: number
            )
        )
    }

    @Test func `a visitor gets what is written from the yes until the end, and nothing else`()
        throws
    {
        let programme = try Programme.founded(3, facilitators: 1)
        let facilitator = try #require(programme.clients.last)
        var start = SessionStart.sample()
        start.format.visits = true
        #expect(try facilitator.act(room, .start(start)).isDone)
        while try state(facilitator).session?.openTurns.isEmpty == true {
            #expect(try facilitator.act(room, .skip).isDone)
        }
        let turn = try #require(try state(facilitator).session?.openTurns.first)
        let key = TranscriptKey.turn(turn.id)
        let place = TurnPlace(turn.id)
        func client(_ person: PersonID) throws -> TestClient {
            try #require(programme.clients.first { $0.person.id == person })
        }
        let (own, coach) = (try client(turn.pod.client), try client(turn.pod.coaches[0]))
        let kind = try #require(
            try state(own).part(of: own.person.id)?.part?.kinds.first { $0 != .ask }
        )
        #expect(try own.post(room, key, kind, "before").posted == 2)
        #expect(try coach.act(room, .askVisit(place)).refusal == RefusalCode(.facilitatorOnly))
        #expect(try facilitator.act(room, .askVisit(place)).isDone)
        #expect(try facilitator.live(room, key) == [])
        let forged = try yes(coach, turn.id, 2)
        #expect(try own.act(room, .allowVisit(forged)).refusal == .badSignature)
        let stale = try yes(own, turn.id, 1)
        #expect(try own.act(room, .allowVisit(stale)).refusal == RefusalCode(.staleAudience))
        let right = try yes(own, turn.id, 2)
        #expect(try facilitator.act(room, .allowVisit(right)).refusal == .badSignature)
        #expect(try own.act(room, .allowVisit(right)).isDone)
        // The key of before is stale by now.
        let old = try own.seal(room, key, kind, "for fewer")
        let refusal = try own.ask(.post(Post(room: room, item: old))).refusal
        #expect(refusal == RefusalCode(.staleAudience))
        own.rooms[room]?.keys[key] = nil
        #expect(try own.post(room, key, kind, "during").posted == 4)
        #expect(try facilitator.live(room, key) == [3, 4])
        #expect(try facilitator.post(room, key, .say).refusal == RefusalCode(.notInScope))
        // Who comes back while visiting gets the same.
        let again = TestClient(programme.world, facilitator.person)
        try again.connect()
        try again.follow(room)
        #expect(try again.live(room, key).prefix(2) == [3, 4])
        try again.cut()
        let last = try #require(try state(own).position as UInt64?)
        #expect(try own.act(room, .endVisit(place)).isDone)
        #expect(try state(own).position > last)
        own.rooms[room]?.keys[key] = nil
        let number = try #require(try own.post(room, key, kind, "after").posted)
        #expect(try coach.live(room, key).contains(number))
        #expect(try !facilitator.live(room, key).contains(number))
        let late = TestClient(programme.world, facilitator.person)
        try late.connect()
        try late.follow(room)
        #expect(try !late.live(room, key).contains(number))
        for client in [own, coach, facilitator, late] { #expect(client.findings == []) }
    }
}

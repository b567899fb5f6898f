// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingTestKit
import CoachingWire
import Testing

/// Consents are taken from who reads the transcript, whenever it takes a key of theirs.
struct ReleaseTests {
    private let room = Programme.room

    @Test func `a consent comes from the readers of a turn alone, also when it is over`() throws {
        let programme = try Programme.founded(3, facilitators: 1)
        let start = SessionStart.sample(medium: .typed)
        let keeper = programme.clients[3]
        #expect(try keeper.act(room, .start(start)).isDone)
        programme.world.live(seconds: 61)
        for client in programme.clients { try client.read() }
        let turn = try #require(keeper.rooms[room]?.room.session?.openTurns.first)
        let key = TranscriptKey.turn(turn.id)
        for isOver in [false, true] {
            if isOver { #expect(try keeper.act(room, .end).isDone) }
            for client in programme.clients.dropFirst() {
                try client.read()
                client.rooms[room]?.keys[key] = nil
                let reply = try client.post(room, key, .consent, "", cites: [1])
                let isReader = turn.pod.people.contains(client.person.id)
                #expect((reply.posted != nil) == isReader)
                if !isReader { #expect(reply.refusal == RefusalCode(.notInScope)) }
            }
            // Whatever else is over stays over.
            guard isOver else { continue }
            let reader = try #require(
                programme.clients.first { turn.pod.people.contains($0.person.id) }
            )
            #expect(try reader.post(room, key).refusal == RefusalCode(.scopeClosed))
        }
    }

    @Test func `nobody consents where they do not read`() throws {
        let programme = try Programme.founded(4, facilitators: 1)
        let pair = TranscriptKey.between(programme.people[1].id, programme.people[2].id)
        #expect(try programme.clients[1].post(room, pair).posted == 2)
        #expect(try programme.clients[2].post(room, pair, .consent, "", cites: [2]).posted == 4)
        for key in [pair, .own(programme.people[1].id)] {
            let refusal = try programme.clients[3].post(room, key, .consent, "", cites: [2]).refusal
            #expect(refusal == RefusalCode(.notInScope))
        }
        let facilitator = programme.clients[4]
        #expect(
            try facilitator.post(room, .peers, .consent, "", cites: [1]).refusal
                == RefusalCode(.notInScope)
        )
    }
}

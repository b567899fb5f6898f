// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingServer
import CoachingTestKit
import CoachingWire
import Testing

/// What a facilitator alone may do, asked of a server.
struct ModerationTests {
    private let room = Programme.room

    private func state(_ client: TestClient) throws -> Room {
        try client.read()
        return try #require(client.rooms[room]?.room)
    }

    @Test func `muting, giving the floor and shutting go through the server, by name`() throws {
        let programme = try Programme.founded(3, facilitators: 1)
        let peer = programme.clients[1]
        let facilitator = try #require(programme.clients.last)
        let muted = Muted(person: peer.person.id, isMuted: true)
        #expect(try facilitator.act(room, .mute(muted)).refusal == RefusalCode(.noSession))
        #expect(try facilitator.act(room, .start(SessionStart.sample())).isDone)
        #expect(try peer.act(room, .mute(muted)).refusal == RefusalCode(.facilitatorOnly))
        #expect(try facilitator.act(room, .mute(muted)).isDone)
        #expect(try state(peer).mutedPeople == [peer.person.id])
        let give = FloorCall(wish: .give, person: peer.person.id)
        #expect(try facilitator.act(room, .floor(give)).refusal == RefusalCode(.muted))
        let again = Muted(person: peer.person.id, isMuted: false)
        #expect(try facilitator.act(room, .mute(again)).isDone)
        #expect(try state(peer).mutedPeople == [])
        #expect(try facilitator.act(room, .floor(give)).isDone)
        #expect(try state(peer).floor(of: peer.person.id)?.holder == peer.person.id)
        #expect(
            try peer.act(room, .shut(Shut(isShut: true))).refusal == RefusalCode(.facilitatorOnly)
        )
        #expect(try facilitator.act(room, .shut(Shut(isShut: true))).isDone)
        #expect(try state(peer).isShut)
        let wish = PodWish(person: peer.person.id, pod: 7)
        #expect(try facilitator.act(room, .move(wish)).refusal == RefusalCode(.podUnfit))
        #expect(try peer.act(room, .move(wish)).refusal == RefusalCode(.facilitatorOnly))
    }
}

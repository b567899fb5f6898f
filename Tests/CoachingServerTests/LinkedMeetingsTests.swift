// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

@testable import CoachingServer

/// A meeting that goes on from another one, and a facilitator's last session.
struct LinkedMeetingsTests {
    private let room = Programme.room

    private func state(_ client: TestClient) throws -> Room {
        try client.read()
        return try #require(client.rooms[room]?.room)
    }

    private func start(_ number: UInt64, _ name: String, _ link: MeetingLink?) -> SessionStart {
        var start = SessionStart.sample(Bytes16(high: 0x5e, low: number))
        start.format.name = name
        start.format.pods = PodSizes(smallest: 2, usual: 2, largest: 3)
        start.format.follows = link
        return start
    }

    private func hold(_ start: SessionStart, by client: TestClient) throws {
        #expect(try client.act(room, .start(start)).isDone)
        for _ in 0..<40 where try state(client).session != nil {
            #expect(try client.act(room, .skip).isDone)
        }
        #expect(try state(client).session == nil)
    }

    private var after: SessionStart {
        start(2, "after", MeetingLink(before: "work", written: true))
    }

    /// Two pairs who held the meeting before; with who coached whom there.
    private func worked() throws -> (Programme, TestClient, [Pod]) {
        let programme = try Programme.founded(4)
        let first = programme.clients[1]
        #expect(
            try first.act(room, .start(after)).refusal == RefusalCode(.meetingBeforeMissing)
        )
        try hold(start(1, "work", nil), by: first)
        let pods = try #require(try state(first).lastSession?.turns.map(\.turn.pod))
        return (programme, first, pods)
    }

    private func write(
        _ kind: EntryKind,
        _ programme: Programme,
        from: PersonID,
        to: PersonID
    ) throws {
        let author = try #require(programme.clients.first { $0.person.id == from })
        #expect(try author.post(room, .between(from, to), kind).posted != nil)
    }

    @Test func `it opens once all who coached have written, also across a restart`() throws {
        let (programme, first, pods) = try worked()
        let missing = RefusalCode(.writtenFeedbackMissing)
        #expect(try first.act(room, .start(after)).refusal == missing)
        for pod in pods.dropLast() {
            try write(.feedback, programme, from: pod.coaches[0], to: pod.client)
            #expect(try first.act(room, .start(after)).refusal == missing)
        }
        let last = try #require(pods.last)
        // What goes the other way, or is no feedback, is not what is asked for.
        try write(.say, programme, from: last.coaches[0], to: last.client)
        #expect(try first.act(room, .start(after)).refusal == missing)
        try programme.world.restart(away: 1_000)
        for client in programme.clients {
            try client.connect()
            if client.rooms[room] != nil { _ = try client.follow(room) }
        }
        #expect(try first.act(room, .start(after)).refusal == missing)
        try write(.feedback, programme, from: last.coaches[0], to: last.client)
        #expect(try first.act(room, .start(after)).isDone)
        #expect(Set(try state(first).session?.plan.rounds.joined().map(\.client) ?? []).count == 4)
        for client in programme.clients { #expect(client.findings == []) }
    }

    @Test func `what was written before the meeting before does not count`() throws {
        let programme = try Programme.founded(2)
        let (one, other) = (programme.clients[1], programme.clients[2])
        for (from, to) in [(one, other), (other, one)] {
            try write(.feedback, programme, from: from.person.id, to: to.person.id)
        }
        programme.world.live(seconds: 5)
        try hold(start(1, "work", nil), by: one)
        let refusal = try one.act(room, .start(after)).refusal
        #expect(refusal == RefusalCode(.writtenFeedbackMissing))
    }

    @Test func `it is found on whichever page it is`() throws {
        var configuration = ServerConfiguration()
        configuration.pageBytes = 1_000
        let programme = try Programme.founded(2, configuration: configuration)
        let (one, other) = (programme.clients[1], programme.clients[2])
        try hold(start(1, "work", nil), by: one)
        for (from, to) in [(one, other), (other, one)] {
            try write(.feedback, programme, from: from.person.id, to: to.person.id)
        }
        for _ in 0..<20 {
            try write(.say, programme, from: one.person.id, to: other.person.id)
        }
        #expect(try one.act(room, .start(after)).isDone)
    }

    @Test func `who may not start it makes nobody read anything`() throws {
        let (programme, first, _) = try worked()
        let next = try #require(programme.clients.dropFirst().last)
        let gone = Attended(person: next.person.id, presence: .away)
        #expect(try next.act(room, .attend(gone)).isDone)
        programme.world.readsAtOnce = false
        #expect(try next.act(room, .start(after)).refusal == RefusalCode(.notPresent))
        #expect(programme.world.reads.isEmpty)
        programme.world.readsAtOnce = true
        let refusal = try first.act(room, .start(after)).refusal
        #expect(refusal == RefusalCode(.writtenFeedbackMissing))
    }

    @Test func `a store that cannot be read keeps nobody waiting for an answer`() throws {
        let (programme, first, pods) = try worked()
        for pod in pods { try write(.feedback, programme, from: pod.coaches[0], to: pod.client) }
        programme.world.readsAtOnce = false
        let id = try first.begin(.room(RoomRequest(room: room, act: .start(after))))
        #expect(programme.world.readNext(failing: .unavailable(.other)))
        programme.world.readsAtOnce = true
        #expect(try first.reply(id)?.refusal == .tryLater)
        #expect(try first.act(room, .start(after)).isDone)
    }

    @Test func `a facilitator leaves with the end of the session that was to be their last`()
        throws
    {
        let programme = try Programme.founded(3, facilitators: 1)
        let facilitator = try #require(programme.clients.last)
        let peer = programme.clients[1]
        #expect(
            try peer.act(room, .sayFarewell(Farewell(isLast: true))).refusal
                == RefusalCode(.facilitatorOnly)
        )
        #expect(try facilitator.act(room, .sayFarewell(Farewell(isLast: true))).isDone)
        #expect(try state(peer).leavingWithSession == [facilitator.person.id])
        try hold(start(1, "triad", nil), by: facilitator)
        programme.world.live(seconds: 2)
        let room = try state(peer)
        #expect(room.membership(of: facilitator.person.id) == nil)
        #expect(!room.hasFacilitator)
        // Nor is anybody's program asked to let them in again.
        let proposed = programme.world.core.directory.proposal(
            facilitator.person.participant,
            in: self.room
        )
        #expect(proposed == nil)
        #expect(room.isKeeper(peer.person.id))
        #expect(try facilitator.post(self.room, .room).refusal == .left)
        for client in programme.clients { #expect(client.findings == []) }
    }

    @Test func `the peers close and renew their relationship, and the server holds them to it`()
        throws
    {
        let programme = try Programme.founded(2)
        let peers = Array(programme.clients.dropFirst())
        let close = RoomAct.callRelationship(RelationshipCall(.close))
        #expect(try peers[0].act(room, close).refusal == RefusalCode(.relationshipYoung))
        try hold(start(1, "one", nil), by: peers[0])
        // The keeping of time goes round.
        let second = try #require(try state(peers[0]).rota.first)
        let next = try #require(peers.first { $0.person.id == second })
        try hold(start(2, "one", nil), by: next)
        for peer in peers { #expect(try peer.act(room, close).isDone) }
        let closed = RefusalCode(.relationshipClosed)
        #expect(try peers[0].act(room, .start(start(3, "one", nil))).refusal == closed)
        let renew = RoomAct.callRelationship(RelationshipCall(.renew))
        for peer in peers { #expect(try peer.act(room, renew).isDone) }
        #expect(try peers[0].act(room, .start(start(4, "one", nil))).isDone)
    }
}

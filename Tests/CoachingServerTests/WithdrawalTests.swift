// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

/// Who may take back what, and what becomes of it.
struct WithdrawalTests {
    private let room = Programme.room
    private let id = TranscriptID(room: Programme.room, key: .room)

    private func stored(_ programme: Programme, _ number: UInt64) throws -> ServerMessage {
        let frames = try programme.world.store.read(
            StreamID(id),
            number...number,
            bytesMax: .max
        )
        return try ServerMessage(
            body: Array(try #require(frames.first).frame.dropFirst(Frame.headBytes))
        )
    }

    @Test func `what its author takes back is a tombstone, and the chain holds`() throws {
        let programme = try Programme.founded(2)
        let (author, other) = (programme.clients[1], programme.clients[2])
        #expect(try author.post(room, .room, .say, "one").posted == 2)
        #expect(try author.post(room, .room, .say, "two").posted == 3)
        #expect(try other.post(room, .room, .say, "three").posted == 5)
        #expect(try author.withdraw(room, .room, 2).posted == 6)
        guard case .push(.tombstone(let tombstone)) = try stored(programme, 2) else {
            throw NoReply()
        }
        #expect(tombstone.by == 6)
        #expect(try other.live(room, .room) == [1, 2, 3, 4, 5, 6])
        #expect(other.rooms[room]?.transcripts[id]?.gone == [2: 6])
        // Who comes later gets the same chain and not the words.
        let late = TestClient(programme.world, programme.people[2])
        try late.connect()
        try late.follow(room)
        let copy = try #require(late.rooms[room]?.transcripts[id])
        #expect(copy.live == [1, 2, 3, 4, 5, 6])
        #expect(copy.gone == [2: 6])
        #expect(copy.items[2] == nil && copy.items[3] != nil)
        #expect(copy.head == author.rooms[room]?.transcripts[id]?.head)
        #expect(late.findings == [] && other.findings == [])
    }

    @Test func `several are taken back at once, or none`() throws {
        let programme = try Programme.founded(2)
        let author = programme.clients[1]
        for _ in 0..<3 { try author.post(room, .room) }
        #expect(try programme.clients[2].post(room, .room).posted == 6)
        let notMine = RefusalCode(.notAuthor)
        #expect(try author.withdraw(room, .room, 2, 3, 6).refusal == notMine)
        for number in UInt64(2)...6 {
            guard case .push(.item) = try stored(programme, number) else { throw NoReply() }
        }
        #expect(try author.withdraw(room, .room, 2, 4).posted == 8)
        #expect(author.rooms[room]?.transcripts[id]?.gone == [2: 8, 4: 8])
    }

    @Test func `a facilitator takes a line out of the room, and nothing out of anything else`()
        throws
    {
        let programme = try Programme.founded(2, facilitators: 1)
        let peer = programme.clients[1]
        let facilitator = try #require(programme.clients.last)
        let number = try #require(try peer.post(room, .room, .say, "rude").posted)
        let notMine = RefusalCode(.notAuthor)
        #expect(try facilitator.withdraw(room, .room, number - 1).refusal == notMine)
        let by = try #require(try facilitator.withdraw(room, .room, number).posted)
        guard case .push(.tombstone(let tombstone)) = try stored(programme, number) else {
            throw NoReply()
        }
        #expect(tombstone.by == by)
        #expect(try facilitator.withdraw(room, .room, number).refusal == RefusalCode(.takenBack))
        let direct = TranscriptKey.between(peer.person.id, facilitator.person.id)
        let word = try #require(try peer.post(room, direct, .say, "a word").posted)
        #expect(try facilitator.withdraw(room, direct, word).refusal == notMine)
        #expect(try peer.withdraw(room, direct, word).posted != nil)
        #expect(peer.findings == [] && facilitator.findings == [])
    }

    @Test func `nobody takes back another's line, a key, a withdrawal or the same again`() throws {
        let programme = try Programme.founded(2)
        let (author, other) = (programme.clients[1], programme.clients[2])
        #expect(try author.post(room, .room).posted == 2)
        let notMine = RefusalCode(.notAuthor)
        #expect(try other.withdraw(room, .room, 2).refusal == notMine)
        #expect(try author.withdraw(room, .room, 1).refusal == notMine)
        let number = try #require(try author.withdraw(room, .room, 2).posted)
        #expect(try author.withdraw(room, .room, 2).refusal == RefusalCode(.takenBack))
        #expect(try other.withdraw(room, .room, 2).refusal == RefusalCode(.takenBack))
        #expect(try author.withdraw(room, .room, number).refusal == notMine)
        #expect(try author.post(room, .room, .withdraw).refusal == .badRequest)
        #expect(try author.withdraw(room, .room, 99).refusal == .badRequest)
        #expect(try author.withdraw(room, .room, 0).refusal == .badRequest)
    }

    @Test func `who does not read it is told nothing about it`() throws {
        let programme = try Programme.founded(4)
        let pair = TranscriptKey.between(programme.people[1].id, programme.people[2].id)
        #expect(try programme.clients[1].post(room, pair).posted == 2)
        let stranger = programme.clients[3]
        let pairKey = try stranger.makeKey(room, pair)
        stranger.rooms[room]?.keys[pair] = pairKey
        let there = try stranger.post(room, pair, .withdraw, "", cites: [2]).refusal
        let other = TranscriptKey.between(programme.people[1].id, programme.people[4].id)
        let otherKey = try stranger.makeKey(room, other)
        stranger.rooms[room]?.keys[other] = otherKey
        let nowhere = try stranger.post(room, other, .withdraw, "", cites: [2]).refusal
        #expect(there == .notFound && nowhere == .notFound)
    }

    @Test func `who was let in again takes back what they still read`() throws {
        let programme = try Programme.founded(3)
        let author = programme.clients[3]
        #expect(try author.post(room, .room).posted == 2)
        try FollowingTests().readmit(programme, 3)
        try author.follow(room)
        try programme.clients[1].post(room, .room)
        try author.read()
        #expect(try author.withdraw(room, .room, 2).posted == 6)
        #expect(try author.withdraw(room, .room, 4).refusal == RefusalCode(.notAuthor))
    }

    @Test func `the other device of the same person takes back as well`() throws {
        let programme = try Programme.founded(2)
        let author = programme.clients[1]
        #expect(try author.post(room, .room).posted == 2)
        let second = try DevicesTests.second(of: 1, in: programme)
        try second.follow(room)
        #expect(try second.withdraw(room, .room, 2).posted == 4)
        #expect(try author.live(room, .room) == [1, 2, 3, 4])
        #expect(author.rooms[room]?.transcripts[id]?.gone == [2: 4])
    }

    @Test func `a turn that is over still gives back`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        let start = SessionStart.sample(medium: .spoken)
        #expect(try programme.clients[1].act(room, .start(start)).isDone)
        world.live(seconds: 61)
        for client in programme.clients { try client.read() }
        let running = try #require(programme.clients[1].rooms[room]?.room.session)
        let turn = try #require(running.openTurns.first)
        let key = TranscriptKey.turn(turn.id)
        let client = programme.clients[1]
        #expect(try client.post(room, key).posted == 2)
        #expect(try client.act(room, .end).isDone)
        #expect(try client.post(room, key).refusal == RefusalCode(.scopeClosed))
        client.rooms[room]?.keys[key] = nil
        #expect(try client.withdraw(room, key, 2).posted == 4)
        let copy = programme.clients[2]
        try copy.read()
        let turnID = TranscriptID(room: room, key: key)
        #expect(copy.rooms[room]?.transcripts[turnID]?.gone == [2: 4])
    }

    @Test func `a page that was read before is not sent after`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        let author = programme.clients[1]
        #expect(try author.post(room, .room, .say, "one").posted == 2)
        let late = TestClient(world, programme.people[2])
        try late.connect()
        world.readsAtOnce = false
        try late.begin(late.followRequest(room))
        // The late one's page is read, and handed over only after the withdrawal.
        let held = world.holdNextRead()
        #expect(held)
        try author.read()
        let item = try author.seal(room, .room, .withdraw, "", cites: [2])
        let request = try author.begin(.post(Post(room: room, item: item)))
        while world.readNext() {}
        #expect(try author.reply(request)?.posted == 3)
        world.releaseHeldRead()
        while world.readNext() {}
        world.readsAtOnce = true
        world.live(seconds: 1)
        try late.read()
        let copy = try #require(late.rooms[room]?.transcripts[id])
        #expect(copy.live == [1, 2, 3])
        #expect(late.findings == [])
        #expect(
            !late.pushes.contains { if case .item(let one) = $0 { one.number == 2 } else { false } }
        )
    }

    @Test func `after a restart the key under which something is gone is not used on`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        let author = programme.clients[1]
        let made = try author.makeKey(room, .room)
        let event = try author.event(of: made, room, .room)
        #expect(try author.ask(.post(Post(room: room, item: event))).posted == 1)
        author.rooms[room]?.keys[.room] = made
        #expect(try author.post(room, .room, .say, "one").posted == 2)
        let spare = try #require(author.rooms[room]?.keys[.room])
        author.rooms[room]?.keys[.room] = nil
        // Under another key, so that nothing after it tells how far the first one got.
        #expect(try author.withdraw(room, .room, 2).posted == 4)
        try world.restart()
        try author.connect()
        try author.follow(room)
        var sender = spare
        var salts = SplitMix64(seed: 1)
        let next = try sender.seal(
            [0xa0],
            kind: .say,
            seenNumber: 0,
            seenHead: .zero,
            using: &salts
        )
        sender = spare
        sender.rewind(to: 1)
        let again = try sender.seal(
            [0xa0],
            kind: .say,
            seenNumber: 0,
            seenHead: .zero,
            using: &salts
        )
        let unknown = RefusalCode(.keyUnknown)
        #expect(try author.ask(.post(Post(room: room, item: next))).refusal == unknown)
        #expect(try author.ask(.post(Post(room: room, item: again))).refusal == unknown)
        // The key event itself is still known by its bytes.
        #expect(try author.ask(.post(Post(room: room, item: event))).posted == 1)
        author.rooms[room]?.keys[.room] = nil
        #expect(try author.post(room, .room).posted == 6)
    }

    @Test func `a failed commit takes nothing back, and the same again does`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        let author = programme.clients[1]
        #expect(try author.post(room, .room).posted == 2)
        let item = try author.seal(room, .room, .withdraw, "", cites: [2])
        world.trouble = .unavailable(.diskFull)
        #expect(try author.ask(.post(Post(room: room, item: item))).refusal == .tryLater)
        guard case .push(.item) = try stored(programme, 2) else { throw NoReply() }
        world.trouble = nil
        #expect(try author.ask(.post(Post(room: room, item: item))).posted == 3)
        #expect(try author.ask(.post(Post(room: room, item: item))).posted == 3)
        guard case .push(.tombstone) = try stored(programme, 2) else { throw NoReply() }
    }

    @Test func `two withdrawals of one line in the same moment are one`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        let author = programme.clients[1]
        let second = try DevicesTests.second(of: 1, in: programme)
        try second.follow(room)
        #expect(try second.post(room, .room).posted == 2)
        #expect(try author.post(room, .room).posted == 4)
        try second.read()
        world.readsAtOnce = false
        let both = try [author, second].map { client in
            let item = try client.seal(room, .room, .withdraw, "", cites: [4])
            return try client.begin(.post(Post(room: room, item: item)))
        }
        world.readsAtOnce = true
        world.readNext()
        world.live(seconds: 1)
        #expect(try author.reply(both[0])?.posted == 5)
        #expect(try second.reply(both[1])?.refusal == RefusalCode(.takenBack))
    }

    @Test func `the store is wiped soon after, and not for every withdrawal`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        let author = programme.clients[1]
        world.live(seconds: 30)
        let before = world.purges
        for _ in 0..<5 { try author.post(room, .room) }
        for number in UInt64(2)...6 {
            #expect(try author.withdraw(room, .room, number).posted != nil)
        }
        world.live(seconds: 12)
        #expect(world.purges == before + 1)
        world.live(seconds: 60)
        #expect(world.purges == before + 1)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

struct PostingTests {
    private let room = Programme.room

    private func post(_ client: TestClient, _ item: [UInt8]) throws -> Reply {
        try client.ask(.post(Post(room: room, item: item)))
    }

    @Test func `the same bytes again get the same number, other bytes do not`() throws {
        let programme = try Programme.founded(2)
        let client = programme.clients[1]
        #expect(try client.announceKey(room, .room).posted == 1)
        let spare = client.rooms[room]?.keys[.room]
        let item = try client.seal(room, .room)
        #expect(try post(client, item).posted == 2)
        #expect(try post(client, item).posted == 2)
        client.rooms[room]?.keys[.room] = spare
        let other = try client.seal(room, .room, .say, "other")
        guard case .refusal(let refusal) = try post(client, other) else { throw NoReply() }
        #expect(refusal.code == .outOfStep)
        #expect(refusal.detail == 2)
        #expect(try programme.clients[2].live(room, .room) == [1, 2])
    }

    @Test func `a counter that leaves one out is told which is expected`() throws {
        let programme = try Programme.founded(2)
        let client = programme.clients[1]
        try client.announceKey(room, .room)
        _ = try client.seal(room, .room)
        let second = try client.seal(room, .room)
        guard case .refusal(let refusal) = try post(client, second) else { throw NoReply() }
        #expect(refusal.code == .outOfStep)
        #expect(refusal.detail == 1)
    }

    @Test func `an entry is known for ever, however many came after it`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        try client.announceKey(room, .room)
        let first = try client.seal(room, .room)
        let sender = try #require(client.rooms[room]?.keys[.room])
        #expect(try post(client, first).posted == 2)
        for _ in 0..<200 {
            world.live(seconds: 1)
            #expect(try post(client, try client.seal(room, .room)).posted != nil)
        }
        world.live(seconds: 5)
        #expect(try post(client, first).posted == 2)
        func reference(_ counter: UInt64) -> Request {
            .posted(
                EntryReference(
                    room: room,
                    transcript: sender.transcript,
                    key: sender.id,
                    counter: counter
                )
            )
        }
        #expect(try client.ask(reference(1)).posted == 2)
        #expect(try client.ask(reference(201)).posted == 202)
        #expect(try client.ask(reference(202)).posted == 0)
        #expect(try client.ask(reference(0)).posted == 0)
        #expect(try client.ask(reference(UInt64(Int64.max))).posted == 0)
        let before = world.journal.count
        var changed = sender
        changed.rewind(to: 1)
        let other = try changed.seal(
            EntryBody(text: "x").encoded(),
            kind: .say,
            seenNumber: 0,
            seenHead: .zero,
            using: &client.generator
        )
        #expect(try post(client, other).refusal == .outOfStep)
        #expect(world.journal.count == before)
    }

    @Test func `a key that is older than the last change of readers is stale`() throws {
        let programme = try Programme.founded(3)
        let client = programme.clients[1]
        try client.announceKey(room, .room)
        let leaving = programme.clients[3]
        #expect(try leaving.act(room, .exclude(leaving.person.id)).isDone)
        let stale = RefusalCode(.staleAudience)
        #expect(try post(client, client.seal(room, .room)).refusal == stale)
        client.rooms[room]?.keys[.room] = nil
        #expect(try client.post(room, .room).posted == 3)
    }

    @Test func `a key for other readers than the room has is refused`() throws {
        let programme = try Programme.founded(2)
        let client = programme.clients[1]
        let copy = try #require(client.rooms[room])
        let id = TranscriptID(room: room, key: .room)
        let devices = copy.room.readerDevices(of: .room)
        func key(
            _ devices: [DeviceID],
            _ position: UInt64,
            _ head: Bytes32,
            signer: SigningKey? = nil
        ) throws -> [UInt8] {
            client.secret += 1
            return try SenderKey(
                secret: Bytes32(client.secret, 1, 1, 1),
                signer: signer ?? client.device.signing,
                room: room,
                key: .room,
                audience: AudienceDigest.compute(
                    transcript: id,
                    position: position,
                    head: head,
                    devices: devices
                ),
                position: position,
                epoch: 1
            ).announcement(to: Cast.recipients(devices))
        }
        let invalid = RefusalCode(.keyInvalid)
        let position = copy.room.position
        #expect(try post(client, key([devices[0]], position, copy.head)).refusal == invalid)
        #expect(try post(client, key(devices, position, .zero)).refusal == invalid)
        let stale = RefusalCode(.staleAudience)
        #expect(try post(client, key(devices, position + 1, copy.head)).refusal == stale)
        #expect(try post(client, key(devices, UInt64(Int64.max), copy.head)).refusal == stale)
        #expect(try post(client, key(devices, 1, copy.head)).refusal == stale)
        let other = programme.people[2].devices[0].signing
        #expect(
            try post(client, key(devices, position, copy.head, signer: other)).refusal == invalid
        )
        var broken = try key(devices, position, copy.head)
        broken[broken.count - 1] ^= 1
        #expect(try post(client, broken).refusal == .badSignature)
        #expect(try post(client, key(devices, position, copy.head)).posted == 1)
    }

    @Test func `the key of another device is not for this one`() throws {
        let programme = try Programme.founded(2)
        let (one, two) = (programme.clients[1], programme.clients[2])
        try one.announceKey(room, .room)
        let item = try one.seal(room, .room)
        #expect(try post(two, item).refusal == RefusalCode(.keyUnknown))
        #expect(try post(one, item).posted == 2)
    }

    @Test func `an entry that names nobody is refused outside of prompts`() throws {
        let programme = try Programme.founded(2)
        let client = programme.clients[1]
        try client.announceKey(room, .room)
        let sender = try #require(client.rooms[room]?.keys[.room])
        let header = EntryHeader.unattributed(
            transcript: sender.transcript,
            key: sender.id,
            kind: .say
        )
        let item = EntryItem.encoded(
            header: header.encoded(),
            sealed: [UInt8](repeating: 0, count: 256),
            signature: []
        )
        #expect(try post(client, item).refusal == RefusalCode(.keyUnknown))
    }

    @Test(arguments: [[], [0x80], [0x83, 0x40, 0x40, 0x40], [0xf6], [0x01]] as [[UInt8]])
    func `what is no item is refused`(_ item: [UInt8]) throws {
        let programme = try Programme.founded(1)
        let client = programme.clients[1]
        guard !item.isEmpty else { return }
        #expect(try post(client, item).refusal == .badRequest)
        #expect(client.isConnected)
    }

    @Test func `who does not read a transcript cannot tell whether there is one`() throws {
        let programme = try Programme.founded(4)
        let pair = TranscriptKey.between(programme.people[1].id, programme.people[2].id)
        let other = TranscriptKey.between(programme.people[1].id, programme.people[4].id)
        #expect(try programme.clients[1].post(room, pair).posted == 2)
        let client = programme.clients[3]
        var refusals: [Set<Refusal>] = [[], []]
        for (index, key) in [pair, other].enumerated() {
            let made = try client.makeKey(room, key)
            var sender = made
            let entry = try sender.seal(
                EntryBody(text: "x").encoded(),
                kind: .say,
                seenNumber: 0,
                seenHead: .zero,
                using: &client.generator
            )
            let event = try made.announcement(
                to: Cast.recipients(programme.people.map { $0.devices[0].id })
            )
            for item in [event, entry] {
                guard case .refusal(var refusal) = try post(client, item) else { throw NoReply() }
                refusal.reference = ""
                refusals[index].insert(refusal)
            }
            #expect(
                try client.ask(
                    .posted(
                        EntryReference(
                            room: room,
                            transcript: made.transcript,
                            key: made.id,
                            counter: 1
                        )
                    )
                ).posted == 0
            )
        }
        #expect(refusals[0] == refusals[1])
    }

    @Test func `the floor decides who says what in a turn`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        let start = SessionStart.sample()
        #expect(try programme.clients[1].act(room, .start(start)).isDone)
        #expect(try programme.clients[1].post(room, .room, .say).posted != nil)
        #expect(
            try programme.clients[2].post(room, .room, .thanks).refusal
                == RefusalCode(.notYourFloor)
        )
        world.live(seconds: 61)
        for client in programme.clients { try client.read() }
        let session = try #require(programme.clients[1].rooms[room]?.room.session)
        let turn = try #require(session.openTurns.first)
        let client = try #require(
            programme.clients.first { $0.person.id == turn.pod.client }
        )
        let coach = try #require(
            programme.clients.first { turn.pod.coaches.contains($0.person.id) }
        )
        #expect(try client.post(room, .turn(turn.id), .say).posted == 2)
        #expect(try coach.post(room, .turn(turn.id), .ask).posted == 4)
        #expect(
            try coach.post(room, .turn(turn.id), .say).refusal == RefusalCode(.notYourFloor)
        )
        #expect(try coach.post(room, .own(coach.person.id), .note).posted == 2)
    }
}

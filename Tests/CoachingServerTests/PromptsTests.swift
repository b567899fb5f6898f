// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingStore
import CoachingStoreSQLite
import CoachingTestKit
import CoachingWire
import Foundation
import Testing

@testable import CoachingServer

/// Answers without names: kept back, delivered together, and never with whom they are from.
struct PromptsTests {
    private let room = Programme.room
    private let prompt = PromptID(Bytes16(high: 0x9a, low: 1))
    private var key: TranscriptKey { .prompt(prompt, .room) }
    private var id: TranscriptID { TranscriptID(room: room, key: key) }

    /// A room of six, in which the first has asked.
    private func asked(
        _ people: Int = 6,
        facilitators: Int = 0,
        store: any EventStore = MemoryStore()
    ) throws -> Programme {
        var configuration = ServerConfiguration()
        configuration.requestsBurst = 10_000
        let programme = try Programme.founded(
            people,
            facilitators: facilitators,
            configuration: configuration,
            store: store
        )
        #expect(try programme.clients[1].prompt(room, prompt).posted == 2)
        return programme
    }

    private func answers(_ client: TestClient) throws -> [Bytes32] {
        try client.read()
        let items = client.rooms[room]?.transcripts[id]?.items.sorted { $0.key < $1.key } ?? []
        return try items.compactMap { _, item in
            guard case .entry(let entry) = try ContentItem.parse(item),
                entry.header.isUnattributed
            else { return nil }
            return entry.parts.digest()
        }
    }

    private func state(_ programme: Programme, _ number: Int = 1) throws -> PromptState {
        try programme.clients[number].read()
        return try #require(programme.clients[number].rooms[room]?.room.prompts[prompt])
    }

    private func findings(_ programme: Programme) -> [String] {
        programme.clients.flatMap(\.findings)
    }

    @Test func `answers come together, by their hash, when it is closed`() throws {
        let programme = try asked()
        for number in [5, 2, 6, 3, 4] {
            #expect(try programme.clients[number].answer(room, key, "by \(number)").posted == 0)
            for client in programme.clients.dropFirst() {
                #expect(try client.live(room, key) == [1, 2], "Nothing is told of an answer.")
            }
        }
        let before = try #require(programme.clients[6].rooms[room]?.room.position)
        #expect(try programme.clients[1].act(room, .closePrompt(prompt)).isDone)
        for client in programme.clients.dropFirst() {
            #expect(try client.live(room, key) == [1, 2, 3, 4, 5, 6, 7])
            let answers = try answers(client)
            #expect(answers == answers.sorted() && answers.count == 5)
        }
        #expect(try state(programme, 6).closed?.answers == 5)
        #expect(programme.clients[6].rooms[room]?.room.position == before + 1)
        #expect(findings(programme) == [])
        // All have one time, that of the end.
        let frames = try programme.world.store.read(StreamID(id), 3...7, bytesMax: .max)
        let times = frames.compactMap { stored -> Timestamp? in
            guard case .push(.item(let item))? = StoredFrames.message(stored.frame) else {
                return nil
            }
            return item.at
        }
        #expect(Set(times) == [try #require(try state(programme).closed?.at)])
    }

    @Test func `when all have answered it closes by itself`() throws {
        let programme = try asked(5)
        for number in 1...5 {
            #expect(try state(programme).isOpen)
            try programme.clients[number].answer(room, key, "by \(number)")
        }
        #expect(try state(programme).closed?.answers == 5)
        #expect(try programme.clients[3].live(room, key).count == 7)
    }

    @Test func `four answers are discarded, and all are told just that`() throws {
        let programme = try asked()
        for number in 2...5 { try programme.clients[number].answer(room, key, "by \(number)") }
        #expect(try programme.clients[1].act(room, .closePrompt(prompt)).isDone)
        #expect(try state(programme, 6).closed?.answers == 0)
        #expect(try programme.clients[6].live(room, key) == [1, 2])
        #expect(Self.kept(programme.world.store).allSatisfy { $0.allSatisfy { $0 == 0 } })
        let late = try programme.clients[6].answer(room, key, "late").refusal
        #expect(late == RefusalCode(.scopeClosed))
    }

    @Test func `the same again is kept once, another is refused, and both after the end`() throws {
        let programme = try asked()
        let one = programme.clients[2]
        let item = try one.sealUnattributed(room, key, "mine")
        let post = Request.post(Post(room: room, item: item))
        #expect(try one.ask(post).posted == 0)
        #expect(try one.ask(post).posted == 0)
        #expect(try one.answer(room, key, "another").refusal == RefusalCode(.alreadyAnswered))
        // Somebody who got hold of it cannot make it count twice.
        let other = RefusalCode(.alreadyAnswered)
        #expect(try programme.clients[3].ask(post).refusal == other)
        for number in 3...6 { try programme.clients[number].answer(room, key, "by \(number)") }
        #expect(try programme.clients[1].act(room, .closePrompt(prompt)).isDone)
        #expect(try answers(one).count == 5)
        #expect(try one.ask(post).posted == 0)
        #expect(try one.answer(room, key, "another").refusal == RefusalCode(.scopeClosed))
    }

    @Test func `one with two devices answers once`() throws {
        let programme = try asked()
        let second = try DevicesTests.second(of: 2, in: programme)
        // The new device has ended it: whoever reads changed.
        #expect(try state(programme).closed?.answers == 0)
        let next = PromptID(Bytes16(high: 0x9a, low: 2))
        let key = TranscriptKey.prompt(next, .room)
        try programme.clients[1].read()
        #expect(try programme.clients[1].prompt(room, next).posted == 2)
        try second.follow(room)
        #expect(try second.answer(room, key, "here").posted == 0)
        let again = try programme.clients[2].answer(room, key, "and there").refusal
        #expect(again == RefusalCode(.alreadyAnswered))
    }

    @Test func `who goes has it closed before they go`() throws {
        for count in [4, 5] {
            let programme = try asked()
            for number in 2..<(2 + count) {
                try programme.clients[number].answer(room, key, "by \(number)")
            }
            let gone = programme.people[6].id
            #expect(try programme.clients[6].act(room, .exclude(gone)).isDone)
            let closed = try state(programme).closed
            #expect(closed?.answers == (count == 5 ? 5 : 0))
            #expect(try answers(programme.clients[2]).count == closed?.answers)
            // What is closed before they go is also for them.
            #expect(try answers(programme.clients[6]).count == closed?.answers)
            #expect(findings(programme) == [])
        }
    }

    @Test func `it closes when its time is up, also over a restart`() throws {
        let programme = try asked()
        for number in 2...6 { try programme.clients[number].answer(room, key, "by \(number)") }
        programme.world.live(seconds: 5)
        #expect(try state(programme).isOpen)
        let ends = try state(programme).ends
        try programme.world.restart(away: ends.milliseconds(since: programme.world.now) + 1_000)
        programme.world.live(seconds: 3)
        let late = programme.clients[4]
        try late.connect()
        try late.follow(room)
        #expect(try state(programme, 4).closed?.answers == 5)
        #expect(try answers(late).count == 5)
    }

    @Test func `it ends with the session in which it was asked`() throws {
        let programme = try Programme.founded(6)
        let one = programme.clients[1]
        let start = RoomAct.start(SessionStart.sample(Bytes16(high: 0x77, low: 1)))
        #expect(try one.act(room, start).isDone)
        try one.read()
        #expect(try one.prompt(room, prompt).posted == 2)
        for number in 2...6 { try programme.clients[number].answer(room, key, "by \(number)") }
        #expect(try one.act(room, .end).isDone)
        #expect(try state(programme).closed?.answers == 5)
    }

    @Test func `kept answers survive a kill, apart from who gave them`() throws {
        let programme = try asked()
        let items = try (2...4).map {
            try programme.clients[$0].sealUnattributed(room, key, "by \($0)")
        }
        for (number, item) in zip([4, 2, 3], [items[2], items[0], items[1]]) {
            let post = Request.post(Post(room: room, item: item))
            #expect(try programme.clients[number].ask(post).posted == 0)
        }
        try programme.world.restart()
        for client in programme.clients.dropFirst() {
            try client.connect()
            try client.follow(room)
        }
        // The same is known again, and another one still refused.
        let one = programme.clients[2]
        #expect(try one.ask(.post(Post(room: room, item: items[0]))).posted == 0)
        #expect(try one.answer(room, key, "another").refusal == RefusalCode(.alreadyAnswered))
        for number in [5, 6] { try programme.clients[number].answer(room, key, "by \(number)") }
        #expect(try programme.clients[1].act(room, .closePrompt(prompt)).isDone)
        #expect(try answers(programme.clients[6]).count == 5)
        let given = try items.map { try ContentItem.parse($0).digest() }
        #expect(Set(try answers(programme.clients[6])).isSuperset(of: given))
        #expect(Self.kept(programme.world.store).allSatisfy { $0.allSatisfy { $0 == 0 } })
    }

    /// What a room keeps back, as it stands in the store.
    private static func kept(_ store: any EventStore) -> [[UInt8]] {
        let stream = PromptBoxes.stream(of: Programme.room)
        return (try? store.read(stream, 1...UInt64.max, bytesMax: .max))?.map(\.frame) ?? []
    }

    @Test func `what is kept depends on who answered and on what was said, not on which was whose`()
        throws
    {
        let orders = [[2, 3, 4], [4, 3, 2], [3, 4, 2]]
        var seen: Set<[[UInt8]]> = []
        for order in orders {
            let programme = try asked()
            let items = try (1...3).map {
                try programme.clients[2].sealUnattributed(room, key, "answer \($0)")
            }
            // The same three people give the same three answers, each time another's.
            for (number, item) in zip(order, items) {
                let post = Request.post(Post(room: room, item: item))
                #expect(try programme.clients[number].ask(post).posted == 0)
            }
            seen.insert(Self.kept(programme.world.store))
        }
        #expect(seen.count == 1)
    }

    @Test func `after a restart the one who asked still takes the question back`() throws {
        let programme = try asked()
        for number in 2...6 { try programme.clients[number].answer(room, key, "by \(number)") }
        let one = programme.clients[1]
        #expect(try one.act(room, .closePrompt(prompt)).isDone)
        try programme.world.restart()
        try one.connect()
        try one.follow(room)
        #expect(try one.withdraw(room, key, 2).posted == 8)
        // Nobody takes back what nobody signed.
        #expect(try one.withdraw(room, key, 4).refusal == RefusalCode(.notAuthor))
        try programme.clients[2].connect()
        try programme.clients[2].follow(room)
        #expect(try answers(programme.clients[2]).count == 5)
        #expect(one.findings == [] && programme.clients[2].findings == [])
    }

    @Test func `a box is used again and no frame is added for an answer`() throws {
        let programme = try asked()
        for round in 1...3 {
            let prompt = PromptID(Bytes16(high: 0x9b, low: UInt64(round)))
            let key = TranscriptKey.prompt(prompt, .room)
            #expect(try programme.clients[1].prompt(room, prompt).posted == 2)
            for number in 2...6 { try programme.clients[number].answer(room, key, "\(number)") }
            #expect(Self.kept(programme.world.store).count == 2)
            #expect(try programme.clients[1].act(room, .closePrompt(prompt)).isDone)
        }
        #expect(Self.kept(programme.world.store).count == 2)
    }

    @Test func `a store that fails keeps nothing, and the same answer is taken later`() throws {
        let programme = try asked()
        let one = programme.clients[2]
        let item = try one.sealUnattributed(room, key, "mine")
        let post = Request.post(Post(room: room, item: item))
        programme.world.trouble = .unavailable(.diskFull)
        #expect(try one.ask(post).refusal == .tryLater)
        programme.world.trouble = nil
        #expect(Self.kept(programme.world.store) == [])
        #expect(try one.ask(post).posted == 0)
        #expect(Self.kept(programme.world.store).count == 2)
    }

    @Test func `nothing is answered but by those who were asked, in the one form`() throws {
        let programme = try asked()
        let client = programme.clients[2]
        let good = try client.sealUnattributed(room, key, "mine")
        guard case .entry(let entry) = try ContentItem.parse(good) else { throw NoReply() }
        func post(
            _ change: (inout EntryHeader) -> Void,
            _ sealed: [UInt8]? = nil
        ) throws
            -> RefusalCode?
        {
            var header = entry.header
            change(&header)
            let item = EntryItem.encoded(
                header: header.encoded(),
                sealed: sealed ?? entry.sealed,
                signature: []
            )
            return try client.ask(.post(Post(room: room, item: item))).refusal
        }
        #expect(try post({ _ in }, Array(entry.sealed.dropLast())) == .badRequest)
        #expect(try post({ _ in }, entry.sealed + [0]) == .badRequest)
        #expect(try post { $0.kind = .say } == .badRequest)
        #expect(try post { $0.counter = 1 } == .badRequest)
        #expect(try post { $0.key = KeyID(Bytes16(high: 1, low: 1)) } == RefusalCode(.keyUnknown))
        let elsewhere = TranscriptID(Bytes16(high: 3, low: 3))
        #expect(try post { $0.transcript = elsewhere } == .notFound)
        #expect(try programme.clients[1].post(room, .room).posted == 2)
        let open = TranscriptID(room: room, key: .room)
        #expect(try post { $0.transcript = open } == RefusalCode(.keyUnknown))
        // One key, that of who asks.
        #expect(try client.announceKey(room, key).refusal == RefusalCode(.notAsker))
        #expect(
            try programme.clients[1].announceKey(room, key).refusal == RefusalCode(.scopeClosed)
        )
        #expect(try client.act(room, .closePrompt(prompt)).refusal == RefusalCode(.notAsker))
        #expect(try client.post(room, key, .ask).refusal == RefusalCode(.notAsker))
    }

    @Test func `who came later is told of it no more than a stranger`() throws {
        let programme = try asked(6, facilitators: 1)
        let peers = PromptID(Bytes16(high: 0x9a, low: 7))
        #expect(try programme.clients[1].prompt(room, peers, .peers).posted == 2)
        let peersKey = TranscriptKey.prompt(peers, .peers)
        let facilitator = programme.clients[6]
        try facilitator.read()
        let transcript = TranscriptID(room: room, key: peersKey)
        #expect(facilitator.rooms[room]?.transcripts[transcript] == nil)
        let item = try programme.clients[2].sealUnattributed(room, peersKey, "x")
        let there = try facilitator.ask(.post(Post(room: room, item: item)))
        #expect(there.refusal == .notFound)
    }

    @Test func `of an answer the database's log keeps nothing once it was wiped`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/peercoach-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteStore(folder: folder, release: "test")
        defer { store.close() }
        let programme = try asked(store: store)
        let item = try programme.clients[2].sealUnattributed(room, key, "mine")
        let post = Request.post(Post(room: room, item: item))
        #expect(try programme.clients[2].ask(post).posted == 0)
        let needle = Data(item.suffix(600).prefix(64))
        func places() throws -> [String: Int] {
            var found: [String: Int] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                let path = URL(fileURLWithPath: folder + "/" + name)
                var rest = try Data(contentsOf: path)[...]
                while let range = rest.range(of: needle) {
                    found[name, default: 0] += 1
                    rest = rest[range.upperBound...]
                }
            }
            return found
        }
        programme.world.live(seconds: 15)
        #expect(try places() == ["store.sqlite": 1], "It stands in its box alone.")
        for number in 3...5 { try programme.clients[number].answer(room, key, "by \(number)") }
        #expect(try programme.clients[1].act(room, .closePrompt(prompt)).isDone)
        programme.world.live(seconds: 15)
        #expect(try places() == [:], "What was discarded is gone.")
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingStoreSQLite
import CoachingTestKit
import CoachingWire
import Foundation
import Testing

/// What goes away by itself, and when.
struct RetentionTests {
    private let room = Programme.room
    private let roomID = TranscriptID(room: Programme.room, key: .room)
    private let day: Int64 = 86_400_000

    /// Gives which numbers of a transcript are tombstones in the store.
    private func gone(_ programme: Programme, _ key: TranscriptKey) throws -> [UInt64] {
        let stream = StreamID(TranscriptID(room: room, key: key))
        return try programme.world.store.read(stream, 1...UInt64.max, bytesMax: .max).filter {
            let body = Array($0.frame.dropFirst(Frame.headBytes))
            if case .push(.tombstone) = try ServerMessage(body: body) { return true }
            return false
        }.map(\.number)
    }

    /// Lets days pass, with nobody connected, and the server awake for a while then.
    private func pass(_ days: Int64, _ programme: Programme) throws {
        for client in programme.clients where client.isConnected { try client.cut() }
        programme.world.pass(milliseconds: days * day)
        programme.world.live(seconds: 30)
    }

    private func late(_ programme: Programme, _ number: Int) throws -> TestClient {
        let late = TestClient(programme.world, programme.people[number])
        // Its keys are others than those that the same person made before.
        late.secret += 1_000
        try late.connect()
        try late.follow(room)
        return late
    }

    @Test func `each scope goes in its time, own never, and the chains hold`() throws {
        let programme = try Programme.founded(2)
        let author = programme.clients[1]
        let pair = TranscriptKey.between(programme.people[1].id, programme.people[2].id)
        let own = TranscriptKey.own(programme.people[1].id)
        for key in [.room, .peers, pair] as [TranscriptKey] {
            #expect(try author.post(room, key).posted == 2)
        }
        #expect(try author.post(room, own, .note).posted == 2)
        let head = author.rooms[room]?.transcripts[roomID]?.head
        try pass(89, programme)
        for key in [.room, .peers, pair, own] { #expect(try gone(programme, key) == []) }
        try pass(1, programme)
        #expect(try gone(programme, pair) == [2])
        try pass(2, programme)
        #expect(try gone(programme, pair) == [1, 2])
        #expect(try gone(programme, .room) == [])
        try pass(270, programme)
        try pass(5, programme)
        #expect(try gone(programme, .room) == [1, 2])
        #expect(try gone(programme, .peers) == [1, 2])
        #expect(try gone(programme, own) == [])
        let client = try late(programme, 1)
        let copy = try #require(client.rooms[room]?.transcripts[roomID])
        #expect(copy.live == [1, 2] && copy.items.isEmpty && copy.gone == [1: 0, 2: 0])
        #expect(copy.head == head)
        #expect(client.findings == [])
        #expect(try programme.world.store.wakes().isEmpty)
        #expect(try client.post(room, .room).posted == 4)
        #expect(try programme.world.store.wakes().count == 1)
    }

    @Test func `the room's own texts stay, with the keys that open them`() throws {
        let programme = try Programme.founded(2)
        let (one, two) = (programme.clients[1], programme.clients[2])
        #expect(try one.post(room, .room, .say).posted == 2)
        #expect(try one.post(room, .room, .paper, "the agreement").posted == 3)
        #expect(try two.post(room, .room, .say).posted == 5)
        try pass(366, programme)
        try pass(3, programme)
        #expect(try gone(programme, .room) == [2, 4, 5])
        let client = try late(programme, 2)
        #expect(client.rooms[room]?.transcripts[roomID]?.items.keys.sorted() == [1, 3])
        #expect(client.findings == [])
    }

    @Test func `what is younger stays, page by page, and nobody waits`() throws {
        var configuration = ServerConfiguration()
        configuration.pageBytes = 2_000
        let programme = try Programme.founded(2, configuration: configuration)
        let world = programme.world
        let author = programme.clients[1]
        for _ in 0..<12 {
            #expect(try author.post(room, .room).posted != nil)
            world.live(seconds: 2)
        }
        try author.cut()
        world.pass(milliseconds: 200 * day)
        try author.connect()
        try author.follow(room)
        author.rooms[room]?.keys[.room] = nil
        #expect(try author.post(room, .room).posted == 15)
        try pass(165, programme)
        // One page a second: somebody who comes in the midst of it is served.
        world.live(seconds: 1)
        let client = try late(programme, 2)
        #expect(try client.post(room, .room).posted == 17)
        world.live(seconds: 60)
        try pass(2, programme)
        #expect(try gone(programme, .room) == Array(1...13))
        try client.connect()
        try client.follow(room)
        let again = try late(programme, 2)
        let copy = try #require(again.rooms[room]?.transcripts[roomID])
        #expect(copy.live == Array(1...17))
        #expect(copy.items.keys.sorted() == [14, 15, 16, 17])
        #expect(client.findings == [] && again.findings == [])
    }

    @Test func `a shorter span counts at once, and only who lets people in sets it`() throws {
        let programme = try Programme.founded(3, facilitators: 1)
        let world = programme.world
        let peer = programme.clients[1]
        #expect(try peer.post(room, .peers).posted == 2)
        world.live(seconds: 5)
        for client in programme.clients { try client.cut() }
        world.pass(milliseconds: 3 * day)
        for client in programme.clients { try client.connect() }
        for client in programme.clients.dropFirst() { try client.follow(room) }
        func roster(_ client: TestClient) throws -> SignedBytes {
            let state = try #require(client.rooms[room]?.room)
            var roster = try #require(state.roster)
            roster.version += 1
            roster.previous = state.rosterHash
            roster.policy.roomDays = 2
            return try client.device.signing.sign(roster)
        }
        let refused = try peer.act(room, .admit(roster(peer)))
        #expect(refused.refusal == RefusalCode(.notAKeeper))
        let keeper = programme.clients[3]
        #expect(try keeper.act(room, .admit(roster(keeper))).isDone)
        world.live(seconds: 5)
        #expect(try gone(programme, .peers) == [2])
    }

    @Test func `a restart, a full disk and a conflict put it off and lose nothing`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        let author = programme.clients[1]
        for _ in 0..<3 { #expect(try author.post(room, .room).posted != nil) }
        try pass(100, programme)
        try world.restart(away: 200 * day)
        world.live(seconds: 5)
        #expect(try gone(programme, .room) == [])
        try world.restart(away: 66 * day)
        world.trouble = .unavailable(.diskFull)
        world.live(seconds: 5)
        #expect(try gone(programme, .room) == [])
        world.trouble = nil
        world.commitsAtOnce = false
        world.live(seconds: 2)
        world.conflictNext()
        world.commitsAtOnce = true
        world.commitNext()
        world.live(seconds: 30)
        #expect(try gone(programme, .room) == [2, 3, 4])
        try pass(2, programme)
        #expect(try gone(programme, .room) == [1, 2, 3, 4])
        #expect(try late(programme, 2).findings == [])
    }

    @Test func `a key is not used for longer than it is kept beyond what it seals`() throws {
        let programme = try Programme.founded(2)
        let author = programme.clients[1]
        #expect(try author.post(room, .room).posted == 2)
        let spare = author.rooms[room]?.keys[.room]
        try author.cut()
        programme.world.pass(milliseconds: Retention.keyMilliseconds)
        programme.world.live(seconds: 1)
        try author.connect()
        try author.follow(room)
        author.rooms[room]?.keys[.room] = spare
        let item = try author.seal(room, .room)
        let reply = try author.ask(.post(Post(room: room, item: item)))
        #expect(reply.refusal == RefusalCode(.keyUnknown))
        author.rooms[room]?.keys[.room] = nil
        #expect(try author.post(room, .room).posted == 4)
    }

    @Test func `of what is over not a byte is left in any file`() throws {
        let folder = NSTemporaryDirectory() + "retention-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteStore(folder: folder, release: "test")
        defer { store.close() }
        func files(holding text: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
                let content = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
                return content.range(of: Data(text.utf8)) != nil
            }
        }
        let programme = try Programme.founded(2, store: store)
        let pair = TranscriptKey.between(programme.people[1].id, programme.people[2].id)
        for index in 0..<100 {
            let client = programme.clients[1 + index % 2]
            let key = index % 3 == 0 ? TranscriptKey.room : pair
            #expect(try client.post(room, key, .say, "canary-\(index)-zeisig").posted != nil)
            programme.world.live(seconds: 1)
        }
        for index in 0..<100 { #expect(try !files(holding: "canary-\(index)-zeisig").isEmpty) }
        try pass(91, programme)
        for index in 0..<100 {
            let found = try files(holding: "canary-\(index)-zeisig")
            #expect(found.isEmpty == (index % 3 != 0), "\(index)")
        }
        try pass(275, programme)
        for index in 0..<100 { #expect(try files(holding: "canary-\(index)-zeisig") == []) }
        try store.verify()
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

/// Files: who may put and get what, how much of it, and when it goes.
struct FilesTests {
    private let room = Programme.room
    private let day: Int64 = 86_400_000

    private func id(_ key: TranscriptKey) -> TranscriptID { TranscriptID(room: room, key: key) }

    private func fileKey(_ file: Bytes32, _ key: TranscriptKey) -> StoredFileKey {
        StoredFileKey(stream: StreamID(id(key)), file: file)
    }

    private func file(_ number: UInt64) -> Bytes32 { Bytes32(0xF11E, 0, 0, number) }

    private func bytes(_ index: UInt32, of chunks: UInt32) -> [UInt8] {
        let count = index + 1 < chunks ? FileLimits.sealedChunkBytes : 100
        return [UInt8](repeating: UInt8(truncatingIfNeeded: index &+ 1), count: count)
    }

    private func put(
        _ client: TestClient,
        _ file: Bytes32,
        _ key: TranscriptKey = .room,
        _ index: UInt32 = 0,
        of chunks: UInt32 = 1,
        _ content: [UInt8]? = nil
    ) throws -> Reply {
        try client.ask(
            .putChunk(
                FilePart(
                    room: room,
                    transcript: id(key),
                    file: file,
                    chunks: chunks,
                    index: index,
                    bytes: content ?? bytes(index, of: chunks)
                )
            )
        )
    }

    private func get(
        _ client: TestClient,
        _ file: Bytes32,
        _ key: TranscriptKey = .room,
        _ index: UInt32 = 0
    ) throws -> Reply {
        try client.ask(
            .getChunk(FilePlace(room: room, transcript: id(key), file: file, index: index))
        )
    }

    /// Posts an entry that hands a file over.
    private func handOver(
        _ client: TestClient,
        _ file: Bytes32,
        _ key: TranscriptKey = .room
    ) throws -> Reply {
        let kind: EntryKind = key.scope == .own ? .note : .say
        try client.read()
        let item = try client.seal(room, key, kind, "")
        let reply = try client.ask(.post(Post(room: room, item: item, file: file)))
        if reply.posted == nil { client.rooms[room]?.keys[key] = nil }
        return reply
    }

    private func chunk(_ reply: Reply) -> [UInt8]? {
        if case .answer(.chunk(let bytes)) = reply { bytes } else { nil }
    }

    private func kept(_ programme: Programme) throws -> [StoredFile] {
        try programme.world.store.files(of: room)
    }

    @Test func `a file is put, handed over and got by its readers, byte for byte`() throws {
        let programme = try Programme.founded(2)
        let (author, reader) = (programme.clients[1], programme.clients[2])
        #expect(try author.post(room, .room).posted == 2)
        for index in 0..<3 as Range<UInt32> {
            #expect(try put(author, file(1), .room, index, of: 3).isDone)
        }
        // Before a line hands it over nobody gets it, not even who put it.
        #expect(try get(reader, file(1)).refusal == RefusalCode(.noSuchFile))
        #expect(try get(author, file(1)).refusal == RefusalCode(.noSuchFile))
        let number = try #require(try handOver(author, file(1)).posted)
        for client in [author, reader] {
            for index in 0..<3 as Range<UInt32> {
                let got = chunk(try get(client, file(1), .room, index))
                #expect(got == bytes(index, of: 3))
            }
            #expect(try get(client, file(1), .room, 3).refusal == RefusalCode(.noSuchFile))
        }
        #expect(try kept(programme).map(\.number) == [number])
        // The same bytes again get the same answer, also after a start.
        #expect(try put(author, file(1), .room, 1, of: 3).isDone)
        try programme.world.restart()
        try reader.connect()
        #expect(chunk(try get(reader, file(1), .room, 1)) == bytes(1, of: 3))
    }

    @Test func `who does not read is told that there is nothing`() throws {
        let programme = try Programme.founded(3)
        let (author, other) = (programme.clients[1], programme.clients[3])
        let pair = TranscriptKey.between(programme.people[1].id, programme.people[2].id)
        #expect(try author.post(room, pair).posted == 2)
        #expect(try put(author, file(1), pair).isDone)
        #expect(try handOver(author, file(1), pair).posted == 3)
        #expect(try get(other, file(1), pair).refusal == .notFound)
        #expect(try get(other, file(9), pair).refusal == .notFound)
        #expect(try put(other, file(1), pair).refusal == .notFound)
        #expect(try put(other, file(2), pair).refusal == .notFound)
        let nowhere = TranscriptKey.between(programme.people[1].id, programme.people[3].id)
        #expect(try get(other, file(1), nowhere).refusal == .notFound)
        #expect(chunk(try get(programme.clients[2], file(1), pair)) == bytes(0, of: 1))
        // In another circle of the same readers there is none either.
        #expect(try author.post(room, .room).posted == 2)
        #expect(try get(author, file(1), .room).refusal == RefusalCode(.noSuchFile))
    }

    @Test func `who comes later gets nothing from before, who leaves nothing more`() throws {
        let programme = try Programme.founded(3)
        let author = programme.clients[1]
        #expect(try author.post(room, .room).posted == 2)
        #expect(try put(author, file(1)).isDone)
        #expect(try handOver(author, file(1)).posted == 3)
        let again = programme.clients[3]
        #expect(try again.act(room, .exclude(programme.people[3].id)).isDone)
        #expect(try get(again, file(1)).refusal == .left)
        #expect(try author.post(room, .room).posted == 5)
        #expect(try put(author, file(2)).isDone)
        #expect(try handOver(author, file(2)).posted == 6)
        try programme.propose(3)
        try programme.accept(3)
        let members = programme.people.dropFirst().map { $0.member() }
        #expect(try programme.admit(Array(members), by: 1).isDone)
        // What they read while they were in, they may have; not what came meanwhile.
        #expect(chunk(try get(again, file(1))) != nil)
        #expect(try get(again, file(2)).refusal == RefusalCode(.noSuchFile))
        #expect(try again.act(room, .exclude(programme.people[3].id)).isDone)
        #expect(try get(again, file(1)).refusal == .left)
        #expect(try put(again, file(3)).refusal == .left)
    }

    @Test func `only who put all of it hands it over, once, where it was put`() throws {
        let programme = try Programme.founded(2)
        let (author, other) = (programme.clients[1], programme.clients[2])
        let none = RefusalCode(.noSuchFile)
        #expect(try author.post(room, .room).posted == 2)
        #expect(try author.post(room, .peers).posted == 2)
        #expect(try other.post(room, .room).posted == 4)
        #expect(try put(author, file(1), .room, 0, of: 2).isDone)
        #expect(try handOver(author, file(1)).refusal == none)
        #expect(try author.announceKey(room, .room).posted == 5)
        #expect(try put(author, file(1), .room, 1, of: 2).isDone)
        #expect(try handOver(other, file(1)).refusal == none)
        #expect(try other.announceKey(room, .room).posted == 6)
        #expect(try handOver(author, file(1), .peers).refusal == none)
        // Nobody learns that somebody else has put the same, nor adds to it.
        #expect(try put(other, file(1), .room, 0, of: 2).refusal == .notFound)
        #expect(try handOver(author, file(1)).posted == 7)
        #expect(try handOver(author, file(1)).refusal == none)
        #expect(try put(author, file(1), .room, 0, of: 3).refusal == none)
    }

    @Test func `chunks come in order, with their lengths, and the room has its bound`() throws {
        var configuration = ServerConfiguration()
        configuration.roomFilesMiB = 1
        let programme = try Programme.founded(2, configuration: configuration)
        let author = programme.clients[1]
        #expect(try author.post(room, .room).posted == 2)
        let tooLarge = try put(author, file(1), .room, 0, of: 257)
        #expect(tooLarge.refusal == RefusalCode(.fileTooLarge))
        #expect(try put(author, file(1), .room, 0, of: 0).refusal == RefusalCode(.fileTooLarge))
        guard case .refusal(let full) = try put(author, file(1), .room, 0, of: 17) else {
            throw NoReply()
        }
        #expect(full.code == RefusalCode(.filesFull) && full.detail == 1)
        #expect(full.sentence.contains("1 MiB (roomFilesMiB)"))
        for (index, chunks, count) in [
            (0, 1, 15), (0, 2, 100), (0, 1, 65_553), (1, 2, 16), (2, 2, 100),
        ] as [(UInt32, UInt32, Int)] {
            let wrong = [UInt8](repeating: 0, count: count)
            let reply = try put(author, file(1), .room, index, of: chunks, wrong)
            #expect(reply.refusal == .badRequest, "\(index) of \(chunks), \(count) bytes")
        }
        #expect(try put(author, file(1), .room, 1, of: 2).refusal == .outOfStep)
        #expect(try kept(programme).isEmpty)
        for index in 0..<16 as Range<UInt32> {
            #expect(try put(author, file(1), .room, index, of: 16).isDone)
            programme.world.live(seconds: 2)
        }
        #expect(try put(author, file(2)).refusal == RefusalCode(.filesFull))
        // What is taken back makes room.
        let number = try #require(try handOver(author, file(1)).posted)
        #expect(try author.withdraw(room, .room, number).posted != nil)
        #expect(try put(author, file(2)).isDone)
    }

    @Test func `a file goes with its line: taken back by whoever may`() throws {
        let programme = try Programme.founded(2, facilitators: 1)
        let author = programme.clients[1]
        let facilitator = try #require(programme.clients.last)
        #expect(try author.post(room, .room).posted == 2)
        for (number, remover) in [(1, author), (2, facilitator)] {
            let one = file(UInt64(number))
            #expect(try put(author, one).isDone)
            let line = try #require(try handOver(author, one).posted)
            #expect(chunk(try get(facilitator, one)) != nil)
            let purges = programme.world.purges
            #expect(try remover.withdraw(room, .room, line).posted != nil)
            #expect(try get(facilitator, one).refusal == RefusalCode(.noSuchFile))
            #expect(try programme.world.store.chunk(0, of: fileKey(one, .room)) == nil)
            let last = try #require(programme.world.journal.last)
            // In the same commit as the tombstone, since the store ties them.
            #expect(last.erasures.map(\.number) == [line] && last.frames.count == 1)
            programme.world.live(seconds: 30)
            #expect(programme.world.purges > purges)
        }
        #expect(try kept(programme).isEmpty)
    }

    @Test func `a file goes when the time of its line is over`() throws {
        let programme = try Programme.founded(2)
        let author = programme.clients[1]
        let own = TranscriptKey.own(programme.people[1].id)
        for key in [.room, own] as [TranscriptKey] {
            try author.post(room, key, key == own ? .note : .say)
            #expect(try put(author, file(1), key).isDone)
            #expect(try handOver(author, file(1), key).posted == 3)
        }
        for client in programme.clients where client.isConnected { try client.cut() }
        programme.world.pass(milliseconds: 364 * day)
        programme.world.live(seconds: 30)
        #expect(try kept(programme).count == 2)
        programme.world.pass(milliseconds: 2 * day)
        programme.world.live(seconds: 30)
        #expect(try kept(programme).map(\.key) == [fileKey(file(1), own)])
    }

    @Test(arguments: [false, true])
    func `what no line hands over goes after an hour, also where nobody is`(
        _ restarts: Bool
    ) throws {
        let programme = try Programme.founded(2)
        let author = programme.clients[1]
        #expect(try author.post(room, .room).posted == 2)
        #expect(try put(author, file(1), .room, 0, of: 2).isDone)
        #expect(try put(author, file(2)).isDone)
        #expect(try handOver(author, file(2)).posted == 3)
        for client in programme.clients where client.isConnected { try client.cut() }
        if restarts { try programme.world.restart() }
        programme.world.pass(milliseconds: 3_500_000)
        programme.world.live(seconds: 30)
        #expect(try kept(programme).count == 2)
        programme.world.pass(milliseconds: 100_000)
        let purges = programme.world.purges
        programme.world.live(seconds: 30)
        #expect(try kept(programme).map(\.key) == [fileKey(file(2), .room)])
        #expect(programme.world.purges > purges)
    }

    @Test func `where a commit fails nothing is thought to be kept`() throws {
        let programme = try Programme.founded(2)
        let author = programme.clients[1]
        #expect(try author.post(room, .room).posted == 2)
        programme.world.trouble = .unavailable(.diskFull)
        #expect(try put(author, file(1)).refusal == .tryLater)
        programme.world.trouble = nil
        #expect(try handOver(author, file(1)).refusal == RefusalCode(.noSuchFile))
        #expect(try put(author, file(1)).isDone)
        #expect(try author.announceKey(room, .room).posted != nil)
        programme.world.trouble = .unavailable(.diskFull)
        #expect(try handOver(author, file(1)).refusal == .tryLater)
        programme.world.trouble = nil
        #expect(try get(author, file(1)).refusal == RefusalCode(.noSuchFile))
        #expect(try author.announceKey(room, .room).posted != nil)
        #expect(try handOver(author, file(1)).posted != nil)
        #expect(chunk(try get(author, file(1))) != nil)
    }

    @Test func `a facilitator puts nothing among the peers, and no file stands in a prompt`()
        throws
    {
        let programme = try Programme.founded(2, facilitators: 1)
        let author = programme.clients[1]
        let facilitator = try #require(programme.clients.last)
        #expect(try author.post(room, .peers).posted == 2)
        #expect(try put(facilitator, file(1), .peers).refusal == .notFound)
        let prompt = TranscriptKey.prompt(PromptID(Bytes16(high: 1, low: 1)), .room)
        #expect(try put(author, file(1), prompt).refusal == .notFound)
        #expect(prompt.takesFiles == false)
        #expect(TranscriptKey.programme(programme.people[1].id).takesFiles == false)
    }

    @Test func `who gets many chunks is read more slowly, and others are not kept waiting`() throws
    {
        let programme = try Programme.founded(2)
        let (author, reader) = (programme.clients[1], programme.clients[2])
        #expect(try author.post(room, .room).posted == 2)
        #expect(try put(author, file(1)).isDone)
        #expect(try handOver(author, file(1)).posted == 3)
        programme.world.live(seconds: 30)
        var got = 0
        while got < 100, let reply = try? get(reader, file(1)), chunk(reply) != nil { got += 1 }
        #expect((15...30).contains(got), "\(got) at once")
        #expect(try author.post(room, .room).posted == 4)
    }
}

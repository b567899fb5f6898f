// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingStore
import CoachingWire
import Foundation
import Testing

@testable import CoachingClient

@Suite(.timeLimit(.minutes(15)))
struct SealingTests {
    private static let day: Int64 = 86_400_000

    /// Gives all that the server keeps of the room's own transcript.
    private func items(_ scene: Scene, _ room: RoomID) async throws -> [ContentItem] {
        let id = TranscriptID(room: room, key: .room)
        return try await scene.server.stored(StreamID(id)).compactMap { stored in
            let body = Array(stored.frame.dropFirst(Frame.headBytes))
            guard case .push(.item(let pushed)) = try ServerMessage(body: body) else { return nil }
            return try ContentItem.parse(pushed.item)
        }
    }

    private func keys(_ scene: Scene, _ room: RoomID) async throws -> Int {
        try await items(scene, room).count { if case .key = $0 { true } else { false } }
    }

    /// Adds a second device of Lena's.
    private func addDevice(_ scene: Scene) async throws {
        let line = try await scene.with("Lena") { try await $0.inviteDevice() }
        try await scene.enroller().enrol(
            Enroller.read(line.line),
            into: scene.folder("Lena2")
        )
        try await scene.with("Lena") { lena in
            try await lena.confirmDevice(lena.awaitDevice(line.hash))
        }
        try await scene.enroller().awaitConfirmation(in: scene.folder("Lena2"))
    }

    private func say(_ text: String, as name: String, _ scene: Scene, _ room: RoomID) async throws {
        try await scene.with(name) { client in
            let session = try await client.enter(room, depth: .log)
            try await session.caughtUp()
            try await session.say(text)
        }
    }

    /// Reads everything and says, as a room view does, what the device has to say about keys.
    @discardableResult
    private func visit(
        _ name: String,
        _ scene: Scene,
        _ room: RoomID
    ) async throws -> [String] {
        try await scene.with(name) { client in
            let session = try await client.enter(room)
            var words = await session.wordsUntilCaughtUp()
            // What is asked for and given comes back before the view ends.
            await client.exchangeKeys(in: room)
            await client.finishChores()
            let last = await client.rooms[room]?.replica.unsaved.count
            #expect(last != nil)
            await session.leave()
            words.removeAll { $0 == "What is said here stays here." }
            return words
        }
    }

    @Test func `no word that was said is anywhere on the server`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await say("a word nobody else reads", as: "Lena", scene, room)
        for item in try await items(scene, room) {
            let bytes = Data(item.parts.bytes)
            for word in ["nobody", "a word", "stays here"] {
                #expect(bytes.range(of: Data(word.utf8)) == nil)
            }
            if case .key(let key) = item {
                #expect(key.header.suite == .p256 && key.parts.wrapCount ?? 0 > 0)
            }
        }
        #expect(try await visit("Priya", scene, room) == ["a word nobody else reads"])
    }

    @Test func `a process makes one key, and another after a day`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let before = try await keys(scene, room)
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room, depth: .log)
            try await session.caughtUp()
            for line in 1...3 { try await session.say("line \(line)") }
            #expect(try await keys(scene, room) == before + 1)
            scene.clock.advance(23 * 3_600_000)
            try await session.say("still the same")
            #expect(try await keys(scene, room) == before + 1)
            scene.clock.advance(3_600_000)
            try await session.say("another")
            #expect(try await keys(scene, room) == before + 2)
        }
        try await say("another process", as: "Lena", scene, room)
        #expect(try await keys(scene, room) == before + 3)
    }

    @Test func `an encryption key is followed by another after 30 days and is gone after 60`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        let folder = scene.folder("Lena")
        let first = try folder.load()
        try await say("of the first month", as: "Priya", scene, room)
        #expect(try await visit("Lena", scene, room) == ["of the first month"])
        scene.clock.advance(29 * Self.day)
        try await visit("Lena", scene, room)
        #expect(try folder.load().encryptionKey == first.encryptionKey)
        scene.clock.advance(2 * Self.day)
        try await visit("Lena", scene, room)
        let second = try folder.load()
        #expect(second.encryptionKey != first.encryptionKey)
        #expect(second.spareKeys?.map(\.key) == [first.encryptionKey])
        // Priya's program wraps to the new one by itself.
        try await say("of the second month", as: "Priya", scene, room)
        scene.clock.advance(30 * Self.day)
        let third = try await visit("Lena", scene, room)
        #expect(third == ["of the first month", "of the second month"])
        let last = try folder.load()
        #expect(last.spareKeys?.map(\.key) == [second.encryptionKey])
        let kept = try #require(FileManager.default.contents(atPath: folder.path + "/profile.cbor"))
        #expect(kept.range(of: Data(first.encryptionKey)) == nil)
        // Without the keys that the device keeps, the first month is closed to a copy of it.
        try FileManager.default.removeItem(atPath: folder.path + "/keys.cbor")
        let closed = try await visit("Lena", scene, room)
        // The agreement is from that month too.
        #expect(closed == ["cannot be opened", "cannot be opened", "of the second month"])
    }

    @Test func `a further device reads what its person can read, once another gives the keys`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        let own = TranscriptKey.own(try #require(scene.folder("Lena").load().person))
        try await say("before", as: "Priya", scene, room)
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room, depth: .log)
            try await session.caughtUp()
            try await session.post(EntryBody(text: "mine"), kind: .note, to: own, shown: [])
        }
        try await addDevice(scene)
        try await say("after", as: "Priya", scene, room)
        let first = try await visit("Lena2", scene, room)
        #expect(Set(first) == ["cannot be opened", "after"])
        // The first device finds the request, and answers; nobody else does.
        #expect(try await visit("Priya", scene, room).sorted() == ["after", "before"])
        try await visit("Lena", scene, room)
        let second = try await visit("Lena2", scene, room)
        #expect(Set(second).isSuperset(of: ["before", "after", "mine"]))
        // From then on nothing is closed, and nobody asks again.
        let count = await scene.server.posts
        #expect(Set(try await visit("Lena2", scene, room)) == ["before", "after", "mine"])
        #expect(await scene.server.posts == count)
    }

    @Test func `who was away for long asks, and whoever reads it gives it`() async throws {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        try await say("while Lena was away", as: "Priya", scene, room)
        for _ in 0..<3 {
            scene.clock.advance(20 * Self.day + Self.day / 2)
            for name in ["Priya", "Tom"] { try await visit(name, scene, room) }
        }
        // Her private key is gone before it ever opened this, or the agreement.
        let closed = ["cannot be opened", "cannot be opened"]
        #expect(try await visit("Lena", scene, room) == closed)
        #expect(try await visit("Lena", scene, room) == closed)
        // Tom wrote nothing of it, and has the keys of what Lena was a reader of.
        try await visit("Tom", scene, room)
        #expect(try await visit("Lena", scene, room).contains("while Lena was away"))
    }

    @Test func `a line that was not sent is told with its words`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                try await session.caughtUp()
                try await session.say("one")
                await scene.server.inject([.losePost])
                await scene.server.setReachable(false)
                try await session.say("the lost words")
            }
        }
        #expect(error.code == .uncertain)
        let folder = scene.folder("Lena")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/pending") {
            let file = FileManager.default.contents(atPath: folder.path + "/pending/" + name)
            #expect(file?.range(of: Data("lost words".utf8)) == nil)
        }
        await scene.server.setReachable(true)
        let told = try await scene.with("Lena") { lena in
            await lena.finishChores()
            var notices = lena.notices.makeAsyncIterator()
            return await notices.next()?.sentence
        }
        #expect(told == "Not sent, the connection was lost: the lost words")
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import Testing

@Suite(.timeLimit(.minutes(15)))
struct RestoringTests {
    /// Has Lena read all of a room, so that her device knows where everything ends.
    private func read(_ room: RoomID, _ scene: Scene) async throws {
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("seen by all")
            await session.leave()
        }
        _ = try await scene.words(of: "Lena", in: room)
    }

    /// Makes Lena's device remember more of a stream than the server has: as after a restore.
    private func remember(_ extra: UInt64, of stream: StreamID, _ scene: Scene) throws {
        let folder = scene.folder("Lena")
        let seen = try #require(try folder.seen().first { $0.stream == stream })
        try folder.note([SeenHead(stream: stream, number: seen.number + extra, head: .zero)])
    }

    private func isRefused(
        _ room: RoomID,
        _ scene: Scene,
        depth: RoomDepth = .everything
    ) async throws {
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room, depth: depth)
                try await session.caughtUp()
                try await session.say("into the past")
            }
        }
        #expect(error == .setBack)
    }

    @Test(arguments: [0, 3] as [UInt64])
    func `a room that was set back takes no post until it is accepted`(
        _ extra: UInt64
    ) async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await read(room, scene)
        try remember(extra, of: StreamID(room), scene)
        try await isRefused(room, scene)
        let missing = try await scene.with("Lena") { lena in
            #expect(try await lena.isSetBack(room))
            return try await lena.acceptRestored(room)
        }
        #expect(missing == MissingPast(steps: extra))
        try await scene.with("Lena") { lena in
            #expect(try await !lena.isSetBack(room))
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("and on")
        }
    }

    @Test(arguments: [0, 2] as [UInt64])
    func `lines that are missing stop the room as well`(_ extra: UInt64) async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await read(room, scene)
        let id = TranscriptID(room: room, key: .room)
        try remember(extra, of: StreamID(id), scene)
        try await isRefused(room, scene)
        let missing = try await scene.with("Lena") { try await $0.acceptRestored(room) }
        #expect(missing == MissingPast(lines: extra))
        #expect(try await !scene.with("Lena") { try await $0.isSetBack(room) })
    }

    @Test func `who reads no lines posts nothing either where lines are missing`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await read(room, scene)
        let id = TranscriptID(room: room, key: .room)
        try remember(2, of: StreamID(id), scene)
        try await isRefused(room, scene, depth: .log)
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        // The next lines go, and what is missing is counted where lines are read.
        for _ in 0..<2 {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room, depth: .log)
                try await session.caughtUp()
                try await session.say("and on")
            }
        }
        try await scene.with("Lena") { lena in
            let standing = try await lena.restored(room)
            #expect(standing.acceptedBy == "Priya")
            for await notice in lena.notices where notice.sentence.hasPrefix("Priya accepted on ") {
                break
            }
        }
    }

    @Test func `who sent a line and reads none notices that it is gone`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let backup = await scene.server.backUp()
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room, depth: .log)
            try await session.caughtUp()
            try await session.say("after the backup")
        }
        try await scene.server.restore(backup)
        try await isRefused(room, scene, depth: .log)
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        // Her next visit posts it again.
        _ = try await scene.words(of: "Lena", in: room)
        let words = try await scene.words(of: "Lena", in: room)
        #expect(words.contains("after the backup"))
    }

    @Test func `another one's word lets a device go on by itself, and says whose`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await read(room, scene)
        try remember(3, of: StreamID(room), scene)
        let missing = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        #expect(missing == MissingPast())
        try await scene.with("Lena") { lena in
            let standing = try await lena.restored(room)
            #expect(!standing.isSetBack)
            #expect(standing.acceptedBy == "Priya")
            for await notice in lena.notices where notice.sentence.hasPrefix("Priya accepted on ") {
                // The acceptance itself is a step.
                #expect(notice.sentence.contains("2 steps of the room's course are missing"))
                break
            }
        }
        #expect(try await scene.words(of: "Lena", in: room).contains("seen by all"))
    }

    @Test func `a word from before covers nothing that is set back later`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await read(room, scene)
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        _ = try await scene.words(of: "Lena", in: room)
        let folder = scene.folder("Lena")
        let seen = try #require(try folder.seen().first { $0.stream == StreamID(room) })
        #expect(seen.restores == 1)
        var later = seen
        later.number += 2
        try folder.note([later])
        try await isRefused(room, scene)
    }

    @Test func `a head from before an accepted restore never comes back`() throws {
        let scene = try Scene()
        let folder = scene.folder("Lena")
        let stream = StreamID(Bytes16(high: 1, low: 1))
        let long = SeenHead(stream: stream, number: 90, head: .zero)
        let short = SeenHead(stream: stream, number: 40, head: .zero, restores: 1)
        try folder.note([long])
        try folder.note([short])
        #expect(try folder.seen() == [short])
        try folder.note([long])
        #expect(try folder.seen() == [short])
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import Testing

@Suite(.timeLimit(.minutes(2)))
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
    private func remember(_ extra: UInt64, of stream: StreamID, _ scene: Scene) throws -> SeenHead {
        let folder = scene.folder("Lena")
        let seen = try #require(try folder.seen().first { $0.stream == stream })
        let later = SeenHead(stream: stream, number: seen.number + extra, head: .zero)
        try folder.goBack(to: [later])
        return seen
    }

    private func isRefused(_ room: RoomID, _ scene: Scene) async throws {
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                try await session.caughtUp()
                try await session.say("into the past")
            }
        }
        #expect(error == .setBack)
    }

    @Test(arguments: [0, 3] as [UInt64])
    func `a room that was set back takes no post until its reader says so`(
        _ extra: UInt64
    ) async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await read(room, scene)
        let seen = try remember(extra, of: StreamID(room), scene)
        try await isRefused(room, scene)
        let missing = try await scene.with("Lena") { lena in
            #expect(try await lena.isSetBack(room))
            return try await lena.acceptRestored(room)
        }
        #expect(missing == MissingPast(steps: extra))
        #expect(try scene.folder("Lena").seen().first { $0.stream == StreamID(room) } == seen)
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
        _ = try remember(extra, of: StreamID(id), scene)
        try await isRefused(room, scene)
        let missing = try await scene.with("Lena") { try await $0.acceptRestored(room) }
        #expect(missing == MissingPast(lines: extra))
        #expect(try await !scene.with("Lena") { try await $0.isSetBack(room) })
    }

    @Test func `who has seen no more than there is has nothing to accept`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await read(room, scene)
        let isSetBack = try await scene.with("Lena") { try await $0.isSetBack(room) }
        #expect(!isSetBack)
        let missing = try await scene.with("Lena") { try await $0.acceptRestored(room) }
        #expect(missing == MissingPast())
    }
}

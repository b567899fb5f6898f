// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Foundation
import Testing

/// Files from one device to another, over a real server core.
@Suite(.timeLimit(.minutes(15)))
struct FilesTests {
    private func content(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    private func make(_ scene: Scene, _ name: String, _ count: Int) throws -> String {
        let folder = scene.root + "/out"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let path = folder + "/" + name
        try Data(content(count)).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func folder(_ scene: Scene, _ name: String) throws -> String {
        let folder = scene.root + "/" + name
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        return folder
    }

    /// Sends a file to the room.
    private func send(
        _ scene: Scene,
        _ name: String,
        _ path: String,
        in room: RoomID
    ) async throws -> UInt64 {
        try await scene.with(name) { client in
            let session = try await client.enter(room)
            try await session.caughtUp()
            let shown = Set(try await session.readers(of: .room).map(\.person))
            let file = try OutgoingFile(path: path)
            return try await session.send(file, kind: .say, to: .room, shown: shown)
        }
    }

    /// Gives the lines with files that somebody reads.
    private func files(_ session: RoomSession) async -> [ReadEntry] {
        var lines: [ReadEntry] = []
        for await happening in session.happenings {
            switch happening {
            case .entry(let line) where line.body?.file != nil: lines.append(line)
            case .erased(let key, let number, _):
                lines.removeAll { $0.key == key && $0.number == number }
            case .caughtUp: return lines
            default: break
            }
        }
        return lines
    }

    private func save(
        _ scene: Scene,
        _ name: String,
        in room: RoomID,
        into folder: String
    ) async throws -> String {
        try await scene.with(name) { client in
            let session = try await client.enter(room)
            let line = try #require(await files(session).last)
            let file = try #require(line.body?.file)
            return try await session.save(file, of: line.key, into: folder)
        }
    }

    @Test(arguments: [0, 1, 65_536, 200_001])
    func `a file comes as it was sent, under a plain name that is its receiver's alone`(
        _ count: Int
    ) async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let path = try make(scene, ".brief\u{202e}.pdf", count)
        #expect(try await send(scene, "Lena", path, in: room) > 0)
        let folder = try folder(scene, "in")
        let stored = try await save(scene, "Priya", in: room, into: folder)
        #expect(stored == folder + "/brief.pdf")
        let found = try Data(contentsOf: URL(fileURLWithPath: stored))
        #expect(found == Data(content(count)))
        let facts = try FileManager.default.attributesOfItem(atPath: stored)
        #expect(facts[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["brief.pdf"])
        // What is there is never written over.
        let error = await #expect(throws: ClientError.self) {
            try await save(scene, "Priya", in: room, into: folder)
        }
        #expect(error?.code == .file)
        #expect(try Data(contentsOf: URL(fileURLWithPath: stored)) == found)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["brief.pdf"])
    }

    @Test func `a link in the place of the name is not followed`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        _ = try await send(scene, "Lena", make(scene, "a.txt", 10), in: room)
        let folder = try folder(scene, "in")
        let target = scene.root + "/target"
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/a.txt",
            withDestinationPath: target
        )
        let error = await #expect(throws: ClientError.self) {
            try await save(scene, "Priya", in: room, into: folder)
        }
        #expect(error?.code == .file)
        #expect(!FileManager.default.fileExists(atPath: target))
        let nowhere = await #expect(throws: ClientError.self) {
            try await save(scene, "Priya", in: room, into: scene.root + "/none")
        }
        #expect(nowhere?.code == .file)
    }

    @Test func `what is no ordinary file, or too large, is not sent`() throws {
        let scene = try Scene()
        let large = try make(scene, "large", (16 << 20) + 1)
        for path in [large, scene.root, "/dev/null", scene.root + "/none"] {
            let error = #expect(throws: ClientError.self) { try OutgoingFile(path: path) }
            #expect(error?.code == .file, "\(path)")
        }
    }

    @Test func `a file that changes while it is sent is not handed over`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let path = try make(scene, "a.txt", 100_000)
        let error = await #expect(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                try await session.caughtUp()
                let shown = Set(try await session.readers(of: .room).map(\.person))
                let file = try OutgoingFile(path: path)
                try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 70_000)
                try await session.send(file, kind: .say, to: .room, shown: shown)
            }
        }
        #expect(error?.code == .file)
    }

    @Test func `who was not shown holds it back before anything is sent`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let path = try make(scene, "a.txt", 10)
        let error = await #expect(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                try await session.caughtUp()
                let file = try OutgoingFile(path: path)
                try await session.send(file, kind: .say, to: .room, shown: [])
            }
        }
        #expect(error?.code == .held)
        let kept = try await scene.server.keptFiles(of: room)
        #expect(kept.isEmpty)
    }

    @Test func `what the server gives must be the file`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        _ = try await send(scene, "Lena", make(scene, "a.txt", 100_000), in: room)
        let folder = try folder(scene, "in")
        let error = await #expect(throws: ClientError.self) {
            try await scene.with("Priya") { priya in
                let session = try await priya.enter(room)
                let line = try #require(await files(session).last)
                var file = try #require(line.body?.file)
                file.secret = Bytes32(1, 2, 3, 4)
                _ = try await session.save(file, of: line.key, into: folder)
            }
        }
        #expect(error?.code == .alarm)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func `after its line is taken back it is gone, and a line with one is not released`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        let path = try make(scene, "a.txt", 10)
        let folder = try folder(scene, "in")
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let me = try await lena.ready().person
            let file = try OutgoingFile(path: path)
            let number = try await session.send(file, kind: .note, to: .own(me), shown: [me])
            let error = await #expect(throws: ClientError.self) {
                _ = try await session.release(number, of: .own(me), to: .room, shown: [me])
            }
            #expect(error?.sentence == "A line with a file cannot be released.")
        }
        let number = try await send(scene, "Lena", path, in: room)
        try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            let line = try #require(await files(session).last)
            let file = try #require(line.body?.file)
            try await scene.with("Lena") { lena in
                let view = try await lena.enter(room)
                try await view.caughtUp()
                try await view.withdraw([number], from: .room)
            }
            let error = await #expect(throws: ClientError.self) {
                _ = try await session.save(file, of: line.key, into: folder)
            }
            #expect(error?.roomRule == .noSuchFile)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func `after a restore the line comes again without its file, and says so`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let backup = await scene.server.backUp()
        _ = try await send(scene, "Lena", make(scene, "a.txt", 10), in: room)
        try await scene.server.restore(backup)
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            await session.leave()
            await lena.finishChores()
        }
        let words = try await scene.words(of: "Priya", in: room)
        #expect(words.contains("The file a.txt is gone: the server was set back."))
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingDaemon
import CoachingModel
import CoachingSeal
import Foundation
import GRDB
import Testing

/// Files between real clients over real TLS, and what the server's folder has of them.
@Suite(.timeLimit(.minutes(15)))
struct RealFilesTests {
    /// Bytes that are found nowhere else by chance.
    private func content(_ count: Int) -> Data {
        Data((0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) })
    }

    private func saved(
        _ group: RealPeople,
        _ name: String,
        _ room: RoomID,
        into folder: String
    ) async throws -> String {
        try await group.inRoom(name, room) { session, _ in
            let lines = try await session.lines(before: nil, count: 9).lines
            let line = try #require(lines.last { $0.body?.file != nil })
            let file = try #require(line.body?.file)
            return try await session.save(file, of: line.key, into: folder)
        }
    }

    /// The sealed chunks as they lie in the database.
    private func chunks(_ folder: String) throws -> [Data] {
        let database = try DatabaseQueue(path: folder + "/store/store.sqlite")
        return try database.read { try Data.fetchAll($0, sql: "SELECT chunk FROM chunks") }
    }

    private func files(of folder: String, holding bytes: Data) throws -> [String] {
        let all = try #require(FileManager.default.enumerator(atPath: folder))
        return all.compactMap { $0 as? String }.filter { name in
            let found = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
            return found.range(of: bytes) != nil
        }.sorted()
    }

    @Test func `a file of several chunks comes whole, and when it is taken back no byte is left`()
        async throws
    {
        try await RunningServer.run { server, _ in
            let group = RealPeople(port: server.port)
            defer { try? FileManager.default.removeItem(atPath: group.path) }
            let room = try await group.room(server.invite, of: ["Priya", "Lena"])
            let path = group.path + "/the-canary-brief.pdf"
            let content = content(200_000)
            try content.write(to: URL(fileURLWithPath: path))
            let number = try await group.inRoom("Lena", room) { session, state in
                try await session.send(
                    OutgoingFile(path: path),
                    kind: .say,
                    to: .room,
                    shown: Set(state.audience(of: .room))
                )
            }
            let into = group.path + "/in"
            try FileManager.default.createDirectory(
                atPath: into,
                withIntermediateDirectories: true
            )
            let stored = try await saved(group, "Priya", room, into: into)
            #expect(stored == into + "/the-canary-brief.pdf")
            #expect(try Data(contentsOf: URL(fileURLWithPath: stored)) == content)
            // Neither its name nor what stands in it is anywhere on the server.
            let data = server.folder.path
            for clear in [Data("the-canary-brief".utf8), content[1_000..<1_032]] {
                #expect(try files(of: data, holding: Data(clear)) == [])
            }
            let sealed = try chunks(data)
            #expect(sealed.count == 4)
            // From all parts of each chunk, as they were sealed.
            let canaries = sealed.flatMap { chunk in
                stride(from: 64, to: 3_000, by: 512).map { Data(chunk.dropFirst($0).prefix(32)) }
            }
            for canary in canaries { #expect(try !files(of: data, holding: canary).isEmpty) }
            try await group.inRoom("Lena", room) { session, _ in
                try await session.withdraw([number], from: .room)
            }
            var left = canaries.count
            for _ in 0..<30 where left > 0 {
                try await Task.sleep(for: .seconds(1))
                left = try canaries.count { try !files(of: data, holding: $0).isEmpty }
            }
            #expect(left == 0)
            #expect(try chunks(data).allSatisfy { $0.allSatisfy { $0 == 0 } })
            let offered = try await group.inRoom("Priya", room) { session, _ in
                try await session.lines(before: nil, count: 9).lines.filter {
                    $0.body?.file != nil
                }
            }
            #expect(offered.isEmpty)
        }
    }
}

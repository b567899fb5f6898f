// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import Foundation
import GRDB
import Testing

@testable import CoachingStoreSQLite

func openStore(_ folder: String, busySeconds: Double = 0.05) throws(OpenError) -> SQLiteStore {
    try SQLiteStore(folder: folder, release: "1.0", busySeconds: busySeconds)
}

/// Opens the file of a store beside it, as an operator's shell would.
func openBeside(_ folder: String) throws -> DatabaseQueue {
    try DatabaseQueue(path: folder + "/store.sqlite")
}

func group(_ frames: AppendFrame...) -> AppendGroup { AppendGroup(frames: frames) }

/// What the SQLite store promises beyond the contract, where nothing goes wrong.
@Suite struct SQLiteStoreTests {
    @Test func `all is there again when the store is opened anew`() async throws {
        try await withFolder { folder async throws in
            var store = try openStore(folder)
            let opening = StreamOpening(room: room(1), key: [1, 2])
            _ = await store.commit([
                AppendGroup(
                    frames: [frame(stream(1), 1, [7, 8], label: label(1), opens: opening)],
                    wake: WakeChange(room: room(1), at: Timestamp(milliseconds: 3))
                )
            ])
            store.close()
            store = try openStore(folder)
            defer { store.close() }
            #expect(try store.read(stream(1), 1...9, bytesMax: .max).map(\.frame) == [[7, 8]])
            #expect(try store.streams(of: room(1)).map(\.key) == [[1, 2]])
            #expect(try store.find(label: label(1))?.number == 1)
            #expect(try store.wakes().map(\.room) == [room(1)])
            #expect(await store.commit(frame(stream(1), 1)) == .success([.conflict]))
            #expect(await store.commit(frame(stream(1), 2)) == .success([.committed]))
            try store.verify()
        }
    }

    @Test func `every commit is flushed and what is deleted is zeroed`() async throws {
        try await withFolder { folder async throws in
            let opened = try OpenDatabase(
                StoreFolder(folder),
                release: "1.0",
                busySeconds: 0.05
            )
            let found = try await opened.pool.writeWithoutTransaction { database in
                [
                    try String.fetchOne(database, sql: "PRAGMA synchronous"),
                    try String.fetchOne(database, sql: "PRAGMA secure_delete"),
                    try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                ]
            }
            #expect(found == ["2", "1", "wal"])
        }
    }

    @Test func `only the owner can read the files`() async throws {
        try await withFolder { folder async throws in
            let store = try openStore(folder)
            defer { store.close() }
            _ = await store.commit(frame(stream(1), 1))
            func mode(_ path: String) throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            }
            #expect(try mode(folder) == 0o700)
            for name in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm", "store.lock"] {
                #expect(try mode(folder + "/" + name) == 0o600, "\(name)")
            }
        }
    }

    @Test func `a file that others could read is closed to them`() async throws {
        try await withFolder { folder async throws in
            try openStore(folder).close()
            chmod(folder + "/store.sqlite", 0o644)
            try openStore(folder).close()
            var status = stat()
            stat(folder + "/store.sqlite", &status)
            #expect(status.st_mode & 0o777 == 0o600)
        }
    }

    @Test func `two stores in one folder are refused`() async throws {
        try await withFolder { folder async throws in
            let store = try openStore(folder)
            let error = #expect(throws: OpenError.self) { try openStore(folder) }
            #expect(error?.reason == .inUse)
            #expect(error?.description == "another peercoachd uses this data folder")
            store.close()
            try openStore(folder).close()
        }
    }

    @Test func `a store that is let go without being closed frees its folder`() async throws {
        try await withFolder { folder async throws in
            do {
                let store = try openStore(folder)
                _ = await store.commit(frame(stream(1), 1))
            }
            try openStore(folder).close()
        }
    }

    @Test func `a newer schema is refused and left alone`() async throws {
        try await withFolder { folder async throws in
            try openStore(folder).close()
            let beside = try openBeside(folder)
            try await beside.write {
                try $0.execute(sql: "UPDATE about SET schema = 99, release = '9.1'")
            }
            try beside.close()
            let error = #expect(throws: OpenError.self) { try openStore(folder) }
            #expect(error?.reason == .newer(schema: 99, release: "9.1"))
            #expect(error?.description.contains("update peercoachd") == true)
        }
    }

    @Test func `the database of another program is refused and left alone`() async throws {
        try await withFolder { folder async throws in
            try makeFolder(folder)
            let other = try openBeside(folder)
            try await other.write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
            try other.close()
            let before = FileManager.default.contents(atPath: folder + "/store.sqlite")
            let error = #expect(throws: OpenError.self) { try openStore(folder) }
            #expect(error?.reason == .notADatabase)
            #expect(FileManager.default.contents(atPath: folder + "/store.sqlite") == before)
        }
    }

    @Test func `a file that is no database is refused`() async throws {
        try await withFolder { folder async throws in
            try makeFolder(folder)
            let text = Data("This is a letter, and it is longer than a header is.".utf8)
            try (text + text + text).write(to: URL(fileURLWithPath: folder + "/store.sqlite"))
            let error = #expect(throws: OpenError.self) { try openStore(folder) }
            #expect(error?.reason == .notADatabase)
        }
    }

    @Test func `a folder that cannot serve is refused`() async throws {
        try await withFolder { folder async throws in
            let missing = #expect(throws: OpenError.self) { try openStore(folder + "/a/b") }
            #expect(missing?.reason == .folder)
            try makeFolder(folder)
            chmod(folder, 0o777)
            let open = #expect(throws: OpenError.self) { try openStore(folder) }
            #expect(open?.reason == .openToOthers)
            chmod(folder, 0o700)
            try Data().write(to: URL(fileURLWithPath: folder + "/file"))
            let file = #expect(throws: OpenError.self) { try openStore(folder + "/file") }
            #expect(file?.reason == .folder)
        }
    }

    @Test func `a database of the first release opens with all that it holds`() async throws {
        try await withFolder { folder async throws in
            try makeFolder(folder)
            let old = try openBeside(folder)
            try await old.writeWithoutTransaction { try $0.execute(sql: firstReleaseDatabase) }
            try old.close()
            let store = try openStore(folder)
            defer { store.close() }
            try store.verify()
            let found = try store.read(stream(1), 1...9, bytesMax: .max)
            #expect(found.map(\.frame) == [[1, 2, 3], [0xAB]])
            #expect(found.map(\.head) == [Bytes32(8, 7, 6, 1), Bytes32(8, 7, 6, 2)])
            #expect(try store.streams(of: room(1)).map(\.key) == [[5]])
            #expect(try store.find(label: label(1))?.number == 2)
            #expect(try store.wakes().map(\.at.milliseconds) == [77])
            #expect(await store.commit(frame(stream(1), 3)) == .success([.committed]))
        }
    }

    @Test func `a reader sees whole commits while others are written`() async throws {
        try await withFolder { folder async throws in
            let store = try openStore(folder)
            defer { store.close() }
            try await withThrowingTaskGroup { tasks in
                tasks.addTask {
                    for number in 1...200 as ClosedRange<UInt64> {
                        let pair = group(frame(stream(1), number), frame(stream(2), number))
                        #expect(await store.commit([pair]) == .success([.committed]))
                    }
                }
                tasks.addTask {
                    var seen: UInt64 = 0
                    while seen < 200 {
                        let first = try store.tail(of: stream(1)).number
                        let second = try store.tail(of: stream(2)).number
                        // The second was read later, so it can only be further on.
                        #expect(second >= first)
                        #expect(first >= seen)
                        seen = first
                        let count = try store.read(stream(1), 1...first + 1, bytesMax: .max).count
                        #expect(count >= Int(first))
                        await Task.yield()
                    }
                }
                try await tasks.waitForAll()
            }
        }
    }
}

func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(
        atPath: path,
        withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700]
    )
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingStoreSQLite
import Dispatch
import Foundation
import GRDB
import Testing

/// What the SQLite store does when the file, the disk or somebody else is in its way.
@Suite struct SQLiteTroubleTests {
    @Test func `a file that somebody locks refuses appends until it is free`() async throws {
        try await withFolder { folder async throws in
            let store = try openStore(folder)
            defer { store.close() }
            _ = await store.commit(frame(stream(1), 1))
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let beside = try DatabaseQueue(
                path: folder + "/store.sqlite",
                configuration: configuration
            )
            try await beside.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
            let refused = await store.commit(frame(stream(1), 2))
            #expect(refused == .failure(.unavailable(.locked)))
            #expect(store.health == .readOnly(.locked))
            #expect(try store.tail(of: stream(1)).number == 1)
            #expect(throws: StoreError.unavailable(.locked)) {
                try store.replace(stream(1), 1, with: [])
            }
            try await beside.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try beside.close()
            #expect(await store.commit(frame(stream(1), 2)) == .success([.committed]))
            #expect(store.health == .good)
        }
    }

    @Test func `one group at fault does not fail those committed with it`() async throws {
        try await withFolder { folder async throws in
            try openStore(folder).close()
            let beside = try openBeside(folder)
            try await beside.write {
                try $0.execute(
                    sql: """
                        CREATE TRIGGER poison BEFORE INSERT ON frames
                        WHEN NEW.frame = X'DEAD' BEGIN SELECT RAISE(ABORT, 'poison'); END
                        """
                )
            }
            try beside.close()
            let store = try openStore(folder)
            defer { store.close() }
            // The first completion holds the writer, so that the three batches wait together.
            let (entered, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            store.append([group(frame(stream(1), 1))]) { _ in
                entered.signal()
                release.wait()
            }
            entered.wait()
            let poisoned = AppendGroup(
                frames: [frame(stream(2), 2), frame(stream(3), 1, [0xDE, 0xAD])],
                wake: WakeChange(room: room(1), at: Timestamp(milliseconds: 1))
            )
            async let before = store.commit(frame(stream(1), 2))
            async let beside2 = store.commit([
                group(frame(stream(2), 1)), poisoned, group(frame(stream(2), 2, [5])),
            ])
            async let after = store.commit(frame(stream(4), 1))
            release.signal()
            #expect(await before == .success([.committed]))
            #expect(await beside2 == .success([.committed, .refused, .committed]))
            #expect(await after == .success([.committed]))
            #expect(store.health == .good)
            #expect(try store.read(stream(2), 2...2, bytesMax: .max).map(\.frame) == [[5]])
            #expect(try store.tail(of: stream(3)).number == 0)
            #expect(try store.wakes().isEmpty)
            #expect(await store.commit(frame(stream(2), 3)) == .success([.committed]))
        }
    }

    @Test func `a damaged last frame fails only the batch that would follow it`() async throws {
        try await withFolder { folder async throws in
            var store = try openStore(folder)
            _ = await store.commit(frame(stream(1), 1), frame(stream(2), 1))
            store.close()
            let beside = try openBeside(folder)
            try await beside.write {
                try $0.execute(sql: "UPDATE frames SET frame = X'010207' WHERE id = 1")
            }
            try beside.close()
            store = try openStore(folder)
            defer { store.close() }
            #expect(throws: StoreError.corrupt) { try store.tail(of: stream(1)) }
            #expect(throws: StoreError.corrupt) { try store.verify() }
            #expect(try store.tail(of: stream(2)).number == 1)
            let damaged = await store.commit(frame(stream(2), 2), frame(stream(1), 2))
            #expect(damaged == .failure(.corrupt))
            // It can be erased, and what is damaged about it stays known.
            #expect(try store.replace(stream(1), 1, with: [9]))
            #expect(throws: StoreError.corrupt) { try store.read(stream(1), 1...1, bytesMax: 1) }
            #expect(await store.commit(frame(stream(2), 2)) == .success([.committed]))
            #expect(store.health == .good)
        }
    }

    @Test func `a missing frame is not passed over`() async throws {
        try await withFolder { folder async throws in
            var store = try openStore(folder)
            for number in 1...5 as ClosedRange<UInt64> {
                _ = await store.commit(frame(stream(1), number))
            }
            store.close()
            let beside = try openBeside(folder)
            try await beside.write { try $0.execute(sql: "DELETE FROM frames WHERE id = 3") }
            try beside.close()
            store = try openStore(folder)
            defer { store.close() }
            #expect(throws: StoreError.corrupt) {
                try store.read(stream(1), 1...5, bytesMax: .max)
            }
            #expect(throws: StoreError.corrupt) {
                try store.read(stream(1), 3...5, bytesMax: .max)
            }
            #expect(try store.read(stream(1), 4...5, bytesMax: .max).count == 2)
        }
    }

    @Test func `no flipped bit is served as good`() async throws {
        let (seed, flips) = (UInt64(11), 150)
        var random = SplitMix64(seed: seed)
        try await withFolder { folder async throws in
            var store = try openStore(folder)
            for index in 0..<60 {
                let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
                _ = await store.commit(frame(stream(index % 3), UInt64(index / 3 + 1), bytes))
            }
            let good = try (0..<3).map { try store.read(stream($0), 1...99, bytesMax: .max) }
            store.close()
            let url = URL(fileURLWithPath: folder + "/store.sqlite")
            let sound = try Data(contentsOf: url)
            var noticed = 0
            for flip in 0..<flips {
                var damaged = sound
                let bit = Int.random(in: 0..<sound.count * 8, using: &random)
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                try damaged.write(to: url)
                let note = Comment("seed \(seed), flip \(flip), bit \(bit)")
                do {
                    store = try openStore(folder)
                    defer { store.close() }
                    var isWhole = true
                    for index in 0..<3 {
                        let found = try store.read(stream(index), 1...99, bytesMax: .max)
                        #expect(found == Array(good[index].prefix(found.count)), note)
                        if found != good[index] { isWhole = false }
                    }
                    if !isWhole { #expect(throws: StoreError.corrupt, note) { try store.verify() } }
                } catch {
                    noticed += 1
                    #expect(error is StoreError || error is OpenError, note)
                }
            }
            #expect(noticed > flips / 10, "seed \(seed): the flips must have hit something")
        }
    }
}

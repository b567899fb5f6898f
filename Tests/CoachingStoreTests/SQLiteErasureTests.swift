// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingStoreSQLite
import Foundation
import GRDB
import Testing

/// What is replaced and purged is nowhere in the files of the store.
@Suite struct SQLiteErasureTests {
    /// The files of a folder in which a string of bytes is found.
    private func files(of folder: String, holding canary: [UInt8]) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
            let content = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
            return content.range(of: Data(canary)) != nil
        }.sorted()
    }

    private func canary(_ index: Int, _ random: inout SplitMix64) -> [UInt8] {
        Array("canary \(index) ".utf8)
            + (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test(arguments: [1, 2], [20, 900, 9_000])
    func `a purged frame is found nowhere`(_ seed: Int, _ length: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        try await withFolder { folder async throws in
            let store = try openStore(folder)
            defer { store.close() }
            let canaries = (0..<40).map { canary($0, &random) }
            for (index, canary) in canaries.enumerated() {
                let filling = [UInt8](repeating: 0x20, count: length)
                let next = frame(stream(index % 4), UInt64(index / 4 + 1), canary + filling)
                #expect(await store.commit(next) == .success([.committed]))
            }
            for canary in canaries {
                #expect(try !files(of: folder, holding: canary).isEmpty, "the control is missed")
            }
            // In random order, so that neighbours are moved, if any are, before their turn.
            let order = canaries.indices.shuffled(using: &random)
            for (done, index) in order.prefix(30).enumerated() {
                let isLonger = done % 7 == 6
                let tombstone = [UInt8](repeating: 0x54, count: isLonger ? length + 700 : 8)
                #expect(
                    try store.replace(stream(index % 4), UInt64(index / 4 + 1), with: tombstone)
                )
                if done % 10 == 9 { try store.purge() }
            }
            for index in order.prefix(30) {
                let found = try files(of: folder, holding: canaries[index])
                #expect(found == [], "seed \(seed), length \(length), canary \(index)")
            }
            for index in order.suffix(10) {
                let found = try files(of: folder, holding: canaries[index])
                #expect(found == ["store.sqlite"], "seed \(seed)")
            }
            try store.verify()
            #expect(await store.commit(frame(stream(0), 11)) == .success([.committed]))
        }
    }

    @Test func `a purge waits for its own readers and names those of others`() async throws {
        try await withFolder { folder async throws in
            let store = try openStore(folder)
            defer { store.close() }
            let secret = Array("the canary of the purge".utf8)
            _ = await store.commit(frame(stream(1), 1, secret))
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let beside = try DatabaseQueue(
                path: folder + "/store.sqlite",
                configuration: configuration
            )
            try await beside.writeWithoutTransaction {
                try $0.execute(sql: "BEGIN; SELECT count(*) FROM frames")
            }
            try store.replace(stream(1), 1, with: [1])
            #expect(throws: StoreError.unavailable(.locked)) { try store.purge() }
            #expect(store.health == .good)
            #expect(try !files(of: folder, holding: secret).isEmpty)
            try await beside.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
            try store.purge()
            #expect(try files(of: folder, holding: secret).isEmpty)
            try beside.close()
            #expect(await store.commit(frame(stream(1), 2)) == .success([.committed]))
            #expect(store.health == .good)
        }
    }
}

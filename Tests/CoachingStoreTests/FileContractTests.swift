// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingStoreSQLite
import Foundation
import Testing

private func fileKey(_ index: Int, in stream: Int = 1) -> StoredFileKey {
    StoredFileKey(stream: CoachingStoreTests.stream(stream), file: digest(index))
}

private let owner = PersonID(Bytes16(high: 3, low: 1))
private let at = Timestamp(milliseconds: 1_000)

private func chunk(
    _ key: StoredFileKey,
    _ index: UInt32,
    of chunks: UInt32,
    _ bytes: [UInt8] = [1, 2, 3],
    by person: PersonID = owner
) -> FileChange {
    .keep(
        FileChunk(
            room: room(1),
            key: key,
            owner: person,
            chunks: chunks,
            index: index,
            at: at,
            bytes: bytes
        )
    )
}

private func group(_ changes: FileChange...) -> AppendGroup {
    AppendGroup(frames: [], files: changes)
}

/// What every store must do with files.
@Suite struct FileContractTests {
    typealias Stores = StoreUnderTest

    @Test(arguments: Stores.allCases)
    func `chunks are given back byte for byte, and files are listed`(
        _ kind: Stores
    ) async throws {
        try await kind.run { store async throws in
            let full = (0..<FileChunk.bytesMax).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let outcomes = await store.commit([
                group(chunk(fileKey(1), 0, of: 2, full)), group(chunk(fileKey(2), 0, of: 1, [])),
                group(chunk(fileKey(1), 1, of: 2, [9])),
            ])
            #expect(outcomes == .success([.committed, .committed, .committed]))
            #expect(try store.chunk(0, of: fileKey(1)) == full)
            #expect(try store.chunk(1, of: fileKey(1)) == [9])
            #expect(try store.chunk(2, of: fileKey(1)) == nil)
            #expect(try store.chunk(0, of: fileKey(2)) == [])
            #expect(try store.chunk(0, of: fileKey(1, in: 2)) == nil)
            let files = try store.files(of: room(1))
            #expect(files.map(\.key) == [fileKey(1), fileKey(2)])
            #expect(files.map(\.kept) == [2, 1] && files.map(\.chunks) == [2, 1])
            #expect(files.allSatisfy { $0.number == 0 && $0.owner == owner && $0.at == at })
            #expect(try store.files(of: room(2)).isEmpty)
        }
    }

    @Test(arguments: Stores.allCases)
    func `chunks come in order, from one person, and no more than were said`(
        _ kind: Stores
    ) async throws {
        try await kind.run { store async throws in
            let key = fileKey(1)
            let other = PersonID(Bytes16(high: 3, low: 2))
            let begun = await store.commit([
                group(chunk(key, 1, of: 3)), group(chunk(key, 0, of: 0)),
                group(chunk(key, 0, of: 3)),
            ])
            #expect(begun == .success([.conflict, .conflict, .committed]))
            let long = [UInt8](repeating: 1, count: FileChunk.bytesMax + 1)
            let next = await store.commit([
                group(chunk(key, 0, of: 3)), group(chunk(key, 2, of: 3)),
                group(chunk(key, 1, of: 4)), group(chunk(key, 1, of: 3, by: other)),
                group(chunk(key, 1, of: 3, long)),
                group(chunk(key, 1, of: 3), chunk(key, 1, of: 3)),
                group(chunk(key, 1, of: 3, [1]), chunk(key, 2, of: 3, [2])),
                group(chunk(key, 3, of: 3)),
            ])
            let conflict = AppendOutcome.conflict
            #expect(
                next
                    == .success([
                        conflict, conflict, conflict, conflict, .refused, conflict, .committed,
                        conflict,
                    ])
            )
            #expect(try store.chunk(1, of: key) == [1] && store.chunk(2, of: key) == [2])
        }
    }

    @Test(arguments: Stores.allCases)
    func `a whole file is tied to one frame, with it or not at all`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            let key = fileKey(1)
            _ = await store.commit([group(chunk(key, 0, of: 2))])
            func naming(_ number: UInt64, frame taken: UInt64) -> AppendGroup {
                AppendGroup(
                    frames: [frame(stream(1), taken)],
                    files: [.name(key, number: number)]
                )
            }
            #expect(await store.commit([naming(1, frame: 1)]) == .success([.conflict]))
            #expect(try store.tail(of: stream(1)).number == 0)
            _ = await store.commit([group(chunk(key, 1, of: 2))])
            let outcomes = await store.commit([
                naming(2, frame: 2), naming(1, frame: 1), naming(2, frame: 2),
                group(.name(fileKey(5), number: 1)),
            ])
            #expect(outcomes == .success([.conflict, .committed, .conflict, .conflict]))
            #expect(try store.files(of: room(1)).map(\.number) == [1])
        }
    }

    @Test(arguments: Stores.allCases)
    func `a file goes by itself, or with its frame`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            for index in 1...3 { _ = await store.commit([group(chunk(fileKey(index), 0, of: 1))]) }
            _ = await store.commit([
                AppendGroup(
                    frames: [frame(stream(1), 1), frame(stream(1), 2)],
                    files: [.name(fileKey(1), number: 1), .name(fileKey(2), number: 2)]
                )
            ])
            let tombstone = FrameErasure(stream: stream(1), number: 1, frame: [9])
            let outcomes = await store.commit([AppendGroup(frames: [], erasures: [tombstone])])
            #expect(outcomes == .success([.committed]))
            #expect(try store.chunk(0, of: fileKey(1)) == nil)
            #expect(try store.files(of: room(1)).map(\.key) == [fileKey(2), fileKey(3)])
            try store.replace(stream(1), 2, with: [9])
            #expect(try store.files(of: room(1)).map(\.key) == [fileKey(3)])
            let gone = await store.commit([
                group(.erase(fileKey(3))), group(.erase(fileKey(3))),
                group(chunk(fileKey(3), 0, of: 1, [7])),
            ])
            #expect(gone == .success([.committed, .committed, .committed]))
            #expect(try store.chunk(0, of: fileKey(3)) == [7])
        }
    }
}

/// What of files is in SQLite's own files.
@Suite struct SQLiteFileTests {
    private func count(_ folder: String, _ canary: [UInt8]) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
            let content = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
            var (found, place) = (0, content.startIndex)
            while let next = content.range(of: Data(canary), in: place..<content.endIndex) {
                (found, place) = (found + 1, next.upperBound)
            }
            return sum + found
        }
    }

    @Test(arguments: 1...4)
    func `nothing of an erased file is left, and its place is used again`(
        _ seed: Int
    ) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        try await withFolder { folder async throws in
            let store = try openStore(folder)
            defer { store.close() }
            // Every 64 bytes a mark, so that also a part of a chunk that was left would be found.
            let marks = (0..<12).map { _ in
                (0..<16).map { _ in UInt8.random(in: 1...255, using: &random) }
            }
            for (index, mark) in marks.enumerated() {
                for part in 0..<3 {
                    let length = part < 2 ? FileChunk.bytesMax : 1_000 * index + 64
                    let filled = (0..<length).map { $0 % 64 < 16 ? mark[$0 % 64] : UInt8(index) }
                    let change = chunk(fileKey(index), UInt32(part), of: 3, filled)
                    #expect(await store.commit([group(change)]) == .success([.committed]))
                }
                let handing = AppendGroup(
                    frames: [frame(stream(1), UInt64(index + 1))],
                    files: [.name(fileKey(index), number: UInt64(index + 1))]
                )
                #expect(await store.commit([handing]) == .success([.committed]))
                #expect(try count(folder, mark) > 2_000, "the control is missed")
            }
            let order = marks.indices.shuffled(using: &random)
            for index in order.prefix(9) {
                let number = UInt64(index + 1)
                let erasure = FrameErasure(stream: stream(1), number: number, frame: [9])
                let group = AppendGroup(frames: [], erasures: [erasure])
                #expect(await store.commit([group]) == .success([.committed]))
            }
            try store.purge()
            for index in order.prefix(9) {
                #expect(try count(folder, marks[index]) == 0, "seed \(seed), file \(index)")
            }
            for index in order.suffix(3) {
                #expect(try store.chunk(0, of: fileKey(index))?.first == marks[index][0])
            }
            try store.verify()
            let path = folder + "/store.sqlite"
            func size() throws -> Int {
                let facts = try FileManager.default.attributesOfItem(atPath: path)
                return (facts[.size] as? Int) ?? 0
            }
            let before = try size()
            for part in 0..<27 {
                let bytes = [UInt8](repeating: 3, count: FileChunk.bytesMax)
                let change = chunk(fileKey(99), UInt32(part), of: 27, bytes)
                #expect(await store.commit([group(change)]) == .success([.committed]))
            }
            try store.purge()
            #expect(try size() <= before + 65_536, "what was free is used again")
            try store.verify()
        }
    }

    @Test func `a damaged chunk is noticed`() async throws {
        try await withFolder { folder async throws in
            let store = try openStore(folder)
            let secret = Array("the bytes that a disk changes".utf8)
            _ = await store.commit([group(chunk(fileKey(1), 0, of: 1, secret))])
            try store.purge()
            store.close()
            let path = folder + "/store.sqlite"
            var content = try Data(contentsOf: URL(fileURLWithPath: path))
            let place = try #require(content.range(of: Data(secret)))
            content[place.lowerBound + 3] ^= 0x10
            try content.write(to: URL(fileURLWithPath: path))
            let again = try openStore(folder)
            defer { again.close() }
            #expect(throws: StoreError.corrupt) { try again.chunk(0, of: fileKey(1)) }
            #expect(throws: StoreError.corrupt) { try again.verify() }
        }
    }
}

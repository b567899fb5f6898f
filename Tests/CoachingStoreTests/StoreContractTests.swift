// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import Synchronization
import Testing

/// What every store must do, run over each of them.
@Suite struct StoreContractTests {
    typealias Stores = StoreUnderTest

    @Test(arguments: Stores.allCases)
    func `an appended frame is given back byte for byte`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            let bytes = (0...255).map { UInt8($0) }
            #expect(await store.commit(frame(stream(1), 1, bytes)) == .success([.committed]))
            let found = try store.read(stream(1), 1...1, bytesMax: .max)
            #expect(
                found == [
                    StoredFrame(
                        number: 1,
                        frame: bytes,
                        digest: Bytes32(4, 3, 2, 1),
                        head: Bytes32(8, 7, 6, 1)
                    )
                ]
            )
            let tail = try store.tail(of: stream(1))
            #expect(tail == StreamTail(number: 1, head: Bytes32(8, 7, 6, 1)))
            #expect(store.health == .good)
        }
    }

    @Test(arguments: Stores.allCases)
    func `a stream that nobody wrote is empty`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            #expect(try store.tail(of: stream(1)) == StreamTail(number: 0, head: .zero))
            #expect(try store.read(stream(1), 0...UInt64.max, bytesMax: .max).isEmpty)
            #expect(try store.streams(of: room(1)).isEmpty)
            #expect(try store.find(label: label(1)) == nil)
            #expect(try store.wakes().isEmpty)
        }
    }

    @Test(arguments: Stores.allCases)
    func `a batch of nothing and a group of nothing commit`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            #expect(await store.commit([]) == .success([]))
            #expect(await store.commit([AppendGroup(frames: [])]) == .success([.committed]))
        }
    }

    @Test(arguments: Stores.allCases)
    func `a wrong number fails its group alone`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            let outcomes = await store.commit(
                frame(stream(1), 1),
                frame(stream(1), 1),
                frame(stream(1), 3),
                frame(stream(1), 0),
                frame(stream(2), .max),
                frame(stream(1), 2)
            )
            #expect(
                outcomes
                    == .success([
                        .committed, .conflict, .conflict, .conflict, .conflict, .committed,
                    ])
            )
            #expect(try store.tail(of: stream(1)).number == 2)
            #expect(try store.tail(of: stream(2)).number == 0)
        }
    }

    @Test(arguments: Stores.allCases)
    func `a group is kept whole or not at all`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            let whole = AppendGroup(frames: [
                frame(stream(1), 1), frame(stream(2), 1), frame(stream(1), 2),
            ])
            let broken = AppendGroup(
                frames: [
                    frame(stream(1), 3, label: label(1)), frame(stream(3), 1),
                    frame(stream(2), 5),
                ],
                wake: WakeChange(room: room(1), at: Timestamp(milliseconds: 5))
            )
            #expect(await store.commit([whole, broken]) == .success([.committed, .conflict]))
            #expect(try store.tail(of: stream(1)).number == 2)
            #expect(try store.tail(of: stream(2)).number == 1)
            #expect(try store.tail(of: stream(3)).number == 0)
            #expect(try store.find(label: label(1)) == nil)
            #expect(try store.wakes().isEmpty)
        }
    }

    @Test(arguments: Stores.allCases)
    func `a guard that is not met fails its group`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            _ = await store.commit(frame(stream(1), 1))
            let met = AppendGroup(
                frames: [frame(stream(2), 1)],
                guards: [
                    StreamGuard(stream: stream(1), number: 1),
                    StreamGuard(stream: stream(9), number: 0),
                ]
            )
            let late = AppendGroup(
                frames: [frame(stream(2), 2)],
                guards: [StreamGuard(stream: stream(1), number: 0)]
            )
            // The group before it in the batch moves the guarded stream on.
            let move = AppendGroup(frames: [frame(stream(1), 2)])
            let overtaken = AppendGroup(
                frames: [frame(stream(2), 2)],
                guards: [StreamGuard(stream: stream(1), number: 1)]
            )
            // A guard on the group's own stream is judged before the group.
            let own = AppendGroup(
                frames: [frame(stream(2), 2), frame(stream(2), 3)],
                guards: [StreamGuard(stream: stream(2), number: 1)]
            )
            #expect(
                await store.commit([met, late, move, overtaken, own])
                    == .success([.committed, .conflict, .committed, .conflict, .committed])
            )
            #expect(try store.tail(of: stream(2)).number == 3)
        }
    }

    @Test(arguments: Stores.allCases)
    func `a label is found and taken once`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            let twice = AppendGroup(frames: [
                frame(stream(3), 1, label: label(3)), frame(stream(3), 2, label: label(3)),
            ])
            #expect(
                await store.commit([
                    AppendGroup(frames: [frame(stream(1), 1)]),
                    AppendGroup(frames: [frame(stream(1), 2, label: label(1))]),
                    AppendGroup(frames: [frame(stream(2), 1, label: label(1))]),
                    twice,
                ]) == .success([.committed, .committed, .conflict, .conflict])
            )
            let again = await store.commit(frame(stream(2), 1, label: label(1)))
            #expect(again == .success([.conflict]))
            let found = try store.find(label: label(1))
            #expect(found?.stream == stream(1))
            #expect(found?.number == 2)
            #expect(try store.find(label: label(3)) == nil)
        }
    }

    @Test(arguments: Stores.allCases)
    func `a room's streams are listed as they began, with their ends`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            func opening(_ index: Int, _ key: [UInt8]) -> StreamOpening {
                StreamOpening(room: room(index), key: key)
            }
            _ = await store.commit(
                frame(stream(5), 1, opens: opening(1, [5])),
                frame(stream(9), 1, opens: opening(2, [9])),
                frame(stream(2), 1, opens: opening(1, [])),
                frame(stream(5), 2),
                frame(stream(4), 1)
            )
            let late = await store.commit(frame(stream(4), 2, opens: opening(1, [4])))
            #expect(late == .success([.conflict]))
            let found = try store.streams(of: room(1))
            #expect(found.map(\.stream) == [stream(5), stream(2)])
            #expect(found.map(\.key) == [[5], []])
            #expect(found.map(\.tail.number) == [2, 1])
            #expect(found.map(\.tail.head) == [Bytes32(8, 7, 6, 2), Bytes32(8, 7, 6, 1)])
            #expect(try store.streams(of: room(2)).map(\.key) == [[9]])
        }
    }

    @Test(arguments: Stores.allCases)
    func `wakes are set, moved and cleared`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            func wake(_ index: Int, _ at: Int64?) -> AppendGroup {
                AppendGroup(
                    frames: [],
                    wake: WakeChange(room: room(index), at: at.map { Timestamp(milliseconds: $0) })
                )
            }
            _ = await store.commit([
                wake(3, 30), wake(2, 20), wake(1, 20), wake(4, -1), wake(5, 9),
            ])
            _ = await store.commit([wake(3, 10), wake(5, nil), wake(6, nil)])
            let found = try store.wakes()
            #expect(found.map(\.room) == [room(4), room(3), room(1), room(2)])
            #expect(found.map(\.at.milliseconds) == [-1, 10, 20, 20])
        }
    }

    @Test(arguments: Stores.allCases)
    func `a read keeps to its numbers and its bytes`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            _ = await store.commit(
                (1...9).map { AppendGroup(frames: [frame(stream(1), $0, [0, 0, UInt8($0)])]) }
            )
            func numbers(_ range: ClosedRange<UInt64>, _ bytesMax: Int) throws -> [UInt64] {
                try store.read(stream(1), range, bytesMax: bytesMax).map(\.number)
            }
            #expect(try numbers(0...UInt64.max, .max) == Array(1...9))
            #expect(try numbers(4...6, .max) == [4, 5, 6])
            #expect(try numbers(8...20, .max) == [8, 9])
            #expect(try numbers(10...20, .max) == [])
            #expect(try numbers(0...0, .max) == [])
            #expect(try numbers(UInt64.max...UInt64.max, .max) == [])
            #expect(try numbers(2...9, 0) == [2])
            #expect(try numbers(2...9, -1) == [2])
            #expect(try numbers(2...9, 3) == [2])
            #expect(try numbers(2...9, 4) == [2, 3])
        }
    }

    @Test(arguments: Stores.allCases)
    func `empty and long frames are kept, too long ones are refused alone`(
        _ kind: Stores
    ) async throws {
        try await kind.run { store async throws in
            let long = [UInt8](repeating: 7, count: 1 << 20)
            let tooLong = [UInt8](repeating: 7, count: AppendFrame.bytesMax + 1)
            #expect(
                await store.commit(
                    frame(stream(1), 1, []),
                    frame(stream(1), 2, tooLong),
                    frame(stream(1), 2, long),
                    frame(stream(2), 1, tooLong)
                )
                    == .success([.committed, .refused, .committed, .refused])
            )
            let found = try store.read(stream(1), 1...9, bytesMax: .max)
            #expect(found.map(\.frame) == [[], long])
            #expect(try store.tail(of: stream(2)).number == 0)
        }
    }

    @Test(arguments: Stores.allCases)
    func `a replaced frame keeps its number, digest and head`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            _ = await store.commit(
                (1...4).map { AppendGroup(frames: [frame(stream(1), $0, [1, 2, 3, 4])]) }
            )
            let before = try store.read(stream(1), 1...4, bytesMax: .max)
            #expect(try store.replace(stream(1), 1, with: []))
            #expect(try store.replace(stream(1), 2, with: [9]))
            #expect(try store.replace(stream(1), 3, with: [9, 9, 9, 9, 9, 9]))
            #expect(try store.replace(stream(1), 4, with: [8]))
            #expect(try store.replace(stream(1), 4, with: [8, 8, 8]))
            #expect(try !store.replace(stream(1), 5, with: [9]))
            #expect(try !store.replace(stream(1), 0, with: [9]))
            #expect(try !store.replace(stream(1), .max, with: [9]))
            #expect(try !store.replace(stream(2), 1, with: [9]))
            let tooLong = [UInt8](repeating: 7, count: AppendFrame.bytesMax + 1)
            #expect(throws: StoreError.unavailable(.other)) {
                try store.replace(stream(1), 1, with: tooLong)
            }
            try store.purge()
            let after = try store.read(stream(1), 1...4, bytesMax: .max)
            #expect(after.map(\.frame) == [[], [9], [9, 9, 9, 9, 9, 9], [8, 8, 8]])
            #expect(after.map(\.head) == before.map(\.head))
            #expect(after.map(\.digest) == before.map(\.digest))
            #expect(await store.commit(frame(stream(1), 5)) == .success([.committed]))
        }
    }

    @Test(arguments: Stores.allCases)
    func `appends that do not wait for each other keep their order`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            let count = 500
            let ended = Mutex<[Int: Int]>([:])
            let outcomes = await withTaskGroup { group in
                for index in 0..<count {
                    // Called in order; only the completions are waited for elsewhere.
                    let (results, continuation) = AsyncStream.makeStream(
                        of: Result<[AppendOutcome], StoreError>.self
                    )
                    let next = frame(stream(index % 3), UInt64(index / 3 + 1), [UInt8(index % 256)])
                    store.append([AppendGroup(frames: [next])]) { result in
                        ended.withLock { $0[index, default: 0] += 1 }
                        continuation.yield(result)
                        continuation.finish()
                    }
                    group.addTask {
                        var all: [Result<[AppendOutcome], StoreError>] = []
                        for await result in results { all.append(result) }
                        return all
                    }
                }
                var outcomes: [Result<[AppendOutcome], StoreError>] = []
                for await result in group { outcomes += result }
                return outcomes
            }
            #expect(outcomes == Array(repeating: .success([.committed]), count: count))
            #expect(ended.withLock { $0.count == count && $0.values.allSatisfy { $0 == 1 } })
            let found = try store.read(stream(1), 1...1_000, bytesMax: .max)
            let expected = (0..<167).map { index in [UInt8((index * 3 + 1) % 256)] }
            #expect(found.map(\.frame) == expected)
        }
    }

    @Test(arguments: Stores.allCases)
    func `a closed store has committed what was queued and takes nothing more`(
        _ kind: Stores
    ) async throws {
        try await kind.run { store async throws in
            let (results, continuation) = AsyncStream.makeStream(
                of: Result<[AppendOutcome], StoreError>.self
            )
            for number in 1...50 {
                store.append([AppendGroup(frames: [frame(stream(1), UInt64(number))])]) { result in
                    continuation.yield(result)
                }
            }
            store.close()
            var found: [Result<[AppendOutcome], StoreError>] = []
            for await result in results.prefix(50) { found.append(result) }
            #expect(found == Array(repeating: .success([.committed]), count: 50))
            #expect(await store.commit(frame(stream(1), 51)) == .failure(.closed))
            #expect(throws: StoreError.closed) { try store.tail(of: stream(1)) }
            #expect(throws: StoreError.closed) { try store.read(stream(1), 1...1, bytesMax: 1) }
            #expect(throws: StoreError.closed) { try store.replace(stream(1), 1, with: []) }
            #expect(throws: StoreError.closed) { try store.purge() }
            #expect(throws: StoreError.closed) { try store.wakes() }
            #expect(store.health == .failed(.closed))
            store.close()
        }
    }

    @Test(arguments: Stores.allCases)
    func `a completion may append and may close`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            let last = await withCheckedContinuation { continuation in
                store.append([AppendGroup(frames: [frame(stream(1), 1)])]) { _ in
                    store.append([AppendGroup(frames: [frame(stream(1), 2)])]) { result in
                        store.close()
                        continuation.resume(returning: result)
                    }
                }
            }
            #expect(last == .success([.committed]))
            #expect(await store.commit(frame(stream(1), 3)) == .failure(.closed))
        }
    }

    @Test(arguments: Stores.allCases, [1, 2, 3])
    func `random histories leave what a plain model says`(_ kind: Stores, _ seed: Int) async throws
    {
        try await kind.run { store async throws in
            var random = SplitMix64(seed: UInt64(seed))
            var model = StoreModel()
            for _ in 0..<60 {
                let batch = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    model.randomGroup(&random)
                }
                let expected = batch.map { model.append($0) }
                #expect(await store.commit(batch) == .success(expected), "seed \(seed)")
                if let (place, bytes) = model.randomReplacement(&random) {
                    #expect(
                        try store.replace(place.stream, place.number, with: bytes),
                        "seed \(seed)"
                    )
                }
            }
            try store.purge()
            try model.compare(with: store, seed: seed)
        }
    }
}

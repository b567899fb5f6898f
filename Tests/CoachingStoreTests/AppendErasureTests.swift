// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import Testing

/// What is erased together with an append.
@Suite struct AppendErasureTests {
    typealias Stores = StoreUnderTest

    @Test(arguments: Stores.allCases)
    func `a group appends and erases together, or does neither`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            _ = await store.commit(frame(stream(1), 1, [1]), frame(stream(1), 2, [2]))
            let erasure = FrameErasure(stream: stream(1), number: 1, frame: [9])
            let late = AppendGroup(frames: [frame(stream(1), 4)], erasures: [erasure])
            #expect(await store.commit([late]) == .success([.conflict]))
            #expect(try store.read(stream(1), 1...9, bytesMax: .max).map(\.frame) == [[1], [2]])
            let good = AppendGroup(frames: [frame(stream(1), 3, [3])], erasures: [erasure])
            #expect(await store.commit([good]) == .success([.committed]))
            let found = try store.read(stream(1), 1...9, bytesMax: .max)
            #expect(found.map(\.frame) == [[9], [2], [3]])
            #expect(found[0].digest == Bytes32(4, 3, 2, 1))
            #expect(found[0].head == Bytes32(8, 7, 6, 1))
        }
    }

    @Test(arguments: Stores.allCases)
    func `what never was cannot be erased`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            _ = await store.commit(frame(stream(1), 1, [1]))
            for (place, number) in [(1, 0), (1, 2), (1, UInt64.max), (2, 1)] {
                let erasure = FrameErasure(stream: stream(place), number: number, frame: [9])
                let group = AppendGroup(frames: [frame(stream(3), 1)], erasures: [erasure])
                #expect(await store.commit([group]) == .success([.conflict]))
            }
            #expect(try store.tail(of: stream(3)).number == 0)
        }
    }

    @Test(arguments: Stores.allCases)
    func `a group may erase alone, under a guard`(_ kind: Stores) async throws {
        try await kind.run { store async throws in
            _ = await store.commit(frame(stream(1), 1, [1]))
            func group(_ number: UInt64) -> AppendGroup {
                AppendGroup(
                    frames: [],
                    guards: [StreamGuard(stream: stream(1), number: number)],
                    erasures: [FrameErasure(stream: stream(1), number: 1, frame: [9, 9, 9, 9])]
                )
            }
            #expect(await store.commit([group(2)]) == .success([.conflict]))
            #expect(await store.commit([group(1)]) == .success([.committed]))
            #expect(
                try store.read(stream(1), 1...1, bytesMax: .max).map(\.frame) == [[9, 9, 9, 9]]
            )
            try store.purge()
        }
    }
}

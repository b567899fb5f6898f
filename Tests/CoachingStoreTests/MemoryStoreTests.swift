// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import Synchronization
import Testing

/// What the memory store does beyond the contract: it commits and fails when it is told to.
@Suite struct MemoryStoreTests {
    private final class Results: Sendable {
        let all = Mutex<[Result<[AppendOutcome], StoreError>]>([])
        var list: [Result<[AppendOutcome], StoreError>] { all.withLock { $0 } }
    }

    private func append(_ frame: AppendFrame, to store: MemoryStore, _ results: Results) {
        store.append([AppendGroup(frames: [frame])]) { result in
            results.all.withLock { $0.append(result) }
        }
    }

    @Test func `a manual store commits one batch at a time`() throws {
        let store = MemoryStore(completions: .manual)
        let results = Results()
        append(frame(stream(1), 1), to: store, results)
        append(frame(stream(1), 2), to: store, results)
        #expect(store.waitingCount == 2)
        #expect(try store.tail(of: stream(1)).number == 0)
        #expect(results.list.isEmpty)
        #expect(store.commitNext())
        #expect(try store.tail(of: stream(1)).number == 1)
        #expect(results.list == [.success([.committed])])
        #expect(store.commitNext())
        #expect(!store.commitNext())
        #expect(results.list == [.success([.committed]), .success([.committed])])
    }

    @Test func `a batch that fails leaves nothing and the next one recovers`() throws {
        let store = MemoryStore(completions: .manual)
        let results = Results()
        append(frame(stream(1), 1), to: store, results)
        append(frame(stream(1), 1), to: store, results)
        #expect(store.failNext(.unavailable(.diskFull)))
        #expect(store.health == .readOnly(.diskFull))
        #expect(try store.tail(of: stream(1)).number == 0)
        #expect(store.commitNext())
        #expect(store.health == .good)
        #expect(results.list == [.failure(.unavailable(.diskFull)), .success([.committed])])
    }

    @Test(arguments: [StoreError.flushFailed, .corrupt])
    func `nothing commits after a failure that only a new start mends`(_ error: StoreError) throws {
        let store = MemoryStore(completions: .manual)
        let results = Results()
        append(frame(stream(1), 1), to: store, results)
        append(frame(stream(1), 1), to: store, results)
        #expect(store.failNext(error))
        #expect(store.commitNext())
        #expect(results.list == [.failure(error), .failure(error)])
        #expect(store.health == .failed(error))
        #expect(throws: error) { try store.purge() }
        #expect(try store.tail(of: stream(1)).number == 0)
    }
}

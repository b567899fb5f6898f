// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingStoreSQLite
import Dispatch
import Foundation
import Testing

/// The stores that stand under the contract; a new store is one more case here.
enum StoreUnderTest: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case memory
    case memoryOnQueue
    case sqlite
    case sqliteWithFewTails

    var testDescription: String { rawValue }

    /// Runs a body with an empty store, closes it and removes what it left.
    func run(_ body: (any EventStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(MemoryStore())
        case .memoryOnQueue:
            let queue = DispatchQueue(label: "commits")
            try await body(MemoryStore(completions: .on { job in queue.async(execute: job) }))
        case .sqlite:
            try await withFolder { folder in
                let store = try SQLiteStore(folder: folder, release: "test")
                defer { store.close() }
                try await body(store)
            }
        case .sqliteWithFewTails:
            try await withFolder { folder in
                let store = try SQLiteStore(folder: folder, release: "test", tailsMax: 2)
                defer { store.close() }
                try await body(store)
            }
        }
    }
}

/// Gives the path of a folder that does not exist yet, and removes it afterwards.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = NSTemporaryDirectory() + "store-test-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

extension EventStore {
    /// Appends and waits for the commit.
    func commit(_ batch: [AppendGroup]) async -> Result<[AppendOutcome], StoreError> {
        await withCheckedContinuation { continuation in
            append(batch) { continuation.resume(returning: $0) }
        }
    }

    /// Appends frames, each as a group of its own, and waits for the commit.
    func commit(_ frames: AppendFrame...) async -> Result<[AppendOutcome], StoreError> {
        await commit(frames.map { AppendGroup(frames: [$0]) })
    }
}

func stream(_ index: Int) -> StreamID { StreamID(Bytes16(high: 7, low: UInt64(index))) }

func room(_ index: Int) -> RoomID { RoomID(Bytes16(high: 9, low: UInt64(index))) }

func digest(_ index: Int) -> Bytes32 { Bytes32(1, 2, 3, UInt64(index)) }

func label(_ index: Int) -> Bytes16 { Bytes16(high: 11, low: UInt64(index)) }

func frame(
    _ stream: StreamID,
    _ number: UInt64,
    _ bytes: [UInt8] = [1, 2, 3],
    label: Bytes16? = nil,
    opens: StreamOpening? = nil
) -> AppendFrame {
    AppendFrame(
        stream: stream,
        number: number,
        frame: bytes,
        digest: Bytes32(4, 3, 2, number),
        head: Bytes32(8, 7, 6, number),
        label: label,
        opens: opens
    )
}

/// A generator whose seed stands in the failure message.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

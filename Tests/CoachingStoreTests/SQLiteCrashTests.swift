// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingStoreSQLite
import Dispatch
import Foundation
import Synchronization
import Testing

/// What survives when the process is killed, the disk is full or a system call fails.
@Suite struct SQLiteCrashTests {
    /// The frame that a crashing writer appends, known from its place.
    private static func written(_ index: Int, _ number: UInt64) -> AppendFrame {
        frame(stream(index), number, Array("\(index) \(number)".utf8))
    }

    /// Appends for ever, writes down what was acknowledged, and kills itself at some moment.
    private static func writeUntilKilled(_ folder: String, acksMax: Int) throws {
        let store = try openStore(folder)
        let log = open(folder + ".acks", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let acks = Atomic<Int>(0)
        let room = DispatchSemaphore(value: 40)
        var ends = try (0..<3).map { try store.tail(of: stream($0)).number }
        Thread.detachNewThread {
            while acks.load(ordering: .relaxed) < acksMax { sched_yield() }
            kill(getpid(), SIGKILL)
        }
        for index in 0... {
            room.wait()
            ends[index % 3] += 1
            let (place, number) = (index % 3, ends[index % 3])
            store.append([group(written(place, number))]) { result in
                guard case .success([.committed]) = result else { exit(2) }
                var ack = (UInt64(place), number)
                guard write(log, &ack, 16) == 16 else { exit(3) }
                acks.add(1, ordering: .relaxed)
                room.signal()
            }
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `a killed writer has lost nothing that was acknowledged`() async throws {
        try await withFolder { folder async throws in
            defer { try? FileManager.default.removeItem(atPath: folder + ".acks") }
            var random = SplitMix64(seed: 5)
            for round in 1...8 {
                let acksMax = Int.random(in: 0...400, using: &random)
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [folder = folder as String, acksMax = acksMax as Int] in
                    try SQLiteCrashTests.writeUntilKilled(folder, acksMax: acksMax)
                }
                let log = FileManager.default.contents(atPath: folder + ".acks") ?? Data()
                var acked: [UInt64] = [0, 0, 0]
                log.withUnsafeBytes { bytes in
                    for start in stride(from: 0, to: bytes.count - 15, by: 16) {
                        let place = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
                        let number = bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
                        #expect(number > acked[Int(place)], "round \(round): acknowledged twice")
                        acked[Int(place)] = number
                    }
                }
                let store = try openStore(folder)
                defer { store.close() }
                for index in 0..<3 {
                    let found = try store.read(stream(index), 1...UInt64.max, bytesMax: .max)
                    #expect(found.count >= Int(acked[index]), "round \(round): lost")
                    let expected = found.indices.map { Self.written(index, UInt64($0 + 1)).frame }
                    #expect(found.map(\.frame) == expected, "round \(round)")
                }
                try store.verify()
            }
        }
    }

    @Test(.enabled(if: SystemTrouble.canMount, "needs root and mount"))
    func `a full disk refuses appends until there is room again`() async throws {
        await #expect(processExitsWith: .success) {
            let isMounted = try await withSmallDisk { disk async throws in
                let ballast = disk + "/ballast"
                try Data(count: 1 << 20).write(to: URL(fileURLWithPath: ballast))
                let store = try openStore(disk + "/data")
                var number: UInt64 = 0
                var result = Result<[AppendOutcome], StoreError>.success([.committed])
                while case .success = result, number < 1_000 {
                    number += 1
                    // Both groups or, when the disk is full, neither.
                    result = await store.commit(
                        frame(stream(1), number, [UInt8](repeating: 1, count: 9_000)),
                        frame(stream(2), number, [UInt8](repeating: 2, count: 9_000))
                    )
                }
                #expect(result == .failure(.unavailable(.diskFull)))
                #expect(store.health == .readOnly(.diskFull))
                #expect(try store.tail(of: stream(1)).number == number - 1)
                #expect(try store.tail(of: stream(2)).number == number - 1)
                try FileManager.default.removeItem(atPath: ballast)
                let again = await store.commit(frame(stream(1), number), frame(stream(2), number))
                #expect(again == .success([.committed, .committed]))
                #expect(store.health == .good)
                try store.verify()
                store.close()
                let reopened = try openStore(disk + "/data")
                #expect(try reopened.tail(of: stream(2)).number == number)
                reopened.close()
            }
            #expect(isMounted)
        }
    }

    @Test(.enabled(if: SystemTrouble.canMount, "needs root and mount"))
    func `a read-only file system is refused at the door`() async throws {
        let isMounted = try await withSmallDisk { disk async throws in
            try openStore(disk + "/data").close()
            #expect(SystemTrouble.run("mount", "-o", "remount,ro", disk) == 0)
            let error = #expect(throws: OpenError.self) { try openStore(disk + "/data") }
            #expect(error?.reason == .notWritable)
            #expect(SystemTrouble.run("mount", "-o", "remount,rw", disk) == 0)
            try openStore(disk + "/data").close()
        }
        #expect(isMounted)
    }

    @Test(
        .enabled(if: SystemTrouble.canTrace, "needs root and strace"),
        arguments: [("EROFS", "readOnly"), ("ENOSPC", "diskFull"), ("EIO", "inputOutput")]
    )
    func `a write that fails refuses its batch and the next one recovers`(
        _ code: String,
        _ name: String
    ) async throws {
        await #expect(processExitsWith: .success) {
            [code = code as String, name = name as String] in
            try await withFolder { folder async throws in
                let store = try openStore(folder)
                _ = await store.commit(frame(stream(1), 1))
                let failed = await SystemTrouble.failing("pwrite64", with: code) {
                    let result = await store.commit(frame(stream(1), 2))
                    #expect(String(describing: store.health).contains("readOnly("))
                    return result
                }
                guard case .failure(.unavailable(let trouble)) = failed else {
                    Issue.record("\(String(describing: failed))")
                    return
                }
                #expect(String(describing: trouble).hasSuffix(name))
                #expect(try store.tail(of: stream(1)).number == 1)
                #expect(await store.commit(frame(stream(1), 2)) == .success([.committed]))
                #expect(store.health == .good)
                try store.verify()
                store.close()
            }
        }
    }

    @Test(.enabled(if: SystemTrouble.canTrace, "needs root and strace"))
    func `a flush that fails is not tried again`() async throws {
        await #expect(processExitsWith: .success) {
            try await withFolder { folder async throws in
                let store = try openStore(folder)
                _ = await store.commit(frame(stream(1), 1))
                let failed = await SystemTrouble.failing("fdatasync,fsync", with: "EIO") {
                    await store.commit(frame(stream(1), 2))
                }
                #expect(failed == .failure(.flushFailed))
                #expect(store.health == .failed(.flushFailed))
                // The disk would flush again by now, but what it lost is not known.
                #expect(await store.commit(frame(stream(1), 2)) == .failure(.flushFailed))
                #expect(throws: StoreError.flushFailed) { try store.purge() }
                #expect(throws: StoreError.flushFailed) {
                    try store.replace(stream(1), 1, with: [])
                }
                #expect(try store.tail(of: stream(1)).number == 1)
                store.close()
                let reopened = try openStore(folder)
                let last = try reopened.tail(of: stream(1)).number
                #expect((1...2).contains(last))
                #expect(await reopened.commit(frame(stream(1), last + 1)) == .success([.committed]))
                try reopened.verify()
                reopened.close()
            }
        }
    }
}

/// Runs a body on a disk of 4 MiB.
///
/// - Returns: whether there was one.
func withSmallDisk(_ body: (String) async throws -> Void) async throws -> Bool {
    try await SystemTrouble.withMount(megabytes: 4, body) != nil
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import CoachingStoreSQLite
import Dispatch
import Foundation
import Glibc
import Synchronization

// Prints what the SQLite store reaches on this disk and exits 1 where a target is missed:
// StoreBenchmark [FOLDER]. The folder is made and emptied; by default it is a temporary one.

let appendsPerSecondMin = 10_000.0
let openCPUSecondsMax = 0.5
let frame = [UInt8](repeating: 0x5A, count: 300)
let streamCount = 50

func cpuSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

func wallSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

func stream(_ index: Int) -> StreamID { StreamID(Bytes16(high: 0xBE7C, low: UInt64(index))) }

/// Keeps a number of appends in flight: each one that commits is followed by the next.
final class Load: Sendable {
    private struct State {
        var ends = [UInt64](repeating: 0, count: streamCount)
        var left: Int
        var running = 0
        var next = 0
        var failures = 0
        var latencies: [Double] = []
    }

    private let store: SQLiteStore
    private let isPaced: Bool
    private let state: Mutex<State>
    private let done = DispatchSemaphore(value: 0)

    init(_ store: SQLiteStore, appends: Int, isPaced: Bool) {
        self.store = store
        self.isPaced = isPaced
        state = Mutex(State(left: appends))
    }

    func run(waiting: Int) -> (failures: Int, latencies: [Double]) {
        for _ in 0..<waiting { post() }
        done.wait()
        return state.withLock { ($0.failures, $0.latencies.sorted()) }
    }

    /// Sends one append at each tick, whatever has come back.
    func run(perSecond: Int) -> (failures: Int, latencies: [Double]) {
        let start = wallSeconds()
        var sent = 0
        while post() {
            sent += 1
            let ahead = start + Double(sent) / Double(perSecond) - wallSeconds()
            if ahead > 0 { usleep(UInt32(ahead * 1e6)) }
        }
        done.wait()
        return state.withLock { ($0.failures, $0.latencies.sorted()) }
    }

    @discardableResult
    private func post() -> Bool {
        state.withLock { state in
            guard state.left > 0 else { return false }
            state.left -= 1
            state.running += 1
            let index = state.next
            state.next = (index + 1) % streamCount
            state.ends[index] += 1
            let start = wallSeconds()
            let number = state.ends[index]
            let group = AppendGroup(frames: [
                AppendFrame(
                    stream: stream(index),
                    number: number,
                    frame: frame,
                    digest: Bytes32(number, 2, 3, 4),
                    head: Bytes32(5, 6, 7, number)
                )
            ])
            // Under the lock, so that each stream's numbers reach the store in order.
            store.append([group]) { result in
                self.ended(result, since: start)
            }
            return true
        }
    }

    private func ended(_ result: Result<[AppendOutcome], StoreError>, since start: Double) {
        let isLast = state.withLock { state in
            state.running -= 1
            state.latencies.append(wallSeconds() - start)
            if case .success([.committed]) = result {} else { state.failures += 1 }
            return state.left == 0 && state.running == 0
        }
        if isLast {
            done.signal()
        } else if !isPaced {
            post()
        }
    }
}

func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 1))
}

func line(_ cells: [String]) {
    print(zip(cells, [34, 12, 14, 12, 12]).map { pad($0, $1) }.joined())
}

func number(_ value: Double, _ digits: Int = 0) -> String {
    String(format: "%.\(digits)f", value)
}

func measure(
    _ name: String,
    _ folder: String,
    appends: Int,
    isPaced: Bool = false,
    _ body: (Load) -> (Int, [Double])
) throws -> Double {
    try? FileManager.default.removeItem(atPath: folder)
    let store = try SQLiteStore(folder: folder, release: "benchmark")
    let load = Load(store, appends: appends, isPaced: isPaced)
    let (wall, cpu) = (wallSeconds(), cpuSeconds())
    let (failures, latencies) = body(load)
    let (wallTaken, cpuTaken) = (wallSeconds() - wall, cpuSeconds() - cpu)
    store.close()
    guard failures == 0 else {
        print("\(name): \(failures) appends failed")
        exit(1)
    }
    let rate = Double(appends) / wallTaken
    line([
        name, number(rate), number(cpuTaken / Double(appends) * 1e6, 1),
        number(latencies[latencies.count / 2] * 1e3, 2),
        number(latencies[latencies.count * 99 / 100] * 1e3, 2),
    ])
    return rate
}

let folder =
    CommandLine.arguments.count > 1
    ? CommandLine.arguments[1] : NSTemporaryDirectory() + "peercoach-store-\(getpid())"

do {
    line([
        "300-byte frames, \(streamCount) streams", "appends/s", "CPU us each", "p50 ms", "p99 ms",
    ])
    _ = try measure("1 waiting", folder, appends: 2_000) { $0.run(waiting: 1) }
    _ = try measure("16 waiting", folder, appends: 20_000) { $0.run(waiting: 16) }
    _ = try measure("paced, 2,000 a second", folder, appends: 4_000, isPaced: true) {
        $0.run(perSecond: 2_000)
    }
    let rate = try measure("256 waiting", folder, appends: 100_000) { $0.run(waiting: 256) }

    let (wall, cpu) = (wallSeconds(), cpuSeconds())
    let store = try SQLiteStore(folder: folder, release: "benchmark")
    let tail = try store.tail(of: stream(7))
    let (wallTaken, cpuTaken) = (wallSeconds() - wall, cpuSeconds() - cpu)
    let last = try store.read(stream(7), (tail.number - 49)...tail.number, bytesMax: .max)
    store.close()
    print(
        "open 100,000 frames and read a tail: \(number(wallTaken * 1e3, 1)) ms,"
            + " CPU \(number(cpuTaken * 1e3, 1)) ms"
    )
    try? FileManager.default.removeItem(atPath: folder)

    var missed: [String] = []
    if rate < appendsPerSecondMin { missed.append("appends a second") }
    if cpuTaken > openCPUSecondsMax { missed.append("CPU to open") }
    if tail.number != 2_000 || last.count != 50 { missed.append("frames found again") }
    print(missed.isEmpty ? "targets met" : "targets missed: " + missed.joined(separator: ", "))
    exit(missed.isEmpty ? 0 : 1)
} catch {
    print("benchmark failed: \(error)")
    exit(1)
}

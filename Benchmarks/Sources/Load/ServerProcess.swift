// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// The server that is measured, by the number of its process.
struct ServerProcess {
    private let id: pid_t
    private let clock: clockid_t

    init(_ id: Int32) throws {
        var clock = clockid_t()
        guard clock_getcpuclockid(id, &clock) == 0 else {
            throw LoadError("There is no process \(id).")
        }
        (self.id, self.clock) = (id, clock)
    }

    /// The CPU time of all its threads, those that have ended too, in microseconds.
    func cpuMicroseconds() throws -> Double {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else {
            throw LoadError("The server has ended.")
        }
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    /// The memory that it has resident, in KiB.
    func residentKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
            if let kib = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) {
                return kib
            }
        }
        throw LoadError("The server has ended.")
    }
}

/// Reads the monotonic clock, in seconds.
func monotonicSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// Waits, off every loop.
func pause(seconds: Double) { usleep(UInt32(seconds * 1e6)) }

/// Writes a number with so many digits behind the point.
func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

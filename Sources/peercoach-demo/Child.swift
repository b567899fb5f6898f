// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// A program that the demo has started: lines in, lines out.
///
/// `@unchecked Sendable`: the process is only started, asked for its id and ended; its output is
/// kept under a lock.
final class Child: @unchecked Sendable {
    private struct Heard {
        var lines: [String] = []
        var partial = Data()
        var errors = Data()
        var hasEnded = false
    }

    let name: String
    private let process = Process()
    private let input = Pipe()
    private let heard = Mutex(Heard())

    init(_ name: String, _ program: String, _ arguments: [String], echo: Bool = false) throws {
        self.name = name
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["SWIFT_BACKTRACE"] = "enable=no"
        process.environment = environment
        let output = Pipe()
        let errors = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        output.fileHandleForReading.readabilityHandler = { [weak self] handle in
            self?.take(handle.availableData, handle, echo: echo)
        }
        errors.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            self?.heard.withLock { $0.errors.append(data.prefix(65_536)) }
        }
        try process.run()
    }

    private func take(_ data: Data, _ handle: FileHandle, echo: Bool) {
        if data.isEmpty { handle.readabilityHandler = nil }
        let fresh = heard.withLock { heard in
            heard.partial.append(data)
            if data.isEmpty { heard.hasEnded = true }
            var fresh: [String] = []
            while let end = heard.partial.firstIndex(of: UInt8(ascii: "\n")) {
                fresh.append(String(decoding: heard.partial[..<end], as: UTF8.self))
                heard.partial = Data(heard.partial[heard.partial.index(after: end)...])
            }
            heard.lines += fresh
            return fresh
        }
        if echo {
            for line in fresh { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
        }
    }

    var processID: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// What it has printed so far.
    var lines: [String] { heard.withLock { $0.lines } }
    /// What it has complained about so far.
    var errors: String {
        heard.withLock { String(decoding: $0.errors, as: UTF8.self) }
    }

    /// Types a line.
    func type(_ line: String) {
        try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Ends its input.
    func endInput() { try? input.fileHandleForWriting.close() }

    /// Waits until it has ended; gives its exit status.
    func ended(within seconds: Double) async throws -> Int32 {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while process.isRunning {
            guard ContinuousClock.now < deadline else {
                throw DemoError("\(name) did not end in time.\n\(errors)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        // What it printed last may still be on its way through the pipe.
        let drained = ContinuousClock.now + .seconds(2)
        while !heard.withLock({ $0.hasEnded }), ContinuousClock.now < drained {
            try await Task.sleep(for: .milliseconds(20))
        }
        return process.terminationStatus
    }

    /// Waits for a line that fits; gives it.
    func line(
        _ what: String,
        after start: Int = 0,
        within seconds: Double,
        where fits: (String) -> Bool
    ) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var seen = start
        while true {
            let now = lines
            if let found = now[seen...].first(where: fits) { return found }
            seen = now.count
            guard ContinuousClock.now < deadline, isRunning || seen < lines.count else {
                throw DemoError(
                    "\(name): \(what) did not come.\n\(now.suffix(5).joined(separator: "\n"))\n\(errors)"
                )
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Asks it to end, by its id.
    func stop() {
        if process.isRunning { process.terminate() }
    }
}

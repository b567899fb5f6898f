// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What tests use to make a real disk fill up, a real system call fail: root, mount and strace.
enum SystemTrouble {
    static let canMount = getuid() == 0 && tryMount()

    static let canTrace =
        getuid() == 0 && run("strace", "-qq", "-o", "/dev/null", "true") == 0

    /// Runs a body on a small file system of its own, or gives `nil` where it cannot be mounted.
    static func withMount<Value>(
        megabytes: Int,
        _ body: (String) async throws -> Value
    ) async rethrows -> Value? {
        guard let folder = mount(megabytes: megabytes) else { return nil }
        defer { unmount(folder) }
        return try await body(folder)
    }

    private static func tryMount() -> Bool {
        guard let folder = mount(megabytes: 1) else { return false }
        unmount(folder)
        return true
    }

    private static func mount(megabytes: Int) -> String? {
        let folder = NSTemporaryDirectory() + "store-mount-" + UUID().uuidString
        guard mkdir(folder, 0o700) == 0 else { return nil }
        let options = "size=\(megabytes)m,mode=0700"
        guard run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder) == 0 else {
            rmdir(folder)
            return nil
        }
        return folder
    }

    private static func unmount(_ folder: String) {
        run("umount", folder)
        rmdir(folder)
    }

    @discardableResult
    static func run(_ command: String...) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Lets system calls of this process fail while the body runs.
    ///
    /// - Returns: `nil` where the tracer does not come up.
    static func failing<Value>(
        _ calls: String,
        with code: String,
        _ body: () async throws -> Value
    ) async rethrows -> Value? {
        let tracer = Process()
        tracer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tracer.arguments = [
            "strace", "-f", "-qq", "-o", "/dev/null", "-p", "\(getpid())",
            "-e", "trace=\(calls)", "-e", "inject=\(calls):error=\(code)",
        ]
        do { try tracer.run() } catch { return nil }
        while tracer.isRunning, !isTraced() { await Task.yield() }
        guard tracer.isRunning else { return nil }
        let value = try await body()
        // It has inherited a mask that keeps gentler signals from it.
        kill(tracer.processIdentifier, SIGKILL)
        tracer.waitUntilExit()
        return value
    }

    private static func isTraced() -> Bool {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.allSatisfy { task in
            let status = try? String(
                contentsOfFile: "/proc/self/task/\(task)/status",
                encoding: .utf8
            )
            return status.map { !$0.contains("TracerPid:\t0\n") } ?? true
        }
    }
}

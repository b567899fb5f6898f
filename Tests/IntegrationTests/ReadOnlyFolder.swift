// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// A small file system of its own that can be made read-only; root ignores the modes of files.
enum ReadOnlyFolder {
    static let canMount: Bool = {
        guard getuid() == 0, let path = make() else { return false }
        remove(path)
        return true
    }()

    static func use(
        _ body: (_ path: String, _ freeze: () -> Void) async throws -> Void
    )
        async throws
    {
        guard let path = make() else { return }
        defer { remove(path) }
        try await body(path) { run("mount", "-o", "remount,ro", path) }
    }

    private static func make() -> String? {
        let path = NSTemporaryDirectory() + "peercoach-mount-" + UUID().uuidString
        guard mkdir(path, 0o700) == 0 else { return nil }
        guard run("mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", path) == 0 else {
            rmdir(path)
            return nil
        }
        return path
    }

    private static func remove(_ path: String) {
        run("umount", path)
        rmdir(path)
    }

    @discardableResult
    private static func run(_ command: String...) -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The checkout that these tests stand in.
enum Repository {
    /// Its root, found from where this file was compiled.
    static let root: URL = {
        var url = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url
    }()

    /// What git tracks, and what it would with the next `git add`; `nil` outside a checkout.
    static let trackedPaths: [String]? = {
        let listed = try? Command.run(
            "git",
            "-C",
            root.path,
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard"
        )
        guard let listed, listed.status == 0 else { return nil }
        let names = listed.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return Set(names).sorted()
    }()

    static let isCheckout = trackedPaths != nil

    /// The tracked files that are text, by path; symbolic links and absent files are left out.
    static let trackedTexts: [String: String] = {
        var texts: [String: String] = [:]
        for path in trackedPaths ?? [] { texts[path] = text(path) }
        return texts
    }()

    static let sources = files(under: "Sources")
    static let tests = files(under: "Tests")

    /// Every Swift and C file below a folder, sorted.
    static func files(under folder: String) -> [SourceFile] {
        let base = root.appending(path: folder)
        let paths =
            FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return paths.sorted().compactMap { path in
            guard ["swift", "c", "h"].contains(URL(filePath: path).pathExtension) else {
                return nil
            }
            return text("\(folder)/\(path)").map { SourceFile(path: "\(folder)/\(path)", text: $0) }
        }
    }

    /// The folders directly below one, sorted.
    static func folders(in folder: String) -> [String] {
        let base = root.appending(path: folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: base.path)) ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            let path = base.appending(path: name).path
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && isFolder.boolValue
        }.sorted()
    }

    /// A file as text, or `nil` where there is none or it is not text.
    static func text(_ path: String) -> String? {
        let url = root.appending(path: path)
        guard let data = try? Data(contentsOf: url), !data.contains(0) else { return nil }
        return String(data: data, encoding: .utf8)
    }
}

/// A Swift or C file of the project.
struct SourceFile: Sendable {
    /// Its path from the root.
    let path: String
    let text: String
    /// The text without its words.
    let code: SwiftCode

    init(path: String, text: String) {
        self.path = path
        self.text = text
        code = SwiftCode(text)
    }

    /// The target it belongs to: the folder below `Sources` or `Tests`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The number of lines, where a last newline begins none.
    var lineCount: Int { lines.count - (text.hasSuffix("\n") ? 1 : 0) }
}

/// Programs of this machine that the tests ask.
enum Command {
    /// Runs a program found in the path and waits for its end.
    ///
    /// - Returns: its status and what it wrote; standard error is dropped.
    /// - Throws: when it cannot be started.
    static func run(_ words: String...) throws -> (status: Int32, output: Data) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    /// Finds a program in the path.
    static func find(_ name: String) -> String? {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.map { "\($0)/\(name)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }
}

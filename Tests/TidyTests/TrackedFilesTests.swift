// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite(.enabled(if: Repository.isCheckout, "skipped: there is no git checkout here"))
struct TrackedFilesTests {
    private static let licence = "SPDX-License-Identifier: Apache-2.0"
    private static let texts = Repository.trackedTexts.sorted { $0.key < $1.key }

    @Test func `git lists the files of the house`() {
        let paths = Repository.trackedPaths ?? []
        #expect(paths.contains("Package.swift"))
        #expect(paths.contains { $0.hasPrefix("Sources/CoachingModel/") })
    }

    @Test func `a program's text says its licence first`() {
        for (path, text) in Self.texts {
            let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
            let isSecond =
                lines[0].hasPrefix("#!") || lines[0].hasPrefix("// swift-tools-version:")
            let comment: String
            switch URL(filePath: path).pathExtension {
            case "swift", "c", "h": comment = "// "
            case "sh", "py", "service", "cnf", "yml", "yaml": comment = "# "
            default:
                guard lines[0].hasPrefix("#!") else { continue }
                comment = "# "
            }
            let line = isSecond && lines.count > 1 ? lines[1] : lines[0]
            #expect(line == comment + Self.licence, "\(path) does not begin with its licence.")
        }
    }

    @Test func `no key is tracked`() {
        // Put together, so that this file does not hold what it looks for.
        let words = ["PRIVATE", "KEY"].joined(separator: " ")
        let mayName = [
            "Sources/CoachingCertificates/PEMText.swift":
                "the label between which keys are written and read"
        ]
        for (path, text) in Self.texts where text.contains(words) {
            let isArmour = text.split(separator: "\n").contains { line in
                line.contains("-----BEGIN") && line.contains(words)
            }
            #expect(!isArmour, "\(path) holds a key.")
            #expect(mayName[path] != nil, "\(path) speaks of keys as if it held one.")
        }
        let endings = ["key", "p12", "pfx", "jks", "der", "p8"]
        for path in Repository.trackedPaths ?? [] {
            let isKey = endings.contains(URL(filePath: path).pathExtension)
            #expect(!isKey, "\(path) looks like a key.")
        }
    }

    @Test func `no file keeps a note of what is still to do`() {
        let markers = [["TO", "DO"], ["FIX", "ME"], ["X", "XX"], ["HA", "CK"]].map { $0.joined() }
        for (path, text) in Self.texts {
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
                for marker in markers where words.contains(Substring(marker)) {
                    Issue.record("\(path):\(index + 1): \(marker) belongs into an issue.")
                }
            }
        }
    }

    @Test func `no file names a place of the machine it was written on`() {
        for (path, text) in Self.texts {
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                if Workplace.places.contains(where: { Workplace.names($0, in: line) }) {
                    Issue.record("\(path):\(index + 1): names a place of this machine.")
                }
            }
        }
    }

    @Test func `no file is of a kind that is made anew`() {
        let made = ["o", "a", "so", "swiftmodule", "profraw", "pyc", "sqlite", "sqlite-wal", "deb"]
        for path in Repository.trackedPaths ?? [] {
            #expect(!made.contains(URL(filePath: path).pathExtension), "\(path) is made anew.")
            #expect(path != "Package.resolved", "Versions are exact in Package.swift.")
        }
    }
}

/// The places of this machine that no tracked file may name: where the checkout is, where the
/// compiler is, and who is at home here.
enum Workplace {
    /// Folders that are the same on every machine, and say nothing about this one.
    private static let everywhere: Set<String> = [
        "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/media", "/mnt", "/private",
        "/proc",
        "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/local",
        "/usr/local/bin", "/var", "/var/tmp", "/Users",
    ]

    static let places: [String] = {
        var places: Set<String> = [
            Repository.root.path, Repository.root.deletingLastPathComponent().path,
        ]
        if let swift = Command.find("swift") {
            var folder = URL(filePath: swift).deletingLastPathComponent()
            while folder.path != "/", !everywhere.contains(folder.path) {
                places.insert(folder.path)
                folder.deleteLastPathComponent()
            }
        }
        if let home = ProcessInfo.processInfo.environment["HOME"] { places.insert(home) }
        return places.subtracting(everywhere).sorted()
    }()

    /// Tells whether a line names a place or something in it.
    static func names(_ place: String, in line: Substring) -> Bool {
        var rest = line
        while let found = rest.range(of: place) {
            let before = line[..<found.lowerBound].last
            let after = line[found.upperBound...].first
            rest = line[found.upperBound...]
            let begins = before.map { !$0.isLetter && !$0.isNumber && !"._-/}~)".contains($0) }
            let ends = after.map { !$0.isLetter && !$0.isNumber && !"_-".contains($0) }
            if begins ?? true, ends ?? true { return true }
        }
        return false
    }
}

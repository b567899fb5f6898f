// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Holds what people see to the words that people know.
struct WordListTests {
    /// Words of the design that say nothing to who takes part.
    static let forbidden = [
        "transcript", "epoch", "keeper", "roster", "audience", "entry", "entries", "genesis",
        "envelope", "stale", "sequence",
    ]

    /// The one who is coached is client, and nothing else.
    static let programs = [
        "client program", "client version", "client software", "client library", "client device",
        "your client", "this client", "the client connects", "peercoach client",
    ]

    /// Files whose words only programs read: the names of another format.
    static let forPrograms = ["CalendarFile.swift"]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func sources(_ folder: String) throws -> [URL] {
        let url = root.appending(path: folder)
        let files = try #require(
            FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)
        )
        return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }

    @Test(arguments: [
        "Sources/peercoach", "Sources/CoachingFormats", "Sources/CoachingServer/Sentences.swift",
        "Sources/CoachingClient",
    ])
    func `text shown to people holds only words that people know`(_ place: String) throws {
        let files =
            place.hasSuffix(".swift")
            ? [Self.root.appending(path: place)] : try Self.sources(place)
        #expect(!files.isEmpty)
        for file in files where !Self.forPrograms.contains(file.lastPathComponent) {
            let literals = StringLiterals.all(in: try String(contentsOf: file, encoding: .utf8))
            for literal in literals where Self.isShown(literal.text) {
                for word in Self.wrong(literal.text) {
                    Issue.record("\(file.lastPathComponent):\(literal.line): '\(word)'")
                }
            }
        }
    }

    @Test func `the scan sees what it must and passes over the rest`() {
        let source = #"""
            // "roster" in a comment
            let a = "The roster is \(name("keeper")) here." /* "epoch" */
            let b = """
                no envelope
                """
            """#
        let literals = StringLiterals.all(in: source)
        #expect(literals.map(\.line) == [2, 2, 3])
        let words = literals.flatMap { Self.wrong($0.text) }
        #expect(Set(words) == ["roster", "keeper", "envelope"])
        #expect(Self.wrong("reentry, sequences") == ["sequence"])
        #expect(Self.wrong("Update your client software") == ["client software", "your client"])
    }

    /// Labels of the cryptography and names of files are for programs.
    private static func isShown(_ text: String) -> Bool { !text.hasPrefix("peer1/") }

    private static func wrong(_ text: String) -> [String] {
        let lowered = text.lowercased()
        let words = lowered.split { !$0.isLetter }.map(String.init)
        let found = forbidden.filter { word in words.contains { $0 == word || $0 == word + "s" } }
        return found + programs.filter { lowered.contains($0) }
    }
}

/// Finds the string literals of Swift sources.
enum StringLiterals {
    struct Literal: Hashable {
        var line: Int
        var text: String
    }

    static func all(in source: String) -> [Literal] {
        var reader = Reader(rest: Array(source.unicodeScalars)[...])
        reader.code(until: nil)
        return reader.found.sorted { $0.line < $1.line }
    }

    private struct Reader {
        var rest: ArraySlice<Unicode.Scalar>
        var line = 1
        var found: [Literal] = []

        func starts(_ text: String) -> Bool {
            rest.starts(with: text.unicodeScalars)
        }

        mutating func skip(_ count: Int = 1) {
            for _ in 0..<count where !rest.isEmpty {
                if rest.removeFirst() == "\n" { line += 1 }
            }
        }

        /// Goes over code up to the parenthesis that closes an interpolation, or to the end.
        mutating func code(until end: Unicode.Scalar?) {
            var depth = 0
            while let next = rest.first {
                if starts("//") {
                    while let next = rest.first, next != "\n" { skip() }
                } else if starts("/*") {
                    comment()
                } else if next == "\"" || hashes() > 0 {
                    string(hashes: hashes())
                } else {
                    if next == "(" { depth += 1 }
                    if next == ")" {
                        if depth == 0, end != nil { return }
                        depth -= 1
                    }
                    skip()
                }
            }
        }

        /// Counts the number signs before a quotation mark; 0 where no literal begins.
        func hashes() -> Int {
            let count = rest.prefix { $0 == "#" }.count
            return count > 0 && rest.dropFirst(count).first == "\"" ? count : 0
        }

        mutating func comment() {
            var depth = 0
            repeat {
                if starts("/*") {
                    depth += 1
                    skip(2)
                } else if starts("*/") {
                    depth -= 1
                    skip(2)
                } else {
                    skip()
                }
            } while depth > 0 && !rest.isEmpty
        }

        mutating func string(hashes: Int) {
            let start = line
            let mark = String(repeating: "#", count: hashes)
            skip(hashes)
            let quote = starts("\"\"\"") ? "\"\"\"" : "\""
            skip(quote.count)
            var text = ""
            while !rest.isEmpty, !starts(quote + mark) {
                if starts("\\" + mark + "(") {
                    skip(2 + hashes)
                    code(until: ")")
                    skip()
                    text += " "
                } else if starts("\\" + mark) {
                    skip(2 + hashes)
                } else {
                    if let next = rest.first { text.unicodeScalars.append(next) }
                    skip()
                }
            }
            skip(quote.count + hashes)
            found.append(Literal(line: start, text: text))
        }
    }
}

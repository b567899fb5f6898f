// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A dialogue to replay: one JSON object a line, as Examples/README.md describes.
struct TranscriptFile {
    /// One line that somebody said or typed.
    struct Line: Decodable {
        var session: String
        var topic: String?
        /// Seconds from the start, where the source knows them.
        var at: Double?
        /// `coach`, `client` or `observer`.
        var role: String?
        var speaker: String?
        var text: String
        var round: Int?
        var phase: String?
        var kind: String?
    }

    /// The session's name.
    var session: String
    /// Its lines in order.
    var lines: [Line]

    static let bytesMax = 16 << 20
    static let textBytesMax = 8_000

    /// Reads one session of a file.
    ///
    /// - Throws: ``DemoError`` that names the first broken line by its number; nothing has been
    ///   played by then.
    init(path: String, session wanted: String?) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DemoError("\(path) cannot be read.")
        }
        guard data.count <= Self.bytesMax else {
            throw DemoError("\(path) is longer than \(Self.bytesMax >> 20) MiB.")
        }
        var all: [Line] = []
        let rows = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, row) in rows.enumerated() where !row.allSatisfy({ $0 <= 0x20 }) {
            all.append(try Self.line(row, number: index + 1, in: path))
        }
        guard let first = all.first?.session else { throw DemoError("\(path) has no lines.") }
        session = wanted ?? first
        let session = session
        lines = all.filter { $0.session == session }
        guard !lines.isEmpty else {
            let names = Set(all.map(\.session)).sorted().prefix(8).joined(separator: ", ")
            throw DemoError("\(path) has no session '\(session)'. It has: \(names)")
        }
    }

    private static func line(_ row: Data, number: Int, in path: String) throws -> Line {
        let line: Line
        do {
            line = try JSONDecoder().decode(Line.self, from: row)
        } catch {
            throw DemoError("\(path), line \(number): this is not a line of a dialogue.")
        }
        guard !line.text.isEmpty, line.text.utf8.count <= textBytesMax else {
            throw DemoError("\(path), line \(number): the text is empty or too long.")
        }
        if let at = line.at, !(0...86_400).contains(at) {
            throw DemoError("\(path), line \(number): 'at' is not within a day.")
        }
        return line
    }

    /// How the file can be played.
    var form: Form {
        if lines.contains(where: { $0.phase != nil }) { return .scripted }
        let roles = Set(lines.compactMap(\.role))
        return roles == ["coach", "client"] ? .pair : .group
    }

    enum Form {
        /// Every line names its phase and role: the triad, phase by phase.
        case scripted
        /// A coach and a client: two people, who change roles at half time.
        case pair
        /// Several speakers without roles: everybody in the room.
        case group
    }

    /// The people whom the file needs: its speakers, or two for a pair.
    var speakers: [String] {
        switch form {
        case .pair: ["Anna", "Ben"]
        case .scripted, .group:
            lines.compactMap(\.speaker).reduce(into: []) { names, name in
                if !names.contains(name) { names.append(name) }
            }
        }
    }
}

/// Why the demo cannot go on.
struct DemoError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

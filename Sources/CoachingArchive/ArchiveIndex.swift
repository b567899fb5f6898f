// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// The files of an archive with what they hashed to when it was made.
///
/// - Shape: the form of `sha256sum`: 64 hexadecimal digits, two spaces, the path, a line feed;
///   ascending by path.
/// - Limits: ``filesMax`` files, paths of ``pathBytesMax`` bytes; an index of ``bytesMax`` bytes.
public struct ArchiveIndex: Hashable, Sendable {
    /// The name of the index in its archive.
    public static let name = "SHA256SUMS"
    /// The most files.
    public static let filesMax = 4_096
    /// The longest path, in bytes.
    public static let pathBytesMax = 240
    /// The longest index, in bytes.
    public static let bytesMax = filesMax * (64 + 2 + pathBytesMax + 1)

    /// One file.
    public struct File: Hashable, Sendable {
        /// Where it is, from the archive's folder, with slashes.
        public var path: String
        /// The SHA-256 of its bytes, 32 bytes.
        public var hash: [UInt8]

        /// Makes it.
        public init(path: String, hash: [UInt8]) { (self.path, self.hash) = (path, hash) }
    }

    /// The files, ascending by path.
    public let files: [File]

    /// Makes an index.
    ///
    /// - Throws: ``ArchiveError`` for a path that leads elsewhere or stands there twice, and for too
    ///   many files.
    public init(_ files: some Sequence<File>) throws(ArchiveError) {
        let sorted = files.sorted { $0.path < $1.path }
        guard sorted.count <= Self.filesMax else { throw ArchiveError(.tooMuch, Self.name) }
        for file in sorted {
            guard Self.isInside(file.path), file.hash.count == 32 else {
                throw ArchiveError(.path, file.path)
            }
        }
        for (one, next) in zip(sorted, sorted.dropFirst()) where one.path == next.path {
            throw ArchiveError(.twice, next.path)
        }
        self.files = sorted
    }

    /// The text of the index.
    public var text: String {
        files.map { "\(Self.hexadecimal($0.hash))  \($0.path)\n" }.joined()
    }

    /// Reads an index.
    ///
    /// - Throws: ``ArchiveError`` with the line.
    public init(reading text: String) throws(ArchiveError) {
        guard text.utf8.count <= Self.bytesMax else { throw ArchiveError(.tooMuch, Self.name) }
        var files: [File] = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // Each line ends with a line feed, also the last one.
        guard lines.popLast() == "" else { throw ArchiveError(.index, Self.name, line: 1) }
        for (index, line) in lines.enumerated() {
            let hash = Self.bytes(line.prefix(64))
            guard let hash, hash.count == 32, line.dropFirst(64).hasPrefix("  ") else {
                throw ArchiveError(.index, Self.name, line: index + 1)
            }
            let path = String(line.dropFirst(66))
            guard Self.isInside(path) else { throw ArchiveError(.path, path, line: index + 1) }
            if let last = files.last, last.path >= path {
                throw ArchiveError(
                    last.path == path ? .twice : .index,
                    last.path == path ? path : Self.name,
                    line: index + 1
                )
            }
            files.append(File(path: path, hash: hash))
        }
        try self.init(files)
    }

    /// Whether a path is that of a file in the archive: relative, without steps up, and of characters
    /// that no terminal obeys and `sha256sum` takes as they are.
    static func isInside(_ path: String) -> Bool {
        guard (1...pathBytesMax).contains(path.utf8.count), path != name,
            path != ArchiveSignature.name
        else { return false }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".." && part.first != " " && part.last != " "
                && part.unicodeScalars.allSatisfy { $0 != "\\" && !$0.hidesOrSteersText }
        }
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Reads small hexadecimal digits; `nil` for anything else.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for unit in text.utf8 {
            let digit: UInt8
            switch unit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = unit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = unit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil && !bytes.isEmpty ? bytes : nil
    }
}

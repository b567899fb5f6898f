// SPDX-License-Identifier: Apache-2.0

/// What is wrong with an archive, with the file in which it is.
public struct ArchiveError: Error, Hashable, Sendable {
    /// What is wrong, stable and open.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The code's name.
        public let rawValue: String
        /// Makes a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The index is not in its form; ``ArchiveError/line`` says where.
        public static let index = Code(rawValue: "index")
        /// A path leads out of the archive, or cannot be that of a file in it.
        public static let path = Code(rawValue: "path")
        /// A path stands in the index twice.
        public static let twice = Code(rawValue: "twice")
        /// There are more files, or longer ones, than an archive may have.
        public static let tooMuch = Code(rawValue: "tooMuch")
        /// A file that the index names is not there.
        public static let missing = Code(rawValue: "missing")
        /// A file is not what it was when the archive was made.
        public static let changed = Code(rawValue: "changed")
        /// The signature is not in its form, or not over this index.
        public static let signature = Code(rawValue: "signature")
        /// What is to be taken over is not in its form.
        public static let item = Code(rawValue: "item")
    }

    /// What is wrong.
    public var code: Code
    /// The file, by its path in the archive.
    public var path: String
    /// The line of the index, from 1.
    public var line: Int?

    /// Makes an error.
    public init(_ code: Code, _ path: String, line: Int? = nil) {
        (self.code, self.path, self.line) = (code, path, line)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Why a store could not be opened, as a sentence for an operator.
public struct OpenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The causes that are told apart.
    public enum Reason: Hashable, Sendable {
        /// The folder is not there and could not be made, or is not a folder.
        case folder
        /// Files in the folder cannot be made or written.
        case notWritable
        /// People other than its owner may write into the folder.
        case openToOthers
        /// Another program holds the store.
        case inUse
        /// The file is no SQLite database, or that of another program.
        case notADatabase
        /// The file was written by a newer release, which has this schema.
        case newer(schema: Int, release: String)
        /// The file is damaged.
        case damaged
        /// The disk is full.
        case diskFull
        /// SQLite does not flush each commit to the disk.
        case notDurable
        /// Anything else, with SQLite's or the system's code.
        case code(Int32)
    }

    /// The cause.
    public let reason: Reason

    init(_ reason: Reason) { self.reason = reason }

    /// The sentence.
    public var description: String {
        switch reason {
        case .folder: "the data folder is missing and cannot be made"
        case .notWritable: "the data folder or the database in it cannot be written"
        case .openToOthers:
            "others than its owner may write into the data folder: take that right away first"
        case .inUse: "another peercoachd uses this data folder"
        case .notADatabase: "the file store.sqlite is not a database of peercoachd"
        case .newer(let schema, let release):
            "the database was written by release \(release) (schema \(schema)), which is newer"
                + " than this program: update peercoachd"
        case .damaged: "the database is damaged: restore it from a backup"
        case .diskFull: "the disk is full"
        case .notDurable: "SQLite cannot be made to flush each commit to this disk"
        case .code(let code): "the database cannot be opened (code \(code))"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore

/// A row of `files`, and how rows of `chunks` are named and marked.
struct StoredFileRow {
    private static let columns = "id, room, stream, file, owner, chunks, kept, at, number"

    static let findText = "SELECT \(columns) FROM files WHERE stream = ?1 AND file = ?2"
    static let roomText = "SELECT \(columns) FROM files WHERE room = ?1 ORDER BY id"
    static let allText = "SELECT \(columns) FROM files ORDER BY id"
    static let chunkText = "SELECT mark, chunk FROM chunks WHERE place = ?1"

    var id: Int64
    var file: StoredFile

    /// Reads the current row of a statement.
    init(from statement: StatementHandle) throws(SQLiteFailure) {
        guard let room = statement.bytes16(1), let stream = statement.bytes16(2),
            let file = statement.bytes32(3), let owner = statement.bytes16(4),
            let chunks = UInt32(exactly: statement.integer(5)),
            let kept = UInt32(exactly: statement.integer(6)), kept <= chunks,
            let number = UInt64(exactly: statement.integer(8))
        else { throw .damagedRow }
        id = statement.integer(0)
        self.file = StoredFile(
            room: RoomID(room),
            key: StoredFileKey(stream: StreamID(stream), file: file),
            owner: PersonID(owner),
            chunks: chunks,
            kept: kept,
            at: Timestamp(milliseconds: statement.integer(7)),
            number: number
        )
    }

    /// Finds a row by a statement of `findText`.
    static func find(
        _ key: StoredFileKey,
        by statement: StatementHandle
    ) throws(SQLiteFailure) -> StoredFileRow? {
        defer { statement.reset() }
        try statement.bind(1, key.stream.value)
        try statement.bind(2, key.file)
        return try statement.step() ? StoredFileRow(from: statement) : nil
    }

    /// Reads a chunk by a statement of `chunkText`.
    func chunk(
        _ index: UInt32,
        by statement: StatementHandle
    ) throws(SQLiteFailure) -> [UInt8] {
        defer { statement.reset() }
        try statement.bind(1, Self.place(id, index))
        guard try statement.step() else { throw .damagedRow }
        let length = statement.withBlob(0) { mark in
            mark.count == FrameMark.byteCount ? Int(FrameMark(mark).length) : -1
        }
        let bytes = statement.withBlob(1) { stored in
            length >= 0 && length <= stored.count ? [UInt8](stored.prefix(length)) : nil
        }
        guard let bytes else { throw .damagedRow }
        let expected = Self.mark(of: bytes, file.key, index)
        guard statement.withBlob(0, { $0.elementsEqual(expected) }) else { throw .damagedRow }
        return bytes
    }

    /// Where a chunk stands.
    static func place(_ file: Int64, _ index: UInt32) -> Bytes16 {
        Bytes16(high: UInt64(bitPattern: file), low: UInt64(index))
    }

    /// The length of a chunk and a sum over it and its place.
    static func mark(of bytes: [UInt8], _ key: StoredFileKey, _ index: UInt32) -> [UInt8] {
        let mark = bytes.withUnsafeBytes { bytes in
            FrameMark(
                stream: key.stream,
                number: UInt64(index),
                digest: key.file,
                head: .zero,
                frame: bytes
            )
        }
        var stored = [UInt8](repeating: 0, count: FrameMark.byteCount)
        stored.withUnsafeMutableBytes { mark.store(into: $0) }
        return stored
    }
}

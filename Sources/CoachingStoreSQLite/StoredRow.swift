// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import GRDBSQLite

extension SQLiteFailure {
    /// A row whose parts do not belong together.
    static let damagedRow = SQLiteFailure(code: SQLITE_CORRUPT, systemCode: -1)
}

/// A row of `frames` as statements give it, checked against its mark before use.
enum StoredRow {
    private static let columns = "number, digest, head, mark, frame"

    static let tailText = """
        SELECT \(columns) FROM frames WHERE stream = ?1 ORDER BY number DESC LIMIT 1
        """
    static let rangeText = """
        SELECT \(columns) FROM frames WHERE stream = ?1 AND number BETWEEN ?2 AND ?3
        ORDER BY number
        """
    static let allText = "SELECT \(columns), stream FROM frames ORDER BY id"
    static let placeText = """
        SELECT \(columns), id FROM frames WHERE stream = ?1 AND number = ?2
        """
    static let vacuumText = "UPDATE about SET vacuum = 1"
    static let replaceText = "UPDATE frames SET mark = ?2, frame = ?3 WHERE id = ?1"

    /// Reads the current row of a statement.
    static func frame(
        of stream: StreamID,
        from statement: StatementHandle
    )
        throws(SQLiteFailure) -> StoredFrame
    {
        let number = UInt64(bitPattern: statement.integer(0))
        let frame = statement.withBlob(3) { mark -> [UInt8]? in
            guard mark.count == FrameMark.byteCount else { return nil }
            return statement.withBlob(4) { stored in
                let mark = FrameMark(mark)
                guard let digest = statement.bytes32(1), let head = statement.bytes32(2),
                    mark.length <= stored.count
                else { return nil }
                // What follows the length is room left by a longer frame that was replaced.
                let frame = UnsafeRawBufferPointer(rebasing: stored.prefix(Int(mark.length)))
                let found = FrameMark(
                    stream: stream,
                    number: number,
                    digest: digest,
                    head: head,
                    frame: frame
                )
                return found == mark ? [UInt8](frame) : nil
            }
        }
        guard let frame, let digest = statement.bytes32(1), let head = statement.bytes32(2) else {
            throw .damagedRow
        }
        return StoredFrame(number: number, frame: frame, digest: digest, head: head)
    }

    /// Reads the end of a stream by a statement of `tailText`.
    static func tail(
        of stream: StreamID,
        by statement: StatementHandle
    )
        throws(SQLiteFailure) -> StreamTail
    {
        defer { statement.reset() }
        try statement.bind(1, stream.value)
        guard try statement.step() else { return StreamTail(number: 0, head: .zero) }
        let frame = try frame(of: stream, from: statement)
        return StreamTail(number: frame.number, head: frame.head)
    }
}

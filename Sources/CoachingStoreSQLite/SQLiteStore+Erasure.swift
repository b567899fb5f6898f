// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingStore
import GRDB
import GRDBSQLite

extension SQLiteStore {
    /// Replaces one frame by another, where it stands.
    ///
    /// A shorter frame is filled up with zeros to the length of the old one. So SQLite writes
    /// over the old bytes and never moves its neighbours, of which it could leave copies in the
    /// gaps of pages. Only a longer one moves, and then `purge` builds the whole file anew.
    @discardableResult
    public func replace(
        _ stream: StreamID,
        _ number: UInt64,
        with frame: [UInt8]
    )
        throws(StoreError) -> Bool
    {
        guard number >= 1, number <= UInt64(Int64.max) else { return false }
        guard frame.count <= AppendFrame.bytesMax else { throw .unavailable(.other) }
        return try changing { pool in
            try pool.write { try replace(stream, number, with: frame, in: $0) }
        }
    }

    private func replace(
        _ stream: StreamID,
        _ number: UInt64,
        with frame: [UInt8],
        in database: Database
    ) throws -> Bool {
        let select = StatementHandle(
            try database.cachedStatement(sql: StoredRow.placeText).sqliteStatement
        )
        defer { select.reset() }
        try select.bind(1, stream.value)
        try select.bind(2, Int64(number))
        guard try select.step() else { return false }
        guard let digest = select.bytes32(1), let head = select.bytes32(2) else {
            throw SQLiteFailure.damagedRow
        }
        let (id, length) = (select.integer(5), select.withBlob(4) { $0.count })
        let isDamaged = (try? StoredRow.frame(of: stream, from: select)) == nil
        if frame.count > length {
            try database.execute(sql: "UPDATE about SET vacuum = 1")
        }
        let padding = [UInt8](repeating: 0, count: max(length - frame.count, 0))
        var mark = frame.withUnsafeBytes { bytes in
            FrameMark(stream: stream, number: number, digest: digest, head: head, frame: bytes)
        }
        // Erased all the same, but a damaged head must not pass for sound from now on.
        if isDamaged { mark.sum = ~mark.sum }
        var markBytes = [UInt8](repeating: 0, count: FrameMark.byteCount)
        markBytes.withUnsafeMutableBytes { mark.store(into: $0) }

        let update = StatementHandle(
            try database.cachedStatement(sql: StoredRow.replaceText).sqliteStatement
        )
        try update.bind(1, id)
        try markBytes.withUnsafeBytes { try update.bind(2, $0) }
        try (frame + padding).withUnsafeBytes { try update.bind(3, $0) }
        try update.run()
        return true
    }

    /// Wipes what `replace` has freed.
    ///
    /// Readers wait meanwhile. The log is carried over and cut to nothing; SQLite zeroes what it
    /// frees. Whether the disk itself keeps old blocks is beyond a program.
    ///
    /// - Throws: `unavailable(.locked)` where another program keeps reading; nothing is lost, and
    ///   the call may be repeated.
    public func purge() throws(StoreError) {
        try changing { pool in
            try pool.barrierWriteWithoutTransaction { database in
                if try Bool.fetchOne(database, sql: "SELECT vacuum FROM about") ?? false {
                    try database.execute(sql: "VACUUM")
                    try database.execute(sql: "UPDATE about SET vacuum = 0")
                }
                try Self.emptyLog(database)
            }
        }
    }

    private static let emptyTriesMax = 5

    private static func emptyLog(_ database: Database) throws {
        for _ in 1..<emptyTriesMax where try isLogEmptied(database) { return }
        guard try isLogEmptied(database) else { throw SQLiteFailure(code: SQLITE_BUSY) }
    }

    private static func isLogEmptied(_ database: Database) throws -> Bool {
        do {
            let (left, _) = try database.checkpoint(.truncate)
            return left == 0
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return false
        }
    }
}

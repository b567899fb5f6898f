// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingStore
import GRDB
import GRDBSQLite

extension SQLiteStore {
    /// Replaces one frame by another, where it stands.
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
        let select = try database.cachedStatement(sql: StoredRow.placeText)
        let update = try database.cachedStatement(sql: StoredRow.replaceText)
        let outcome = try FrameErasure(stream: stream, number: number, frame: frame).run(
            select: StatementHandle(select.sqliteStatement),
            update: StatementHandle(update.sqliteStatement)
        )
        if outcome == .moved { try database.execute(sql: StoredRow.vacuumText) }
        if outcome != .missing, let connection = database.sqliteConnection {
            let files = try FileStatements(on: connection)
            defer { files.end() }
            try files.erase(handedOverBy: stream, number)
        }
        return outcome != .missing
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

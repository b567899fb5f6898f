// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingStore
import GRDB
import GRDBSQLite

extension SQLiteStore {
    /// Gives a chunk of a file.
    public func chunk(_ index: UInt32, of file: StoredFileKey) throws(StoreError) -> [UInt8]? {
        // Both in one view: a file that goes meanwhile is there whole, or not at all.
        try readingTogether { database in
            let find = try Self.statement(StoredFileRow.findText, database)
            guard let row = try StoredFileRow.find(file, by: find), index < row.file.kept else {
                return nil
            }
            return try row.chunk(index, by: Self.statement(StoredFileRow.chunkText, database))
        }
    }

    /// Lists the files of a room in the order in which they were begun.
    public func files(of room: RoomID) throws(StoreError) -> [StoredFile] {
        try reading(StoredFileRow.roomText) { statement throws(SQLiteFailure) in
            try statement.bind(1, room.value)
            var found: [StoredFile] = []
            while try statement.step() { found.append(try StoredFileRow(from: statement).file) }
            return found
        }
    }

    /// Checks every chunk of every file.
    func verifyFiles() throws(StoreError) {
        let rows = try reading(StoredFileRow.allText) { statement throws(SQLiteFailure) in
            var found: [StoredFileRow] = []
            while try statement.step() { found.append(try StoredFileRow(from: statement)) }
            return found
        }
        for row in rows {
            for index in 0..<row.file.kept { _ = try chunk(index, of: row.file.key) }
        }
    }

    private static func statement(
        _ text: String,
        _ database: Database
    ) throws -> StatementHandle {
        StatementHandle(try database.cachedStatement(sql: text).sqliteStatement)
    }
}

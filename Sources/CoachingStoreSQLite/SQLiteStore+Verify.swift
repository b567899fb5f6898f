// SPDX-License-Identifier: Apache-2.0
import CoachingModel
public import CoachingStore
import GRDB
import GRDBSQLite

extension SQLiteStore {
    /// Checks the whole file: its structure, its indexes and the mark of every frame and chunk.
    ///
    /// Reads notice a damaged frame by themselves. Only this notices a damaged index that hides
    /// the last frames of a stream. It reads everything and takes its time.
    ///
    /// - Throws: `corrupt` where anything does not hold together.
    public func verify() throws(StoreError) {
        let isSound = try reading("PRAGMA integrity_check(1)") { statement throws(SQLiteFailure) in
            guard try statement.step() else { return false }
            return statement.withBlob(0) { $0.elementsEqual("ok".utf8) }
        }
        guard isSound else { throw .corrupt }
        try reading(StoredRow.allText) { statement throws(SQLiteFailure) in
            while try statement.step() {
                guard let stream = statement.bytes16(5) else { throw .damagedRow }
                _ = try StoredRow.frame(of: StreamID(stream), from: statement)
            }
        }
        try verifyFiles()
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import GRDBSQLite

/// A prepared statement bound and stepped through SQLite's own calls.
///
/// GRDB's values would copy each blob twice. The owner of the statement resets it after use and
/// ends it; bound memory must stay in place until then, unless it is copied.
struct StatementHandle {
    let pointer: OpaquePointer

    /// Prepares a statement that is kept for long.
    init(preparing sql: String, on connection: OpaquePointer) throws(SQLiteFailure) {
        var pointer: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &pointer,
            nil
        )
        guard code == SQLITE_OK, let pointer else { throw SQLiteFailure(code, of: connection) }
        self.pointer = pointer
    }

    /// Stands for a statement that GRDB keeps.
    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    func end() { sqlite3_finalize(pointer) }

    /// Runs to the next row.
    ///
    /// - Returns: whether there is one.
    func step() throws(SQLiteFailure) -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code)
        }
    }

    /// Runs a statement that gives no rows, and makes it ready for the next run.
    func run() throws(SQLiteFailure) {
        defer { reset() }
        while try step() {}
    }

    func reset() { sqlite3_reset(pointer) }

    /// Binds memory that stays in place, and unchanged while the statement runs.
    func bind(_ index: Int32, inPlace bytes: UnsafeRawBufferPointer) throws(SQLiteFailure) {
        let code =
            bytes.isEmpty
            ? sqlite3_bind_zeroblob(pointer, index, 0)
            : sqlite3_bind_blob(pointer, index, bytes.baseAddress, Int32(bytes.count), nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    func bind(_ index: Int32, _ bytes: UnsafeRawBufferPointer) throws(SQLiteFailure) {
        let code =
            bytes.isEmpty
            ? sqlite3_bind_zeroblob(pointer, index, 0)
            : sqlite3_bind_blob64(
                pointer,
                index,
                bytes.baseAddress,
                UInt64(bytes.count),
                Self.transient
            )
        guard code == SQLITE_OK else { throw failure(code) }
    }

    func bind(_ index: Int32, _ value: Bytes16) throws(SQLiteFailure) {
        try withUnsafeBytes(of: (value.high.bigEndian, value.low.bigEndian)) {
            bytes throws(SQLiteFailure) in
            try bind(index, bytes)
        }
    }

    func bind(_ index: Int32, _ value: Bytes32) throws(SQLiteFailure) {
        try value.bytes.withUnsafeBufferPointer { bytes throws(SQLiteFailure) in
            try bind(index, UnsafeRawBufferPointer(bytes))
        }
    }

    func bind(_ index: Int32, _ value: Int64) throws(SQLiteFailure) {
        let code = sqlite3_bind_int64(pointer, index, value)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

    /// Lends the bytes of a column of the current row, empty where it is no blob.
    func withBlob<Value>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        guard let start = sqlite3_column_blob(pointer, column) else {
            return body(UnsafeRawBufferPointer(start: nil, count: 0))
        }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return body(UnsafeRawBufferPointer(start: start, count: count))
    }

    func bytes16(_ column: Int32) -> Bytes16? {
        withBlob(column) { bytes in
            guard bytes.count == 16 else { return nil }
            return Bytes16(high: bytes.word(0), low: bytes.word(1))
        }
    }

    func bytes32(_ column: Int32) -> Bytes32? {
        withBlob(column) { bytes in
            guard bytes.count == 32 else { return nil }
            return Bytes32(bytes.word(0), bytes.word(1), bytes.word(2), bytes.word(3))
        }
    }

    private func failure(_ code: Int32) -> SQLiteFailure {
        guard let connection = sqlite3_db_handle(pointer) else { return SQLiteFailure(code: code) }
        return SQLiteFailure(code, of: connection)
    }

    // Tells SQLite to copy what is bound; the macro is a cast that Swift does not see.
    private static var transient: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func word(_ index: Int) -> UInt64 {
        UInt64(bigEndian: loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
}

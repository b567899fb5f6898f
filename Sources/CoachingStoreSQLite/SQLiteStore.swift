// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingStore
import GRDB
import GRDBSQLite
import Synchronization

/// Keeps streams in one SQLite file: the store of a server that needs no database beside it.
///
/// Each commit is flushed before it is acknowledged. One thread of its own writes, in groups;
/// readers run beside it and see whole commits.
///
/// - Source: DESIGN.md D3, D7 and D9.
/// - Isolation: any thread. Reads, `replace` and `purge` block.
public final class SQLiteStore: EventStore {
    private let database: Mutex<OpenDatabase?>
    private let writer: SQLiteWriter

    /// Opens the store in a folder, which is made where it is missing.
    ///
    /// - Parameters:
    ///   - folder: where the files are; the store holds it alone until it is closed.
    ///   - release: the program's release, kept for the one that opens the file next.
    ///   - gather: when commits start.
    ///   - busySeconds: how long to wait for a lock that another program holds.
    ///   - tailsMax: how many streams' ends are kept in memory.
    /// - Throws: a sentence for the operator.
    public init(
        folder: String,
        release: String,
        gather: GatherRule = GatherRule(),
        busySeconds: Double = 2,
        tailsMax: Int = 20_000
    ) throws(OpenError) {
        let opened = try OpenDatabase(
            try StoreFolder(folder),
            release: release,
            busySeconds: busySeconds
        )
        writer = try SQLiteWriter(opened, rule: gather, tailsMax: tailsMax)
        database = Mutex(opened)
    }

    deinit { close() }

    /// Queues groups for the next commit, in the order given.
    public func append(
        _ batch: [AppendGroup],
        completion: @escaping @Sendable (Result<[AppendOutcome], StoreError>) -> Void
    ) {
        if !writer.queue.push(PendingAppend(groups: batch, completion: completion)) {
            completion(.failure(.closed))
        }
    }

    /// Reads frames of a stream in ascending order.
    public func read(
        _ stream: StreamID,
        _ numbers: ClosedRange<UInt64>,
        bytesMax: Int
    )
        throws(StoreError) -> [StoredFrame]
    {
        let first = max(numbers.lowerBound, 1)
        let last = min(numbers.upperBound, UInt64(Int64.max))
        guard first <= last else { return [] }
        return try reading(StoredRow.rangeText) { statement throws(SQLiteFailure) in
            try statement.bind(1, stream.value)
            try statement.bind(2, Int64(first))
            try statement.bind(3, Int64(last))
            var found: [StoredFrame] = []
            var bytes = 0
            while try statement.step() {
                let frame = try StoredRow.frame(of: stream, from: statement)
                guard frame.number == first + UInt64(found.count) else { throw .damagedRow }
                bytes += frame.frame.count
                found.append(frame)
                if bytes >= bytesMax { break }
            }
            return found
        }
    }

    /// Gives the last number and head of a stream.
    public func tail(of stream: StreamID) throws(StoreError) -> StreamTail {
        try reading(StoredRow.tailText) { statement throws(SQLiteFailure) in
            try StoredRow.tail(of: stream, by: statement)
        }
    }

    /// Lists the streams of a room in the order of their first frames.
    public func streams(of room: RoomID) throws(StoreError) -> [StreamRecord] {
        let text = "SELECT stream, key FROM streams WHERE room = ?1 ORDER BY id"
        let found = try reading(text) { statement throws(SQLiteFailure) in
            try statement.bind(1, room.value)
            var found: [(stream: StreamID, key: [UInt8])] = []
            while try statement.step() {
                guard let stream = statement.bytes16(0) else { throw .damagedRow }
                found.append((StreamID(stream), statement.withBlob(1) { [UInt8]($0) }))
            }
            return found
        }
        var records: [StreamRecord] = []
        for (stream, key) in found {
            records.append(StreamRecord(stream: stream, key: key, tail: try tail(of: stream)))
        }
        return records
    }

    /// Finds the frame that carries a label.
    public func find(label: Bytes16) throws(StoreError) -> (stream: StreamID, number: UInt64)? {
        let text = "SELECT stream, number FROM labels WHERE label = ?1"
        return try reading(text) { statement throws(SQLiteFailure) in
            try statement.bind(1, label)
            guard try statement.step() else { return nil }
            guard let stream = statement.bytes16(0), statement.integer(1) > 0 else {
                throw .damagedRow
            }
            return (StreamID(stream), UInt64(statement.integer(1)))
        }
    }

    /// Lists the rooms that must be woken.
    public func wakes() throws(StoreError) -> [RoomWake] {
        try reading("SELECT room, at FROM wakes ORDER BY at, room") {
            statement throws(SQLiteFailure) in
            var found: [RoomWake] = []
            while try statement.step() {
                guard let room = statement.bytes16(0) else { throw .damagedRow }
                let at = Timestamp(milliseconds: statement.integer(1))
                found.append(RoomWake(room: RoomID(room), at: at))
            }
            return found
        }
    }

    /// Says how the store is.
    public var health: StoreHealth {
        database.withLock { $0 == nil } ? .failed(.closed) : writer.health
    }

    /// Ends the store after what was queued has been committed.
    public func close() {
        writer.queue.close()
        if !writer.isCurrent { writer.queue.waitUntilFinished() }
        // The last reader that is still at work closes the file.
        database.withLock { $0 = nil }
    }

    private func opened() throws(StoreError) -> OpenDatabase {
        guard let opened = database.withLock({ $0 }) else { throw .closed }
        return opened
    }

    func reading<Value>(
        _ text: String,
        _ body: (StatementHandle) throws(SQLiteFailure) -> Value
    ) throws(StoreError) -> Value {
        let opened = try opened()
        do {
            return try opened.pool.read { database in
                let statement = try database.cachedStatement(sql: text)
                let handle = StatementHandle(statement.sqliteStatement)
                defer { handle.reset() }
                return try body(handle)
            }
        } catch {
            throw SQLiteFailure(error).storeError
        }
    }

    /// Runs several statements over one view of the database.
    func readingTogether<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        let opened = try opened()
        do {
            return try opened.pool.read { try body($0) }
        } catch {
            throw SQLiteFailure(error).storeError
        }
    }

    /// Runs a change beside the appends, and takes down what its failure means.
    func changing<Value>(_ body: (DatabasePool) throws -> Value) throws(StoreError) -> Value {
        let opened = try opened()
        if case .failed(let error) = writer.health { throw error }
        do {
            return try body(opened.pool)
        } catch {
            let failure = SQLiteFailure(error)
            switch failure.storeError {
            case .flushFailed,
                .corrupt where failure != .damagedRow:
                writer.note(failure.storeError)
            default: break  // whether appends pass is for them to find out
            }
            throw failure.storeError
        }
    }
}

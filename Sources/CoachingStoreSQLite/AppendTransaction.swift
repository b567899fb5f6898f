// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import GRDBSQLite

/// What became of one batch.
typealias BatchResult = Result<[AppendOutcome], StoreError>

/// The statements that append, kept prepared on the writer's connection.
///
/// - Isolation: the writer's thread, while the pool lends it the connection.
final class AppendTransaction {
    private let connection: OpaquePointer
    private let statements: AppendStatements
    private var tails: TailCache
    /// Where SQLite reads the fixed-length columns of the row being inserted.
    private let row: RowMemory
    /// Where SQLite writes the log's length at each commit, also those of `replace`; touched only
    /// while the connection is lent.
    private let logPageCount: UnsafeMutablePointer<Int32>
    /// The pages in the write-ahead log after the last commit of appends.
    private(set) var logPages: Int32 = 0

    init(on connection: OpaquePointer, tailsMax: Int) throws(SQLiteFailure) {
        self.connection = connection
        statements = try AppendStatements(on: connection)
        tails = TailCache(countMax: tailsMax)
        row = RowMemory()
        logPageCount = .allocate(capacity: 1)
        logPageCount.initialize(to: 0)
        do throws(SQLiteFailure) {
            try statements.frame.bind(1, inPlace: row.stream)
            try statements.frame.bind(3, inPlace: row.digest)
            try statements.frame.bind(4, inPlace: row.head)
            try statements.frame.bind(5, inPlace: row.mark)
        } catch {
            end()
            throw error
        }
        // Taking the hook also ends SQLite's own checkpoints.
        sqlite3_wal_hook(
            connection,
            { context, _, _, pages in
                context?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            },
            logPageCount
        )
    }

    deinit { logPageCount.deallocate() }

    /// Ends the statements, before the connection closes.
    func end() {
        sqlite3_wal_hook(connection, nil, nil)
        statements.end()
    }

    func checkpoint() -> Result<Void, SQLiteFailure> {
        logPages = 0
        let code = sqlite3_wal_checkpoint_v2(
            connection,
            nil,
            SQLITE_CHECKPOINT_PASSIVE,
            nil,
            nil
        )
        return code == SQLITE_OK ? .success(()) : .failure(SQLiteFailure(code, of: connection))
    }

    /// Commits batches together; where one group's content is at fault, all others still pass.
    func commit(_ batches: some Collection<[AppendGroup]>) -> Result<[BatchResult], SQLiteFailure> {
        do throws(SQLiteFailure) {
            do throws(SQLiteFailure) {
                return .success(try transaction(batches, isCareful: false))
            } catch  where error.isPoison || error == .damagedRow {
                return .success(try transaction(batches, isCareful: true))
            }
        } catch {
            return .failure(error)
        }
    }

    private func transaction(
        _ batches: some Collection<[AppendGroup]>,
        isCareful: Bool
    )
        throws(SQLiteFailure) -> [BatchResult]
    {
        do throws(SQLiteFailure) {
            try statements.begin.run()
            var results: [BatchResult] = []
            results.reserveCapacity(batches.count)
            for groups in batches {
                results.append(
                    isCareful ? try appendCarefully(groups) : .success(try append(groups))
                )
            }
            try statements.commit.run()
            tails.keepChanges()
            logPages = logPageCount.pointee
            return results
        } catch {
            rollBack()
            throw error
        }
    }

    private func rollBack() {
        tails.removeAll()
        // Some failures have already ended the transaction.
        if sqlite3_get_autocommit(connection) == 0 { try? statements.rollback.run() }
    }

    private func append(_ groups: [AppendGroup]) throws(SQLiteFailure) -> [AppendOutcome] {
        var outcomes: [AppendOutcome] = []
        outcomes.reserveCapacity(groups.count)
        for group in groups { outcomes.append(try append(group)) }
        return outcomes
    }

    /// Appends each group behind a savepoint of its own, to go back to when it fails.
    private func appendCarefully(_ groups: [AppendGroup]) throws(SQLiteFailure) -> BatchResult {
        let tailsBefore = tails.changes
        try statements.saveBatch.run()
        var outcomes: [AppendOutcome] = []
        for group in groups {
            let changes = tails.changes
            try statements.saveGroup.run()
            do throws(SQLiteFailure) {
                outcomes.append(try append(group))
            } catch  where error.isPoison {
                try statements.backToGroup.run()
                tails.changes = changes
                outcomes.append(.refused)
            } catch  where error == .damagedRow {
                try statements.backToBatch.run()
                try statements.releaseBatch.run()
                tails.changes = tailsBefore
                return .failure(.corrupt)
            }
            try statements.releaseGroup.run()
        }
        try statements.releaseBatch.run()
        return .success(outcomes)
    }

    private func append(_ group: AppendGroup) throws(SQLiteFailure) -> AppendOutcome {
        let outcome = try group.verdict(
            last: { stream throws(SQLiteFailure) in try tail(of: stream).number },
            isTaken: { label throws(SQLiteFailure) in try statements.holds(label) },
            file: { key throws(SQLiteFailure) in try statements.files.find(key)?.file }
        )
        guard outcome == .committed else { return outcome }
        for frame in group.frames {
            try insert(frame)
            tails.change(
                StreamTail(number: frame.number, head: frame.head),
                of: frame.stream
            )
        }
        for change in group.files { try statements.files.apply(change) }
        for erasure in group.erasures { try statements.erase(erasure) }
        if let wake = group.wake { try statements.set(wake) }
        return .committed
    }

    private func insert(_ frame: AppendFrame) throws(SQLiteFailure) {
        try frame.frame.withUnsafeBufferPointer { buffer throws(SQLiteFailure) in
            let bytes = UnsafeRawBufferPointer(buffer)
            row.fill(with: frame, bytes)
            try statements.frame.bind(2, Int64(frame.number))
            try statements.frame.bind(6, inPlace: bytes)
            try statements.frame.run()
        }
        if let label = frame.label {
            try statements.insert(label, of: frame.stream, frame.number)
        }
        if let opens = frame.opens { try statements.insert(opens, of: frame.stream) }
    }

    private func tail(of stream: StreamID) throws(SQLiteFailure) -> StreamTail {
        if let tail = tails.tail(of: stream) { return tail }
        let tail = try StoredRow.tail(of: stream, by: statements.tail)
        tails.insert(tail, of: stream)
        return tail
    }
}

/// The memory of one row's columns, in the form in which they are stored.
final class RowMemory {
    private let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 16 + 32 + 32 + FrameMark.byteCount,
        alignment: 8
    )

    deinit { memory.deallocate() }

    var stream: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[0..<16]) }
    var digest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[16..<48]) }
    var head: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[48..<80]) }
    var mark: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[80...]) }

    func fill(with frame: AppendFrame, _ bytes: UnsafeRawBufferPointer) {
        put(frame.stream.value.high, frame.stream.value.low, at: 0)
        let (digest, head) = (frame.digest.words, frame.head.words)
        put(digest.0, digest.1, at: 16)
        put(digest.2, digest.3, at: 32)
        put(head.0, head.1, at: 48)
        put(head.2, head.3, at: 64)
        FrameMark(
            stream: frame.stream,
            number: frame.number,
            digest: frame.digest,
            head: frame.head,
            frame: bytes
        ).store(into: UnsafeMutableRawBufferPointer(rebasing: memory[80...]))
    }

    private func put(_ first: UInt64, _ second: UInt64, at offset: Int) {
        memory.storeBytes(of: first.bigEndian, toByteOffset: offset, as: UInt64.self)
        memory.storeBytes(of: second.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    }
}

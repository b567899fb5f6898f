// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore
import GRDB
import GRDBSQLite
import Glibc
import Synchronization

/// Commits what the queue gathers, one transaction a gather, on a thread of its own.
///
/// - Isolation: `run` and what it calls belong to that thread; `health` and the queue to any.
// @unchecked: statements, cache and times are touched by the writer's thread alone.
final class SQLiteWriter: @unchecked Sendable {
    let queue: AppendQueue
    private let healthNow = Mutex(StoreHealth.good)
    private let thread = Mutex<pthread_t?>(nil)

    private var database: OpenDatabase?
    private var transaction: AppendTransaction?
    private let tailsMax: Int
    private var lastCommit: (nanoseconds: UInt64, count: Int) = (0, 0)

    /// So many pages in the log make the writer carry them over (16 MiB).
    ///
    /// The last page of each stream's index is written by every commit and carried over once.
    private static let checkpointPages: Int32 = 4_000

    init(_ database: OpenDatabase, rule: GatherRule, tailsMax: Int) throws(OpenError) {
        self.database = database
        self.tailsMax = tailsMax
        queue = AppendQueue(rule: rule)
        try start()
    }

    var health: StoreHealth { healthNow.withLock { $0 } }

    /// Whether the caller runs on the writer's own thread.
    var isCurrent: Bool {
        thread.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    /// Takes down what a failure says about the store.
    func note(_ error: StoreError) {
        healthNow.withLock { health in
            if case .failed = health { return }
            switch error {
            case .unavailable(let trouble): health = .readOnly(trouble)
            case .corrupt, .flushFailed: health = .failed(error)
            case .closed: break
            }
        }
    }

    private func noteSuccess() {
        healthNow.withLock { health in
            if case .readOnly = health { health = .good }
        }
    }

    private func start() throws(OpenError) {
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument {
                    Unmanaged<SQLiteWriter>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            },
            retained.toOpaque()
        )
        guard code == 0 else {
            retained.release()
            throw OpenError(.code(code))
        }
        pthread_detach(thread)
    }

    private func run() {
        thread.withLock { $0 = pthread_self() }
        while true {
            let gathered = queue.gather(after: lastCommit)
            guard !gathered.isEmpty else { break }
            commit(gathered)
            checkpointIfLong()
            lastCommit = (monotonicNanoseconds(), gathered.count)
        }
        letGo()
        queue.finish()
    }

    private func commit(_ gathered: [PendingAppend]) {
        let results = results(of: gathered)
        for (index, pending) in gathered.enumerated() { pending.completion(results[index]) }
    }

    private func results(of gathered: [PendingAppend]) -> [BatchResult] {
        if case .failed(let error) = health {
            return gathered.map { _ in .failure(error) }
        }
        let result = writing { transaction in
            let batches = gathered.lazy.map(\.groups)
            return transaction.commit(batches)
        }
        switch result {
        case .success(let results):
            noteSuccess()
            return results
        case .failure(let failure):
            note(failure.storeError)
            return gathered.map { _ in .failure(failure.storeError) }
        }
    }

    /// Lends the writer's connection, in turn with what else the pool writes.
    private func writing<Value>(
        _ body: (AppendTransaction) -> Result<Value, SQLiteFailure>
    ) -> Result<Value, SQLiteFailure> {
        guard let pool = database?.pool else {
            return .failure(SQLiteFailure(code: SQLITE_MISUSE))
        }
        return pool.writeWithoutTransaction { database in
            if let transaction { return body(transaction) }
            guard let connection = database.sqliteConnection else {
                return .failure(SQLiteFailure(code: SQLITE_MISUSE))
            }
            do throws(SQLiteFailure) {
                let made = try AppendTransaction(on: connection, tailsMax: tailsMax)
                transaction = made
                return body(made)
            } catch {
                return .failure(error)
            }
        }
    }

    /// Carries the log over into the database, after the completions have run.
    ///
    /// SQLite's own way would hide a failed flush.
    private func checkpointIfLong() {
        guard let transaction, transaction.logPages >= Self.checkpointPages else { return }
        let result = writing { $0.checkpoint() }
        guard case .failure(let failure) = result else { return }
        switch failure.storeError {
        case .flushFailed, .corrupt: note(failure.storeError)
        case .unavailable, .closed: break  // the log stays; the next commit tries again
        }
    }

    private func letGo() {
        if case .failed = health {
        } else {
            try? database?.pool.barrierWriteWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        }
        database?.pool.writeWithoutTransaction { _ in transaction?.end() }
        transaction = nil
        database = nil
    }
}

// SPDX-License-Identifier: Apache-2.0
import GRDB

/// An open database and the hold on its folder; the last one to use it closes both, in order.
final class OpenDatabase: Sendable {
    let pool: DatabasePool
    private let folder: StoreFolder

    init(_ folder: StoreFolder, release: String, busySeconds: Double) throws(OpenError) {
        self.folder = folder
        let configuration = Self.configuration(busySeconds: busySeconds)
        do {
            let path = folder.databasePath
            // Looked at first by itself, since a pool would change the file of another program.
            let first = try DatabaseQueue(path: path, configuration: configuration)
            try first.read { try SQLiteStore.check($0) }
            try first.close()

            pool = try DatabasePool(path: path, configuration: configuration)
            // A pool lowers this to NORMAL when it opens, where a power cut loses commits.
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            try SQLiteStore.migrator.migrate(pool)
            try pool.writeWithoutTransaction { database in
                try SQLiteStore.note(release: release, in: database)
                try Self.requireDurable(database)
            }
        } catch let error as OpenError {
            throw error
        } catch {
            throw OpenError(SQLiteFailure(error).openReason)
        }
    }

    deinit { try? pool.close() }

    private static func configuration(busySeconds: Double) -> Configuration {
        var configuration = Configuration()
        configuration.label = "store"
        configuration.busyMode = .timeout(busySeconds)
        configuration.maximumReaderCount = 4
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA secure_delete = ON;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA cache_size = -16384;
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA journal_size_limit = 67108864;
                    """
            )
        }
        return configuration
    }

    /// Reads back what durability and erasure rest on.
    private static func requireDurable(_ database: Database) throws {
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let secureDelete = try Int.fetchOne(database, sql: "PRAGMA secure_delete")
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        guard synchronous == 2, secureDelete == 1, journal == "wal" else {
            throw OpenError(.notDurable)
        }
    }
}

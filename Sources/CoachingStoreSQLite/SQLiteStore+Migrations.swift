// SPDX-License-Identifier: Apache-2.0
import GRDB

extension SQLiteStore {
    /// The schema that this program writes.
    static let schema = 2

    /// Marks a file as a database of this program, in its header ("PCst").
    static let applicationID = 0x5043_7374

    /// Brings a database to the newest schema; a released migration is never changed.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: firstSchema)
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: fileSchema)
        }
        return migrator
    }

    /// The tables as first released: `frames` grows in commit order and keeps one index (D3).
    ///
    /// A `mark` has a fixed length, so that a frame can be replaced where it stands.
    private static let firstSchema = """
        CREATE TABLE about (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            schema INTEGER NOT NULL,
            release TEXT NOT NULL,
            vacuum INTEGER NOT NULL
        ) STRICT;
        INSERT INTO about VALUES (1, 1, '', 0);
        CREATE TABLE frames (
            id INTEGER PRIMARY KEY,
            stream BLOB NOT NULL,
            number INTEGER NOT NULL,
            digest BLOB NOT NULL,
            head BLOB NOT NULL,
            mark BLOB NOT NULL,
            frame BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX frames_place ON frames (stream, number);
        CREATE TABLE streams (
            id INTEGER PRIMARY KEY,
            stream BLOB NOT NULL,
            room BLOB NOT NULL,
            key BLOB NOT NULL
        ) STRICT;
        CREATE INDEX streams_room ON streams (room);
        CREATE TABLE labels (
            label BLOB PRIMARY KEY,
            stream BLOB NOT NULL,
            number INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE wakes (
            room BLOB PRIMARY KEY,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Files and their sealed chunks (SEALING 3.8).
    ///
    /// A chunk's row has a fixed length in all of its columns: it is written over where it stands
    /// with zeros when its file goes, and with another chunk later. So nothing of it is ever moved,
    /// and nothing of it is left. A `place` is the file's row and the chunk's number, 8 bytes each;
    /// in a row that is free it is 0 and the row's own number.
    private static let fileSchema = """
        CREATE TABLE files (
            id INTEGER PRIMARY KEY,
            room BLOB NOT NULL,
            stream BLOB NOT NULL,
            file BLOB NOT NULL,
            owner BLOB NOT NULL,
            chunks INTEGER NOT NULL,
            kept INTEGER NOT NULL,
            at INTEGER NOT NULL,
            number INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX files_key ON files (stream, file);
        CREATE INDEX files_frame ON files (stream, number);
        CREATE INDEX files_room ON files (room);
        CREATE TABLE chunks (
            id INTEGER PRIMARY KEY,
            place BLOB NOT NULL,
            mark BLOB NOT NULL,
            chunk BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX chunks_place ON chunks (place);
        """

    /// Refuses a file of another program or of a newer release, before anything is changed.
    static func check(_ database: Database) throws {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id")
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if id == 0, tables == 0 { return }
        guard id == applicationID, try database.tableExists("about") else {
            throw OpenError(.notADatabase)
        }
        let row = try Row.fetchOne(database, sql: "SELECT schema, release FROM about")
        guard let row, let found: Int = row["schema"], let release: String = row["release"] else {
            throw OpenError(.damaged)
        }
        let isOther = try migrator.hasBeenSuperseded(database)
        guard found <= schema, !isOther else {
            throw OpenError(.newer(schema: found, release: release))
        }
    }

    /// Writes down which schema and release the file now has.
    static func note(release: String, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE about SET schema = ?1, release = ?2
                WHERE schema <> ?1 OR release <> ?2
                """,
            arguments: [schema, release]
        )
    }
}

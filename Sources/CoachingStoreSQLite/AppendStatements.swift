// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore

/// The writer's prepared statements.
struct AppendStatements {
    let begin: StatementHandle
    let commit: StatementHandle
    let rollback: StatementHandle
    let saveBatch: StatementHandle
    let backToBatch: StatementHandle
    let releaseBatch: StatementHandle
    let saveGroup: StatementHandle
    let backToGroup: StatementHandle
    let releaseGroup: StatementHandle
    let frame: StatementHandle
    let tail: StatementHandle
    private let stream: StatementHandle
    private let label: StatementHandle
    private let findLabel: StatementHandle
    private let setWake: StatementHandle
    private let clearWake: StatementHandle
    private let place: StatementHandle
    private let replace: StatementHandle
    private let vacuum: StatementHandle
    let files: FileStatements
    private let all: [StatementHandle]

    init(on connection: OpaquePointer) throws(SQLiteFailure) {
        let texts = [
            "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK",
            "SAVEPOINT b", "ROLLBACK TO b", "RELEASE b",
            "SAVEPOINT g", "ROLLBACK TO g", "RELEASE g",
            """
            INSERT INTO frames (stream, number, digest, head, mark, frame)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            StoredRow.tailText,
            "INSERT INTO streams (stream, room, key) VALUES (?1, ?2, ?3)",
            "INSERT INTO labels (label, stream, number) VALUES (?1, ?2, ?3)",
            "SELECT 1 FROM labels WHERE label = ?1",
            "INSERT INTO wakes (room, at) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET at = ?2",
            "DELETE FROM wakes WHERE room = ?1",
            StoredRow.placeText, StoredRow.replaceText, StoredRow.vacuumText,
        ]
        var all: [StatementHandle] = []
        do throws(SQLiteFailure) {
            for text in texts { all.append(try StatementHandle(preparing: text, on: connection)) }
            files = try FileStatements(on: connection)
        } catch {
            for statement in all { statement.end() }
            throw error
        }
        self.all = all
        (begin, commit, rollback) = (all[0], all[1], all[2])
        (saveBatch, backToBatch, releaseBatch) = (all[3], all[4], all[5])
        (saveGroup, backToGroup, releaseGroup) = (all[6], all[7], all[8])
        (frame, tail, stream) = (all[9], all[10], all[11])
        (label, findLabel) = (all[12], all[13])
        (setWake, clearWake) = (all[14], all[15])
        (place, replace, vacuum) = (all[16], all[17], all[18])
    }

    func end() {
        for statement in all { statement.end() }
        files.end()
    }

    func holds(_ label: Bytes16) throws(SQLiteFailure) -> Bool {
        defer { findLabel.reset() }
        try findLabel.bind(1, label)
        return try findLabel.step()
    }

    func insert(_ label: Bytes16, of stream: StreamID, _ number: UInt64) throws(SQLiteFailure) {
        try self.label.bind(1, label)
        try self.label.bind(2, stream.value)
        try self.label.bind(3, Int64(number))
        try self.label.run()
    }

    func insert(_ opening: StreamOpening, of stream: StreamID) throws(SQLiteFailure) {
        try self.stream.bind(1, stream.value)
        try self.stream.bind(2, opening.room.value)
        try opening.key.withUnsafeBufferPointer { key throws(SQLiteFailure) in
            try self.stream.bind(3, UnsafeRawBufferPointer(key))
        }
        try self.stream.run()
    }

    func erase(_ erasure: FrameErasure) throws(SQLiteFailure) {
        if try erasure.run(select: place, update: replace) == .moved { try vacuum.run() }
        try files.erase(handedOverBy: erasure.stream, erasure.number)
    }

    func set(_ wake: WakeChange) throws(SQLiteFailure) {
        guard let at = wake.at else {
            try clearWake.bind(1, wake.room.value)
            return try clearWake.run()
        }
        try setWake.bind(1, wake.room.value)
        try setWake.bind(2, at.milliseconds)
        try setWake.run()
    }
}

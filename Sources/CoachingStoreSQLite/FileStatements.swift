// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore

/// The statements that change files and their chunks, prepared on one connection.
struct FileStatements {
    private let find: StatementHandle
    private let begin: StatementHandle
    private let grow: StatementHandle
    private let name: StatementHandle
    private let remove: StatementHandle
    private let ofFrame: StatementHandle
    private let free: StatementHandle
    private let chunks: StatementHandle
    private let insert: StatementHandle
    private let write: StatementHandle
    private let all: [StatementHandle]

    init(on connection: OpaquePointer) throws(SQLiteFailure) {
        let texts = [
            StoredFileRow.findText,
            """
            INSERT INTO files (room, stream, file, owner, chunks, kept, at, number)
            VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, 0)
            """,
            "UPDATE files SET kept = ?2 WHERE id = ?1",
            "UPDATE files SET number = ?2 WHERE id = ?1",
            "DELETE FROM files WHERE id = ?1",
            "SELECT id FROM files WHERE stream = ?1 AND number = ?2",
            "SELECT id FROM chunks WHERE place < ?1 ORDER BY place LIMIT 1",
            "SELECT id FROM chunks WHERE place BETWEEN ?1 AND ?2",
            "INSERT INTO chunks (place, mark, chunk) VALUES (?2, ?3, ?4)",
            "UPDATE chunks SET place = ?2, mark = ?3, chunk = ?4 WHERE id = ?1",
        ]
        var all: [StatementHandle] = []
        do throws(SQLiteFailure) {
            for text in texts { all.append(try StatementHandle(preparing: text, on: connection)) }
        } catch {
            for statement in all { statement.end() }
            throw error
        }
        self.all = all
        (find, begin, grow, name, remove) = (all[0], all[1], all[2], all[3], all[4])
        (ofFrame, free, chunks, insert, write) = (all[5], all[6], all[7], all[8], all[9])
    }

    func end() {
        for statement in all { statement.end() }
    }

    /// Finds a file's row.
    func find(_ key: StoredFileKey) throws(SQLiteFailure) -> StoredFileRow? {
        try StoredFileRow.find(key, by: find)
    }

    /// Does what an append wants with files; that it may was judged before.
    func apply(_ change: FileChange) throws(SQLiteFailure) {
        switch change {
        case .keep(let chunk): try keep(chunk)
        case .name(let key, let number):
            guard let row = try find(key) else { throw .damagedRow }
            try name.bind(1, row.id)
            try name.bind(2, Int64(clamping: number))
            try name.run()
        case .erase(let key): if let row = try find(key) { try erase(row.id) }
        }
    }

    /// Erases the file that a frame hands over, if it does.
    func erase(handedOverBy stream: StreamID, _ number: UInt64) throws(SQLiteFailure) {
        // Frames are numbered from 1; 0 stands for files that no frame hands over yet.
        guard number > 0 else { return }
        try ofFrame.bind(1, stream.value)
        try ofFrame.bind(2, Int64(clamping: number))
        for id in try numbers(ofFrame) { try erase(id) }
    }

    private func keep(_ chunk: FileChunk) throws(SQLiteFailure) {
        var row = try find(chunk.key)
        if row == nil {
            try begin.bind(1, chunk.room.value)
            try begin.bind(2, chunk.key.stream.value)
            try begin.bind(3, chunk.key.file)
            try begin.bind(4, chunk.owner.value)
            try begin.bind(5, Int64(chunk.chunks))
            try begin.bind(6, chunk.at.milliseconds)
            try begin.run()
            row = try find(chunk.key)
        }
        guard let row else { throw .damagedRow }
        try free.bind(1, StoredFileRow.place(1, 0))
        let spare = try numbers(free).first
        let statement = spare == nil ? insert : write
        if let spare { try statement.bind(1, spare) }
        try statement.bind(2, StoredFileRow.place(row.id, chunk.index))
        try put(chunk.bytes, of: chunk.key, chunk.index, into: statement)
        try grow.bind(1, row.id)
        try grow.bind(2, Int64(chunk.index) + 1)
        try grow.run()
    }

    private func put(
        _ bytes: [UInt8],
        of key: StoredFileKey,
        _ index: UInt32,
        into statement: StatementHandle
    ) throws(SQLiteFailure) {
        let padding = [UInt8](repeating: 0, count: max(0, FileChunk.bytesMax - bytes.count))
        let mark = StoredFileRow.mark(of: bytes, key, index)
        try mark.withUnsafeBufferPointer { bytes throws(SQLiteFailure) in
            try statement.bind(3, UnsafeRawBufferPointer(bytes))
        }
        try (bytes + padding).withUnsafeBufferPointer { bytes throws(SQLiteFailure) in
            try statement.bind(4, UnsafeRawBufferPointer(bytes))
        }
        try statement.run()
    }

    /// Writes zeros over a file's chunks, and takes its row away.
    private func erase(_ file: Int64) throws(SQLiteFailure) {
        try chunks.bind(1, StoredFileRow.place(file, 0))
        try chunks.bind(2, StoredFileRow.place(file, .max))
        let zeros = [UInt8](repeating: 0, count: FileChunk.bytesMax)
        for id in try numbers(chunks) {
            try write.bind(1, id)
            try write.bind(2, Bytes16(high: 0, low: UInt64(bitPattern: id)))
            try zeros.withUnsafeBufferPointer { bytes throws(SQLiteFailure) in
                let bytes = UnsafeRawBufferPointer(bytes)
                let mark = UnsafeRawBufferPointer(rebasing: bytes.prefix(FrameMark.byteCount))
                try write.bind(3, mark)
                try write.bind(4, bytes)
            }
            try write.run()
        }
        try remove.bind(1, file)
        try remove.run()
    }

    private func numbers(_ statement: StatementHandle) throws(SQLiteFailure) -> [Int64] {
        defer { statement.reset() }
        var found: [Int64] = []
        while try statement.step() { found.append(statement.integer(0)) }
        return found
    }
}

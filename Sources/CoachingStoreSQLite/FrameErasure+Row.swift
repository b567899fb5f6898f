// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore

extension FrameErasure {
    /// What became of the row.
    enum RowOutcome: Hashable {
        /// There is no such row.
        case missing
        /// It was written over where it stands.
        case inPlace
        /// It became longer and may have moved: the file must be built anew to wipe its traces.
        case moved
    }

    /// Writes the new frame over the old one.
    ///
    /// A shorter frame is filled up with zeros to the length of the old one. So SQLite writes
    /// over the old bytes and never moves its neighbours, of which it could leave copies in the
    /// gaps of pages. Only a longer one moves.
    ///
    /// - Parameters:
    ///   - select: a statement of `StoredRow.placeText`.
    ///   - update: a statement of `StoredRow.replaceText`.
    /// - Returns: what became of the row.
    /// - Throws: what SQLite says, or that the row is damaged beyond finding its chain.
    func run(
        select: StatementHandle,
        update: StatementHandle
    ) throws(SQLiteFailure) -> RowOutcome {
        defer { select.reset() }
        try select.bind(1, stream.value)
        try select.bind(2, Int64(number))
        guard try select.step() else { return .missing }
        guard let digest = select.bytes32(1), let head = select.bytes32(2) else {
            throw .damagedRow
        }
        let (id, length) = (select.integer(5), select.withBlob(4) { $0.count })
        let isDamaged = (try? StoredRow.frame(of: stream, from: select)) == nil
        let padding = [UInt8](repeating: 0, count: max(length - frame.count, 0))
        var mark = frame.withUnsafeBytes { bytes in
            FrameMark(stream: stream, number: number, digest: digest, head: head, frame: bytes)
        }
        // Erased all the same, but a damaged head must not pass for sound from now on.
        if isDamaged { mark.sum = ~mark.sum }
        var markBytes = [UInt8](repeating: 0, count: FrameMark.byteCount)
        markBytes.withUnsafeMutableBytes { mark.store(into: $0) }
        try update.bind(1, id)
        try markBytes.withUnsafeBufferPointer { bytes throws(SQLiteFailure) in
            try update.bind(2, UnsafeRawBufferPointer(bytes))
        }
        try (frame + padding).withUnsafeBufferPointer { bytes throws(SQLiteFailure) in
            try update.bind(3, UnsafeRawBufferPointer(bytes))
        }
        try update.run()
        return frame.count > length ? .moved : .inPlace
    }
}

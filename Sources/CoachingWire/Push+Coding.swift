// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingModel

extension Push {
    /// A push's number on the wire.
    public enum Kind: UInt64, CaseIterable, Hashable, Sendable {
        /// An item of a transcript.
        case item = 16
        /// What remains of one.
        case tombstone = 17
        /// A record of a room's log.
        case record = 18
        /// Frames were dropped.
        case lagged = 19
        /// A transcript opened.
        case opened = 20
        /// Something waits.
        case waiting = 21
        /// One has been let in.
        case admitted = 22
    }

    /// The push's number on the wire.
    public var kind: Kind {
        switch self {
        case .item: .item
        case .tombstone: .tombstone
        case .record: .record
        case .lagged: .lagged
        case .opened: .opened
        case .waiting: .waiting
        case .admitted: .admitted
        }
    }

    /// Writes a whole frame.
    public func frame() throws(CBORError) -> [UInt8] {
        switch self {
        case .item(let item): return item.frame()
        case .tombstone(let tombstone): return tombstone.frame()
        case .record(let record): return record.frame()
        default: break
        }
        return try Frame.make { (writer) throws(CBORError) in
            switch self {
            case .lagged(let rooms):
                writer.array(2)
                writer.uint(kind.rawValue)
                try put(rooms, &writer)
            case .opened(let room, let transcript):
                writer.array(3)
                writer.uint(kind.rawValue)
                try put(room, &writer)
                try put(transcript, &writer)
            case .waiting(let waiting):
                writer.array(2)
                writer.uint(kind.rawValue)
                try put(waiting, &writer)
            case .admitted(let room):
                writer.array(2)
                writer.uint(kind.rawValue)
                try put(room, &writer)
            case .item, .tombstone, .record: break
            }
        }
    }

    static func read(
        _ kind: Kind,
        _ count: Int,
        _ reader: inout CBORReader
    ) throws(CBORError) -> (Push, Int) {
        switch (kind, count) {
        case (.item, 5...):
            let transcript = try transcriptID(&reader)
            let number = try reader.uint()
            let at = Timestamp(milliseconds: try reader.int())
            let item = PushedItem(
                transcript: transcript,
                number: number,
                at: at,
                item: try reader.rawBytes()
            )
            return (.item(item), 5)
        case (.tombstone, 4...):
            let transcript = try transcriptID(&reader)
            let number = try reader.uint()
            let words = try reader.fixed32()
            let digest = Bytes32(words.0, words.1, words.2, words.3)
            var tombstone = Tombstone(transcript: transcript, number: number, digest: digest)
            // Anything else there is a newer server's, and passed over.
            guard count > 4, reader.peekMajor == 0 else { return (.tombstone(tombstone), 4) }
            tombstone.by = try reader.uint()
            return (.tombstone(tombstone), 5)
        case (.record, 4...):
            let (high, low) = try reader.fixed16()
            let position = try reader.uint()
            let record = PushedRecord(
                room: RoomID(Bytes16(high: high, low: low)),
                position: position,
                record: try reader.bytes()
            )
            return (.record(record), 4)
        case (.lagged, 2...): return (.lagged(try take([RoomID].self, &reader)), 2)
        case (.opened, 3...):
            let room = try take(RoomID.self, &reader)
            return (.opened(room, try take(OpenTranscript.self, &reader)), 3)
        case (.waiting, 2...): return (.waiting(try take(Waiting.self, &reader)), 2)
        case (.admitted, 2...): return (.admitted(try take(RoomID.self, &reader)), 2)
        default: throw CBORError(.invalidValue, offset: 0)
        }
    }

    private static func transcriptID(
        _ reader: inout CBORReader
    ) throws(CBORError) -> TranscriptID {
        let (high, low) = try reader.fixed16()
        return TranscriptID(Bytes16(high: high, low: low))
    }
}

extension PushedItem {
    /// Writes the frame that is stored and handed to every reader.
    public func frame() -> [UInt8] {
        item.withUnsafeBytes { bytes in
            PushedItem.frame(transcript: transcript, number: number, at: at, item: bytes)
        }
    }

    /// Writes the frame around an item that stands elsewhere.
    ///
    /// - Parameters:
    ///   - transcript: the transcript.
    ///   - number: the item's number there.
    ///   - at: when it was accepted.
    ///   - item: one whole CBOR item, not checked again.
    /// - Returns: the frame with its length.
    public static func frame(
        transcript: TranscriptID,
        number: UInt64,
        at: Timestamp,
        item: UnsafeRawBufferPointer
    ) -> [UInt8] {
        var writer = CBORWriter(capacity: item.count + 48)
        let length = writer.reserve4()
        writer.array(5)
        writer.uint(Push.Kind.item.rawValue)
        writer.fixed16(transcript.value.high, transcript.value.low)
        writer.uint(number)
        writer.int(at.milliseconds)
        writer.raw(item)
        writer.patch4(at: length, UInt32(clamping: writer.count - Frame.headBytes))
        return writer.finish()
    }
}

extension Tombstone {
    /// Writes the frame that takes the place of the item's.
    public func frame() -> [UInt8] {
        var writer = CBORWriter(capacity: 80)
        let length = writer.reserve4()
        writer.array(by == nil ? 4 : 5)
        writer.uint(Push.Kind.tombstone.rawValue)
        writer.fixed16(transcript.value.high, transcript.value.low)
        writer.uint(number)
        let words = digest.words
        writer.fixed32(words.0, words.1, words.2, words.3)
        if let by { writer.uint(by) }
        writer.patch4(at: length, UInt32(clamping: writer.count - Frame.headBytes))
        return writer.finish()
    }
}

extension PushedRecord {
    /// Writes the frame that is stored and handed to every member.
    public func frame() -> [UInt8] {
        var writer = CBORWriter(capacity: record.count + 48)
        let length = writer.reserve4()
        writer.array(4)
        writer.uint(Push.Kind.record.rawValue)
        writer.fixed16(room.value.high, room.value.low)
        writer.uint(position)
        writer.bytes(record)
        writer.patch4(at: length, UInt32(clamping: writer.count - Frame.headBytes))
        return writer.finish()
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What a server sends without being asked.
///
/// - Source: Protocol/spec.md, Pushes; DESIGN.md D3 and D8.
public enum Push: Hashable, Sendable {
    /// 16: an item of a transcript, as its author sent it.
    case item(PushedItem)
    /// 17: what remains of an item that was taken back or erased.
    case tombstone(Tombstone)
    /// 18: a record of a room's log.
    case record(PushedRecord)
    /// 19: frames were dropped because the client read too slowly; follow again.
    case lagged([RoomID])
    /// 20: a transcript that one may read from now on; its frames follow by themselves.
    case opened(RoomID, OpenTranscript)
    /// 21: something waits for this client to do by itself.
    case waiting(Waiting)
    /// 22: one has been let into a room and can follow it.
    case admitted(RoomID)
}

/// An item with its place.
public struct PushedItem: Hashable, Sendable {
    /// The transcript.
    public var transcript: TranscriptID
    /// Its number there.
    public var number: UInt64
    /// When the server accepted it.
    public var at: Timestamp
    /// The item, as CBOR.
    public var item: [UInt8]

    /// Makes the push.
    public init(transcript: TranscriptID, number: UInt64, at: Timestamp, item: [UInt8]) {
        self.transcript = transcript
        self.number = number
        self.at = at
        self.item = item
    }
}

/// What remains of an item.
public struct Tombstone: Hashable, Sendable {
    /// The transcript.
    public var transcript: TranscriptID
    /// The item's number.
    public var number: UInt64
    /// Its digest, so that the chain still holds.
    public var digest: Bytes32
    /// The number of the entry that took it back, 0 where its time was over; `nil` where that is
    /// not said.
    public var by: UInt64?

    /// Makes a tombstone.
    public init(transcript: TranscriptID, number: UInt64, digest: Bytes32, by: UInt64? = nil) {
        self.transcript = transcript
        self.number = number
        self.digest = digest
        self.by = by
    }
}

/// A record of a room's log, as it is hashed.
public struct PushedRecord: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Its position in the log.
    public var position: UInt64
    /// The record's bytes.
    public var record: [UInt8]

    /// Makes the push.
    public init(room: RoomID, position: UInt64, record: [UInt8]) {
        self.room = room
        self.position = position
        self.record = record
    }
}

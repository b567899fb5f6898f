// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// Append-only logs (streams) that a server keeps: what is acknowledged is durable.
///
/// A stream holds frames numbered from 1. A frame is stored and given back byte for byte.
/// All streams share one order of commits. `append` may be called from any thread and never
/// blocks on the disk; reads block and belong on a thread that may wait.
///
/// - Source: DESIGN.md D3 and D7.
public protocol EventStore: Sendable {
    /// Queues groups for the next commit, in the order given.
    ///
    /// Each group is all or nothing. A group whose numbers or guards are not met fails alone.
    /// The completion runs once, on the store's own thread, after the commit is durable (or has
    /// failed as a whole, with nothing of the batch kept). Once the store is closed it runs at
    /// once on the calling thread, so no lock that it needs may be held there.
    ///
    /// - Limits: the store queues without bound; its callers keep one batch each in flight (D9).
    func append(
        _ batch: [AppendGroup],
        completion: @escaping @Sendable (Result<[AppendOutcome], StoreError>) -> Void
    )

    /// Reads frames of a stream in ascending order.
    ///
    /// - Parameters:
    ///   - stream: the stream.
    ///   - numbers: the numbers wanted; what is beyond the end is left out.
    ///   - bytesMax: stops after the frame that reaches this many bytes; at least one frame is
    ///     given when there is one.
    /// - Returns: the frames, without a gap between them.
    /// - Throws: `corrupt` where a frame is damaged or missing.
    func read(
        _ stream: StreamID,
        _ numbers: ClosedRange<UInt64>,
        bytesMax: Int
    )
        throws(StoreError) -> [StoredFrame]

    /// Gives the last number and head of a stream, number 0 and a zero head where it is empty.
    func tail(of stream: StreamID) throws(StoreError) -> StreamTail

    /// Lists the streams that were marked as belonging to a room, with their tails, in the order
    /// of their first frames.
    func streams(of room: RoomID) throws(StoreError) -> [StreamRecord]

    /// Finds the frame that carries a label (a sender key's id), if there is one.
    func find(label: Bytes16) throws(StoreError) -> (stream: StreamID, number: UInt64)?

    /// Gives a chunk of a file; `nil` where it is not kept.
    ///
    /// - Throws: `corrupt` where it is damaged.
    func chunk(_ index: UInt32, of file: StoredFileKey) throws(StoreError) -> [UInt8]?

    /// Lists the files of a room in the order in which they were begun.
    func files(of room: RoomID) throws(StoreError) -> [StoredFile]

    /// Replaces one frame by another, so that nothing of the old one stays in the database, its
    /// log or its free pages once `purge` has returned. The number, digest and head stay. A file
    /// that the frame handed over goes with it.
    ///
    /// - Returns: whether there is such a frame; where there is none, nothing happens.
    /// - Throws: `unavailable(.other)` for a frame over ``AppendFrame/bytesMax``.
    @discardableResult
    func replace(
        _ stream: StreamID,
        _ number: UInt64,
        with frame: [UInt8]
    )
        throws(StoreError) -> Bool

    /// Wipes what `replace` has freed from the write-ahead log and the free pages.
    func purge() throws(StoreError)

    /// Lists the rooms that must be woken, with the instant, in ascending order of time and, at
    /// the same instant, of room.
    func wakes() throws(StoreError) -> [RoomWake]

    /// Says how the store is, so that a server refuses writes while they cannot be durable.
    var health: StoreHealth { get }

    /// Ends the store after what was queued has been committed; later calls fail with `closed`.
    ///
    /// Returns when that is done, except in a completion, where it returns at once.
    func close()
}

/// Frames that are appended together or not at all.
public struct AppendGroup: Sendable {
    /// The frames, each with the stream and number that it takes.
    public var frames: [AppendFrame]
    /// Streams that must still end at these numbers for the group to count.
    ///
    /// A guard on a stream that the group also appends to is judged before the group.
    public var guards: [StreamGuard]
    /// A change of a room's next wake, applied together with the frames.
    public var wake: WakeChange?
    /// Frames of before that are replaced together with the append.
    ///
    /// One of a number that the stream has not reached is a conflict. As with
    /// ``EventStore/replace(_:_:with:)``, nothing of what was there stays once `purge` has
    /// returned.
    public var erasures: [FrameErasure]
    /// What becomes of files, after the frames and before the erasures.
    public var files: [FileChange]

    /// Makes a group.
    public init(
        frames: [AppendFrame],
        guards: [StreamGuard] = [],
        wake: WakeChange? = nil,
        erasures: [FrameErasure] = [],
        files: [FileChange] = []
    ) {
        self.frames = frames
        self.guards = guards
        self.wake = wake
        self.erasures = erasures
        self.files = files
    }
}

/// What takes the place of a stored frame; its number, digest and head stay.
public struct FrameErasure: Hashable, Sendable {
    /// The stream.
    public var stream: StreamID
    /// The number of the frame that goes.
    public var number: UInt64
    /// What stands there instead.
    public var frame: [UInt8]

    /// Makes a replacement.
    public init(stream: StreamID, number: UInt64, frame: [UInt8]) {
        self.stream = stream
        self.number = number
        self.frame = frame
    }
}

/// One frame to append.
public struct AppendFrame: Sendable {
    /// The length of the longest frame and of the longest key of an opening that stores take.
    public static let bytesMax = 16 << 20

    /// The stream.
    public var stream: StreamID
    /// The number that the frame takes: one more than the stream's last.
    public var number: UInt64
    /// What is stored and given back.
    public var frame: [UInt8]
    /// The digest `d` of the frame's content (D3); zero where the stream has none.
    public var digest: Bytes32
    /// The head `h` of the stream's chain after this frame.
    public var head: Bytes32
    /// A label by which the frame can be found (a sender key's id), unique over all streams: a
    /// group that takes one again is a conflict.
    public var label: Bytes16?
    /// What the stream is, so that a room's transcripts can be listed.
    ///
    /// Only the first frame of a stream may say it; on another it is a conflict.
    public var opens: StreamOpening?

    /// Makes a frame to append.
    public init(
        stream: StreamID,
        number: UInt64,
        frame: [UInt8],
        digest: Bytes32,
        head: Bytes32,
        label: Bytes16? = nil,
        opens: StreamOpening? = nil
    ) {
        self.stream = stream
        self.number = number
        self.frame = frame
        self.digest = digest
        self.head = head
        self.label = label
        self.opens = opens
    }
}

/// What a stream is, said once when it begins.
public struct StreamOpening: Hashable, Sendable {
    /// The room that the stream belongs to.
    public var room: RoomID
    /// What the room knows the stream as (for a transcript: its scope and instance, as CBOR).
    public var key: [UInt8]

    /// Makes the description of a stream.
    public init(room: RoomID, key: [UInt8]) {
        self.room = room
        self.key = key
    }
}

/// A condition on a group: the stream's last number is this one.
public struct StreamGuard: Hashable, Sendable {
    /// The stream.
    public var stream: StreamID
    /// Its last number.
    public var number: UInt64

    /// Makes a condition.
    public init(stream: StreamID, number: UInt64) {
        self.stream = stream
        self.number = number
    }
}

/// When a room must be woken; `at` is `nil` where it need not be.
public struct WakeChange: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The instant, or `nil` to clear it.
    public var at: Timestamp?

    /// Makes a change.
    public init(room: RoomID, at: Timestamp?) {
        self.room = room
        self.at = at
    }
}

/// A room that must be woken.
public struct RoomWake: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The instant.
    public var at: Timestamp

    /// Makes a record.
    public init(room: RoomID, at: Timestamp) {
        self.room = room
        self.at = at
    }
}

/// What became of one group of a committed batch.
public enum AppendOutcome: Hashable, Sendable {
    /// It is durable.
    case committed
    /// A number, a guard or a label was not met; nothing of the group was kept.
    case conflict
    /// The store cannot hold it (a frame over ``AppendFrame/bytesMax``, say); nothing of the
    /// group was kept, and the same again will fare the same.
    case refused
}

/// A frame as it was stored.
public struct StoredFrame: Hashable, Sendable {
    /// Its number in the stream.
    public var number: UInt64
    /// The bytes.
    public var frame: [UInt8]
    /// The digest `d` of its content.
    public var digest: Bytes32
    /// The head `h` of the chain after it.
    public var head: Bytes32

    /// Makes a stored frame.
    public init(number: UInt64, frame: [UInt8], digest: Bytes32, head: Bytes32) {
        self.number = number
        self.frame = frame
        self.digest = digest
        self.head = head
    }
}

/// Where a stream ends.
public struct StreamTail: Hashable, Sendable {
    /// The last number, 0 where the stream is empty.
    public var number: UInt64
    /// The head of its chain, zero where the stream is empty.
    public var head: Bytes32

    /// Makes a tail.
    public init(number: UInt64, head: Bytes32) {
        self.number = number
        self.head = head
    }
}

/// A stream that belongs to a room.
public struct StreamRecord: Hashable, Sendable {
    /// The stream.
    public var stream: StreamID
    /// What the room knows it as.
    public var key: [UInt8]
    /// Where it ends.
    public var tail: StreamTail

    /// Makes a record.
    public init(stream: StreamID, key: [UInt8], tail: StreamTail) {
        self.stream = stream
        self.key = key
        self.tail = tail
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingStore

/// A connection's number; never used again.
public typealias ConnectionNumber = UInt64

/// What comes into the core.
///
/// - Source: DESIGN.md D9.
public enum ServerInput: Sendable {
    /// TLS and ALPN stand.
    case opened(ConnectionNumber, ConnectionPeer)
    /// The body of one frame.
    case frame(ConnectionNumber, [UInt8])
    /// Pushes to this connection were dropped, it reads too slowly.
    case lagged(ConnectionNumber)
    /// All that was written to this connection has left; asked for by `notifyDrained`.
    case drained(ConnectionNumber)
    /// It is gone.
    case closed(ConnectionNumber)
    /// The loop's turn is over: decide what waits.
    case turnEnded
    /// What became of an append.
    case committed(UInt64, Result<[AppendOutcome], StoreError>)
    /// What a read gave.
    case read(UInt64, Result<ReadAnswer, StoreError>)
    /// What became of a purge.
    case purged(StoreError?)
    /// Time has passed.
    case tick
    /// The server's command line asks the directory for something.
    case operate(UInt64, DirectoryCommand)
    /// Take nothing new; say goodbye when nothing waits.
    case stop
}

/// Who is at the other end, as far as TLS tells.
public struct ConnectionPeer: Hashable, Sendable {
    /// The device that the client's certificate was issued for, if it showed one.
    public var certified: DeviceID?
    /// SHA-256 of the server's certificate that this connection was made with.
    public var serverLeaf: Bytes32
    /// Drawn for this connection.
    public var nonce: Bytes32

    /// Makes the description.
    public init(certified: DeviceID?, serverLeaf: Bytes32, nonce: Bytes32) {
        self.certified = certified
        self.serverLeaf = serverLeaf
        self.nonce = nonce
    }
}

/// What the core wants done, in order.
public enum ServerEffect: Sendable {
    /// Write a whole frame to one connection.
    case send(ConnectionNumber, [UInt8])
    /// Write a whole frame to several; it may be dropped where one reads too slowly.
    case deliver([UInt8], [ConnectionNumber])
    /// Say `drained` when all that was written has left.
    case notifyDrained(ConnectionNumber)
    /// Close, after a last frame.
    case close(ConnectionNumber, [UInt8]?)
    /// A device has proved itself: lift the limits of strangers.
    case authenticated(ConnectionNumber)
    /// Read nothing from it for now.
    case pauseReading(ConnectionNumber)
    /// Read on.
    case resumeReading(ConnectionNumber)
    /// Append durably and say `committed`.
    case append(UInt64, [AppendGroup])
    /// Read and say `read`.
    case read(UInt64, ReadRequest)
    /// Wipe what was erased from the store's log and free pages, and say `purged`.
    case purge
    /// A line for the log, without content, names or keys.
    case log(ServerNote)
    /// What became of `operate`; `nil` where the store could not keep it.
    case operated(UInt64, Result<DirectoryOutcome, DirectoryRejection>?)
    /// All is answered and durable; the connections have been told goodbye.
    case stopped
}

/// What an operator's command gave.
public struct DirectoryOutcome: Hashable, Sendable {
    /// The position of the directory's log.
    public var position: UInt64

    /// Makes the outcome.
    public init(position: UInt64) { self.position = position }
}

/// What the core reads from the store.
public enum ReadRequest: Hashable, Sendable {
    /// Frames of a stream.
    case frames(StreamID, ClosedRange<UInt64>, bytesMax: Int)
    /// The transcripts of a room.
    case streams(RoomID)
    /// Where a sender key stands.
    case label(Bytes16)
    /// The files of a room.
    case files(RoomID)
    /// A chunk of a file.
    case chunk(StoredFileKey, index: UInt32)
}

/// What a read gives.
public enum ReadAnswer: Sendable {
    /// Frames in order.
    case frames([StoredFrame])
    /// Transcripts.
    case streams([StreamRecord])
    /// A place, if there is one.
    case label((stream: StreamID, number: UInt64)?)
    /// Files in order.
    case files([StoredFile])
    /// A chunk, if it is kept.
    case chunk([UInt8]?)
}

/// A line for the log.
public struct ServerNote: Hashable, Sendable {
    /// How grave.
    public enum Level: Hashable, Sendable {
        /// For following what happens.
        case debug
        /// For the operator to know.
        case info
        /// Something is wrong that the operator can mend.
        case warning
        /// Something failed.
        case error
    }
    /// How grave.
    public var level: Level
    /// The sentence, without content, names or keys.
    public var sentence: String
    /// The reference that the peer was given, if any.
    public var reference: String?

    /// Makes a line.
    public init(_ level: Level, _ sentence: String, reference: String? = nil) {
        self.level = level
        self.sentence = sentence
        self.reference = reference
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// A file by the stream that it belongs to and the hash by which its line names it.
public struct StoredFileKey: Hashable, Sendable {
    /// The stream in which a frame hands it over.
    public var stream: StreamID
    /// The hash of the sealed file.
    public var file: Bytes32

    /// Makes a key.
    public init(stream: StreamID, file: Bytes32) {
        self.stream = stream
        self.file = file
    }
}

/// What a store knows of a file.
public struct StoredFile: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Which file.
    public var key: StoredFileKey
    /// Who put it.
    public var owner: PersonID
    /// How many chunks it has.
    public var chunks: UInt32
    /// How many of them are kept, from the first.
    public var kept: UInt32
    /// When the first one came.
    public var at: Timestamp
    /// The frame that hands it over; 0 before there is one.
    public var number: UInt64

    /// Makes a record.
    public init(
        room: RoomID,
        key: StoredFileKey,
        owner: PersonID,
        chunks: UInt32,
        kept: UInt32,
        at: Timestamp,
        number: UInt64
    ) {
        self.room = room
        self.key = key
        self.owner = owner
        self.chunks = chunks
        self.kept = kept
        self.at = at
        self.number = number
    }
}

/// A chunk of a file to be kept; the first one begins the file.
public struct FileChunk: Hashable, Sendable {
    /// The longest chunk.
    public static let bytesMax = FileLimits.sealedChunkBytes

    /// The room.
    public var room: RoomID
    /// Which file.
    public var key: StoredFileKey
    /// Who puts it.
    public var owner: PersonID
    /// How many chunks the file has.
    public var chunks: UInt32
    /// Which one this is, from 0.
    public var index: UInt32
    /// When it came.
    public var at: Timestamp
    /// The bytes.
    public var bytes: [UInt8]

    /// Makes a chunk.
    public init(
        room: RoomID,
        key: StoredFileKey,
        owner: PersonID,
        chunks: UInt32,
        index: UInt32,
        at: Timestamp,
        bytes: [UInt8]
    ) {
        self.room = room
        self.key = key
        self.owner = owner
        self.chunks = chunks
        self.index = index
        self.at = at
        self.bytes = bytes
    }

    /// The file as it is with this chunk.
    package var file: StoredFile {
        StoredFile(
            room: room,
            key: key,
            owner: owner,
            chunks: chunks,
            kept: index + 1,
            at: at,
            number: 0
        )
    }
}

/// What an append does to files.
///
/// A file goes also with the frame that hands it over: whatever erases or replaces that frame
/// erases the file in the same commit.
public enum FileChange: Hashable, Sendable {
    /// Keeps a chunk; in order, and by the one who began.
    case keep(FileChunk)
    /// Ties a whole file to the frame that hands it over.
    case name(StoredFileKey, number: UInt64)
    /// Erases a file; nothing where there is none.
    case erase(StoredFileKey)
}

extension FileChange {
    /// Says what is to become of changes, by the files as they are now.
    static func verdict<Failure>(
        _ changes: [FileChange],
        file: (StoredFileKey) throws(Failure) -> StoredFile?
    ) throws(Failure) -> AppendOutcome {
        guard !changes.isEmpty else { return .committed }
        var changed: [StoredFileKey: StoredFile?] = [:]
        for change in changes {
            let key = change.key
            let known = if let known = changed[key] { known } else { try file(key) }
            switch change {
            case .keep(let chunk):
                guard chunk.bytes.count <= FileChunk.bytesMax else { return .refused }
                guard chunk.index < chunk.chunks, chunk.index == known?.kept ?? 0 else {
                    return .conflict
                }
                if let known {
                    guard known.number == 0, known.chunks == chunk.chunks,
                        known.owner == chunk.owner, known.room == chunk.room
                    else { return .conflict }
                }
                var next = known ?? chunk.file
                next.kept = chunk.index + 1
                changed[key] = .some(next)
            case .name(_, let number):
                guard var next = known, next.number == 0, next.kept == next.chunks, number > 0
                else { return .conflict }
                next.number = number
                changed[key] = .some(next)
            case .erase: changed[key] = .some(nil)
            }
        }
        return .committed
    }

    /// Which file it changes.
    package var key: StoredFileKey {
        switch self {
        case .keep(let chunk): chunk.key
        case .name(let key, _), .erase(let key): key
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// One sealed chunk of a file, to be kept until a line hands the file over.
///
/// Chunks are put in order. The first one says how many there will be.
public struct FilePart: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The transcript whose readers the file is for.
    public var transcript: TranscriptID
    /// The file: SHA-256 of its salt and all its sealed chunks.
    public var file: Bytes32
    /// How many chunks it has.
    public var chunks: UInt32
    /// Which one this is, from 0.
    public var index: UInt32
    /// The chunk as it was sealed.
    public var bytes: [UInt8]

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case transcript = 1
        case file = 2
        case chunks = 3
        case index = 4
        case bytes = 5
    }

    /// Makes a part.
    public init(
        room: RoomID,
        transcript: TranscriptID,
        file: Bytes32,
        chunks: UInt32,
        index: UInt32,
        bytes: [UInt8]
    ) {
        self.room = room
        self.transcript = transcript
        self.file = file
        self.chunks = chunks
        self.index = index
        self.bytes = bytes
    }
}

/// A chunk of a file by its place.
public struct FilePlace: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The transcript in which a line hands the file over.
    public var transcript: TranscriptID
    /// The file.
    public var file: Bytes32
    /// Which chunk, from 0.
    public var index: UInt32

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case transcript = 1
        case file = 2
        case index = 3
    }

    /// Makes a place.
    public init(room: RoomID, transcript: TranscriptID, file: Bytes32, index: UInt32) {
        self.room = room
        self.transcript = transcript
        self.file = file
        self.index = index
    }
}

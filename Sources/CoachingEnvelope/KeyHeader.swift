// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// How a key is wrapped and what it seals with.
///
/// The number 0 was that of entries in the clear; it is none any more, and stays unused.
public enum Suite: UInt8, Hashable, Sendable, CaseIterable {
    /// HPKE P-256 and AES-256-GCM.
    case p256 = 1
    /// The number is reserved for X-Wing.
    case xwing = 2

    /// How long the encapsulated key of a wrap is.
    public var encapsulatedBytes: Int {
        switch self {
        case .p256: 65
        case .xwing: 1_120
        }
    }
}

/// The signed header of a sender key: for whom it is, from whom, and at which state of the room.
///
/// - Shape: `{0:1, 1:room, 2:[scope, instance], 3:aud, 4:device, 5:c, 6:epoch, 7:commit,
///   8:suite}`.
/// - Source: DESIGN.md D12 (khdr).
public struct KeyHeader: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The scope.
    public var scope: Scope
    /// Which instance of the scope: that of a ``TranscriptKey``.
    public var instance: [UInt8]
    /// The digest of who can read (``AudienceDigest``).
    public var audience: Bytes32
    /// The device that made the key.
    public var device: DeviceID
    /// c: the last event of the room log that the device had seen.
    public var position: UInt64
    /// The number of the epoch.
    public var epoch: UInt64
    /// The commitment to the key.
    public var commitment: Bytes32
    /// How it is wrapped.
    public var suite: Suite

    /// Makes a header.
    public init(
        room: RoomID,
        scope: Scope,
        instance: [UInt8],
        audience: Bytes32,
        device: DeviceID,
        position: UInt64,
        epoch: UInt64,
        commitment: Bytes32,
        suite: Suite
    ) {
        self.room = room
        self.scope = scope
        self.instance = instance
        self.audience = audience
        self.device = device
        self.position = position
        self.epoch = epoch
        self.commitment = commitment
        self.suite = suite
    }

    /// The transcript that the key is for.
    public var transcript: TranscriptID {
        TranscriptID(room: room, scope: scope, instance: instance)
    }

    /// Writes the header, 137 bytes for a turn.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter(capacity: 192)
        writer.map(9)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(room)
        writer.key(2)
        writer.array(2)
        writer.uint(UInt64(scope.rawValue))
        writer.bytes(instance)
        writer.key(3)
        writer.hash(audience)
        writer.key(4)
        writer.identifier(device)
        writer.key(5)
        writer.uint(position)
        writer.key(6)
        writer.uint(epoch)
        writer.key(7)
        writer.hash(commitment)
        writer.key(8)
        writer.uint(UInt64(suite.rawValue))
        return writer.finish()
    }

    /// Reads a header strictly.
    public static func decoded(_ bytes: [UInt8]) throws(EnvelopeError) -> KeyHeader {
        try decoded(bytes, in: bytes.indices)
    }

    static func decoded(
        _ bytes: [UInt8],
        in range: Range<Int>
    ) throws(EnvelopeError) -> KeyHeader {
        guard range.count <= EnvelopeLimits.headerBytesMax else { throw .overLimit(.header) }
        return try StrictReader.reading(bytes, in: range) { (reader) throws(EnvelopeError) in
            try KeyHeader(&reader)
        }
    }

    private init(_ reader: inout StrictReader) throws(EnvelopeError) {
        var fields = try reader.versionedFields()
        try reader.expect(1, &fields)
        room = RoomID(try reader.bytes16())
        try reader.expect(2, &fields)
        let place = reader.offset
        try reader.array(count: 2)
        guard let scope = Scope(rawValue: try reader.uint8()) else {
            throw .malformed(offset: place)
        }
        self.scope = scope
        instance = try reader.bytes(max: 32)
        guard TranscriptKey(scope: scope, instance: instance) != nil else {
            throw .malformed(offset: place)
        }
        try reader.expect(3, &fields)
        audience = try reader.bytes32()
        try reader.expect(4, &fields)
        device = DeviceID(try reader.bytes16())
        try reader.expect(5, &fields)
        position = try reader.uint()
        try reader.expect(6, &fields)
        epoch = try reader.uint()
        try reader.expect(7, &fields)
        commitment = try reader.bytes32()
        try reader.expect(8, &fields)
        guard let suite = Suite(rawValue: try reader.uint8()) else { throw .wrongSuite }
        self.suite = suite
        try reader.finish(fields)
    }
}

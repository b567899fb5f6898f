// SPDX-License-Identifier: Apache-2.0

/// A 16-byte identifier of one kind of thing; the kinds are types, so they cannot be mixed up.
public protocol Identifier: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The sixteen bytes.
    var value: Bytes16 { get }
    /// Makes the identifier from its bytes.
    init(_ value: Bytes16)
}

extension Identifier {
    /// Orders by the bytes.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    /// The sixteen bytes in lower-case hexadecimal.
    public var description: String { value.description }

    /// Reads a byte string of 16 bytes.
    public init(from decoder: any Decoder) throws { self.init(try Bytes16(from: decoder)) }

    /// Writes a byte string of 16 bytes.
    public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// A room: 16 random bytes made by the administrator's client.
public struct RoomID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }
}

/// A person: the first 16 bytes of a hash of their identity key (SEALING 3.1).
public struct PersonID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }
}

/// A device: the first 16 bytes of a hash of its signing key (SEALING 3.1).
public struct DeviceID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }
}

/// A session of a room: 16 random bytes.
public struct SessionID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }
}

/// A transcript: cut from a hash of room, scope and instance (D2).
public struct TranscriptID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }
}

/// A sender key: cut from the hash of its header, so that it names all that it is bound to.
public struct KeyID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }
}

/// A participant of the programme, known before they enrol: 16 random bytes.
public struct ParticipantID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }
}

/// A question that is answered without names: 16 random bytes, made by who asks (D15).
public struct PromptID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }
}

/// An append-only log in the store: a room's log, a transcript or the directory.
public struct StreamID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }

    /// The log of the programme's directory.
    public static let directory = StreamID(.zero)
    /// The log of a room.
    public init(_ room: RoomID) { value = room.value }
    /// The log of one scope instance.
    public init(_ transcript: TranscriptID) { value = transcript.value }
}

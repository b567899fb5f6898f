// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

extension DeviceID {
    /// Gives the device whose signing key this is.
    ///
    /// - Shape: `SHA-256("peer1/device" || 0 || S_pub)[0..<16]`.
    public init(signingKey: [UInt8]) { self.init(cut("peer1/device", signingKey)) }

    /// Gives the name under which keys are wrapped to a recovery key.
    ///
    /// - Shape: `SHA-256("peer1/recovery" || 0 || R_pub)[0..<16]`.
    /// - Source: DESIGN.md D17.
    public init(recoveryKey: [UInt8]) { self.init(cut("peer1/recovery", recoveryKey)) }

    /// The device of an unattributed entry: sixteen zero bytes.
    public static let unattributed = DeviceID(.zero)
}

extension PersonID {
    /// Gives the person whose identity key this is.
    ///
    /// - Shape: `SHA-256("peer1/person" || 0 || I_pub)[0..<16]`.
    public init(identityKey: [UInt8]) { self.init(cut("peer1/person", identityKey)) }
}

extension KeyID {
    /// Gives the name of the sender key with this header: the first half of the header's hash.
    public init(header: [UInt8]) { self.init(Hashing.hash(header).first16) }
}

extension TranscriptID {
    /// Gives the transcript of a scope instance of a room.
    ///
    /// - Source: DESIGN.md D2.
    public init(room: RoomID, key: TranscriptKey) {
        self.init(room: room, scope: key.scope, instance: key.instance)
    }

    /// Gives the transcript of a scope and instance as they stand in headers.
    ///
    /// - Shape: `SHA-256("peer1/transcript" || 0 || cbor[room, scope, instance])[0..<16]`.
    public init(room: RoomID, scope: Scope, instance: [UInt8]) {
        var writer = CBORWriter(capacity: 64)
        writer.array(3)
        writer.fixed16(room.value.high, room.value.low)
        writer.uint(UInt64(scope.rawValue))
        writer.bytes(instance)
        self.init(cut("peer1/transcript", writer.finish()))
    }
}

/// The digest of who can read, bound into a key's header.
public enum AudienceDigest {
    /// Computes `aud` from one's own room log.
    ///
    /// - Shape: `SHA-256("peer1/aud" || 0 || cbor[transcript id, c, h_c, [device ids]])`.
    /// - Source: DESIGN.md D12.
    /// - Parameters:
    ///   - transcript: the transcript.
    ///   - position: c, the last event of the room log that was taken into account.
    ///   - head: `h_c`.
    ///   - devices: who can read, in any order; they are hashed ascending and each once.
    /// - Returns: the digest to compare with the header's.
    public static func compute(
        transcript: TranscriptID,
        position: UInt64,
        head: Bytes32,
        devices: some Sequence<DeviceID>
    ) -> Bytes32 {
        let ordered = Set(devices).sorted()
        var writer = CBORWriter(capacity: 96 + 17 * ordered.count)
        writer.array(4)
        writer.fixed16(transcript.value.high, transcript.value.low)
        writer.uint(position)
        writer.hash(head)
        writer.array(ordered.count)
        for device in ordered {
            writer.fixed16(device.value.high, device.value.low)
        }
        var hashing = Hashing(label: "peer1/aud")
        hashing.add(writer.finish())
        return hashing.finish()
    }
}

extension CBORWriter {
    /// Writes a byte string of 32 bytes.
    mutating func hash(_ value: Bytes32) {
        let words = value.words
        fixed32(words.0, words.1, words.2, words.3)
    }

    /// Writes an identifier.
    mutating func identifier(_ value: some Identifier) {
        fixed16(value.value.high, value.value.low)
    }
}

private func cut(_ label: StaticString, _ bytes: [UInt8]) -> Bytes16 {
    var hashing = Hashing(label: label)
    hashing.add(bytes)
    return hashing.finish().first16
}

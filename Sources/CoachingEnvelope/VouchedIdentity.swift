// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// What an inviter's device signs about a person: that they are the one who was invited, and
/// under which name.
///
/// With the name in it a server cannot swap the names of two people who were both vouched for.
///
/// - Shape: `{0:1, 1:person, 2:I_pub, 3:device list hash, 4:name}`, signed "vouch" by a device of
///   the inviter.
/// - Source: SEALING.md 3.2, DESIGN.md D6.
public struct VouchedIdentity: Hashable, Sendable {
    /// The person's identity key.
    public var identityKey: [UInt8]
    /// SHA-256 of the device list that came with the invite.
    public var deviceList: Bytes32
    /// The name under which the inviter invited them.
    public var name: String

    /// Makes a voucher.
    public init(identityKey: [UInt8], deviceList: Bytes32, name: String) {
        self.identityKey = identityKey
        self.deviceList = deviceList
        self.name = name
    }

    /// The person.
    public var person: PersonID { PersonID(identityKey: identityKey) }

    /// Writes the body that is signed.
    ///
    /// - Throws: ``EnvelopeError`` for a voucher that no reader would take.
    public func body() throws(EnvelopeError) -> [UInt8] {
        var writer = CBORWriter(capacity: 224)
        writer.map(5)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(person)
        writer.key(2)
        writer.bytes(identityKey)
        writer.key(3)
        writer.hash(deviceList)
        writer.key(4)
        writer.text(name)
        let body = writer.finish()
        guard try Self.decoded(body) == self else { throw .wrongKey }
        return body
    }

    /// Checks a voucher over the received bytes.
    ///
    /// - Parameters:
    ///   - signed: what was received.
    ///   - key: the signing key of the inviter's device.
    /// - Returns: the voucher.
    /// - Throws: ``EnvelopeError/badSignature`` first, then what is wrong inside.
    public static func verified(
        _ signed: SignedBytes,
        by key: VerifyingKey
    ) throws(EnvelopeError) -> VouchedIdentity {
        guard key.verify(.voucher, body: signed.body, signature: signed.signature) else {
            throw .badSignature
        }
        return try decoded(signed.body)
    }

    private static func decoded(_ body: [UInt8]) throws(EnvelopeError) -> VouchedIdentity {
        try StrictReader.object(body) { (reader) throws(EnvelopeError) in
            var fields = try reader.versionedFields()
            try reader.expect(1, &fields)
            let person = PersonID(try reader.bytes16())
            try reader.expect(2, &fields)
            let identityKey = try reader.publicKey()
            guard PersonID(identityKey: identityKey) == person else { throw .wrongKey }
            try reader.expect(3, &fields)
            let deviceList = try reader.bytes32()
            try reader.expect(4, &fields)
            let name = try reader.text(maxBytes: 4 * PersonName.bytesMax)
            guard PersonName.mistake(name) == nil else { throw .badName }
            try reader.finish(fields)
            return VouchedIdentity(
                identityKey: identityKey,
                deviceList: deviceList,
                name: name
            )
        }
    }
}

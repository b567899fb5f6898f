// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// A device's encryption key as the device announces it.
///
/// - Shape: `{0:1, 1:device, 2:version, 3:E_pub, 4:suite, 5:not after}`, signed "ekey" by the
///   device.
/// - Source: SEALING.md 3.3 (ekey).
public struct EncryptionKeyAnnouncement: Hashable, Sendable {
    /// The device.
    public var device: DeviceID
    /// From 1, one more each time.
    public var version: UInt32
    /// The key, 65 bytes.
    public var encryptionKey: [UInt8]
    /// What it is used with: there is no negotiation and so no downgrade.
    public var suite: Suite
    /// When nobody may wrap to it any more.
    public var notAfter: Timestamp

    /// Makes an announcement.
    public init(
        device: DeviceID,
        version: UInt32,
        encryptionKey: [UInt8],
        suite: Suite,
        notAfter: Timestamp
    ) {
        self.device = device
        self.version = version
        self.encryptionKey = encryptionKey
        self.suite = suite
        self.notAfter = notAfter
    }

    /// Writes the body that is signed.
    ///
    /// - Throws: ``EnvelopeError`` for an announcement that no reader would take.
    public func body() throws(EnvelopeError) -> [UInt8] {
        var writer = CBORWriter(capacity: 128)
        writer.map(6)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(device)
        writer.key(2)
        writer.uint(UInt64(version))
        writer.key(3)
        writer.bytes(encryptionKey)
        writer.key(4)
        writer.uint(UInt64(suite.rawValue))
        writer.key(5)
        writer.int(notAfter.milliseconds)
        let body = writer.finish()
        guard try Self.decoded(body) == self else { throw .wrongKey }
        return body
    }

    /// Checks an announcement over the received bytes.
    ///
    /// - Parameters:
    ///   - signed: what was received.
    ///   - key: the signing key of the device.
    /// - Returns: the announcement.
    /// - Throws: ``EnvelopeError/badSignature`` first, then what is wrong inside.
    public static func verified(
        _ signed: SignedBytes,
        by key: VerifyingKey
    ) throws(EnvelopeError) -> EncryptionKeyAnnouncement {
        guard key.verify(.encryptionKey, body: signed.body, signature: signed.signature) else {
            throw .badSignature
        }
        let announcement = try decoded(signed.body)
        guard DeviceID(signingKey: key.bytes) == announcement.device else { throw .wrongKey }
        // A point off the curve would make every wrap to this device fail.
        _ = try VerifyingKey(announcement.encryptionKey)
        return announcement
    }

    /// Reads whose key it says it is, before anything is checked, to find the key that checks it.
    public static func claimedDevice(_ signed: SignedBytes) -> DeviceID? {
        try? decoded(signed.body).device
    }

    /// Checks that this is the same device's next key.
    public func checkSuccessor(
        of previous: EncryptionKeyAnnouncement
    ) throws(EnvelopeError) {
        guard device == previous.device else { throw .otherSubject }
        guard UInt64(version) == UInt64(previous.version) + 1 else { throw .notSuccessor }
    }

    private static func decoded(
        _ body: [UInt8]
    ) throws(EnvelopeError) -> EncryptionKeyAnnouncement {
        try StrictReader.object(body) { (reader) throws(EnvelopeError) in
            var fields = try reader.versionedFields()
            try reader.expect(1, &fields)
            let device = DeviceID(try reader.bytes16())
            try reader.expect(2, &fields)
            let version = try reader.uint32()
            guard version > 0 else { throw .notSuccessor }
            try reader.expect(3, &fields)
            let encryptionKey = try reader.publicKey()
            try reader.expect(4, &fields)
            guard let suite = Suite(rawValue: try reader.uint8()) else { throw .wrongSuite }
            try reader.expect(5, &fields)
            let notAfter = try reader.timestamp()
            try reader.finish(fields)
            return EncryptionKeyAnnouncement(
                device: device,
                version: version,
                encryptionKey: encryptionKey,
                suite: suite,
                notAfter: notAfter
            )
        }
    }
}

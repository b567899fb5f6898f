// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// A device list whose signature and rules were checked.
///
/// - Shape: the body of ``DeviceList``, signed "devlist" by the person's identity key.
/// - Source: SEALING.md 3.3.
public struct SignedDeviceList: Hashable, Sendable {
    /// What it says.
    public let list: DeviceList
    /// The bytes and the signature, as received.
    public let signed: SignedBytes
    /// SHA-256 of the body.
    public let hash: Bytes32

    /// Writes the body that is signed.
    ///
    /// - Throws: ``EnvelopeError`` for a list that no reader would take.
    public static func body(_ list: DeviceList) throws(EnvelopeError) -> [UInt8] {
        var writer = CBORWriter(capacity: 512)
        writer.map(7)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.bytes(list.identityKey)
        writer.key(2)
        writer.uint(UInt64(list.version))
        writer.key(3)
        writer.hash(list.previous)
        writer.key(4)
        writer.array(list.devices.count)
        for device in list.devices {
            writer.map(3)
            writer.key(0)
            writer.identifier(device.device)
            writer.key(1)
            writer.bytes(device.signingKey)
            writer.key(2)
            writer.int(device.created.milliseconds)
        }
        writer.key(5)
        writer.array(list.revoked.count)
        for device in list.revoked {
            writer.identifier(device)
        }
        writer.key(6)
        writer.bytes(list.recoveryKey)
        let body = writer.finish()
        guard try decoded(body) == list else { throw .wrongKey }
        return body
    }

    /// Checks a list of a person whose identity key is known, over the received bytes.
    public static func verified(
        _ signed: SignedBytes,
        by identityKey: VerifyingKey
    ) throws(EnvelopeError) -> SignedDeviceList {
        guard identityKey.verify(.deviceList, body: signed.body, signature: signed.signature)
        else { throw .badSignature }
        let list = try decoded(signed.body)
        guard list.identityKey == identityKey.bytes else { throw .wrongKey }
        return SignedDeviceList(list: list, signed: signed, hash: Hashing.hash(signed.body))
    }

    /// Checks a list of a person who is not known yet, by the identity key that stands in it.
    ///
    /// It proves that whoever holds that key wrote the list, and nothing about who they are:
    /// that comes from the vouch.
    public static func introduced(
        _ signed: SignedBytes
    ) throws(EnvelopeError) -> SignedDeviceList {
        let list = try decoded(signed.body)
        return try verified(signed, by: VerifyingKey(list.identityKey))
    }

    /// Checks that this list is the next version after another.
    ///
    /// What was revoked stays revoked.
    public func checkSuccessor(of previous: SignedDeviceList) throws(EnvelopeError) {
        guard list.person == previous.list.person else { throw .otherSubject }
        guard UInt64(list.version) == UInt64(previous.list.version) + 1,
            list.previous == previous.hash,
            Set(list.revoked).isSuperset(of: previous.list.revoked)
        else { throw .notSuccessor }
    }

    private static func decoded(_ body: [UInt8]) throws(EnvelopeError) -> DeviceList {
        try StrictReader.object(body) { (reader) throws(EnvelopeError) in
            var fields = try reader.versionedFields()
            try reader.expect(1, &fields)
            let identityKey = try reader.publicKey()
            try reader.expect(2, &fields)
            let version = try reader.uint32()
            try reader.expect(3, &fields)
            let previous = try reader.bytes32()
            try VersionChain.check(version, previous)
            try reader.expect(4, &fields)
            let devices = try reader.ascending(
                max: EnvelopeLimits.devicesMax,
                .devices,
                by: { $0.device },
                listedDevice
            )
            try reader.expect(5, &fields)
            let revoked = try reader.ascending(
                max: EnvelopeLimits.revokedMax,
                .devices,
                by: { $0 }
            ) { (reader) throws(EnvelopeError) in DeviceID(try reader.bytes16()) }
            guard Set(revoked).isDisjoint(with: devices.map(\.device)) else {
                throw .listedAndRevoked
            }
            try reader.expect(6, &fields)
            let recoveryKey = try reader.publicKey()
            try reader.finish(fields)
            return DeviceList(
                person: PersonID(identityKey: identityKey),
                identityKey: identityKey,
                version: version,
                previous: previous,
                devices: devices,
                revoked: revoked,
                recoveryKey: recoveryKey
            )
        }
    }

    private static func listedDevice(
        _ reader: inout StrictReader
    ) throws(EnvelopeError) -> ListedDevice {
        var fields = try reader.fields()
        try reader.expect(0, &fields)
        let device = DeviceID(try reader.bytes16())
        try reader.expect(1, &fields)
        let signingKey = try reader.publicKey()
        guard DeviceID(signingKey: signingKey) == device else { throw .wrongKey }
        try reader.expect(2, &fields)
        let created = try reader.timestamp()
        try reader.finish(fields)
        return ListedDevice(device: device, signingKey: signingKey, created: created)
    }
}

/// What holds for the version and the previous hash of every object that has both.
enum VersionChain {
    /// Checks that the first version, and no other, has no predecessor.
    static func check(_ version: UInt32, _ previous: Bytes32) throws(EnvelopeError) {
        guard version > 0, (version == 1) == (previous == .zero) else { throw .notSuccessor }
    }
}

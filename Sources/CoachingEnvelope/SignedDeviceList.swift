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
        try check(list)
        return list.body
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
        try StrictReader.checkVersion(body)
        var list: DeviceList
        do {
            list = try DeviceList(body: body, person: PersonID(.zero))
        } catch {
            throw .malformed(offset: error.offset)
        }
        list.person = PersonID(identityKey: list.identityKey)
        try check(list)
        return list
    }

    /// Checks what the shape alone does not say.
    private static func check(_ list: DeviceList) throws(EnvelopeError) {
        try VersionChain.check(list.version, list.previous)
        guard list.devices.count <= RoomLimits.devicesBound,
            list.revoked.count <= RoomLimits.revokedMax
        else { throw .overLimit(.devices) }
        let devices = list.devices.map(\.device)
        guard Ascending.holds(devices), Ascending.holds(list.revoked) else { throw .notAscending }
        guard Set(list.revoked).isDisjoint(with: devices) else { throw .listedAndRevoked }
        guard PublicKeyForm.holds(list.identityKey), PublicKeyForm.holds(list.recoveryKey),
            PersonID(identityKey: list.identityKey) == list.person
        else { throw .wrongKey }
        for listed in list.devices {
            guard PublicKeyForm.holds(listed.signingKey),
                DeviceID(signingKey: listed.signingKey) == listed.device
            else { throw .wrongKey }
        }
    }
}

/// The order in which lists of signed objects stand.
enum Ascending {
    /// Tells whether each element is greater than the one before.
    static func holds(_ elements: [some Comparable]) -> Bool {
        zip(elements, elements.dropFirst()).allSatisfy { $0 < $1 }
    }
}

/// What holds for the version and the previous hash of every object that has both.
enum VersionChain {
    /// Checks that the first version, and no other, has no predecessor.
    static func check(_ version: UInt32, _ previous: Bytes32) throws(EnvelopeError) {
        guard version > 0, (version == 1) == (previous == .zero) else { throw .notSuccessor }
    }
}

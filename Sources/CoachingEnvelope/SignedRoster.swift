// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// A roster whose signature and rules were checked.
///
/// - Shape: the body of ``Roster``, signed "roster" by a device of a keeper of the version before.
/// - Source: SEALING.md 3.3, DESIGN.md D4.
public struct SignedRoster: Hashable, Sendable {
    /// What it says.
    public let roster: Roster
    /// The bytes and the signature, as received.
    public let signed: SignedBytes
    /// SHA-256 of the body; for version 1 the genesis hash that invites pin.
    public let hash: Bytes32
    /// The device that signed.
    public let signer: DeviceID

    /// Writes the body that is signed.
    ///
    /// - Throws: ``EnvelopeError`` for a roster that no reader would take.
    public static func body(_ roster: Roster) throws(EnvelopeError) -> [UInt8] {
        try check(roster)
        return roster.body
    }

    /// Checks a roster by the device of one keeper, over the received bytes.
    ///
    /// Whether the device is a keeper's of the version before is for the caller to know.
    public static func verified(
        _ signed: SignedBytes,
        by key: VerifyingKey
    ) throws(EnvelopeError) -> SignedRoster {
        try verified(signed, byAnyOf: CollectionOfOne(key))
    }

    /// Checks a roster that one of several devices must have signed.
    ///
    /// - Parameters:
    ///   - signed: what was received.
    ///   - keys: the signing keys of the keepers' devices.
    /// - Returns: the roster and which device signed it.
    /// - Throws: ``EnvelopeError/badSignature`` first, then what is wrong inside.
    /// - Complexity: one check of a signature for each key until one fits.
    public static func verified(
        _ signed: SignedBytes,
        byAnyOf keys: some Sequence<VerifyingKey>
    ) throws(EnvelopeError) -> SignedRoster {
        let digest = SignatureType.roster.digest(of: signed.body)
        guard let key = keys.first(where: { $0.verify(digest, signature: signed.signature) })
        else { throw .badSignature }
        return SignedRoster(
            roster: try decoded(signed.body),
            signed: signed,
            hash: Hashing.hash(signed.body),
            signer: DeviceID(signingKey: key.bytes)
        )
    }

    /// Checks that this roster is the next version after another.
    public func checkSuccessor(of previous: SignedRoster) throws(EnvelopeError) {
        guard roster.room == previous.roster.room else { throw .otherSubject }
        guard UInt64(roster.version) == UInt64(previous.roster.version) + 1,
            roster.previous == previous.hash
        else { throw .notSuccessor }
    }

    private static func decoded(_ body: [UInt8]) throws(EnvelopeError) -> Roster {
        try StrictReader.checkVersion(body)
        let roster: Roster
        do {
            roster = try Roster(body: body)
        } catch {
            throw .malformed(offset: error.offset)
        }
        try check(roster)
        return roster
    }

    /// Checks what the shape alone does not say.
    private static func check(_ roster: Roster) throws(EnvelopeError) {
        try VersionChain.check(roster.version, roster.previous)
        guard roster.members.count <= RoomLimits.peopleBound else { throw .overLimit(.members) }
        guard roster.excludedDevices.count <= RoomLimits.excludedDevicesMax else {
            throw .overLimit(.devices)
        }
        guard Ascending.holds(roster.members.map(\.person)),
            Ascending.holds(roster.excludedDevices)
        else { throw .notAscending }
        for member in roster.members {
            guard PublicKeyForm.holds(member.identityKey),
                PersonID(identityKey: member.identityKey) == member.person
            else { throw .wrongKey }
            let names = [member.name] + [member.voucher].compactMap(\.self)
            guard names.allSatisfy({ PersonName.mistake($0) == nil }) else { throw .badName }
        }
    }
}

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
        var writer = CBORWriter(capacity: 256 + 192 * roster.members.count)
        writer.map(7)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(roster.room)
        writer.key(2)
        writer.uint(UInt64(roster.version))
        writer.key(3)
        writer.hash(roster.previous)
        writer.key(4)
        writer.array(roster.members.count)
        for member in roster.members {
            write(member, to: &writer)
        }
        writer.key(5)
        write(roster.policy, to: &writer)
        writer.key(6)
        writer.array(roster.excludedDevices.count)
        for device in roster.excludedDevices {
            writer.identifier(device)
        }
        let body = writer.finish()
        guard try decoded(body) == roster else { throw .wrongKey }
        return body
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

    // MARK: Members and policy

    private static func write(_ member: RosterMember, to writer: inout CBORWriter) {
        writer.map(5)
        writer.key(0)
        writer.identifier(member.person)
        writer.key(1)
        writer.bytes(member.identityKey)
        writer.key(2)
        writer.uint(UInt64(member.membership.rawValue))
        writer.key(3)
        writer.uint(UInt64(member.leastDeviceListVersion))
        writer.key(4)
        writer.text(member.name)
    }

    private static func write(_ policy: RoomPolicy, to writer: inout CBORWriter) {
        writer.map(4)
        writer.key(0)
        writer.uint(UInt64(policy.turnDays))
        writer.key(1)
        writer.uint(UInt64(policy.roomDays))
        writer.key(2)
        writer.bool(policy.historyForNewcomers)
        writer.key(3)
        writer.bool(policy.namesToAdministrators)
    }

    private static func decoded(_ body: [UInt8]) throws(EnvelopeError) -> Roster {
        try StrictReader.object(body) { (reader) throws(EnvelopeError) in
            var fields = try reader.versionedFields()
            try reader.expect(1, &fields)
            let room = RoomID(try reader.bytes16())
            try reader.expect(2, &fields)
            let version = try reader.uint32()
            try reader.expect(3, &fields)
            let previous = try reader.bytes32()
            try VersionChain.check(version, previous)
            try reader.expect(4, &fields)
            let members = try reader.ascending(
                max: EnvelopeLimits.membersMax,
                .members,
                by: { $0.person },
                member
            )
            try reader.expect(5, &fields)
            let policy = try policy(&reader)
            try reader.expect(6, &fields)
            let excluded = try reader.ascending(
                max: EnvelopeLimits.excludedMax,
                .devices,
                by: { $0 }
            ) { (reader) throws(EnvelopeError) in DeviceID(try reader.bytes16()) }
            try reader.finish(fields)
            return Roster(
                room: room,
                version: version,
                previous: previous,
                members: members,
                policy: policy,
                excludedDevices: excluded
            )
        }
    }

    private static func member(
        _ reader: inout StrictReader
    ) throws(EnvelopeError) -> RosterMember {
        var fields = try reader.fields()
        try reader.expect(0, &fields)
        let person = PersonID(try reader.bytes16())
        try reader.expect(1, &fields)
        let identityKey = try reader.publicKey()
        guard PersonID(identityKey: identityKey) == person else { throw .wrongKey }
        try reader.expect(2, &fields)
        let place = reader.offset
        guard let membership = Membership(rawValue: try reader.uint8()) else {
            throw .malformed(offset: place)
        }
        try reader.expect(3, &fields)
        let least = try reader.uint32()
        try reader.expect(4, &fields)
        let name = try reader.text(maxBytes: 4 * EnvelopeLimits.nameBytesMax)
        guard PersonName.isAllowed(name) else { throw .badName }
        try reader.finish(fields)
        return RosterMember(
            person: person,
            identityKey: identityKey,
            membership: membership,
            leastDeviceListVersion: least,
            name: name
        )
    }

    private static func policy(_ reader: inout StrictReader) throws(EnvelopeError) -> RoomPolicy {
        var fields = try reader.fields()
        try reader.expect(0, &fields)
        let turnDays = try reader.uint32()
        try reader.expect(1, &fields)
        let roomDays = try reader.uint32()
        try reader.expect(2, &fields)
        let history = try reader.bool()
        try reader.expect(3, &fields)
        let names = try reader.bool()
        try reader.finish(fields)
        return RoomPolicy(
            turnDays: turnDays,
            roomDays: roomDays,
            historyForNewcomers: history,
            namesToAdministrators: names
        )
    }
}

/// What a person's name may be in a signed object.
public enum PersonName {
    /// Tells whether a name has 1 to 64 bytes and no control characters.
    public static func isAllowed(_ name: String) -> Bool {
        guard 1...EnvelopeLimits.nameBytesMax ~= name.utf8.count else { return false }
        return name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingEnvelope
public import CoachingModel

/// By whose yes an entry stands where it was released to; a part of its body.
///
/// It says nothing of where the entry stood before.
///
/// - Shape: keys of ``EntryBody``: `7:salt 16, 8:[persons], 9:[[person, device, signature]],
///   ?15:[[body, signature]]`, 15 in the programme's room.
/// - Limits: ``Room/concernedMax`` people, consents and lists of devices; checked both ways.
/// - Source: DESIGN.md, Scopes, rule 3; Protocol/spec.md 12.11.
public struct ReleaseProof: Hashable, Sendable {
    /// One person's signed yes.
    public struct Consent: Hashable, Sendable {
        /// Whose it is.
        public var person: PersonID
        /// The device that signed.
        public var device: DeviceID
        /// Over ``ReleaseConsent``, 64 bytes.
        public var signature: [UInt8]

        /// Makes a consent.
        public init(person: PersonID, device: DeviceID, signature: [UInt8]) {
            self.person = person
            self.device = device
            self.signature = signature
        }
    }

    static let keys = 7...9
    static let signatureBytes = 64
    /// More than a list of as many devices as there may be takes.
    static let listBytesMax = 8_192

    /// What the digest begins with.
    public var salt: Bytes16
    /// Everybody whose yes was needed, ascending.
    public var persons: [PersonID]
    /// What they signed, in the same order.
    public var consents: [Consent]
    /// Their signed lists of devices, for readers who share no room with them; else empty.
    public var deviceLists: [SignedBytes]

    /// Makes a proof.
    public init(
        salt: Bytes16 = .zero,
        persons: [PersonID] = [],
        consents: [Consent] = [],
        deviceLists: [SignedBytes] = []
    ) {
        self.deviceLists = deviceLists
        self.salt = salt
        self.persons = persons
        self.consents = consents
    }

    var isWithinLimits: Bool {
        persons.count <= Room.concernedMax && consents.count <= Room.concernedMax
            && deviceLists.count <= Room.concernedMax
            && deviceLists.allSatisfy {
                $0.body.count <= Self.listBytesMax
                    && $0.signature.count == Self.signatureBytes
            }
            && consents.allSatisfy { $0.signature.count == Self.signatureBytes }
    }

    func write(to writer: inout CBORWriter) {
        writer.key(7)
        writer.fixed16(salt.high, salt.low)
        writer.key(8)
        writer.array(persons.count)
        for person in persons { writer.fixed16(person.value.high, person.value.low) }
        writer.key(9)
        writer.array(consents.count)
        for consent in consents {
            writer.array(3)
            writer.fixed16(consent.person.value.high, consent.person.value.low)
            writer.fixed16(consent.device.value.high, consent.device.value.low)
            writer.bytes(consent.signature)
        }
    }

    func writeDeviceLists(to writer: inout CBORWriter) {
        guard !deviceLists.isEmpty else { return }
        writer.key(15)
        writer.array(deviceLists.count)
        for list in deviceLists {
            writer.array(2)
            writer.bytes(list.body)
            writer.bytes(list.signature)
        }
    }

    private mutating func readDeviceLists(
        from reader: inout CBORReader
    ) throws(CBORError) {
        let place = reader.offset
        let count = try reader.array()
        guard count <= Room.concernedMax else { throw CBORError(.invalidValue, offset: place) }
        deviceLists = []
        for _ in 0..<count {
            try reader.array(count: 2)
            let body = try reader.bytes(max: Self.listBytesMax)
            let place = reader.offset
            let signature = try reader.bytes(max: Self.signatureBytes)
            guard signature.count == Self.signatureBytes else {
                throw CBORError(.invalidValue, offset: place)
            }
            deviceLists.append(SignedBytes(body: body, signature: signature))
        }
    }

    /// Gives the signing keys of the devices in the lists that it carries, by whose they are.
    ///
    /// A list counts by its own signature, and its person is the hash of the key that signed it,
    /// so nobody can carry another's; a device in the lists of two people counts for neither.
    public func carriedSigners() -> [DeviceID: (person: PersonID, key: VerifyingKey)] {
        var signers: [DeviceID: (person: PersonID, key: VerifyingKey)] = [:]
        var twice: Set<DeviceID> = []
        for signed in deviceLists {
            guard let list = try? SignedDeviceList.introduced(signed).list else { continue }
            for listed in list.devices {
                if let other = signers[listed.device], other.person != list.person {
                    twice.insert(listed.device)
                }
                signers[listed.device] = (try? VerifyingKey(listed.signingKey)).map {
                    (list.person, $0)
                }
            }
        }
        for device in twice { signers[device] = nil }
        return signers
    }

    /// Reads the value of one of its keys.
    mutating func read(_ key: Int64, from reader: inout CBORReader) throws(CBORError) {
        switch key {
        case 7: salt = try reader.sixteenBytes()
        case 8: persons = try reader.persons()
        case 15: try readDeviceLists(from: &reader)
        default:
            let place = reader.offset
            let count = try reader.array()
            guard count <= Room.concernedMax else {
                throw CBORError(.invalidValue, offset: place)
            }
            consents = []
            for _ in 0..<count {
                try reader.array(count: 3)
                let person = PersonID(try reader.sixteenBytes())
                let device = DeviceID(try reader.sixteenBytes())
                let place = reader.offset
                let signature = try reader.bytes(max: Self.signatureBytes)
                guard signature.count == Self.signatureBytes else {
                    throw CBORError(.invalidValue, offset: place)
                }
                consents.append(Consent(person: person, device: device, signature: signature))
            }
        }
    }
}

extension EntryBody {
    /// Gives the digest by which people agree to its release.
    ///
    /// - Throws: ``SealError/tooLong`` for a body over its limits.
    public func releaseDigest(
        salt: Bytes16,
        author: PersonID,
        kind: EntryKind
    ) throws(SealError) -> Bytes32 {
        var content = self
        content.release = nil
        content.saidBefore = nil
        return ReleaseDigest.compute(
            salt: salt,
            author: author,
            kind: kind,
            content: try content.encoded()
        )
    }

    /// Tells whether everybody whose yes its release names has given it, for exactly this entry.
    ///
    /// - Parameters:
    ///   - room: the room.
    ///   - target: where the entry stands.
    ///   - author: who wrote it.
    ///   - kind: its kind.
    ///   - signer: gives the signing key of a device that the person ever listed in the room.
    /// - Returns: `false` also for a body that was not released.
    public func isReleaseAgreed(
        in room: RoomID,
        at target: TranscriptID,
        author: PersonID,
        kind: EntryKind,
        signer: (PersonID, DeviceID) -> VerifyingKey?
    ) -> Bool {
        guard let release,
            let digest = try? releaseDigest(
                salt: release.salt,
                author: author,
                kind: kind
            )
        else { return false }
        let persons = release.persons
        let isAscending = zip(persons, persons.dropFirst()).allSatisfy { $0 < $1 }
        guard isAscending, persons.contains(author), persons.count <= Room.concernedMax,
            concerns.allSatisfy(persons.contains), release.consents.map(\.person) == persons
        else { return false }
        return release.consents.allSatisfy { consent in
            let words = ReleaseConsent(
                room: room,
                target: target,
                digest: digest,
                persons: persons,
                person: consent.person
            )
            return signer(consent.person, consent.device)?
                .verify(.consent, body: words.body(), signature: consent.signature) == true
        }
    }
}

extension CBORReader {
    /// Reads sixteen bytes.
    mutating func sixteenBytes() throws(CBORError) -> Bytes16 {
        let words = try fixed16()
        return Bytes16(high: words.0, low: words.1)
    }

    /// Reads people, as many as a release may name.
    mutating func persons() throws(CBORError) -> [PersonID] {
        let place = offset
        let count = try array()
        guard count <= Room.concernedMax else { throw CBORError(.invalidValue, offset: place) }
        var persons: [PersonID] = []
        for _ in 0..<count { persons.append(PersonID(try sixteenBytes())) }
        return persons
    }
}

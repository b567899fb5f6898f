// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingModel

/// What stands inside an entry of kind `consent`: a request to release an entry, or what came of
/// one.
///
/// The entry's header cites the entry that is to be released, and in everything that follows the
/// number of the request.
///
/// - Shape: `{0:1, 1:act, ?2:[scope, instance], ?3:salt, ?4:digest, ?5:[persons], ?6:signature,
///   ?7:programme's room}`, 2 to 5 in a request, 7 in one to the programme, and 6 in a yes;
///   unknown keys are skipped.
/// - Source: DESIGN.md, Scopes, rule 3; Protocol/spec.md 12.11.
public enum ReleaseBody: Hashable, Sendable {
    /// The author asks.
    case request(ReleaseTerms)
    /// Somebody whom it concerns says yes; the signature is over ``ReleaseConsent``.
    case yes(signature: [UInt8])
    /// Somebody says no, or takes a yes back; the author takes the request back.
    case no
    /// The author's device has released it.
    case released

    private enum Act: UInt8 {
        case request = 1
        case yes = 2
        case no = 3
        case released = 4
    }

    private var act: Act {
        switch self {
        case .request: .request
        case .yes: .yes
        case .no: .no
        case .released: .released
        }
    }

    /// Writes the plaintext that is padded and sealed.
    ///
    /// - Throws: ``SealError/tooLong`` for more people than a release may name.
    public func encoded() throws(SealError) -> [UInt8] {
        var writer = CBORWriter(capacity: 512)
        switch self {
        case .request(let terms):
            guard terms.persons.count <= Room.concernedMax else { throw .tooLong }
            writer.map(terms.programme == nil ? 6 : 7)
        case .yes: writer.map(3)
        case .no, .released: writer.map(2)
        }
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.uint(UInt64(act.rawValue))
        switch self {
        case .request(let terms): terms.write(to: &writer)
        case .yes(let signature):
            writer.key(6)
            writer.bytes(signature)
        case .no, .released: break
        }
        return writer.finish()
    }

    /// Reads a plaintext.
    ///
    /// - Throws: ``SealError/cannotOpen`` for anything that is not a body of version 1.
    public static func decoded(_ plaintext: [UInt8]) throws(SealError) -> ReleaseBody {
        do {
            return try read(plaintext)
        } catch {
            throw .cannotOpen
        }
    }
}

/// What an author asks people to agree to.
public struct ReleaseTerms: Hashable, Sendable {
    /// For whom it is to be.
    public var target: TranscriptKey
    /// What the digest begins with.
    public var salt: Bytes16
    /// The digest of what is to stand there.
    public var digest: Bytes32
    /// Everybody whose yes is needed, ascending.
    public var persons: [PersonID]
    /// The room in which it is to stand, where that is the programme's; `nil` for this one.
    public var programme: RoomID?

    /// Makes terms.
    public init(
        target: TranscriptKey,
        salt: Bytes16,
        digest: Bytes32,
        persons: [PersonID],
        programme: RoomID? = nil
    ) {
        self.programme = programme
        self.target = target
        self.salt = salt
        self.digest = digest
        self.persons = persons
    }

    func write(to writer: inout CBORWriter) {
        writer.key(2)
        writer.array(2)
        writer.uint(UInt64(target.scope.rawValue))
        writer.bytes(target.instance)
        writer.key(3)
        writer.fixed16(salt.high, salt.low)
        writer.key(4)
        writer.bytes(digest.bytes)
        writer.key(5)
        writer.array(persons.count)
        for person in persons { writer.fixed16(person.value.high, person.value.low) }
        if let programme {
            writer.key(7)
            writer.fixed16(programme.value.high, programme.value.low)
        }
    }
}

extension ReleaseBody: CBORReadable {
    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        guard try reader.uint() == 1 else { throw CBORError(.invalidValue, offset: start) }
        try fields.expect(1, &reader)
        let act = Act(rawValue: try reader.integer())
        var (target, salt, digest): (TranscriptKey?, Bytes16?, Bytes32?)
        var persons: [PersonID]?
        var programme: RoomID?
        var signature: [UInt8]?
        while let key = try fields.next(&reader) {
            switch key {
            case 2:
                try reader.array(count: 2)
                let scope = Scope(rawValue: try reader.integer())
                let instance = try reader.bytes(max: 32)
                target = scope.flatMap { TranscriptKey(scope: $0, instance: instance) }
            case 3: salt = try reader.sixteenBytes()
            case 4: digest = Bytes32(try reader.bytes(max: 32))
            case 5: persons = try reader.persons()
            case 7: programme = RoomID(try reader.sixteenBytes())
            case 6: signature = try reader.bytes(max: ReleaseProof.signatureBytes)
            default: try reader.skip()
            }
        }
        switch (act, signature) {
        case (.request?, _):
            guard let target, let salt, let digest, let persons else {
                throw CBORError(.invalidValue, offset: start)
            }
            self = .request(
                ReleaseTerms(
                    target: target,
                    salt: salt,
                    digest: digest,
                    persons: persons,
                    programme: programme
                )
            )
        case (.yes?, let signature?): self = .yes(signature: signature)
        case (.no?, _): self = .no
        case (.released?, _): self = .released
        default: throw CBORError(.invalidValue, offset: start)
        }
    }
}

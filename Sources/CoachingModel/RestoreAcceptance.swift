// SPDX-License-Identifier: Apache-2.0
public import CBOR

/// The word of one who admits that a room goes on from what a restored server has.
///
/// It names the log's last position and head, so that it holds for one past alone, and where the
/// transcripts of all ended (`room`, and `peers` where its signer reads it): less than that nobody
/// may be shown. Of others it says nothing, for all members read it.
///
/// - Shape: `{0:1, 1:room, 2:c, 3:h_c, 4:[[transcript, n, h_n] ...],
///   5:nonce}`, transcripts ascending; the nonce is 16 random bytes.
/// - Source: DESIGN.md D20.
public struct RestoreAcceptance: Hashable, Sendable {
    /// How many transcripts one names at most.
    public static let transcriptsMax = 16

    /// The room.
    public var room: RoomID
    /// The log's last position.
    public var position: UInt64
    /// The log's head there.
    public var head: Bytes32
    /// Where transcripts ended, ascending.
    public var transcripts: [TranscriptEnd]
    /// Random: the same backup can be accepted again, and an old word never counts as a new one.
    public var nonce: Bytes16

    /// Makes a word to be signed.
    public init(
        room: RoomID,
        position: UInt64,
        head: Bytes32,
        transcripts: [TranscriptEnd],
        nonce: Bytes16
    ) {
        self.room = room
        self.position = position
        self.head = head
        self.transcripts = transcripts
        self.nonce = nonce
    }
}

/// Where a transcript ended.
public struct TranscriptEnd: Hashable, Sendable {
    /// The transcript.
    public var transcript: TranscriptID
    /// Its last number.
    public var number: UInt64
    /// The head of its chain there.
    public var head: Bytes32

    /// Makes an end.
    public init(transcript: TranscriptID, number: UInt64, head: Bytes32) {
        self.transcript = transcript
        self.number = number
        self.head = head
    }
}

/// A signed acceptance in the log.
public struct RestoreAccepted: Hashable, Sendable {
    /// The bytes that were signed.
    public var signed: SignedBytes
    /// The device that signed.
    public var signer: DeviceID
    /// What the bytes say.
    public var acceptance: RestoreAcceptance
    /// SHA-256 of the signed body, worked out by whoever decoded it; it is not on the wire.
    public var hash: Bytes32

    /// Makes the payload.
    public init(
        signed: SignedBytes,
        signer: DeviceID,
        acceptance: RestoreAcceptance,
        hash: Bytes32
    ) {
        self.signed = signed
        self.signer = signer
        self.acceptance = acceptance
        self.hash = hash
    }
}

/// An acceptance as a room remembers it.
public struct AcceptedRestore: Hashable, Sendable {
    /// Who gave their word.
    public var person: PersonID
    /// When.
    public var at: Timestamp
    /// The log position of the acceptance.
    public var position: UInt64
    /// The hash of what was signed.
    public var hash: Bytes32
    /// Where transcripts ended then.
    public var transcripts: [TranscriptEnd]
}

// MARK: - Rules

extension Room {
    /// Goes on from what a restored server has, by the word of one who admits.
    func acceptRestore(
        _ accepted: RestoreAccepted,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard case .person(_, let device) = actor, device == accepted.signer, isKeeper(person)
        else { throw .notAKeeper }
        try checkAcceptance(accepted)
        course.add(.restoreAccepted(accepted))
    }

    /// Checks that an acceptance is for this place of the log, by one who admits here.
    ///
    /// That it names the log's head is for whoever keeps the heads.
    ///
    /// - Throws: ``RoomRejection/notAKeeper``, `restoreConflict` or `outOfBounds`.
    func checkAcceptance(_ accepted: RestoreAccepted) throws(RoomRejection) {
        guard roster != nil, !members.isEmpty else { throw .roomClosed }
        guard let signer = person(of: accepted.signer), isKeeper(signer) else {
            throw .notAKeeper
        }
        let acceptance = accepted.acceptance
        guard acceptance.room == id, acceptance.position == position else {
            throw .restoreConflict
        }
        guard acceptance.transcripts.count <= RestoreAcceptance.transcriptsMax,
            acceptance.transcripts.map(\.transcript).strictlyAscends
        else { throw .outOfBounds }
    }

    mutating func evolve(_ accepted: RestoreAccepted, at: Timestamp) {
        guard let person = person(of: accepted.signer) else { return }
        restores.append(
            AcceptedRestore(
                person: person,
                at: at,
                position: position,
                hash: accepted.hash,
                transcripts: accepted.acceptance.transcripts
            )
        )
    }

    /// Gives the log position at which a person's membership ended last; `nil` where it never did.
    public func lastExclusion(of person: PersonID) -> UInt64? {
        people[person]?.formerly.last?.until
    }

    /// Everybody who was a member and is none now, ascending.
    public var formerMembers: [PersonID] {
        people.filter { !$0.value.isMember }.keys.sorted()
    }

    /// Every device that anybody who was ever a member has revoked, ascending.
    public var revokedDevices: [DeviceID] {
        people.values.reduce(into: Set<DeviceID>()) { $0.formUnion($1.revoked) }.sorted()
    }
}

// MARK: - Bytes

extension RestoreAcceptance {
    /// Reads the body of an acceptance that was signed, as strictly as a roster's.
    public init(body: [UInt8]) throws(CBORError) {
        self = try CBORReader.reading(body) { (reader) throws(CBORError) in
            var fields = try reader.signedFields()
            try fields.expect(1, &reader)
            let room: RoomID = try reader.identifier()
            try fields.expect(2, &reader)
            let position = try reader.uint()
            try fields.expect(3, &reader)
            let head = try reader.hash()
            try fields.expect(4, &reader)
            let transcripts = try reader.list(max: RestoreAcceptance.transcriptsMax) {
                (reader) throws(CBORError) in
                try reader.array(count: 3)
                return TranscriptEnd(
                    transcript: try reader.identifier(),
                    number: try reader.uint(),
                    head: try reader.hash()
                )
            }
            try fields.expect(5, &reader)
            let nonce = try reader.fixed16()
            try fields.finish(reader)
            try reader.finish()
            guard transcripts.map(\.transcript).strictlyAscends else {
                throw CBORError(.invalidValue, offset: 0)
            }
            return RestoreAcceptance(
                room: room,
                position: position,
                head: head,
                transcripts: transcripts,
                nonce: Bytes16(high: nonce.0, low: nonce.1)
            )
        }
    }

    /// The bytes that are signed.
    public var body: [UInt8] {
        var writer = CBORWriter(capacity: 96 + 64 * transcripts.count)
        writer.map(6)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(room)
        writer.key(2)
        writer.uint(position)
        writer.key(3)
        writer.hash(head)
        writer.key(4)
        writer.array(transcripts.count)
        for end in transcripts {
            writer.array(3)
            writer.identifier(end.transcript)
            writer.uint(end.number)
            writer.hash(end.head)
        }
        writer.key(5)
        writer.fixed16(nonce.high, nonce.low)
        return writer.finish()
    }
}

extension RestoreAccepted {
    init(_ reader: inout CBORReader, hash: ([UInt8]) -> Bytes32) throws(CBORError) {
        let (signed, signer) = try reader.word()
        self.init(
            signed: signed,
            signer: signer,
            acceptance: try RestoreAcceptance(body: signed.body),
            hash: hash(signed.body)
        )
    }

    func write(to writer: inout CBORWriter) {
        writer.word(signed, by: signer)
    }
}

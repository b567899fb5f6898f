// SPDX-License-Identifier: Apache-2.0
public import CBOR

/// A member's word that somebody may read older entries, from before they came.
///
/// It names the roster in force, and by it the policy that allows it: signed under one roster it
/// gives nothing under another. The spans end where the person's own reading begins, so the same
/// word counts once.
///
/// - Shape: `{0:1, 1:room, 2:person, 3:roster hash, 4:[{0:scope, 1:from, 2:until}], ?5:since ms}`,
///   spans ascending by scope, of `peers` and `room` alone; signed "grant" by the giver's device.
/// - Source: SEALING.md 3.4, DESIGN.md D4.
public struct HistoryGrant: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Who may read.
    public var person: PersonID
    /// The hash of the roster in force.
    public var roster: Bytes32
    /// What they may read.
    public var spans: [GrantedSpan]
    /// Since when, as the giver said it, to be shown; `nil` for all that the giver reads.
    public var since: Timestamp?

    /// Makes a grant.
    public init(
        room: RoomID,
        person: PersonID,
        roster: Bytes32,
        spans: [GrantedSpan],
        since: Timestamp?
    ) {
        self.room = room
        self.person = person
        self.roster = roster
        self.spans = spans
        self.since = since
    }
}

/// Numbers of one transcript that somebody may read.
public struct GrantedSpan: Hashable, Sendable {
    /// `peers` or `room`.
    public var scope: Scope
    /// The first number.
    public var from: UInt64
    /// The last number: the one before those that the person reads anyway.
    public var until: UInt64

    /// Makes a span.
    public init(scope: Scope, from: UInt64, until: UInt64) {
        self.scope = scope
        self.from = from
        self.until = until
    }

    /// The transcript; `nil` for a scope of which nothing can be given.
    public var key: TranscriptKey? {
        switch scope {
        case .room: .room
        case .peers: .peers
        case .own, .direct, .turn, .programme: nil
        }
    }
}

/// A signed grant of older entries.
public struct HistoryGranted: Hashable, Sendable {
    /// The bytes that the giver's device signed.
    public var signed: SignedBytes
    /// The device that signed.
    public var signer: DeviceID
    /// What the bytes say.
    public var grant: HistoryGrant

    /// Makes the payload.
    public init(signed: SignedBytes, signer: DeviceID, grant: HistoryGrant) {
        self.signed = signed
        self.signer = signer
        self.grant = grant
    }
}

// MARK: - Coding

extension HistoryGrant {
    /// How many spans there can be: one for each scope of which something can be given.
    public static let spansMax = 2

    /// Reads the body of a grant that was signed, as strictly as a roster's.
    public init(body: [UInt8]) throws(CBORError) {
        self = try CBORReader.reading(body) { (reader) throws(CBORError) in
            var fields = try reader.signedFields()
            try fields.expect(1, &reader)
            let room: RoomID = try reader.identifier()
            try fields.expect(2, &reader)
            let person: PersonID = try reader.identifier()
            try fields.expect(3, &reader)
            let roster = try reader.hash()
            try fields.expect(4, &reader)
            let spans = try reader.list(max: HistoryGrant.spansMax) {
                (reader) throws(CBORError) in try GrantedSpan(signed: &reader)
            }
            var since: Timestamp?
            if fields.left > 0 {
                try fields.expect(5, &reader)
                since = try reader.timestamp()
            }
            try fields.finish(reader)
            try reader.finish()
            return HistoryGrant(
                room: room,
                person: person,
                roster: roster,
                spans: spans,
                since: since
            )
        }
    }

    /// The bytes that are signed.
    public var body: [UInt8] {
        var writer = CBORWriter(capacity: 128)
        writer.map(since == nil ? 5 : 6)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(room)
        writer.key(2)
        writer.identifier(person)
        writer.key(3)
        writer.hash(roster)
        writer.key(4)
        writer.array(spans.count)
        for span in spans { span.write(signed: &writer) }
        if let since {
            writer.key(5)
            writer.int(since.milliseconds)
        }
        return writer.finish()
    }
}

extension GrantedSpan {
    fileprivate init(signed reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        scope = try reader.choice()
        try fields.expect(1, &reader)
        from = try reader.uint()
        try fields.expect(2, &reader)
        until = try reader.uint()
        try fields.finish(reader)
    }

    fileprivate func write(signed writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        writer.uint(UInt64(scope.rawValue))
        writer.key(1)
        writer.uint(from)
        writer.key(2)
        writer.uint(until)
    }
}

extension HistoryGranted {
    init(_ reader: inout CBORReader) throws(CBORError) {
        let (signed, signer) = try reader.word()
        self.init(signed: signed, signer: signer, grant: try HistoryGrant(body: signed.body))
    }

    func write(to writer: inout CBORWriter) {
        writer.word(signed, by: signer)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CBOR

// A facilitator who reads a turn for a while, by the word of who is coached there.

/// A turn, by its session, round and pod.
public struct TurnPlace: Codable, Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// The round, from 1.
    public var round: UInt8
    /// The pod's number.
    public var pod: UInt8

    enum CodingKeys: Int, CodingKey {
        case session = 0
        case round = 1
        case pod = 2
    }

    /// Names a turn.
    public init(_ turn: TurnID) {
        session = turn.session
        round = turn.round
        pod = turn.pod
    }

    /// The turn's identifier.
    public var turn: TurnID { TurnID(session: session, round: round, pod: pod) }
}

/// The yes of a turn's client to a visit.
///
/// It names the request that it answers, so that it counts once, and the last line that the
/// visitor does not read, so that no server can let them read from further back.
///
/// - Shape: `{0:1, 1:room, 2:session, 3:round, 4:pod, 5:visitor, 6:position, 7:number}`, signed
///   "visit" by the client's device.
/// - Source: DESIGN.md D19.
public struct VisitYes: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The turn.
    public var turn: TurnID
    /// The facilitator.
    public var visitor: PersonID
    /// The position in the room's log at which they asked.
    public var asked: UInt64
    /// The last number in the turn that they do not read.
    public var number: UInt64

    /// Makes a yes.
    public init(
        room: RoomID,
        turn: TurnID,
        visitor: PersonID,
        asked: UInt64,
        number: UInt64
    ) {
        self.room = room
        self.turn = turn
        self.visitor = visitor
        self.asked = asked
        self.number = number
    }
}

/// A visit began: from here on somebody more reads a turn.
public struct TurnChanged: Hashable, Sendable {
    /// The bytes that the client's device signed.
    public var signed: SignedBytes
    /// The device that signed.
    public var signer: DeviceID
    /// What the bytes say.
    public var yes: VisitYes

    /// Makes the payload.
    public init(signed: SignedBytes, signer: DeviceID, yes: VisitYes) {
        self.signed = signed
        self.signer = signer
        self.yes = yes
    }

    /// Where the turn stood: the visitor reads what is after it.
    public var mark: TranscriptMark { TranscriptMark(key: .turn(yes.turn), number: yes.number) }
}

/// A visit is over, or was not granted.
public struct VisitEnded: Codable, Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// The round.
    public var round: UInt8
    /// The pod.
    public var pod: UInt8
    /// The facilitator.
    public var person: PersonID
    /// The last number that they read; 0 where the visit never began.
    public var number: UInt64

    enum CodingKeys: Int, CodingKey {
        case session = 0
        case round = 1
        case pod = 2
        case person = 3
        case number = 4
    }

    /// Makes the payload.
    public init(_ turn: TurnID, _ person: PersonID, number: UInt64) {
        session = turn.session
        round = turn.round
        pod = turn.pod
        self.person = person
        self.number = number
    }

    /// The turn.
    public var turn: TurnID { TurnID(session: session, round: round, pod: pod) }
    /// Where the turn stood.
    public var mark: TranscriptMark { TranscriptMark(key: .turn(turn), number: number) }
}

/// A facilitator who asked to visit a turn, and where in the log.
public struct VisitRequest: Hashable, Sendable {
    /// Who asked.
    public var visitor: PersonID
    /// The position of the record.
    public var position: UInt64
}

/// What somebody read of a turn as its visitor.
public struct Visit: Hashable, Sendable {
    /// The facilitator.
    public var visitor: PersonID
    /// The first number that they read.
    public var from: UInt64
    /// The last one; `nil` while the visit goes on.
    public var until: UInt64?
}

// MARK: - Coding

extension TurnPlace {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var session: SessionID?
        var round: UInt8?
        var pod: UInt8?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: session = try reader.identifier()
            case 1: round = try reader.integer()
            case 2: pod = try reader.integer()
            default: return false
            }
            return true
        }
        guard let session, let round, let pod else { throw reader.missing }
        self.init(TurnID(session: session, round: round, pod: pod))
    }

    func write(to writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        writer.identifier(session)
        writer.key(1)
        writer.uint(UInt64(round))
        writer.key(2)
        writer.uint(UInt64(pod))
    }
}

extension VisitEnded {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var session: SessionID?
        var round: UInt8?
        var pod: UInt8?
        var person: PersonID?
        var number: UInt64?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: session = try reader.identifier()
            case 1: round = try reader.integer()
            case 2: pod = try reader.integer()
            case 3: person = try reader.identifier()
            case 4: number = try reader.uint()
            default: return false
            }
            return true
        }
        guard let session, let round, let pod, let person, let number else {
            throw reader.missing
        }
        self.init(TurnID(session: session, round: round, pod: pod), person, number: number)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(5)
        writer.key(0)
        writer.identifier(session)
        writer.key(1)
        writer.uint(UInt64(round))
        writer.key(2)
        writer.uint(UInt64(pod))
        writer.key(3)
        writer.identifier(person)
        writer.key(4)
        writer.uint(number)
    }
}

extension TurnChanged {
    init(_ reader: inout CBORReader) throws(CBORError) {
        let (signed, signer) = try reader.word()
        self.init(signed: signed, signer: signer, yes: try VisitYes(body: signed.body))
    }

    func write(to writer: inout CBORWriter) {
        writer.word(signed, by: signer)
    }
}

extension VisitYes {
    /// Reads the body of a yes that was signed, as strictly as a roster's.
    public init(body: [UInt8]) throws(CBORError) {
        self = try CBORReader.reading(body) { (reader) throws(CBORError) in
            var fields = try reader.signedFields()
            try fields.expect(1, &reader)
            let room: RoomID = try reader.identifier()
            try fields.expect(2, &reader)
            let session: SessionID = try reader.identifier()
            try fields.expect(3, &reader)
            let round: UInt8 = try reader.integer()
            try fields.expect(4, &reader)
            let pod: UInt8 = try reader.integer()
            try fields.expect(5, &reader)
            let visitor: PersonID = try reader.identifier()
            try fields.expect(6, &reader)
            let asked = try reader.uint()
            try fields.expect(7, &reader)
            let number = try reader.uint()
            try fields.finish(reader)
            try reader.finish()
            return VisitYes(
                room: room,
                turn: TurnID(session: session, round: round, pod: pod),
                visitor: visitor,
                asked: asked,
                number: number
            )
        }
    }

    /// The bytes that are signed.
    public var body: [UInt8] {
        var writer = CBORWriter(capacity: 96)
        writer.map(8)
        writer.key(0)
        writer.uint(1)
        writer.key(1)
        writer.identifier(room)
        writer.key(2)
        writer.identifier(turn.session)
        writer.key(3)
        writer.uint(UInt64(turn.round))
        writer.key(4)
        writer.uint(UInt64(turn.pod))
        writer.key(5)
        writer.identifier(visitor)
        writer.key(6)
        writer.uint(asked)
        writer.key(7)
        writer.uint(number)
        return writer.finish()
    }
}

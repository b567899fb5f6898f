// SPDX-License-Identifier: Apache-2.0
import CBOR

// The payloads of a room's events: maps with the keys of their `CodingKeys`; what is absent is
// left out.

extension Rostered {
    init(_ reader: inout CBORReader, hash: ([UInt8]) -> Bytes32) throws(CBORError) {
        var signed: SignedBytes?
        var signer: DeviceID?
        var marks: [TranscriptMark]?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: signed = try SignedBytes(&reader)
            case 1: signer = try reader.identifier()
            case 2: marks = try [TranscriptMark](&reader)
            default: return false
            }
            return true
        }
        guard let signed, let signer, let marks else { throw reader.missing }
        self.init(
            signed: signed,
            signer: signer,
            roster: try Roster(body: signed.body),
            hash: hash(signed.body),
            marks: marks
        )
    }

    func write(to writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        signed.write(to: &writer)
        writer.key(1)
        writer.identifier(signer)
        writer.key(2)
        marks.write(to: &writer)
    }
}

extension Excluded {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var person: PersonID?
        var cause: ExclusionCause?
        var marks: [TranscriptMark]?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: person = try reader.identifier()
            case 1: cause = try reader.choice()
            case 2: marks = try [TranscriptMark](&reader)
            default: return false
            }
            return true
        }
        guard let person, let cause, let marks else { throw reader.missing }
        self.init(person: person, cause: cause, marks: marks)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        writer.identifier(person)
        writer.key(1)
        writer.uint(UInt64(cause.rawValue))
        writer.key(2)
        marks.write(to: &writer)
    }
}

extension Turn {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var session: SessionID?
        var round: UInt8?
        var pod: Pod?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: session = try reader.identifier()
            case 1: round = try reader.integer()
            case 2: pod = try Pod(&reader)
            default: return false
            }
            return true
        }
        guard let session, let round, let pod else { throw reader.missing }
        self.init(session: session, round: round, pod: pod)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        writer.identifier(session)
        writer.key(1)
        writer.uint(UInt64(round))
        writer.key(2)
        pod.write(to: &writer)
    }
}

extension TurnClosed {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var session: SessionID?
        var round: UInt8?
        var pod: UInt8?
        var held: Bool?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: session = try reader.identifier()
            case 1: round = try reader.integer()
            case 2: pod = try reader.integer()
            case 3: held = try reader.bool()
            default: return false
            }
            return true
        }
        guard let session, let round, let pod, let held else { throw reader.missing }
        self.init(session: session, round: round, pod: pod, held: held)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(4)
        writer.key(0)
        writer.identifier(session)
        writer.key(1)
        writer.uint(UInt64(round))
        writer.key(2)
        writer.uint(UInt64(pod))
        writer.key(3)
        writer.bool(held)
    }
}

extension AgreementVersion {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var version: UInt32?
        var hash: Bytes32?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: version = try reader.integer()
            case 1: hash = try reader.hash()
            default: return false
            }
            return true
        }
        guard let version, let hash else { throw reader.missing }
        self.init(version: version, hash: hash)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.uint(UInt64(version))
        writer.key(1)
        writer.hash(hash)
    }
}

extension SessionStarted {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var session: SessionID?
        var format: SessionFormat?
        var medium: Medium?
        var plan: SessionPlan?
        var pace: UInt16?
        var host: PersonID?
        var purpose: Bytes32?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: session = try reader.identifier()
            case 1: format = try SessionFormat(&reader)
            case 2: medium = try reader.choice()
            case 3: plan = try SessionPlan(&reader)
            case 4: pace = try reader.integer()
            case 5:
                host = try reader.optional { (reader) throws(CBORError) in try reader.identifier() }
            case 6:
                purpose = try reader.optional { (reader) throws(CBORError) in try reader.hash() }
            default: return false
            }
            return true
        }
        guard let session, let format, let medium, let plan, let pace else { throw reader.missing }
        self.init(
            session: session,
            format: format,
            medium: medium,
            plan: plan,
            pace: pace,
            host: host,
            purpose: purpose
        )
    }

    func write(to writer: inout CBORWriter) {
        let present = [host != nil, purpose != nil]
        writer.map(5 + present.count(where: { $0 }))
        writer.key(0)
        writer.identifier(session)
        writer.key(1)
        format.write(to: &writer)
        writer.key(2)
        writer.uint(UInt64(medium.rawValue))
        writer.key(3)
        plan.write(to: &writer)
        writer.key(4)
        writer.uint(UInt64(pace))
        if let host {
            writer.key(5)
            writer.identifier(host)
        }
        if let purpose {
            writer.key(6)
            writer.hash(purpose)
        }
    }
}

extension PhasePlace {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var round: UInt8?
        var phase: UInt8?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: round = try reader.integer()
            case 1: phase = try reader.integer()
            default: return false
            }
            return true
        }
        guard let round, let phase else { throw reader.missing }
        self.init(round: round, phase: phase)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.uint(UInt64(round))
        writer.key(1)
        writer.uint(UInt64(phase))
    }
}

extension PhaseStarted {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var place: PhasePlace?
        var pod: UInt8?
        var ends: Timestamp?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: place = try PhasePlace(&reader)
            case 1: pod = try reader.optional { (reader) throws(CBORError) in try reader.integer() }
            case 2: ends = try reader.timestamp()
            default: return false
            }
            return true
        }
        guard let place, let ends else { throw reader.missing }
        self.init(place: place, pod: pod, ends: ends)
    }

    func write(to writer: inout CBORWriter) {
        let present = [pod != nil]
        writer.map(2 + present.count(where: { $0 }))
        writer.key(0)
        place.write(to: &writer)
        if let pod {
            writer.key(1)
            writer.uint(UInt64(pod))
        }
        writer.key(2)
        writer.int(ends.milliseconds)
    }
}

extension ClockSet {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var cause: ClockCause?
        var pod: UInt8?
        var ends: Timestamp?
        var left: Int64?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: cause = try reader.choice()
            case 1: pod = try reader.optional { (reader) throws(CBORError) in try reader.integer() }
            case 2:
                ends = try reader.optional { (reader) throws(CBORError) in try reader.timestamp() }
            case 3: left = try reader.optional { (reader) throws(CBORError) in try reader.int() }
            default: return false
            }
            return true
        }
        guard let cause else { throw reader.missing }
        self.init(cause: cause, pod: pod, ends: ends, left: left)
    }

    func write(to writer: inout CBORWriter) {
        let present = [pod != nil, ends != nil, left != nil]
        writer.map(1 + present.count(where: { $0 }))
        writer.key(0)
        writer.uint(UInt64(cause.rawValue))
        if let pod {
            writer.key(1)
            writer.uint(UInt64(pod))
        }
        if let ends {
            writer.key(2)
            writer.int(ends.milliseconds)
        }
        if let left {
            writer.key(3)
            writer.int(left)
        }
    }
}

extension SessionEnded {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var session: SessionID?
        var complete: Bool?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: session = try reader.identifier()
            case 1: complete = try reader.bool()
            default: return false
            }
            return true
        }
        guard let session, let complete else { throw reader.missing }
        self.init(session: session, complete: complete)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.identifier(session)
        writer.key(1)
        writer.bool(complete)
    }
}

extension Attended {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var person: PersonID?
        var presence: Presence?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: person = try reader.identifier()
            case 1: presence = try reader.choice()
            default: return false
            }
            return true
        }
        guard let person, let presence else { throw reader.missing }
        self.init(person: person, presence: presence)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.identifier(person)
        writer.key(1)
        writer.uint(UInt64(presence.rawValue))
    }
}

extension Replanned {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var session: SessionID?
        var from: UInt8?
        var rounds: [[Pod]]?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: session = try reader.identifier()
            case 1: from = try reader.integer()
            case 2: rounds = try [[Pod]](&reader)
            default: return false
            }
            return true
        }
        guard let session, let from, let rounds else { throw reader.missing }
        self.init(session: session, from: from, rounds: rounds)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        writer.identifier(session)
        writer.key(1)
        writer.uint(UInt64(from))
        writer.key(2)
        rounds.write(to: &writer)
    }
}

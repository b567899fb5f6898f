// SPDX-License-Identifier: Apache-2.0
import CBOR

// How the values of a room's log stand in CBOR, without the cost of `Codable`; types that are
// `Codable` too give the same bytes both ways.

extension CBORReader {
    mutating func identifier<T: Identifier>(_ type: T.Type = T.self) throws(CBORError) -> T {
        let (high, low) = try fixed16()
        return T(Bytes16(high: high, low: low))
    }

    mutating func hash() throws(CBORError) -> Bytes32 {
        let (first, second, third, fourth) = try fixed32()
        return Bytes32(first, second, third, fourth)
    }

    mutating func timestamp() throws(CBORError) -> Timestamp {
        Timestamp(milliseconds: try int())
    }

    /// Reads a number that stands for one of several choices.
    mutating func choice<T: RawRepresentable>(_ type: T.Type = T.self) throws(CBORError) -> T
    where T.RawValue: FixedWidthInteger {
        let place = offset
        guard let value = T(rawValue: try integer()) else {
            throw CBORError(.invalidValue, offset: place)
        }
        return value
    }

    /// Reads an array; each element is read before the memory for the next is taken.
    mutating func list<T>(
        max: Int = .max,
        _ element: (inout CBORReader) throws(CBORError) -> T
    ) throws(CBORError) -> [T] {
        let place = offset
        let count = try array()
        guard count <= max else { throw CBORError(.valueOutOfRange, offset: place) }
        var list: [T] = []
        for _ in 0..<count { list.append(try element(&self)) }
        return list
    }

    mutating func identifiers<T: Identifier>(max: Int = .max) throws(CBORError) -> [T] {
        try list(max: max) { (reader) throws(CBORError) in try reader.identifier() }
    }

    mutating func milliseconds() throws(CBORError) -> [Int64] {
        try list { (reader) throws(CBORError) in try reader.int() }
    }

    /// Reads a value that may be null.
    mutating func optional<T>(
        _ value: (inout CBORReader) throws(CBORError) -> T
    ) throws(CBORError) -> T? {
        if isNull {
            try null()
            return nil
        }
        return try value(&self)
    }

    /// Reads a map of fields; those that the body does not take (it gives `false`) are skipped.
    mutating func record(
        _ field: (Int64, inout CBORReader) throws(CBORError) -> Bool
    ) throws(CBORError) {
        var fields = try fields()
        while let key = try fields.next(&self) {
            if try !field(key, &self) { try skip() }
        }
    }

    /// Names the place where a field is missing.
    var missing: CBORError { CBORError(.missingKey, offset: offset) }
}

extension CBORWriter {
    mutating func identifier(_ identifier: some Identifier) {
        fixed16(identifier.value.high, identifier.value.low)
    }

    mutating func hash(_ hash: Bytes32) {
        fixed32(hash.words.0, hash.words.1, hash.words.2, hash.words.3)
    }

    mutating func identifiers(_ identifiers: [some Identifier]) {
        array(identifiers.count)
        for one in identifiers { identifier(one) }
    }

    mutating func milliseconds(_ spans: [Int64]) {
        array(spans.count)
        for span in spans { int(span) }
    }
}

extension SignedBytes {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var body: [UInt8]?
        var signature: [UInt8]?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: body = try reader.bytes()
            case 1: signature = try reader.bytes(max: 128)
            default: return false
            }
            return true
        }
        guard let body, let signature else { throw reader.missing }
        self.init(body: body, signature: signature)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.bytes(body)
        writer.key(1)
        writer.bytes(signature)
    }
}

extension TranscriptMark {
    /// Reads `[scope, instance, number]`.
    init(_ reader: inout CBORReader) throws(CBORError) {
        let place = reader.offset
        try reader.array(count: 3)
        let scope: Scope = try reader.choice()
        guard let key = TranscriptKey(scope: scope, instance: try reader.bytes(max: 32)) else {
            throw CBORError(.invalidValue, offset: place)
        }
        self.init(key: key, number: try reader.uint())
    }

    func write(to writer: inout CBORWriter) {
        writer.array(3)
        writer.uint(UInt64(key.scope.rawValue))
        writer.bytes(key.instance)
        writer.uint(number)
    }
}

extension [TranscriptMark] {
    init(_ reader: inout CBORReader) throws(CBORError) {
        self = try reader.list(max: RoomLimits.marksMax) { (reader) throws(CBORError) in
            try TranscriptMark(&reader)
        }
    }

    func write(to writer: inout CBORWriter) {
        writer.array(count)
        for mark in self { mark.write(to: &writer) }
    }
}

extension Pod {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var number: UInt8?
        var client: PersonID?
        var coaches: [PersonID]?
        var observers: [PersonID]?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: number = try reader.integer()
            case 1: client = try reader.identifier()
            case 2: coaches = try reader.identifiers(max: RoomLimits.peopleBound)
            case 3: observers = try reader.identifiers(max: RoomLimits.peopleBound)
            default: return false
            }
            return true
        }
        guard let number, let client, let coaches, let observers else { throw reader.missing }
        self.init(number: number, client: client, coaches: coaches, observers: observers)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(4)
        writer.key(0)
        writer.uint(UInt64(number))
        writer.key(1)
        writer.identifier(client)
        writer.key(2)
        writer.identifiers(coaches)
        writer.key(3)
        writer.identifiers(observers)
    }
}

extension [[Pod]] {
    init(_ reader: inout CBORReader) throws(CBORError) {
        self = try reader.list(max: RoomLimits.roundsMax) { (reader) throws(CBORError) in
            try reader.list(max: RoomLimits.peopleBound) { (reader) throws(CBORError) in
                try Pod(&reader)
            }
        }
    }

    func write(to writer: inout CBORWriter) {
        writer.array(count)
        for pods in self {
            writer.array(pods.count)
            for pod in pods { pod.write(to: &writer) }
        }
    }
}

extension Timetable {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var opening: [Int64]?
        var round: [Int64]?
        var closing: [Int64]?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: opening = try reader.milliseconds()
            case 1: round = try reader.milliseconds()
            case 2: closing = try reader.milliseconds()
            default: return false
            }
            return true
        }
        guard let opening, let round, let closing else { throw reader.missing }
        self.init(opening: opening, round: round, closing: closing)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        writer.milliseconds(opening)
        writer.key(1)
        writer.milliseconds(round)
        writer.key(2)
        writer.milliseconds(closing)
    }
}

extension SessionPlan {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var rounds: [[Pod]]?
        var timetable: Timetable?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: rounds = try [[Pod]](&reader)
            case 1: timetable = try Timetable(&reader)
            default: return false
            }
            return true
        }
        guard let rounds, let timetable else { throw reader.missing }
        self.init(rounds: rounds, timetable: timetable)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        rounds.write(to: &writer)
        writer.key(1)
        timetable.write(to: &writer)
    }
}

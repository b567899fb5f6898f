// SPDX-License-Identifier: Apache-2.0
import CBOR
import Testing

/// A message with a part of every kind.
struct Letter: Codable, Hashable {
    enum CodingKeys: Int, CodingKey {
        case id = 0
        case count
        case balance
        case title
        case marks
        case names
        case note
        case inner = 30
        case parts
    }

    struct Inner: Codable, Hashable {
        enum CodingKeys: Int, CodingKey {
            case flag = 1
            case small
        }

        var flag: Bool
        var small: Int8?
    }

    var id: [UInt8]
    var count: UInt64
    var balance: Int64
    var title: String
    var marks: [UInt32]
    var names: [String]
    var note: String?
    var inner: Inner
    var parts: [Inner]

    static func random(_ numbers: inout SeededNumbers) -> Letter {
        func text(_ numbers: inout SeededNumbers) -> String {
            let letters = ["a", "é", "本", "🙂", "\"", "\n", "z"]
            return (0..<Int.random(in: 0...30, using: &numbers))
                .map { _ in letters.randomElement(using: &numbers) ?? "" }.joined()
        }
        func inner(_ numbers: inout SeededNumbers) -> Inner {
            Inner(
                flag: .random(using: &numbers),
                small: .random(using: &numbers) ? nil : .random(in: -128...127, using: &numbers)
            )
        }
        return Letter(
            id: (0..<Int.random(in: 0...300, using: &numbers)).map {
                UInt8(truncatingIfNeeded: $0)
            },
            count: numbers.next() >> UInt64.random(in: 0...63, using: &numbers),
            balance: Int64(bitPattern: numbers.next()) >> Int64.random(in: 0...63, using: &numbers),
            title: text(&numbers),
            marks: (0..<Int.random(in: 0...40, using: &numbers)).map {
                UInt32(truncatingIfNeeded: numbers.next()) >> UInt32($0 % 32)
            },
            names: (0..<Int.random(in: 0...5, using: &numbers)).map { _ in text(&numbers) },
            note: .random(using: &numbers) ? nil : text(&numbers),
            inner: inner(&numbers),
            parts: (0..<Int.random(in: 0...30, using: &numbers)).map { _ in inner(&numbers) }
        )
    }
}

extension Letter.Inner: CBORWritable, CBORReadable {
    func write(to writer: inout CBORWriter) {
        writer.map(small == nil ? 1 : 2)
        writer.key(1)
        writer.bool(flag)
        if let small {
            writer.key(2)
            writer.int(Int64(small))
        }
    }

    init(from reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(1, &reader)
        flag = try reader.bool()
        small = nil
        while let key = try fields.next(&reader) {
            if key == 2 { small = try reader.integer() } else { try reader.skip() }
        }
    }
}

extension Letter: CBORWritable, CBORReadable {
    func write(to writer: inout CBORWriter) {
        writer.map(note == nil ? 8 : 9)
        writer.key(0)
        writer.bytes(id)
        writer.key(1)
        writer.uint(count)
        writer.key(2)
        writer.int(balance)
        writer.key(3)
        writer.text(title)
        writer.key(4)
        writer.array(marks.count)
        for mark in marks { writer.uint(UInt64(mark)) }
        writer.key(5)
        writer.array(names.count)
        for name in names { writer.text(name) }
        if let note {
            writer.key(6)
            writer.text(note)
        }
        writer.key(30)
        inner.write(to: &writer)
        writer.key(31)
        writer.array(parts.count)
        for part in parts { part.write(to: &writer) }
    }

    init(from reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        id = try reader.bytes()
        try fields.expect(1, &reader)
        count = try reader.uint()
        try fields.expect(2, &reader)
        balance = try reader.int()
        try fields.expect(3, &reader)
        title = try reader.text()
        try fields.expect(4, &reader)
        marks = []
        for _ in 0..<(try reader.array()) { marks.append(try reader.integer()) }
        try fields.expect(5, &reader)
        names = []
        for _ in 0..<(try reader.array()) { names.append(try reader.text()) }
        var key = try fields.next(&reader)
        note = nil
        if key == 6 {
            note = try reader.text()
            key = try fields.next(&reader)
        }
        guard key == 30 else { throw CBORError(.missingKey, offset: reader.offset) }
        inner = try Inner(from: &reader)
        try fields.expect(31, &reader)
        parts = []
        for _ in 0..<(try reader.array()) { parts.append(try Inner(from: &reader)) }
        try fields.finish(reader)
    }
}

@Suite struct CodableTests {
    @Test func `random letters survive both ways, which give the same bytes`() throws {
        var numbers = SeededNumbers(seed: 2026)
        for round in 0..<2000 {
            let letter = Letter.random(&numbers)
            let bytes = try CBOREncoder().encode(letter)
            #expect(bytes == letter.cborBytes(), "seed 2026, round \(round)")
            #expect(try CBORDecoder().decode(Letter.self, from: bytes) == letter)
            #expect(
                try CBORDecoder(unknownKeys: .refuse).decode(Letter.self, from: bytes) == letter
            )
            #expect(try Letter.read(bytes) == letter, "seed 2026, round \(round)")
            #expect(try CBORValue(decoding: bytes).encoded() == bytes)
        }
    }

    @Test func `a letter cut at any byte is refused both ways`() throws {
        var numbers = SeededNumbers(seed: 7)
        let bytes = try CBOREncoder().encode(Letter.random(&numbers))
        for count in 0..<bytes.count {
            let cut = Array(bytes[..<count])
            #expect(throws: CBORError.self) { try Letter.read(cut) }
            #expect(throws: CBORError.self) { try CBORDecoder().decode(Letter.self, from: cut) }
        }
    }

    @Test func `an optional that is nil takes no key`() throws {
        let inner = Letter.Inner(flag: true, small: nil)
        #expect(hex(try CBOREncoder().encode(inner)) == "a101f5")
        #expect(try CBORDecoder().decode(Letter.Inner.self, from: hexBytes("a101f5")) == inner)
        #expect(try CBORDecoder().decode(Letter.Inner.self, from: hexBytes("a201f502f6")) == inner)
    }

    /// Has keys of both kinds, declared in the wrong order.
    struct Disordered: Codable, Equatable {
        enum CodingKeys: String, CodingKey {
            case longest
            case mid
            case b
            case a
        }

        var longest: [Int]
        var mid: [String: Int]
        var b: [[UInt8]]
        var a: Int?
    }

    @Test func `keys that come out of order are sorted by their encoded bytes`() throws {
        let value = Disordered(longest: [1, -2], mid: ["z": 1, "aa": 2, "7": 3], b: [[1]], a: 4)
        let bytes = try CBOREncoder().encode(value)
        #expect(
            try CBORValue(decoding: bytes).description
                == #"{"a": 4, "b": [h'01'], "mid": {7: 3, "z": 1, "aa": 2}, "longest": [1, -2]}"#
        )
        #expect(try CBORDecoder(unknownKeys: .refuse).decode(Disordered.self, from: bytes) == value)
    }

    @Test(arguments: [0, 22, 23, 24, 25, 255, 256, 257, 700])
    func `maps and arrays of any size get the shortest head`(_ count: Int) throws {
        let keyed = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0 - 5, $0) })
        let bytes = try CBOREncoder().encode(keyed)
        #expect(try CBORDecoder(unknownKeys: .refuse).decode([Int: Int].self, from: bytes) == keyed)
        let wide = Wide(count: count)
        let wideBytes = try CBOREncoder().encode(wide)
        #expect(try CBORDecoder().decode(Wide.self, from: wideBytes) == wide)
        let flags = [Bool](repeating: true, count: count)
        let flagBytes = try CBOREncoder().encode(flags)
        #expect(try CBORDecoder().decode([Bool].self, from: flagBytes) == flags)
    }

    /// Writes its keys in ascending order, however many there are.
    struct Wide: Codable, Equatable {
        struct Key: CodingKey {
            let number: Int
            var intValue: Int? { number }
            var stringValue: String { "\(number)" }
            init(number: Int) { self.number = number }
            init?(intValue: Int) { number = intValue }
            init?(stringValue: String) { nil }
        }

        var count: Int

        init(count: Int) { self.count = count }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            count = container.allKeys.count
            for number in 0..<count {
                #expect(try container.decode(Int.self, forKey: Key(number: number)) == number)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            for number in 0..<count { try container.encode(number, forKey: Key(number: number)) }
        }
    }

    /// Coded as an array of a tag and its payload.
    enum Command: Codable, Equatable {
        case text(String)
        case join

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            switch (try container.decode(UInt8.self), container.count) {
            case (1, 2): self = .text(try container.decode(String.self))
            case (3, 1): self = .join
            default: throw CBORError(.invalidValue, offset: 0)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            switch self {
            case .text(let text):
                try container.encode(1)
                try container.encode(text)
            case .join: try container.encode(3)
            }
        }
    }

    @Test func `an enum may be an array of a tag and its payload`() throws {
        let commands: [Command] = [.text("hi"), .join]
        let bytes = try CBOREncoder().encode(commands)
        #expect(hex(bytes) == "828201626869" + "8103")
        #expect(try CBORDecoder().decode([Command].self, from: bytes) == commands)
        #expect(throws: CBORError.self) {
            try CBORDecoder().decode(Command.self, from: hexBytes("820301"))
        }
    }

    /// Encodes by the way that Swift makes up: nested maps.
    enum Shape: Codable, Equatable {
        case circle(radius: Int)
        case empty
    }

    @Test func `nested containers are encoded and decoded`() throws {
        let shapes: [Shape] = [.circle(radius: 3), .empty]
        let bytes = try CBOREncoder().encode(shapes)
        #expect(
            try CBORValue(decoding: bytes).description
                == #"[{"circle": {"radius": 3}}, {"empty": {}}]"#
        )
        #expect(try CBORDecoder(unknownKeys: .refuse).decode([Shape].self, from: bytes) == shapes)
    }

    class Base: Codable {
        enum CodingKeys: Int, CodingKey { case one = 1 }
        var one = 1
    }

    final class Derived: Base {
        enum CodingKeys: Int, CodingKey { case two = 2 }
        var two = 2

        override init() { super.init() }

        required init(from decoder: any Decoder) throws {
            two = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .two)
            try super.init(from: decoder)
        }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(two, forKey: .two)
            try super.encode(to: encoder)
        }
    }

    @Test func `a map may be asked for more than once, also in strict mode`() throws {
        let bytes = try CBOREncoder().encode(Derived())
        #expect(hex(bytes) == "a201010202")
        let decoder = CBORDecoder(unknownKeys: .refuse)
        #expect(try decoder.decode(Derived.self, from: bytes).two == 2)
        #expect(throws: CBORError(.unknownKey, offset: 3)) {
            try decoder.decode(Base.self, from: bytes)
        }
    }

    @Test func `strict mode refuses an unknown key at any depth, and skipping does not`() throws {
        let outer = hexBytes("a401f50200030004f6")
        #expect(try CBORDecoder().decode(Letter.Inner.self, from: outer).small == 0)
        #expect(throws: CBORError(.unknownKey, offset: 5)) {
            try CBORDecoder(unknownKeys: .refuse).decode(Letter.Inner.self, from: outer)
        }
        #expect(throws: CBORError(.unknownKey, offset: 4)) {
            try CBORDecoder(unknownKeys: .refuse).decode(
                [Letter.Inner].self,
                from: hexBytes("81a201f50300")
            )
        }
        let raw = try CBORDecoder(unknownKeys: .refuse).decode(RawCBOR.self, from: outer)
        #expect(raw.bytes == outer)
    }

    @Test func `an encoded item is embedded as itself`() throws {
        struct Signed: Codable, Equatable {
            enum CodingKeys: Int, CodingKey {
                case body = 0
                case signature
            }
            var body: RawCBOR
            var signature: [UInt8]
        }
        let value = Signed(body: RawCBOR(hexBytes("83010203")), signature: [9])
        let bytes = try CBOREncoder().encode(value)
        #expect(hex(bytes) == "a20083010203014109")
        #expect(try CBORDecoder().decode(Signed.self, from: bytes) == value)
        let broken = Signed(body: RawCBOR(hexBytes("1800")), signature: [])
        #expect(throws: CBORError(.nonMinimalHead, offset: 2)) { try CBOREncoder().encode(broken) }
    }

    @Test func `numbers are held against the range of their type`() throws {
        let decoder = CBORDecoder()
        #expect(try decoder.decode(UInt8.self, from: hexBytes("18ff")) == 255)
        #expect(throws: CBORError(.valueOutOfRange, offset: 0)) {
            try decoder.decode(UInt8.self, from: hexBytes("190100"))
        }
        #expect(throws: CBORError(.valueOutOfRange, offset: 1)) {
            try decoder.decode([UInt64].self, from: hexBytes("8120"))
        }
        #expect(try decoder.decode(Int64.self, from: hexBytes("3b7fffffffffffffff")) == .min)
        #expect(throws: CBORError(.valueOutOfRange, offset: 0)) {
            try decoder.decode(Int64.self, from: hexBytes("3b8000000000000000"))
        }
        #expect(try decoder.decode(UInt64.self, from: hexBytes("1bffffffffffffffff")) == .max)
        #expect(throws: CBORError(.typeMismatch, offset: 0)) {
            try decoder.decode(String.self, from: hexBytes("01"))
        }
        #expect(throws: CBORError(.missingKey, offset: 1)) {
            try decoder.decode(Letter.Inner.self, from: hexBytes("a10200"))
        }
    }

    @Test func `floats and values that nest too deep are not encoded`() throws {
        #expect(throws: CBORError(.floatingPoint, offset: 1)) { try CBOREncoder().encode([1.5]) }
        final class Chain: Encodable {
            let next: [Chain]
            init(_ next: [Chain]) { self.next = next }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                for link in next { try container.encode(link) }
            }
        }
        var chain = Chain([])
        for _ in 0..<15 { chain = Chain([chain]) }
        #expect(try CBOREncoder().encode(chain).count == 16)
        #expect(throws: CBORError.self) { try CBOREncoder().encode(Chain([chain])) }
    }

    @Test func `what a failed attempt has written is taken back`() throws {
        struct Careful: Encodable {
            struct Half: Encodable {
                func encode(to encoder: any Encoder) throws {
                    var container = encoder.unkeyedContainer()
                    try container.encode(1)
                    throw CBORError(.invalidValue, offset: 0)
                }
            }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                try? container.encode(Half())
                try container.encode(2)
            }
        }
        #expect(hex(try CBOREncoder().encode(Careful())) == "8102")
    }

    @Test func `a decoder that a type has kept is safe to use afterwards`() throws {
        struct Keeper: Decodable {
            let decoder: any Decoder
            init(from decoder: any Decoder) throws { self.decoder = decoder }
        }
        let keeper = try CBORDecoder().decode(Keeper.self, from: hexBytes("a101f5"))
        #expect(try Letter.Inner(from: keeper.decoder).flag)
    }
}

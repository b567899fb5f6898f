// SPDX-License-Identifier: Apache-2.0
import CBOR
import Testing

extension CBORValue {
    /// Draws a tree that nests at most `depth` deep.
    static func random(depth: Int, _ numbers: inout SeededNumbers) -> CBORValue {
        let kind = Int.random(in: 0...(depth > 0 ? 8 : 5), using: &numbers)
        let word = numbers.next() >> UInt64.random(in: 0...63, using: &numbers)
        let count = Int.random(in: 0...6, using: &numbers)
        switch kind {
        case 0: return .unsigned(word)
        case 1: return .negative(word)
        case 2: return .bytes((0..<(count * 9)).map { UInt8(truncatingIfNeeded: $0) })
        case 3: return .text(String(repeating: "ä本x", count: count * 3))
        case 4: return .bool(word & 1 == 0)
        case 5: return .null
        case 6, 7: return .array((0..<count).map { _ in random(depth: depth - 1, &numbers) })
        default:
            var keys: Set<CBORValue> = []
            for index in 0..<count {
                keys.insert(index & 1 == 0 ? .unsigned(word &+ UInt64(index)) : .text("\(index)"))
            }
            return .map(keys.map { .init($0, random(depth: depth - 1, &numbers)) })
        }
    }
}

@Suite struct HostileInputTests {
    @Test func `random trees survive a round trip`() throws {
        var numbers = SeededNumbers(seed: 99)
        for round in 0..<3000 {
            let bytes = try CBORValue.random(depth: 5, &numbers).encoded()
            let value = try CBORValue(decoding: bytes)
            #expect(try value.encoded() == bytes, "seed 99, round \(round)")
            #expect(throws: Never.self) { try CBORWellFormedness.check(bytes) }
        }
    }

    @Test func `a hundred thousand mutations neither crash nor slip through unsorted`() throws {
        var numbers = SeededNumbers(seed: 31)
        var accepted = 0
        let letters = try (0..<50).map { _ in
            try CBOREncoder().encode(Letter.random(&numbers))
        }
        for round in 0..<100_000 {
            var bytes: [UInt8]
            if round & 1 == 0 {
                bytes = letters[round / 2 % letters.count]
            } else {
                bytes = try CBORValue.random(depth: 3, &numbers).encoded()
            }
            for _ in 0...Int.random(in: 0...2, using: &numbers) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &numbers)
                switch numbers.next() % 4 {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &numbers)
                case 1: bytes[index] = UInt8(truncatingIfNeeded: numbers.next())
                case 2: bytes.remove(at: index)
                default: bytes.insert(UInt8(truncatingIfNeeded: numbers.next()), at: index)
                }
            }
            if let value = try? CBORValue(decoding: bytes) {
                accepted += 1
                let again = try value.encoded()
                if again != bytes { Issue.record("seed 31, round \(round): \(hex(bytes))") }
                if (try? CBORWellFormedness.check(bytes)) == nil {
                    Issue.record("seed 31, round \(round): not well-formed: \(hex(bytes))")
                }
            }
            let direct = try? Letter.read(bytes)
            let coded = try? CBORDecoder(unknownKeys: .refuse).decode(Letter.self, from: bytes)
            if let direct, let coded, direct != coded {
                Issue.record("seed 31, round \(round): the two ways differ: \(hex(bytes))")
            }
        }
        #expect(accepted > 1000)
    }

    @Test func `nesting is allowed up to the limit and not beyond`() {
        for depth in 1...16 {
            let limits = CBORLimits(depth: depth)
            let fits = [UInt8](repeating: 0x81, count: depth - 1) + [0x80]
            #expect(throws: Never.self) { try CBORReader.validate(fits, limits: limits) }
            #expect(throws: CBORError(.depthExceeded, offset: depth)) {
                try CBORReader.validate([0x81] + fits, limits: limits)
            }
        }
        let bomb = [UInt8](repeating: 0x81, count: 1_000_000)
        #expect(throws: CBORError(.depthExceeded, offset: 16)) { try CBORReader.validate(bomb) }
    }

    @Test func `items are counted, keys and values too`() {
        let limits = CBORLimits(items: 5)
        #expect(throws: Never.self) {
            try CBORReader.validate(hexBytes("a201000200"), limits: limits)
        }
        #expect(throws: CBORError(.itemCountExceeded, offset: 0)) {
            try CBORReader.validate(hexBytes("8500000000" + "00"), limits: limits)
        }
        #expect(throws: CBORError(.itemCountExceeded, offset: 1)) {
            try CBORReader.validate(hexBytes("81840000" + "0000"), limits: limits)
        }
        let many = CBORWriter.array(of: 4096)
        #expect(throws: CBORError.self) { try CBORReader.validate(many) }
        #expect(throws: CBORError.self) {
            try CBOREncoder().encode([Bool](repeating: true, count: 4096))
        }
        #expect(throws: Never.self) { try CBORReader.validate(CBORWriter.array(of: 4095)) }
    }

    @Test func `an announced length takes no memory before its bytes are there`() {
        for head in ["5b", "7b", "9b", "bb"] {
            let bytes = hexBytes(head + "7fffffffffffffff" + "0000")
            let error = CBORError(.endOfInput, offset: 0)
            #expect(throws: error) { try CBORValue(decoding: bytes) }
            #expect(throws: error) { try CBORDecoder().decode([UInt8].self, from: bytes) }
            #expect(throws: error) {
                try CBORReader.reading(bytes) { (reader) throws(CBORError) in
                    switch head {
                    case "5b": _ = try reader.bytes()
                    case "7b": _ = try reader.text()
                    case "9b": _ = try reader.array()
                    default: _ = try reader.map()
                    }
                }
            }
        }
    }

    @Test func `more bytes than allowed are refused before they are read`() {
        #expect(throws: CBORError(.lengthExceeded, offset: 3)) {
            try CBORReader.validate(hexBytes("83000000"), limits: CBORLimits(bytes: 3))
        }
    }
}

extension CBORWriter {
    /// Encodes an array of zeros.
    static func array(of count: Int) -> [UInt8] {
        var writer = CBORWriter()
        writer.array(count)
        for _ in 0..<count { writer.uint(0) }
        return writer.finish()
    }
}

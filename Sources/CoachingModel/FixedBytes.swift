// SPDX-License-Identifier: Apache-2.0

/// Sixteen bytes held as two words, so that identifiers compare, hash and copy without memory.
///
/// - Shape: `high` holds the first eight bytes, `low` the last eight, both big-endian.
public struct Bytes16: Hashable, Sendable {
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight bytes, big-endian.
    public let low: UInt64

    /// Makes the value from its two big-endian words.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes the value from exactly 16 bytes, or gives `nil` for any other count.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            if index < 8 {
                words.0 = words.0 << 8 | UInt64(byte)
            } else {
                words.1 = words.1 << 8 | UInt64(byte)
            }
        }
        (high, low) = words
    }

    /// Sixteen zero bytes.
    public static let zero = Bytes16(high: 0, low: 0)

    /// The sixteen bytes in order.
    public var bytes: [UInt8] { bigEndian(high) + bigEndian(low) }
}

/// Thirty-two bytes held as four words: hashes and nonces.
///
/// - Shape: the words are big-endian, the first word holds the first eight bytes.
public struct Bytes32: Hashable, Sendable {
    /// The four words, first bytes first.
    public let words: (UInt64, UInt64, UInt64, UInt64)

    /// Makes the value from its four big-endian words.
    @inlinable
    public init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        words = (first, second, third, fourth)
    }

    /// Makes the value from exactly 32 bytes, or gives `nil` for any other count.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var all: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index >> 3 {
            case 0: all.0 = all.0 << 8 | UInt64(byte)
            case 1: all.1 = all.1 << 8 | UInt64(byte)
            case 2: all.2 = all.2 << 8 | UInt64(byte)
            default: all.3 = all.3 << 8 | UInt64(byte)
            }
        }
        words = all
    }

    /// Thirty-two zero bytes.
    public static let zero = Bytes32(0, 0, 0, 0)

    /// The thirty-two bytes in order.
    public var bytes: [UInt8] {
        bigEndian(words.0) + bigEndian(words.1) + bigEndian(words.2) + bigEndian(words.3)
    }

    /// The first sixteen bytes, as identifiers are cut from hashes.
    @inlinable
    public var first16: Bytes16 { Bytes16(high: words.0, low: words.1) }

    /// Compares all words, so that equality costs the same for every value.
    @inlinable
    public static func == (left: Bytes32, right: Bytes32) -> Bool {
        let difference =
            (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1)
            | (left.words.2 ^ right.words.2) | (left.words.3 ^ right.words.3)
        return difference == 0
    }

    /// Feeds the four words into the hasher.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

func bigEndian(_ word: UInt64) -> [UInt8] {
    withUnsafeBytes(of: word.bigEndian) { [UInt8]($0) }
}

extension Bytes16: Comparable {
    /// Orders by the bytes, first byte first.
    @inlinable
    public static func < (left: Bytes16, right: Bytes16) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension Bytes32: Comparable {
    /// Orders by the bytes, first byte first.
    public static func < (left: Bytes32, right: Bytes32) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension Bytes16: Codable {
    /// Reads a byte string of 16 bytes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Bytes16(try container.decode([UInt8].self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected 16 bytes"
            )
        }
        self = value
    }

    /// Writes a byte string of 16 bytes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }
}

extension Bytes32: Codable {
    /// Reads a byte string of 32 bytes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Bytes32(try container.decode([UInt8].self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected 32 bytes"
            )
        }
        self = value
    }

    /// Writes a byte string of 32 bytes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }
}

extension Bytes16: CustomStringConvertible {
    /// The bytes in lower-case hexadecimal.
    public var description: String { hexadecimal(bytes) }
}

extension Bytes32: CustomStringConvertible {
    /// The bytes in lower-case hexadecimal.
    public var description: String { hexadecimal(bytes) }
}

/// Writes bytes as lower-case hexadecimal digits.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits: [Character] = Array("0123456789abcdef")
    var text = ""
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return text
}

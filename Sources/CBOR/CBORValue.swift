// SPDX-License-Identifier: Apache-2.0

/// Holds any item of the profile, for diagnosis, tests and tools.
public indirect enum CBORValue: Hashable, Sendable {
    /// Holds one key of a map with its value.
    public struct Pair: Hashable, Sendable {
        /// The key, an integer or a text.
        public let key: CBORValue
        /// The value.
        public let value: CBORValue

        /// Makes a pair.
        public init(_ key: CBORValue, _ value: CBORValue) {
            self.key = key
            self.value = value
        }
    }

    /// An integer from 0.
    case unsigned(UInt64)
    /// The negative integer -1 - n.
    case negative(UInt64)
    /// A byte string.
    case bytes([UInt8])
    /// A text.
    case text(String)
    /// An array.
    case array([CBORValue])
    /// A map; encoding sorts it.
    case map([Pair])
    /// False or true.
    case bool(Bool)
    /// Null.
    case null

    /// Makes an integer of either sign.
    public static func integer(_ value: Int64) -> CBORValue {
        value < 0
            ? .negative(UInt64(bitPattern: ~value)) : .unsigned(UInt64(bitPattern: value))
    }

    /// Decodes bytes that hold one item and nothing after it.
    public init(
        decoding bytes: [UInt8],
        limits: CBORLimits = .default
    ) throws(CBORError) {
        self = try Self.read(bytes, limits: limits)
    }

    /// Encodes the value under the profile, with the keys of maps sorted.
    ///
    /// - Throws: what a decoder with these limits would refuse, such as a key given twice.
    public func encoded(limits: CBORLimits = .default) throws(CBORError) -> [UInt8] {
        var writer = CBORWriter(capacity: 256)
        try write(to: &writer, depth: limits.depth)
        let bytes = writer.finish()
        try CBORReader.validate(bytes, limits: limits)
        return bytes
    }

    private func write(to writer: inout CBORWriter, depth: Int) throws(CBORError) {
        guard depth >= 0 else { throw CBORError(.depthExceeded, offset: writer.count) }
        switch self {
        case .unsigned(let value): writer.uint(value)
        case .negative(let value): writer.head(1, value)
        case .bytes(let value): writer.bytes(value)
        case .text(let value): writer.text(value)
        case .bool(let value): writer.bool(value)
        case .null: writer.null()
        case .array(let elements):
            writer.array(elements.count)
            for element in elements { try element.write(to: &writer, depth: depth - 1) }
        case .map(let pairs):
            writer.map(pairs.count)
            var encoded: [(key: [UInt8], value: CBORValue)] = []
            for pair in pairs {
                var key = CBORWriter(capacity: 16)
                try pair.key.write(to: &key, depth: 0)
                encoded.append((key.finish(), pair.value))
            }
            encoded.sort { $0.key.lexicographicallyPrecedes($1.key) }
            for (key, value) in encoded {
                writer.raw(key)
                try value.write(to: &writer, depth: depth - 1)
            }
        }
    }
}

extension CBORValue: CBORReadable {
    /// Reads the next item, of whatever type.
    public init(from reader: inout CBORReader) throws(CBORError) {
        let start = reader.position
        try reader.skip()
        let end = reader.position
        let bytes = UnsafeRawBufferPointer(start: reader.base + start, count: end - start)
        // The item has been checked just now, so the second reading meets no limit.
        var checked = try CBORReader(
            unsafeBytes: bytes,
            limits: CBORLimits(items: .max, bytes: .max)
        )
        self = try Self.build(&checked)
    }

    /// Builds the tree of a checked item; it nests no deeper than the check allowed.
    private static func build(_ reader: inout CBORReader) throws(CBORError) -> CBORValue {
        switch reader.peekMajor {
        case 0: return .unsigned(try reader.uint())
        case 1: return .negative(try reader.argument(of: 1))
        case 2: return .bytes(try reader.bytes())
        case 3: return .text(try reader.text())
        case 4:
            var elements: [CBORValue] = []
            for _ in 0..<(try reader.array()) { elements.append(try build(&reader)) }
            return .array(elements)
        case 5:
            var pairs: [Pair] = []
            for _ in 0..<(try reader.map()) {
                let key = try build(&reader)
                pairs.append(Pair(key, try build(&reader)))
            }
            return .map(pairs)
        default:
            if reader.isNull {
                try reader.null()
                return .null
            }
            return .bool(try reader.bool())
        }
    }
}

extension CBORValue: CustomStringConvertible {
    /// The value in diagnostic notation (RFC 8949 section 8).
    public var description: String {
        switch self {
        case .unsigned(let value): "\(value)"
        case .negative(let value): value == .max ? "-18446744073709551616" : "-\(value + 1)"
        case .bytes(let value): "h'" + value.map(Self.hexadecimal).joined() + "'"
        case .text(let value): Self.quoted(value)
        case .array(let elements): "[" + elements.map(\.description).joined(separator: ", ") + "]"
        case .map(let pairs):
            "{" + pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result.unicodeScalars.append("\\")
                result.unicodeScalars.append(scalar)
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\0"..<" ", "\u{7f}":
                result += "\\u00" + hexadecimal(UInt8(truncatingIfNeeded: scalar.value))
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

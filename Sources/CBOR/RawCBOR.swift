// SPDX-License-Identifier: Apache-2.0

/// Embeds an item that is already encoded, as itself and not as a byte string.
///
/// Decoding keeps the very bytes that arrived, as a signature over them needs.
///
/// - Limits: bytes given to ``init(_:)`` by one's own program are trusted; those decoded and
///   those given to ``init(validating:limits:)`` are checked.
public struct RawCBOR: Hashable, Sendable {
    /// The encoded item.
    public let bytes: [UInt8]

    /// Wraps an item that this program has encoded itself.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Wraps an item after a check that it is one, under the profile.
    public init(validating bytes: [UInt8], limits: CBORLimits = .default) throws(CBORError) {
        try CBORReader.validate(bytes, limits: limits)
        self.bytes = bytes
    }
}

extension RawCBOR: Codable {
    /// Captures the item; other decoders than ``CBORDecoder`` give a byte string.
    public init(from decoder: any Decoder) throws {
        if let core = decoder as? DecoderCore {
            bytes = core.copyItem()
        } else {
            bytes = try decoder.singleValueContainer().decode([UInt8].self)
        }
    }

    /// Writes the item; other encoders than ``CBOREncoder`` get a byte string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let sink = container as? any RawSink {
            try sink.encodeRaw(bytes)
        } else {
            try container.encode(bytes)
        }
    }
}

extension RawCBOR: CBORWritable, CBORReadable {
    /// Writes the item.
    public func write(to writer: inout CBORWriter) { writer.raw(bytes) }

    /// Captures the next item.
    public init(from reader: inout CBORReader) throws(CBORError) { bytes = try reader.rawBytes() }
}

/// Takes an encoded item in place of a value.
protocol RawSink {
    func encodeRaw(_ item: [UInt8]) throws
}

// SPDX-License-Identifier: Apache-2.0
public import CBOR

/// A frame: four bytes of length, big-endian, and so many bytes of body: one CBOR item.
///
/// - Source: Protocol/spec.md, Frame.
public enum Frame {
    /// The bytes of the length.
    public static let headBytes = 4
    /// The longest body before a device is known.
    public static let bodyBytesMaxBeforeHello = 8_192
    /// How many bytes a push adds to the item that it carries, at most.
    ///
    /// An item longer than a frame less this many bytes could be posted but not handed on.
    public static let pushBytesMax = 64
    /// The longest sentence in a frame, in bytes; longer ones are cut when they are written.
    public static let sentenceBytesMax = 1_000
    /// The longest reference, in bytes.
    public static let referenceBytesMax = 100

    /// What a client's frame may cost the server that reads it.
    ///
    /// More items than ``CBORLimits/wire`` has: 500 people, added at once, come to 4,506.
    public static let requestLimits = CBORLimits(items: 8_192, profile: .wire)
    /// What a server's frame may cost the client that reads it: its lists fill a frame.
    public static let answerLimits = CBORLimits(items: 32_768, profile: .wire)
    /// For parts of a frame whose cost has been held against the limits already.
    static let partLimits = CBORLimits(items: .max, bytes: .max, profile: .wire)

    /// Writes a whole frame around a body that `write` puts down.
    static func make(
        capacity: Int = 256,
        _ write: (inout CBORWriter) throws(CBORError) -> Void
    ) throws(CBORError) -> [UInt8] {
        var writer = CBORWriter(capacity: capacity)
        let length = writer.reserve4()
        try write(&writer)
        writer.patch4(at: length, UInt32(clamping: writer.count - headBytes))
        return writer.finish()
    }
}

/// Writes a Codable payload as the next item.
func put(_ payload: some Encodable, _ writer: inout CBORWriter) throws(CBORError) {
    writer.raw(try CBOREncoder(limits: Frame.answerLimits).encode(payload))
}

/// Reads the next item as a Codable payload; keys that are not known are skipped (D22).
func take<T: Decodable>(_ type: T.Type, _ reader: inout CBORReader) throws(CBORError) -> T {
    let start = reader.offset
    let item = try reader.rawBytes()
    do {
        return try CBORDecoder(limits: Frame.partLimits).decode(type, from: item)
    } catch {
        throw CBORError(error.reason, offset: start + error.offset)
    }
}

/// Passes over elements that a newer version has added to an array.
func skip(_ count: Int, _ reader: inout CBORReader) throws(CBORError) {
    guard count > 0 else { return }
    for _ in 0..<count { try reader.skip() }
}

extension CBORWriter {
    /// Writes a text, cut after a whole character where it is longer than every reader takes.
    mutating func text(_ value: String, bytesMax: Int) {
        var value = value
        while value.utf8.count > bytesMax { value.removeLast() }
        text(value)
    }
}

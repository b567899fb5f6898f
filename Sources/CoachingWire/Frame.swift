// SPDX-License-Identifier: Apache-2.0
import CBOR

/// A frame: four bytes of length, big-endian, and so many bytes of body: one CBOR item.
///
/// - Source: Protocol/spec.md, Frame.
public enum Frame {
    /// The bytes of the length.
    public static let headBytes = 4
    /// The longest body before a device is known.
    public static let bodyBytesMaxBeforeHello = 8_192

    /// Writes a whole frame around a body that `write` puts down.
    static func make(
        capacity: Int = 256, _ write: (inout CBORWriter) throws(CBORError) -> Void
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
    writer.raw(try CBOREncoder().encode(payload))
}

/// Reads the next item as a Codable payload; keys that are not known are skipped (D22).
func take<T: Decodable>(_ type: T.Type, _ reader: inout CBORReader) throws(CBORError) -> T {
    let start = reader.offset
    let item = try reader.rawBytes()
    do {
        return try CBORDecoder().decode(type, from: item)
    } catch {
        throw CBORError(error.reason, offset: start + error.offset)
    }
}

/// Passes over elements that a newer version has added to an array.
func skip(_ count: Int, _ reader: inout CBORReader) throws(CBORError) {
    guard count > 0 else { return }
    for _ in 0..<count { try reader.skip() }
}

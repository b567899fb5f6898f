// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingModel

/// When and as which entry something was said first that a restored server had lost.
///
/// It stands inside the sealed part. By the first entry's name readers know the same line when it
/// comes twice.
///
/// - Shape: `{0: at ms, 1: kid, 2: ctr}`; unknown keys are skipped.
/// - Source: DESIGN.md D20.
public struct SaidBefore: Hashable, Sendable {
    /// When it was said, by its author's clock.
    public var at: Timestamp
    /// The sender key of the first entry.
    public var key: KeyID
    /// The first entry's counter under that key.
    public var counter: UInt64

    /// Makes a mark.
    public init(at: Timestamp, key: KeyID, counter: UInt64) {
        (self.at, self.key, self.counter) = (at, key, counter)
    }
}

extension SaidBefore: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        writer.int(at.milliseconds)
        writer.key(1)
        writer.fixed16(key.value.high, key.value.low)
        writer.key(2)
        writer.uint(counter)
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        at = Timestamp(milliseconds: try reader.int())
        try fields.expect(1, &reader)
        let words = try reader.fixed16()
        key = KeyID(Bytes16(high: words.0, low: words.1))
        try fields.expect(2, &reader)
        counter = try reader.uint()
        while try fields.next(&reader) != nil { try reader.skip() }
    }
}

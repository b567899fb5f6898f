// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingModel

/// When and where something of one's own was put down first that was taken over from an archive.
///
/// It stands inside the sealed part and counts for its author alone, in `own`.
///
/// - Shape: `{0: at ms, 1: where 16, 2: number}`; unknown keys are skipped.
public struct CarriedOver: Hashable, Sendable {
    /// When it was put down.
    public var at: Timestamp
    /// Where: the identifier of its first transcript.
    public var place: Bytes16
    /// Its number there.
    public var number: UInt64

    /// Makes a mark.
    public init(at: Timestamp, place: Bytes16, number: UInt64) {
        (self.at, self.place, self.number) = (at, place, number)
    }
}

extension CarriedOver: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        writer.int(at.milliseconds)
        writer.key(1)
        writer.fixed16(place.high, place.low)
        writer.key(2)
        writer.uint(number)
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        at = Timestamp(milliseconds: try reader.int())
        try fields.expect(1, &reader)
        place = try reader.sixteenBytes()
        try fields.expect(2, &reader)
        number = try reader.uint()
        while try fields.next(&reader) != nil { try reader.skip() }
    }
}

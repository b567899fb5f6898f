// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingModel

/// Something of one's own in an archive, as it is taken over elsewhere.
///
/// - Shape: `{0: at ms, 1: where 16, 2: number, 3: body}`; a file is a CBOR sequence (RFC 8742) of
///   these.
/// - Limits: ``itemsMax`` items a file, ``bodyBytesMax`` bytes a body.
public struct ArchiveItem: Hashable, Sendable {
    /// The most in one file.
    public static let itemsMax = 100_000
    /// The longest body, in bytes.
    public static let bodyBytesMax = 65_536
    /// The longest file, in bytes.
    public static let fileBytesMax = 64 * 1_024 * 1_024

    /// When it was put down.
    public var at: Timestamp
    /// Where it was put down, an identifier that no other place has.
    public var place: Bytes16
    /// Its number there.
    public var number: UInt64
    /// What stands inside, encoded.
    public var body: [UInt8]

    /// Makes it.
    public init(at: Timestamp, place: Bytes16, number: UInt64, body: [UInt8]) {
        (self.at, self.place, self.number, self.body) = (at, place, number, body)
    }

    /// Writes a file.
    public static func encoded(_ items: some Sequence<ArchiveItem>) -> [UInt8] {
        var writer = CBORWriter()
        for item in items { item.write(to: &writer) }
        return writer.finish()
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: what stands in it.
    ///   - path: the file, for the error.
    /// - Returns: what is in it, in its order.
    /// - Throws: ``ArchiveError`` with `item` or `tooMuch`.
    public static func decoded(
        _ bytes: [UInt8],
        path: String
    ) throws(ArchiveError) -> [ArchiveItem] {
        guard bytes.count <= fileBytesMax else { throw ArchiveError(.tooMuch, path) }
        let limits = CBORLimits(items: itemsMax * 12, bytes: fileBytesMax)
        do {
            return try CBORReader.reading(bytes, limits: limits) { (reader) throws(CBORError) in
                var items: [ArchiveItem] = []
                while !reader.isAtEnd {
                    guard items.count < itemsMax else {
                        throw CBORError(.lengthExceeded, offset: reader.offset)
                    }
                    items.append(try ArchiveItem(from: &reader))
                }
                return items
            }
        } catch {
            throw ArchiveError(.item, path)
        }
    }
}

extension ArchiveItem: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        writer.map(4)
        writer.key(0)
        writer.int(at.milliseconds)
        writer.key(1)
        writer.fixed16(place.high, place.low)
        writer.key(2)
        writer.uint(number)
        writer.key(3)
        writer.bytes(body)
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        at = Timestamp(milliseconds: try reader.int())
        try fields.expect(1, &reader)
        let words = try reader.fixed16()
        place = Bytes16(high: words.0, low: words.1)
        try fields.expect(2, &reader)
        number = try reader.uint()
        try fields.expect(3, &reader)
        body = try reader.bytes(max: Self.bodyBytesMax)
        while try fields.next(&reader) != nil { try reader.skip() }
    }
}

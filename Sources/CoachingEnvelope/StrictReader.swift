// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel

/// Reads headers and signed objects, in which nothing unknown is taken.
///
/// Errors carry offsets into the whole array, also where only a part of it is read.
///
/// - Source: SEALING.md 3.3, DESIGN.md D22.
struct StrictReader: ~Copyable {
    private var reader: CBORReader
    private let start: Int

    private init(_ bytes: UnsafeRawBufferPointer, start: Int) throws(EnvelopeError) {
        self.start = start
        do {
            reader = try CBORReader(unsafeBytes: bytes, limits: Self.limits)
        } catch {
            throw .malformed(offset: start + error.offset)
        }
    }

    private static let limits = CBORLimits(items: 4096, bytes: 1 << 18, profile: .wire)

    /// Lends a reader over a part of the bytes and asks that all of it is read.
    static func reading<R>(
        _ bytes: [UInt8],
        in range: Range<Int>,
        _ body: (inout StrictReader) throws(EnvelopeError) -> R
    ) throws(EnvelopeError) -> R {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
            throw .malformed(offset: bytes.count)
        }
        return try bytes.withUnsafeBufferPointer { (all) throws(EnvelopeError) -> R in
            let part = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[range]))
            var reader = try StrictReader(part, start: range.lowerBound)
            let value = try body(&reader)
            guard reader.reader.isAtEnd else { throw .malformed(offset: reader.offset) }
            return value
        }
    }

    /// Lends a reader over all of a signed object.
    static func object<R>(
        _ bytes: [UInt8],
        _ body: (inout StrictReader) throws(EnvelopeError) -> R
    ) throws(EnvelopeError) -> R {
        guard bytes.count <= EnvelopeLimits.bodyBytesMax else { throw .overLimit(.body) }
        return try reading(bytes, in: bytes.indices, body)
    }

    /// Checks that a body begins as an object of version 1 does; what follows is read elsewhere.
    ///
    /// - Throws: ``EnvelopeError/newerVersion``, whatever follows the version.
    static func checkVersion(_ body: [UInt8]) throws(EnvelopeError) {
        guard body.count <= EnvelopeLimits.bodyBytesMax else { throw .overLimit(.body) }
        try body.withUnsafeBufferPointer { (bytes) throws(EnvelopeError) in
            var reader = try StrictReader(UnsafeRawBufferPointer(bytes), start: 0)
            _ = try reader.versionedFields()
        }
    }

    /// Where the next item starts, counted in the whole array.
    var offset: Int { start + reader.offset }

    /// The major type of the next item.
    var peekMajor: UInt8? { reader.peekMajor }

    private mutating func read<T>(
        _ body: (inout CBORReader) throws(CBORError) -> T
    ) throws(EnvelopeError) -> T {
        do {
            return try body(&reader)
        } catch {
            throw .malformed(offset: start + error.offset)
        }
    }

    // MARK: Maps

    /// Reads the head of a map and its version, which must be 1.
    mutating func versionedFields() throws(EnvelopeError) -> CBORFields {
        var fields = try fields()
        try expect(0, &fields)
        let place = offset
        let version = try uint()
        guard version <= 1 else { throw .newerVersion }
        guard version == 1 else { throw .malformed(offset: place) }
        return fields
    }

    /// Reads the head of a map.
    mutating func fields() throws(EnvelopeError) -> CBORFields {
        do {
            return try reader.fields()
        } catch {
            throw .malformed(offset: start + error.offset)
        }
    }

    /// Reads the next key, which must be this one.
    mutating func expect(_ key: Int64, _ fields: inout CBORFields) throws(EnvelopeError) {
        do {
            try fields.expect(key, &reader)
        } catch {
            throw .malformed(offset: start + error.offset)
        }
    }

    /// Reads the next key, or gives `nil` after the last value.
    mutating func next(_ fields: inout CBORFields) throws(EnvelopeError) -> Int64? {
        do {
            return try fields.next(&reader)
        } catch {
            throw .malformed(offset: start + error.offset)
        }
    }

    /// Refuses keys that are left.
    mutating func finish(_ fields: CBORFields) throws(EnvelopeError) {
        guard fields.left == 0 else { throw .malformed(offset: offset) }
    }

    // MARK: Items

    mutating func uint() throws(EnvelopeError) -> UInt64 {
        try read { (reader) throws(CBORError) in try reader.uint() }
    }

    mutating func uint8() throws(EnvelopeError) -> UInt8 {
        try read { (reader) throws(CBORError) in try reader.integer(UInt8.self) }
    }

    mutating func uint32() throws(EnvelopeError) -> UInt32 {
        try read { (reader) throws(CBORError) in try reader.integer(UInt32.self) }
    }

    mutating func timestamp() throws(EnvelopeError) -> Timestamp {
        let place = offset
        guard let milliseconds = Int64(exactly: try uint()) else {
            throw .malformed(offset: place)
        }
        return Timestamp(milliseconds: milliseconds)
    }

    mutating func bytes16() throws(EnvelopeError) -> Bytes16 {
        let words = try read { (reader) throws(CBORError) in try reader.fixed16() }
        return Bytes16(high: words.0, low: words.1)
    }

    mutating func bytes32() throws(EnvelopeError) -> Bytes32 {
        let words = try read { (reader) throws(CBORError) in try reader.fixed32() }
        return Bytes32(words.0, words.1, words.2, words.3)
    }

    mutating func bytes(max: Int) throws(EnvelopeError) -> [UInt8] {
        try read { (reader) throws(CBORError) in try reader.bytes(max: max) }
    }

    mutating func text(maxBytes: Int) throws(EnvelopeError) -> String {
        try read { (reader) throws(CBORError) in try reader.text(maxBytes: maxBytes) }
    }

    /// Reads a byte string and gives where its content stands in the whole array.
    mutating func byteRange() throws(EnvelopeError) -> Range<Int> {
        let range = try read { (reader) throws(CBORError) in try reader.byteRange() }
        return range.lowerBound + start..<range.upperBound + start
    }

    /// Reads a public key in the one form that is taken.
    mutating func publicKey() throws(EnvelopeError) -> [UInt8] {
        let key = try bytes(max: PublicKeyForm.length)
        guard PublicKeyForm.holds(key) else { throw .wrongKey }
        return key
    }

    /// Reads the head of an array.
    mutating func array() throws(EnvelopeError) -> Int {
        try read { (reader) throws(CBORError) in try reader.array() }
    }

    /// Reads the head of an array that must have so many elements.
    mutating func array(count: Int) throws(EnvelopeError) {
        try read { (reader) throws(CBORError) in try reader.array(count: count) }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// Where the parts of an item stand in the bytes that were received.
///
/// - Shape: `[header bstr, payload, signature bstr]`; the payload is a byte string in an entry
///   (the range has its content) and an array of wraps in a key event (the range has its encoding).
public struct ItemParts: Hashable, Sendable {
    /// The bytes as received; the ranges point into them.
    public let bytes: [UInt8]
    /// The content of the header's byte string.
    public let header: Range<Int>
    /// What was sealed, or the encoded list of wraps.
    public let payload: Range<Int>
    /// The content of the signature's byte string; empty in an unattributed entry.
    public let signature: Range<Int>
    /// How many wraps there are; `nil` in an entry.
    public let wrapCount: Int?
    /// The length of the wraps' encapsulated keys, which all have the same.
    let encapsulatedBytes: Int?

    /// Finds the parts; the header's content is not looked at.
    ///
    /// - Parameters:
    ///   - bytes: what was received.
    ///   - range: where the item stands in it.
    /// - Throws: ``EnvelopeError``; offsets count from the beginning of `bytes`.
    public init(_ bytes: [UInt8], at range: Range<Int>) throws(EnvelopeError) {
        self = try StrictReader.reading(bytes, in: range) { (reader) throws(EnvelopeError) in
            try ItemParts(bytes, &reader)
        }
    }

    private init(_ bytes: [UInt8], _ reader: inout StrictReader) throws(EnvelopeError) {
        self.bytes = bytes
        try reader.array(count: 3)
        header = try reader.byteRange()
        guard header.count <= EnvelopeLimits.headerBytesMax else { throw .overLimit(.header) }
        if reader.peekMajor == 4 {
            let start = reader.offset
            (wrapCount, encapsulatedBytes) = try Self.wraps(&reader)
            payload = start..<reader.offset
        } else {
            payload = try reader.byteRange()
            (wrapCount, encapsulatedBytes) = (nil, nil)
            guard payload.count <= EnvelopeLimits.sealedBytesMax else {
                throw .overLimit(.sealed)
            }
        }
        signature = try reader.byteRange()
        let isAbsent = signature.isEmpty && wrapCount == nil
        guard isAbsent || signature.count == EnvelopeLimits.signatureBytes else {
            throw .overLimit(.signature)
        }
    }

    /// Reads `[[device, encapsulated key, wrapped key] ...]`, ascending by device.
    private static func wraps(
        _ reader: inout StrictReader
    ) throws(EnvelopeError) -> (count: Int, encapsulatedBytes: Int?) {
        let count = try reader.array()
        guard count <= EnvelopeLimits.wrapsMax else { throw .overLimit(.wraps) }
        var last: Bytes16?
        var length: Int?
        for _ in 0..<count {
            let place = reader.offset
            try reader.array(count: 3)
            let device = try reader.bytes16()
            if let last, last >= device { throw .notAscending }
            last = device
            let encapsulated = try reader.byteRange().count
            let wrapped = try reader.byteRange().count
            guard encapsulated == length ?? encapsulated,
                encapsulated <= EnvelopeLimits.encapsulatedBytesMax,
                wrapped == EnvelopeLimits.wrappedKeyBytes
            else { throw .malformed(offset: place) }
            length = encapsulated
        }
        return (count, length)
    }

    /// Hashes the payload as it was received.
    public func payloadHash() -> Bytes32 { Hashing.hash(bytes, in: payload) }

    /// Gives `d_n = SHA-256(header || SHA-256(payload))`.
    public func digest() -> Bytes32 {
        var hashing = Hashing()
        hashing.add(bytes, in: header)
        hashing.add(payloadHash())
        return hashing.finish()
    }

    /// Tells whether the item is signed by this key, over the received bytes.
    func isSigned(_ type: SignatureType, by key: VerifyingKey) -> Bool {
        var hashing = type.hashing
        hashing.add(bytes, in: header)
        hashing.add(payloadHash())
        return key.verify(hashing.digest(), signature: [UInt8](bytes[signature]))
    }
}

/// An entry as it was received; nothing is encoded again.
///
/// - Shape: `[mhdr bstr, sealed bstr, sig("msg", mhdr || SHA-256(sealed)) bstr]`.
public struct EntryItem: Hashable, Sendable {
    /// Where its parts stand.
    public let parts: ItemParts
    /// The header, read strictly.
    public let header: EntryHeader

    init(_ parts: ItemParts) throws(EnvelopeError) {
        self.parts = parts
        header = try EntryHeader.decoded(parts.bytes, in: parts.header)
        guard parts.signature.isEmpty == header.isUnattributed else {
            throw .overLimit(.signature)
        }
    }

    /// A copy of the sealed bytes.
    public var sealed: [UInt8] { [UInt8](parts.bytes[parts.payload]) }

    /// Checks who wrote it.
    ///
    /// - Parameter key: the signing key of the device that the header names.
    /// - Returns: the same entry, which may now be opened.
    /// - Throws: ``EnvelopeError/wrongKey`` for another device's key,
    ///   ``EnvelopeError/badSignature``.
    public func verified(by key: VerifyingKey) throws(EnvelopeError) -> VerifiedEntry {
        guard DeviceID(signingKey: key.bytes) == header.device else { throw .wrongKey }
        guard parts.isSigned(.entry, by: key) else { throw .badSignature }
        return VerifiedEntry(item: self)
    }

    /// Takes an unattributed entry, which nobody signed, in a prompt's transcript.
    ///
    /// - Throws: ``EnvelopeError/badSignature`` for an entry that names a device.
    public func unattributed() throws(EnvelopeError) -> VerifiedEntry {
        guard header.isUnattributed else { throw .badSignature }
        return VerifiedEntry(item: self)
    }

    /// Writes an item from its parts.
    public static func encoded(
        header: [UInt8],
        sealed: [UInt8],
        signature: [UInt8]
    ) -> [UInt8] {
        var writer = CBORWriter(capacity: header.count + sealed.count + 80)
        writer.array(3)
        writer.bytes(header)
        writer.bytes(sealed)
        writer.bytes(signature)
        return writer.finish()
    }
}

/// An entry whose signature was checked: only the check makes one.
public struct VerifiedEntry: Hashable, Sendable {
    /// The entry.
    public let item: EntryItem
}

/// A key event as it was received; nothing is encoded again.
///
/// - Shape: `[khdr bstr, [[device, encapsulated key, wrapped key] ...], sig("key", khdr ||
///   SHA-256(wraps)) bstr]`.
public struct KeyItem: Hashable, Sendable {
    /// Where its parts stand.
    public let parts: ItemParts
    /// The header, read strictly.
    public let header: KeyHeader
    /// The name of the key.
    public let key: KeyID

    init(_ parts: ItemParts) throws(EnvelopeError) {
        self.parts = parts
        header = try KeyHeader.decoded(parts.bytes, in: parts.header)
        key = KeyID(Hashing.hash(parts.bytes, in: parts.header).first16)
        guard parts.encapsulatedBytes == header.suite.encapsulatedBytes else {
            throw .wrongSuite
        }
    }

    /// Checks who made it.
    ///
    /// - Parameter key: the signing key of the device that the header names.
    /// - Returns: the same key event, under which entries may now be opened.
    /// - Throws: ``EnvelopeError/wrongKey`` for another device's key,
    ///   ``EnvelopeError/badSignature``.
    public func verified(by key: VerifyingKey) throws(EnvelopeError) -> VerifiedKey {
        guard DeviceID(signingKey: key.bytes) == header.device else { throw .wrongKey }
        guard parts.isSigned(.key, by: key) else { throw .badSignature }
        return VerifiedKey(item: self)
    }

    /// Writes an item from its parts; the wraps are encoded already.
    public static func encoded(
        header: [UInt8],
        wraps: [UInt8],
        signature: [UInt8]
    ) -> [UInt8] {
        var writer = CBORWriter(capacity: header.count + wraps.count + 80)
        writer.array(3)
        writer.bytes(header)
        writer.raw(wraps)
        writer.bytes(signature)
        return writer.finish()
    }
}

/// A key event whose signature was checked: only the check makes one.
public struct VerifiedKey: Hashable, Sendable {
    /// The key event.
    public let item: KeyItem
}

/// What takes a number in a transcript: an entry or a key event.
public enum ContentItem: Hashable, Sendable {
    /// An entry.
    case entry(EntryItem)
    /// A key event.
    case key(KeyItem)

    /// Reads an item that fills the bytes.
    public static func parse(_ bytes: [UInt8]) throws(EnvelopeError) -> ContentItem {
        try parse(bytes, at: bytes.indices)
    }

    /// Reads an item where it lies in a received frame, without copying it.
    ///
    /// - Throws: ``EnvelopeError``; offsets count from the beginning of `bytes`.
    public static func parse(
        _ bytes: [UInt8],
        at range: Range<Int>
    ) throws(EnvelopeError) -> ContentItem {
        try ContentItem(ItemParts(bytes, at: range))
    }

    /// Reads the header of an item whose parts are known.
    public init(_ parts: ItemParts) throws(EnvelopeError) {
        if parts.wrapCount == nil {
            self = .entry(try EntryItem(parts))
        } else {
            self = .key(try KeyItem(parts))
        }
    }

    /// Where its parts stand.
    public var parts: ItemParts {
        switch self {
        case .entry(let item): item.parts
        case .key(let item): item.parts
        }
    }

    /// Gives `d_n`.
    public func digest() -> Bytes32 { parts.digest() }
}

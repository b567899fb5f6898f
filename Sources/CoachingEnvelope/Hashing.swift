// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
package import Crypto

/// Hashes pieces with SHA-256 where they lie, so that the hot path makes no arrays.
///
/// - Source: DESIGN.md D1 to D3.
public struct Hashing: Sendable {
    private var function = SHA256()

    /// Starts a hash of nothing.
    public init() {}

    /// Starts a hash with a label and the zero byte that ends it.
    public init(label: StaticString) {
        add(label)
        add(0 as UInt8)
    }

    /// Adds bytes.
    public mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { function.update(bufferPointer: $0) }
    }

    /// Adds the part of the bytes that the range names, as far as it is there.
    public mutating func add(_ bytes: [UInt8], in range: Range<Int>) {
        bytes.withUnsafeBytes { all in
            function.update(bufferPointer: .init(rebasing: all[range.clamped(to: all.indices)]))
        }
    }

    /// Adds one byte.
    public mutating func add(_ byte: UInt8) {
        withUnsafeBytes(of: byte) { function.update(bufferPointer: $0) }
    }

    /// Adds eight bytes, big-endian.
    public mutating func add(_ word: UInt64) {
        withUnsafeBytes(of: word.bigEndian) { function.update(bufferPointer: $0) }
    }

    /// Adds sixteen bytes.
    public mutating func add(_ value: Bytes16) {
        withUnsafeBytes(of: (value.high.bigEndian, value.low.bigEndian)) {
            function.update(bufferPointer: $0)
        }
    }

    /// Adds thirty-two bytes.
    public mutating func add(_ value: Bytes32) {
        let words = value.words
        let ordered = (
            words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
        )
        withUnsafeBytes(of: ordered) { function.update(bufferPointer: $0) }
    }

    /// Adds the letters of a label.
    public mutating func add(_ label: StaticString) {
        label.withUTF8Buffer { function.update(bufferPointer: .init($0)) }
    }

    /// Gives the hash of all that was added.
    public func finish() -> Bytes32 { Bytes32(digest()) }

    /// Gives the hash in the form that signing takes.
    package func digest() -> SHA256Digest { function.finalize() }

    /// Hashes one array.
    public static func hash(_ bytes: [UInt8]) -> Bytes32 {
        var hashing = Hashing()
        hashing.add(bytes)
        return hashing.finish()
    }

    /// Hashes a part of an array.
    public static func hash(_ bytes: [UInt8], in range: Range<Int>) -> Bytes32 {
        var hashing = Hashing()
        hashing.add(bytes, in: range)
        return hashing.finish()
    }

    /// Gives `d_n`, the digest of one item: `SHA-256(header || SHA-256(payload))`.
    ///
    /// - Parameters:
    ///   - header: the bytes of khdr or mhdr.
    ///   - payload: the sealed bytes, or the encoded list of wraps.
    /// - Returns: the digest that the chain takes.
    public static func digest(header: [UInt8], payload: [UInt8]) -> Bytes32 {
        var hashing = Hashing()
        hashing.add(header)
        hashing.add(hash(payload))
        return hashing.finish()
    }
}

extension Bytes32 {
    init(_ digest: SHA256Digest) {
        self = digest.withUnsafeBytes { bytes in
            func word(_ offset: Int) -> UInt64 {
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            return Bytes32(word(0), word(8), word(16), word(24))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Writes items one after the other into memory that grows.
///
/// Heads are always the shortest. The caller announces counts and keeps map keys ascending;
/// ``CBOREncoder`` does both by itself.
///
/// - Isolation: owned by one task; it cannot be copied.
public struct CBORWriter: ~Copyable {
    @usableFromInline var base: UnsafeMutableRawPointer
    @usableFromInline var used: Int
    @usableFromInline var capacity: Int

    /// Makes an empty writer with room for some bytes.
    @inlinable
    public init(capacity: Int = 256) {
        self.capacity = max(capacity, 16)
        used = 0
        base = .allocate(byteCount: self.capacity, alignment: 8)
    }

    deinit { base.deallocate() }

    /// How many bytes have been written.
    @inlinable
    public var count: Int { used }

    @usableFromInline
    @inline(never)
    mutating func grow(_ more: Int) {
        let wanted = max(capacity &* 2, used + more)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 8)
        larger.copyMemory(from: base, byteCount: used)
        base.deallocate()
        base = larger
        capacity = wanted
    }

    @inlinable
    @inline(__always)
    mutating func ensure(_ more: Int) {
        if capacity &- used < more { grow(more) }
    }

    @inlinable
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        ensure(1)
        base.storeBytes(of: byte, toByteOffset: used, as: UInt8.self)
        used &+= 1
    }

    @inlinable
    @inline(__always)
    mutating func store<T: FixedWidthInteger & BitwiseCopyable>(_ word: T) {
        base.storeBytes(of: word.bigEndian, toByteOffset: used, as: T.self)
        used &+= MemoryLayout<T>.size
    }

    @inlinable
    @inline(__always)
    mutating func head(_ major: UInt8, _ argument: UInt64) {
        if argument < 24 {
            append(major << 5 | UInt8(truncatingIfNeeded: argument))
        } else {
            longHead(major << 5, argument)
        }
    }

    @usableFromInline
    mutating func longHead(_ type: UInt8, _ argument: UInt64) {
        ensure(9)
        switch argument {
        case ...0xff:
            store(type | 24)
            store(UInt8(truncatingIfNeeded: argument))
        case ...0xffff:
            store(type | 25)
            store(UInt16(truncatingIfNeeded: argument))
        case ...0xffff_ffff:
            store(type | 26)
            store(UInt32(truncatingIfNeeded: argument))
        default:
            store(type | 27)
            store(argument)
        }
    }

    /// Writes an integer from 0.
    @inlinable
    public mutating func uint(_ value: UInt64) { head(0, value) }

    /// Writes an integer.
    @inlinable
    public mutating func int(_ value: Int64) {
        head(value < 0 ? 1 : 0, UInt64(bitPattern: value < 0 ? ~value : value))
    }

    /// Writes a map's key; the caller keeps the keys of a map ascending.
    @inlinable
    public mutating func key(_ value: UInt64) { head(0, value) }

    /// Writes false or true.
    @inlinable
    public mutating func bool(_ value: Bool) { append(value ? 0xf5 : 0xf4) }

    /// Writes null.
    @inlinable
    public mutating func null() { append(0xf6) }

    /// Writes the head of an array of `count` elements, which must follow.
    @inlinable
    public mutating func array(_ count: Int) { head(4, UInt64(count)) }

    /// Writes the head of a map of `count` keys, each followed by its value.
    @inlinable
    public mutating func map(_ count: Int) { head(5, UInt64(count)) }

    /// Writes a byte string.
    @inlinable
    public mutating func bytes(_ value: [UInt8]) {
        head(2, UInt64(value.count))
        raw(value)
    }

    /// Writes a byte string.
    @inlinable
    public mutating func bytes(_ value: UnsafeRawBufferPointer) {
        head(2, UInt64(value.count))
        raw(value)
    }

    /// Writes a byte string.
    @inlinable
    public mutating func bytes(_ value: RawSpan) {
        value.withUnsafeBytes { bytes($0) }
    }

    /// Writes a text.
    @inlinable
    public mutating func text(_ value: String) {
        var value = value
        value.withUTF8 {
            head(3, UInt64($0.count))
            raw(UnsafeRawBufferPointer($0))
        }
    }

    /// Copies an item that is already encoded.
    @inlinable
    public mutating func raw(_ item: [UInt8]) {
        item.withUnsafeBytes { raw($0) }
    }

    /// Copies an item that is already encoded.
    @inlinable
    public mutating func raw(_ item: UnsafeRawBufferPointer) {
        guard let source = item.baseAddress, !item.isEmpty else { return }
        ensure(item.count)
        (base + used).copyMemory(from: source, byteCount: item.count)
        used &+= item.count
    }

    /// Writes a byte string of 16 bytes, given as two big-endian words.
    @inlinable
    public mutating func fixed16(_ high: UInt64, _ low: UInt64) {
        ensure(17)
        store(UInt8(0x50))
        store(high)
        store(low)
    }

    /// Writes a byte string of 32 bytes, given as four big-endian words.
    @inlinable
    public mutating func fixed32(
        _ first: UInt64,
        _ second: UInt64,
        _ third: UInt64,
        _ fourth: UInt64
    ) {
        ensure(34)
        store(UInt16(0x5820))
        store(first)
        store(second)
        store(third)
        store(fourth)
    }

    /// Leaves four bytes free for a length that is not known yet.
    ///
    /// - Returns: where they are, for ``patch4(at:_:)``.
    @inlinable
    public mutating func reserve4() -> Int {
        ensure(4)
        store(UInt32(0))
        return used &- 4
    }

    /// Fills the four bytes of ``reserve4()``, big-endian.
    @inlinable
    public mutating func patch4(at offset: Int, _ value: UInt32) {
        precondition(offset >= 0 && offset <= used - 4, "patch4 needs an offset of reserve4")
        base.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// The bytes written so far, copied once.
    @inlinable
    public var written: [UInt8] {
        let (source, length) = (base, used)
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, initialized in
            if let target = buffer.baseAddress {
                UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: length)
            }
            initialized = length
        }
    }

    /// Ends the writing and gives the bytes, copied once into an array of just that size.
    @inlinable
    public consuming func finish() -> [UInt8] { written }

    /// Lends the bytes written so far, without a copy.
    @inlinable
    public borrowing func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        body(UnsafeRawBufferPointer(start: base, count: used))
    }
}

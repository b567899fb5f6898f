// SPDX-License-Identifier: Apache-2.0

/// Reads items in order from borrowed bytes, without copying them.
///
/// It is lent by ``reading(_:limits:_:)-([UInt8],_,_)`` for the time of a closure and cannot be
/// copied, so it does not outlive the bytes. Every head is checked when it is read: shortest form,
/// definite length, no float, no tag. The reader does not know in which array or map it stands:
/// typed reads nest as deep as the caller's types do, and recursive types call ``enter()`` and
/// ``leave()``. ``skip()`` checks what it skips in full.
///
/// - Limits: ``CBORLimits``; lengths are checked against the bytes left before memory is taken.
/// - Source: RFC 8949 section 4.2.1.
public struct CBORReader: ~Copyable {
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let end: Int
    @usableFromInline var position: Int
    @usableFromInline var itemsLeft: Int
    @usableFromInline var depthLeft: Int
    @usableFromInline let isWire: Bool

    /// Makes a reader over memory that the caller keeps alive and unchanged while it is used.
    ///
    /// - Throws: ``CBORError/Reason/lengthExceeded`` when there are more bytes than allowed.
    @inlinable
    public init(
        unsafeBytes bytes: UnsafeRawBufferPointer,
        limits: CBORLimits = .default
    ) throws(CBORError) {
        guard bytes.count <= limits.bytes else {
            throw CBORError(.lengthExceeded, offset: limits.bytes)
        }
        base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
        end = bytes.count
        position = 0
        itemsLeft = limits.items
        depthLeft = limits.depth
        isWire = limits.profile == .wire
    }

    /// Lends a reader over the bytes of an array.
    @inlinable
    public static func reading<R>(
        _ bytes: [UInt8],
        limits: CBORLimits = .default,
        _ body: (inout CBORReader) throws(CBORError) -> R
    ) throws(CBORError) -> R {
        try bytes.withUnsafeBufferPointer { (buffer) throws(CBORError) -> R in
            var reader = try CBORReader(
                unsafeBytes: UnsafeRawBufferPointer(buffer),
                limits: limits
            )
            return try body(&reader)
        }
    }

    /// Lends a reader over the bytes of a span.
    @inlinable
    public static func reading<R>(
        _ bytes: RawSpan,
        limits: CBORLimits = .default,
        _ body: (inout CBORReader) throws(CBORError) -> R
    ) throws(CBORError) -> R {
        try bytes.withUnsafeBytes { (buffer) throws(CBORError) -> R in
            var reader = try CBORReader(unsafeBytes: buffer, limits: limits)
            return try body(&reader)
        }
    }

    /// Where the next item starts, in bytes from the beginning.
    @inlinable
    public var offset: Int { position }

    /// Whether all bytes have been read.
    @inlinable
    public var isAtEnd: Bool { position == end }

    /// The major type of the next item, or `nil` at the end.
    @inlinable
    public var peekMajor: UInt8? { position < end ? byte(position) >> 5 : nil }

    /// Whether the next item is null; it is not read.
    @inlinable
    public var isNull: Bool { position < end && byte(position) == 0xf6 }

    /// Ends the reading.
    ///
    /// - Throws: ``CBORError/Reason/trailingBytes`` when bytes are left.
    @inlinable
    public func finish() throws(CBORError) {
        guard position == end else { throw CBORError(.trailingBytes, offset: position) }
    }

    /// Counts one more level of a recursive type.
    @inlinable
    public mutating func enter() throws(CBORError) {
        guard depthLeft > 0 else { throw CBORError(.depthExceeded, offset: position) }
        depthLeft &-= 1
    }

    /// Leaves the level of the last ``enter()``.
    @inlinable
    public mutating func leave() { depthLeft &+= 1 }

    // MARK: Heads

    @inlinable
    @inline(__always)
    func byte(_ offset: Int) -> UInt8 { base.load(fromByteOffset: offset, as: UInt8.self) }

    @inlinable
    @inline(__always)
    func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
        T(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    @inlinable
    @inline(__always)
    mutating func head() throws(CBORError) -> (major: UInt8, argument: UInt64) {
        guard position < end else { throw CBORError(.endOfInput, offset: position) }
        guard itemsLeft > 0 else { throw CBORError(.itemCountExceeded, offset: position) }
        itemsLeft &-= 1
        let initial = byte(position)
        guard initial & 31 >= 24 else {
            position &+= 1
            return (initial >> 5, UInt64(initial & 31))
        }
        return (initial >> 5, try longArgument(initial))
    }

    @usableFromInline
    mutating func longArgument(_ initial: UInt8) throws(CBORError) -> UInt64 {
        let start = position
        let info = initial & 31
        if initial >= 0xc0 { throw CBORError(Self.refusal(initial), offset: start) }
        guard info < 28 else {
            throw CBORError(info == 31 ? .indefiniteLength : .reservedHead, offset: start)
        }
        let size = 1 << Int(info &- 24)
        guard end &- start &- 1 >= size else { throw CBORError(.endOfInput, offset: start) }
        let argument: UInt64
        let least: UInt64
        switch size {
        case 1: (argument, least) = (UInt64(byte(start &+ 1)), 24)
        case 2: (argument, least) = (UInt64(load(start &+ 1, as: UInt16.self)), 0x100)
        case 4: (argument, least) = (UInt64(load(start &+ 1, as: UInt32.self)), 0x1_0000)
        default: (argument, least) = (load(start &+ 1, as: UInt64.self), 0x1_0000_0000)
        }
        guard argument >= least else { throw CBORError(.nonMinimalHead, offset: start) }
        if isWire, initial < 0x40, argument > UInt64(Int64.max) {
            throw CBORError(.valueOutOfRange, offset: start)
        }
        position = start &+ 1 &+ size
        return argument
    }

    /// Names the reason for which the profile refuses a tag or a value of major type 7.
    static func refusal(_ initial: UInt8) -> CBORError.Reason {
        switch initial {
        case 0xc0...0xdb: .tag
        case 0xf4...0xf6: .typeMismatch
        case 0xe0...0xf8: .simpleValue
        case 0xf9...0xfb: .floatingPoint
        case 0xff: .indefiniteLength
        case 0xc0...: .reservedHead
        default: .typeMismatch
        }
    }

    @usableFromInline
    @inline(never)
    func mismatch(at start: Int) -> CBORError {
        CBORError(Self.refusal(byte(start)), offset: start)
    }

    @inlinable
    @inline(__always)
    mutating func argument(of major: UInt8) throws(CBORError) -> UInt64 {
        let start = position
        let head = try head()
        guard head.major == major else { throw mismatch(at: start) }
        return head.argument
    }

    @inlinable
    @inline(__always)
    mutating func length(of major: UInt8) throws(CBORError) -> Int {
        let start = position
        let length = try argument(of: major)
        guard length <= UInt64(end &- position) else {
            throw CBORError(.endOfInput, offset: start)
        }
        return Int(truncatingIfNeeded: length)
    }

    // MARK: Items

    /// Reads an integer from 0.
    @inlinable
    public mutating func uint() throws(CBORError) -> UInt64 { try argument(of: 0) }

    /// Reads an integer.
    @inlinable
    public mutating func int() throws(CBORError) -> Int64 {
        let start = position
        let (major, argument) = try head()
        guard major <= 1 else { throw mismatch(at: start) }
        guard argument <= UInt64(Int64.max) else {
            throw CBORError(.valueOutOfRange, offset: start)
        }
        let value = Int64(truncatingIfNeeded: argument)
        return major == 0 ? value : ~value
    }

    /// Reads an integer into a narrower type.
    @inlinable
    public mutating func integer<T: FixedWidthInteger>(
        _ type: T.Type = T.self
    ) throws(CBORError) -> T {
        let start = position
        let (major, argument) = try head()
        guard major <= 1 else { throw mismatch(at: start) }
        if major == 0 {
            if let value = T(exactly: argument) { return value }
        } else if argument <= UInt64(Int64.max) {
            if let value = T(exactly: ~Int64(truncatingIfNeeded: argument)) { return value }
        }
        throw CBORError(.valueOutOfRange, offset: start)
    }

    /// Reads false or true.
    @inlinable
    public mutating func bool() throws(CBORError) -> Bool {
        let start = position
        let (major, argument) = try head()
        guard major == 7, argument == 20 || argument == 21 else { throw mismatch(at: start) }
        return argument == 21
    }

    /// Reads null.
    @inlinable
    public mutating func null() throws(CBORError) {
        let start = position
        let (major, argument) = try head()
        guard major == 7, argument == 22 else { throw mismatch(at: start) }
    }

    /// Reads the head of an array and gives the number of its elements.
    @inlinable
    public mutating func array() throws(CBORError) -> Int {
        let start = position
        let count = try length(of: 4)
        guard count <= itemsLeft else { throw CBORError(.itemCountExceeded, offset: start) }
        return count
    }

    /// Reads the head of an array that must have `count` elements.
    @inlinable
    public mutating func array(count: Int) throws(CBORError) {
        let start = position
        guard try array() == count else { throw CBORError(.valueOutOfRange, offset: start) }
    }

    /// Reads the head of a map and gives the number of its keys; see also ``fields()``.
    @inlinable
    public mutating func map() throws(CBORError) -> Int {
        let start = position
        let count = try length(of: 5)
        guard count <= (end &- position) / 2 else { throw CBORError(.endOfInput, offset: start) }
        guard count <= itemsLeft / 2 else { throw CBORError(.itemCountExceeded, offset: start) }
        return count
    }

    /// Reads a byte string.
    @inlinable
    public mutating func bytes(max: Int = .max) throws(CBORError) -> [UInt8] {
        let start = position
        let count = try length(of: 2)
        guard count <= max else { throw CBORError(.lengthExceeded, offset: start) }
        let source = base + position
        position &+= count
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let target = buffer.baseAddress {
                UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count)
            }
            initialized = count
        }
    }

    /// Reads a byte string and gives where its content stands, without a copy.
    @inlinable
    public mutating func byteRange() throws(CBORError) -> Range<Int> {
        let count = try length(of: 2)
        position &+= count
        return Range(uncheckedBounds: (position &- count, position))
    }

    /// Reads a text, which must be valid UTF-8.
    @inlinable
    public mutating func text(maxBytes: Int = .max) throws(CBORError) -> String {
        let start = position
        let count = try length(of: 3)
        guard count <= maxBytes else { throw CBORError(.lengthExceeded, offset: start) }
        let units = UnsafeBufferPointer(
            start: (base + position).assumingMemoryBound(to: UInt8.self),
            count: count
        )
        position &+= count
        do {
            return String(copying: try UTF8Span(validating: units.span))
        } catch {
            throw CBORError(.invalidUTF8, offset: start)
        }
    }

    /// Reads a byte string of 16 bytes as two big-endian words.
    @inlinable
    public mutating func fixed16() throws(CBORError) -> (UInt64, UInt64) {
        let start = position
        guard try length(of: 2) == 16 else { throw CBORError(.valueOutOfRange, offset: start) }
        let words = (
            load(position, as: UInt64.self), load(position &+ 8, as: UInt64.self)
        )
        position &+= 16
        return words
    }

    /// Reads a byte string of 32 bytes as four big-endian words.
    @inlinable
    public mutating func fixed32() throws(CBORError) -> (UInt64, UInt64, UInt64, UInt64) {
        let start = position
        guard try length(of: 2) == 32 else { throw CBORError(.valueOutOfRange, offset: start) }
        let words = (
            load(position, as: UInt64.self), load(position &+ 8, as: UInt64.self),
            load(position &+ 16, as: UInt64.self), load(position &+ 24, as: UInt64.self)
        )
        position &+= 32
        return words
    }
}

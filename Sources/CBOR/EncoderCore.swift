// SPDX-License-Identifier: Apache-2.0

/// Encodes values straight into one writer; the same object serves all levels of nesting.
///
/// What changes stands behind `let` pointers, since the checks of exclusive access to stored
/// properties would cost as much as the encoding. When something comes that cannot be written
/// in one pass it sets ``needsTree``; what is written from then on is dropped.
///
/// - Isolation: lives within one call of ``CBOREncoder/encode(_:)``.
final class EncoderCore: Encoder {
    /// Describes the value that is being encoded.
    struct Level {
        /// Where its head stands, or -1 before it has asked for a container.
        var start = -1
        var count = 0
        var depth = 0
        /// The last key: 0 for none, 1 for an integer from 0, 2 for a negative one, 3 for a text.
        var keyRank: UInt8 = 0
        var keyArgument: UInt64 = 0
        var keyStart = 0
    }

    /// Counts what concerns the whole encoding.
    struct Totals {
        var items = 1
        var needsTree = false
        /// An error passed through; whoever catches it leaves half a value behind.
        var hasFailed = false
        /// There are items that were encoded elsewhere, so the whole must be checked.
        var holdsRaw = false
    }

    let writer: UnsafeMutablePointer<CBORWriter>
    let level: UnsafeMutablePointer<Level>
    private let totals: UnsafeMutablePointer<Totals>
    private let limits: CBORLimits

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(limits: CBORLimits) {
        self.limits = limits
        writer = .allocate(capacity: 1)
        writer.initialize(to: CBORWriter(capacity: 512))
        level = .allocate(capacity: 1)
        level.initialize(to: Level())
        totals = .allocate(capacity: 1)
        totals.initialize(to: Totals())
    }

    deinit {
        writer.deinitialize(count: 1)
        writer.deallocate()
        level.deallocate()
        totals.deallocate()
    }

    var offset: Int { writer.pointee.count }

    var needsTree: Bool { totals.pointee.needsTree }

    var hasFailed: Bool { totals.pointee.hasFailed }

    /// Has the whole value encoded again by way of a tree.
    func fallBack() { totals.pointee.needsTree = true }

    func finish() throws(CBORError) -> [UInt8] {
        let bytes = writer.pointee.written
        guard totals.pointee.items <= limits.items else {
            throw CBORError(.itemCountExceeded, offset: 0)
        }
        guard bytes.count <= limits.bytes else {
            throw CBORError(.lengthExceeded, offset: limits.bytes)
        }
        if limits.profile == .wire || totals.pointee.holdsRaw {
            try CBORReader.validate(bytes, limits: limits)
        }
        return bytes
    }

    @inline(__always)
    func encode<T: Encodable>(_ value: T) throws {
        if T.self == [UInt8].self {
            writer.pointee.bytes(unsafeBitCast(value, to: [UInt8].self))
            return
        }
        if T.self == RawCBOR.self {
            writeRaw(unsafeBitCast(value, to: RawCBOR.self).bytes)
            return
        }
        let saved = level.pointee
        let start = offset
        guard saved.depth <= limits.depth else { throw CBORError(.depthExceeded, offset: start) }
        level.pointee = Level(depth: saved.depth)
        do {
            try value.encode(to: self)
        } catch let error as CBORError {
            totals.pointee.hasFailed = true
            throw error
        } catch {
            totals.pointee.hasFailed = true
            throw CBORError(.invalidValue, offset: start)
        }
        // A value without any part is an empty map, as in other coders.
        if offset == start { writer.pointee.map(0) }
        level.pointee = saved
    }

    func writeRaw(_ item: [UInt8]) {
        totals.pointee.holdsRaw = true
        writer.pointee.raw(item)
    }

    // MARK: Containers

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedWriter<Key>(core: self, start: open(0xa0)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedWriter(core: self, start: open(0x80))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// Writes the head of a container, or finds the one that the value has opened before.
    private func open(_ head: UInt8) -> Int {
        if level.pointee.start >= 0 {
            let isSame = writer.pointee.byte(at: level.pointee.start) & 0xe0 == head
            if !isSame { fallBack() }
            return level.pointee.start
        }
        level.pointee.start = offset
        level.pointee.depth += 1
        if level.pointee.depth > limits.depth { fallBack() }
        writer.pointee.append(head)
        return level.pointee.start
    }

    /// Counts one more part of the container whose head is at `start`.
    @inline(__always)
    func countPart(at start: Int, items: Int) throws {
        guard level.pointee.start == start else { return fallBack() }
        totals.pointee.items &+= items
        let count = level.pointee.count &+ 1
        level.pointee.count = count
        if count < 24 {
            writer.pointee.increment(at: start)
        } else {
            try countLong(count, at: start)
        }
    }

    private func countLong(_ count: Int, at start: Int) throws {
        guard count <= 0xffff else { throw CBORError(.itemCountExceeded, offset: start) }
        if count == 24 || count == 256 {
            writer.pointee.insertByte(at: start + 1)
            level.pointee.keyStart += 1
        }
        writer.pointee.setLongCount(count, at: start)
    }

    @inline(__always)
    func key(_ key: some CodingKey, at start: Int) throws {
        try countPart(at: start, items: 2)
        if let value = key.intValue {
            let rank: UInt8 = value < 0 ? 2 : 1
            let argument = UInt64(truncatingIfNeeded: value < 0 ? ~value : value)
            let last = level.pointee
            if last.keyRank > rank || (last.keyRank == rank && last.keyArgument >= argument) {
                fallBack()
            }
            level.pointee.keyRank = rank
            level.pointee.keyArgument = argument
            writer.pointee.head(rank &- 1, argument)
        } else {
            textKey(key.stringValue)
        }
    }

    private func textKey(_ key: String) {
        let start = offset
        writer.pointee.text(key)
        let last = level.pointee
        if last.keyRank == 3, !writer.pointee.ascends(from: last.keyStart, to: start) { fallBack() }
        level.pointee.keyRank = 3
        level.pointee.keyStart = start
    }
}

extension CBORWriter {
    @inline(__always)
    func byte(at offset: Int) -> UInt8 { base.load(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    mutating func increment(at offset: Int) {
        base.storeBytes(of: byte(at: offset) &+ 1, toByteOffset: offset, as: UInt8.self)
    }

    mutating func insertByte(at offset: Int) {
        ensure(1)
        (base + offset + 1).copyMemory(from: base + offset, byteCount: used - offset)
        used += 1
    }

    /// Writes a count from 24 to 65,535 behind a container's first byte.
    mutating func setLongCount(_ count: Int, at start: Int) {
        let type = byte(at: start) & 0xe0
        let isShort = count < 256
        base.storeBytes(of: type | (isShort ? 24 : 25), toByteOffset: start, as: UInt8.self)
        if isShort {
            base.storeBytes(of: UInt8(count), toByteOffset: start + 1, as: UInt8.self)
        } else {
            base.storeBytes(of: UInt16(count).bigEndian, toByteOffset: start + 1, as: UInt16.self)
        }
    }

    /// Whether the encoded text at `later`, which ends the bytes, comes after the one at `earlier`.
    func ascends(from earlier: Int, to later: Int) -> Bool {
        for index in 0..<min(later - earlier, used - later) {
            let (left, right) = (byte(at: earlier + index), byte(at: later + index))
            if left != right { return left < right }
        }
        return false
    }
}

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

    /// Holds what the encoding changes.
    struct State: ~Copyable {
        var writer = CBORWriter(capacity: 512)
        var level = Level()
        var items = 1
        var needsTree = false
        /// An error passed through; whoever catches it leaves half a value behind.
        var hasFailed = false
        /// There are items that were encoded elsewhere, so the whole must be checked.
        var holdsRaw = false
    }

    let types = CommonTypes.known
    let state: UnsafeMutablePointer<State>
    private let limits: CBORLimits

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(limits: CBORLimits) {
        self.limits = limits
        state = .allocate(capacity: 1)
        state.initialize(to: State())
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    var depthMax: Int { limits.depth }

    var offset: Int { state.pointee.writer.count }

    var needsTree: Bool { state.pointee.needsTree }

    var hasFailed: Bool { state.pointee.hasFailed }

    /// Has the whole value encoded again by way of a tree.
    func fallBack() { state.pointee.needsTree = true }

    func finish() throws(CBORError) -> [UInt8] {
        let bytes = state.pointee.writer.written
        guard state.pointee.items <= limits.items else {
            throw CBORError(.itemCountExceeded, offset: 0)
        }
        guard bytes.count <= limits.bytes else {
            throw CBORError(.lengthExceeded, offset: limits.bytes)
        }
        if limits.profile == .wire || state.pointee.holdsRaw {
            try CBORReader.validate(bytes, limits: limits)
        }
        return bytes
    }

    @inline(__always)
    func encode<T: Encodable>(_ value: T) throws {
        if ObjectIdentifier(T.self) == types.bytes {
            state.pointee.writer.bytes(unsafeBitCast(value, to: [UInt8].self))
            return
        }
        if encodeArray(value) { return }
        if ObjectIdentifier(T.self) == types.raw {
            writeRaw(unsafeBitCast(value, to: RawCBOR.self).bytes)
            return
        }
        let saved = state.pointee.level
        let start = offset
        guard saved.depth <= limits.depth else { throw CBORError(.depthExceeded, offset: start) }
        state.pointee.level = Level(depth: saved.depth)
        do {
            try value.encode(to: self)
        } catch let error as CBORError {
            state.pointee.hasFailed = true
            throw error
        } catch {
            state.pointee.hasFailed = true
            throw CBORError(.invalidValue, offset: start)
        }
        // A value without any part is an empty map, as in other coders.
        if offset == start { state.pointee.writer.map(0) }
        state.pointee.level = saved
    }

    func writeRaw(_ item: [UInt8]) {
        state.pointee.holdsRaw = true
        state.pointee.writer.raw(item)
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
        if state.pointee.level.start >= 0 {
            let isSame = state.pointee.writer.byte(at: state.pointee.level.start) & 0xe0 == head
            if !isSame { fallBack() }
            return state.pointee.level.start
        }
        state.pointee.level.start = offset
        state.pointee.level.depth += 1
        if state.pointee.level.depth > limits.depth { fallBack() }
        state.pointee.writer.append(head)
        return state.pointee.level.start
    }

    /// Counts one more part of the container whose head is at `start`.
    @inline(__always)
    func countPart(at start: Int, items: Int) throws {
        guard state.pointee.level.start == start else { return fallBack() }
        state.pointee.items &+= items
        let count = state.pointee.level.count &+ 1
        state.pointee.level.count = count
        if count < 24 {
            state.pointee.writer.increment(at: start)
        } else {
            try countLong(count, at: start)
        }
    }

    private func countLong(_ count: Int, at start: Int) throws {
        guard count <= 0xffff else { throw CBORError(.itemCountExceeded, offset: start) }
        if count == 24 || count == 256 {
            state.pointee.writer.insertByte(at: start + 1)
            state.pointee.level.keyStart += 1
        }
        state.pointee.writer.setLongCount(count, at: start)
    }

    @inline(__always)
    func key(_ key: some CodingKey, at start: Int) throws {
        try countPart(at: start, items: 2)
        if let value = key.intValue {
            let rank: UInt8 = value < 0 ? 2 : 1
            let argument = UInt64(truncatingIfNeeded: value < 0 ? ~value : value)
            let last = state.pointee.level
            if last.keyRank > rank || (last.keyRank == rank && last.keyArgument >= argument) {
                fallBack()
            }
            state.pointee.level.keyRank = rank
            state.pointee.level.keyArgument = argument
            state.pointee.writer.head(rank &- 1, argument)
        } else {
            textKey(key.stringValue)
        }
    }

    private func textKey(_ key: String) {
        let start = offset
        state.pointee.writer.text(key)
        let last = state.pointee.level
        if last.keyRank == 3, !state.pointee.writer.ascends(from: last.keyStart, to: start) {
            fallBack()
        }
        state.pointee.level.keyRank = 3
        state.pointee.level.keyStart = start
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

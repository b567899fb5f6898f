// SPDX-License-Identifier: Apache-2.0

/// Decodes values from checked bytes; the same object serves all levels of nesting.
///
/// What changes stands behind a `let` pointer, since the checks of exclusive access to stored
/// properties would cost as much as the decoding.
///
/// - Isolation: used by one task at a time, like every decoder.
final class DecoderCore: Decoder {
    /// Remembers where in a map the next key is looked for: nearly always right there.
    struct Cursor: BitwiseCopyable {
        /// Where the map's first key stands, which names the map; -1 for none.
        var map = -1
        /// The key to be looked at next, or the value that was found, when `isAtValue`.
        var position = 0
        var index = 0
        var isAtValue = false
        /// The key before, which all that come are greater than; -1 for none.
        var last = -1
    }

    /// Says which value a container is asked for, and how deep it stands.
    struct Place: BitwiseCopyable {
        var position: Int
        var depth = 0
    }

    let source: DecoderSource
    let types = CommonTypes.known
    private let place: UnsafeMutablePointer<Place>
    private let cursors: UnsafeMutablePointer<Cursor>
    /// Holds the place, the cursors and, in the first decoder, the bytes.
    private let memory: UnsafeMutableRawPointer
    /// Keeps the bytes alive; `nil` in the decoder that owns them.
    private let owner: DecoderCore?
    /// Deeper maps share a cursor, which costs time and nothing else.
    private static let cursorCount = 6
    private static let cursorOffset = 16
    private static let headroom = cursorOffset + cursorCount * MemoryLayout<Cursor>.stride

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Makes the first decoder over a copy of checked bytes.
    ///
    /// The copy lives as long as any container does, also one that a type has kept.
    init(_ bytes: [UInt8], recordsKeys: Bool) {
        (source, memory) = DecoderSource.copy(
            bytes,
            headroom: Self.headroom,
            recordsKeys: recordsKeys
        )
        owner = nil
        (place, cursors) = Self.layOut(memory, position: 0)
    }

    /// Makes a further decoder for a value that may be decoded at any time.
    private init(owner: DecoderCore, position: Int) {
        self.owner = owner
        source = owner.source
        memory = .allocate(byteCount: Self.headroom, alignment: 16)
        (place, cursors) = Self.layOut(memory, position: position)
    }

    private static func layOut(
        _ memory: UnsafeMutableRawPointer,
        position: Int
    ) -> (UnsafeMutablePointer<Place>, UnsafeMutablePointer<Cursor>) {
        let place = memory.initializeMemory(
            as: Place.self,
            repeating: Place(position: position),
            count: 1
        )
        let cursors = (memory + cursorOffset).initializeMemory(
            as: Cursor.self,
            repeating: Cursor(),
            count: cursorCount
        )
        return (place, cursors)
    }

    deinit {
        if owner == nil { source.release(memory) } else { memory.deallocate() }
    }

    @inline(__always)
    var position: Int { place.pointee.position }

    @inline(__always)
    func decode<T: Decodable>(_ type: T.Type, at position: Int) throws -> T {
        if ObjectIdentifier(T.self) == types.bytes {
            return unsafeBitCast(try bytes(at: position), to: T.self)
        }
        if let value = try decodeArray(type, at: position) { return value }
        let saved = place.pointee
        place.pointee = Place(position: position, depth: saved.depth &+ 1)
        defer { place.pointee = saved }
        do {
            return try T(from: self)
        } catch let error as CBORError {
            throw error
        } catch {
            throw CBORError(Self.reason(error), offset: position)
        }
    }

    private static func reason(_ error: any Error) -> CBORError.Reason {
        switch error as? DecodingError {
        case .keyNotFound, .valueNotFound: .missingKey
        case .typeMismatch: .typeMismatch
        default: .invalidValue
        }
    }

    // MARK: Values

    func mismatch(_ head: DecoderSource.Head, at position: Int) -> CBORError {
        CBORError(.typeMismatch, offset: position)
    }

    @inline(__always)
    func integer<T: FixedWidthInteger>(at position: Int) throws -> T {
        let head = source.head(position)
        guard head.major <= 1 else { throw mismatch(head, at: position) }
        if head.major == 0 {
            if let value = T(exactly: head.argument) { return value }
        } else if head.argument <= UInt64(Int64.max) {
            let negative = ~Int64(truncatingIfNeeded: head.argument)
            if let value = T(exactly: negative) { return value }
        }
        throw CBORError(.valueOutOfRange, offset: position)
    }

    @inline(__always)
    func bool(at position: Int) throws -> Bool {
        let byte = source.byte(position)
        guard byte == 0xf4 || byte == 0xf5 else {
            throw CBORError(.typeMismatch, offset: position)
        }
        return byte == 0xf5
    }

    @inline(__always)
    func isNull(at position: Int) -> Bool { source.byte(position) == 0xf6 }

    @inline(__always)
    func text(at position: Int) throws -> String {
        let head = source.head(position)
        guard head.major == 3 else { throw mismatch(head, at: position) }
        return String(copying: UTF8Span(unchecked: source.units(head).span))
    }

    @inline(__always)
    func bytes(at position: Int) throws -> [UInt8] {
        let head = source.head(position)
        guard head.major == 2 else { throw mismatch(head, at: position) }
        return [UInt8](source.units(head))
    }

    func floatingPoint(at position: Int) -> CBORError {
        CBORError(.floatingPoint, offset: position)
    }

    func copyItem() -> [UInt8] { source.copyItem(at: position) }

    // MARK: Containers

    func container<Key: CodingKey>(
        keyedBy type: Key.Type
    ) throws -> KeyedDecodingContainer<Key> {
        try keyed(at: position, slot: place.pointee.depth)
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try unkeyed(at: position, slot: place.pointee.depth)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func keyed<Key: CodingKey>(
        at position: Int,
        slot: Int
    ) throws -> KeyedDecodingContainer<Key> {
        let head = source.head(position)
        guard head.major == 5 else { throw mismatch(head, at: position) }
        let count = Int(truncatingIfNeeded: head.argument)
        if source.recordsKeys, count > 0 { source.noteMap(firstKey: head.next, count: count) }
        return KeyedDecodingContainer(
            KeyedReader<Key>(
                core: self,
                start: head.next,
                count: count,
                slot: min(slot, Self.cursorCount - 1)
            )
        )
    }

    func unkeyed(at position: Int, slot: Int) throws -> any UnkeyedDecodingContainer {
        let head = source.head(position)
        guard head.major == 4 else { throw mismatch(head, at: position) }
        return UnkeyedReader(
            core: self,
            position: head.next,
            elements: Int(truncatingIfNeeded: head.argument),
            slot: slot
        )
    }

    /// Makes a decoder of its own for a value that may be decoded at any time.
    func decoder(at position: Int) -> DecoderCore {
        DecoderCore(owner: owner ?? self, position: position)
    }

    // MARK: Keys

    /// Orders a wanted key against the one that is there.
    @inline(__always)
    private func compare(
        _ rank: UInt8,
        _ argument: UInt64,
        _ text: String?,
        with head: DecoderSource.Head
    ) -> Int {
        if rank != head.major { return rank < head.major ? -1 : 1 }
        guard let text else {
            return argument == head.argument ? 0 : (argument < head.argument ? -1 : 1)
        }
        return compareText(text, with: head)
    }

    private func compareText(_ text: String, with head: DecoderSource.Head) -> Int {
        var text = text
        return text.withUTF8 { wanted in
            let there = source.units(head)
            if wanted.count != there.count { return wanted.count < there.count ? -1 : 1 }
            for index in 0..<wanted.count where wanted[index] != there[index] {
                return wanted[index] < there[index] ? -1 : 1
            }
            return 0
        }
    }

    /// Gives where the key's value stands, or -1.
    @inline(__always)
    func find(
        _ key: some CodingKey,
        start: Int,
        count: Int,
        slot: Int,
        isAsked: Bool = true
    ) -> Int {
        if let value = key.intValue {
            let isNegative = value < 0
            return find(
                isNegative ? 1 : 0,
                UInt64(truncatingIfNeeded: isNegative ? ~value : value),
                nil,
                start,
                count,
                slot,
                isAsked
            )
        }
        return find(3, 0, key.stringValue, start, count, slot, isAsked)
    }

    private func find(
        _ rank: UInt8,
        _ argument: UInt64,
        _ text: String?,
        _ start: Int,
        _ count: Int,
        _ slot: Int,
        _ isAsked: Bool
    ) -> Int {
        var cursor = cursors[slot]
        if cursor.map != start {
            cursor = Cursor(map: start, position: start)
        } else if cursor.isAtValue {
            cursor.position = source.end(of: cursor.position)
            cursor.index &+= 1
            cursor.isAtValue = false
        }
        if cursor.last >= 0 {
            if compare(rank, argument, text, with: source.head(cursor.last)) <= 0 {
                cursor = Cursor(map: start, position: start)
            }
        }
        var found = -1
        while cursor.index < count {
            let head = source.head(cursor.position)
            let order = compare(rank, argument, text, with: head)
            if order < 0 { break }
            let value =
                text == nil && order == 0 ? head.next : source.end(of: cursor.position)
            cursor.last = cursor.position
            if order == 0 {
                if isAsked, source.recordsKeys { source.noteKey(cursor.position) }
                cursor.position = value
                cursor.isAtValue = true
                found = value
                break
            }
            cursor.position = source.end(of: value)
            cursor.index &+= 1
        }
        cursors[slot] = cursor
        return found
    }
}

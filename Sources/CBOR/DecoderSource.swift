// SPDX-License-Identifier: Apache-2.0

/// Moves about in one item that has been checked, without further checks.
///
/// The first ``DecoderCore`` of a decoding owns the memory, and every other one keeps it alive.
struct DecoderSource {
    private let base: UnsafeMutableRawPointer
    private let record: UnsafeMutablePointer<KeyRecord>?

    /// Holds which maps were opened and which keys were asked for, a flag for every byte.
    private struct KeyRecord {
        var maps: [Int: Int] = [:]
        var isAsked: [Bool]
    }

    /// Makes a copy of the bytes behind `headroom` bytes that the caller may use.
    ///
    /// - Returns: the source, and the memory that ``release(_:)`` takes back.
    static func copy(
        _ bytes: [UInt8],
        headroom: Int,
        recordsKeys: Bool
    ) -> (source: DecoderSource, memory: UnsafeMutableRawPointer) {
        // Eight bytes more, so that a head can be loaded as one word.
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: headroom + bytes.count + 8,
            alignment: 16
        )
        let base = memory + headroom
        bytes.withUnsafeBytes {
            if let source = $0.baseAddress { base.copyMemory(from: source, byteCount: $0.count) }
        }
        guard recordsKeys else { return (DecoderSource(base: base, record: nil), memory) }
        let record = UnsafeMutablePointer<KeyRecord>.allocate(capacity: 1)
        record.initialize(
            to: KeyRecord(isAsked: [Bool](repeating: false, count: bytes.count + 1))
        )
        return (DecoderSource(base: base, record: record), memory)
    }

    /// Gives the memory back; nothing may be read afterwards.
    func release(_ memory: UnsafeMutableRawPointer) {
        memory.deallocate()
        record?.deinitialize(count: 1)
        record?.deallocate()
    }

    /// Says what an item's head holds and where its content, or the next item, starts.
    struct Head: BitwiseCopyable {
        let major: UInt8
        let argument: UInt64
        let next: Int
    }

    @inline(__always)
    func byte(_ offset: Int) -> UInt8 { base.load(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    func head(_ offset: Int) -> Head {
        let initial = byte(offset)
        let info = initial & 31
        if info < 24 {
            return Head(major: initial >> 5, argument: UInt64(info), next: offset &+ 1)
        }
        let size = 1 &<< Int(info &- 24)
        let word = UInt64(
            bigEndian: base.loadUnaligned(fromByteOffset: offset &+ 1, as: UInt64.self)
        )
        return Head(
            major: initial >> 5,
            argument: word &>> UInt64(64 &- size &* 8),
            next: offset &+ 1 &+ size
        )
    }

    /// Gives the place behind the item that starts here.
    @inline(__always)
    func end(of offset: Int) -> Int {
        let head = head(offset)
        switch head.major {
        case 2, 3: return head.next &+ Int(truncatingIfNeeded: head.argument)
        case 4, 5: return endOfContainer(offset)
        default: return head.next
        }
    }

    private func endOfContainer(_ offset: Int) -> Int {
        var offset = offset
        var left = 1
        while left > 0 {
            left &-= 1
            let head = head(offset)
            offset = head.next
            switch head.major {
            case 2, 3: offset &+= Int(truncatingIfNeeded: head.argument)
            case 4: left &+= Int(truncatingIfNeeded: head.argument)
            case 5: left &+= Int(truncatingIfNeeded: head.argument) &* 2
            default: break
            }
        }
        return offset
    }

    @inline(__always)
    func units(_ head: Head) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
            start: UnsafePointer((base + head.next).assumingMemoryBound(to: UInt8.self)),
            count: Int(truncatingIfNeeded: head.argument)
        )
    }

    func copyItem(at offset: Int) -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: base + offset, count: end(of: offset) - offset))
    }

    // MARK: Unknown keys

    @inline(__always)
    var recordsKeys: Bool { record != nil }

    func noteMap(firstKey: Int, count: Int) {
        record?.pointee.maps[firstKey] = count
    }

    func noteKey(_ offset: Int) {
        record?.pointee.isAsked[offset] = true
    }

    /// Finds a key of an opened map that nothing has asked for.
    ///
    /// It is looked for when the whole value is there, because a type may request a map's
    /// container more than once and ask each for some of the keys.
    func firstUnknownKey() -> Int? {
        guard let record = record?.pointee else { return nil }
        var first: Int?
        for (start, count) in record.maps {
            var offset = start
            for _ in 0..<count {
                if !record.isAsked[offset] { first = min(first ?? offset, offset) }
                offset = end(of: end(of: offset))
            }
        }
        return first
    }
}

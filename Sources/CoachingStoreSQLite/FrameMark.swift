// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore

/// The length of a stored frame and a sum over its whole row, so that a flipped bit is noticed.
///
/// The sum guards against accidents of disks and memory, not against people; the chain of heads
/// does that. Any change within one eight-byte word is noticed for certain, others almost surely.
///
/// - Shape: `[length: u32 BE][sum: u64 BE]`, 12 bytes always.
struct FrameMark: Hashable {
    static let byteCount = 12

    var length: UInt32
    var sum: UInt64

    init(
        stream: StreamID,
        number: UInt64,
        digest: Bytes32,
        head: Bytes32,
        frame: UnsafeRawBufferPointer
    ) {
        length = UInt32(truncatingIfNeeded: frame.count)
        var sum = Sum()
        sum.add(stream.value.high)
        sum.add(stream.value.low)
        sum.add(number)
        sum.add(digest)
        sum.add(head)
        sum.add(UInt64(length))
        sum.add(frame)
        self.sum = sum.value
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        length = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
        sum = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
    }

    func store(into bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: length.bigEndian, as: UInt32.self)
        bytes.storeBytes(of: sum.bigEndian, toByteOffset: 4, as: UInt64.self)
    }
}

private struct Sum {
    var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Mixes one word in; for a given word each state has its own successor, and the reverse.
    mutating func add(_ word: UInt64) {
        let mixed = (value ^ word) &* 0xD6E8_FEB8_6659_FD93
        value = mixed << 29 | mixed >> 35
    }

    mutating func add(_ words: Bytes32) {
        add(words.words.0)
        add(words.words.1)
        add(words.words.2)
        add(words.words.3)
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while bytes.count - offset >= 8 {
            add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        add(rest)
    }
}

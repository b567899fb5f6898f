// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Holds the frames that wait for one peer.
///
/// Buffers of pushes are shared by all their receivers; nothing is copied here but when several
/// small frames go into one TLS record.
struct OutgoingQueue {
    private struct Item {
        let buffer: ByteBuffer
        let isPush: Bool

        var bytes: Int { buffer.readableBytes }
    }

    /// Keeps a chunk within one TLS record (16 KiB with its overhead).
    static let chunkBytesMax = 16_000

    private var items = CircularBuffer<Item>()
    private(set) var bytes = 0
    private(set) var replyBytes = 0

    var isEmpty: Bool { items.isEmpty }
    var count: Int { items.count }
    var hasPushes: Bool { bytes > replyBytes }

    mutating func append(_ buffer: ByteBuffer, isPush: Bool) {
        items.append(Item(buffer: buffer, isPush: isPush))
        bytes += buffer.readableBytes
        if !isPush { replyBytes += buffer.readableBytes }
    }

    /// Tells whether one more frame would go over the limits.
    func isFull(for buffer: ByteBuffer, _ limits: TransportLimits) -> Bool {
        bytes + buffer.readableBytes > limits.queueBytesMax || items.count >= limits.queueFramesMax
    }

    /// Drops all pushes and keeps the replies in their order.
    mutating func dropPushes() {
        guard hasPushes else { return }
        items = CircularBuffer(items.filter { !$0.isPush })
        bytes = replyBytes
    }

    mutating func removeAll() {
        items = CircularBuffer()
        bytes = 0
        replyBytes = 0
    }

    /// Takes the next chunk: one frame uncopied in the usual case, several small ones as one.
    mutating func takeChunk() -> ByteBuffer? {
        guard let first = items.popFirst() else { return nil }
        taken(first)
        guard let second = items.first, first.bytes + second.bytes <= Self.chunkBytesMax else {
            return first.buffer
        }
        var (count, bytes) = (1, first.bytes + second.bytes)
        while count < items.count {
            let more = items[offset: count].bytes
            guard bytes + more <= Self.chunkBytesMax else { break }
            bytes += more
            count += 1
        }
        // Made at once as large as it must be: the frames' own buffers are shared and stay so.
        var chunk = ByteBufferAllocator().buffer(capacity: bytes)
        chunk.writeImmutableBuffer(first.buffer)
        for _ in 0..<count {
            let next = items.removeFirst()
            taken(next)
            chunk.writeImmutableBuffer(next.buffer)
        }
        return chunk
    }

    private mutating func taken(_ item: Item) {
        bytes -= item.buffer.readableBytes
        if !item.isPush { replyBytes -= item.buffer.readableBytes }
    }
}

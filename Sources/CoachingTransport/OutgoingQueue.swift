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
        var chunk = first.buffer
        while let next = items.first,
            chunk.readableBytes + next.buffer.readableBytes <= Self.chunkBytesMax
        {
            chunk.writeImmutableBuffer(next.buffer)
            taken(next)
            items.removeFirst()
        }
        return chunk
    }

    private mutating func taken(_ item: Item) {
        bytes -= item.buffer.readableBytes
        if !item.isPush { replyBytes -= item.buffer.readableBytes }
    }
}

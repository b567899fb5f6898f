// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Says in which way a peer broke the framing.
public enum FrameViolation: Error, Hashable, Sendable {
    /// A length of zero.
    case empty
    /// A length over the limit; found before the body was there.
    case tooLong(bytes: UInt32, bytesMax: UInt32)
    /// The rest of a frame did not come in time.
    case late
}

/// Cuts a stream of bytes into frames.
///
/// Copies each body once, out of the buffer of the TLS library, and keeps no slice of it: a kept
/// slice would make that library allocate anew. What is kept of an unfinished frame grows with
/// what arrived, never with what was announced.
///
/// - Shape: `[length: u32 BE][body: length bytes]`.
struct FrameReader {
    enum Step: Equatable {
        case frame([UInt8])
        case needMore
        case violation(FrameViolation)
    }

    private var head: UInt32 = 0
    private var headBytes = 0
    private var body: [UInt8] = []

    /// Tells whether a frame has begun and is not whole.
    var isPartial: Bool { headBytes > 0 }

    /// Takes one frame out of a buffer, or all of the buffer when it has no whole frame.
    ///
    /// After a violation the stream has no meaning any more; the caller closes it.
    mutating func next(from buffer: inout ByteBuffer, bytesMax: Int) -> Step {
        if headBytes < 4 {
            guard readHead(from: &buffer) else { return .needMore }
            guard head > 0 else { return .violation(.empty) }
            guard head <= bytesMax else {
                return .violation(
                    .tooLong(bytes: head, bytesMax: UInt32(clamping: bytesMax))
                )
            }
        }
        let missing = Int(head) - body.count
        let count = min(missing, buffer.readableBytes)
        if body.isEmpty, count == missing {
            guard let whole = buffer.readBytes(length: count) else { return .needMore }
            headBytes = 0
            return .frame(whole)
        }
        body.append(contentsOf: buffer.readableBytesView.prefix(count))
        buffer.moveReaderIndex(forwardBy: count)
        guard count == missing else { return .needMore }
        headBytes = 0
        let whole = body
        body = []
        return .frame(whole)
    }

    private mutating func readHead(from buffer: inout ByteBuffer) -> Bool {
        if headBytes == 0, let whole = buffer.readInteger(as: UInt32.self) {
            head = whole
            headBytes = 4
            return true
        }
        if headBytes == 0 { head = 0 }
        while headBytes < 4 {
            guard let byte = buffer.readInteger(as: UInt8.self) else { return false }
            head = head << 8 | UInt32(byte)
            headBytes += 1
        }
        return true
    }
}

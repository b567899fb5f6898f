// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import CoachingTransport

@Suite struct FrameReaderTests {
    private func stream(_ bodies: [[UInt8]]) -> [UInt8] {
        bodies.flatMap { wholeFrame($0) }
    }

    @Test func `frames split at every byte come out whole and in order`() {
        let bodies: [[UInt8]] = [[1], Array(repeating: 2, count: 300), [3, 4], [5]]
        let bytes = stream(bodies)
        for first in 0...bytes.count {
            for second in Set([first, min(bytes.count, first + 1), bytes.count]) {
                var reader = FrameReader()
                var found: [[UInt8]] = []
                for part in [bytes[..<first], bytes[first..<second], bytes[second...]] {
                    var buffer = ByteBuffer(bytes: part)
                    while case .frame(let body) = reader.next(from: &buffer, bytesMax: 300) {
                        found.append(body)
                    }
                    #expect(buffer.readableBytes == 0)
                }
                #expect(found == bodies, "split at \(first), \(second)")
                #expect(!reader.isPartial)
            }
        }
    }

    @Test func `frames that come byte by byte come out whole`() {
        let bodies: [[UInt8]] = [Array(1...9), [7]]
        var reader = FrameReader()
        var found: [[UInt8]] = []
        for byte in stream(bodies) {
            var buffer = ByteBuffer(bytes: [byte])
            if case .frame(let body) = reader.next(from: &buffer, bytesMax: 9) {
                found.append(body)
            }
        }
        #expect(found == bodies)
    }

    @Test func `a length over the limit is refused before the body arrives`() {
        var reader = FrameReader()
        var buffer = ByteBuffer(bytes: [0, 0, 0, 11])
        #expect(
            reader.next(from: &buffer, bytesMax: 10)
                == .violation(.tooLong(bytes: 11, bytesMax: 10))
        )
        var largest = FrameReader()
        buffer = ByteBuffer(bytes: [255, 255, 255, 255])
        #expect(
            largest.next(from: &buffer, bytesMax: 10)
                == .violation(.tooLong(bytes: .max, bytesMax: 10))
        )
    }

    @Test func `a length of the limit is taken, of zero refused`() {
        var reader = FrameReader()
        var buffer = ByteBuffer(bytes: wholeFrame(Array(repeating: 1, count: 10)))
        #expect(reader.next(from: &buffer, bytesMax: 10) == .frame(Array(repeating: 1, count: 10)))
        buffer = ByteBuffer(bytes: [0, 0, 0, 0])
        #expect(reader.next(from: &buffer, bytesMax: 10) == .violation(.empty))
    }

    @Test func `an unfinished frame is known as such from its first byte`() {
        var reader = FrameReader()
        #expect(!reader.isPartial)
        for part: [UInt8] in [[0], [0, 0], [2], [9]] {
            var buffer = ByteBuffer(bytes: part)
            #expect(reader.next(from: &buffer, bytesMax: 10) == .needMore)
            #expect(reader.isPartial)
        }
        var buffer = ByteBuffer(bytes: [8])
        #expect(reader.next(from: &buffer, bytesMax: 10) == .frame([9, 8]))
        #expect(!reader.isPartial)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import Testing

@Suite struct `Files in chunks` {
    static let chunk = SealedFile.chunkBytes
    let secret = Bytes32(1, 2, 3, 4)
    let transcript = TranscriptID(Bytes16(high: 5, low: 6))

    /// A file as it is stored: the salt and the sealed chunks.
    struct Stored {
        var salt: [UInt8]
        var chunks: [[UInt8]]
    }

    func content(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    func seal(_ content: [UInt8], seed: UInt64 = 1) throws -> Stored {
        var generator = SeededGenerator(seed: seed)
        var writer = SealedFile.Writer(secret: secret, transcript: transcript, using: &generator)
        var chunks: [[UInt8]] = []
        var place = 0
        repeat {
            let end = min(place + Self.chunk, content.count)
            let isLast = end == content.count
            chunks.append(try writer.seal(Array(content[place..<end]), isLast: isLast))
            place = end
        } while place < content.count
        return Stored(salt: writer.salt, chunks: chunks)
    }

    func open(_ stored: Stored) throws -> [UInt8] {
        var reader = try SealedFile.Reader(
            secret: secret,
            transcript: transcript,
            salt: stored.salt
        )
        var content: [UInt8] = []
        for (index, chunk) in stored.chunks.enumerated() {
            content += try reader.open(chunk, isLast: index == stored.chunks.count - 1)
        }
        try reader.finish()
        return content
    }

    @Test(arguments: [
        (0, 1), (1, 1), (65_535, 1), (65_536, 1), (65_537, 2), (256 * 65_536 + 1, 257),
    ])
    func `files of every length come back`(_ count: Int, _ chunks: Int) throws {
        let content = content(count)
        let stored = try seal(content)
        #expect(stored.chunks.count == chunks)
        #expect(stored.chunks.reduce(0) { $0 + $1.count } == count + 16 * chunks)
        #expect(stored.chunks.dropLast().allSatisfy { $0.count == SealedFile.sealedChunkBytes })
        #expect(try open(stored) == content)
    }

    @Test func `a file cut short, lengthened or in another order does not open`() throws {
        let stored = try seal(content(3 * Self.chunk + 10))
        let chunks = stored.chunks
        let extra = try seal(content(Self.chunk), seed: 1).chunks
        let others: [[[UInt8]]] = [
            Array(chunks.dropLast()), Array(chunks.dropFirst()), [],
            [chunks[1], chunks[0], chunks[2], chunks[3]],
            [chunks[0], chunks[0], chunks[2], chunks[3]],
            chunks + [chunks[3]], chunks + extra, [chunks[3]],
            [chunks[0], chunks[1], chunks[2], Array(chunks[3].dropLast())],
            [chunks[0], chunks[1], Array(chunks[2].dropLast()), chunks[3]],
            [chunks[0], chunks[1], chunks[2], chunks[3] + [0]],
        ]
        for (index, changed) in others.enumerated() {
            #expect(throws: SealError.cannotOpen, "case \(index)") {
                try open(Stored(salt: stored.salt, chunks: changed))
            }
        }
    }

    @Test func `no flipped bit opens, nor another salt, key or transcript`() throws {
        let stored = try seal(content(200))
        for index in stored.chunks[0].indices {
            var changed = stored
            changed.chunks[0][index] ^= 1 << (index & 7)
            #expect(throws: SealError.cannotOpen) { try open(changed) }
        }
        for index in stored.salt.indices {
            var changed = stored
            changed.salt[index] ^= 1 << (index & 7)
            #expect(throws: SealError.cannotOpen) { try open(changed) }
        }
        for salt in [[], stored.salt + [0], Array(stored.salt.dropLast())] {
            #expect(throws: SealError.cannotOpen) {
                try open(Stored(salt: salt, chunks: stored.chunks))
            }
        }
        for (secret, transcript) in [
            (Bytes32(1, 2, 3, 5), transcript),
            (secret, TranscriptID(Bytes16(high: 5, low: 7))),
        ] {
            var reader = try SealedFile.Reader(
                secret: secret,
                transcript: transcript,
                salt: stored.salt
            )
            #expect(throws: SealError.cannotOpen) {
                try reader.open(stored.chunks[0], isLast: true)
            }
        }
    }

    @Test func `a full last chunk is not taken for one in the middle, nor the other way`() throws {
        let one = try seal(content(Self.chunk))
        let two = try seal(content(Self.chunk + 1))
        for (stored, isLast) in [(one, false), (two, true)] {
            var reader = try SealedFile.Reader(
                secret: secret,
                transcript: transcript,
                salt: stored.salt
            )
            #expect(throws: SealError.cannotOpen) {
                try reader.open(stored.chunks[0], isLast: isLast)
            }
        }
    }

    @Test func `nothing comes after the last chunk`() throws {
        let stored = try seal(content(10))
        var reader = try SealedFile.Reader(
            secret: secret,
            transcript: transcript,
            salt: stored.salt
        )
        #expect(throws: SealError.cannotOpen) { try reader.finish() }
        _ = try reader.open(stored.chunks[0], isLast: true)
        try reader.finish()
        #expect(throws: SealError.cannotOpen) { try reader.open(stored.chunks[0], isLast: true) }
        #expect(throws: SealError.cannotOpen) {
            try reader.open([UInt8](repeating: 0, count: 16), isLast: true)
        }
    }

    @Test func `chunks of other lengths are not sealed`() throws {
        var generator = SeededGenerator(seed: 2)
        var writer = SealedFile.Writer(secret: secret, transcript: transcript, using: &generator)
        for (count, isLast) in [
            (0, false), (1, false), (Self.chunk - 1, false), (Self.chunk + 1, true),
            (Self.chunk + 1, false),
        ] {
            #expect(throws: SealError.tooLong) {
                try writer.seal(content(count), isLast: isLast)
            }
        }
        _ = try writer.seal(content(Self.chunk), isLast: false)
        #expect(throws: SealError.tooLong) { try writer.seal([], isLast: true) }
        _ = try writer.seal([1], isLast: true)
        #expect(throws: SealError.tooLong) { try writer.seal([1], isLast: true) }
    }
}

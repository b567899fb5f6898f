// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import CoachingSeal
import Testing

@Suite struct `Files as lines name them` {
    private func file(_ bytes: Int = 70_000, name: String = "brief.pdf") -> HandedFile {
        HandedFile(
            file: Bytes32(1, 2, 3, 4),
            bytes: bytes,
            name: name,
            secret: Bytes32(5, 6, 7, 8),
            salt: Bytes16(high: 9, low: 10)
        )
    }

    @Test(arguments: [(0, 1), (1, 1), (65_536, 1), (65_537, 2), (16 << 20, 256)])
    func `are written and read alike, with as many chunks as they need`(
        _ bytes: Int,
        _ chunks: Int
    ) throws {
        let body = EntryBody(
            text: "",
            file: file(bytes),
            saidBefore: SaidBefore(
                at: Timestamp(milliseconds: 1),
                key: KeyID(Bytes16(high: 1, low: 2)),
                counter: 3
            )
        )
        let read = try EntryBody.decoded(body.encoded())
        #expect(read == body)
        #expect(read.file?.chunks == chunks)
    }

    @Test func `that cannot be are not written and not read`() {
        let wrong = [
            file((16 << 20) + 1), file(name: ""),
            file(name: String(repeating: "a", count: 256)),
        ]
        #expect(throws: SealError.tooLong) { try EntryBody(text: "", file: file(-1)).encoded() }
        for one in wrong {
            let body = EntryBody(text: "", file: one)
            #expect(throws: SealError.tooLong) { try body.encoded() }
            #expect(throws: SealError.cannotOpen) { try EntryBody.decoded(body.cborBytes()) }
        }
    }

    @Test func `whose chunks are not as many as their length needs are not read`() throws {
        let good = EntryBody(text: "", file: file(10)).cborBytes()
        // {.., 10: {0: hash, 1: 10, 2: 1, ..
        let place = try #require(good.indices.last { good[$0...].starts(with: [1, 10, 2, 1, 3]) })
        for (offset, value) in [(1, 11), (3, 2), (3, 0)] as [(Int, UInt8)] {
            var other = good
            other[place + offset] = value
            let isFine = (try? EntryBody.decoded(other)) != nil
            #expect(isFine == (value == 11))
        }
    }
}

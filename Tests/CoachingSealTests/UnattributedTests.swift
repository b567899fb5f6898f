// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import Testing

@testable import CoachingSeal

@Suite struct `Answers without a name` {
    @Test func `an answer without a name opens at its own length alone`() throws {
        let envelopes = try Envelopes()
        let sender = envelopes.sender()
        let header = EntryHeader.unattributed(
            transcript: sender.transcript,
            key: sender.id,
            kind: .answer
        ).encoded()
        func open(least: Int) throws -> [UInt8] {
            let sealed = try ChunkSealing.sealAll(
                Padding.pad(envelopes.body.encoded(), least: least),
                secret: Bytes32(1, 0, 0, 0).symmetricKey,
                salt: [UInt8](repeating: 3, count: 16),
                binding: Hashing.hash(header)
            )
            let item = EntryItem.encoded(header: header, sealed: sealed, signature: [])
            guard case .entry(let entry) = try ContentItem.parse(item) else { return [] }
            return try envelopes.opening(sender).open(entry.unattributed())
        }
        let opened = try EntryBody.decoded(open(least: Padding.unattributedLeast))
        #expect(opened == envelopes.body)
        #expect(throws: SealError.cannotOpen) { try open(least: Padding.least) }
    }

    @Test func `the nonce holds the chunk's number and whether it is the last`() {
        #expect(ChunkSealing.nonce(0, isLast: true) == [UInt8](repeating: 0, count: 11) + [1])
        let number: UInt64 = 0x0102_0304_0506_0708
        #expect(ChunkSealing.nonce(number, isLast: false) == [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0])
    }
}

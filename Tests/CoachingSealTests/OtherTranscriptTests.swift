// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Testing

/// A key is for one transcript; what belongs to another is not even known here.
@Suite struct `Keys of other transcripts` {
    @Test func `a key of another transcript is not taken`() throws {
        let envelopes = try Envelopes()
        let sender = envelopes.sender()
        let key = try envelopes.verified(envelopes.event(sender))
        let other = TranscriptID(room: envelopes.room, key: .peers)
        #expect(sender.transcript != other)
        var opening = Opening(transcript: other)
        #expect(throws: SealError.cannotOpen) {
            try opening.add(key, with: envelopes.keyring)
        }
        #expect(throws: SealError.cannotOpen) {
            try opening.add(key, secret: Bytes32(1, 0, 0, 0))
        }
        #expect(!opening.knows(sender.id))
        #expect(!opening.holds(sender.id))
    }
}

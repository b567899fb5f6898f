// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Testing

@Suite struct `Sealing and opening in suite 0` {
    let author: SigningKey
    let other: SigningKey
    let room: RoomID
    let body = EntryBody(text: "What did you notice?")

    init() throws {
        author = try SigningKey(rawBytes: [UInt8](repeating: 1, count: 32))
        other = try SigningKey(rawBytes: [UInt8](repeating: 2, count: 32))
        room = RoomID(Bytes16(high: 1, low: 2))
    }

    func sender(
        _ signer: SigningKey? = nil,
        secret: UInt64 = 1,
        key: TranscriptKey = .room
    ) -> SenderKey {
        SenderKey(
            secret: Bytes32(secret, 0, 0, 0),
            signer: signer ?? author,
            room: room,
            key: key,
            audience: .zero,
            position: 3,
            epoch: 1
        )
    }

    func verified(_ item: [UInt8], by signer: SigningKey) throws -> VerifiedKey {
        guard case .key(let key) = try ContentItem.parse(item) else { throw SealError.cannotOpen }
        return try key.verified(by: signer.verifyingKey)
    }

    func sealed(_ sender: inout SenderKey) throws -> [UInt8] {
        try sender.seal(body.encoded(), kind: .ask, seenNumber: 1, seenHead: .zero)
    }

    /// Knows the key of this sender.
    func opening(_ sender: SenderKey) throws -> Opening {
        var opening = Opening(transcript: sender.transcript)
        try opening.add(verified(sender.announcement(), by: author))
        return opening
    }

    @Test func `an entry opens under the key that was announced`() throws {
        var sender = sender()
        let item = try sealed(&sender)
        let plaintext = try opening(sender).open(item, signedBy: author.verifyingKey)
        #expect(try EntryBody.decoded(plaintext) == body)
    }

    @Test func `keys have their own names though nothing is sealed`() throws {
        #expect(sender(secret: 1).id != sender(secret: 2).id)
        #expect(sender(secret: 1).id == sender(secret: 1).id)
        #expect(sender().header.suite == .clear)
        #expect(sender().headerBytes == sender().header.encoded())
    }

    @Test func `counters go up by one and back only to what was used`() throws {
        var sender = sender()
        func counter(_ item: [UInt8]) throws -> UInt64 {
            guard case .entry(let entry) = try ContentItem.parse(item) else { return 0 }
            return entry.header.counter
        }
        #expect(try counter(sealed(&sender)) == 1)
        #expect(try counter(sealed(&sender)) == 2)
        #expect(try counter(sealed(&sender)) == 3)
        sender.rewind(to: 2)
        #expect(try counter(sealed(&sender)) == 2)
        for strange in [0, 3, 4, 99, UInt64.max] {
            sender.rewind(to: strange)
            #expect(sender.nextCounter == 3)
        }
    }

    @Test func `an entry that cannot be sealed takes no counter`() throws {
        var sender = sender()
        #expect(throws: SealError.tooLong) {
            try sender.seal(
                [UInt8](repeating: 0, count: 70_000),
                kind: .say,
                seenNumber: 0,
                seenHead: .zero
            )
        }
        #expect(sender.nextCounter == 1)
    }

    @Test func `every flipped bit gives the same failure`() throws {
        var sender = sender()
        let item = try sealed(&sender)
        let opening = try self.opening(sender)
        for index in item.indices {
            var changed = item
            changed[index] ^= 1 << (index & 7)
            #expect(throws: SealError.cannotOpen) {
                try opening.open(changed, signedBy: author.verifyingKey)
            }
        }
    }

    @Test func `an unknown key, another signer and another transcript fail alike`() throws {
        var sender = sender()
        let item = try sealed(&sender)
        #expect(throws: SealError.cannotOpen) {
            try Opening(transcript: sender.transcript).open(item, signedBy: author.verifyingKey)
        }
        #expect(throws: SealError.cannotOpen) {
            try self.opening(sender).open(item, signedBy: other.verifyingKey)
        }
        var elsewhere = self.sender(secret: 2, key: .peers)
        let stranger = try sealed(&elsewhere)
        #expect(throws: SealError.cannotOpen) {
            try self.opening(sender).open(stranger, signedBy: author.verifyingKey)
        }
        var opening = try self.opening(sender)
        let foreign = try verified(elsewhere.announcement(), by: author)
        #expect(throws: SealError.cannotOpen) { try opening.add(foreign) }
        #expect(throws: SealError.cannotOpen) {
            try opening.open(sender.announcement(), signedBy: author.verifyingKey)
        }
    }

    @Test func `an entry under another device's key cannot be opened`() throws {
        let sender = sender()
        let header = EntryHeader(
            transcript: sender.transcript,
            key: sender.id,
            device: other.device,
            counter: 1,
            kind: .say,
            seenNumber: 0,
            seenHead: .zero
        )
        let sealed = try Padding.pad(body.encoded())
        let signature = try other.sign(
            .entry,
            body: header.encoded() + Hashing.hash(sealed).bytes
        )
        let item = EntryItem.encoded(
            header: header.encoded(),
            sealed: sealed,
            signature: signature
        )
        #expect(throws: SealError.cannotOpen) {
            try opening(sender).open(item, signedBy: other.verifyingKey)
        }
    }

    @Test func `a key of a suite that seals is not taken`() throws {
        var header = sender().header
        header.suite = .p256
        let signature = try author.sign(
            .key,
            body: header.encoded() + Hashing.hash(KeyItem.noWraps).bytes
        )
        let item = KeyItem.encoded(
            header: header.encoded(),
            wraps: KeyItem.noWraps,
            signature: signature
        )
        let key = try verified(item, by: author)
        var opening = Opening(transcript: sender().transcript)
        #expect(throws: SealError.cannotOpen) { try opening.add(key) }
    }

    @Test func `an answer without a name opens at its own length alone`() throws {
        let sender = sender()
        let header = EntryHeader.unattributed(
            transcript: sender.transcript,
            key: sender.id,
            kind: .answer
        )
        func open(least: Int) throws -> [UInt8] {
            let item = EntryItem.encoded(
                header: header.encoded(),
                sealed: try Padding.pad(body.encoded(), least: least),
                signature: []
            )
            guard case .entry(let entry) = try ContentItem.parse(item) else { return [] }
            return try opening(sender).open(entry.unattributed())
        }
        #expect(try EntryBody.decoded(open(least: Padding.unattributedLeast)) == body)
        #expect(throws: SealError.cannotOpen) { try open(least: Padding.least) }
    }

    @Test func `a key is used up after its last entry`() throws {
        var sender = SenderKey(
            secret: .zero,
            signer: author,
            room: room,
            key: .room,
            audience: .zero,
            position: 1,
            epoch: 1,
            entriesMax: 2
        )
        for _ in 0..<2 {
            _ = try sealed(&sender)
        }
        #expect(throws: SealError.keyUsedUp) { try sealed(&sender) }
        #expect(sender.nextCounter == 3)
    }

    @Test func `no description holds a key`() {
        #expect("\(sender())" == "SenderKey")
    }
}

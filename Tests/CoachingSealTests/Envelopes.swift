// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal

/// Two people with a device each, and a room in which the first writes.
struct Envelopes {
    let author: SigningKey
    let other: SigningKey
    let authorKey: EncryptionKey
    let otherKey: EncryptionKey
    let room = RoomID(Bytes16(high: 1, low: 2))
    let body = EntryBody(text: "What did you notice?")

    init() throws {
        var generator = SeededGenerator(seed: 77)
        author = try SigningKey(using: &generator)
        other = try SigningKey(using: &generator)
        authorKey = try EncryptionKey(using: &generator)
        otherKey = try EncryptionKey(using: &generator)
    }

    var recipients: [KeyRecipient] {
        [
            KeyRecipient(id: author.device, publicKey: authorKey.publicKey),
            KeyRecipient(id: other.device, publicKey: otherKey.publicKey),
        ]
    }

    var keyring: DeviceKeyring { DeviceKeyring(device: other.device, keys: [otherKey]) }

    func sender(
        _ signer: SigningKey? = nil,
        secret: UInt64 = 1,
        key: TranscriptKey = .room,
        entriesMax: UInt64 = SenderKey.entriesMax
    ) -> SenderKey {
        SenderKey(
            secret: Bytes32(secret, 0, 0, 0),
            signer: signer ?? author,
            room: room,
            key: key,
            audience: .zero,
            position: 3,
            epoch: 1,
            entriesMax: entriesMax
        )
    }

    func event(_ sender: SenderKey) throws -> [UInt8] { try sender.announcement(to: recipients) }

    func entry(
        _ sender: inout SenderKey,
        _ plaintext: [UInt8]? = nil,
        seed: UInt64 = 9
    ) throws -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return try sender.seal(
            plaintext ?? body.encoded(),
            kind: .ask,
            seenNumber: 1,
            seenHead: .zero,
            using: &generator
        )
    }

    func verified(_ item: [UInt8], by signer: SigningKey? = nil) throws -> VerifiedKey {
        guard case .key(let key) = try ContentItem.parse(item) else { throw SealError.cannotOpen }
        return try key.verified(by: (signer ?? author).verifyingKey)
    }

    /// Knows the key of this sender, as the second person's device.
    func opening(_ sender: SenderKey) throws -> Opening {
        var opening = Opening(transcript: sender.transcript)
        try opening.add(verified(event(sender)), with: keyring)
        return opening
    }

    /// Reads a key event and an entry as the second person's device does; `nil` where not.
    func read(_ event: [UInt8], _ entry: [UInt8]) -> [UInt8]? {
        guard let key = try? verified(event) else { return nil }
        var opening = Opening(transcript: key.item.header.transcript)
        guard (try? opening.add(key, with: keyring)) != nil else { return nil }
        return try? opening.open(entry, signedBy: author.verifyingKey)
    }
}

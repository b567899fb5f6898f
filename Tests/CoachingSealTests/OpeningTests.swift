// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Testing

@Suite struct `Sealing and opening` {
    let envelopes: Envelopes

    init() throws { envelopes = try Envelopes() }

    @Test func `an entry opens for every device to which its key is wrapped`() throws {
        var sender = envelopes.sender()
        let (event, item) = (try envelopes.event(sender), try envelopes.entry(&sender))
        for (device, key) in [
            (envelopes.author.device, envelopes.authorKey),
            (envelopes.other.device, envelopes.otherKey),
        ] {
            var opening = Opening(transcript: sender.transcript)
            let keyring = DeviceKeyring(device: device, keys: [key])
            try opening.add(envelopes.verified(event), with: keyring)
            let plaintext = try opening.open(item, signedBy: envelopes.author.verifyingKey)
            #expect(try EntryBody.decoded(plaintext) == envelopes.body)
        }
    }

    @Test(arguments: [0, 1, 200, 255, 256, 4_000, 65_534, 65_535])
    func `every length comes back`(_ count: Int) throws {
        var sender = envelopes.sender()
        var generator = SeededGenerator(seed: UInt64(count))
        let plaintext = generator.bytes(count)
        let event = try envelopes.event(sender)
        let item = try envelopes.entry(&sender, plaintext)
        #expect(envelopes.read(event, item) == plaintext)
        guard case .entry(let entry) = try ContentItem.parse(item) else { return }
        #expect(entry.sealed.count == 16 + Padding.paddedCount(count) + 16)
    }

    @Test func `nothing of a text can be seen in its entry`() throws {
        var sender = envelopes.sender()
        let text = Array("What did you notice?".utf8)
        let item = try envelopes.entry(&sender)
        for start in 0...item.count - 8 {
            #expect(!text.starts(with: item[start..<start + 8]))
        }
        // The same words under the same key with another salt share nothing.
        let again = try envelopes.entry(&sender, seed: 10)
        guard case .entry(let one) = try ContentItem.parse(item),
            case .entry(let two) = try ContentItem.parse(again)
        else { return }
        let same = zip(one.sealed, two.sealed).filter { $0 == $1 }.count
        #expect(same < 20)
    }

    @Test func `keys have their own names`() {
        let sender = envelopes.sender(secret: 1)
        #expect(sender.id != envelopes.sender(secret: 2).id)
        #expect(sender.id == envelopes.sender(secret: 1).id)
        #expect(sender.header.suite == .p256)
        #expect(sender.headerBytes == sender.header.encoded())
    }

    @Test func `counters go up by one and back only to what was used`() throws {
        var sender = envelopes.sender()
        func counter(_ item: [UInt8]) throws -> UInt64 {
            guard case .entry(let entry) = try ContentItem.parse(item) else { return 0 }
            return entry.header.counter
        }
        for expected in 1...3 as ClosedRange<UInt64> {
            #expect(try counter(envelopes.entry(&sender)) == expected)
        }
        sender.rewind(to: 2)
        #expect(try counter(envelopes.entry(&sender)) == 2)
        for strange in [0, 3, 4, 99, UInt64.max] {
            sender.rewind(to: strange)
            #expect(sender.nextCounter == 3)
        }
    }

    @Test func `an entry that cannot be sealed takes no counter`() throws {
        var sender = envelopes.sender()
        #expect(throws: SealError.tooLong) {
            try envelopes.entry(&sender, [UInt8](repeating: 0, count: 70_000))
        }
        #expect(sender.nextCounter == 1)
    }

    @Test func `a key is used up after its last entry`() throws {
        var sender = envelopes.sender(entriesMax: 2)
        for _ in 0..<2 { _ = try envelopes.entry(&sender) }
        #expect(throws: SealError.keyUsedUp) { try envelopes.entry(&sender) }
        #expect(sender.nextCounter == 3)
    }

    // MARK: To whom

    @Test func `a key is wrapped to somebody, to each once, and to keys alone`() throws {
        let sender = envelopes.sender()
        let recipients = envelopes.recipients
        #expect(throws: SealError.invalidKey) { try sender.announcement(to: []) }
        #expect(throws: SealError.invalidKey) {
            try sender.announcement(to: recipients + [recipients[0]])
        }
        let point = [4] + [UInt8](repeating: 7, count: 64)
        for publicKey in [[], point, Array(recipients[0].publicKey.dropLast())] {
            #expect(throws: SealError.invalidKey) {
                try sender.announcement(
                    to: [KeyRecipient(id: recipients[0].id, publicKey: publicKey)]
                )
            }
        }
        guard case .key(let key) = try ContentItem.parse(envelopes.event(sender)) else { return }
        #expect(key.wrappedDevices() == recipients.map(\.id).sorted())
        #expect(key.wraps().allSatisfy { $0.encapsulated.count == 65 && $0.wrapped.count == 48 })
    }

    @Test func `earlier private keys of a device open what was wrapped to them`() throws {
        let sender = envelopes.sender()
        let event = try envelopes.verified(envelopes.event(sender))
        let device = envelopes.other.device
        let next = EncryptionKey()
        var opening = Opening(transcript: sender.transcript)
        #expect(throws: SealError.cannotOpen) {
            try opening.add(event, with: DeviceKeyring(device: device, keys: [next]))
        }
        // It is known by then, and opens as soon as the right private key is tried.
        #expect(opening.knows(sender.id) && !opening.holds(sender.id))
        let both = DeviceKeyring(device: device, keys: [next, envelopes.otherKey])
        try opening.add(event, with: both)
        #expect(opening.holds(sender.id))
    }

    @Test func `a wrap for one device does not open for another`() throws {
        let sender = envelopes.sender()
        let event = try envelopes.verified(envelopes.event(sender))
        var opening = Opening(transcript: sender.transcript)
        // The right private key under the wrong name, and the other way round.
        for keyring in [
            DeviceKeyring(device: envelopes.author.device, keys: [envelopes.otherKey]),
            DeviceKeyring(device: envelopes.other.device, keys: [envelopes.authorKey]),
            DeviceKeyring(device: DeviceID(.zero), keys: [envelopes.otherKey]),
        ] {
            #expect(throws: SealError.cannotOpen) { try opening.add(event, with: keyring) }
        }
    }

    @Test func `the recovery key opens one's own entries when every device is lost`() throws {
        var generator = SeededGenerator(seed: 4)
        let seed = IdentitySeed(using: &generator)
        let recovery = try seed.recoveryKey()
        var sender = envelopes.sender(key: .own(try seed.identityKey().person))
        let own = KeyRecipient(recoveryKey: recovery.publicKey)
        #expect(own.id == DeviceID(recoveryKey: recovery.publicKey))
        let event = try sender.announcement(to: envelopes.recipients + [own])
        let item = try envelopes.entry(&sender)
        let keyring = DeviceKeyring(
            device: DeviceID(.zero),
            keys: [],
            recovery: try IdentitySeed(seed.value).recoveryKey()
        )
        var opening = Opening(transcript: sender.transcript)
        try opening.add(envelopes.verified(event), with: keyring)
        let plaintext = try opening.open(item, signedBy: envelopes.author.verifyingKey)
        #expect(try EntryBody.decoded(plaintext) == envelopes.body)
    }

    @Test func `a kept key is taken only if the header commits to it`() throws {
        let sender = envelopes.sender()
        let event = try envelopes.verified(envelopes.event(sender))
        var opening = Opening(transcript: sender.transcript)
        #expect(throws: SealError.cannotOpen) { try opening.add(event, secret: .zero) }
        #expect(!opening.holds(sender.id))
        try opening.add(event, secret: Bytes32(1, 0, 0, 0))
        #expect(opening.secret(of: sender.id) == Bytes32(1, 0, 0, 0))
    }

    // MARK: Grants

    @Test func `a key is granted to a device that came later, and to no other`() throws {
        var sender = envelopes.sender()
        let event = try envelopes.verified(envelopes.event(sender))
        let item = try envelopes.entry(&sender)
        var generator = SeededGenerator(seed: 5)
        let (late, lateKey) = (
            try SigningKey(using: &generator), try EncryptionKey(using: &generator)
        )
        let grant = try envelopes.opening(sender).grant(
            sender.id,
            to: KeyRecipient(id: late.device, publicKey: lateKey.publicKey)
        )
        let keyring = DeviceKeyring(device: late.device, keys: [lateKey])
        var opening = Opening(transcript: sender.transcript)
        #expect(throws: SealError.cannotOpen) { try opening.add(grant, with: keyring) }
        #expect(throws: SealError.cannotOpen) { try opening.add(event, with: keyring) }
        #expect(throws: SealError.cannotOpen) { try opening.add(grant, with: envelopes.keyring) }
        try opening.add(grant, with: keyring)
        let plaintext = try opening.open(item, signedBy: envelopes.author.verifyingKey)
        #expect(try EntryBody.decoded(plaintext) == envelopes.body)
    }

    @Test func `a grant of another key than the one that was committed to opens nothing`() throws {
        let (sender, other) = (envelopes.sender(secret: 1), envelopes.sender(secret: 2))
        let recipient = envelopes.recipients[1]
        let foreign = try envelopes.opening(other).grant(other.id, to: recipient)
        var opening = Opening(transcript: sender.transcript)
        let event = try envelopes.verified(
            sender.announcement(to: [envelopes.recipients[0]])
        )
        #expect(throws: SealError.cannotOpen) { try opening.add(event, with: envelopes.keyring) }
        for grant in [foreign, KeyGrant(key: sender.id, wrap: foreign.wrap)] {
            #expect(throws: SealError.cannotOpen) {
                try opening.add(grant, with: envelopes.keyring)
            }
        }
        #expect(throws: SealError.cannotOpen) { try opening.grant(sender.id, to: recipient) }
    }

    @Test func `what devices say about keys is read as it was written`() throws {
        let sender = envelopes.sender()
        let grant = try envelopes.opening(sender).grant(sender.id, to: envelopes.recipients[0])
        let body = GrantBody(asks: [sender.id, KeyID(.zero)], grants: [grant, grant])
        let bytes = try body.encoded()
        #expect(try GrantBody.decoded(bytes) == body)
        for count in bytes.indices {
            #expect(throws: SealError.cannotOpen) {
                try GrantBody.decoded(Array(bytes[..<count]))
            }
        }
        let many = GrantBody(asks: Array(repeating: sender.id, count: GrantBody.asksMax + 1))
        #expect(throws: SealError.tooLong) { try many.encoded() }
        let bodies = GrantBody.bodies(asks: many.asks, grants: [grant])
        #expect(bodies.map(\.asks.count) == [GrantBody.asksMax, 1])
        #expect(bodies.flatMap(\.grants) == [grant])
    }

    // MARK: Answers without a name

    @Test func `an entry under another device's key cannot be opened`() throws {
        var sender = envelopes.sender()
        let opening = try envelopes.opening(sender)
        var foreign = envelopes.sender(envelopes.other)
        // The same secret, so the words are the right ones under a key of somebody else's.
        let item = try envelopes.entry(&foreign)
        #expect(throws: SealError.cannotOpen) {
            try opening.open(item, signedBy: envelopes.other.verifyingKey)
        }
        let own = try envelopes.entry(&sender)
        #expect(throws: SealError.cannotOpen) {
            try opening.open(own, signedBy: envelopes.other.verifyingKey)
        }
        #expect(throws: SealError.cannotOpen) {
            try Opening(transcript: sender.transcript)
                .open(own, signedBy: envelopes.author.verifyingKey)
        }
    }

    @Test func `no description holds a key`() throws {
        #expect("\(envelopes.sender())" == "SenderKey")
        #expect("\(envelopes.keyring)" == "DeviceKeyring")
    }
}

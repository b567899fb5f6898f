// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import Testing

/// The golden objects, which were made by the Python peer without any code of ours.
@Suite struct `Objects made by another implementation` {
    private func object(_ name: String) throws -> VectorFile {
        try #require(VectorFile.named("object-" + name), "there is no vector of \(name)")
    }

    private func hex(_ vector: VectorFile, _ key: String) throws -> [UInt8] {
        hexBytes(try #require(vector[key], "\(vector) has no \(key)"))
    }

    private func key(_ vector: VectorFile) throws -> VerifyingKey {
        try VerifyingKey(hex(vector, "signer"))
    }

    private func signed(_ vector: VectorFile) throws -> SignedBytes {
        SignedBytes(body: vector.bytes, signature: try hex(vector, "signature"))
    }

    private func flipped(_ signed: SignedBytes) -> SignedBytes {
        var other = signed
        other.body[other.body.count - 1] ^= 1
        return other
    }

    @Test func `identifiers are cut from the same hashes`() throws {
        let device = try object("device-of-a-key")
        #expect(DeviceID(signingKey: device.bytes).description == device["device"])
        let header = try KeyHeader.decoded(object("key-header").bytes)
        #expect(header.transcript.description == (try object("transcript"))["transcript"])
        #expect(header.audience.description == (try object("audience"))["aud"])
        #expect(KeyID(header: header.encoded()).description == (try object("key-header"))["kid"])
    }

    @Test func `headers are written as the same bytes`() throws {
        let key = try object("key-header")
        #expect(try KeyHeader.decoded(key.bytes).encoded() == key.bytes)
        let entry = try object("entry-header")
        #expect(try EntryHeader.decoded(entry.bytes).encoded() == entry.bytes)
        #expect(Hashing.hash(entry.bytes).description == entry["sha256"])
    }

    @Test(arguments: [
        "entry-sealed", "entry-citing", "entry-withdrawing", "key-event", "key-event-own",
    ])
    func `items have the same digest and head, and their signature holds`(_ name: String) throws {
        let vector = try object(name)
        let item = try ContentItem.parse(vector.bytes)
        #expect(item.digest().description == vector["digest"])
        let head = TranscriptChain.next(
            try #require(Bytes32(hex(vector, "head-before"))),
            number: try #require(vector["number"].flatMap(UInt64.init)),
            digest: item.digest()
        )
        #expect(head.description == vector["head"])
        let signer = try key(vector)
        switch item {
        case .entry(let entry):
            _ = try entry.verified(by: signer)
            let again = EntryItem.encoded(
                header: entry.header.encoded(),
                sealed: entry.sealed,
                signature: Array(vector.bytes.suffix(64))
            )
            #expect(again == vector.bytes)
        case .key(let event):
            _ = try event.verified(by: signer)
            #expect(event.key.description == vector["kid"])
        }
        var broken = vector.bytes
        broken[broken.count - 70] ^= 1
        if case .entry(let entry) = try? ContentItem.parse(broken) {
            #expect(throws: EnvelopeError.self) { try entry.verified(by: signer) }
        }
    }

    @Test(arguments: ["device-list", "device-list-next"])
    func `device lists are signed and written alike`(_ name: String) throws {
        let vector = try object(name)
        let list = try SignedDeviceList.introduced(signed(vector))
        #expect(list.list.body == vector.bytes)
        #expect(list.hash.description == vector["sha256"])
        #expect(list.list.identityKey == (try hex(vector, "signer")))
        #expect(throws: EnvelopeError.self) {
            try SignedDeviceList.introduced(flipped(signed(vector)))
        }
    }

    @Test func `encryption keys are signed and written alike`() throws {
        let vector = try object("encryption-key")
        let announced = try EncryptionKeyAnnouncement.verified(
            signed(vector),
            by: key(vector)
        )
        #expect(try announced.body() == vector.bytes)
        #expect(throws: EnvelopeError.self) {
            try EncryptionKeyAnnouncement.verified(flipped(signed(vector)), by: key(vector))
        }
    }

    @Test(arguments: ["roster", "roster-vouched", "roster-programme"])
    func `rosters are signed and written alike`(_ name: String) throws {
        let vector = try object(name)
        let roster = try SignedRoster.verified(signed(vector), by: key(vector))
        #expect(roster.roster.body == vector.bytes)
        #expect(roster.hash.description == vector["sha256"])
        #expect(roster.roster.isProgramme == (name == "roster-programme"))
        #expect(throws: EnvelopeError.self) {
            try SignedRoster.verified(flipped(signed(vector)), by: key(vector))
        }
    }

    @Test func `acceptances of a restore are signed and written alike`() throws {
        let vector = try object("restore-acceptance")
        let accepted = try SignedRestoreAcceptance.verified(signed(vector), by: key(vector))
        #expect(accepted.acceptance.body == vector.bytes)
        #expect(accepted.hash.description == vector["sha256"])
        #expect(throws: EnvelopeError.self) {
            try SignedRestoreAcceptance.verified(flipped(signed(vector)), by: key(vector))
        }
    }

    @Test(arguments: ["history-grant", "history-grant-all"])
    func `history grants are signed and written alike`(_ name: String) throws {
        let vector = try object(name)
        let granted = try SignedHistoryGrant.verified(signed(vector), by: key(vector))
        #expect(granted.grant.body == vector.bytes)
        #expect((granted.grant.since == nil) == (name == "history-grant-all"))
        #expect(granted.signer == DeviceID(signingKey: try hex(vector, "signer")))
        #expect(throws: EnvelopeError.badSignature) {
            try SignedHistoryGrant.verified(flipped(signed(vector)), by: key(vector))
        }
    }

    @Test func `yeses to visits are signed and written alike`() throws {
        let vector = try object("visit-yes")
        let verified = try SignedVisitYes.verified(signed(vector), by: key(vector))
        #expect(verified.yes.body == vector.bytes)
        #expect(verified.yes.number == 6 && verified.yes.asked == 41)
        #expect(verified.signer == DeviceID(signingKey: try hex(vector, "signer")))
        #expect(throws: EnvelopeError.badSignature) {
            try SignedVisitYes.verified(flipped(signed(vector)), by: key(vector))
        }
    }

    @Test func `vouchers are signed and written alike`() throws {
        let vector = try object("voucher")
        let words = try VouchedIdentity.verified(signed(vector), by: key(vector))
        #expect(try words.body() == vector.bytes)
        #expect(words.name == "Person 1")
        #expect(words.deviceList.description == (try object("device-list"))["sha256"])
        #expect(throws: EnvelopeError.self) {
            try VouchedIdentity.verified(flipped(signed(vector)), by: key(vector))
        }
    }

    @Test func `a hello is proved over the nonce, the server's certificate and the device`() throws
    {
        let vector = try object("hello-proof")
        let nonce = try #require(Bytes32(hex(vector, "nonce")))
        let leaf = try #require(Bytes32(hex(vector, "leaf")))
        let device = DeviceID(try #require(Bytes16(hex(vector, "device"))))
        let signature = try hex(vector, "signature")
        #expect(
            try key(vector).verifyHello(
                nonce: nonce,
                serverLeaf: leaf,
                device: device,
                signature: signature
            )
        )
        #expect(
            try !key(vector).verifyHello(
                nonce: leaf,
                serverLeaf: nonce,
                device: device,
                signature: signature
            )
        )
    }

    @Test func `a room's chain begins with the room and takes the hash of each record`() throws {
        let vector = try object("room-chain")
        let start = RoomChain.start(RoomID(try #require(Bytes16(hex(vector, "room")))))
        #expect(start.description == vector["head-before"])
        #expect(
            RoomChain.next(start, number: 1, event: vector.bytes).description == vector["head"]
        )
    }

    @Test(arguments: ["invite", "invite-to-a-room", "invite-of-a-device"])
    func `invites are one word, and give the same secrets`(_ name: String) throws {
        let vector = try object(name)
        let line = try #require(vector["line"])
        let invite = try Invite.parse(line)
        #expect(invite.encoded() == line)
        #expect(Base32.decode(line.utf8.dropFirst(6)) == vector.bytes)
        #expect(invite.keys.auth.description == vector["auth"])
        #expect(invite.keys.authHash.description == vector["auth-sha256"])
        #expect(invite.keys.vouch.description == vector["vouch"])
        let list = invite.keys.deviceListMAC(Array("device list".utf8))
        #expect(list.description == vector["device-list-mac"])
        let inviter = try hex(vector, "inviter")
        let introduction = invite.keys.introductionMAC(inviter: inviter)
        #expect(introduction.description == vector["introduction"])
        let device = invite.keys.deviceMAC(
            signingKey: try hex(vector, "device-key"),
            encryptionKeyBody: Array("ekey body".utf8)
        )
        #expect(device.description == vector["device-mac"])
    }
}

// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Testing

@Suite struct `Signed objects` {
    let identity: SigningKey
    let devices: [SigningKey]
    let recovery: EncryptionKey

    init() throws {
        identity = try scalarKey(9)
        devices = try [scalarKey(1), scalarKey(2), scalarKey(3)]
        recovery = try EncryptionKey(rawBytes: Array(repeating: 8, count: 32))
    }

    func list() -> DeviceList {
        DeviceList(
            person: identity.person,
            identityKey: identity.publicKey,
            version: 1,
            previous: .zero,
            devices: devices.prefix(2).map {
                ListedDevice(
                    device: $0.device,
                    signingKey: $0.publicKey,
                    created: Timestamp(milliseconds: 1_000)
                )
            },
            revoked: [devices[2].device],
            recoveryKey: recovery.publicKey
        )
    }

    func roster() throws -> Roster {
        let people = try [identity, scalarKey(10), scalarKey(11)].sorted { $0.person < $1.person }
        return Roster(
            room: RoomID(.repeating(1)),
            version: 1,
            previous: .zero,
            members: people.map {
                RosterMember(
                    person: $0.person,
                    identityKey: $0.publicKey,
                    membership: .peer,
                    leastDeviceListVersion: 1,
                    name: "Zoë"
                )
            },
            policy: .standard,
            excludedDevices: devices.map(\.device).sorted()
        )
    }

    @Test func `a device list comes back as it was signed`() throws {
        let signed = try identity.sign(list())
        let verified = try SignedDeviceList.verified(signed, by: identity.verifyingKey)
        #expect(verified.list == list())
        #expect(verified.hash == Hashing.hash(signed.body))
        #expect(try SignedDeviceList.introduced(signed) == verified)
    }

    @Test func `a device list that somebody else signed is not its person's`() throws {
        let body = try SignedDeviceList.body(list())
        let signed = SignedBytes(
            body: body,
            signature: try devices[0].sign(.deviceList, body: body)
        )
        #expect(throws: EnvelopeError.wrongKey) {
            try SignedDeviceList.verified(signed, by: devices[0].verifyingKey)
        }
        #expect(throws: EnvelopeError.badSignature) {
            try SignedDeviceList.introduced(signed)
        }
    }

    @Test func `a roster comes back and says which keeper's device signed it`() throws {
        let signed = try devices[1].sign(roster())
        let verified = try SignedRoster.verified(signed, byAnyOf: devices.map(\.verifyingKey))
        #expect(verified.roster == (try roster()))
        #expect(verified.signer == devices[1].device)
        #expect(throws: EnvelopeError.badSignature) {
            try SignedRoster.verified(signed, by: devices[0].verifyingKey)
        }
        #expect(throws: EnvelopeError.badSignature) {
            try SignedRoster.verified(signed, byAnyOf: [])
        }
    }

    @Test func `an encryption key and a voucher come back`() throws {
        let announcement = EncryptionKeyAnnouncement(
            device: devices[0].device,
            version: 1,
            encryptionKey: recovery.publicKey,
            suite: .p256,
            notAfter: Timestamp(milliseconds: 5)
        )
        let signed = try devices[0].sign(announcement)
        #expect(
            try EncryptionKeyAnnouncement.verified(signed, by: devices[0].verifyingKey)
                == announcement
        )
        let voucher = VouchedIdentity(
            identityKey: identity.publicKey,
            deviceList: .repeating(3),
            name: "Zoë"
        )
        let vouched = try devices[0].sign(voucher)
        #expect(try VouchedIdentity.verified(vouched, by: devices[0].verifyingKey) == voucher)
        #expect(voucher.person == identity.person)
        var invisible = voucher
        invisible.name = "Zoë\u{200B}"
        #expect(throws: EnvelopeError.badName) { try devices[0].sign(invisible) }
        // The same body under another type's signature does not hold.
        #expect(throws: EnvelopeError.badSignature) {
            try VouchedIdentity.verified(
                SignedBytes(body: vouched.body, signature: signed.signature),
                by: devices[0].verifyingKey
            )
        }
    }

    @Test func `no flipped bit of a device list or its signature is taken`() throws {
        let signed = try identity.sign(list())
        for index in signed.body.indices {
            var changed = signed
            changed.body[index] ^= 1 << (index & 7)
            #expect(throws: EnvelopeError.self) {
                try SignedDeviceList.verified(changed, by: identity.verifyingKey)
            }
            #expect(throws: EnvelopeError.self) { try SignedDeviceList.introduced(changed) }
        }
        for index in signed.signature.indices {
            var changed = signed
            changed.signature[index] ^= 1 << (index & 7)
            #expect(throws: EnvelopeError.badSignature) {
                try SignedDeviceList.verified(changed, by: identity.verifyingKey)
            }
        }
    }

    @Test func `an unknown key is refused and a higher version says so, though signed`() throws {
        func check(_ body: [UInt8], _ expected: EnvelopeError) throws {
            let signature = try identity.sign(.deviceList, body: body)
            #expect(throws: expected) {
                try SignedDeviceList.verified(
                    SignedBytes(body: body, signature: signature),
                    by: identity.verifyingKey
                )
            }
        }
        let body = try SignedDeviceList.body(list())
        var extra = body
        extra[0] += 1
        try check(extra + [0x07, 0x00], .malformed(offset: body.count))
        var newer = body
        newer[2] = 2
        try check(newer, .newerVersion)
        try check([0xa2, 0x00, 0x02, 0x18, 0x63, 0x01], .newerVersion)
        try check(body + [0], .malformed(offset: body.count))
        try check([], .malformed(offset: 0))
        try check([UInt8](repeating: 0, count: 65_537), .overLimit(.body))
    }

    @Test func `a list that breaks a rule is not even written`() throws {
        func refused(_ expected: EnvelopeError, _ change: (inout DeviceList) -> Void) {
            var changed = list()
            change(&changed)
            #expect(throws: expected) { try SignedDeviceList.body(changed) }
        }
        refused(.notAscending) { $0.devices.reverse() }
        refused(.notAscending) { $0.devices.append($0.devices[1]) }
        refused(.notAscending) { $0.revoked.append($0.revoked[0]) }
        refused(.listedAndRevoked) { $0.revoked = [$0.devices[0].device] }
        refused(.wrongKey) { $0.devices[0].signingKey = $0.devices[1].signingKey }
        refused(.wrongKey) { $0.person = PersonID(.repeating(1)) }
        refused(.wrongKey) { $0.identityKey[0] = 2 }
        refused(.wrongKey) { $0.recoveryKey.removeLast() }
        refused(.notSuccessor) { $0.version = 0 }
        refused(.notSuccessor) { $0.version = 2 }
        refused(.notSuccessor) { $0.previous = .repeating(1) }
        refused(.overLimit(.devices)) {
            $0.revoked = (0..<65).map { DeviceID(Bytes16(high: 0, low: $0)) }
        }
    }

    @Test func `a person has no more devices than the bound`() throws {
        var many = list()
        many.devices = try (20...20 + RoomLimits.devicesBound).map { scalar in
            let key = try scalarKey(UInt8(scalar))
            return ListedDevice(
                device: key.device,
                signingKey: key.publicKey,
                created: Timestamp(milliseconds: 0)
            )
        }.sorted { $0.device < $1.device }
        #expect(throws: EnvelopeError.overLimit(.devices)) { try SignedDeviceList.body(many) }
        many.devices.removeLast()
        #expect(throws: Never.self) { try SignedDeviceList.body(many) }
    }

    @Test func `a roster that breaks a rule is not even written`() throws {
        func refused(_ expected: EnvelopeError, _ change: (inout Roster) -> Void) throws {
            var changed = try roster()
            change(&changed)
            #expect(throws: expected) { try SignedRoster.body(changed) }
        }
        try refused(.notAscending) { $0.members.reverse() }
        try refused(.notAscending) { $0.members[1] = $0.members[0] }
        try refused(.notAscending) { $0.excludedDevices.reverse() }
        try refused(.wrongKey) { $0.members[0].identityKey = $0.members[1].identityKey }
        try refused(.badName) { $0.members[0].name = "" }
        try refused(.badName) { $0.members[0].name = "\u{1b}[31mred" }
        try refused(.badName) { $0.members[0].name = String(repeating: "é", count: 33) }
        try refused(.notSuccessor) { $0.version = 0 }
    }

    @Test func `a roster with a name that is not UTF-8 is refused`() throws {
        var body = try SignedRoster.body(roster())
        let letters = Array("Zoë".utf8)
        let place = try #require(
            body.indices.first { body[$0...].starts(with: letters) }
        )
        body[place + 3] = 0x41
        let signature = try devices[0].sign(.roster, body: body)
        let error = #expect(throws: EnvelopeError.self) {
            try SignedRoster.verified(
                SignedBytes(body: body, signature: signature),
                by: devices[0].verifyingKey
            )
        }
        #expect(error?.isMalformed == true)
    }

    @Test func `a device list follows only the one before it`() throws {
        let first = try SignedDeviceList.introduced(identity.sign(list()))
        func next(_ change: (inout DeviceList) -> Void) throws -> SignedDeviceList {
            var changed = list()
            changed.version = 2
            changed.previous = first.hash
            change(&changed)
            return try SignedDeviceList.introduced(identity.sign(changed))
        }
        #expect(throws: Never.self) { try next { _ in }.checkSuccessor(of: first) }
        #expect(throws: EnvelopeError.notSuccessor) {
            try next { $0.version = 3 }.checkSuccessor(of: first)
        }
        #expect(throws: EnvelopeError.notSuccessor) {
            try next { $0.previous = .repeating(1) }.checkSuccessor(of: first)
        }
        // What was revoked must not come back.
        #expect(throws: EnvelopeError.notSuccessor) {
            try next { $0.revoked = [] }.checkSuccessor(of: first)
        }
        #expect(throws: EnvelopeError.notSuccessor) { try first.checkSuccessor(of: first) }
    }

    @Test func `a device list follows only one of the same person`() throws {
        let first = try SignedDeviceList.introduced(identity.sign(list()))
        let other = try scalarKey(12)
        var changed = list()
        changed.version = 2
        changed.previous = first.hash
        changed.identityKey = other.publicKey
        changed.person = other.person
        let second = try SignedDeviceList.introduced(other.sign(changed))
        #expect(throws: EnvelopeError.otherSubject) { try second.checkSuccessor(of: first) }
    }

    @Test func `a roster follows only the one before it, in the same room`() throws {
        let keeper = devices[0]
        let first = try SignedRoster.verified(keeper.sign(roster()), by: keeper.verifyingKey)
        var changed = try roster()
        changed.version = 2
        changed.previous = first.hash
        let second = try SignedRoster.verified(keeper.sign(changed), by: keeper.verifyingKey)
        #expect(throws: Never.self) { try second.checkSuccessor(of: first) }
        #expect(throws: EnvelopeError.notSuccessor) { try first.checkSuccessor(of: second) }
        changed.room = RoomID(.repeating(2))
        let elsewhere = try SignedRoster.verified(keeper.sign(changed), by: keeper.verifyingKey)
        #expect(throws: EnvelopeError.otherSubject) { try elsewhere.checkSuccessor(of: first) }
    }

    @Test func `a point that is not on the curve is no key`() throws {
        var off = identity.publicKey
        off[64] ^= 1
        #expect(throws: EnvelopeError.wrongKey) { try VerifyingKey(off) }
        #expect(throws: EnvelopeError.wrongKey) { try VerifyingKey([]) }
        let compressed: [UInt8] = [2] + identity.publicKey[1...32]
        #expect(throws: EnvelopeError.wrongKey) { try VerifyingKey(compressed) }
        var announcement = EncryptionKeyAnnouncement(
            device: devices[0].device,
            version: 1,
            encryptionKey: off,
            suite: .p256,
            notAfter: Timestamp(milliseconds: 5)
        )
        let signed = try devices[0].sign(announcement)
        #expect(throws: EnvelopeError.wrongKey) {
            try EncryptionKeyAnnouncement.verified(signed, by: devices[0].verifyingKey)
        }
        announcement.device = devices[1].device
        announcement.encryptionKey = recovery.publicKey
        let others = try devices[0].sign(announcement)
        #expect(throws: EnvelopeError.wrongKey) {
            try EncryptionKeyAnnouncement.verified(others, by: devices[0].verifyingKey)
        }
    }

    @Test func `a hello holds for one connection and one device`() throws {
        let (nonce, leaf) = (Bytes32.repeating(1), Bytes32.repeating(2))
        let signature = try devices[0].signHello(nonce: nonce, serverLeaf: leaf)
        func holds(_ nonce: Bytes32, _ leaf: Bytes32, _ device: DeviceID) -> Bool {
            devices[0].verifyingKey.verifyHello(
                nonce: nonce,
                serverLeaf: leaf,
                device: device,
                signature: signature
            )
        }
        #expect(holds(nonce, leaf, devices[0].device))
        #expect(!holds(leaf, leaf, devices[0].device))
        #expect(!holds(nonce, nonce, devices[0].device))
        #expect(!holds(nonce, leaf, devices[1].device))
        // It is the body of the design, in one piece.
        let body = nonce.bytes + leaf.bytes + devices[0].device.value.bytes
        #expect(devices[0].verifyingKey.verify(.hello, body: body, signature: signature))
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `garbage that is signed is refused and never stops the program`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bodies = try [SignedDeviceList.body(list()), SignedRoster.body(roster())]
        for _ in 0..<500 {
            var body = generator.bytes(Int.random(in: 0..<300, using: &generator))
            if Bool.random(using: &generator) {
                body = bodies[Int.random(in: 0..<2, using: &generator)]
                let index = Int.random(in: 0..<body.count, using: &generator)
                body[index] ^= UInt8.random(in: 1 ... .max, using: &generator)
            }
            let asList = SignedBytes(
                body: body,
                signature: try identity.sign(.deviceList, body: body)
            )
            let asRoster = SignedBytes(
                body: body,
                signature: try identity.sign(.roster, body: body)
            )
            // What is still taken must say what the bytes say.
            if let taken = try? SignedDeviceList.verified(asList, by: identity.verifyingKey) {
                #expect(try SignedDeviceList.body(taken.list) == body, "seed \(seed)")
            }
            if let taken = try? SignedRoster.verified(asRoster, by: identity.verifyingKey) {
                #expect(try SignedRoster.body(taken.roster) == body, "seed \(seed)")
            }
        }
    }
}

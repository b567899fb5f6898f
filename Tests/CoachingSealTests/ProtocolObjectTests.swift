// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingFeedback
import CoachingModel
import CoachingSeal
import Foundation
import Testing

/// Keys and padding, against the vectors that another implementation made.
@Suite struct `Vectors of what is sealed` {
    private struct Vector {
        var fields: [String: String] = [:]
        var bytes: [UInt8] = []

        init(_ name: String) throws {
            let file = URL(filePath: #filePath)
                .deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
                .appending(path: "Protocol/vectors/object-\(name).txt")
            let parts = try String(contentsOf: file, encoding: .utf8)
                .split(separator: "\n\n", maxSplits: 1)
            for line in parts[0].split(separator: "\n") {
                let pair = line.split(separator: ":", maxSplits: 1)
                fields[String(pair[0])] = pair[1].trimmingCharacters(in: .whitespaces)
            }
            bytes = Self.bytes(String(parts[1]))
        }

        subscript(_ key: String) -> [UInt8] { Self.bytes(fields[key] ?? "") }

        private static func bytes(_ text: String) -> [UInt8] {
            let digits = text.compactMap(\.hexDigitValue)
            return stride(from: 0, to: digits.count - 1, by: 2).map {
                UInt8(digits[$0] << 4 | digits[$0 + 1])
            }
        }
    }

    @Test func `a seed gives the same person and recovery key`() throws {
        let vector = try Vector("identity-of-a-seed")
        let seed = IdentitySeed(try #require(Bytes32(vector.bytes)))
        let identity = try seed.identityKey().publicKey
        let recovery = try seed.recoveryKey().publicKey
        #expect(identity == vector["identity"])
        #expect(recovery == vector["recovery"])
        #expect(PersonID(identityKey: identity).value.bytes == vector["person"])
        #expect(DeviceID(recoveryKey: recovery).value.bytes == vector["recovery-id"])
    }

    @Test func `safety numbers have the same digits, whoever asks`() throws {
        let vector = try Vector("safety-number")
        let keys = stride(from: 0, to: vector.bytes.count, by: 65).map {
            Array(vector.bytes[$0..<$0 + 65])
        }
        #expect(SafetyNumber(pair: keys[0], keys[1]).description == vector.fields["pair"])
        #expect(SafetyNumber(pair: keys[1], keys[0]).description == vector.fields["pair"])
        let genesis = try #require(Bytes32(vector["genesis"]))
        for order in [keys, keys.reversed(), [keys[1], keys[0], keys[2]]] {
            let room = SafetyNumber(room: genesis, identityKeys: order)
            #expect(room.description == vector.fields["room"])
        }
    }

    @Test func `a pair has sixty digits, a room thirty, and any other key gives others`() throws {
        let vector = try Vector("safety-number")
        let keys = stride(from: 0, to: vector.bytes.count, by: 65).map {
            Array(vector.bytes[$0..<$0 + 65])
        }
        let pair = SafetyNumber(pair: keys[0], keys[1])
        #expect(pair.groups.count == 12)
        let genesis = try #require(Bytes32(vector["genesis"]))
        let room = SafetyNumber(room: genesis, identityKeys: keys)
        #expect(room.groups.count == 6)
        for group in pair.groups + room.groups {
            #expect(group.count == 5)
            #expect(group.allSatisfy { ("0"..."9").contains($0) })
        }
        #expect(SafetyNumber(pair: keys[0], keys[2]) != pair)
        #expect(SafetyNumber(room: genesis, identityKeys: [keys[0], keys[1]]) != room)
        #expect(SafetyNumber(room: .zero, identityKeys: keys) != room)
    }

    @Test func `what is said is written and padded alike`() throws {
        let vector = try Vector("entry-body")
        #expect(try EntryBody.decoded(vector.bytes).encoded() == vector.bytes)
        #expect(try Padding.pad(vector.bytes) == vector["padded"])
        let again = try Vector("entry-body-again")
        let body = try EntryBody.decoded(again.bytes)
        #expect(body.saidBefore?.counter == 3)
        #expect(try body.encoded() == again.bytes)
    }

    @Test func `feedback, stories and use without names are written alike`() throws {
        func body(_ name: String) throws -> EntryBody {
            let vector = try Vector("entry-body-\(name)")
            let body = try EntryBody.decoded(vector.bytes)
            #expect(try body.encoded() == vector.bytes, "\(name)")
            for count in vector.bytes.indices {
                #expect(throws: SealError.cannotOpen, "\(name) cut at \(count)") {
                    try EntryBody.decoded(Array(vector.bytes[..<count]))
                }
            }
            return body
        }
        #expect(try body("feedback").feedback?[.strengths] == "You waited.")
        let draft = try body("draft")
        #expect(draft.feedbackNote?.step == .drafted)
        #expect(draft.feedbackNote?.form == .feedback)
        let assessment = try #require(try body("assessment").assessment)
        #expect(assessment.levels.count == 3)
        #expect(assessment.by == .observer)
        #expect(try body("asking").feedbackRequest?.about == "my questions")
        #expect(try body("story").concerns.count == 2)
        #expect(try body("carried").carried?.number == 7)
        let asked = try #require(try body("unnamed-asked").unnamedUse)
        #expect(asked.stand == .asked && asked.words == ["Acme", "Finance"])
        let from = try #require(asked.from)
        let until = try #require(asked.until)
        #expect(until.milliseconds(since: from) == 86_400_000)
        let yes = try #require(try body("unnamed-yes").unnamedUse)
        #expect(yes.stand == .agreed && yes.id == asked.id && yes.until == nil)
    }

    @Test func `a file that another implementation sealed opens`() throws {
        let vector = try Vector("entry-body-file")
        let body = try EntryBody.decoded(vector.bytes)
        #expect(try body.encoded() == vector.bytes)
        let file = try #require(body.file)
        let chunk = vector["chunk"]
        #expect(Hashing.hash(file.salt.bytes + chunk) == file.file)
        var reader = try SealedFile.Reader(
            secret: file.secret,
            transcript: TranscriptID(try #require(Bytes16(vector["transcript"]))),
            salt: file.salt.bytes
        )
        let content = try reader.open(chunk, isLast: true)
        try reader.finish()
        #expect(content == vector["content"])
        #expect(content.count == file.bytes && file.name == "brief.pdf")
    }

    private func verified(_ vector: Vector) throws -> VerifiedKey {
        guard case .key(let key) = try ContentItem.parse(vector.bytes) else {
            throw SealError.cannotOpen
        }
        return try key.verified(by: VerifyingKey(vector["signer"]))
    }

    /// Opens a key of the other implementation as the recipient with this number.
    private func opening(_ vector: Vector, recipient: Int) throws -> Opening {
        let key = try verified(vector)
        let device = DeviceID(try #require(Bytes16(vector["recipient-\(recipient)"])))
        let keyring = DeviceKeyring(
            device: device,
            keys: [try EncryptionKey(rawBytes: vector["scalar-\(recipient)"])]
        )
        var opening = Opening(transcript: key.item.header.transcript)
        try opening.add(key, with: keyring)
        return opening
    }

    @Test func `a key opens for each of its devices, and opens what was said`() throws {
        let vector = try Vector("key-event")
        let secret = try #require(Bytes32(vector["secret"]))
        let id = try verified(vector).item.key
        for recipient in 1...3 {
            let opening = try opening(vector, recipient: recipient)
            #expect(opening.secret(of: id) == secret)
            for name in ["entry-sealed", "entry-citing"] {
                let entry = try Vector(name)
                let plaintext = try opening.open(
                    entry.bytes,
                    signedBy: VerifyingKey(entry["signer"])
                )
                #expect(plaintext == (try Vector("entry-body").bytes))
            }
        }
        // The wraps of another device's scalar.
        let keyring = DeviceKeyring(
            device: DeviceID(try #require(Bytes16(vector["recipient-1"]))),
            keys: [try EncryptionKey(rawBytes: vector["scalar-2"])]
        )
        var opening = Opening(transcript: try verified(vector).item.header.transcript)
        #expect(throws: SealError.cannotOpen) {
            try opening.add(verified(vector), with: keyring)
        }
    }

    @Test func `a key of one's own transcript opens by the device and by the seed`() throws {
        let vector = try Vector("key-event-own")
        let id = try verified(vector).item.key
        let secret = try #require(Bytes32(vector["secret"]))
        for recipient in 1...2 {
            #expect(try opening(vector, recipient: recipient).secret(of: id) == secret)
        }
        let seed = IdentitySeed(try #require(Bytes32(try Vector("identity-of-a-seed").bytes)))
        let keyring = DeviceKeyring(
            device: DeviceID(.zero),
            keys: [],
            recovery: try seed.recoveryKey()
        )
        var opening = Opening(transcript: try verified(vector).item.header.transcript)
        try opening.add(verified(vector), with: keyring)
        #expect(opening.secret(of: id) == secret)
    }

    @Test func `a key that is wrapped again opens, and its asks are read`() throws {
        let vector = try Vector("grant-body")
        let body = try GrantBody.decoded(vector.bytes)
        #expect(try body.encoded() == vector.bytes)
        #expect(body.asks == [try verified(Vector("key-event-own")).item.key])
        let grant = try #require(body.grants.first)
        let key = try verified(Vector("key-event"))
        #expect(grant.key == key.item.key && grant.key.value.bytes == vector["key"])
        var opening = Opening(transcript: key.item.header.transcript)
        let keyring = DeviceKeyring(
            device: DeviceID(try #require(Bytes16(vector["recipient"]))),
            keys: [try EncryptionKey(rawBytes: vector["scalar"])]
        )
        // The key is known, as one that does not open, before the grant comes.
        let other = DeviceKeyring(device: DeviceID(.zero), keys: [])
        #expect(throws: SealError.cannotOpen) { try opening.add(key, with: other) }
        try opening.add(grant, with: keyring)
        #expect(opening.secret(of: grant.key)?.bytes == vector["secret"])
    }

    @Test func `consents to a release are the same bytes, and what they release is released`()
        throws
    {
        let vector = try Vector("release-entry-body")
        let body = try EntryBody.decoded(vector.bytes)
        #expect(try body.encoded() == vector.bytes)
        let release = try #require(body.release)
        let room = RoomID(try #require(Bytes16(vector["room"])))
        let target = TranscriptID(room: room, key: .room)
        #expect(target.value.bytes == vector["target"])
        let author = PersonID(try #require(Bytes16(vector["author"])))
        let digest = try body.releaseDigest(salt: release.salt, author: author, kind: .ask)
        var keys: [DeviceID: VerifyingKey] = [:]
        for name in ["signer-1", "signer-2"] {
            let key = try VerifyingKey(vector[name])
            keys[DeviceID(signingKey: key.bytes)] = key
        }
        var signed = Set<[UInt8]>()
        for number in 1...2 {
            let consent = try Vector("release-consent-\(number)")
            #expect(consent["digest"] == digest.bytes)
            let key = try VerifyingKey(consent["signer"])
            let one = try #require(
                release.consents.first { $0.device == DeviceID(signingKey: key.bytes) }
            )
            let words = ReleaseConsent(
                room: room,
                target: target,
                digest: digest,
                persons: release.persons,
                person: one.person
            )
            #expect(words.body() == consent.bytes)
            #expect(one.signature == consent["signature"])
            signed.insert(consent.bytes)
        }
        #expect(signed.count == 2)
        #expect(
            body.isReleaseAgreed(in: room, at: target, author: author, kind: .ask) { keys[$1] }
        )
        let request = try ReleaseBody.decoded(try Vector("release-request").bytes)
        let terms = ReleaseTerms(
            target: .room,
            salt: release.salt,
            digest: digest,
            persons: release.persons
        )
        #expect(request == .request(terms))
        #expect(try request.encoded() == (try Vector("release-request").bytes))
        let yes = try Vector("release-yes").bytes
        #expect(try ReleaseBody.decoded(yes) == .yes(signature: release.consents[0].signature))
        #expect(try ReleaseBody.decoded(yes).encoded() == yes)
    }

    @Test func `what is released to the programme carries what proves its consents`() throws {
        let vector = try Vector("release-entry-body-programme")
        let body = try EntryBody.decoded(vector.bytes)
        #expect(try body.encoded() == vector.bytes)
        let release = try #require(body.release)
        let room = RoomID(try #require(Bytes16(vector["room"])))
        let author = PersonID(try #require(Bytes16(vector["author"])))
        let target = TranscriptID(room: room, key: .programme(author))
        #expect(target.value.bytes == vector["target"])
        let carried = release.carriedSigners()
        #expect(Set(carried.values.map(\.person)) == Set(release.persons))
        func isAgreed(
            _ room: RoomID,
            _ target: TranscriptID,
            by carried: [DeviceID: (person: PersonID, key: VerifyingKey)]
        ) -> Bool {
            body.isReleaseAgreed(in: room, at: target, author: author, kind: .ask) {
                person,
                device in
                carried[device].flatMap { $0.person == person ? $0.key : nil }
            }
        }
        #expect(isAgreed(room, target, by: carried))
        #expect(!isAgreed(RoomID(.zero), target, by: carried))
        #expect(!isAgreed(room, TranscriptID(room: room, key: .room), by: carried))
        for index in release.deviceLists.indices {
            var without = release
            without.deviceLists.remove(at: index)
            #expect(!isAgreed(room, target, by: without.carriedSigners()))
            // A list under another's signature is nobody's.
            var forged = release
            forged.deviceLists[index].signature = release.deviceLists[1 - index].signature
            #expect(!isAgreed(room, target, by: forged.carriedSigners()))
        }
        let request = try Vector("release-request-programme").bytes
        let terms = ReleaseTerms(
            target: .programme(author),
            salt: release.salt,
            digest: try body.releaseDigest(salt: release.salt, author: author, kind: .ask),
            persons: release.persons,
            programme: room
        )
        #expect(try ReleaseBody.decoded(request) == .request(terms))
        #expect(try ReleaseBody.request(terms).encoded() == request)
    }
}

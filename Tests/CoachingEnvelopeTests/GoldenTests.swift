// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Testing

/// Draws the same byte again and again.
struct RepeatedByte: RandomNumberGenerator {
    var byte: UInt8

    mutating func next() -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }
}

/// The values of DESIGN.md D12, which were computed independently in Python.
@Suite struct `Golden values` {
    let setting: Setting
    let sender: SenderKey
    let header: KeyHeader
    let entry: EntryHeader
    let item: [UInt8]

    init() throws {
        setting = try Setting()
        var sender = SenderKey(
            secret: .repeating(0x4b),
            signer: setting.devices[0],
            room: setting.room,
            key: setting.key,
            audience: AudienceDigest.compute(
                transcript: setting.transcript,
                position: 7,
                head: Hashing.hash(Array("roster v7".utf8)),
                devices: setting.devices.map(\.device)
            ),
            position: 7,
            epoch: 1
        )
        self.sender = sender
        header = sender.header
        // The salt is 16 x 5a.
        var salt = RepeatedByte(byte: 0x5a)
        item = try sender.seal(
            EntryBody(text: "What did you notice when you said no to the extra project?")
                .encoded(),
            kind: .ask,
            seenNumber: 41,
            seenHead: Hashing.hash(Array("head".utf8)),
            using: &salt
        )
        guard case .entry(let parsed) = try ContentItem.parse(item) else {
            throw EnvelopeError.wrongSuite
        }
        entry = parsed.header
    }

    func sealed() throws -> [UInt8] {
        guard case .entry(let parsed) = try ContentItem.parse(item) else { return [] }
        return parsed.sealed
    }

    @Test func `the transcript and the audience have their names`() {
        #expect(setting.transcript.description == "cddad5bd9261987e6d288736e927e4c1")
        #expect(
            header.audience.description
                == "76285fef63763952f50292646db6fa45898e2f8a031fbc03946dc58f71f5140f"
        )
    }

    @Test func `the key's header has 137 bytes and names the key`() {
        #expect(header.encoded().count == 137)
        #expect(KeyID(header: header.encoded()).description == "1a3a2c9b238c11d41a150d76602d457c")
        #expect(header.transcript == setting.transcript)
    }

    @Test func `the entry's header has 99 bytes and its hash`() {
        #expect(entry.encoded().count == 99)
        #expect(
            Hashing.hash(entry.encoded()).description
                == "00593ad7e032c13eaf05ec5a88348d0d97302a3de722d842a9463a306ee3deba"
        )
    }

    @Test func `the sealed part, its digest and the head after it`() throws {
        let sealed = try sealed()
        #expect(
            Hashing.hash(sealed).description
                == "2351d4ca936c14ed5570b233c53ba95ef0966e84ccaace13d7cc642782240de7"
        )
        let digest = Hashing.digest(header: entry.encoded(), payload: sealed)
        #expect(
            digest.description
                == "3ae98a34b217caac0d3ae0fb5b99f5747eff6aa391d5013f3f2d52fb6d4d4e2b"
        )
        let head = TranscriptChain.next(
            TranscriptChain.start(setting.transcript),
            number: 1,
            digest: digest
        )
        #expect(
            head.description
                == "19b860dc2b251eb8cd0f8ed3768691bbd80199fac629ecbc5d90ab9a3a2ba7b2"
        )
    }

    @Test func `an item that was received gives the same digest`() throws {
        // Lying in the middle of a frame, as the server finds it.
        let frame: [UInt8] = [1, 2, 3] + item + [4]
        let parsed = try ContentItem.parse(frame, at: 3..<frame.count - 1)
        #expect(
            parsed.digest().description
                == "3ae98a34b217caac0d3ae0fb5b99f5747eff6aa391d5013f3f2d52fb6d4d4e2b"
        )
    }

    @Test func `the room's chain starts from the room and takes each event`() {
        let start = RoomChain.start(setting.room)
        #expect(
            start.description
                == "edd22b5b1b6a9184057670e3d2a9d083b9043a86126b7851a23d7fb00cfb835c"
        )
        #expect(
            RoomChain.next(start, number: 1, event: Array("genesis".utf8)).description
                == "486b59e7d6ef52a15f577d36f57fbb14335f3ee97fb51eba6f4441f149bfd19f"
        )
    }

    @Test func `devices are named by their keys, and their order does not matter`() {
        let names = setting.devices.map(\.device.description)
        #expect(
            names == [
                "25ee5d12dc38e0bf5d6fe2ade256151b", "503b6da9c76b5c2df85ff256b6e4568e",
                "cd270c72e358cfcd9147db4154beeb94",
            ]
        )
        let devices = setting.devices.map(\.device)
        let turned = AudienceDigest.compute(
            transcript: setting.transcript,
            position: 7,
            head: Hashing.hash(Array("roster v7".utf8)),
            devices: Array(devices.reversed()) + devices
        )
        #expect(turned == header.audience)
    }
}

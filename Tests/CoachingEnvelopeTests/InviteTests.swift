// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Testing

@Suite struct `Invites` {
    let authority: Bytes32
    let secret = Bytes16.repeating(0x5a)
    let invite: Invite

    /// Written by Python from the layout in the documentation.
    let person = """
        peer1:aeabcaabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7ljnfuws2ljnfuws2ljnfuws2ljy\
        gkzlsfzsxqylnobwgkorxgq2dgil73rja
        """
    let member = """
        peer1:aeaquaabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7ljnfuws2ljnfuws2ljnfuws2ljn\
        tuorrlu5donbugmirceirceirceirceirceirceirceirceirceirceirceirceirdv64zjxq
        """

    init() throws {
        authority = try #require(Bytes32(0..<32 as Range<UInt8>))
        let address = try #require(ServerAddress(host: "peer.example", port: 7443))
        invite = Invite(
            kind: .person,
            authority: authority,
            secret: secret,
            address: address
        )
    }

    @Test func `invites are written as another program writes them`() throws {
        #expect(invite.encoded() == person)
        var keepers = invite
        keepers.kind = .member(genesis: .repeating(0x11))
        keepers.address = try #require(ServerAddress(host: "::1", port: 7443))
        #expect(keepers.encoded() == member)
        #expect(try Invite.parse(member) == keepers)
    }

    @Test func `every kind comes back, also broken into lines and in capitals`() throws {
        for kind in [Invite.Kind.person, .member(genesis: .repeating(7)), .device] {
            var made = invite
            made.kind = kind
            let text = made.encoded()
            #expect(try Invite.parse(text) == made)
            let lines = text.enumerated().map {
                $0.offset % 20 == 19 ? "\($0.element)\r\n" : "\($0.element)"
            }
            #expect(try Invite.parse("  " + lines.joined().uppercased() + "\t\n") == made)
        }
    }

    @Test func `each single wrong character is found`() {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        let letters = Array(person)
        for index in letters.indices.dropFirst(6) {
            for other in alphabet where other != letters[index] {
                var changed = letters
                changed[index] = other
                #expect(throws: InviteError.self, "\(index) \(other)") {
                    try Invite.parse(String(changed))
                }
            }
        }
    }

    @Test func `two neighbours that changed places are found`() {
        let letters = Array(person)
        for index in 6..<letters.count - 1 where letters[index] != letters[index + 1] {
            var changed = letters
            changed.swapAt(index, index + 1)
            #expect(throws: InviteError.self) { try Invite.parse(String(changed)) }
        }
    }

    @Test func `a part of an invite is told to be one`() {
        for count in [6, 7, 40, 80, 100] {
            #expect(throws: InviteError.tooShort) { try Invite.parse(String(person.prefix(count))) }
        }
        for count in 6..<person.count {
            #expect(throws: InviteError.self) { try Invite.parse(String(person.prefix(count))) }
        }
    }

    @Test func `every mistake has its name`() {
        #expect(throws: InviteError.notAnInvite) { try Invite.parse("") }
        #expect(throws: InviteError.notAnInvite) { try Invite.parse("peer2:abc") }
        #expect(throws: InviteError.wrongCharacter(position: 8)) {
            try Invite.parse("peer1:ae0bc")
        }
        #expect(throws: InviteError.wrongCharacter(position: 7)) {
            try Invite.parse("peer1:aébc")
        }
        #expect(throws: InviteError.tooLong) {
            try Invite.parse("peer1:" + String(repeating: "a", count: 1_100))
        }
        #expect(throws: InviteError.typingError) { try Invite.parse(person + "aaaaaaaa") }
        let last = person.dropLast(2)
        #expect(throws: InviteError.typingError) { try Invite.parse(last + "ka") }
    }

    /// Writes an invite of any content with a checksum that fits.
    func written(_ change: (inout [UInt8]) -> Void) throws -> String {
        var bytes = try #require(Base32.decode(Array(person.utf8.dropFirst(6))))
        bytes.removeLast(4)
        change(&bytes)
        let sum = Hashing.hash(Array("peer1/invite".utf8) + [0] + bytes).bytes[..<4]
        return "peer1:" + Base32.encode(bytes + sum)
    }

    @Test func `a newer invite and a wrong one are told apart from a typing error`() throws {
        #expect(try Invite.parse(written { _ in }) == invite)
        let newer = try written { $0[0] = 2 }
        #expect(throws: InviteError.newerVersion) { try Invite.parse(newer) }
        let otherKind = try written { $0[1] = 3 }
        #expect(throws: InviteError.newerVersion) { try Invite.parse(otherKind) }
        let longer = try written { $0[2] += 1 }
        #expect(throws: InviteError.malformed) { try Invite.parse(longer) }
        let noPort = try written { $0[63] = 0x20 }
        #expect(throws: InviteError.malformed) { try Invite.parse(noPort) }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `garbage is refused and never stops the program`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1_000 {
            let bytes = generator.bytes(Int.random(in: 0..<120, using: &generator))
            #expect(throws: InviteError.self, "seed \(seed)") {
                try Invite.parse("peer1:" + Base32.encode(bytes))
            }
            #expect(Base32.decode(Array(Base32.encode(bytes).utf8)) == bytes, "seed \(seed)")
        }
    }

    @Test func `addresses are read in one form`() {
        for text in ["a:1", "peer.example:65535", "10.0.0.1:7443", "[::1]:7443"] {
            #expect(ServerAddress(text)?.description == text)
        }
        for text in [
            "", ":", "a", "a:", ":1", "a:0", "a:01", "a:65536", "a:+1", "::1:7443", "[a]:1",
            "[::1]", "a b:1", "a/b:1", "[::g]:1", "\u{e9}:1",
            String(repeating: "a", count: 241) + ":1",
        ] {
            #expect(ServerAddress(text) == nil, "\(text)")
        }
    }

    @Test func `the secret's two halves and their codes are as another program has them`() throws {
        let keys = invite.keys
        #expect(
            keys.auth.description
                == "1643fb6370bc9f2e5f1f2faafca48ba69c3ec8704c748b040122f322e75d3c1d"
        )
        #expect(
            keys.vouch.description
                == "253b533b3b18c492cdc1533c0ab324aea9d32f7ac38fbb67003f92077eb5db27"
        )
        #expect(
            keys.authHash.description
                == "6a22a129e007bbf3493ace72fcdb3b9660985e66868258ec9beda16fcab2ba53"
        )
        let key = try scalarKey(1).publicKey
        #expect(
            keys.introductionMAC(inviter: key).description
                == "99e4725b5877abe5b41d4a64889222ec410334fec08b104fd2da75b8141cd0cc"
        )
        let inviter = keys.inviterName("Béla Kovács")
        #expect(
            inviter.mac.description
                == "c6bea24c9a35afded3c15c672ff715ff82db415a6c46c88f9c8b28aadde9e232"
        )
        #expect(keys.proves(inviter))
        #expect(!keys.proves(InviterName(name: "Bela Kovács", mac: inviter.mac)))
        #expect(
            keys.deviceListMAC(Array("list".utf8)).description
                == "e10555802d07358bd3ba1d9010301cc1b4f5bac9fef6272845506ecfc87b763d"
        )
        #expect(
            keys.deviceMAC(signingKey: key, encryptionKeyBody: Array("ekey".utf8)).description
                == "afda6b01ef7d7314b4b365797226682f422fa5444da444d5a4cd1496b3f2dfef"
        )
    }

    @Test func `no description holds a secret`() {
        #expect("\(invite)" == "Invite(peer.example:7443)")
        #expect("\(invite.keys)" == "InviteSecret")
    }

    @Test func `byte strings are equal only if all bytes are`() {
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2]))
        #expect(ConstantTime.equal([], []))
    }
}

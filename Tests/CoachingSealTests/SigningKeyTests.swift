// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import Crypto
import Testing

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }
}

/// Gives the same word for ever, so that no draw is a scalar.
private struct StuckGenerator: RandomNumberGenerator {
    let word: UInt64
    mutating func next() -> UInt64 { word }
}

@Suite struct `Keys` {
    /// Computed in Python from DESIGN.md D5: the seed's byte pattern, I, R, person, recovery name.
    static let known:
        [(seed: [UInt8], identity: String, recovery: String, person: String, name: String)] = [
            (
                [UInt8](repeating: 0, count: 32),
                "fb6ca6d49ddb7d4e7455356a5af8384e4a5167f37d386a6272770d48d2560ba2",
                "56d82e2bf5c9644af5295e7541fd3c2557c3101ed1a7f387b1f61ee12b289559",
                "3edd79e8beff2b870504a2446edb8a95", "9ce461efd0a148ae73b0cf9f4ea70c00"
            ),
            (
                [UInt8](0..<32),
                "3fe06e95383ba3ac8122639c65b42d869465de102dcc1cc3a948996a8eedce97",
                "d3d1cdcad5a4bee694a811aa8fc69d69e9c4ac49d2967c3c267b18f257fc2d94",
                "f488affecbd846df649f995786926aab", "e87dfd96c46ae5655b38bb95230967ed"
            ),
            (
                [UInt8](repeating: 0x7f, count: 32),
                "cf51c6296137e9ef4df91b4771d026ccee3e6994a7c8d78a6a20951eb3bdf1fe",
                "c395ba2b0994179970bb97c7819ff649f94d940c19b37c0c1907f5332cf8a6be",
                "26f06c7135a6d75fbf2deff7d97ae1e8", "0f3e590d48c409867721380128107713"
            ),
        ]

    @Test func `a seed gives the same identity and recovery key as another program`() throws {
        for vector in Self.known {
            let seed = IdentitySeed(try #require(Bytes32(vector.seed)))
            let identity = try seed.identityKey()
            let recovery = try seed.recoveryKey()
            #expect(hexadecimal(identity.rawBytes) == vector.identity)
            #expect(hexadecimal(recovery.rawBytes) == vector.recovery)
            #expect(identity.person.description == vector.person)
            #expect(DeviceID(recoveryKey: recovery.publicKey).description == vector.name)
        }
    }

    @Test func `keys come back from their scalars and are drawn from the given generator`() throws {
        var one = SeededGenerator(seed: 5)
        var other = SeededGenerator(seed: 5)
        let first = try SigningKey(using: &one)
        let same = try SigningKey(using: &other)
        let second = try SigningKey(using: &one)
        #expect(first.rawBytes == same.rawBytes && first.rawBytes != second.rawBytes)
        #expect(try SigningKey(rawBytes: first.rawBytes).publicKey == first.publicKey)
        let encryption = try EncryptionKey(using: &one)
        #expect(
            try EncryptionKey(rawBytes: encryption.rawBytes).publicKey == encryption.publicKey
        )
        #expect(encryption.publicKey.count == 65 && first.publicKey.count == 65)
        #expect(try SigningKey().publicKey != SigningKey().publicKey)
        #expect(EncryptionKey().publicKey != EncryptionKey().publicKey)
        #expect(IdentitySeed(using: &one).value != IdentitySeed(using: &one).value)
    }

    @Test func `bytes that are no scalar are refused, and a stuck generator ends`() {
        for bytes in [[], [1], [UInt8](repeating: 0, count: 32), .init(repeating: 0xff, count: 32)]
        {
            #expect(throws: SealError.invalidKey) { try SigningKey(rawBytes: bytes) }
            #expect(throws: SealError.invalidKey) { try EncryptionKey(rawBytes: bytes) }
        }
        for word in [0, UInt64.max] {
            var generator = StuckGenerator(word: word)
            #expect(throws: SealError.invalidKey) { try SigningKey(using: &generator) }
        }
    }

    @Test func `a signature holds for its type and body alone, though it can be bent`() throws {
        let key = try SigningKey(rawBytes: [UInt8](repeating: 1, count: 32))
        let signature = try key.sign(.voucher, body: [1, 2, 3])
        let checks = key.verifyingKey
        #expect(checks.verify(.voucher, body: [1, 2, 3], signature: signature))
        #expect(!checks.verify(.roster, body: [1, 2, 3], signature: signature))
        #expect(!checks.verify(.voucher, body: [1, 2], signature: signature))
        #expect(!checks.verify(.voucher, body: [1, 2, 3], signature: signature + [0]))
        #expect(!checks.verify(.voucher, body: [1, 2, 3], signature: []))
        // What is signed is what the design says, and not more.
        let plain = try P256.Signing.PublicKey(x963Representation: key.publicKey)
        #expect(
            plain.isValidSignature(
                try P256.Signing.ECDSASignature(rawRepresentation: signature),
                for: Array("peer1/vouch".utf8) + [0, 1, 2, 3]
            )
        )
        // Signing twice differs: nothing may be named by a signature.
        #expect(try key.sign(.voucher, body: [1, 2, 3]) != signature)
    }

    @Test func `no description holds a key`() throws {
        let key = try SigningKey()
        let seed = IdentitySeed(.zero)
        #expect("\(key) \(EncryptionKey()) \(seed)" == "SigningKey EncryptionKey IdentitySeed")
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import Crypto
import Foundation
import Testing

@testable import CoachingSeal

/// What others know the answers to, put to the very functions that seal, open, sign and derive.
@Suite(
    .enabled(
        if: KnownAnswers.areThere,
        "skipped: the published vectors are not in .build/checkouts/swift-crypto"
    )
)
struct KnownAnswerTests {
    private func groups<Group: Decodable>(_ name: String) throws -> [Group] {
        let url = KnownAnswers.wycheproof.appending(path: name)
        return try KnownAnswers.read(url, as: WycheproofFile<Group>.self).testGroups
    }

    private func say(_ what: String, _ count: Int) { print("answers \(what) cases=\(count)") }

    @Test func `signatures hold where Wycheproof says so`() throws {
        let groups: [SignatureGroup] = try groups("ecdsa_secp256r1_sha256_p1363_test.json")
        var count = 0
        for group in groups {
            let key = try VerifyingKey(KnownAnswers.bytes(group.publicKey.uncompressed))
            for one in group.tests {
                let digest = SHA256.hash(data: KnownAnswers.bytes(one.msg))
                let holds = key.verify(digest, signature: KnownAnswers.bytes(one.sig))
                #expect(holds == (one.result == .valid), "case \(one.tcId)")
                count += 1
            }
        }
        #expect(count >= 250)
        say("ecdsa-p1363", count)
    }

    /// On the wire a signature is 64 bytes: nothing that is DER holds, and what DER says holds
    /// only as Wycheproof has it.
    @Test func `signatures in DER hold in the wire's form alone`() throws {
        let groups: [SignatureGroup] = try groups("ecdsa_secp256r1_sha256_test.json")
        var count = 0
        for group in groups {
            let key = try VerifyingKey(KnownAnswers.bytes(group.publicKey.uncompressed))
            for one in group.tests {
                let digest = SHA256.hash(data: KnownAnswers.bytes(one.msg))
                let der = KnownAnswers.bytes(one.sig)
                #expect(!key.verify(digest, signature: der), "case \(one.tcId)")
                let parsed = try? P256.Signing.ECDSASignature(derRepresentation: der)
                let holds = parsed.map {
                    key.verify(digest, signature: [UInt8]($0.rawRepresentation))
                }
                if one.result != .acceptable {
                    #expect(holds ?? false == (one.result == .valid), "case \(one.tcId)")
                }
                count += 1
            }
        }
        #expect(count >= 450)
        say("ecdsa-der", count)
    }

    @Test func `keys agree where Wycheproof says so, and other points are no keys`() throws {
        let groups: [AgreementGroup] = try groups("ecdh_secp256r1_ecpoint_test.json")
        var count = 0
        for one in groups.flatMap(\.tests) {
            let point = KnownAnswers.bytes(one.public)
            let scalar = try #require(KnownAnswers.scalar(one.private))
            let own = try EncryptionKey(rawBytes: scalar)
            let isKey = (try? VerifyingKey(point)) != nil
            let recipient = KeyRecipient(id: DeviceID(.zero), publicKey: point)
            let wrap = try? KeyWrapping.wrap(SymmetricKey(size: .bits256), for: recipient, [1])
            count += 1
            guard one.result == .valid, point.count == 65 else {
                #expect(!isKey, "case \(one.tcId)")
                if one.result == .invalid { #expect(wrap == nil, "case \(one.tcId)") }
                continue
            }
            #expect(isKey && wrap != nil, "case \(one.tcId)")
            let other = try P256.KeyAgreement.PublicKey(x963Representation: point)
            let shared = try own.key.sharedSecretFromKeyAgreement(with: other)
            let bytes = shared.withUnsafeBytes { [UInt8]($0) }
            #expect(bytes == KnownAnswers.bytes(one.shared), "case \(one.tcId)")
        }
        #expect(count >= 350)
        say("ecdh", count)
    }

    @Test func `AES-GCM seals and opens as Wycheproof has it`() throws {
        let groups: [CipherGroup] = try groups("aes_gcm_test.json")
        var count = 0
        for group in groups where group.ivSize == 8 * AuthenticatedSealing.nonceBytes {
            for one in group.tests {
                let key = SymmetricKey(data: KnownAnswers.bytes(one.key))
                let nonce = KnownAnswers.bytes(one.iv)
                let data = KnownAnswers.bytes(one.aad)
                let sealed = KnownAnswers.bytes(one.ct) + KnownAnswers.bytes(one.tag)
                let opened = try? AuthenticatedSealing.open(
                    sealed[...],
                    under: key,
                    nonce: nonce,
                    authenticating: data
                )
                count += 1
                guard one.result == .valid else {
                    #expect(opened == nil, "case \(one.tcId)")
                    continue
                }
                #expect(opened == KnownAnswers.bytes(one.msg), "case \(one.tcId)")
                let again = try AuthenticatedSealing.seal(
                    KnownAnswers.bytes(one.msg)[...],
                    under: key,
                    nonce: nonce,
                    authenticating: data
                )
                #expect(again == sealed, "case \(one.tcId)")
            }
        }
        #expect(count >= 190)
        say("aes-gcm", count)
    }

    @Test func `shorter nonces than the protocol's open nothing`() throws {
        let groups: [CipherGroup] = try groups("aes_gcm_test.json")
        let short = groups.filter { $0.ivSize < 8 * AuthenticatedSealing.nonceBytes }
        #expect(!short.isEmpty)
        for one in short.flatMap(\.tests) {
            #expect(throws: SealError.cannotOpen, "case \(one.tcId)") {
                try AuthenticatedSealing.open(
                    (KnownAnswers.bytes(one.ct) + KnownAnswers.bytes(one.tag))[...],
                    under: SymmetricKey(data: KnownAnswers.bytes(one.key)),
                    nonce: KnownAnswers.bytes(one.iv),
                    authenticating: KnownAnswers.bytes(one.aad)
                )
            }
        }
    }

    @Test func `keys are derived as RFC 5869 has it`() throws {
        let url = KnownAnswers.wycheproof.appending(path: "rfc-5869-HKDF-SHA256.txt")
        var fields: [Substring: [UInt8]] = [:]
        var count = 0
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, !line.hasPrefix("#") else { continue }
            let name = pair[0].prefix { $0 != " " }
            fields[name] = KnownAnswers.bytes(String(pair[1]))
            guard name == "OKM" else { continue }
            let derived = KeyDerivation.bytes(
                from: fields["IKM"] ?? [],
                salt: fields["salt"] ?? [],
                info: fields["info"] ?? []
            )
            #expect(derived == Array((fields["OKM"] ?? []).prefix(32)))
            count += 1
            fields = [:]
        }
        #expect(count == 3)
        say("hkdf-rfc5869", count)
    }

    /// The first 32 bytes do not depend on how many are asked for.
    @Test(
        .enabled(
            if: KnownAnswers.isHKDFThere,
            "skipped: Wycheproof's HKDF cases are not in PEERCOACH_ANSWERS (make answers)"
        )
    )
    func `keys are derived as Wycheproof has it`() throws {
        let url = try #require(KnownAnswers.hkdf)
        let file = try KnownAnswers.read(url, as: WycheproofFile<DerivationGroup>.self)
        var count = 0
        for one in file.testGroups.flatMap(\.tests) where one.result == .valid {
            let derived = KeyDerivation.bytes(
                from: KnownAnswers.bytes(one.ikm),
                salt: KnownAnswers.bytes(one.salt),
                info: KnownAnswers.bytes(one.info)
            )
            let okm = KnownAnswers.bytes(one.okm)
            #expect(derived.prefix(okm.count) == okm.prefix(32), "case \(one.tcId)")
            count += 1
        }
        #expect(count >= 70)
        say("hkdf", count)
    }

    /// Nobody can choose the sender's ephemeral key here, so the recipient's side is tried.
    @Test func `a recipient opens what RFC 9180 sealed, in order and unchanged only`() throws {
        let cases = try KnownAnswers.read(KnownAnswers.hpke, as: [HPKECase].self)
        let ours = cases.filter { $0.mode == 0 && $0.kem == 16 && $0.kdf == 1 && $0.aead == 2 }
        var count = 0
        for one in ours {
            let key = try EncryptionKey(
                rawBytes: try #require(KnownAnswers.scalar(one.skRm))
            )
            let encapsulated = KnownAnswers.bytes(one.enc)
            let info = KnownAnswers.bytes(one.info)
            func recipient() throws -> HPKE.Recipient {
                try #require(KeyWrapping.recipient(encapsulated, with: key, info: info))
            }
            var opener = try recipient()
            for sealed in one.encryptions {
                let opened = try opener.open(
                    Data(KnownAnswers.bytes(sealed.ct)),
                    authenticating: Data(KnownAnswers.bytes(sealed.aad))
                )
                #expect([UInt8](opened) == KnownAnswers.bytes(sealed.pt), "case \(count)")
                count += 1
            }
            let first = try #require(one.encryptions.first)
            var changed = KnownAnswers.bytes(first.ct)
            changed[0] ^= 1
            var stranger = try recipient()
            #expect(throws: (any Error).self) {
                try stranger.open(
                    Data(changed),
                    authenticating: Data(KnownAnswers.bytes(first.aad))
                )
            }
        }
        #expect(count == 257)
        say("hpke-p256", count)
    }
}

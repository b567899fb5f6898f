// SPDX-License-Identifier: Apache-2.0

import Crypto
import SwiftASN1
import Testing
@_spi(FixedExpiryValidationTime) import X509

@testable import CoachingCertificates

@Suite struct AuthorityTests {
    private var generator = SeededGenerator(seed: 1)

    @Test mutating func `an authority survives its files`() throws {
        let made = try Authority.make(atMs: startMs, using: &generator)
        let read = try Authority(certificatePEM: made.certificatePEM, keyPEM: made.keyPEM)
        #expect(read.certificate == made.certificate)
        #expect(read.pin == made.pin)
        #expect(read.key == made.key)
        #expect(read.fingerprint == made.fingerprint)
    }

    @Test mutating func `the pin is the hash of the key alone`() throws {
        let authority = try Authority.make(atMs: startMs, using: &generator)
        let key = try P256.Signing.PrivateKey(derRepresentation: authority.key)
        let hash = Array(SHA256.hash(data: key.publicKey.derRepresentation))
        #expect(authority.pin.bytes == hash)
        #expect(AuthorityPin(hash) == authority.pin)
        #expect(authority.pin.description.count == 64)
        #expect(try CertificateInspection(authority.certificate).pin == authority.pin)
        #expect(AuthorityPin(hash.dropLast()) == nil)
    }

    @Test func `the same seed makes the same key, another seed another`() throws {
        var first = SeededGenerator(seed: 7)
        var again = SeededGenerator(seed: 7)
        var other = SeededGenerator(seed: 8)
        let pin = try Authority.make(atMs: startMs, using: &first).pin
        #expect(try Authority.make(atMs: startMs, using: &again).pin == pin)
        #expect(try Authority.make(atMs: startMs, using: &other).pin != pin)
    }

    @Test mutating func `an authority signs leaves only, for ten years`() throws {
        let authority = try Authority.make(atMs: startMs, using: &generator)
        let parsed = try Certificate(derEncoded: authority.certificate)
        #expect(
            try parsed.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0)
        )
        let usage = try #require(try parsed.extensions.keyUsage)
        #expect(usage == KeyUsage(keyCertSign: true))
        let own = try #require(try parsed.extensions.subjectKeyIdentifier).keyIdentifier
        #expect(try parsed.extensions.authorityKeyIdentifier?.keyIdentifier == own)
        let inspection = try CertificateInspection(authority.certificate)
        #expect(inspection.notAfterMs - startMs == 3653 * dayMs)
    }

    @Test mutating func `a certificate with another's key is refused`() throws {
        let one = try Authority.make(atMs: startMs, using: &generator)
        let two = try Authority.make(atMs: startMs, using: &generator)
        #expect(throws: CertificateError.keyMismatch) {
            try Authority(certificate: one.certificate, key: two.key)
        }
        #expect(throws: CertificateError.malformed) {
            try Authority(certificatePEM: one.keyPEM, keyPEM: one.keyPEM)
        }
        #expect(throws: CertificateError.malformed) {
            try Authority(certificatePEM: one.certificatePEM, keyPEM: "nothing")
        }
    }

    @Test mutating func `a leaf is no authority, even with its key`() throws {
        let authority = try Authority.make(atMs: startMs, using: &generator)
        let server = try authority.issueServer(
            names: [.host("localhost")],
            atMs: startMs,
            using: &generator
        )
        #expect(throws: CertificateError.notAnAuthority) {
            try Authority(certificate: server.leaf, key: server.key)
        }
    }

    @Test mutating func `a time outside the calendar is refused`() {
        for time in [Int64.min, -1, CertificateTime.lastMs + 1, .max] {
            #expect(throws: CertificateError.timeOutOfRange) {
                try Authority.make(atMs: time, using: &generator)
            }
        }
    }

    @Test mutating func `an authority whose time is over issues nothing`() throws {
        let authority = try Authority.make(atMs: startMs, using: &generator)
        for time in [startMs - dayMs, startMs + 3653 * dayMs] {
            #expect(throws: CertificateError.authorityExpired) {
                try authority.issueServer(
                    names: [.host("localhost")],
                    atMs: time,
                    using: &generator
                )
            }
        }
    }

    @Test mutating func `a leaf does not outlive its authority`() throws {
        let authority = try Authority.make(atMs: startMs, using: &generator)
        let late = startMs + 3600 * dayMs
        let server = try authority.issueServer(
            names: [.host("localhost")],
            atMs: late,
            using: &generator
        )
        let end = try CertificateInspection(authority.certificate).notAfterMs
        #expect(try CertificateInspection(server.leaf).notAfterMs == end)
    }

    @Test mutating func `an independent verifier accepts what is issued`() async throws {
        let authority = try Authority.make(atMs: startMs, using: &generator)
        let server = try authority.issueServer(
            names: [.host("localhost")],
            atMs: startMs,
            using: &generator
        )
        let root = try Certificate(derEncoded: authority.certificate)
        let leaf = try Certificate(derEncoded: server.leaf)
        let now = try CertificateTime.date(ms: startMs)
        var verifier = Verifier(rootCertificates: CertificateStore([root])) {
            RFC5280Policy(fixedExpiryValidationTime: now)
        }
        let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore())
        guard case .validCertificate = result else {
            Issue.record("not valid")
            return
        }
    }
}

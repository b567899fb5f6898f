// SPDX-License-Identifier: Apache-2.0

import Crypto
import SwiftASN1
import Testing
import X509

@testable import CoachingCertificates

@Suite struct PinnedVerifierTests {
    private var generator = SeededGenerator(seed: 3)
    private let authority: Authority
    private let server: ServerIdentity

    init() throws {
        authority = try Authority.make(atMs: startMs, using: &generator)
        server = try authority.issueServer(
            names: [
                .host("coach.example.org"), .address([127, 0, 0, 1]),
                .address([UInt8](repeating: 0, count: 15) + [1]),
            ],
            atMs: startMs,
            using: &generator
        )
    }

    private func verify(
        _ chain: [[UInt8]]? = nil,
        _ name: String = "coach.example.org",
        atMs: Int64 = startMs
    ) throws {
        let name = try #require(ServerName(name))
        try PinnedVerifier(pin: authority.pin, name: name)
            .verify(chain: chain ?? server.chain, atMs: atMs)
    }

    @Test(arguments: ["coach.example.org", "COACH.example.org.", "127.0.0.1", "::1", "[::1]"])
    func `a server of the pinned authority is trusted under its names`(name: String) throws {
        try verify(nil, name)
    }

    @Test(arguments: ["example.org", "other.example.org", "127.0.0.2", "::2", "localhost"])
    func `another name is the wrong host`(name: String) {
        #expect(throws: TrustFailure.wrongHost) { try verify(nil, name) }
    }

    @Test func `nothing and rubbish are unreadable`() {
        #expect(throws: TrustFailure.unreadable) { try verify([]) }
        #expect(throws: TrustFailure.unreadable) { try verify([[1, 2], authority.certificate]) }
    }

    @Test func `a leaf alone brings no authority`() {
        #expect(throws: TrustFailure.noAuthorityInChain) { try verify([server.leaf]) }
    }

    @Test mutating func `a proxy's chain shows another authority`() throws {
        let proxy = try Authority.make(atMs: startMs, using: &generator)
        let forged = try proxy.issueServer(
            names: [.host("coach.example.org")],
            atMs: startMs,
            using: &generator
        )
        #expect(throws: TrustFailure.otherAuthority) { try verify(forged.chain) }
        #expect(throws: TrustFailure.otherAuthority) {
            try verify([forged.leaf, [UInt8](repeating: 0, count: 5000), proxy.certificate])
        }
        // The real authority sent along proves nothing for a leaf it did not sign.
        #expect(throws: TrustFailure.notSignedByAuthority) {
            try verify([forged.leaf, proxy.certificate, authority.certificate])
        }
    }

    @Test mutating func `a leaf that only claims the authority's name is not signed by it`() throws
    {
        let forged = try leaf(issuer: authority.parsed.subject, signer: P256.Signing.PrivateKey())
        #expect(throws: TrustFailure.notSignedByAuthority) {
            try verify([forged, authority.certificate])
        }
    }

    @Test mutating func `a device's certificate is no server's`() throws {
        let request = try CertificateRequest.make(using: &generator).request
        let device = try authority.issueDevice(
            request: request,
            commonName: "aa",
            atMs: startMs,
            using: &generator
        )
        #expect(throws: TrustFailure.notAServer) { try verify([device, authority.certificate]) }
    }

    @Test func `the authority's own certificate is no server's`() {
        #expect(throws: TrustFailure.notAServer) {
            try verify([authority.certificate, authority.certificate])
        }
    }

    @Test func `a leaf that signs, or asks for what is not understood, is no server's`() throws {
        let key = authority.signingKey
        let signing = try leaf(
            issuer: authority.parsed.subject,
            signer: key,
            constraints: .isCertificateAuthority(maxPathLength: nil)
        )
        #expect(throws: TrustFailure.notAServer) { try verify([signing, authority.certificate]) }
        let strange = try leaf(
            issuer: authority.parsed.subject,
            signer: key,
            strange: Certificate.Extension(oid: [1, 2, 3, 4], critical: true, value: [5, 0])
        )
        #expect(throws: TrustFailure.notAServer) { try verify([strange, authority.certificate]) }
        let plain = try leaf(issuer: authority.parsed.subject, signer: key)
        try verify([plain, authority.certificate])
    }

    @Test func `the pinned key in another certificate is a bad authority`() throws {
        let wrapped = try leaf(
            issuer: authority.parsed.subject,
            signer: authority.signingKey,
            publicKey: authority.signingKey.publicKey
        )
        #expect(throws: TrustFailure.badAuthority) { try verify([server.leaf, wrapped]) }
    }

    @Test func `dates count on both sides`() throws {
        try verify(atMs: startMs - 300_000)
        #expect(throws: TrustFailure.notYetValid) { try verify(atMs: startMs - 301_000) }
        try verify(atMs: startMs + 400 * dayMs)
        #expect(throws: TrustFailure.expired) { try verify(atMs: startMs + 400 * dayMs + 1) }
        #expect(throws: TrustFailure.notYetValid) { try verify(atMs: .min) }
        #expect(throws: TrustFailure.expired) { try verify(atMs: .max) }
    }

    @Test mutating func `an expired authority is expired even with a fresh looking leaf`() throws {
        let old = try Authority.make(atMs: startMs - 3653 * dayMs, using: &generator)
        let key = old.signingKey
        let fresh = try leaf(issuer: old.parsed.subject, signer: key)
        let verifier = PinnedVerifier(pin: old.pin, name: .host("coach.example.org"))
        #expect(throws: TrustFailure.expired) {
            try verifier.verify(chain: [fresh, old.certificate], atMs: startMs + 1)
        }
    }

    @Test mutating func `no flipped bit and no cut leaves a chain trusted`() throws {
        for which in 0...1 {
            for index in server.chain[which].indices {
                var broken = server.chain
                broken[which][index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                // The count of unused bits behind a signature says nothing when they are zero.
                if index != unusedBitsIndex(server.chain[which]) {
                    #expect(throws: TrustFailure.self, "certificate \(which), byte \(index)") {
                        try verify(broken)
                    }
                }
                broken[which] = Array(server.chain[which].prefix(index))
                #expect(throws: TrustFailure.self, "certificate \(which), cut \(index)") {
                    try verify(broken)
                }
            }
        }
    }

    @Test mutating func `a renewed leaf and a renewed authority certificate keep the pin`() throws {
        let renewed = try authority.issueServer(
            names: [.host("coach.example.org")],
            atMs: startMs + 300 * dayMs,
            using: &generator
        )
        #expect(renewed.key != server.key)
        try verify(renewed.chain, atMs: startMs + 500 * dayMs)
    }

    /// Finds the first byte of the BIT STRING that ends a certificate.
    private func unusedBitsIndex(_ der: [UInt8]) -> Int? {
        (1...80).first { count in
            der[der.count - count - 1] == count && der[der.count - count - 2] == 3
        }.map { der.count - $0 }
    }

    private func leaf(
        issuer: DistinguishedName,
        signer: P256.Signing.PrivateKey,
        publicKey: P256.Signing.PublicKey? = nil,
        constraints: BasicConstraints = .notCertificateAuthority,
        strange: Certificate.Extension? = nil
    ) throws -> [UInt8] {
        var extensions = try Certificate.Extensions {
            Critical(constraints)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([.serverAuth])
            SubjectAlternativeNames([.dnsName("coach.example.org")])
        }
        if let strange { try extensions.append(strange) }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(bytes: [1]),
            publicKey: Certificate.PublicKey(publicKey ?? P256.Signing.PrivateKey().publicKey),
            notValidBefore: CertificateTime.date(ms: startMs),
            notValidAfter: CertificateTime.date(ms: startMs + dayMs),
            issuer: issuer,
            subject: DistinguishedName { CommonName("coach") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions,
            issuerPrivateKey: Certificate.PrivateKey(signer)
        )
        return try CertificateReading.der(certificate)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Crypto
import SwiftASN1
import Testing
import X509

@testable import CoachingCertificates

@Suite struct DeviceCertificateTests {
    private var generator = SeededGenerator(seed: 2)
    private let authority: Authority
    private let deviceID = "00112233445566778899aabbccddeeff"

    init() throws {
        authority = try Authority.make(atMs: startMs, using: &generator)
    }

    @Test mutating func `a device's leaf carries its id and its key, for clients only`() throws {
        let made = try CertificateRequest.make(using: &generator)
        let der = try authority.issueDevice(
            request: made.request,
            commonName: deviceID,
            atMs: startMs,
            using: &generator
        )
        let inspection = try CertificateInspection(der)
        #expect(inspection.commonName == deviceID)
        #expect(
            inspection.publicKeyInfo == (try CertificateRequest.publicKeyInfo(of: made.request))
        )
        #expect(inspection.notBeforeMs == startMs - 300_000)
        #expect(inspection.notAfterMs == startMs + 400 * dayMs)
        let leaf = try Certificate(derEncoded: der)
        #expect(AuthorityCheck.isLeaf(leaf, for: .clientAuth))
        #expect(!AuthorityCheck.isLeaf(leaf, for: .serverAuth))
        let root = try Certificate(derEncoded: authority.certificate)
        #expect(root.publicKey.isValidSignature(leaf.signature, for: leaf))
    }

    @Test mutating func `a request made again from the key asks for the same key`() throws {
        let made = try CertificateRequest.make(using: &generator)
        let again = try CertificateRequest(key: made.key)
        #expect(again.key == made.key)
        #expect(
            try CertificateRequest.publicKeyInfo(of: again.request)
                == CertificateRequest.publicKeyInfo(of: made.request)
        )
    }

    @Test mutating func `nothing but the key is taken from a request`() throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let greedy = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName { CommonName("administrator") },
            privateKey: key,
            attributes: CertificateSigningRequest.Attributes([
                .init(
                    ExtensionRequest(
                        extensions: Certificate.Extensions {
                            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                            SubjectAlternativeNames([.dnsName("example.org")])
                        }
                    )
                )
            ]),
            signatureAlgorithm: .ecdsaWithSHA256
        )
        let der = try authority.issueDevice(
            request: bytes(greedy),
            commonName: deviceID,
            atMs: startMs,
            using: &generator
        )
        let leaf = try Certificate(derEncoded: der)
        #expect(try CertificateInspection(der).commonName == deviceID)
        #expect(try leaf.extensions.basicConstraints == .notCertificateAuthority)
        #expect(try leaf.extensions.subjectAlternativeNames == nil)
    }

    @Test mutating func `a request without proof of its key is refused`() throws {
        let made = try CertificateRequest.make(using: &generator)
        let parsed = try CertificateSigningRequest(derEncoded: made.request)
        let other = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let stolen = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName(),
            publicKey: other.publicKey,
            attributes: CertificateSigningRequest.Attributes(),
            signatureAlgorithm: .ecdsaWithSHA256,
            signature: parsed.signature
        )
        #expect(throws: CertificateError.badProof) {
            try authority.issueDevice(
                request: bytes(stolen),
                commonName: deviceID,
                atMs: startMs,
                using: &generator
            )
        }
    }

    @Test mutating func `a request for another curve is refused`() throws {
        let requests = [
            Certificate.PrivateKey(P384.Signing.PrivateKey()),
            Certificate.PrivateKey(Curve25519.Signing.PrivateKey()),
        ]
        for key in requests {
            let request = try CertificateSigningRequest(
                version: .v1,
                subject: DistinguishedName(),
                privateKey: key,
                attributes: CertificateSigningRequest.Attributes()
            )
            #expect(throws: CertificateError.notP256) {
                try authority.issueDevice(
                    request: bytes(request),
                    commonName: deviceID,
                    atMs: startMs,
                    using: &generator
                )
            }
        }
    }

    @Test mutating func `a request cut at any byte or too long is refused`() throws {
        let request = try CertificateRequest.make(using: &generator).request
        for count in 0..<request.count {
            #expect(throws: CertificateError.malformed, "cut at \(count)") {
                try CertificateRequest.publicKeyInfo(of: Array(request.prefix(count)))
            }
        }
        #expect(throws: CertificateError.malformed) {
            try CertificateRequest.publicKeyInfo(of: request + [0])
        }
        #expect(throws: CertificateError.malformed) {
            try CertificateRequest.publicKeyInfo(of: [UInt8](repeating: 0x30, count: 4097))
        }
    }

    @Test mutating func `a request with any flipped bit is refused`() throws {
        let request = try CertificateRequest.make(using: &generator).request
        for index in request.indices {
            var broken = request
            broken[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            #expect(throws: (any Error).self, "byte \(index)") {
                try CertificateRequest.publicKeyInfo(of: broken)
            }
        }
    }

    @Test mutating func `a device id is hex digits only`() throws {
        let request = try CertificateRequest.make(using: &generator).request
        for name in ["", "alice", "00 11", "AB", String(repeating: "a", count: 65), "a\u{0}"] {
            #expect(throws: CertificateError.badName) {
                try authority.issueDevice(
                    request: request,
                    commonName: name,
                    atMs: startMs,
                    using: &generator
                )
            }
        }
    }

    @Test mutating func `a certificate asks for renewal at two thirds of its life`() throws {
        let request = try CertificateRequest.make(using: &generator).request
        let der = try authority.issueDevice(
            request: request,
            commonName: deviceID,
            atMs: startMs,
            using: &generator
        )
        let inspection = try CertificateInspection(der)
        let life = inspection.notAfterMs - inspection.notBeforeMs
        let due = inspection.notBeforeMs + life / 3 * 2
        #expect(!inspection.needsRenewal(atMs: startMs))
        #expect(!inspection.needsRenewal(atMs: due - 1))
        #expect(inspection.needsRenewal(atMs: due))
        #expect(inspection.needsRenewal(atMs: .max))
        #expect(!inspection.needsRenewal(atMs: .min))
        #expect(inspection.isValid(atMs: startMs))
        #expect(!inspection.isValid(atMs: inspection.notAfterMs + 1))
    }

    private func bytes(_ request: CertificateSigningRequest) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        return serializer.serializedBytes
    }
}

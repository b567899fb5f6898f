// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import SwiftASN1
internal import X509

extension Authority {
    /// Issues a leaf with a new key for the server.
    ///
    /// Renewing is issuing again: devices pin the authority, not the leaf.
    ///
    /// - Parameters:
    ///   - names: the host names and addresses under which devices dial the server.
    ///   - atMs: now, in milliseconds since 1970.
    ///   - generator: draws the key and the serial number.
    /// - Returns: leaf, authority and key, as the transport takes them.
    /// - Throws: ``CertificateError/badName`` without a name, ``CertificateError/authorityExpired``.
    public func issueServer(
        names: [ServerName],
        atMs: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws(CertificateError) -> ServerIdentity {
        guard (1...32).contains(names.count), let first = names.first else { throw .badName }
        let alternatives: [GeneralName] = names.map { name in
            switch name {
            case .host(let host): .dnsName(host)
            case .address(let bytes): .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
            }
        }
        // The common name decides nothing; it is cut where the field ends.
        let label =
            switch first {
            case .host(let host): String(host.prefix(64))
            case .address: "peercoach server"
            }
        let key = try SigningKey.make(using: &generator)
        let leaf = try issue(
            Certificate.PublicKey(key.publicKey),
            commonName: label,
            usage: .serverAuth,
            alternatives: alternatives,
            atMs: atMs,
            using: &generator
        )
        return ServerIdentity(
            leaf: leaf,
            authority: certificate,
            key: Array(key.derRepresentation)
        )
    }

    /// Issues a leaf for a device.
    ///
    /// Takes nothing but the public key from the request: no name, no extension, no date.
    ///
    /// - Parameters:
    ///   - request: PKCS #10 (DER), at most 4,096 bytes.
    ///   - commonName: the device's id as hex digits, as the server knows it.
    ///   - atMs: now, in milliseconds since 1970.
    ///   - generator: draws the serial number.
    /// - Returns: the leaf (DER).
    /// - Throws: ``CertificateError/malformed``, ``CertificateError/notP256``,
    ///   ``CertificateError/badProof``, ``CertificateError/badName``,
    ///   ``CertificateError/authorityExpired``.
    public func issueDevice(
        request: [UInt8],
        commonName: String,
        atMs: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws(CertificateError) -> [UInt8] {
        let name = commonName.utf8
        guard
            (1...64).contains(name.count),
            name.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { throw .badName }
        let key = try CertificateRequest.provenKey(request)
        return try issue(
            key,
            commonName: commonName,
            usage: .clientAuth,
            alternatives: [],
            atMs: atMs,
            using: &generator
        )
    }

    private func issue(
        _ publicKey: Certificate.PublicKey,
        commonName: String,
        usage: ExtendedKeyUsage.Usage,
        alternatives: [GeneralName],
        atMs: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws(CertificateError) -> [UInt8] {
        let now = try CertificateTime.date(ms: atMs)
        guard now >= parsed.notValidBefore, now < parsed.notValidAfter else {
            throw .authorityExpired
        }
        let begin = try CertificateTime.begin(nowMs: atMs)
        let end = try CertificateTime.date(
            ms: atMs + Self.leafLifetimeDays * CertificateTime.dayMs
        )
        let leaf: Certificate
        do {
            var extensions = try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([usage])
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: parsed.publicKey).keyIdentifier
                )
            }
            if !alternatives.isEmpty {
                try extensions.append(
                    Certificate.Extension(SubjectAlternativeNames(alternatives), critical: false)
                )
            }
            leaf = try Certificate(
                version: .v3,
                serialNumber: SigningKey.serial(using: &generator),
                publicKey: publicKey,
                notValidBefore: max(begin, parsed.notValidBefore),
                notValidAfter: min(end, parsed.notValidAfter),
                issuer: parsed.subject,
                subject: DistinguishedName { CommonName(commonName) },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: extensions,
                issuerPrivateKey: Certificate.PrivateKey(signingKey)
            )
        } catch {
            throw .internalFailure
        }
        return try CertificateReading.der(leaf)
    }
}

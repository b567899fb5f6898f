// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import SwiftASN1
internal import X509

/// Is the server's own certificate authority: a P-256 key and its self-signed certificate.
///
/// It signs the server's leaf and the devices' leaves. What it says about a device is only that
/// the TLS key was enrolled; rights come from the signed hello and the device's row.
///
/// - Limits: 10 years, path length 0 (it signs leaves only), key use keyCertSign.
public struct Authority: Sendable {
    /// Tells for how long a new authority is valid.
    public static let lifetimeDays: Int64 = 3653
    /// Tells for how long a leaf is valid.
    public static let leafLifetimeDays: Int64 = 400
    /// Tells how far a certificate's beginning lies back, for devices whose clock is late.
    public static let backdatedMinutes: Int64 = 5

    /// Holds the self-signed certificate (DER).
    public let certificate: [UInt8]
    /// Names the authority in invites.
    public let pin: AuthorityPin

    let parsed: Certificate
    let signingKey: P256.Signing.PrivateKey

    /// Makes a new authority.
    ///
    /// - Parameters:
    ///   - atMs: now, in milliseconds since 1970.
    ///   - generator: draws the key and the serial number.
    /// - Returns: the authority with its private key.
    /// - Throws: ``CertificateError/timeOutOfRange``.
    public static func make(
        atMs: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws(CertificateError) -> Authority {
        let key = try SigningKey.make(using: &generator)
        let begin = try CertificateTime.begin(nowMs: atMs)
        let end = try CertificateTime.date(ms: atMs + lifetimeDays * CertificateTime.dayMs)
        let hash = SHA256.hash(data: key.publicKey.derRepresentation)
        let certificate: Certificate
        do {
            let publicKey = Certificate.PublicKey(key.publicKey)
            // Part of the name is the key's hash, so two authorities never have the same name.
            let name = try DistinguishedName {
                CommonName("peercoach authority \(hash.prefix(8).hexDigits)")
            }
            let identifier = SubjectKeyIdentifier(hash: publicKey)
            certificate = try Certificate(
                version: .v3,
                serialNumber: SigningKey.serial(using: &generator),
                publicKey: publicKey,
                notValidBefore: begin,
                notValidAfter: end,
                issuer: name,
                subject: name,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true))
                    identifier
                    AuthorityKeyIdentifier(keyIdentifier: identifier.keyIdentifier)
                },
                issuerPrivateKey: Certificate.PrivateKey(key)
            )
        } catch {
            throw .internalFailure
        }
        return try Authority(
            certificate: CertificateReading.der(certificate),
            key: Array(key.derRepresentation)
        )
    }

    /// Takes an authority from its certificate and key (DER).
    ///
    /// - Throws: ``CertificateError/notAnAuthority`` or ``CertificateError/keyMismatch`` when the
    ///   two do not make one.
    public init(certificate: [UInt8], key: [UInt8]) throws(CertificateError) {
        parsed = try CertificateReading.certificate(der: certificate)
        signingKey = try SigningKey.read(der: key)
        pin = try CertificateReading.pin(parsed)
        self.certificate = certificate
        guard Certificate.PublicKey(signingKey.publicKey) == parsed.publicKey else {
            throw .keyMismatch
        }
        guard AuthorityCheck.isAuthority(parsed) else { throw .notAnAuthority }
    }

    /// Takes an authority from the texts of its two files.
    ///
    /// - Throws: as ``init(certificate:key:)``, and ``CertificateError/malformed``.
    public init(certificatePEM: String, keyPEM: String) throws(CertificateError) {
        let certificates = try PEMText.certificates(in: certificatePEM)
        guard certificates.count == 1, let certificate = certificates.first else {
            throw .malformed
        }
        try self.init(certificate: certificate, key: PEMText.key(in: keyPEM))
    }

    /// Gives the private key (PKCS #8, DER).
    public var key: [UInt8] { Array(signingKey.derRepresentation) }
    /// Gives the text of the certificate's file.
    public var certificatePEM: String { PEMText.text(certificates: [certificate]) }
    /// Gives the text of the key's file, which only the server may read (mode 0600).
    public var keyPEM: String { PEMText.text(key: key) }
    /// Hashes the whole certificate, for people who compare by eye.
    public var fingerprint: [UInt8] { Array(SHA256.hash(data: certificate)) }
}

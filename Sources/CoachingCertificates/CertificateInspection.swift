// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import X509

/// Tells what stands in one certificate.
///
/// It judges nothing: who presents a certificate here has been checked by the handshake.
public struct CertificateInspection: Hashable, Sendable {
    /// Holds the key as SubjectPublicKeyInfo (DER).
    public let publicKeyInfo: [UInt8]
    /// Holds SHA-256 over the whole certificate.
    public let fingerprint: [UInt8]
    /// Holds the subject's common name: the device's id, for a device.
    public let commonName: String?
    /// Tells when the certificate begins to be valid, in milliseconds since 1970.
    public let notBeforeMs: Int64
    /// Tells when the certificate ends to be valid, in milliseconds since 1970.
    public let notAfterMs: Int64

    /// Reads a certificate (DER).
    ///
    /// - Throws: ``CertificateError/malformed``, ``CertificateError/notP256``.
    public init(_ der: [UInt8]) throws(CertificateError) {
        let certificate = try CertificateReading.certificate(der: der)
        publicKeyInfo = try CertificateReading.publicKeyInfo(certificate)
        fingerprint = Array(SHA256.hash(data: der))
        commonName = CertificateReading.commonName(certificate)
        notBeforeMs = CertificateTime.ms(certificate.notValidBefore)
        notAfterMs = CertificateTime.ms(certificate.notValidAfter)
    }

    /// Gives SHA-256 over ``publicKeyInfo``: the pin, if this is an authority.
    public var pin: AuthorityPin {
        AuthorityPin(hash: Array(SHA256.hash(data: publicKeyInfo)))
    }

    /// Tells whether two thirds of the certificate's life are over.
    public func needsRenewal(atMs: Int64) -> Bool {
        let life = notAfterMs - notBeforeMs
        guard life > 0 else { return true }
        return atMs >= notBeforeMs + life / 3 * 2
    }

    /// Tells whether the certificate is valid at this time.
    public func isValid(atMs: Int64) -> Bool {
        (notBeforeMs...max(notBeforeMs, notAfterMs)).contains(atMs)
    }
}

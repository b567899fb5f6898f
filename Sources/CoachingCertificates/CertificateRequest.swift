// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import SwiftASN1
internal import X509

/// Is a device's TLS key with the request (PKCS #10) by which it asks for a certificate.
///
/// The request has no name: the server gives the device its own.
public struct CertificateRequest: Sendable {
    /// Holds the private key (PKCS #8, DER); it never leaves the device.
    public let key: [UInt8]
    /// Holds the request (DER).
    public let request: [UInt8]

    /// Makes a new key and its request.
    ///
    /// - Parameter generator: draws the key.
    /// - Returns: key and request.
    /// - Throws: ``CertificateError/internalFailure`` when the generator gives no usable number.
    public static func make(
        using generator: inout some RandomNumberGenerator
    ) throws(CertificateError) -> CertificateRequest {
        try CertificateRequest(signingKey: SigningKey.make(using: &generator))
    }

    /// Makes a request for a key that the device has already: a lost answer, a renewal.
    ///
    /// - Throws: ``CertificateError/malformed`` when the bytes are no P-256 key.
    public init(key: [UInt8]) throws(CertificateError) {
        try self.init(signingKey: SigningKey.read(der: key))
    }

    private init(signingKey: P256.Signing.PrivateKey) throws(CertificateError) {
        key = Array(signingKey.derRepresentation)
        do {
            let request = try CertificateSigningRequest(
                version: .v1,
                subject: DistinguishedName(),
                privateKey: Certificate.PrivateKey(signingKey),
                attributes: CertificateSigningRequest.Attributes(),
                signatureAlgorithm: .ecdsaWithSHA256
            )
            var serializer = DER.Serializer()
            try serializer.serialize(request)
            self.request = serializer.serializedBytes
        } catch {
            throw .internalFailure
        }
    }

    /// Gives the public key of a request as SubjectPublicKeyInfo (DER), after its proof.
    ///
    /// The server compares it when a device sends its request again.
    ///
    /// - Throws: ``CertificateError/malformed``, ``CertificateError/notP256``,
    ///   ``CertificateError/badProof``.
    public static func publicKeyInfo(of request: [UInt8]) throws(CertificateError) -> [UInt8] {
        guard let key = P256.Signing.PublicKey(try provenKey(request)) else { throw .notP256 }
        return Array(key.derRepresentation)
    }

    /// Reads a request, checks curve and self-signature, and gives the key alone.
    static func provenKey(_ request: [UInt8]) throws(CertificateError) -> Certificate.PublicKey {
        guard request.count <= CertificateReading.bytesMax else { throw .malformed }
        let parsed: CertificateSigningRequest
        do {
            parsed = try CertificateSigningRequest(derEncoded: request)
        } catch {
            throw .malformed
        }
        guard P256.Signing.PublicKey(parsed.publicKey) != nil else { throw .notP256 }
        guard parsed.signatureAlgorithm == .ecdsaWithSHA256 else { throw .badProof }
        guard parsed.publicKey.isValidSignature(parsed.signature, for: parsed) else {
            throw .badProof
        }
        return parsed.publicKey
    }
}

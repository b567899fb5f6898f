// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import SwiftASN1
internal import X509

/// Reads and writes single certificates in DER, with one limit on their size.
enum CertificateReading {
    /// Bounds every DER object that is parsed here; ours have about 500 bytes.
    static let bytesMax = 4096

    static func certificate(der: [UInt8]) throws(CertificateError) -> Certificate {
        guard der.count <= bytesMax else { throw .malformed }
        do {
            return try Certificate(derEncoded: der)
        } catch {
            throw .malformed
        }
    }

    static func der(_ certificate: Certificate) throws(CertificateError) -> [UInt8] {
        do {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        } catch {
            throw .internalFailure
        }
    }

    /// Gives the key's SubjectPublicKeyInfo in its one DER form.
    static func publicKeyInfo(
        _ certificate: Certificate
    ) throws(CertificateError) -> [UInt8] {
        guard let key = P256.Signing.PublicKey(certificate.publicKey) else { throw .notP256 }
        return Array(key.derRepresentation)
    }

    static func pin(_ certificate: Certificate) throws(CertificateError) -> AuthorityPin {
        AuthorityPin(hash: Array(SHA256.hash(data: try publicKeyInfo(certificate))))
    }

    static func commonName(_ certificate: Certificate) -> String? {
        for part in certificate.subject {
            for attribute in part where attribute.type == .RDNAttributeType.commonName {
                return String(attribute.value)
            }
        }
        return nil
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import SwiftASN1
internal import X509

/// Judges the shape of a certificate: what it may be used for, and whether it asks for more.
enum AuthorityCheck {
    private static let understood: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage,
        .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.subjectAlternativeName,
        .X509ExtensionID.subjectKeyIdentifier, .X509ExtensionID.authorityKeyIdentifier,
    ]

    /// Tells whether every critical extension is one that is checked here.
    static func understandsAll(_ certificate: Certificate) -> Bool {
        certificate.extensions.allSatisfy { !$0.critical || understood.contains($0.oid) }
    }

    /// Tells whether a certificate is that of a self-signed authority of our sort.
    static func isAuthority(_ certificate: Certificate) -> Bool {
        guard
            certificate.version == .v3, understandsAll(certificate),
            certificate.issuer == certificate.subject,
            certificate.signatureAlgorithm == .ecdsaWithSHA256,
            case .isCertificateAuthority? = try? certificate.extensions.basicConstraints,
            (try? certificate.extensions.keyUsage)?.keyCertSign == true
        else { return false }
        return certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    /// Tells whether a certificate is a leaf that may be used for `usage`.
    static func isLeaf(_ certificate: Certificate, for usage: ExtendedKeyUsage.Usage) -> Bool {
        guard certificate.version == .v3, understandsAll(certificate) else { return false }
        do {
            if case .isCertificateAuthority? = try certificate.extensions.basicConstraints {
                return false
            }
            guard try certificate.extensions.keyUsage?.digitalSignature == true else {
                return false
            }
            return try certificate.extensions.extendedKeyUsage?.contains(usage) == true
        } catch {
            return false
        }
    }
}

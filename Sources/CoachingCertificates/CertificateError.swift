// SPDX-License-Identifier: Apache-2.0

/// Says why a certificate, key or request could not be made, read or issued.
///
/// No case carries content: names and keys stay out of logs.
public enum CertificateError: Error, Hashable, Sendable {
    /// The bytes are not one DER or PEM object of the expected sort, or are too long.
    case malformed
    /// The key is not one of the curve P-256.
    case notP256
    /// The request's own signature does not fit its key.
    case badProof
    /// The certificate is not that of an authority.
    case notAnAuthority
    /// The certificate belongs to another key.
    case keyMismatch
    /// The authority's own time is over, or has not begun.
    case authorityExpired
    /// A host name, address or common name is not acceptable.
    case badName
    /// The time given is before 1970 or after 9998.
    case timeOutOfRange
    /// The cryptographic library refused for a reason that the caller cannot mend.
    case internalFailure
}

// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import SwiftASN1
internal import X509

/// Says why a device does not trust the server that answered.
///
/// The raw value is stable, so that a reason can pass through the transport as text.
public enum TrustFailure: String, Error, Hashable, Sendable, CaseIterable {
    /// Nothing was presented, or it cannot be read.
    case unreadable
    /// The chain holds no authority at all: not a peercoach server, or one set up by hand.
    case noAuthorityInChain
    /// Another authority stands behind the server.
    ///
    /// Something between the device and the server replaced its certificate, probably a company
    /// proxy that looks into TLS.
    case otherAuthority
    /// The authority's key is right, but its certificate is not that of an authority.
    case badAuthority
    /// The authority did not sign this leaf.
    case notSignedByAuthority
    /// The leaf was not issued for a server.
    case notAServer
    /// A certificate is not valid any more.
    case expired
    /// A certificate is not valid yet: one of the two clocks is wrong.
    case notYetValid
    /// The leaf is for another host name or address.
    case wrongHost
}

/// Checks the chain that a server presents against the pin from an invite.
///
/// It stands in for all checks of the TLS library, which a custom verification switches off: only
/// the proof that the server has the leaf's key stays there. Synchronous, without input or output:
/// it runs on the loop, during the handshake.
///
/// - Limits: leaf and three further certificates of 4,096 bytes are looked at.
public struct PinnedVerifier: Sendable {
    private let pin: AuthorityPin
    private let name: ServerName

    /// Expects a server of this name under the authority with this pin.
    public init(pin: AuthorityPin, name: ServerName) {
        self.pin = pin
        self.name = name
    }

    /// Checks a chain as presented: the leaf first, DER.
    ///
    /// - Parameters:
    ///   - chain: what the server sent.
    ///   - atMs: now, in milliseconds since 1970.
    /// - Throws: ``TrustFailure``, the first that applies, the authority before the leaf.
    public func verify(chain: [[UInt8]], atMs: Int64) throws(TrustFailure) {
        guard let first = chain.first else { throw .unreadable }
        let authority = try authority(in: chain.dropFirst())
        guard AuthorityCheck.isAuthority(authority) else { throw .badAuthority }
        guard let leaf = try? CertificateReading.certificate(der: first) else {
            throw .unreadable
        }
        guard
            leaf.issuer == authority.subject, leaf.signatureAlgorithm == .ecdsaWithSHA256,
            authority.publicKey.isValidSignature(leaf.signature, for: leaf)
        else { throw .notSignedByAuthority }
        guard AuthorityCheck.isLeaf(leaf, for: .serverAuth) else { throw .notAServer }
        for certificate in [authority, leaf] {
            guard atMs >= CertificateTime.ms(certificate.notValidBefore) else {
                throw .notYetValid
            }
            guard atMs <= CertificateTime.ms(certificate.notValidAfter) else { throw .expired }
        }
        guard names(of: leaf).contains(name) else { throw .wrongHost }
    }

    private func authority(in rest: ArraySlice<[UInt8]>) throws(TrustFailure) -> Certificate {
        guard !rest.isEmpty else { throw .noAuthorityInChain }
        for der in rest.prefix(3) {
            guard
                let certificate = try? CertificateReading.certificate(der: der),
                let found = try? CertificateReading.pin(certificate)
            else { continue }
            if found == pin { return certificate }
        }
        throw .otherAuthority
    }

    private func names(of leaf: Certificate) -> [ServerName] {
        guard let alternatives = try? leaf.extensions.subjectAlternativeNames else { return [] }
        return alternatives.compactMap { alternative in
            switch alternative {
            case .dnsName(let text):
                // A host in a certificate that reads as an address proves no address.
                guard case .host(let host)? = ServerName(text) else { return nil }
                return .host(host)
            case .ipAddress(let octets):
                return .address(Array(octets.bytes))
            default:
                return nil
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Names why a verifier refused a server, in a code of its own that passes through unchanged.
public struct TrustRefusal: Error, Hashable, Sendable {
    /// Holds the verifier's code, for example the raw value of its error.
    public let code: String

    /// Makes a refusal with the verifier's code.
    public init(code: String) {
        self.code = code
    }
}

/// Says why a listener cannot be made, or a link not be had or kept.
///
/// No case carries content.
public enum TransportError: Error, Hashable, Sendable {
    /// A certificate or key is no usable DER, or the two do not belong together.
    case badCertificate
    /// The address to listen on is taken, not there, or not allowed.
    case cannotListen
    /// No connection: the name is not known, or nobody answers there.
    case notReachable
    /// The time given was over before the link stood.
    case timedOut
    /// The verifier refused the server's certificate.
    case notTrusted(TrustRefusal)
    /// The server is not of our protocol, or not of this version.
    case alpnRefused
    /// The TLS handshake failed for another reason.
    case handshakeFailed
    /// The server refused the certificate of this device.
    ///
    /// In TLS 1.3 this is known only at the first read after the handshake.
    case certificateRefused
    /// The link is closed.
    case closed
    /// The link ended within a frame.
    case truncated
    /// The server announced a frame longer than allowed.
    case frameTooLong
    /// The server announced an empty frame.
    case frameEmpty
    /// The server took nothing for too long.
    case writeStalled
    /// The task that waited was cancelled.
    case cancelled
}

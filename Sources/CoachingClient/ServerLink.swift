// SPDX-License-Identifier: Apache-2.0
public import CoachingEnvelope
public import CoachingModel

/// A link to a server: whole frames out, bodies in.
///
/// It runs over TLS, or in memory for tests.
public protocol ServerLink: Sendable {
    /// SHA-256 of the server's certificate, which the hello signs.
    var serverLeaf: Bytes32 { get }

    /// Sends one frame, length included, and returns when it has been taken.
    func send(_ frame: [UInt8]) async throws(ClientError)

    /// Hands over the bodies of frames one by one until `take` says no or the link ends.
    ///
    /// For one consumer, once. Nothing is read ahead while `take` works.
    ///
    /// - Throws: ``ClientError`` where the link ended badly.
    func receive(
        _ take: @Sendable ([UInt8]) async -> Bool
    ) async throws(ClientError)

    /// Closes the link.
    func close() async
}

/// What a device shows of itself when it dials.
public struct DialingIdentity: Hashable, Sendable {
    /// The certificate, DER.
    public var certificate: [UInt8]
    /// Its key, PKCS #8.
    public var key: [UInt8]

    /// Makes the pair.
    public init(certificate: [UInt8], key: [UInt8]) {
        self.certificate = certificate
        self.key = key
    }
}

/// Makes links to a server that is known by its authority's pin.
public protocol Dialing: Sendable {
    /// Connects, and gives a link whose server is trusted.
    ///
    /// - Parameters:
    ///   - address: the server.
    ///   - authority: the pin.
    ///   - identity: what the device shows; `nil` before it has enrolled.
    /// - Returns: the link, which must be closed.
    /// - Throws: ``ClientError/Code/notReached``, ``ClientError/Code/notTrusted``.
    func dial(
        _ address: ServerAddress,
        authority: Bytes32,
        identity: DialingIdentity?
    ) async throws(ClientError) -> any ServerLink
}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOSSL
internal import Synchronization

/// Sets the one way in which this project speaks TLS.
///
/// TLS 1.3 only; ALPN carries the protocol's major version. It cannot be switched off, not even
/// for tests.
public enum TLSPolicy {
    /// Names the protocol and its major version in ALPN.
    public static let protocolName = "peercoach/1"

    static func certificate(_ der: [UInt8]) throws(TransportError) -> NIOSSLCertificate {
        do {
            return try NIOSSLCertificate(bytes: der, format: .der)
        } catch {
            throw .badCertificate
        }
    }

    static func key(_ der: [UInt8]) throws(TransportError) -> NIOSSLPrivateKey {
        do {
            return try NIOSSLPrivateKey(bytes: der, format: .der)
        } catch {
            throw .badCertificate
        }
    }

    static func context(_ configuration: TLSConfiguration) throws(TransportError) -> NIOSSLContext {
        var strict = configuration
        strict.minimumTLSVersion = .tlsv13
        strict.applicationProtocols = [protocolName]
        strict.renegotiationSupport = .none
        strict.shutdownTimeout = .seconds(3)
        do {
            return try NIOSSLContext(configuration: strict)
        } catch {
            throw .badCertificate
        }
    }
}

/// Holds the server's side of TLS: one shared context, which can be replaced while running.
///
/// A client certificate is asked for, may be missing, and is checked against the authorities when
/// it is there. Sessions may be resumed without a new check: rights come from the signed hello,
/// never from the certificate alone.
public final class ServerTLS: Sendable {
    struct Current {
        let context: NIOSSLContext
        let leaf: [UInt8]
    }

    private let state: Mutex<Current>

    /// Takes what the server shows and whom it believes.
    ///
    /// - Parameters:
    ///   - chain: certificates (DER), the leaf first, then the authority.
    ///   - key: the leaf's private key (PKCS #8, DER).
    ///   - authorities: the certificates (DER) that client certificates must be signed by.
    /// - Throws: ``TransportError/badCertificate``.
    public init(
        chain: [[UInt8]],
        key: [UInt8],
        authorities: [[UInt8]]
    ) throws(TransportError) {
        state = Mutex(try Self.make(chain: chain, key: key, authorities: authorities))
    }

    /// Replaces certificate, key and authorities for the connections that come from now on.
    ///
    /// - Parameters:
    ///   - chain: certificates (DER), the leaf first, then the authority.
    ///   - key: the leaf's private key (PKCS #8, DER).
    ///   - authorities: the certificates (DER) that client certificates must be signed by.
    /// - Throws: ``TransportError/badCertificate``; then the old ones stay.
    public func replace(
        chain: [[UInt8]],
        key: [UInt8],
        authorities: [[UInt8]]
    ) throws(TransportError) {
        let next = try Self.make(chain: chain, key: key, authorities: authorities)
        state.withLock { $0 = next }
    }

    /// Gives the leaf (DER) that new connections are shown.
    public var leaf: [UInt8] { current.leaf }

    var current: Current { state.withLock { $0 } }

    private static func make(
        chain: [[UInt8]],
        key: [UInt8],
        authorities: [[UInt8]]
    ) throws(TransportError) -> Current {
        guard let leaf = chain.first, !authorities.isEmpty else { throw .badCertificate }
        var certificates: [NIOSSLCertificateSource] = []
        for der in chain { certificates.append(.certificate(try TLSPolicy.certificate(der))) }
        var roots: [NIOSSLCertificate] = []
        for der in authorities { roots.append(try TLSPolicy.certificate(der)) }
        var configuration = TLSConfiguration.makeServerConfigurationWithMTLS(
            certificateChain: certificates,
            privateKey: .privateKey(try TLSPolicy.key(key)),
            trustRoots: .certificates(roots)
        )
        configuration.certificateVerification = .optionalVerification
        configuration.sendCANameList = true
        return Current(context: try TLSPolicy.context(configuration), leaf: leaf)
    }
}

/// Holds a device's side of TLS: its certificate, if it has one, and how it judges the server.
public struct ClientTLS: Sendable {
    /// Judges the chain that the server presented, the leaf first, DER.
    ///
    /// It replaces every check of the TLS library but the proof of the leaf's key. Called on a
    /// network thread; it must not block.
    public typealias Verification = @Sendable ([[UInt8]]) -> Result<Void, TrustRefusal>

    let context: NIOSSLContext
    let verify: Verification

    /// Takes a device without certificate, as it is before enrolment.
    ///
    /// - Parameter verify: judges the server.
    /// - Throws: ``TransportError/badCertificate`` when the TLS library cannot be set up.
    public init(verify: @escaping Verification) throws(TransportError) {
        try self.init(chain: [], key: nil, verify: verify)
    }

    /// Takes an enrolled device.
    ///
    /// - Parameters:
    ///   - certificate: the device's leaf (DER).
    ///   - key: its private key (PKCS #8, DER).
    ///   - verify: judges the server.
    /// - Throws: ``TransportError/badCertificate``.
    public init(
        certificate: [UInt8],
        key: [UInt8],
        verify: @escaping Verification
    ) throws(TransportError) {
        try self.init(chain: [certificate], key: key, verify: verify)
    }

    private init(
        chain: [[UInt8]],
        key: [UInt8]?,
        verify: @escaping Verification
    ) throws(TransportError) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // The system's authorities mean nothing here, and reading them is slow.
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .noHostnameVerification
        for der in chain {
            configuration.certificateChain.append(.certificate(try TLSPolicy.certificate(der)))
        }
        if let key { configuration.privateKey = .privateKey(try TLSPolicy.key(key)) }
        context = try TLSPolicy.context(configuration)
        self.verify = verify
    }
}

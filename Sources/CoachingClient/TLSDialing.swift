// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
public import CoachingEnvelope
public import CoachingModel
import CoachingTransport

/// Dials over TLS and trusts the pinned authority alone.
public struct TLSDialing: Dialing {
    private let now: @Sendable () -> Timestamp
    private let within: Duration

    /// Takes the clock against which certificates are judged.
    public init(now: @escaping @Sendable () -> Timestamp, within: Duration = .seconds(15)) {
        self.now = now
        self.within = within
    }

    /// Connects, and gives a link whose server is trusted.
    public func dial(
        _ address: ServerAddress,
        authority: Bytes32,
        identity: DialingIdentity?
    ) async throws(ClientError) -> any ServerLink {
        guard let pin = AuthorityPin(authority.bytes), let name = ServerName(address.host) else {
            throw ClientError(.invite, "The server's address \(address) cannot be used.")
        }
        let verifier = PinnedVerifier(pin: pin, name: name)
        let now = now
        let verify: ClientTLS.Verification = { chain in
            do throws(TrustFailure) {
                try verifier.verify(chain: chain, atMs: now().milliseconds)
                return .success(())
            } catch {
                return .failure(TrustRefusal(code: error.rawValue))
            }
        }
        do {
            let tls =
                if let identity {
                    try ClientTLS(
                        certificate: identity.certificate,
                        key: identity.key,
                        verify: verify
                    )
                } else {
                    try ClientTLS(verify: verify)
                }
            let link = try await Dialer(tls: tls).connect(
                host: address.host,
                port: Int(address.port),
                within: within
            )
            return TLSLink(link, address: address)
        } catch {
            throw ClientError(error, address: address)
        }
    }
}

/// A link over TLS.
final class TLSLink: ServerLink {
    let serverLeaf: Bytes32
    private let link: FrameLink
    private let address: ServerAddress

    init(_ link: FrameLink, address: ServerAddress) {
        self.link = link
        self.address = address
        serverLeaf = Hashing.hash(link.serverLeaf)
    }

    func send(_ frame: [UInt8]) async throws(ClientError) {
        do {
            try await link.send(frame)
        } catch {
            throw ClientError(error, address: address)
        }
    }

    func receive(_ take: @Sendable ([UInt8]) async -> Bool) async throws(ClientError) {
        var frames = link.frames.makeAsyncIterator()
        do {
            while let body = try await frames.next() {
                guard await take(body) else { return }
            }
        } catch {
            throw ClientError(error, address: address)
        }
        throw ClientError(.closed, address: address)
    }

    func close() async { await link.close() }
}

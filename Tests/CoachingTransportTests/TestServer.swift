// SPDX-License-Identifier: Apache-2.0

import CoachingCertificates
import CoachingTransport
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Is the real time, since the TLS library judges certificates by it.
func realTimeMs() -> Int64 {
    Int64(time(nil)) * 1_000
}

/// Is a real listener on loopback with an authority of its own.
final class TestServer: Sendable {
    let authority: Authority
    let identity: ServerIdentity
    let listener: Listener
    let tls: ServerTLS
    let log: EventLog
    private let handler: LoopBound<ConnectionTable>

    /// Serves, for as long as `body` runs; cancelled tests are shut down, too.
    static func run(
        names: [ServerName] = [.host("localhost"), .address([127, 0, 0, 1])],
        limits: TransportLimits = .patient,
        react: @escaping RecordingHandler.Reaction = admitAll,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let server = try await TestServer(names: names, limits: limits, react: react)
        do {
            try await body(server)
        } catch {
            await server.listener.shutdown(within: .milliseconds(10))
            throw error
        }
        await server.listener.shutdown(within: .milliseconds(10))
    }

    private init(
        names: [ServerName],
        limits: TransportLimits,
        react: @escaping RecordingHandler.Reaction
    ) async throws {
        var generator = SystemRandomNumberGenerator()
        authority = try Authority.make(atMs: realTimeMs(), using: &generator)
        identity = try authority.issueServer(names: names, atMs: realTimeMs(), using: &generator)
        tls = try ServerTLS(
            chain: identity.chain,
            key: identity.key,
            authorities: [authority.certificate]
        )
        let log = EventLog()
        self.log = log
        let (made, making) = AsyncStream.makeStream(of: LoopBound<ConnectionTable>.self)
        listener = try await Listener.bind(host: "127.0.0.1", port: 0, tls: tls, limits: limits) {
            table in
            making.yield(LoopBound(table, on: table.loop))
            return RecordingHandler(table, log, react)
        }
        var iterator = made.makeAsyncIterator()
        guard let handler = await iterator.next() else { throw EventLog.Ended() }
        self.handler = handler
    }

    /// Runs a body with the table on the loop.
    func onTable<Value: Sendable>(
        _ body: @escaping @Sendable (ConnectionTable) -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            listener.loop.onLoop { [handler] in continuation.resume(returning: body(handler.value))
            }
        }
    }

    /// Asks for the counts until they fit; the test's time limit ends it.
    func counts(until fits: (TransportCounts) -> Bool) async throws -> TransportCounts {
        while true {
            try Task.checkCancellation()
            let counts = await onTable { $0.counts }
            if fits(counts) { return counts }
        }
    }

    func verification(
        pin: AuthorityPin? = nil,
        name: ServerName = .host("localhost"),
        atMs: Int64 = realTimeMs()
    ) -> ClientTLS.Verification {
        let verifier = PinnedVerifier(pin: pin ?? authority.pin, name: name)
        return { chain in
            do throws(TrustFailure) {
                try verifier.verify(chain: chain, atMs: atMs)
                return .success(())
            } catch {
                return .failure(TrustRefusal(code: error.rawValue))
            }
        }
    }

    func device(_ issuer: Authority? = nil, atMs: Int64 = realTimeMs()) throws -> ClientTLS {
        var generator = SystemRandomNumberGenerator()
        let request = try CertificateRequest.make(using: &generator)
        let leaf = try (issuer ?? authority).issueDevice(
            request: request.request,
            commonName: "aabb",
            atMs: atMs,
            using: &generator
        )
        return try ClientTLS(certificate: leaf, key: request.key, verify: verification())
    }

    func link(_ tls: ClientTLS? = nil) async throws -> FrameLink {
        let tls = try tls ?? ClientTLS(verify: verification())
        return try await Dialer(tls: tls).connect(
            host: "localhost",
            port: listener.port,
            within: .seconds(20)
        )
    }

    func rawLink(
        from source: String = "127.0.0.1",
        _ configure: (inout TLSConfiguration) -> Void
    ) async throws -> RawLink {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.trustRoots = .certificates([])
        configuration.applicationProtocols = [TLSPolicy.protocolName]
        configure(&configuration)
        return try await RawLink(
            port: listener.port,
            source: source,
            NIOSSLContext(configuration: configuration)
        )
    }

    func plainLink(from source: String = "127.0.0.1") async throws -> RawLink {
        try await RawLink(port: listener.port, source: source, nil)
    }
}

/// Authenticates whoever comes.
@Sendable func admitAll(_ table: ConnectionTable, _ event: Happening) {
    if case .opened(let id, _) = event { table.setAuthenticated(id) }
}

/// Sends every frame back as a reply.
@Sendable func echo(_ table: ConnectionTable, _ event: Happening) {
    admitAll(table, event)
    if case .received(let id, let body) = event { table.send(wholeFrame(body), to: id) }
}

/// Is a client without our rules: any TLS or none.
final class RawLink: Sendable {
    let channel: any Channel

    init(port: Int, source: String, _ context: NIOSSLContext?) async throws {
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: SocketAddress(ipAddress: source, port: 0))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let context else { return }
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil)
                    )
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Waits for the end of the channel.
    func ended() async {
        try? await channel.closeFuture.get()
    }
}

extension TransportLimits {
    /// Limits for tests of something else than time: all tests share few threads, and a peer may
    /// have to wait for its turn.
    static var patient: TransportLimits {
        var limits = TransportLimits()
        limits.handshakeWithin = .seconds(600)
        limits.helloWithin = .seconds(600)
        limits.enrolmentWithin = .seconds(600)
        limits.frameWithin = .seconds(600)
        return limits
    }
}

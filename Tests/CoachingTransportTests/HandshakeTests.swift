// SPDX-License-Identifier: Apache-2.0

import CoachingCertificates
import NIOSSL
import Testing

@testable import CoachingTransport

@Suite(.timeLimit(.minutes(15))) struct HandshakeTests {
    @Test func `a device without certificate comes in, unnamed`() async throws {
        try await TestServer.run { server in
            let link = try await server.link()
            let (id, peer) = try await server.log.opened()
            #expect(id == 1)
            #expect(peer.certificate == nil)
            #expect(peer.address == "127.0.0.1")
            #expect(peer.serverLeaf == server.identity.leaf)
            #expect(link.serverLeaf == server.identity.leaf)
            await link.close()
            #expect(try await server.log.closed(id) == .peer)
        }
    }

    @Test func `a device's certificate is told with its bytes`() async throws {
        try await TestServer.run { server in
            let link = try await server.link(server.device())
            let (_, peer) = try await server.log.opened()
            let certificate = try #require(peer.certificate)
            #expect(try CertificateInspection(certificate).commonName == "aabb")
            await link.close()
        }
    }

    @Test func `an address is dialled without a name`() async throws {
        try await TestServer.run { server in
            let tls = try ClientTLS(
                verify: server.verification(name: .address([127, 0, 0, 1]))
            )
            let link = try await Dialer(tls: tls).connect(
                host: "127.0.0.1",
                port: server.listener.port,
                within: .seconds(20)
            )
            _ = try await server.log.opened()
            await link.close()
        }
    }

    @Test(arguments: [0, 1, 2])
    func `a foreign, expired or server's certificate is refused`(sort: Int) async throws {
        try await TestServer.run { server in
            var generator = SystemRandomNumberGenerator()
            let now = realTimeMs()
            let tls: ClientTLS
            switch sort {
            case 0:
                let other = try Authority.make(atMs: now, using: &generator)
                tls = try server.device(other)
            case 1:
                // Signed by an authority of the same key that was made long ago.
                let long: Int64 = 500 * 86_400_000
                let old = try Authority.make(atMs: now - long, using: &generator)
                try server.tls.replace(
                    chain: server.identity.chain,
                    key: server.identity.key,
                    authorities: [old.certificate]
                )
                tls = try server.device(old, atMs: now - long)
            default:
                tls = try ClientTLS(
                    certificate: server.identity.leaf,
                    key: server.identity.key,
                    verify: server.verification()
                )
            }
            // In TLS 1.3 the client has its link before the server has judged.
            await #expect(throws: TransportError.certificateRefused) {
                let link = try await server.link(tls)
                for try await _ in link.frames {}
            }
            _ = try await server.counts { $0.handshakesFailed == 1 && $0.open == 0 }
            #expect(server.log.heard.isEmpty)
        }
    }

    @Test func `another authority, a wrong host and an expired server are not trusted`()
        async throws
    {
        try await TestServer.run { server in
            var generator = SystemRandomNumberGenerator()
            let other = try Authority.make(atMs: realTimeMs(), using: &generator)
            let later = realTimeMs() + 401 * 86_400_000
            let cases: [(ClientTLS.Verification, TrustFailure)] = [
                (server.verification(pin: other.pin), .otherAuthority),
                (server.verification(name: .host("example.org")), .wrongHost),
                (server.verification(atMs: later), .expired),
            ]
            for (verification, failure) in cases {
                let tls = try ClientTLS(verify: verification)
                await #expect(
                    throws: TransportError.notTrusted(TrustRefusal(code: failure.rawValue))
                ) {
                    try await server.link(tls)
                }
            }
            _ = try await server.counts { $0.handshakesFailed == 3 && $0.open == 0 }
            #expect(server.log.heard.isEmpty)
        }
    }

    @Test func `TLS 1.2 is refused`() async throws {
        try await TestServer.run { server in
            let link = try await server.rawLink { $0.maximumTLSVersion = .tlsv12 }
            await link.ended()
            _ = try await server.counts { $0.handshakesFailed == 1 }
            #expect(server.log.heard.isEmpty)
        }
    }

    @Test(arguments: [[], ["http/1.1"], ["peercoach/2"]])
    func `no or another protocol in ALPN is refused`(protocols: [String]) async throws {
        try await TestServer.run { server in
            let link = try await server.rawLink { $0.applicationProtocols = protocols }
            await link.ended()
            _ = try await server.counts { $0.handshakesFailed == 1 }
            #expect(server.log.heard.isEmpty)
        }
    }

    @Test func `plain text is refused`() async throws {
        try await TestServer.run { server in
            let link = try await server.plainLink()
            try await link.write(Array("GET / HTTP/1.1\r\n\r\n".utf8))
            await link.ended()
            _ = try await server.counts { $0.handshakesFailed == 1 }
        }
    }

    @Test func `a silent peer is cut when the handshake's time is over`() async throws {
        var limits = TransportLimits.patient
        limits.handshakeWithin = .milliseconds(50)
        limits.lookEvery = .milliseconds(10)
        try await TestServer.run(limits: limits) { server in
            let link = try await server.plainLink()
            await link.ended()
            _ = try await server.counts { $0.handshakesFailed == 1 && $0.open == 0 }
        }
    }

    @Test func `a peer that does not say hello in time is cut, one that did stays`() async throws {
        var limits = TransportLimits.patient
        limits.helloWithin = .milliseconds(50)
        limits.enrolmentWithin = .milliseconds(100)
        limits.lookEvery = .milliseconds(10)
        let react: RecordingHandler.Reaction = { table, event in
            if case .opened(1, _) = event { table.setAuthenticated(1) }
        }
        try await TestServer.run(limits: limits, react: react) { server in
            let greeted = try await server.link()
            let silent = try await server.link(server.device())
            let enrolling = try await server.link()
            // The handler's goodbye comes before the end.
            for link in [silent, enrolling] {
                var frames: [[UInt8]] = []
                for try await frame in link.frames { frames.append(frame) }
                #expect(frames == [[0xCC]])
            }
            #expect(try await server.log.closed(2) == .helloLate)
            #expect(try await server.log.closed(3) == .helloLate)
            try await greeted.send(wholeFrame([8]))
            try await server.log.wait { $0 == .received(1, [8]) }
            let counts = await server.onTable { $0.counts }
            #expect(counts.open == 1)
            #expect(counts.unauthenticated == 0)
        }
    }

    @Test func `new connections get a renewed leaf, old ones go on`() async throws {
        try await TestServer.run(react: echo) { server in
            let old = try await server.link()
            var generator = SystemRandomNumberGenerator()
            let renewed = try server.authority.issueServer(
                names: [.host("localhost")],
                atMs: realTimeMs(),
                using: &generator
            )
            try server.tls.replace(
                chain: renewed.chain,
                key: renewed.key,
                authorities: [server.authority.certificate]
            )
            let new = try await server.link()
            #expect(old.serverLeaf == server.identity.leaf)
            #expect(new.serverLeaf == renewed.leaf)
            let (_, peer) = try await server.log.opened(count: 2)
            #expect(peer.serverLeaf == renewed.leaf)
            var frames = old.frames.makeAsyncIterator()
            try await old.send(wholeFrame([1]))
            #expect(try await frames.next() == [1])
        }
    }

    @Test func `rubbish is no certificate and no key`() throws {
        #expect(throws: TransportError.badCertificate) {
            try ServerTLS(chain: [[1]], key: [2], authorities: [[3]])
        }
        #expect(throws: TransportError.badCertificate) {
            try ServerTLS(chain: [], key: [], authorities: [])
        }
        #expect(throws: TransportError.badCertificate) {
            try ClientTLS(certificate: [1], key: [2]) { _ in .success(()) }
        }
    }

    @Test func `nobody there and a taken port are named`() async throws {
        try await TestServer.run { server in
            let port = server.listener.port
            await #expect(throws: TransportError.cannotListen) {
                try await Listener.bind(host: "127.0.0.1", port: port, tls: server.tls) { table in
                    RecordingHandler(table, EventLog(), admitAll)
                }
            }
            let silent = try SilentPort()
            let nobody = silent.number
            let dialer = Dialer(tls: try ClientTLS(verify: server.verification()))
            for host in ["127.0.0.1", "localhost"] {
                for _ in 0..<50 {
                    await #expect(throws: TransportError.notReachable) {
                        try await dialer.connect(host: host, port: nobody, within: .seconds(20))
                    }
                }
            }
        }
    }

    @Test func `a server that does not answer is given up in time`() async throws {
        var limits = TransportLimits.patient
        limits.lookEvery = .milliseconds(10)
        try await TestServer.run(limits: limits) { server in
            // The loop is kept from answering, not the system from accepting.
            let gate = DispatchGate()
            server.listener.loop.onLoop { gate.hold() }
            let tls = try ClientTLS(verify: server.verification())
            await #expect(throws: TransportError.timedOut) {
                try await Dialer(tls: tls).connect(
                    host: "127.0.0.1",
                    port: server.listener.port,
                    within: .milliseconds(100)
                )
            }
            gate.release()
        }
    }

    @Test func `a cancelled dial ends at once`() async throws {
        try await TestServer.run { server in
            let gate = DispatchGate()
            server.listener.loop.onLoop { gate.hold() }
            let tls = try ClientTLS(verify: server.verification())
            let port = server.listener.port
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: TransportError.cancelled) {
                        try await Dialer(tls: tls).connect(
                            host: "127.0.0.1",
                            port: port,
                            within: .seconds(50)
                        )
                    }
                }
                group.cancelAll()
            }
            gate.release()
        }
    }
}

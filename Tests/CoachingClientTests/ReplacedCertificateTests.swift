// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingTransport
import CoachingWire
import Testing

/// What a device says over real TLS where another certificate stands for the invite's host.
@Suite(.timeLimit(.minutes(15)))
struct ReplacedCertificateTests {
    /// A server that only shows its certificate.
    private final class Silent: ConnectionHandler {
        func opened(_ connection: ConnectionID, _ peer: PeerDescription) {}
        func received(_ connection: ConnectionID, frame: [UInt8]) {}
        func lagged(_ connection: ConnectionID) {}
        func drained(_ connection: ConnectionID) {}
        func closed(_ connection: ConnectionID, _ reason: CloseReason) {}
        func violated(_ connection: ConnectionID, _ violation: FrameViolation) -> [UInt8]? { nil }
        func helloLate(_ connection: ConnectionID) -> [UInt8]? { nil }
        func stopping() {}
        func turnEnded() {}
    }

    /// A proxy sends its authority along, or the leaf alone where each machine has the authority.
    @Test(arguments: [false, true])
    func `a proxy that replaced the server's certificate is named as what it is`(
        _ sendsLeafAlone: Bool
    ) async throws {
        let environment = ClientEnvironment.live(program: "tests")
        let now = environment.now()
        var generator = SystemRandomNumberGenerator()
        let meant = try Authority.make(atMs: now.milliseconds, using: &generator)
        let proxy = try Authority.make(atMs: now.milliseconds, using: &generator)
        let identity = try proxy.issueServer(
            names: [.host("localhost")],
            atMs: now.milliseconds,
            using: &generator
        )
        let tls = try ServerTLS(
            chain: sendsLeafAlone ? [identity.leaf] : identity.chain,
            key: identity.key,
            authorities: [proxy.certificate]
        )
        let listener = try await Listener.bind(
            host: "127.0.0.1",
            port: 0,
            tls: tls,
            limits: TransportLimits()
        ) { _ in Silent() }
        let invite = Invite(
            kind: .person,
            authority: try present(Bytes32(meant.pin.bytes)),
            secret: Bytes16(high: 5, low: 6),
            address: try present(
                ServerAddress(host: "localhost", port: UInt16(clamping: listener.port))
            )
        )
        let outcome: ClientError?
        do {
            _ = try await Enroller(environment: environment).look(invite)
            outcome = nil
        } catch {
            outcome = error
        }
        await listener.shutdown(within: .milliseconds(10))
        let error = try #require(outcome)
        #expect(error.code == .notTrusted)
        #expect(
            error.sentence == "Something between you and the server replaced its certificate,"
                + " probably a company proxy."
        )
        #expect(error.hint?.contains("localhost:\(listener.port)") == true)
    }
}

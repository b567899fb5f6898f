// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingDaemon
import CoachingEnvelope
import CoachingModel
import CoachingServer
import CoachingTestKit
import CoachingTransport
import Foundation
import Glibc
import Logging

/// A server on loopback with a data folder of its own and an administrator who was invited.
struct RunningServer: Sendable {
    let folder: DataFolder
    let authority: Authority
    let invite: Invite
    let port: Int

    /// Is the real time, since TLS judges certificates by it.
    static func now() -> Timestamp { SystemTime.now() }

    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Makes a data folder, runs a body with it, and removes it.
    static func withFolder<Value>(
        since: Timestamp = now(),
        _ body: (DataFolder, Authority, Invite) async throws -> Value
    ) async throws -> Value {
        let path = NSTemporaryDirectory() + "peercoach-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = DataFolder(path)
        let authority = try folder.make(address: "localhost:7440", at: since)
        let invite = try await inviteAdministrator(folder, authority)
        return try await body(folder, authority, invite)
    }

    static func inviteAdministrator(
        _ folder: DataFolder,
        _ authority: Authority
    ) async throws -> Invite {
        guard let pin = Bytes32(authority.pin.bytes),
            let address = ServerAddress("localhost:7440")
        else { throw NoReply() }
        let invite = Invite(
            kind: .person,
            authority: pin,
            secret: Bytes16(high: 1, low: 2),
            address: address
        )
        try await OperatorDesk(folder).ask(
            OperatorRequest(
                participant: ParticipantID(Bytes16(high: 0x7a, low: 0)),
                name: "Person 0",
                invite: invite.keys.authHash,
                days: 3,
                replacing: false
            )
        )
        return invite
    }

    static var configuration: DaemonConfiguration {
        var configuration = DaemonConfiguration()
        configuration.listenHost = "127.0.0.1"
        configuration.listenPort = 0
        configuration.server.requestsBurst = 100_000
        configuration.server.requestsPerSecond = 100_000
        configuration.server.bytesPerSecond = 1 << 30
        return configuration
    }

    /// Runs a server for as long as the body does.
    static func run(
        since: Timestamp = now(),
        _ configuration: DaemonConfiguration = configuration,
        _ body: (RunningServer, Daemon) async throws -> Void
    ) async throws {
        try await withFolder(since: since) { folder, authority, invite in
            let daemon = try await Daemon.start(folder, configuration, logger: quiet)
            let server = RunningServer(
                folder: folder,
                authority: authority,
                invite: invite,
                port: daemon.port
            )
            do {
                try await body(server, daemon)
            } catch {
                await daemon.stop()
                throw error
            }
            await daemon.stop()
        }
    }

    func verification() -> ClientTLS.Verification {
        let verifier = PinnedVerifier(pin: authority.pin, name: .host("localhost"))
        return { chain in
            do throws(TrustFailure) {
                try verifier.verify(chain: chain, atMs: Self.now().milliseconds)
                return .success(())
            } catch {
                return .failure(TrustRefusal(code: error.rawValue))
            }
        }
    }

    func dial(_ tls: ClientTLS? = nil) async throws -> FrameLink {
        try await Dialer(tls: tls ?? ClientTLS(verify: verification())).connect(
            host: "localhost",
            port: port,
            within: .seconds(20)
        )
    }
}

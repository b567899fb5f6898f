// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import Foundation

/// Dials the server where it listens now, under the name that its certificate has.
struct PortDialing: Dialing {
    let port: Int

    func dial(
        _ address: ServerAddress,
        authority: Bytes32,
        identity: DialingIdentity?
    ) async throws(ClientError) -> any ServerLink {
        guard let here = ServerAddress("localhost:\(port)") else {
            throw ClientError(.invalid, "There is no such port.")
        }
        return try await TLSDialing(now: { RunningServer.now() })
            .dial(here, authority: authority, identity: identity)
    }
}

/// People with a profile each, at one server that really runs.
struct RealPeople: Sendable {
    /// Where their profiles are.
    var path = NSTemporaryDirectory() + "peercoach-" + UUID().uuidString
    let dialing: PortDialing
    private let environment = ClientEnvironment.live(program: "tests")

    init(port: Int) { dialing = PortDialing(port: port) }

    func folder(_ name: String) -> ProfileFolder { ProfileFolder(path: path + "/" + name) }

    func enrol(_ invite: Invite, _ name: String) async throws {
        _ = try await Enroller(environment: environment, dialing: dialing)
            .enrol(invite, into: folder(name))
    }

    func with<R: Sendable>(
        _ name: String,
        _ work: @escaping @Sendable (Client) async throws -> R
    ) async throws -> R {
        try await Client.connected(
            folder(name),
            environment: environment,
            dialing: dialing,
            work: work
        )
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Foundation
import Synchronization

/// A programme in memory with its people's profiles in a folder of its own.
final class Scene: Sendable {
    let clock = ManualClock()
    let server: MemoryServer
    let root: String
    let ticks = TickGate()
    private let random: Mutex<SeededGenerator>
    /// How long the clients waited between tries.
    let retries = Mutex<[Duration]>([])

    init(seed: UInt64 = 1) throws {
        server = try MemoryServer(clock: clock)
        random = Mutex(SeededGenerator(seed: seed))
        root = FileManager.default.temporaryDirectory.path + "/peercoach-\(UUID().uuidString)"
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// A tick passes when the test says so; a wait between tries is over at once.
    var environment: ClientEnvironment {
        ClientEnvironment(
            now: { [clock] in clock.now },
            draw: { [self] in random.withLock { $0.next() } },
            wait: { [self] pause in
                switch pause {
                case .tick: try await ticks.wait()
                case .retry(let duration):
                    retries.withLock { $0.append(duration) }
                    try Task.checkCancellation()
                    await Task.yield()
                }
            },
            program: "tests"
        )
    }

    var dialing: MemoryDialing { MemoryDialing(server: server) }

    func folder(_ name: String) -> ProfileFolder { ProfileFolder(path: root + "/" + name) }

    func enroller() -> Enroller { Enroller(environment: environment, dialing: dialing) }

    /// Enrols the first administrator.
    @discardableResult
    func enrolAdministrator(_ name: String = "Maya") async throws -> Profile {
        let invite = try await server.inviteAdministrator(name, secret: Bytes16(high: 5, low: 6))
        return try await enroller().enrol(invite, into: folder(name))
    }

    /// Runs a client of somebody beside some work.
    func with<R: Sendable>(
        _ name: String,
        _ persistence: Client.Persistence = .tries(3),
        _ work: @escaping @Sendable (Client) async throws -> R
    ) async throws -> R {
        try await Client.connected(
            folder(name),
            environment: environment,
            dialing: dialing,
            persistence: persistence,
            work: work
        )
    }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

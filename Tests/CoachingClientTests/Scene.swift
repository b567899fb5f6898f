// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Foundation
import Synchronization
import Testing

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

// MARK: - A room

extension Scene {
    /// Sets up a room of Priya, who founds it, and others, who all are in and read it.
    ///
    /// Maya invites and vouches; Priya confirms all and lets them in.
    func room(of others: [String] = ["Lena"]) async throws -> RoomID {
        try await enrolAdministrator()
        let names = ["Priya"] + others
        let (room, lines) = try await with("Maya") { maya in
            let ids = try await maya.addPeople(names.map { PersonToAdd(name: $0) })
            let room = try await maya.addRoom("north")
            var lines: [String] = []
            for (id, name) in zip(ids, names) {
                try await maya.propose(id, for: room)
                lines.append(try await maya.invite(id, name: name).line)
            }
            return (room, lines)
        }
        for (name, line) in zip(names, lines) {
            try await enroller().enrol(Enroller.read(line), into: folder(name))
        }
        try await with("Maya") { await $0.finishChores() }
        try await with("Priya") { priya in
            try await priya.found(room, agreement: "What is said here stays here.")
        }
        try await letIn(others, to: room)
        return room
    }

    /// Has people say yes and Priya let them in.
    func letIn(_ names: [String], to room: RoomID) async throws {
        for name in names { try await with(name) { try await $0.accept(room) } }
        try await with("Priya") { priya in
            try await priya.confirm(priya.needsConfirmation(room), for: room)
            await priya.finishChores()
        }
    }

    /// Adds a person to a room that there is: invited, enrolled and vouched for, not yet in.
    func add(_ name: String, to room: RoomID) async throws {
        let line = try await with("Maya") { maya in
            let id = try #require(try await maya.addPeople([PersonToAdd(name: name)]).first)
            try await maya.propose(id, for: room)
            return try await maya.invite(id, name: name).line
        }
        try await enroller().enrol(Enroller.read(line), into: folder(name))
        try await with("Maya") { await $0.finishChores() }
    }

    /// Gives all words of a room that somebody reads, oldest first, and every alarm.
    func words(of name: String, in room: RoomID) async throws -> [String] {
        try await with(name) { client in
            let session = try await client.enter(room)
            return await session.wordsUntilCaughtUp()
        }
    }
}

extension RoomSession {
    /// Reads on until all is there.
    func wordsUntilCaughtUp() async -> [String] {
        var words: [String] = []
        for await happening in happenings {
            switch happening {
            case .entry(let entry): words.append(entry.body?.text ?? "cannot be opened")
            case .alarm(let alarm): words.append("alarm: \(alarm.sentence)")
            case .caughtUp: return words
            default: break
            }
        }
        return words
    }

    /// Posts to the room, shown to all who read there now.
    @discardableResult
    func say(_ text: String) async throws -> UInt64 {
        let shown = Set(try await readers(of: .room).map(\.person))
        return try await post(EntryBody(text: text), kind: .say, to: .room, shown: shown)
    }
}

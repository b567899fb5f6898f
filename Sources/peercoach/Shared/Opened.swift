// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingWire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A command that is connected: who is there, what was asked for, where words go.
struct Opened: Sendable {
    let client: Client
    /// Who one is to the server, and what waited at the beginning.
    let ready: Ready
    let options: GlobalOptions
    let output: Output

    /// The time of day.
    var now: Timestamp { client.environment.now() }
    /// Questions to the person.
    var asking: Asking { Asking(output: output, isYes: options.isYes) }
    /// Oneself.
    var me: PersonID { ready.person }
}

/// Connects with the profile, runs a command, and tells what went wrong the same way everywhere.
///
/// What the client does by itself meanwhile (vouching, letting in) is told in lines of its own
/// and finished before this returns.
///
/// - Throws: `ExitCode` with an ``ExitStatus``.
func withClient(
    _ options: GlobalOptions,
    persistence: Client.Persistence = .tries(2),
    _ body: @escaping @Sendable (Opened) async throws -> Void
) async throws {
    try await options.reporting { output in
        try await options.connected(output, persistence: persistence, body)
    }
}

extension GlobalOptions {
    /// Where the device keeps who it is: the option, else the environment, else the usual place.
    func folder() throws(ClientError) -> ProfileFolder {
        if let profile { return ProfileFolder(path: profile) }
        if let path = Self.variable("PEERCOACH_PROFILE"), !path.isEmpty {
            return ProfileFolder(path: path)
        }
        var variables: [String: String] = [:]
        for name in ["HOME", "XDG_DATA_HOME"] { variables[name] = Self.variable(name) }
        guard let folder = ProfileFolder.standard(variables: variables) else {
            throw ClientError(
                .profile,
                "There is no home folder for the profile.",
                hint: "Name one with --profile."
            )
        }
        return folder
    }

    /// The machine: its clock, its random numbers.
    static var environment: ClientEnvironment { .live(program: Release.program) }

    /// Connects and runs a command, showing what the client does by itself.
    //
    // `opened` is the profile's folder, where it was opened already.
    func connected(
        _ output: Output,
        _ opened: ProfileFolder? = nil,
        persistence: Client.Persistence = .tries(2),
        _ body: @escaping @Sendable (Opened) async throws -> Void
    ) async throws {
        let folder = try opened ?? openFolder()
        let (handed, hand) = AsyncStream.makeStream(of: AsyncStream<Client.Notice>.self)
        let options = self
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await notices in handed {
                    for await notice in notices { output.notice(notice.sentence) }
                }
            }
            group.addTask {
                defer { hand.finish() }
                try await Client.connected(
                    folder,
                    environment: Self.environment,
                    persistence: persistence
                ) { client in
                    hand.yield(client.notices)
                    let ready = try await client.ready()
                    try await body(
                        Opened(client: client, ready: ready, options: options, output: output)
                    )
                }
            }
            try await group.waitForAll()
        }
    }

    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}

// MARK: - Rooms

extension Opened {
    /// Finds the room that is meant: the one that was named, or the only one.
    ///
    /// - Parameter typed: what stood in the room's place; `nil` takes `--room`.
    /// - Returns: the room, also one in which one is not yet.
    /// - Throws: ``ClientError`` with `noSuchName`, `ambiguousName` or `usage`.
    func room(_ typed: String? = nil) async throws(ClientError) -> RoomSummary {
        let rooms = try await client.rooms()
        if let name = typed ?? options.room {
            if name.lowercased() == "programme", let room = try await client.programmeRoom() {
                return room
            }
            return try NameMatch.find(name, among: rooms, what: "room") { $0.name }
        }
        guard let only = rooms.first else {
            throw ClientError(
                .noSuchName,
                "You are not in a room yet.",
                hint: "An administrator puts people into rooms."
            )
        }
        guard rooms.count == 1 else {
            let names = rooms.map(\.name).sorted()
            throw ClientError(
                .usage,
                "You are in more than one room: \(Words.list(names)).",
                hint: "Name one: --room \(names[0])",
                candidates: names
            )
        }
        return only
    }

    /// Finds a room in which one is a member.
    func joined(_ typed: String? = nil) async throws(ClientError) -> RoomSummary {
        let room = try await room(typed)
        switch room.stage {
        case .admitted: return room
        case .founding:
            throw ClientError(
                .refused,
                "Nobody has opened \(room.name) yet.",
                hint: "You can: peercoach admit --room \(room.name)"
            )
        case .proposed:
            throw ClientError(
                .refused,
                "You have not said yes to \(room.name) yet.",
                hint: "peercoach room \(room.name)"
            )
        case .accepted:
            throw ClientError(
                .refused,
                "You wait to be let into \(room.name) by \(Words.list(room.admitters, "or"))."
            )
        }
    }

    /// Goes into a room for a while.
    func inRoom<Result: Sendable>(
        _ typed: String? = nil,
        depth: RoomDepth = .log,
        _ body: (RoomSession, Room) async throws -> Result
    ) async throws -> Result {
        let summary = try await joined(typed)
        let session = try await client.enter(summary.room, depth: depth)
        do {
            try await session.caughtUp()
            let result = try await body(session, try await session.state())
            await session.leave()
            return result
        } catch {
            await session.leave()
            throw error
        }
    }

    /// Finds a member of a room by name; members who left are not found.
    func member(_ typed: String, of room: Room) throws(ClientError) -> RosterMember {
        try NameMatch.find(typed, among: room.members) { $0.name }
    }
}

extension Room {
    /// The name of a person in this room; a placeholder for who never was in it.
    func shownName(_ person: PersonID) -> String { name(of: person) ?? Self.unknownName }

    /// What stands where a name is not known.
    static let unknownName = "somebody"
}

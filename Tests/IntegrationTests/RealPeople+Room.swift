// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

// A room of real people, and what they do there.
extension RealPeople {
    /// Sets up a room of people whom Maya invites and of whom the first lets in the others.
    func room(_ invite: Invite, of names: [String]) async throws -> RoomID {
        let first = try #require(names.first)
        try await enrol(invite, "Maya")
        let (room, lines) = try await with("Maya") { maya in
            let ids = try await maya.addPeople(
                names.map { PersonToAdd(name: $0) }
            )
            let room = try await maya.addRoom("north")
            var lines: [String] = []
            for (id, name) in zip(ids, names) {
                try await maya.propose(id, for: room)
                lines.append(try await maya.invite(id, name: name).line)
            }
            return (room, lines)
        }
        for (name, line) in zip(names, lines) {
            try await enrol(Enroller.read(line), name)
        }
        try await with("Maya") { await $0.finishChores() }
        try await with(first) { try await $0.found(room, agreement: "It stays here.") }
        for name in names.dropFirst() {
            try await with(name) { try await $0.accept(room) }
        }
        try await with(first) { priya in
            try await priya.confirm(priya.needsConfirmation(room), for: room)
            await priya.finishChores()
        }
        return room
    }

    /// Has somebody do something in the room once all of it was read.
    func inRoom<R: Sendable>(
        _ name: String,
        _ room: RoomID,
        _ work: @escaping @Sendable (RoomSession, Room) async throws -> R
    ) async throws -> R {
        try await with(name) { client in
            let session = try await client.enter(room)
            try await session.caughtUp()
            let result = try await work(session, try await session.state())
            await session.leave()
            return result
        }
    }

    /// Has somebody say something.
    func say(
        _ text: String,
        to key: TranscriptKey = .room,
        as name: String,
        _ room: RoomID
    ) async throws {
        _ = try await inRoom(name, room) { session, state in
            try await session.post(
                EntryBody(text: text),
                kind: .say,
                to: key,
                shown: Set(state.audience(of: key))
            )
        }
    }

    /// Gives who is in the room, by name.
    func people(in room: RoomID) async throws -> [String: PersonID] {
        try await inRoom("Priya", room) { _, state in
            Dictionary(uniqueKeysWithValues: state.members.map { ($0.name, $0.person) })
        }
    }

    /// Has Priya say whether older lines can be given.
    func allowHistory(_ isAllowed: Bool, in room: RoomID) async throws {
        try await inRoom("Priya", room) { session, state in
            var policy = state.policy
            policy.historyForNewcomers = isAllowed
            try await session.keep(policy)
        }
    }

    /// Gives all words that somebody reads, oldest first, and alarms.
    func reads(_ name: String, _ room: RoomID) async throws -> [String] {
        try await with(name) { client in
            let session = try await client.enter(room)
            var words: [TranscriptKey: [UInt64: String]] = [:]
            var alarms: [String] = []
            reading: for await happening in session.happenings {
                switch happening {
                case .entry(let line):
                    words[line.key, default: [:]][line.number] = line.body?.text ?? "closed"
                case .alarm(let alarm): alarms.append(alarm.sentence)
                case .caughtUp: break reading
                default: break
                }
            }
            let ordered = words.sorted { $0.key.scope.rawValue > $1.key.scope.rawValue }
                .flatMap { $0.value.sorted { $0.key < $1.key }.map(\.value) }
            return alarms + ordered
        }
    }

    /// Has Priya let people in who are invited and enrolled.
    func letIn(_ names: [String], to room: RoomID) async throws {
        for name in names {
            let line = try await with("Maya") { maya in
                let id = try #require(try await maya.addPeople([PersonToAdd(name: name)]).first)
                try await maya.propose(id, for: room)
                return try await maya.invite(id, name: name).line
            }
            try await enrol(Enroller.read(line), name)
            try await with("Maya") { await $0.finishChores() }
            guard name != "Priya" else { continue }
            try await with(name) { try await $0.accept(room) }
            try await with("Priya") { priya in
                try await priya.confirm(priya.needsConfirmation(room), for: room)
                await priya.finishChores()
            }
        }
    }
}

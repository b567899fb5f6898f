// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Foundation
import Testing

/// Older lines for somebody who came later, between real clients over real TLS.
@Suite(.timeLimit(.minutes(15)))
struct GivenHistoryTests {
    fileprivate struct Missing: Error {}

    @Test func `a newcomer reads the lines that a member gave, in order, and nothing else`()
        async throws
    {
        try await RunningServer.run { server, _ in
            let group = RealPeople(port: server.port)
            defer { try? FileManager.default.removeItem(atPath: group.path) }
            try await group.enrol(server.invite, "Maya")
            let room = try await group.with("Maya") { try await $0.addRoom("north") }
            try await group.letIn(["Priya"], to: room)
            try await group.with("Priya") { priya in
                try await priya.found(room, agreement: "the agreement")
            }
            try await group.letIn(["Lena"], to: room)
            for text in ["one", "two", "three"] {
                try await group.say(text, as: text == "two" ? "Priya" : "Lena", room)
            }
            let people = try await group.inRoom("Priya", room) { _, state in
                Dictionary(uniqueKeysWithValues: state.members.map { ($0.name, $0.person) })
            }
            let (priya, lena) = (try #require(people["Priya"]), try #require(people["Lena"]))
            try await group.say("to Priya", to: .between(lena, priya), as: "Lena", room)
            try await group.letIn(["Tom"], to: room)
            let tom = try await group.inRoom("Priya", room) { _, state in
                state.members.first { $0.name == "Tom" }?.person
            }
            let newcomer = try #require(tom)
            // The group has not agreed yet.
            let refused = try await #require(throws: ClientError.self) {
                _ = try await group.inRoom("Lena", room) { session, _ in
                    try await session.grant(to: newcomer)
                }
            }
            #expect(refused.code == .refused)
            #expect(try await group.words("Tom", room) == ["the agreement"])
            try await group.inRoom("Priya", room) { session, state in
                var policy = state.policy
                policy.historyForNewcomers = true
                try await session.keep(policy)
            }
            let given = try await group.inRoom("Lena", room) { session, _ in
                try await session.grant(to: newcomer)
            }
            #expect(given.devices == 1)
            // Lena was not there yet when the agreement was posted first, and reads it posted anew.
            let wanted = ["the agreement", "one", "two", "three", "the agreement"]
            #expect(try await group.words("Tom", room) == wanted)
            #expect(try await group.words("Tom", room) == wanted, "and once more with kept keys")
            #expect(try await group.words("Lena", room) == wanted + ["to Priya"])
        }
    }
}

extension RealPeople {
    /// Has somebody do something in the room once all of it was read.
    fileprivate func inRoom<R: Sendable>(
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

    fileprivate func say(
        _ text: String,
        to key: TranscriptKey = .room,
        as name: String,
        _ room: RoomID
    )
        async throws
    {
        _ = try await inRoom(name, room) { session, state in
            try await session.post(
                EntryBody(text: text),
                kind: .say,
                to: key,
                shown: Set(state.audience(of: key))
            )
        }
    }

    /// Gives all words that somebody reads, oldest first, and alarms.
    fileprivate func words(_ name: String, _ room: RoomID) async throws -> [String] {
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
    fileprivate func letIn(_ names: [String], to room: RoomID) async throws {
        for name in names {
            let line = try await with("Maya") { maya in
                let new = [PersonToAdd(name: name)]
                guard let id = try await maya.addPeople(new).first else {
                    throw GivenHistoryTests.Missing()
                }
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

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingDaemon
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import Foundation
import Testing

/// A whole server whose data folder is copied back in time, with real clients over TLS.
@Suite(.timeLimit(.minutes(15)))
struct RestoredFolderTests {
    fileprivate static let names = ["Priya", "Lena", "Tom"]

    /// Runs the server on a folder for as long as the body does.
    private func running<R>(
        _ folder: DataFolder,
        _ root: String,
        _ body: (RealPeople) async throws -> R
    ) async throws -> R {
        let daemon = try await Daemon.start(
            folder,
            RunningServer.configuration,
            logger: RunningServer.quiet
        )
        var people = RealPeople(port: daemon.port)
        people.path = root
        do {
            let result = try await body(people)
            await daemon.stop()
            return result
        } catch {
            await daemon.stop()
            throw error
        }
    }

    @Test func `a folder that is copied back loses nothing that three clients had sent`()
        async throws
    {
        let files = FileManager.default
        try await RunningServer.withFolder { folder, _, invite in
            let (root, copy) = (folder.path + "-people", folder.path + "-copy")
            defer {
                try? files.removeItem(atPath: root)
                try? files.removeItem(atPath: copy)
            }
            let room = try await running(folder, root) { place in
                let room = try await place.room(invite)
                for name in Self.names {
                    try await place.words(name, room, saying: "before, \(name)")
                }
                return room
            }
            try files.copyItem(atPath: folder.path, toPath: copy)
            try await running(folder, root) { place in
                for name in Self.names {
                    try await place.words(name, room, saying: "after, \(name)")
                }
                for name in Self.names { try await place.words(name, room) }
            }
            try files.removeItem(atPath: folder.path)
            try files.copyItem(atPath: copy, toPath: folder.path)
            try await running(folder, root) { place in
                for name in Self.names {
                    #expect(try await place.with(name) { try await $0.isSetBack(room) })
                }
                let missing = try await place.with("Tom") { try await $0.acceptRestored(room) }
                #expect(missing.lines > 0)
                for name in ["Lena", "Priya", "Lena", "Priya", "Tom"] {
                    try await place.words(name, room)
                }
                for name in Self.names {
                    let words = try await place.words(name, room)
                    let said = Self.names.flatMap { ["before, \($0)", "after, \($0)"] }
                    let counts = said.map { text in words.count { $0 == text } }
                    #expect(counts == said.map { _ in 1 }, "\(name): \(words)")
                }
            }
        }
    }
}

extension RealPeople {
    /// Reads all of a room, after having said something.
    @discardableResult
    fileprivate func words(
        _ name: String,
        _ room: RoomID,
        saying text: String? = nil
    ) async throws
        -> [String]
    {
        try await with(name) { client in
            let session = try await client.enter(room)
            var words: [String] = []
            for await happening in session.happenings {
                if case .entry(let line) = happening { words.append(line.body?.text ?? "?") }
                if case .alarm(let alarm) = happening { words.append(alarm.sentence) }
                if case .caughtUp = happening { break }
            }
            if let text {
                let shown = Set(try await session.readers(of: .room).map(\.person))
                try await session.post(
                    EntryBody(text: text),
                    kind: .say,
                    to: .room,
                    shown: shown
                )
            }
            await session.leave()
            return words
        }
    }

    fileprivate func room(_ invite: Invite) async throws -> RoomID {
        try await enrol(invite, "Maya")
        let (room, lines) = try await with("Maya") { maya in
            let ids = try await maya.addPeople(
                RestoredFolderTests.names.map { PersonToAdd(name: $0) }
            )
            let room = try await maya.addRoom("north")
            var lines: [String] = []
            for (id, name) in zip(ids, RestoredFolderTests.names) {
                try await maya.propose(id, for: room)
                lines.append(try await maya.invite(id, name: name).line)
            }
            return (room, lines)
        }
        for (name, line) in zip(RestoredFolderTests.names, lines) {
            try await enrol(Enroller.read(line), name)
        }
        try await with("Maya") { await $0.finishChores() }
        try await with("Priya") { try await $0.found(room, agreement: "It stays here.") }
        for name in RestoredFolderTests.names.dropFirst() {
            try await with(name) { try await $0.accept(room) }
        }
        try await with("Priya") { priya in
            try await priya.confirm(priya.needsConfirmation(room), for: room)
            await priya.finishChores()
        }
        return room
    }
}

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
    private static let names = ["Priya", "Lena", "Tom"]

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
                let room = try await place.room(invite, of: Self.names)
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

    @Test func `lines that were given are gone with the restore, and are given anew`() async throws
    {
        let files = FileManager.default
        try await RunningServer.withFolder { folder, _, invite in
            let (root, copy) = (folder.path + "-people", folder.path + "-copy")
            defer {
                try? files.removeItem(atPath: root)
                try? files.removeItem(atPath: copy)
            }
            let room = try await running(folder, root) { place in
                let room = try await place.room(invite, of: ["Priya", "Lena"])
                for name in ["Priya", "Lena"] {
                    try await place.say("before, \(name)", as: name, room)
                }
                try await place.letIn(["Tom"], to: room)
                try await place.allowHistory(true, in: room)
                return room
            }
            let older = ["before, Priya", "before, Lena"]
            try files.copyItem(atPath: folder.path, toPath: copy)
            try await running(folder, root) { place in
                #expect(try await place.older(older, "Tom", room) == [0, 0])
                try await place.give("Tom", by: "Lena", room)
                #expect(try await place.older(older, "Tom", room) == [1, 1])
                for name in Self.names {
                    try await place.say("after, \(name)", as: name, room)
                }
                for name in Self.names { _ = try await place.reads(name, room) }
            }
            try files.removeItem(atPath: folder.path)
            try files.copyItem(atPath: copy, toPath: folder.path)
            try await running(folder, root) { place in
                _ = try await place.with("Priya") { try await $0.acceptRestored(room) }
                for name in ["Lena", "Tom", "Priya", "Lena", "Tom"] {
                    _ = try await place.reads(name, room)
                }
                // The word that let Tom read them was given after the backup.
                #expect(try await place.older(older, "Tom", room) == [0, 0])
                try await place.give("Tom", by: "Lena", room)
                let said = older + Self.names.map { "after, \($0)" }
                for name in Self.names + ["Tom"] {
                    let counts = try await place.older(said, name, room)
                    #expect(counts == said.map { _ in 1 }, "\(name)")
                }
            }
        }
    }
}

extension RealPeople {
    /// Gives how often somebody reads some words.
    fileprivate func older(
        _ words: [String],
        _ name: String,
        _ room: RoomID
    ) async throws -> [Int] {
        let read = try await reads(name, room)
        return words.map { text in read.count { $0 == text } }
    }

    /// Has somebody give another the older lines.
    fileprivate func give(_ name: String, by giver: String, _ room: RoomID) async throws {
        let person = try #require(try await people(in: room)[name])
        let given = try await inRoom(giver, room) { session, _ in
            try await session.grant(to: person)
        }
        #expect(given.spans.map(\.scope) == [.peers, .room] || given.spans.map(\.scope) == [.room])
    }

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
}

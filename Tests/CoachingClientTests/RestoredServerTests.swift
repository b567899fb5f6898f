// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingStore
import CoachingWire
import Testing

/// A real server core that is set back to a backup, with real clients.
@Suite(.timeLimit(.minutes(15)))
struct RestoredServerTests {
    private static let names = ["Priya", "Lena", "Tom"]

    /// Says something in each circle of readers.
    private func speak(
        _ scene: Scene,
        _ name: String,
        _ room: RoomID,
        _ words: String
    ) async throws -> [String] {
        try await scene.with(name) { client in
            let session = try await client.enter(room)
            try await session.caughtUp()
            let state = try await session.state()
            let me = try await client.ready().person
            var said: [String] = []
            let other = try #require(state.members.first { $0.person != me })
            let places: [(TranscriptKey, EntryKind)] = [
                (.room, .say), (.peers, .ask), (.own(me), .note),
                (.between(me, other.person), .feedback),
            ]
            for (place, (key, kind)) in places.enumerated() {
                let text = "\(words) \(place) by \(name)"
                let shown = Set(try await session.readers(of: key).map(\.person))
                try await session.post(EntryBody(text: text), kind: kind, to: key, shown: shown)
                said.append(text)
            }
            await session.leave()
            return said
        }
    }

    private func visit(_ scene: Scene, _ name: String, _ room: RoomID) async throws {
        try await scene.with(name) { client in
            let session = try await client.enter(room)
            try await session.caughtUp()
            await session.leave()
        }
    }

    /// Counts how often each text is read by its author.
    private func counts(
        _ scene: Scene,
        _ name: String,
        _ room: RoomID
    ) async throws
        -> [String: Int]
    {
        let words = try await scene.words(of: name, in: room)
        return Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `nothing is missing and nothing doubled after a restore, whoever comes first`(
        _ seed: UInt64
    ) async throws {
        var random = SeededGenerator(seed: seed)
        let scene = try Scene(seed: seed)
        let room = try await scene.room(of: ["Lena", "Tom"])
        var said: [String: [String]] = [:]
        for name in Self.names.shuffled(using: &random) {
            said[name, default: []] += try await speak(scene, name, room, "before")
        }
        let backup = await scene.server.backUp()
        for name in Self.names.shuffled(using: &random) {
            said[name, default: []] += try await speak(scene, name, room, "after")
        }
        for name in Self.names { try await visit(scene, name, room) }
        try await scene.server.restore(backup)
        for name in Self.names {
            let isSetBack = try await scene.with(name) { try await $0.isSetBack(room) }
            #expect(isSetBack, "\(name), seed \(seed)")
        }
        let first = try #require(Self.names.randomElement(using: &random))
        _ = try await scene.with(first) { try await $0.acceptRestored(room) }
        for _ in 0..<2 {
            for name in Self.names.shuffled(using: &random) { try await visit(scene, name, room) }
        }
        try await expectWhole(scene, room, said, "seed \(seed)")
        // The same backup once more: what was posted again comes again, and still once.
        try await scene.server.restore(backup)
        let second = try #require(Self.names.randomElement(using: &random))
        _ = try await scene.with(second) { try await $0.acceptRestored(room) }
        for name in Self.names.shuffled(using: &random) { try await visit(scene, name, room) }
        try await expectWhole(scene, room, said, "again, seed \(seed)")
    }

    private func expectWhole(
        _ scene: Scene,
        _ room: RoomID,
        _ said: [String: [String]],
        _ when: Comment
    ) async throws {
        var (missing, doubled) = (0, 0)
        for name in Self.names {
            let counts = try await counts(scene, name, room)
            #expect(!counts.keys.contains { $0.hasPrefix("alarm") }, when)
            for text in said[name] ?? [] {
                if counts[text] == nil { missing += 1 }
                if counts[text] ?? 1 > 1 { doubled += 1 }
            }
            for other in Self.names where other != name {
                for text in said[other] ?? [] where text.contains(" 0 ") || text.contains(" 1 ") {
                    if counts[text] == nil { missing += 1 }
                    if counts[text] ?? 1 > 1 { doubled += 1 }
                }
                #expect(
                    !(said[other] ?? []).contains { $0.contains(" 2 ") && counts[$0] != nil },
                    when
                )
            }
        }
        #expect(missing == 0, when)
        #expect(doubled == 0, when)
    }

    @Test func `what comes again says when it was said`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let backup = await scene.server.backUp()
        let at = scene.clock.now
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("lost at first")
            await session.leave()
        }
        scene.clock.advance(3_600_000)
        try await scene.server.restore(backup)
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        try await visit(scene, "Lena", room)
        let marks = try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            var marks: [Timestamp?] = []
            for await happening in session.happenings {
                if case .entry(let line) = happening, line.body?.text == "lost at first" {
                    marks.append(line.body?.saidBefore?.at)
                }
                if case .caughtUp = happening { break }
            }
            return marks
        }
        #expect(marks == [at])
    }

    @Test func `who was removed stays removed, and reads nothing of what comes again`() async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        let backup = await scene.server.backUp()
        let tom = try await scene.with("Tom") { try await $0.ready().person }
        try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            try await session.caughtUp()
            try await session.act(.exclude(tom))
            await session.leave()
        }
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("without Tom")
            await session.leave()
        }
        try await scene.server.restore(backup)
        // His word is no word: Lena's device remembers that he had gone.
        _ = try await scene.with("Tom") { try await $0.acceptRestored(room) }
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                try await session.caughtUp()
            }
        }
        #expect(error.sentence.hasPrefix("Tom, whose place or device here had ended"))
        // A backup without his word, and Priya's.
        try await scene.server.restore(backup)
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        try await visit(scene, "Lena", room)
        let words = try await scene.words(of: "Lena", in: room)
        #expect(words.count { $0 == "without Tom" } == 1)
        let members = try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            return try await session.state().members.map(\.name)
        }
        #expect(!members.contains("Tom"))
    }

    @Test func `nothing goes to who came back by the restore before they are removed again`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        try await visit(scene, "Tom", room)
        let backup = await scene.server.backUp()
        let lenas = try await scene.with("Lena") { try await $0.ready().person }
        // Lena leaves; Priya does not see it, Tom does.
        try await scene.with("Lena") { try await $0.exclude(lenas, from: room) }
        try await visit(scene, "Tom", room)
        try await scene.server.restore(backup)
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        // Everybody lets people in here, so that Tom's device removes her by itself; until then
        // it writes nothing where she reads.
        try await scene.with("Tom") { tom in
            let session = try await tom.enter(room, depth: .log)
            try await session.caughtUp()
            do {
                try await session.say("to whom?")
                // Removed meanwhile.
                let members = try await session.state().members.map(\.person)
                #expect(!members.contains(lenas))
            } catch let error as ClientError {
                #expect(error.sentence.contains("Lena was not in this room any more"))
            }
            await session.leave()
        }
        try await visit(scene, "Tom", room)
        let members = try await scene.with("Tom") { tom in
            let session = try await tom.enter(room)
            try await session.caughtUp()
            return try await session.state().members.map(\.person)
        }
        #expect(!members.contains(lenas))
    }

    @Test func `a line for more readers than it had waits for its author`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let backup = await scene.server.backUp()
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("for Priya alone")
            try await session.say("nobody needs this")
            await session.leave()
        }
        try await scene.server.restore(backup)
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        try await scene.add("Ann", to: room)
        try await scene.letIn(["Ann"], to: room)
        try await visit(scene, "Lena", room)
        let lines = try await scene.with("Lena") { await $0.heldBackLines(room) }
        #expect(lines.map(\.text) == ["for Priya alone", "nobody needs this"])
        #expect(lines.allSatisfy { $0.reason == "Ann would read it, too." })
        #expect(try await scene.words(of: "Ann", in: room).contains("for Priya alone") == false)
        try await scene.with("Lena") { lena in
            try await lena.dropHeldBack(2, in: room)
            try await lena.postHeldBack(1, in: room)
        }
        try await visit(scene, "Lena", room)
        let left = try await scene.with("Lena") { await $0.heldBackLines(room) }
        #expect(left.isEmpty)
        let words = try await scene.words(of: "Ann", in: room)
        #expect(words.count { $0 == "for Priya alone" } == 1)
        #expect(!words.contains("nobody needs this"))
    }

    @Test func `what was taken back stays taken back`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let first = try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let number = try await session.say("regretted")
            await session.leave()
            return number
        }
        let backup = await scene.server.backUp()
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let second = try await session.say("regretted later")
            _ = await session.wordsUntilCaughtUp()
            try await session.withdraw([first], from: .room)
            try await session.withdraw([second], from: .room)
            await session.leave()
        }
        try await scene.server.restore(backup)
        #expect(try await scene.words(of: "Priya", in: room).contains("regretted"))
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        try await visit(scene, "Lena", room)
        let words = try await scene.words(of: "Priya", in: room)
        #expect(!words.contains("regretted") && !words.contains("regretted later"))
    }

    @Test func `a word for another past is refused by the server`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let acceptance = RestoreAcceptance(
            room: room,
            position: 1,
            head: .zero,
            transcripts: [],
            nonce: .zero
        )
        let key = try SigningKey(rawBytes: scene.folder("Lena").load().signingKey)
        let signed = try key.sign(acceptance)
        try await scene.with("Lena") { lena in
            let error = try await #require(throws: ClientError.self) {
                try await lena.ask(.room(RoomRequest(room: room, act: .acceptRestore(signed))))
            }
            #expect(error.roomRule == .restoreConflict)
            var broken = signed
            broken.signature[9] ^= 1
            let other = try await #require(throws: ClientError.self) {
                try await lena.ask(.room(RoomRequest(room: room, act: .acceptRestore(broken))))
            }
            #expect(other.refusal == .badSignature)
        }
    }

    @Test func `lines that were sent are kept for thirty days at most`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let backup = await scene.server.backUp()
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("long ago")
            await session.leave()
        }
        scene.clock.advance(31 * 86_400_000)
        try await scene.server.restore(backup)
        _ = try await scene.with("Priya") { try await $0.acceptRestored(room) }
        try await visit(scene, "Lena", room)
        #expect(try await !scene.words(of: "Priya", in: room).contains("long ago"))
    }
}

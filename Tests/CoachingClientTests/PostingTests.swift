// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(15)))
struct PostingTests {
    private let agreement = "What is said here stays here."
    /// The founder posts the agreement, and posts it again for those whom she lets in.
    private func said(_ words: [String]) -> [String] { words.filter { $0 != agreement } }

    @Test func `a line whose answer was lost comes once`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        await scene.server.inject([.loseAnswer, .loseAnswer])
        try await scene.with("Lena", .forever) { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("one")
            try await session.say("two")
        }
        #expect(said(try await scene.words(of: "Priya", in: room)) == ["one", "two"])
    }

    @Test func `a line that was lost on its way comes once`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        await scene.server.inject([.losePost, .losePost, .loseAnswer])
        try await scene.with("Lena", .forever) { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("one")
            try await session.say("two")
        }
        #expect(said(try await scene.words(of: "Priya", in: room)) == ["one", "two"])
    }

    @Test func `lines given at once come in their order`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let words = (1...20).map { "line \($0)" }
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room, depth: .log)
            try await session.caughtUp()
            for word in words { try await session.say(word) }
        }
        #expect(said(try await scene.words(of: "Priya", in: room)) == words)
    }

    @Test func `processes of one device post side by side`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for process in 1...3 {
                group.addTask {
                    try await scene.with("Lena") { lena in
                        let session = try await lena.enter(room, depth: .log)
                        try await session.caughtUp()
                        for line in 1...5 { try await session.say("\(process).\(line)") }
                    }
                }
            }
            try await group.waitForAll()
        }
        let words = said(try await scene.words(of: "Priya", in: room))
        #expect(words.count == 15)
        for process in 1...3 {
            let own = words.filter { $0.hasPrefix("\(process).") }
            #expect(own == (1...5).map { "\(process).\($0)" })
        }
    }

    @Test func `a line is held where somebody would read it who was not shown`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await scene.add("Ben", to: room)
        try await scene.with("Lena", .forever) { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let shown = Set(try await session.readers(of: .room).map(\.person))
            // The same key first: it is the key that becomes too old.
            try await session.post(
                EntryBody(text: "before"),
                kind: .say,
                to: .room,
                shown: shown
            )
            try await scene.letIn(["Ben"], to: room)
            let error = try await #require(throws: ClientError.self) {
                try await session.post(
                    EntryBody(text: "secret"),
                    kind: .say,
                    to: .room,
                    shown: shown
                )
            }
            #expect(error.code == .held)
            #expect(error.newReaders == ["Ben"])
            #expect(error.sentence == "Not sent: Ben can now read this too.")
            // Said again, for all who are shown now.
            try await session.say("for all")
        }
        #expect(said(try await scene.words(of: "Priya", in: room)) == ["before", "for all"])
        #expect(said(try await scene.words(of: "Ben", in: room)) == ["for all"])
    }

    @Test func `a line goes on under a new key where the readers became fewer`() async throws {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        try await scene.with("Lena", .forever) { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let shown = Set(try await session.readers(of: .room).map(\.person))
            try await session.post(EntryBody(text: "one"), kind: .say, to: .room, shown: shown)
            try await scene.with("Tom") { tom in
                let person = try await tom.ready().person
                try await tom.exclude(person, from: room)
            }
            try await session.post(EntryBody(text: "two"), kind: .say, to: .room, shown: shown)
        }
        #expect(said(try await scene.words(of: "Priya", in: room)) == ["one", "two"])
    }

    @Test func `who follows goes on where they were after the link was lost`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await scene.with("Priya", .forever) { priya in
            let session = try await priya.enter(room)
            var words: [String] = []
            var reader = session.happenings.makeAsyncIterator()
            while let happening = await reader.next() {
                if case .caughtUp = happening { break }
            }
            for round in 1...3 {
                if round == 2 { await scene.server.cutAll() }
                try await scene.with("Lena") { lena in
                    let session = try await lena.enter(room, depth: .log)
                    try await session.caughtUp()
                    try await session.say("round \(round)")
                }
                while let happening = await reader.next() {
                    if case .alarm(let alarm) = happening { words.append(alarm.sentence) }
                    guard case .entry(let entry) = happening else { continue }
                    #expect(entry.isNew)
                    words.append(entry.body?.text ?? "")
                    break
                }
            }
            #expect(words == ["round 1", "round 2", "round 3"])
        }
    }

    @Test func `where the server stays away a command says so and a line stays open`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                try await session.caughtUp()
                // The first post is the key's.
                try await session.say("one")
                await scene.server.inject([.loseAnswer])
                await scene.server.setReachable(false)
                try await session.say("two")
            }
        }
        #expect(error.code == .uncertain)
        #expect(scene.retries.withLock { $0.count } >= 2)
        await scene.server.setReachable(true)
        // The next process finds that the server has it, and says nothing.
        let notice = try await scene.with("Lena") { lena in
            await lena.finishChores()
            return try await lena.ready().name
        }
        #expect(notice == "Lena")
        #expect(said(try await scene.words(of: "Priya", in: room)) == ["one", "two"])
    }

    @Test func `a line too long is refused before anything is sent`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let posts = await scene.server.posts
            let error = try await #require(throws: ClientError.self) {
                try await session.say(String(repeating: "x", count: 8_001))
            }
            #expect(error.code == .invalid)
            #expect(await scene.server.posts == posts)
        }
    }

    @Test func `a note is for oneself and refused in the room`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let own = try await lena.ready().person
            try await session.post(
                EntryBody(text: "mine"),
                kind: .note,
                to: .own(own),
                shown: []
            )
            let error = try await #require(throws: ClientError.self) {
                try await session.post(
                    EntryBody(text: "not here"),
                    kind: .note,
                    to: .room,
                    shown: Set(session.readers(of: .room).map(\.person))
                )
            }
            #expect(error.roomRule == .kindNotHere)
            // A refused line takes no number: the next one goes through.
            try await session.say("here")
        }
        #expect(said(try await scene.words(of: "Priya", in: room)) == ["here"])
        #expect(said(try await scene.words(of: "Lena", in: room)).contains("mine"))
    }
}

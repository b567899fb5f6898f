// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

/// Real devices that ask and answer without names.
@Suite(.timeLimit(.minutes(15)))
struct PromptsTests {
    private static let others = ["Lena", "Tom", "Ben", "Jonas", "Ada"]

    private func all(_ session: RoomSession) async throws -> Set<PersonID> {
        Set(try await session.readers(of: .room).map(\.person))
    }

    /// What somebody reads in prompts: the question, and the answers without names.
    private func read(
        _ name: String,
        _ room: RoomID,
        _ scene: Scene
    ) async throws -> (question: String?, answers: [String], alarms: [String]) {
        try await scene.with(name) { client in
            let session = try await client.enter(room)
            var question: String?
            var (answers, alarms): ([String], [String]) = ([], [])
            for await happening in session.happenings {
                switch happening {
                case .entry(let line) where line.key.isPrompt:
                    let text = line.body?.text ?? "closed"
                    if line.kind == .ask {
                        question = "\(line.authorName): \(text)"
                    } else {
                        #expect(line.author == nil && line.authorName.isEmpty && !line.isMine)
                        answers.append(text)
                    }
                case .alarm(let alarm): alarms.append(alarm.sentence)
                case .caughtUp:
                    await session.leave()
                    return (question, answers, alarms)
                default: break
                }
            }
            return (question, answers, alarms)
        }
    }

    private func ask(_ room: RoomID, _ scene: Scene) async throws -> PromptID {
        try await scene.with("Priya") { priya in
            let session = try await priya.enter(room, depth: .log)
            try await session.caughtUp()
            let shown = Set(try await session.readers(of: .room).map(\.person))
            return try await session.prompt("What does nobody say?", to: .room, shown: shown)
        }
    }

    private func answer(
        _ name: String,
        _ prompt: PromptID,
        _ text: String,
        _ room: RoomID,
        _ scene: Scene
    ) async throws {
        try await scene.with(name) { client in
            let session = try await client.enter(room)
            try await session.caughtUp()
            try await session.answer(prompt, text)
        }
    }

    @Test func `five answer, also over lines that break, and all read it without names`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: Self.others)
        let prompt = try await ask(room, scene)
        for name in Self.others {
            // The answer arrives and its reply does not, or neither: it counts once.
            if name == "Tom" { await scene.server.inject([.loseAnswer]) }
            if name == "Ben" { await scene.server.inject([.losePost]) }
            try await answer(name, prompt, "it is \(name)'s", room, scene)
        }
        let before = try await read("Lena", room, scene)
        #expect(before.question == "Priya: What does nobody say?")
        #expect(before.answers == [] && before.alarms == [])
        let twice = await #expect(throws: ClientError.self) {
            try await answer("Lena", prompt, "one more", room, scene)
        }
        #expect(twice?.roomRule == .alreadyAnswered)
        let foreign = await #expect(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                try await session.caughtUp()
                try await session.endPrompt(prompt)
            }
        }
        #expect(foreign?.roomRule == .notAsker)
        try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            try await session.caughtUp()
            try await session.endPrompt(prompt)
        }
        for name in ["Priya", "Lena", "Ada"] {
            let read = try await read(name, room, scene)
            #expect(Set(read.answers) == Set(Self.others.map { "it is \($0)'s" }))
            #expect(read.answers.count == 5 && read.alarms == [])
        }
        // Older lines are given again as they were read.
        let again = try await scene.with("Ada") { ada in
            let session = try await ada.enter(room)
            try await session.caughtUp()
            return try await session.lines(before: nil, count: 20).lines
        }
        #expect(again.count { $0.author == nil } == 5)
    }

    @Test func `with fewer than five nothing is asked, and nothing is shown`() async throws {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom", "Ben"])
        let error = await #expect(throws: ClientError.self) { try await ask(room, scene) }
        #expect(error?.code == .refused)
        #expect(error?.sentence.contains("Only 4 could answer") == true)
        try await scene.add("Jonas", to: room)
        try await scene.letIn(["Jonas"], to: room)
        let prompt = try await ask(room, scene)
        for name in ["Lena", "Tom", "Ben", "Jonas"] {
            try await answer(name, prompt, "it is \(name)'s", room, scene)
        }
        try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            try await session.caughtUp()
            try await session.endPrompt(prompt)
            #expect(try await session.state().prompts[prompt]?.closed?.answers == 0)
        }
        for name in ["Priya", "Lena"] {
            let read = try await read(name, room, scene)
            #expect(read.answers == [] && read.alarms == [])
        }
        let late = await #expect(throws: ClientError.self) {
            try await answer("Lena", prompt, "still", room, scene)
        }
        #expect(late?.code == .refused)
    }

    @Test func `who was not shown keeps it from being asked, and who comes later reads nothing`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: Self.others)
        let held = await #expect(throws: ClientError.self) {
            try await scene.with("Priya") { priya in
                let session = try await priya.enter(room)
                try await session.caughtUp()
                let readers = try await session.readers(of: .room)
                let shown = Set(readers.filter { $0.name != "Ada" }.map(\.person))
                try await session.prompt("too early", to: .room, shown: shown)
            }
        }
        #expect(held?.newReaders == ["Ada"])
        let prompt = try await ask(room, scene)
        try await scene.add("Maria", to: room)
        try await scene.letIn(["Maria"], to: room)
        let read = try await read("Maria", room, scene)
        #expect(read.question == nil && read.answers == [] && read.alarms == [])
        let error = await #expect(throws: ClientError.self) {
            try await answer("Maria", prompt, "me too", room, scene)
        }
        #expect(error?.code == .refused)
        let long = String(repeating: "x", count: RoomSession.answerBytesMax + 1)
        let tooLong = await #expect(throws: ClientError.self) {
            try await answer("Lena", prompt, long, room, scene)
        }
        #expect(tooLong?.code == .invalid)
        try await answer("Lena", prompt, String(long.dropFirst()), room, scene)
    }
}

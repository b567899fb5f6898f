// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFormats
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@Suite(.timeLimit(.minutes(15)))
struct SessionTests {
    /// Lets somebody accept the agreement and come.
    private func come(_ name: String, _ room: RoomID, _ scene: Scene) async throws {
        try await scene.with(name) { client in
            let session = try await client.enter(room)
            try await session.caughtUp()
            let agreement = try #require(try await session.agreements().inForce)
            try await session.acceptAgreement(agreement.version)
            let person = try await client.ready().person
            try await session.act(.attend(Attended(person: person, presence: .here)))
        }
    }

    @Test func `a turn is read by its people alone, live and afterwards`() async throws {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom", "Ben"])
        for name in ["Priya", "Lena", "Tom"] { try await come(name, room, scene) }
        let format = try #require(try BuiltInFormats.format(named: "triad"))
        let session = SessionID(Bytes16(high: 42, low: 42))
        let (turn, speaker) = try await scene.with("Priya") { priya in
            let view = try await priya.enter(room)
            try await view.caughtUp()
            let start = SessionStart(
                session: session,
                format: format,
                medium: .typed,
                until: nil,
                pace: 1,
                purpose: nil,
                shown: nil
            )
            try await view.act(.start(start))
            try await view.act(.skip)
            let state = try await view.state()
            let turn = try #require(state.session?.openTurns.first)
            #expect(turn.pod.people.count == 3)
            let speaker = try #require(state.name(of: turn.pod.client))
            return (turn, speaker)
        }
        let key = TranscriptKey.turn(turn.id)
        try await scene.with(speaker) { client in
            let view = try await client.enter(room)
            try await view.caughtUp()
            let readers = try await view.readers(of: key)
            #expect(Set(readers.map(\.name)) == ["Priya", "Lena", "Tom"])
            try await view.post(
                EntryBody(text: "my aim"),
                kind: .say,
                to: key,
                shown: Set(readers.map(\.person))
            )
            // The floor holds: advice is not the client's, in this phase nor any other.
            let error = try await #require(throws: ClientError.self) {
                try await view.post(
                    EntryBody(text: "my advice"),
                    kind: .suggest,
                    to: key,
                    shown: Set(readers.map(\.person))
                )
            }
            #expect(error.roomRule == .notYourFloor)
        }
        for name in ["Priya", "Lena", "Tom"] {
            #expect(try await scene.words(of: name, in: room).contains("my aim"), "\(name)")
        }
        #expect(!(try await scene.words(of: "Ben", in: room)).contains("my aim"))
        let stranger = try await #require(throws: ClientError.self) {
            try await scene.with("Ben") { ben in
                let view = try await ben.enter(room)
                try await view.caughtUp()
                try await view.post(
                    EntryBody(text: "let me in"),
                    kind: .say,
                    to: key,
                    shown: Set(view.readers(of: key).map(\.person))
                )
            }
        }
        #expect(stranger.code == .refused)
    }

    /// A format of one's own, in which the coach may say and suggest.
    private static let ownYAML = """
        name: ours
        title: Ours
        version: 7
        pods: {smallest: 2, usual: 2, largest: 3}
        round:
          - name: only
            title: The only one
            minutes: 10
            client: {may: [answer], bare: answer, now: Answer.}
            coach: {may: [say, suggest], bare: suggest, now: "Advise {client}."}
            observer: {now: Watch.}
        """

    @Test func `a format of one's own runs for everybody as it was when the session began`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        for name in ["Priya", "Lena"] { try await come(name, room, scene) }
        let format = try FormatParser.parse(yaml: Self.ownYAML)
        @Sendable func start(_ format: SessionFormat) -> SessionStart {
            SessionStart(
                session: SessionID(Bytes16(high: 42, low: 42)),
                format: format,
                medium: .typed,
                until: nil,
                pace: 1,
                purpose: nil,
                shown: nil
            )
        }
        // Whoever leaves out the check of the file meets the server's.
        var steering = format
        steering.round[0].title = "The \u{1B}[2J only one"
        var turning = format
        turning.round[0].parts[0].sentence = "\u{202E}Answer."
        for broken in [steering, turning] {
            let error = try await #require(throws: ClientError.self) {
                try await scene.with("Priya") { priya in
                    let view = try await priya.enter(room)
                    try await view.caughtUp()
                    try await view.act(.start(start(broken)))
                }
            }
            #expect(error.roomRule == .formatInvalid)
        }
        try await scene.with("Priya") { priya in
            let view = try await priya.enter(room)
            try await view.caughtUp()
            try await view.act(.start(start(format)))
        }
        let turn = try await scene.with("Lena") { lena in
            let view = try await lena.enter(room)
            try await view.caughtUp()
            let session = try #require(try await view.state().session)
            #expect(session.format == format)
            return try #require(session.openTurns.first)
        }
        // The floor is the format's: here it is the coach who advises.
        let coach = try #require(turn.pod.coaches.first)
        for name in ["Priya", "Lena"] {
            let outcome: RoomRejection? = try await scene.with(name) { client in
                let view = try await client.enter(room)
                try await view.caughtUp()
                let key = TranscriptKey.turn(turn.id)
                let shown = Set(try await view.readers(of: key).map(\.person))
                let isCoach = try await client.ready().person == coach
                do {
                    try await view.post(
                        EntryBody(text: "my advice"),
                        kind: .suggest,
                        to: key,
                        shown: shown
                    )
                    #expect(isCoach)
                    return nil
                } catch let error as ClientError {
                    #expect(!isCoach)
                    return error.roomRule
                }
            }
            #expect(outcome == nil || outcome == .notYourFloor)
        }
    }

    @Test func `who is proposed and not let in waits and is told`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await scene.add("Ben", to: room)
        let people = try await scene.with("Ben", .forever) { ben in
            try await ben.accept(room)
            let stages = try await ben.rooms().map(\.stage)
            #expect(stages == [.accepted])
            let early = try await #require(throws: ClientError.self) {
                try await ben.enter(room)
            }
            #expect(early.refusal == .notFound)
            try await scene.letIn([], to: room)
            try await ben.awaitAdmission(room)
            let session = try await ben.enter(room)
            try await session.caughtUp()
            return try await session.state().members.map(\.name).sorted()
        }
        #expect(people == ["Ben", "Lena", "Priya"])
    }

    @Test func `a newcomer reads the agreement and nothing else from before`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await scene.add("Ben", to: room)
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("before Ben")
        }
        try await scene.letIn(["Ben"], to: room)
        #expect(
            try await scene.words(of: "Ben", in: room) == ["What is said here stays here."]
        )
    }

    @Test func `a newcomer reads what the next session is for`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        try await scene.add("Ben", to: room)
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let shown = Set(try await session.readers(of: .room).map(\.person))
            for text in ["the old one / done", "sort out roles / a list"] {
                try await session.post(
                    EntryBody(text: text, paper: .purpose),
                    kind: .paper,
                    to: .room,
                    shown: shown,
                    cites: nil
                )
            }
        }
        try await scene.letIn(["Ben"], to: room)
        #expect(
            try await scene.words(of: "Ben", in: room) == [
                "What is said here stays here.", "sort out roles / a list",
            ]
        )
    }

    @Test func `several parts of a program go into a room at once`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        for _ in 0..<10 {
            try await scene.with("Lena") { lena in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<6 {
                        group.addTask {
                            let depth: RoomDepth = number % 2 == 0 ? .log : .everything
                            let session = try await lena.enter(room, depth: depth)
                            try await session.caughtUp()
                            await session.leave()
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@testable import CoachingClient

/// Releases between real clients and the real core.
@Suite(.timeLimit(.minutes(15)))
struct ReleaseTests {
    /// A line as Tom sees it in the room, or `nil` where it is not there.
    private func seen(
        _ text: String,
        by name: String = "Tom",
        in room: RoomID,
        _ scene: Scene
    ) async throws -> ReadEntry? {
        try await scene.with(name) { client in
            let view = try await client.enter(room)
            var found: ReadEntry?
            for await happening in view.happenings {
                switch happening {
                case .entry(let line) where line.key == .room && line.body?.text == text:
                    #expect(found == nil, "released twice")
                    found = line
                case .alarm(let alarm): Issue.record("\(alarm.sentence)")
                case .caughtUp: return found
                default: break
                }
            }
            return found
        }
    }

    private func everybody(_ view: RoomSession) async throws -> Set<PersonID> {
        Set(try await view.readers(of: .room).map(\.person))
    }

    /// Goes into the room, reads all, and does something there.
    private func inside<R: Sendable>(
        _ name: String,
        _ room: RoomID,
        _ scene: Scene,
        _ work: @escaping @Sendable (RoomSession, PersonID) async throws -> R
    ) async throws -> R {
        try await scene.with(name) { client in
            let view = try await client.enter(room)
            try await view.caughtUp()
            let result = try await work(view, try await client.ready().person)
            await view.leave()
            return result
        }
    }

    /// Has Lena say something to Priya and ask for its release; gives the line's number and both.
    private func asked(
        _ room: RoomID,
        _ scene: Scene,
        _ text: String = "I dared to say no"
    ) async throws -> (line: UInt64, key: TranscriptKey, lena: PersonID, priya: PersonID) {
        let priya = try await scene.with("Priya") { try await $0.ready().person }
        return try await inside("Lena", room, scene) { view, lena in
            let key = TranscriptKey.between(lena, priya)
            let line = try await view.post(
                EntryBody(text: text),
                kind: .say,
                to: key,
                shown: [lena, priya]
            )
            _ = try await view.wordsUntil(text)
            #expect(try await view.concerned(line, in: key, to: .room) == [lena, priya].sorted())
            let outcome = try await view.release(
                line,
                of: key,
                to: .room,
                shown: try await everybody(view)
            )
            guard case .asked(_, let people) = outcome else { throw Missing() }
            #expect(people == [priya])
            return (line, key, lena, priya)
        }
    }

    private func answer(
        _ yes: Bool,
        by name: String = "Priya",
        _ room: RoomID,
        _ scene: Scene
    ) async throws {
        try await inside(name, room, scene) { view, me in
            let request = try #require(
                try await view.releases().last { $0.isOpen && $0.persons.contains(me) }
            )
            try await view.answer(request, yes: yes)
        }
    }

    @Test func `what two share is released with the yes of the other, when its author comes back`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        let asked = try await asked(room, scene)
        #expect(try await seen("I dared to say no", in: room, scene) == nil)
        try await answer(true, room, scene)
        // The author was away: whatever command connects releases it.
        #expect(try await seen("I dared to say no", in: room, scene) == nil)
        try await scene.with("Lena") { await $0.finishChores() }
        let line = try #require(try await seen("I dared to say no", in: room, scene))
        #expect(line.release == .agreed([asked.lena, asked.priya].sorted()))
        #expect(line.author == asked.lena && line.cites == nil && line.about == nil)
        // Once, whatever connects afterwards.
        for name in ["Lena", "Priya", "Lena"] {
            try await scene.with(name) { await $0.finishChores() }
        }
        _ = try await seen("I dared to say no", in: room, scene)
        #expect(try scene.folder("Lena").load().releases == nil)
        let requests = try await inside("Priya", room, scene) { view, _ in
            try await view.releases()
        }
        #expect(requests.map(\.isReleased) == [true])
        // Tom, whom it does not concern, learns nothing of where it came from.
        let others = try await inside("Tom", room, scene) { view, _ in try await view.releases() }
        #expect(others == [])
    }

    @Test func `a no holds it back, and so does a no after a yes`() async throws {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        _ = try await asked(room, scene)
        for yes in [false, true, false] { try await answer(yes, room, scene) }
        try await scene.with("Lena") { await $0.finishChores() }
        #expect(try await seen("I dared to say no", in: room, scene) == nil)
        let requests = try await inside("Lena", room, scene) { view, _ in
            try await view.releases()
        }
        #expect(requests.first?.refused.count == 1)
        try await answer(true, room, scene)
        try await scene.with("Lena") { await $0.finishChores() }
        #expect(try await seen("I dared to say no", in: room, scene) != nil)
    }

    @Test func `nothing is released of what is gone, nor after the author thought better`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        let first = try await asked(room, scene, "one")
        try await inside("Lena", room, scene) { view, _ in
            try await view.withdraw([first.line], from: first.key)
        }
        _ = try await asked(room, scene, "two")
        try await answer(false, by: "Lena", room, scene)
        let late = try await #require(throws: ClientError.self) {
            try await inside("Priya", room, scene) { view, _ in
                for request in try await view.releases() {
                    try await view.answer(request, yes: true)
                }
            }
        }
        #expect(late.code == .refused)
        try await scene.with("Lena") { await $0.finishChores() }
        #expect(try await seen("one", in: room, scene) == nil)
        #expect(try await seen("two", in: room, scene) == nil)
        #expect(try scene.folder("Lena").load().releases == nil)
    }

    @Test func `one's own notes and lines that concern nobody else are released at once`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        let lena = try await inside("Lena", room, scene) { view, lena in
            for (key, kind, text) in [
                (TranscriptKey.own(lena), EntryKind.note, "my note"), (.peers, .commit, "promised"),
            ] {
                let shown = Set(try await view.readers(of: key).map(\.person))
                let number = try await view.post(
                    EntryBody(text: text),
                    kind: kind,
                    to: key,
                    shown: shown
                )
                _ = try await view.wordsUntil(text)
                let outcome = try await view.release(
                    number,
                    of: key,
                    to: .room,
                    shown: try await everybody(view)
                )
                guard case .released = outcome else { throw Missing() }
            }
            return lena
        }
        let note = try #require(try await seen("my note", in: room, scene))
        #expect(note.kind == .say && note.release == .agreed([lena]))
        let promise = try #require(try await seen("promised", in: room, scene))
        #expect(promise.kind == .commit && promise.release == .agreed([lena]))
    }

    @Test func `a line goes to nobody who was not shown as a reader`() async throws {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena"])
        let error = try await #require(throws: ClientError.self) {
            try await inside("Lena", room, scene) { view, lena in
                let number = try await view.post(
                    EntryBody(text: "my note"),
                    kind: .note,
                    to: .own(lena),
                    shown: [lena]
                )
                _ = try await view.wordsUntil("my note")
                _ = try await view.release(number, of: .own(lena), to: .room, shown: [lena])
            }
        }
        #expect(error.code == .held && error.newReaders == ["Priya"])
    }

    @Test func `a client signs nothing that is not as it is asked`() async throws {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        let priya = try await scene.with("Priya") { try await $0.ready().person }
        let tom = try await scene.with("Tom") { try await $0.ready().person }
        let turn = TurnID(session: SessionID(.zero), round: 1, pod: 0)
        let terms: [@Sendable (inout ReleaseTerms) -> Void] = [
            { $0.digest = .zero }, { $0.salt = .zero }, { $0.target = .turn(turn) },
            { $0.persons = ($0.persons + [tom]).sorted() }, { $0.target = .own(tom) },
        ]
        for change in terms {
            try await scene.with("Lena") { lena in
                let view = try await lena.enter(room)
                try await view.caughtUp()
                let me = try await lena.ready().person
                let key = TranscriptKey.between(me, priya)
                let line = try await view.post(
                    EntryBody(text: "asked otherwise"),
                    kind: .say,
                    to: key,
                    shown: [me, priya]
                )
                var asked = ReleaseTerms(
                    target: .room,
                    salt: Bytes16(high: 1, low: 1),
                    digest: try EntryBody(text: "asked otherwise").releaseDigest(
                        salt: Bytes16(high: 1, low: 1),
                        author: me,
                        kind: .say
                    ),
                    persons: [me, priya].sorted()
                )
                change(&asked)
                let draft = try LineDraft(.request(asked), cites: line)
                _ = try await lena.post(draft, to: key, shown: [me, priya], in: room)
            }
            let error = try await #require(throws: ClientError.self) {
                try await answer(true, room, scene)
            }
            #expect(error.code == .alarm || error.code == .refused)
        }
        // The same but for nothing: that is signed.
        _ = try await asked(room, scene)
        try await answer(true, room, scene)
    }

    @Test func `in a turn the client's yes is needed, also when the session is over`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom", "Ben"])
        for name in ["Priya", "Lena", "Tom"] { try await come(name, room, scene) }
        let format = try #require(try BuiltInFormats.format(named: "triad"))
        let turn = try await inside("Priya", room, scene) { view, _ in
            try await view.act(
                .start(
                    SessionStart(
                        session: SessionID(Bytes16(high: 4, low: 2)),
                        format: format,
                        medium: .spoken,
                        until: nil,
                        pace: 1,
                        purpose: nil,
                        shown: nil
                    )
                )
            )
            try await view.act(.skip)
            return try #require(try await view.state().session?.openTurns.first)
        }
        let names = try await inside("Priya", room, scene) { view, _ in
            let state = try await view.state()
            return Dictionary(
                uniqueKeysWithValues: turn.pod.people.map {
                    (turn.pod.role(of: $0), state.name(of: $0) ?? "")
                }
            )
        }
        let (coach, client) = (try #require(names[.coach]), try #require(names[.client]))
        let observer = try #require(names[.observer])
        let key = TranscriptKey.turn(turn.id)
        try await inside(coach, room, scene) { view, _ in
            let shown = Set(turn.pod.people)
            let line = try await view.post(
                EntryBody(text: "whose voice is it?"),
                kind: .ask,
                to: key,
                shown: shown
            )
            _ = try await view.wordsUntil("whose voice is it?")
            let outcome = try await view.release(
                line,
                of: key,
                to: .room,
                shown: try await everybody(view)
            )
            guard case .asked(_, let people) = outcome else { throw Missing() }
            #expect(people == [turn.pod.client])
        }
        try await inside("Priya", room, scene) { view, _ in try await view.act(.end) }
        // Who observes is not asked, and their word is none.
        let error = try await #require(throws: ClientError.self) {
            try await inside(observer, room, scene) { view, _ in
                let request = try #require(try await view.releases().first)
                try await view.answer(request, yes: true)
            }
        }
        #expect(error.code == .refused)
        try await scene.with(coach) { await $0.finishChores() }
        #expect(try await seen("whose voice is it?", by: "Ben", in: room, scene) == nil)
        try await answer(true, by: client, room, scene)
        try await scene.with(coach) { await $0.finishChores() }
        let line = try #require(
            try await seen("whose voice is it?", by: "Ben", in: room, scene)
        )
        guard case .agreed(let people)? = line.release else { throw Missing() }
        #expect(people.contains(turn.pod.client) && people.count == 2 && line.kind == .ask)
    }

    private func come(_ name: String, _ room: RoomID, _ scene: Scene) async throws {
        try await inside(name, room, scene) { view, me in
            let agreement = try #require(try await view.agreements().inForce)
            try await view.acceptAgreement(agreement.version)
            try await view.act(.attend(Attended(person: me, presence: .here)))
        }
    }
}

extension RoomSession {
    /// Reads on until a line with these words has come.
    fileprivate func wordsUntil(_ text: String) async throws -> ReadEntry {
        for await happening in happenings {
            if case .entry(let line) = happening, line.body?.text == text { return line }
        }
        throw Missing()
    }
}

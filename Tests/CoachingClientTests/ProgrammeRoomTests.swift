// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@testable import CoachingClient

/// Releases to the programme's administrators between real clients and the real core.
@Suite(.timeLimit(.minutes(15)))
struct ProgrammeRoomTests {
    /// Maya administers; Priya, Lena and Tom are in a room; the programme's room is open.
    private func scene() async throws -> (Scene, RoomID) {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        for name in ["Maya", "Lena", "Tom"] { try await settle(name, scene) }
        return (scene, room)
    }

    private func settle(_ name: String, _ scene: Scene) async throws {
        try await scene.with(name) { await $0.finishChores() }
    }

    /// Has somebody come into the programme's room and agree to who reads there.
    private func contribute(_ name: String, _ scene: Scene) async throws {
        let early = try await #require(throws: ClientError.self) {
            try await scene.with(name) { try await $0.joinProgramme(ticks: 0) }
        }
        #expect(early.code == .tryLater)
        try await settle("Maya", scene)
        try await scene.with(name) { client in
            try await client.joinProgramme(ticks: 0)
            let view = try await client.programme()
            #expect(!view.isAccepted && !view.isAnother)
            #expect(view.readers.contains { $0.name == "Maya" && $0.isProved })
            try await client.accept(view)
            #expect(try await client.programme().isAccepted)
        }
    }

    /// Has somebody write to another member and release it to the programme.
    @discardableResult
    private func release(
        _ text: String,
        by name: String = "Lena",
        to other: String? = "Priya",
        _ room: RoomID,
        _ scene: Scene
    ) async throws -> ReleaseOutcome {
        var others: [PersonID] = []
        if let other { others = [try await scene.with(other) { try await $0.ready().person }] }
        let partners = others
        return try await scene.with(name) { client in
            let view = try await client.enter(room)
            try await view.caughtUp()
            let me = try await client.ready().person
            let key = partners.first.map { TranscriptKey.between(me, $0) } ?? .own(me)
            let line = try await view.post(
                EntryBody(text: text),
                kind: partners.isEmpty ? .note : .say,
                to: key,
                shown: Set(partners + [me])
            )
            let outcome = try await view.release(line, of: key, to: try await client.programme())
            await view.leave()
            return outcome
        }
    }

    private func answer(_ name: String, _ yes: Bool, _ room: RoomID, _ scene: Scene) async throws {
        try await scene.with(name) { client in
            let view = try await client.enter(room)
            try await view.caughtUp()
            let request = try #require(try await view.releases().last(where: \.isOpen))
            try await view.answer(request, yes: yes)
            await view.leave()
        }
    }

    /// What somebody reads in the programme's room; every alarm is a failure.
    private func read(_ name: String, _ scene: Scene) async throws -> [ReadEntry] {
        try await scene.with(name) { client in
            guard let room = try await client.programmeRoom(), room.stage == .admitted else {
                return []
            }
            let view = try await client.enter(room.room)
            var lines: [ReadEntry] = []
            for await happening in view.happenings {
                switch happening {
                case .entry(let line): lines.append(line)
                case .erased(let key, let number, _):
                    lines.removeAll { $0.key == key && $0.number == number }
                case .alarm(let alarm): Issue.record("\(alarm.sentence)")
                case .caughtUp: return lines
                default: break
                }
            }
            return lines
        }
    }

    private func texts(_ name: String, _ scene: Scene) async throws -> [String] {
        try await read(name, scene).compactMap(\.body?.text)
    }

    @Test func `what two share comes to the administrators with the yes of both`() async throws {
        let (scene, room) = try await scene()
        try await contribute("Lena", scene)
        try await contribute("Tom", scene)
        guard case .asked(_, let people) = try await release("I said no", room, scene) else {
            throw Missing()
        }
        #expect(people.count == 1)
        try await settle("Lena", scene)
        #expect(try await texts("Maya", scene) == [])
        try await answer("Priya", true, room, scene)
        #expect(try await texts("Maya", scene) == [])
        try await settle("Lena", scene)
        let line = try #require(try await read("Maya", scene).first)
        #expect(line.body?.text == "I said no" && line.authorName == "Lena")
        // Priya is in no room with Maya, and her yes is proved all the same.
        guard case .agreed(let agreed)? = line.release else { throw Missing() }
        #expect(agreed == (people + [try #require(line.author)]).sorted())
        #expect(line.cites == nil && line.about == nil)
        #expect(try await texts("Lena", scene) == ["I said no"])
        #expect(try await texts("Tom", scene) == [])
        #expect(try await texts("Priya", scene) == [])
        // Once, whatever connects afterwards.
        for name in ["Lena", "Priya", "Lena"] { try await settle(name, scene) }
        #expect(try await texts("Maya", scene) == ["I said no"])
        #expect(try scene.folder("Lena").load().releases == nil)
        // Who is in no such place cannot follow it, whatever they ask.
        let programme = try #require(try scene.folder("Maya").load().programme?.room)
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Priya") { _ = try await $0.enter(programme) }
        }
        #expect(error.code == .refused)
    }

    @Test func `a no keeps it where it is`() async throws {
        let (scene, room) = try await scene()
        try await contribute("Lena", scene)
        try await release("I said no", room, scene)
        try await answer("Priya", false, room, scene)
        try await settle("Lena", scene)
        #expect(try await texts("Maya", scene) == [])
        #expect(try await texts("Lena", scene) == [])
    }

    @Test func `a note goes there at once, and is taken back by its author`() async throws {
        let (scene, room) = try await scene()
        try await contribute("Lena", scene)
        let outcome = try await release("what I learnt", to: nil, room, scene)
        guard case .released(let number) = outcome else { throw Missing() }
        #expect(try await texts("Maya", scene) == ["what I learnt"])
        #expect(try await read("Maya", scene).first?.kind == .say)
        try await scene.with("Lena") { lena in
            let programme = try #require(try await lena.programmeRoom())
            #expect(try await !lena.rooms().contains { $0.room == programme.room })
            let view = try await lena.enter(programme.room)
            try await view.caughtUp()
            try await view.withdraw([number], from: .programme(try await lena.ready().person))
            await view.leave()
        }
        #expect(try await texts("Maya", scene).allSatisfy { $0.isEmpty })
    }

    @Test func `who becomes an administrator reads what comes after, and who was one no more`()
        async throws
    {
        let (scene, room) = try await scene()
        try await contribute("Lena", scene)
        try await release("before", to: nil, room, scene)
        let tom = try await scene.with("Tom") { try await $0.ready().participant }
        try await scene.with("Maya") { maya in
            try await maya.setAdministrator(tom, named: "Tom", true)
            await maya.finishChores()
        }
        try await settle("Maya", scene)
        #expect(try await texts("Tom", scene) == [])
        try await release("after", to: nil, room, scene)
        #expect(try await texts("Tom", scene) == ["after"])
        #expect(try await texts("Maya", scene) == ["before", "after"])
        try await scene.with("Maya") { try await $0.setAdministrator(tom, false) }
        #expect(try await texts("Tom", scene) == [])
        try await release("last", to: nil, room, scene)
        #expect(try await texts("Tom", scene) == [])
        #expect(try await texts("Maya", scene) == ["before", "after", "last"])
    }

    @Test func `who releases something and becomes an administrator reads what others release`()
        async throws
    {
        let (scene, room) = try await scene()
        try await contribute("Lena", scene)
        try await contribute("Tom", scene)
        try await release("Tom's first", by: "Tom", to: nil, room, scene)
        try await release("Lena's first", to: nil, room, scene)
        let lena = try await scene.with("Lena") { try await $0.ready().participant }
        try await scene.with("Maya") { maya in
            try await maya.setAdministrator(lena, named: "Lena", true)
            await maya.finishChores()
        }
        try await settle("Maya", scene)
        try await release("Tom's second", by: "Tom", to: nil, room, scene)
        #expect(Set(try await texts("Lena", scene)) == ["Lena's first", "Tom's second"])
        #expect(try await texts("Tom", scene) == ["Tom's first", "Tom's second"])
    }

    @Test func `a line there without the consents is named, whatever it says`() async throws {
        let (scene, room) = try await scene()
        try await contribute("Lena", scene)
        try await release("proved", to: nil, room, scene)
        let priya = try await scene.with("Priya") { try await $0.ready().person }
        // Lena's program is another one: it asks nobody, or makes up who agreed.
        try await scene.with("Lena") { lena in
            let programme = try await lena.programme()
            let session = try await lena.enter(programme.room)
            try await session.caughtUp()
            let me = try await lena.ready().person
            let forged = ReleaseProof(
                persons: [me, priya].sorted(),
                consents: [me, priya].sorted().map {
                    .init(
                        person: $0,
                        device: DeviceID(.zero),
                        signature: [UInt8](repeating: 7, count: 64)
                    )
                }
            )
            for proof in [nil, forged] {
                var body = EntryBody(text: "Priya cried")
                body.release = proof
                _ = try await lena.post(
                    try LineDraft(body, kind: .say),
                    to: .programme(me),
                    shown: Set(programme.readers.map(\.person)),
                    in: programme.room
                )
            }
            await session.leave()
        }
        let seen = try await scene.with("Maya") { maya in
            let programme = try #require(try await maya.programmeRoom()?.room)
            let session = try await maya.enter(programme)
            var (agreed, unproved, alarms): ([String], Int, Int) = ([], 0, 0)
            for await happening in session.happenings {
                switch happening {
                case .entry(let line) where line.release == .unproved: unproved += 1
                case .entry(let line): agreed.append(line.body?.text ?? "")
                case .alarm(let alarm):
                    #expect(alarm.kind == .forgedRelease)
                    alarms += 1
                case .caughtUp: return (agreed, unproved, alarms)
                default: break
                }
            }
            throw Missing()
        }
        #expect(seen == (["proved"], 2, 2))
    }

    @Test func `an administrator whom nobody made so here is not let in by itself`() async throws {
        let (scene, _) = try await scene()
        let tom = try await scene.with("Tom") { try await $0.ready().participant }
        // As if the server had done it: Maya's device knows of no such thing.
        try await scene.with("Maya") { try await $0.setAdministrator(tom, true) }
        try await settle("Maya", scene)
        #expect(
            try await scene.with("Tom") { try await $0.programmeRoom()?.stage } == .accepted
        )
    }

    @Test func `another programme's room is a loud stop until it is agreed to`() async throws {
        let (scene, room) = try await scene()
        try await contribute("Lena", scene)
        try await release("to Maya", to: nil, room, scene)
        let invite = try await scene.server.inviteAdministrator(
            "Nora",
            secret: Bytes16(high: 8, low: 9),
            isReplacing: true
        )
        try await scene.enroller().enrol(invite, into: scene.folder("Nora"))
        try await settle("Nora", scene)
        #expect(try await texts("Nora", scene) == [])
        let early = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { try await $0.joinProgramme(ticks: 0) }
        }
        #expect(early.code == .tryLater)
        // Nobody whom Nora knows vouches for Lena, so Nora lets her in herself.
        try await settle("Nora", scene)
        try await scene.with("Nora") { nora in
            let programme = try #require(try await nora.programmeRoom()?.room)
            let lena = try #require(try await nora.lobby(of: programme).first { $0.name == "Lena" })
            try await nora.admit(lena.participant, to: programme)
        }
        let error = try await #require(throws: ClientError.self) {
            try await release("to whom?", to: nil, room, scene)
        }
        #expect(error.code == .alarm)
        try await scene.with("Lena") { lena in
            let view = try await lena.programme()
            #expect(view.isAnother && !view.isAccepted)
            #expect(
                view.readers.map(\.name) == ["Nora"] && view.readers.allSatisfy { !$0.isProved }
            )
            try await lena.accept(view)
        }
        try await release("to Nora", to: nil, room, scene)
        #expect(try await texts("Nora", scene) == ["to Nora"])
        #expect(try await texts("Maya", scene) == [])
    }

    @Test func `a server cannot pass another room off as the programme's`() async throws {
        let (scene, room) = try await scene()
        await scene.server.alter { message in
            guard case .reply(let id, .rooms(var rooms), let next) = message else { return nil }
            rooms.removeAll { $0.isProgramme == true }
            for index in rooms.indices { rooms[index].isProgramme = true }
            return .reply(id: id, .rooms(rooms), next: next)
        }
        let error = try await #require(throws: ClientError.self) {
            try await release("for Maya alone", to: nil, room, scene)
        }
        #expect(error.code == .alarm)
    }

    @Test func `consents name one programme's room, and a yes for another is refused`()
        async throws
    {
        let (scene, room) = try await scene()
        try await contribute("Lena", scene)
        try await contribute("Tom", scene)
        try scene.folder("Tom").update { profile in
            profile.programme?.room = RoomID(Bytes16(high: 3, low: 3))
        }
        try await release("Tom helped", to: "Tom", room, scene)
        let error = try await #require(throws: ClientError.self) {
            try await answer("Tom", true, room, scene)
        }
        #expect(error.code == .alarm)
    }
}

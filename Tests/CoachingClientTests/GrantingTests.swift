// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

/// Older lines that a member gives to somebody who came later, between real clients and the real
/// server core.
@Suite(.timeLimit(.minutes(15)))
struct GrantingTests {
    /// A room of Priya and Lena with four days of lines, to which Tom came then.
    private func scene(allowed: Bool = true) async throws -> (Scene, RoomID) {
        let scene = try Scene()
        let room = try await scene.room()
        if allowed { try await scene.allowHistory(true, in: room) }
        for day in 1...4 {
            for name in ["Priya", "Lena"] {
                try await scene.say("\(name) on day \(day)", as: name, in: room)
            }
            scene.clock.advance(2 * 86_400_000)
        }
        let people = try await scene.people(in: room)
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.post(
                EntryBody(text: "between the two"),
                kind: .say,
                to: .between(people["Lena"] ?? PersonID(.zero), people["Priya"] ?? PersonID(.zero)),
                shown: Set(people.values)
            )
        }
        try await scene.add("Tom", to: room)
        try await scene.letIn(["Tom"], to: room)
        return (scene, room)
    }

    private let days = (1...4).flatMap { ["Priya on day \($0)", "Lena on day \($0)"] }
    private let agreement = "What is said here stays here."

    @Test func `a newcomer reads what they were given, in order, and nothing else`() async throws {
        let (scene, room) = try await scene()
        #expect(try await scene.words(of: "Tom", in: room) == [agreement], "posted anew for Tom")
        let tom = try #require(try await scene.people(in: room)["Tom"])
        let given = try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            return try await session.grant(to: tom)
        }
        #expect(given.spans.map(\.scope) == [.room] && given.devices == 1 && given.keys > 0)
        // Lena came after the first words were posted and gives what she may read herself.
        let words = try await scene.inOrder("Tom", room)
        #expect(words == [agreement] + days + [agreement])
        #expect(try await scene.words(of: "Lena", in: room).contains("between the two"))
        // A second time there is nothing more, and the keys are kept.
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                _ = try await session.grant(to: tom)
            }
        }
        #expect(error.code == .refused)
        #expect(try await scene.words(of: "Tom", in: room) == words)
        #expect(try await !scene.words(of: "Lena", in: room).contains { $0.hasPrefix("alarm") })
    }

    @Test func `from a day on only what was written then is given`() async throws {
        let (scene, room) = try await scene()
        let tom = try #require(try await scene.people(in: room)["Tom"])
        let since = scene.clock.now.adding(milliseconds: -(4 * 86_400_000 + 3_600_000))
        let given = try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            return try await session.grant(to: tom, since: since)
        }
        #expect((given.spans.first?.from ?? 0) > 1)
        #expect(try await scene.inOrder("Tom", room) == days.suffix(4) + [agreement])
        // The rest can be given later.
        _ = try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            return try await session.grant(to: tom)
        }
        let words = try await scene.inOrder("Tom", room)
        #expect(words.filter { $0 != agreement } == days)
        #expect(!words.contains { $0.hasPrefix("alarm") })
    }

    @Test func `who is there when older lines are given gets them once, as old`() async throws {
        let (scene, room) = try await scene()
        let tom = try #require(try await scene.people(in: room)["Tom"])
        let heard = try await scene.with("Tom") { client in
            let session = try await client.enter(room)
            try await session.caughtUp()
            _ = try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                try await session.caughtUp()
                try await session.say("before it is given")
                _ = try await session.grant(to: tom)
                try await session.say("after it was given")
            }
            var heard: [(String, Bool)] = []
            for await happening in session.happenings {
                switch happening {
                case .entry(let line):
                    guard let text = line.body?.text else { continue }
                    heard.append((text, line.isNew))
                case .alarm(let alarm): heard.append(("alarm: \(alarm.sentence)", true))
                default: break
                }
                if heard.count == days.count + 4 { break }
            }
            return heard
        }
        let old = heard.filter { !$0.1 }.map(\.0)
        #expect(old.sorted() == (days + [agreement, agreement]).sorted())
        #expect(
            heard.filter(\.1).map(\.0).sorted() == ["after it was given", "before it is given"]
        )
    }

    @Test func `where the group has not agreed nothing is given`() async throws {
        let (scene, room) = try await scene(allowed: false)
        let tom = try #require(try await scene.people(in: room)["Tom"])
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                _ = try await session.grant(to: tom)
            }
        }
        #expect(error.code == .refused && error.hint?.contains("--history yes") == true)
        try await scene.allowHistory(true, in: room)
        let others: [(String, PersonID)] = [
            ("Tom", tom), ("Lena", try #require(try await scene.people(in: room)["Priya"])),
            ("Lena", PersonID(.zero)),
        ]
        for (giver, person) in others {
            let error = try await #require(throws: ClientError.self) {
                try await scene.with(giver) { client in
                    let session = try await client.enter(room)
                    _ = try await session.grant(to: person)
                }
            }
            #expect(error.code == .refused)
        }
        let late = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let session = try await lena.enter(room)
                _ = try await session.grant(to: tom, since: scene.clock.now)
            }
        }
        #expect(late.sentence.contains("no lines from then on"))
        #expect(try await scene.words(of: "Tom", in: room) == [agreement])
    }

    @Test func `a new device of a person who lost theirs gets back what they could read`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        try await scene.say("from Priya", as: "Priya", in: room)
        try await scene.say("from Lena", as: "Lena", in: room)
        try await scene.recover("Lena", into: "Lena2")
        // It asks; Tom and Priya, who have the keys, come next and give nothing by themselves:
        // whoever has the kit could ask so.
        func closed() async throws -> Int {
            try await scene.words(of: "Lena2", in: room).filter { $0 == "cannot be opened" }.count
        }
        #expect(try await closed() == 3)
        for name in ["Tom", "Priya"] { _ = try await scene.words(of: name, in: room) }
        #expect(try await closed() == 3)
        let lena = try #require(try await scene.people(in: room)["Lena"])
        @Sendable func give() async throws -> GivenHistory {
            try await scene.with("Tom") { tom in
                let session = try await tom.enter(room)
                return try await session.grant(to: lena)
            }
        }
        let refusal = try await #require(throws: ClientError.self) { try await give() }
        #expect(refusal.sentence.contains("has not agreed"))
        #expect(try await closed() == 3)
        try await scene.allowHistory(true, in: room)
        for name in ["Tom", "Priya"] { _ = try await scene.words(of: name, in: room) }
        #expect(try await closed() == 3)
        // Who is there sees the deed.
        let tom = try #require(try await scene.people(in: room)["Tom"])
        let deed = try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            try await session.caughtUp()
            let given = try await give()
            #expect(given.again == 3 && given.spans.isEmpty)
            for await happening in session.happenings {
                if case .givenAgain(let deed) = happening { return deed }
            }
            throw Missing()
        }
        #expect(deed == GivenAgain(key: .room, by: tom, to: lena, isNew: true))
        let opened = try await scene.inOrder("Lena2", room)
        #expect(opened == [agreement, "from Priya", "from Lena"])
        let again = try await #require(throws: ClientError.self) { try await give() }
        #expect(again.sentence.contains("may read all that you may read here"))
    }

    @Test func `what a member gave somebody goes to no device that comes later by itself`()
        async throws
    {
        let (scene, room) = try await scene()
        let tom = try #require(try await scene.people(in: room)["Tom"])
        func give() async throws -> GivenHistory {
            try await scene.with("Priya") { priya in
                let session = try await priya.enter(room)
                return try await session.grant(to: tom)
            }
        }
        #expect(try await give().again == 0)
        let words = try await scene.inOrder("Tom", room)
        #expect(words.filter { days.contains($0) } == days)
        try await scene.recover("Tom", into: "Tom2")
        for name in ["Tom2", "Priya", "Lena", "Tom2", "Lena", "Priya"] {
            _ = try await scene.words(of: name, in: room)
        }
        let closed = try await scene.inOrder("Tom2", room)
        #expect(closed == words.map { _ in "cannot be opened" })
        #expect(try await give().again > 0)
        #expect(try await scene.inOrder("Tom2", room) == words)
    }

    @Test func `a room begins with the policy that its founder was shown`() async throws {
        let scene = try Scene()
        try await scene.enrolAdministrator()
        var policy = RoomPolicy.standard
        policy.turnDays = 30
        policy.historyForNewcomers = true
        let set = policy
        let (room, line) = try await scene.with("Maya") { maya in
            #expect(try await maya.policyOfNewRooms() == .standard)
            try await maya.setPolicyOfNewRooms(set)
            #expect(try await maya.policyOfNewRooms() == set)
            let wrong = RoomPolicy(
                turnDays: 0,
                roomDays: 9,
                historyForNewcomers: false,
                namesToAdministrators: false
            )
            await #expect(throws: ClientError.self) {
                try await maya.setPolicyOfNewRooms(wrong)
            }
            let id = try #require(try await maya.addPeople([PersonToAdd(name: "Priya")]).first)
            let room = try await maya.addRoom("north")
            try await maya.propose(id, for: room)
            return (room, try await maya.invite(id, name: "Priya").line)
        }
        try await scene.enroller().enrol(Enroller.read(line), into: scene.folder("Priya"))
        try await scene.with("Priya") { priya in
            let shown = try await priya.policyOfNewRooms()
            #expect(shown == set)
            await #expect(throws: ClientError.self) { try await priya.setPolicyOfNewRooms(set) }
            try await priya.found(room, agreement: agreement, policy: shown)
            let session = try await priya.enter(room)
            try await session.caughtUp()
            #expect(try await session.state().policy == set)
        }
        // What is set later is for other rooms.
        try await scene.with("Maya") { try await $0.setPolicyOfNewRooms(.standard) }
        try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            try await session.caughtUp()
            #expect(try await session.state().policy == set)
        }
    }
}

extension Scene {
    /// Has somebody lose all their devices, and come with their kit on a new one.
    func recover(_ name: String, into folder: String) async throws {
        let seed = try #require(try self.folder(name).load().seed)
        let kit = RecoveryKit(IdentitySeed(seed))
        let line = try await with("Maya") { maya in
            let person = try #require(try await maya.people().first { $0.name == name })
            return try await maya.inviteDevice(of: person.participant, name: name).line
        }
        let invite = try Enroller.read(line)
        let invitation = try await enroller().look(invite)
        let lost = try Enroller.devices(of: invitation, kit: kit).map(\.device)
        _ = try await enroller().recover(
            invite,
            invitation,
            kit: kit,
            lost: Set(lost),
            into: self.folder(folder)
        )
    }

    /// Has Priya say whether older lines can be given.
    func allowHistory(_ isAllowed: Bool, in room: RoomID) async throws {
        try await with("Priya") { priya in
            let session = try await priya.enter(room)
            try await session.caughtUp()
            var policy = try await session.state().policy
            policy.historyForNewcomers = isAllowed
            try await session.keep(policy)
        }
    }

    func say(_ text: String, as name: String, in room: RoomID) async throws {
        try await with(name) { client in
            let session = try await client.enter(room)
            try await session.caughtUp()
            try await session.say(text)
        }
    }

    func people(in room: RoomID) async throws -> [String: PersonID] {
        try await with("Priya") { priya in
            let session = try await priya.enter(room)
            try await session.caughtUp()
            let members = try await session.state().members
            return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.person) })
        }
    }

    /// Gives the words of a room by their numbers, each as it was opened last, and alarms.
    func inOrder(_ name: String, _ room: RoomID) async throws -> [String] {
        try await with(name) { client in
            let session = try await client.enter(room)
            var words: [UInt64: String] = [:]
            var alarms: [String] = []
            for await happening in session.happenings {
                switch happening {
                case .entry(let line) where line.key == .room:
                    words[line.number] = line.body?.text ?? "cannot be opened"
                case .alarm(let alarm): alarms.append("alarm: \(alarm.sentence)")
                case .caughtUp:
                    return alarms + words.sorted { $0.key < $1.key }.map(\.value)
                default: break
                }
            }
            return []
        }
    }
}

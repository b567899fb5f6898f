// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@Suite(.timeLimit(.minutes(15)))
struct ProgrammeTests {
    @Test func `an invite is looked at before anything is made`() async throws {
        let scene = try Scene()
        let invite = try await scene.server.inviteAdministrator(
            "Maya",
            secret: Bytes16(high: 1, low: 2)
        )
        let invitation = try await scene.enroller().look(invite)
        #expect(invitation.name == "Maya")
        #expect(!scene.folder("Maya").exists)
        let profile = try await scene.enroller().enrol(invite, into: scene.folder("Maya"))
        #expect(profile.stage == .active)
        #expect(profile.holdsIdentity)
        let name = try await scene.with("Maya") { try await $0.ready().name }
        #expect(name == "Maya")
    }

    @Test func `an enrolment whose answer was lost ends with the same keys`() async throws {
        let scene = try Scene()
        let invite = try await scene.server.inviteAdministrator(
            "Maya",
            secret: Bytes16(high: 1, low: 2)
        )
        let folder = scene.folder("Maya")
        await scene.server.inject([.loseEnrolment])
        await #expect(throws: ClientError.self) {
            try await scene.enroller().enrol(invite, into: folder)
        }
        let draft = try folder.load()
        #expect(draft.stage == .enrolling)
        #expect(Enroller.isUnfinished(invite, in: folder))
        let early = try #require(throws: ClientError.self) {
            try Client(folder, environment: scene.environment, dialing: scene.dialing)
        }
        #expect(early.code == .profile)
        let done = try await scene.enroller().enrol(invite, into: folder)
        #expect(done.stage == .active)
        #expect(done.signingKey == draft.signingKey)
        #expect(done.deviceList == draft.deviceList)
        #expect(!Enroller.isUnfinished(invite, in: folder))
    }

    @Test func `a declined invite cannot be used`() async throws {
        let scene = try Scene()
        let invite = try await scene.server.inviteAdministrator(
            "Maya",
            secret: Bytes16(high: 1, low: 2)
        )
        try await scene.enroller().decline(invite)
        let error = try await #require(throws: ClientError.self) {
            try await scene.enroller().look(invite)
        }
        #expect(error.code == .invite)
    }

    @Test func `who invites is shown by the name that the invite proves`() async throws {
        let scene = try Scene()
        try await scene.enrolAdministrator()
        let line = try await scene.with("Maya") { maya in
            let id = try #require(try await maya.addPeople([PersonToAdd(name: "Lena")]).first)
            return try await maya.invite(id, name: "Lena").line
        }
        let invite = try Enroller.read(line)
        let shown = try await scene.enroller().look(invite)
        #expect(shown.provedInviter?.name == "Maya")
        await scene.server.alter { message in
            guard case .enrolment(.invitation(var invitation)) = message else { return nil }
            invitation.inviter = "Jonas"
            invitation.provedInviter?.name = "Jonas"
            return .enrolment(.invitation(invitation))
        }
        let error = try await #require(throws: ClientError.self) {
            try await scene.enroller().look(invite)
        }
        #expect(error.code == .alarm)
        #expect(!scene.folder("Lena").exists)
        await scene.server.alter { _ in nil }
        try await scene.enroller().enrol(invite, into: scene.folder("Lena"))
        try await scene.with("Maya") { await $0.finishChores() }
        // Afterwards, too, the server's own name for the inviter does not count.
        await scene.server.alter { message in
            guard case .reply(let id, .introductions(var all), let next) = message else {
                return nil
            }
            for index in all.indices { all[index].name = "Jonas" }
            return .reply(id: id, .introductions(all), next: next)
        }
        try await scene.with("Lena") { await $0.finishChores() }
        #expect(try scene.folder("Lena").load().known.map(\.name) == ["Maya"])
    }

    @Test func `an invite is renewed with its line and revoked for good`() async throws {
        let scene = try Scene()
        try await scene.enrolAdministrator()
        let line = try await scene.with("Maya") { maya in
            let id = try #require(try await maya.addPeople([PersonToAdd(name: "Lena")]).first)
            let made = try await maya.invite(id, name: "Lena", days: 7)
            let again = try await maya.renewInvite(made.hash, days: 1)
            #expect(again?.line == made.line)
            #expect(try await maya.invites().map(\.hash).contains(made.hash))
            try await maya.revokeInvite(made.hash)
            return made.line
        }
        let error = try await #require(throws: ClientError.self) {
            try await scene.enroller().enrol(
                Enroller.read(line),
                into: scene.folder("Lena")
            )
        }
        #expect(error.code == .invite)
        #expect(!scene.folder("Lena").exists)
        let days = try await #require(throws: ClientError.self) {
            try await scene.with("Maya") { maya in
                let id = try #require(try await maya.addPeople([PersonToAdd(name: "Tom")]).first)
                return try await maya.invite(id, name: "Tom", days: 8)
            }
        }
        #expect(days.code == .refused)
        #expect(try scene.folder("Maya").load().invites.isEmpty)
    }

    @Test func `a long list of people is whole, by name, and each is there once`() async throws {
        let scene = try Scene()
        try await scene.enrolAdministrator()
        try await scene.with("Maya") { maya in
            for start in stride(from: 0, to: 5_000, by: 500) {
                try await maya.addPeople(
                    (start..<start + 500).map { number in
                        PersonToAdd(
                            name: "Person of some name \(number)",
                            department: "Department \(number % 9)",
                            address: "person.\(number)@acme.example"
                        )
                    }
                )
            }
            let names = try await maya.people().map(\.name)
            #expect(names.count == 5_001)
            #expect(names == names.sorted())
            #expect(Set(names).count == names.count)
        }
    }

    @Test func `a used invite is refused and leaves no profile behind`() async throws {
        let scene = try Scene()
        let invite = try await scene.server.inviteAdministrator(
            "Maya",
            secret: Bytes16(high: 1, low: 2)
        )
        try await scene.enroller().enrol(invite, into: scene.folder("Maya"))
        await #expect(throws: ClientError.self) {
            try await scene.enroller().enrol(invite, into: scene.folder("Eve"))
        }
        #expect(!scene.folder("Eve").exists)
    }

    @Test func `people come in by invite, vouch and signature, and read what they may`()
        async throws
    {
        let scene = try Scene()
        try await scene.enrolAdministrator()
        let (room, lines) = try await scene.with("Maya") { maya in
            let ids = try await maya.addPeople([
                PersonToAdd(name: "Priya"), PersonToAdd(name: "Lena"), PersonToAdd(name: "Tom"),
            ])
            let room = try await maya.addRoom("north")
            var lines: [String] = []
            for (id, name) in zip(ids, ["Priya", "Lena", "Tom"]) {
                try await maya.propose(id, for: room)
                lines.append(try await maya.invite(id, name: name).line)
            }
            return (room, lines)
        }
        for (name, line) in zip(["Priya", "Lena", "Tom"], lines) {
            let invite = try Enroller.read(line)
            try await scene.enroller().enrol(invite, into: scene.folder(name))
        }
        // Maya vouches by only being there.
        let vouched = try await scene.with("Maya") { maya in
            await maya.finishChores()
            return try await maya.people().filter(\.enrolled).count
        }
        #expect(vouched == 4)
        try await scene.with("Priya") { priya in
            try await priya.found(room, agreement: "What is said here stays here.")
        }
        for name in ["Lena", "Tom"] {
            try await scene.with(name) { try await $0.accept(room) }
        }
        let notices = try await scene.with("Priya") { priya in
            let unconfirmed = try await priya.needsConfirmation(room)
            #expect(unconfirmed.map(\.name).sorted() == ["Lena", "Tom"])
            #expect(unconfirmed.allSatisfy { $0.vouchedBy == "Maya" })
            try await priya.confirm(unconfirmed, for: room)
            await priya.finishChores()
            return try await priya.rooms().first?.people
        }
        #expect(notices == 3)
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let agreement = try #require(try await session.agreements().inForce)
            #expect(agreement.text == "What is said here stays here.")
            try await session.acceptAgreement(agreement.version)
            let state = try await session.state()
            #expect(state.members.map(\.name).sorted() == ["Lena", "Priya", "Tom"])
            let readers = try await session.readers(of: .room)
            let number = try await session.post(
                EntryBody(text: "hello"),
                kind: .say,
                to: .room,
                shown: Set(readers.map(\.person))
            )
            #expect(number > 0)
        }
        let heard = try await scene.with("Tom") { tom in
            let session = try await tom.enter(room)
            try await session.caughtUp()
            var texts: [String] = []
            for await happening in session.happenings {
                switch happening {
                case .entry(let entry):
                    texts.append("\(entry.authorName): \(entry.body?.text ?? "")")
                case .alarm(let alarm): texts.append(alarm.sentence)
                case .caughtUp: return texts
                default: break
                }
            }
            return texts
        }
        #expect(heard == ["Priya: What is said here stays here.", "Lena: hello"])
    }
}

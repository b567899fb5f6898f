// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@Suite(.timeLimit(.minutes(15)))
struct RecoveryTests {
    /// Has an administrator make the line for a person's new device.
    private func line(for name: String, _ scene: Scene) async throws -> String {
        try await scene.with("Maya") { maya in
            let person = try #require(try await maya.people().first { $0.name == name })
            return try await maya.inviteDevice(of: person.participant, name: name).line
        }
    }

    private func kit(of name: String, _ scene: Scene) throws -> RecoveryKit {
        let seed = try #require(try scene.folder(name).load().seed)
        let written = RecoveryKit(IdentitySeed(seed)).groups.joined(separator: "-").uppercased()
        return try RecoveryKit(reading: written)
    }

    @Test func `a new device with the kit is the person, and the lost one is nobody`() async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        let kit = try kit(of: "Lena", scene)
        let first = try Enroller.read(try await line(for: "Lena", scene))
        let devices = try Enroller.devices(of: try await scene.enroller().look(first), kit: kit)
        let lost = try #require(devices.first?.device)
        let invite = try Enroller.read(try await line(for: "Lena", scene))
        let invitation = try await scene.enroller().look(invite)
        #expect(invitation.purpose == .device)
        #expect(invitation.inviter == "Maya")
        let profile = try await scene.enroller().recover(
            invite,
            invitation,
            kit: kit,
            lost: [lost],
            into: scene.folder("Lena2")
        )
        #expect(profile.stage == .active)
        #expect(profile.seed == nil)
        try await scene.with("Lena2") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("from my new machine")
            #expect(try await lena.devices().count { $0.state == .active } == 1)
        }
        let words = try await scene.words(of: "Priya", in: room)
        #expect(words.contains("from my new machine"))
        #expect(!words.contains { $0.hasPrefix("alarm") })
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena", .forever) { _ in () }
        }
        #expect(error.goodbye == .revoked)
    }

    @Test func `a lost answer does no harm, and the kit is not needed again`() async throws {
        let scene = try Scene()
        _ = try await scene.room()
        let kit = try kit(of: "Lena", scene)
        let invite = try Enroller.read(try await line(for: "Lena", scene))
        let invitation = try await scene.enroller().look(invite)
        await scene.server.inject([.loseEnrolment])
        await #expect(throws: ClientError.self) {
            try await scene.enroller().recover(
                invite,
                invitation,
                kit: kit,
                lost: [],
                into: scene.folder("Lena2")
            )
        }
        #expect(Enroller.isUnfinished(invite, in: scene.folder("Lena2")))
        let profile = try await scene.enroller().enrol(invite, into: scene.folder("Lena2"))
        #expect(profile.stage == .active)
        // The old device was not said to be lost: both count.
        let count = try await scene.with("Lena") { lena in
            try await lena.devices().count { $0.state == .active }
        }
        #expect(count == 2)
    }

    @Test func `without the kit the line is worth nothing`() async throws {
        let scene = try Scene()
        _ = try await scene.room()
        let invite = try Enroller.read(try await line(for: "Lena", scene))
        let error = try await #require(throws: ClientError.self) {
            try await scene.enroller().enrol(invite, into: scene.folder("thief"))
        }
        #expect(error.code == .invite)
        #expect(!scene.folder("thief").exists)
        let invitation = try await scene.enroller().look(invite)
        let others = try await #require(throws: ClientError.self) {
            try await scene.enroller().recover(
                invite,
                invitation,
                kit: kit(of: "Priya", scene),
                lost: [],
                into: scene.folder("thief")
            )
        }
        #expect(others == .othersKit)
        #expect(!scene.folder("thief").exists)
    }

    @Test func `a list that another device overtook is refused and nothing is left`() async throws {
        let scene = try Scene()
        _ = try await scene.room()
        let kit = try kit(of: "Lena", scene)
        let invite = try Enroller.read(try await line(for: "Lena", scene))
        let invitation = try await scene.enroller().look(invite)
        let further = try await scene.with("Lena") { try await $0.inviteDevice() }
        try await scene.enroller().enrol(
            Enroller.read(further.line),
            into: scene.folder("Lena2")
        )
        try await scene.with("Lena") { lena in
            try await lena.confirmDevice(lena.awaitDevice(further.hash))
        }
        // The further device's line has taken the place of the administrator's.
        let error = try await #require(throws: ClientError.self) {
            try await scene.enroller().recover(
                invite,
                invitation,
                kit: kit,
                lost: [],
                into: scene.folder("Lena3")
            )
        }
        #expect(error.code == .invite)
        #expect(!scene.folder("Lena3").exists)
    }

    @Test func `a device that gave its kit away signs with what is typed`() async throws {
        let scene = try Scene()
        _ = try await scene.room()
        let kit = try kit(of: "Lena", scene)
        let others = try self.kit(of: "Priya", scene)
        try scene.folder("Lena").update { $0.seed = nil }
        let line = try await scene.with("Lena") { lena in
            await #expect(throws: ClientError.othersKit) { try await lena.use(others) }
            #expect(await !lena.signsDevices)
            try await lena.use(kit)
            return try await lena.inviteDevice()
        }
        try await scene.enroller().enrol(Enroller.read(line.line), into: scene.folder("Lena2"))
        try await scene.with("Lena") { lena in
            let device = try await lena.awaitDevice(line.hash)
            await #expect(throws: ClientError.self) { try await lena.confirmDevice(device) }
            try await lena.use(kit)
            try await lena.confirmDevice(device)
            #expect(try await lena.devices().count { $0.state == .active } == 2)
        }
        #expect(try scene.folder("Lena").load().seed == nil)
    }

    @Test func `after an administrator ended a device others can still be added`() async throws {
        let scene = try Scene()
        _ = try await scene.room()
        for name in ["Lena2", "Lena3"] {
            let line = try await scene.with("Lena") { try await $0.inviteDevice() }
            try await scene.enroller().enrol(Enroller.read(line.line), into: scene.folder(name))
            try await scene.with("Lena") { lena in
                try await lena.confirmDevice(lena.awaitDevice(line.hash))
            }
            guard name == "Lena2" else { break }
            let second = try scene.folder("Lena2").load()
            let signing = try SigningKey(rawBytes: second.signingKey)
            try await scene.with("Maya") { try await $0.revokeDevice(signing.device) }
        }
        let active = try await scene.with("Lena") { lena in
            try await lena.devices().count { $0.state == .active }
        }
        #expect(active == 2)
    }

    @Test func `who lost everything is invited anew as somebody else`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let before = try #require(try scene.folder("Lena").load().person)
        try await scene.with("Maya") { maya in
            let lena = try #require(try await maya.people().first { $0.name == "Lena" })
            try await maya.removePerson(lena.participant)
        }
        try await scene.add("Lena B", to: room)
        try await scene.letIn(["Lena B"], to: room)
        let after = try #require(try scene.folder("Lena B").load().person)
        #expect(before != after)
        // Everybody's log says who went and who came.
        try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            try await session.caughtUp()
            let people = try await session.state().members.map(\.person)
            #expect(people.contains(after) && !people.contains(before))
        }
    }
}

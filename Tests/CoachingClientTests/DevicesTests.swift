// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@Suite(.timeLimit(.minutes(15)))
struct DevicesTests {
    @Test func `a further device counts once the first has signed it`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let line = try await scene.with("Lena") { try await $0.inviteDevice() }
        let invite = try Enroller.read(line.line)
        let looked = try await scene.enroller().look(invite)
        #expect(looked.purpose == .device)
        let profile = try await scene.enroller().enrol(invite, into: scene.folder("Lena2"))
        #expect(profile.stage == .waiting)
        #expect(!profile.holdsIdentity)
        let early = try await #require(throws: ClientError.self) {
            try await scene.with("Lena2") { _ in () }
        }
        #expect(early.goodbye == .notConfirmed)
        try await scene.with("Lena") { lena in
            let device = try await lena.awaitDevice(line.hash)
            try await lena.confirmDevice(device)
            #expect(try await lena.devices().count { $0.state == .active } == 2)
        }
        try await scene.enroller().awaitConfirmation(in: scene.folder("Lena2"))
        #expect(try scene.folder("Lena2").load().stage == .active)
        // Both read and write as the same person.
        try await scene.with("Lena2") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.say("from my other device")
        }
        #expect(
            try await scene.words(of: "Priya", in: room).contains("from my other device")
        )
    }

    @Test func `a revoked device is cut and never comes back`() async throws {
        let scene = try Scene()
        _ = try await scene.room()
        let line = try await scene.with("Lena") { try await $0.inviteDevice() }
        try await scene.enroller().enrol(
            Enroller.read(line.line),
            into: scene.folder("Lena2")
        )
        try await scene.with("Lena") { lena in
            let device = try await lena.awaitDevice(line.hash)
            try await lena.confirmDevice(device)
            try await lena.revokeDevice(device)
            #expect(try await lena.devices().count { $0.state == .active } == 1)
        }
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena2", .forever) { _ in () }
        }
        #expect(error.goodbye == .revoked)
    }

    @Test func `a device that cannot sign lists adds no other`() async throws {
        let scene = try Scene()
        _ = try await scene.room()
        try scene.folder("Lena").update { $0.seed = nil }
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { try await $0.inviteDevice() }
        }
        #expect(error.code == .invalid)
    }

    @Test func `a certificate renews by itself after two thirds of its life`() async throws {
        let scene = try Scene()
        try await scene.enrolAdministrator()
        let before = try scene.folder("Maya").load()
        scene.clock.advance(200 * 86_400_000)
        try await scene.with("Maya") { await $0.finishChores() }
        #expect(try scene.folder("Maya").load().certificate == before.certificate)
        scene.clock.advance(100 * 86_400_000)
        try await scene.with("Maya") { await $0.finishChores() }
        let after = try scene.folder("Maya").load()
        #expect(after.certificate != before.certificate)
        #expect(after.tlsKey != before.tlsKey)
        #expect(
            try CertificateInspection(after.certificate).isValid(
                atMs: scene.clock.now.milliseconds + 390 * 86_400_000
            )
        )
        // The new pair is what it connects with.
        let name = try await scene.with("Maya") { try await $0.ready().name }
        #expect(name == "Maya")
    }
}

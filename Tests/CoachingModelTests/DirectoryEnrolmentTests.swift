// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

@Suite("Enrolment") struct DirectoryEnrolmentTests {
    private struct Group {
        var scene = DirectoryScene()
        let maya: DirectoryScene.Seat

        /// Lena is participant 2 and has invite 2.
        init() throws {
            maya = try scene.administrator()
            let new = NewParticipant(participant: numbered(2), name: "Lena")
            try scene.carry(.addParticipants([new]), by: maya.administrator)
            try scene.carry(
                .invite(numberedHash(2), numbered(2), days: nil, room: nil),
                by: maya.administrator
            )
        }
    }

    @Test func `who enrols is the participant from then on`() throws {
        var group = try Group()
        try group.scene.carry(.enrol(enrolment(2)), by: .stranger)
        let directory = group.scene.directory
        let lena = group.scene.seat(2)
        #expect(directory.participant(of: lena.person)?.name == "Lena")
        #expect(directory.person(of: lena.device) == lena.person)
        #expect(directory.device(lena.device)?.state == .active)
        #expect(directory.device(lena.device)?.signingKey.count == 65)
        #expect(directory.deviceList(of: lena.person)?.version == 1)
        #expect(directory.activeDevices(of: lena.person).map(\.device) == [lena.device])
        #expect(directory.invite(numberedHash(2))?.use?.requestKey == numberedHash(4_002))
        #expect(group.scene.log.last?.by == nil)
    }

    @Test func `the same key again is given the same certificate while a reply can be lost`() throws
    {
        var group = try Group()
        try group.scene.carry(.enrol(enrolment(2)), by: .stranger)
        let answer = { (scene: DirectoryScene) in
            scene.directory.answer(
                to: numberedHash(2),
                requestKey: numberedHash(4_002),
                device: numbered(2),
                at: scene.now
            )
        }
        var second = enrolment(2)
        second.certificate = [1]
        #expect(try group.scene.carry(.enrol(second), by: .stranger).isEmpty)
        #expect(answer(group.scene)?.certificate == numberedBytes(5_002))
        #expect(answer(group.scene)?.name == "Lena")
        group.scene.pass(days: 3)
        group.scene.pass(minutes: 14)
        #expect(try group.scene.carry(.enrol(second), by: .stranger).isEmpty)
        group.scene.pass(minutes: 1)
        #expect(answer(group.scene) == nil)
        #expect(group.scene.refusal(of: .enrol(second), by: .stranger) == .notFound)
    }

    @Test func `of two who enrol with one invite the second learns nothing`() throws {
        var group = try Group()
        let unknown = group.scene.refusal(
            of: .enrol(enrolment(3, invite: numberedHash(99))),
            by: .stranger
        )
        #expect(unknown == .notFound)
        try group.scene.carry(.enrol(enrolment(2)), by: .stranger)
        let others = [
            enrolment(3, invite: numberedHash(2)), enrolment(2, key: 3),
            enrolment(2, person: numbered(3)), enrolment(2, device: numbered(3)),
        ]
        for other in others {
            #expect(group.scene.refusal(of: .enrol(other), by: .stranger) == unknown)
        }
        let other = group.scene.directory.answer(
            to: numberedHash(2),
            requestKey: numberedHash(4_003),
            device: numbered(2),
            at: group.scene.now
        )
        #expect(other == nil)
        // Of a hundred at once, one is recorded.
        var race = try Group()
        var won = 0
        for number in 2..<102 as Range<UInt64> {
            let events = try? race.scene.carry(
                .enrol(enrolment(number, invite: numberedHash(2))),
                by: .stranger
            )
            won += events?.count ?? 0
        }
        #expect(won == 1)
    }

    @Test func `a key or person that is known already is refused like an unknown invite`() throws {
        let group = try Group()
        var bad = [enrolment(2, person: numbered(1)), enrolment(2, device: numbered(1))]
        bad += Array(repeating: enrolment(2), count: 5)
        bad[2].deviceList.version = 2
        bad[3].certificate = []
        bad[4].certificate = Array(repeating: 0, count: 4_097)
        bad[5].signingKey = [4]
        bad[6].encryptionKey.signature = []
        for one in bad {
            #expect(group.scene.refusal(of: .enrol(one), by: .stranger) == .notFound)
        }
        #expect(
            group.scene.refusal(of: .enrolDevice(deviceEnrolment(2)), by: .stranger) == .notFound
        )
    }

    @Test func `a revoked device is not answered again`() throws {
        var group = try Group()
        try group.scene.carry(.enrol(enrolment(2)), by: .stranger)
        try group.scene.carry(.revokeDevice(numbered(2)), by: group.maya.administrator)
        #expect(group.scene.refusal(of: .enrol(enrolment(2)), by: .stranger) == .notFound)
    }

    @Test func `who made the invite vouches, once, and nobody else can`() throws {
        var group = try Group()
        let ben = try group.scene.person(3, by: group.maya)
        try group.scene.carry(.makeAdministrator(numbered(3)), by: group.maya.administrator)
        let vouch = DirectoryCommand.vouch(
            numbered(2),
            numberedSigned(8),
            introduction: numberedHash(8)
        )
        #expect(group.scene.refusal(of: vouch, by: group.maya.actor()) == .notFound)
        try group.scene.carry(.enrol(enrolment(2)), by: .stranger)
        let pending = group.scene.directory.pendingVouches(for: numbered(1))
        #expect(pending.map(\.person) == [numbered(2), numbered(3)])
        #expect(pending.first?.mac == numberedHash(2_002))
        #expect(pending.first?.deviceList.hash == numberedHash(1_002))
        #expect(group.scene.refusal(of: vouch, by: ben.administrator) == .notFound)
        #expect(group.scene.refusal(of: vouch, by: group.scene.seat(2).actor()) == .notFound)
        // Any device of the inviter's may.
        let second = try group.scene.waitingDevice(20, of: group.maya)
        try group.scene.carry(
            nextList(of: numbered(1), in: group.scene.directory, devices: [numbered(1), second]),
            by: group.maya.actor()
        )
        try group.scene.carry(vouch, by: group.maya.on(second))
        #expect(try group.scene.carry(vouch, by: group.maya.actor()).isEmpty)
        let vouchers = group.scene.directory.vouchers(for: numbered(2))
        #expect(vouchers.map(\.inviter) == [numbered(1)])
        #expect(vouchers.first?.vouched.signer == second)
        #expect(
            group.scene.directory.pendingVouches(for: numbered(1)).map(\.person) == [numbered(3)]
        )
    }

    @Test func `nobody waits for the operator to vouch`() throws {
        let group = try Group()
        #expect(group.scene.directory.person(numbered(1)) != nil)
        #expect(group.scene.directory.pendingVouches(for: numbered(1)).isEmpty)
    }
}

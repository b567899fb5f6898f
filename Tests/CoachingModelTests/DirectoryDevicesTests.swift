// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

@Suite("Devices") struct DirectoryDevicesTests {
    private struct Group {
        var scene: DirectoryScene
        let maya: DirectoryScene.Seat
        let lena: DirectoryScene.Seat

        init(limits: DirectoryLimits = DirectoryLimits()) throws {
            scene = DirectoryScene(limits: limits)
            maya = try scene.administrator()
            lena = try scene.person(2, by: maya)
        }

        func list(_ devices: [DeviceID], revoked: [DeviceID] = []) -> DirectoryCommand {
            nextList(
                of: lena.person,
                in: scene.directory,
                devices: devices,
                revoked: revoked
            )
        }

        func state(_ device: DeviceID) -> DeviceState? { scene.directory.device(device)?.state }
    }

    @Test func `a further device counts only when its person has listed it`() throws {
        var group = try Group()
        let lena = group.lena
        let second = try group.scene.waitingDevice(20, of: lena)
        #expect(group.state(second) == .waiting)
        #expect(group.scene.directory.waitingDevices(of: lena.person).map(\.device) == [second])
        #expect(group.scene.refusal(of: .accept(numbered(1)), by: lena.on(second)) == .notFound)
        let itself = group.list([lena.device, second])
        #expect(group.scene.refusal(of: itself, by: lena.on(second)) == .notFound)
        try group.scene.carry(itself, by: lena.actor())
        #expect(group.state(second) == .active)
        #expect(
            try group.scene.carry(.inviteDevice(numberedHash(30)), by: lena.on(second)).count == 1
        )
    }

    @Test func `a device invite is used once, and the same key is answered again`() throws {
        var group = try Group()
        _ = try group.scene.waitingDevice(20, of: group.lena)
        let again = DirectoryCommand.enrolDevice(deviceEnrolment(20))
        #expect(try group.scene.carry(again, by: .stranger).isEmpty)
        for other in [
            deviceEnrolment(20, key: 21), deviceEnrolment(21, invite: numberedHash(20)),
            deviceEnrolment(22),
        ] {
            #expect(group.scene.refusal(of: .enrolDevice(other), by: .stranger) == .notFound)
        }
        #expect(
            group.scene.refusal(of: .enrol(enrolment(20)), by: .stranger) == .notFound
        )
        group.scene.pass(minutes: 30)
        #expect(group.scene.refusal(of: again, by: .stranger) == .notFound)
    }

    @Test func `a device that a list leaves out never comes back`() throws {
        var group = try Group()
        let lena = group.lena
        let second = try group.scene.waitingDevice(20, of: lena)
        try group.scene.carry(group.list([lena.device, second]), by: lena.actor())
        let third = try group.scene.waitingDevice(21, of: lena)
        try group.scene.carry(group.list([lena.device]), by: lena.actor())
        #expect(group.state(second) == .revoked)
        #expect(group.state(third) == .waiting)
        let back = group.list([lena.device, second])
        #expect(group.scene.refusal(of: back, by: lena.actor()) == .deviceRevoked)
        try group.scene.carry(group.list([lena.device], revoked: [third]), by: lena.actor())
        #expect(group.state(third) == .revoked)
        #expect(
            group.scene.refusal(of: .accept(numbered(1)), by: lena.on(second)) == .deviceRevoked
        )
    }

    @Test func `a list follows from the one in force, or is refused`() throws {
        var group = try Group()
        let lena = group.lena
        guard case .listDevices(let good, let previous) = group.list([lena.device]) else {
            Issue.record("not a list")
            return
        }
        var wrong: [(DeviceListed, Bytes32, DirectoryRejection)] = [
            (good, numberedHash(77), .deviceListConflict), (good, .zero, .deviceListConflict),
        ]
        for version in [0, 1, 3, UInt32.max] {
            var other = good
            other.list.version = version
            wrong.append((other, previous, .deviceListConflict))
        }
        for devices in [[], [lena.device, lena.device], [group.maya.device], [numbered(99)]] {
            var other = good
            other.devices = devices
            wrong.append((other, previous, .deviceListConflict))
        }
        var both = good
        both.revoked = [lena.device]
        wrong.append((both, previous, .deviceListConflict))
        var many = good
        many.devices = (1...9).map { numbered($0) }
        wrong.append((many, previous, .tooManyDevices))
        var mayas = good
        mayas.person = group.maya.person
        wrong.append((mayas, previous, .notFound))
        for (list, previous, rejection) in wrong {
            let command = DirectoryCommand.listDevices(list, previous: previous)
            #expect(group.scene.refusal(of: command, by: lena.actor()) == rejection)
        }
        let command = DirectoryCommand.listDevices(good, previous: previous)
        #expect(group.scene.refusal(of: command, by: group.maya.administrator) == .notFound)
        #expect(try group.scene.carry(command, by: lena.actor()).count == 1)
        #expect(try group.scene.carry(command, by: lena.actor()).isEmpty)
    }

    @Test func `a person has at most eight devices, those that wait included`() throws {
        var group = try Group()
        let lena = group.lena
        var all = [lena.device]
        for number in 20..<27 as Range<UInt64> {
            all.append(try group.scene.waitingDevice(number, of: lena))
        }
        let ninth = DirectoryCommand.inviteDevice(numberedHash(30))
        #expect(group.scene.refusal(of: ninth, by: lena.actor()) == .tooManyDevices)
        try group.scene.carry(group.list(all), by: lena.actor())
        #expect(group.scene.refusal(of: ninth, by: lena.actor()) == .tooManyDevices)
        try group.scene.carry(.revokeDevice(all[7]), by: lena.actor())
        try group.scene.carry(ninth, by: lena.actor())
    }

    @Test func `devices that were revoked are bounded too`() throws {
        var limits = DirectoryLimits()
        limits.devicesEverMax = 3
        var group = try Group(limits: limits)
        for number in 20...21 as ClosedRange<UInt64> {
            let device = try group.scene.waitingDevice(number, of: group.lena)
            try group.scene.carry(.revokeDevice(device), by: group.lena.actor())
        }
        let next = DirectoryCommand.inviteDevice(numberedHash(30))
        #expect(group.scene.refusal(of: next, by: group.lena.actor()) == .tooManyDevices)
    }

    @Test func `a device is revoked by its person or an administrator, once`() throws {
        var group = try Group()
        let tom = try group.scene.person(3, by: group.maya)
        for device in [group.lena.device, numbered(99)] {
            let refusal = group.scene.refusal(of: .revokeDevice(device), by: tom.actor())
            #expect(refusal == .notFound)
        }
        let revoke = DirectoryCommand.revokeDevice(group.lena.device)
        try group.scene.carry(revoke, by: group.maya.administrator)
        #expect(
            group.scene.refusal(of: revoke, by: group.maya.administrator) == .alreadyRevoked
        )
        #expect(group.scene.refusal(of: revoke, by: group.lena.actor()) == .deviceRevoked)
        try group.scene.carry(.revokeDevice(tom.device), by: tom.actor())
    }

    @Test func `a device renews its own certificate and encryption key, never to an older one`()
        throws
    {
        var group = try Group()
        let by = group.lena.actor()
        try group.scene.carry(.renewCertificate([1, 2]), by: by)
        #expect(group.scene.directory.device(group.lena.device)?.certificate == [1, 2])
        #expect(group.scene.refusal(of: .renewCertificate([]), by: by) == .outOfBounds)
        let key = DirectoryCommand.announceEncryptionKey(numberedSigned(5), version: 2)
        #expect(try group.scene.carry(key, by: by).count == 1)
        #expect(try group.scene.carry(key, by: by).isEmpty)
        for version in [0, 1, 2] as [UInt32] {
            let old = DirectoryCommand.announceEncryptionKey(numberedSigned(6), version: version)
            #expect(group.scene.refusal(of: old, by: by) == .encryptionKeyConflict)
        }
        #expect(group.scene.directory.device(group.lena.device)?.encryptionKey == numberedSigned(5))
        let long = SignedBytes(
            body: Array(repeating: 0, count: 65_537),
            signature: Array(repeating: 0, count: 64)
        )
        let tooLong = DirectoryCommand.announceEncryptionKey(long, version: 3)
        #expect(group.scene.refusal(of: tooLong, by: by) == .outOfBounds)
    }

    // MARK: Lost devices

    private func recovering(_ group: Group, _ device: DeviceID) -> DirectoryCommand? {
        guard
            case .listDevices(let listed, let previous) = group.list(
                [device],
                revoked: [group.lena.device]
            )
        else { return nil }
        return .recoverDevice(deviceEnrolment(20), listed, previous: previous)
    }

    @Test func `a lost device is replaced by a list of the person's own`() throws {
        var group = try Group()
        let line = DirectoryCommand.inviteDeviceFor(
            numberedHash(20),
            group.lena.participant,
            days: 3
        )
        #expect(group.scene.refusal(of: line, by: group.lena.actor()) == .notAnAdministrator)
        #expect(try group.scene.carry(line, by: group.maya.administrator).count == 1)
        #expect(try group.scene.carry(line, by: group.maya.administrator).isEmpty)
        // The line alone is worth nothing.
        let alone = DirectoryCommand.enrolDevice(deviceEnrolment(20))
        #expect(group.scene.refusal(of: alone, by: .stranger) == .notFound)
        let device: DeviceID = numbered(20)
        let recovery = try #require(recovering(group, device))
        try group.scene.carry(recovery, by: .stranger)
        #expect(group.state(device) == .active)
        #expect(group.state(group.lena.device) == .revoked)
        #expect(group.scene.directory == group.scene.replayed)
        // Its answer may be lost; the same again is answered, another's is not.
        #expect(try group.scene.carry(recovery, by: .stranger).isEmpty)
    }

    @Test func `a recovery needs an open line, the next list, and itself in it`() throws {
        var group = try Group()
        let device: DeviceID = numbered(20)
        let early = try #require(recovering(group, device))
        #expect(group.scene.refusal(of: early, by: .stranger) == .notFound)
        try group.scene.carry(
            .inviteDeviceFor(numberedHash(20), group.lena.participant, days: nil),
            by: group.maya.administrator
        )
        let other = try #require(recovering(group, group.maya.device))
        #expect(group.scene.refusal(of: other, by: .stranger) == .notFound)
        guard case .recoverDevice(let new, var listed, let previous) = early else { return }
        let stale = DirectoryCommand.recoverDevice(new, listed, previous: numberedHash(5))
        #expect(group.scene.refusal(of: stale, by: .stranger) == .deviceListConflict)
        listed.person = group.maya.person
        let theirs = DirectoryCommand.recoverDevice(new, listed, previous: previous)
        #expect(group.scene.refusal(of: theirs, by: .stranger) == .notFound)
        group.scene.pass(days: 4)
        #expect(group.scene.refusal(of: early, by: .stranger) == .notFound)
    }

    @Test func `a line for a lost device ends with its maker's rights`() throws {
        var group = try Group()
        let tom = try group.scene.person(3, by: group.maya)
        try group.scene.carry(
            .makeAdministrator(tom.participant),
            by: group.maya.administrator
        )
        try group.scene.carry(
            .inviteDeviceFor(numberedHash(20), group.lena.participant, days: nil),
            by: tom.administrator
        )
        try group.scene.carry(.endAdministrator(tom.participant), by: group.maya.administrator)
        let recovery = try #require(recovering(group, numbered(20)))
        #expect(group.scene.refusal(of: recovery, by: .stranger) == .notFound)
    }

    @Test func `nobody is given a line for a device before they have enrolled`() throws {
        var group = try Group()
        try group.scene.carry(
            .addParticipants([NewParticipant(participant: numbered(9), name: "New")]),
            by: group.maya.administrator
        )
        for participant in [9, 10] as [UInt64] {
            let line = DirectoryCommand.inviteDeviceFor(
                numberedHash(30),
                numbered(participant),
                days: nil
            )
            #expect(group.scene.refusal(of: line, by: group.maya.administrator) == .notFound)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

@Suite("People of the programme") struct DirectoryPeopleTests {
    @Test func `people are added all or none, and the first mistake is named`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        let good = (2...4).map { NewParticipant(participant: numbered($0), name: "P\($0)") }
        let bad: [(NewParticipant, DirectoryRejection)] = [
            (NewParticipant(participant: numbered(9), name: " x"), .nameInvalid),
            (NewParticipant(participant: numbered(9), name: "mAYA"), .nameTaken),
            (NewParticipant(participant: numbered(9), name: "p3"), .nameTaken),
            (NewParticipant(participant: numbered(1), name: "New"), .identifierTaken),
            (NewParticipant(participant: numbered(3), name: "New"), .identifierTaken),
            (
                NewParticipant(participant: numbered(9), name: "New", department: ""),
                .departmentInvalid
            ),
            (NewParticipant(participant: numbered(9), name: "New", address: "x"), .addressInvalid),
        ]
        for (wrong, rejection) in bad {
            let all = good + [wrong, wrong]
            #expect(scene.directory.firstMistake(in: all)?.index == 3)
            #expect(scene.directory.firstMistake(in: all)?.rejection == rejection)
            #expect(scene.refusal(of: .addParticipants(all), by: maya.administrator) == rejection)
        }
        #expect(scene.directory.participantCount == 1)
        try scene.carry(.addParticipants(good), by: maya.administrator)
        #expect(scene.directory.allParticipants().map(\.name) == ["Maya", "P2", "P3", "P4"])
        #expect(scene.directory.participant(named: "p4")?.participant == numbered(4))
    }

    @Test func `the same people sent again after a lost reply make no record`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        let new = [NewParticipant(participant: numbered(2), name: "Lena", department: "Sales")]
        #expect(try scene.carry(.addParticipants(new), by: maya.administrator).count == 1)
        #expect(try scene.carry(.addParticipants(new), by: maya.administrator).isEmpty)
    }

    @Test func `no more people are added than the programme and one command may have`() throws {
        var limits = DirectoryLimits()
        limits.participantsMax = 3
        limits.participantsAtOnceMax = 2
        var scene = DirectoryScene(limits: limits)
        let maya = try scene.administrator()
        let new = (2...5).map { NewParticipant(participant: numbered($0), name: "P\($0)") }
        let by = maya.administrator
        #expect(scene.refusal(of: .addParticipants([]), by: by) == .outOfBounds)
        #expect(scene.refusal(of: .addParticipants(Array(new[0..<3])), by: by) == .outOfBounds)
        try scene.carry(.addParticipants([new[0]]), by: by)
        let two = Array(new[1..<3])
        #expect(scene.refusal(of: .addParticipants(two), by: by) == .tooManyParticipants)
        try scene.carry(.addParticipants([new[1]]), by: by)
    }

    @Test func `a name can change and is then free for others`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        let lena = try scene.person(2, by: maya)
        let by = maya.administrator
        #expect(
            scene.refusal(of: .renameParticipant(numbered(2), to: "maya"), by: by) == .nameTaken
        )
        #expect(scene.refusal(of: .renameParticipant(numbered(2), to: "P2"), by: by) == .unchanged)
        #expect(
            scene.refusal(of: .renameParticipant(numbered(2), to: "a\nb"), by: by) == .nameInvalid
        )
        #expect(scene.refusal(of: .renameParticipant(numbered(8), to: "X"), by: by) == .notFound)
        try scene.carry(.renameParticipant(numbered(2), to: "p2"), by: by)
        try scene.carry(.renameParticipant(numbered(2), to: "Lena"), by: by)
        #expect(scene.directory.participant(of: lena.person)?.name == "Lena")
        #expect(scene.directory.participant(named: "P2") == nil)
        try scene.carry(.renameParticipant(numbered(1), to: "P2"), by: by)
    }

    @Test func `with a participant go their invites, proposals, rights and devices`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        let lena = try scene.person(2, by: maya)
        let by = maya.administrator
        let waiting = try scene.waitingDevice(20, of: lena)
        try scene.carry(.inviteDevice(numberedHash(21)), by: lena.actor())
        try scene.carry(.addRoom(numbered(1), name: "north"), by: by)
        try scene.carry(.propose(numbered(1), numbered(2), .peer, until: nil), by: by)
        try scene.carry(.makeAdministrator(numbered(2)), by: by)
        let events = try scene.carry(.removeParticipant(numbered(2)), by: by)
        let withdrawn = ProposalWithdrawn(
            room: numbered(1),
            participant: numbered(2),
            cause: .administrator
        )
        #expect(
            events == [
                .proposalWithdrawn(withdrawn), .inviteRevoked(numberedHash(21)),
                .deviceRevoked(numbered(2)),
                .deviceRevoked(waiting), .administratorEnded(numbered(2)),
                .participantRemoved(numbered(2)),
            ]
        )
        #expect(scene.directory.participant(numbered(2)) == nil)
        #expect(scene.directory.participant(of: lena.person) == nil)
        #expect(scene.directory.person(of: lena.participant) == lena.person)
        #expect(scene.directory.device(lena.device)?.state == .revoked)
        #expect(scene.directory.device(waiting)?.state == .revoked)
        #expect(scene.directory.proposals(in: numbered(1)).isEmpty)
        #expect(scene.directory.administrators == [numbered(1)])
        #expect(scene.refusal(of: .accept(numbered(1)), by: lena.actor()) == .deviceRevoked)
        let again = NewParticipant(participant: numbered(2), name: "Other")
        #expect(scene.refusal(of: .addParticipants([again]), by: by) == .identifierTaken)
        try scene.carry(
            .addParticipants([NewParticipant(participant: numbered(3), name: "P2")]),
            by: by
        )
        try scene.carry(.invite(numberedHash(3), numbered(3), days: nil, room: nil), by: by)
        let back = enrolment(3, person: lena.person)
        #expect(scene.refusal(of: .enrol(back), by: .stranger) == .notFound)
    }

    @Test func `a record of the removal alone ends as much`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        let lena = try scene.person(2, by: maya)
        try scene.carry(.inviteDevice(numberedHash(21)), by: lena.actor())
        try scene.carry(.makeAdministrator(numbered(2)), by: maya.administrator)
        scene.directory.evolve(
            DirectoryRecord(at: scene.now, by: nil, event: .participantRemoved(numbered(2)))
        )
        #expect(scene.directory.device(lena.device)?.state == .revoked)
        #expect(scene.directory.invite(numberedHash(21)) == nil)
        #expect(!scene.directory.isAdministrator(numbered(2)))
        #expect(scene.directory.pendingVouches(for: numbered(1)).isEmpty)
    }

    @Test func `everybody may withdraw from the programme, and nobody else but administrators`()
        throws
    {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        let lena = try scene.person(2, by: maya)
        let tom = try scene.person(3, by: maya)
        for target in [numbered(3), numbered(99)] as [ParticipantID] {
            let refusal = scene.refusal(of: .removeParticipant(target), by: lena.actor())
            #expect(refusal == .notAnAdministrator)
        }
        try scene.carry(.removeParticipant(numbered(3)), by: tom.actor())
        #expect(scene.directory.participant(numbered(3)) == nil)
    }
}

@Suite("Administrators") struct DirectoryAdministratorsTests {
    @Test func `only an administrator sets up, whatever the caller says they are`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        let lena = try scene.person(2, by: maya)
        let personal = scene.refusal(of: .inviteDevice(numberedHash(9)), by: lena.administrator)
        #expect(personal == .notAnAdministrator)
        let commands: [DirectoryCommand] = [
            .addParticipants([NewParticipant(participant: numbered(9), name: "New")]),
            .renameParticipant(numbered(1), to: "X"), .removeParticipant(numbered(1)),
            .makeAdministrator(numbered(2)), .endAdministrator(numbered(1)),
            .addRoom(numbered(9), name: "north"), .closeRoom(numbered(9)),
            .invite(numberedHash(9), numbered(9), days: nil, room: nil),
        ]
        for command in commands {
            for actor in [lena.actor(), lena.administrator] {
                #expect(scene.refusal(of: command, by: actor) == .notAnAdministrator)
            }
            for actor in [.stranger, .server, .operator] as [DirectoryActor] {
                #expect(scene.refusal(of: command, by: actor) == .notFound)
            }
            // A device of somebody else's.
            let mixed = DirectoryActor.administrator(maya.participant, lena.device)
            #expect(scene.refusal(of: command, by: mixed) == .notFound)
        }
    }

    @Test func `the last administrator who has a device stays`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        let by = maya.administrator
        #expect(scene.refusal(of: .endAdministrator(numbered(1)), by: by) == .lastAdministrator)
        #expect(scene.refusal(of: .removeParticipant(numbered(1)), by: by) == .lastAdministrator)
        let new = NewParticipant(participant: numbered(2), name: "Ben")
        try scene.carry(.addParticipants([new]), by: by)
        try scene.carry(.makeAdministrator(numbered(2)), by: by)
        #expect(scene.refusal(of: .makeAdministrator(numbered(2)), by: by) == .unchanged)
        #expect(scene.refusal(of: .endAdministrator(numbered(1)), by: by) == .lastAdministrator)
        try scene.carry(.invite(numberedHash(2), numbered(2), days: nil, room: nil), by: by)
        #expect(scene.directory.invite(numberedHash(2))?.purpose == .administrator)
        try scene.carry(.enrol(enrolment(2)), by: .stranger)
        try scene.carry(.endAdministrator(numbered(1)), by: by)
        #expect(scene.refusal(of: .endAdministrator(numbered(2)), by: by) == .notAnAdministrator)
        let ben = scene.seat(2).administrator
        #expect(scene.refusal(of: .endAdministrator(numbered(1)), by: ben) == .unchanged)
    }

    @Test func `the operator's invite makes the first administrator, once`() throws {
        var scene = DirectoryScene()
        let request = AdministratorInvite(
            participant: numbered(1),
            name: "Maya",
            invite: numberedHash(1),
            isReplacing: false
        )
        #expect(scene.refusal(of: .inviteAdministrator(request), by: .stranger) == .notFound)
        #expect(try scene.carry(.inviteAdministrator(request), by: .operator).count == 3)
        #expect(try scene.carry(.inviteAdministrator(request), by: .operator).isEmpty)
        // Not come in time: the same name again gets another invite, and the first is dead.
        scene.pass(days: 4)
        let again = AdministratorInvite(
            participant: numbered(5),
            name: "MAYA",
            invite: numberedHash(5),
            isReplacing: false
        )
        try scene.carry(.inviteAdministrator(again), by: .operator)
        #expect(scene.directory.participantCount == 1)
        #expect(scene.refusal(of: .enrol(enrolment(1)), by: .stranger) == .notFound)
        try scene.carry(.enrol(enrolment(5)), by: .stranger)
        #expect(scene.directory.participant(of: numbered(5))?.participant == numbered(1))
    }

    @Test func `lost administrators are replaced by the operator alone`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        _ = try scene.person(2, by: maya)
        try scene.carry(.makeAdministrator(numbered(2)), by: maya.administrator)
        var request = AdministratorInvite(
            participant: numbered(7),
            name: "maya",
            invite: numberedHash(7),
            isReplacing: false
        )
        #expect(scene.refusal(of: .inviteAdministrator(request), by: .operator) == .nameTaken)
        request.isReplacing = true
        try scene.carry(.inviteAdministrator(request), by: .operator)
        #expect(scene.directory.administrators == [numbered(7)])
        #expect(scene.directory.participant(numbered(1)) == nil)
        #expect(scene.directory.participant(named: "Maya")?.participant == numbered(7))
        #expect(scene.directory.device(maya.device)?.state == .revoked)
        #expect(scene.directory.participant(numbered(2)) != nil)
        try scene.carry(.enrol(enrolment(7)), by: .stranger)
        try scene.carry(.addRoom(numbered(1), name: "north"), by: scene.seat(7).administrator)
        #expect(scene.replayed == scene.directory)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CBOR
import Testing

@testable import CoachingModel

@Suite("Histories of the directory") struct DirectoryHistoryTests {
    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `the rules hold over any history of commands`(seed: UInt64) throws {
        var history = DirectoryHistory(seed: seed)
        for step in 0..<500 {
            let broken = history.step()
            #expect(broken == nil, "seed \(seed), step \(step)")
            if broken != nil { return }
        }
        #expect(history.scene.replayed == history.scene.directory, "seed \(seed)")
        var decoded = Directory(limits: history.scene.directory.limits)
        for record in history.scene.log {
            let bytes = try CBOREncoder().encode(record)
            decoded.evolve(try CBORDecoder().decode(DirectoryRecord.self, from: bytes))
        }
        #expect(decoded == history.scene.directory, "seed \(seed)")
    }

    @Test func `the histories come through every kind of event and nearly every refusal`() {
        var kinds: Set<UInt64> = []
        var refusals: Set<DirectoryRejection> = []
        for seed in 1...60 as ClosedRange<UInt64> {
            var history = DirectoryHistory(seed: seed)
            for _ in 0..<500 { _ = history.step() }
            kinds.formUnion(history.scene.log.map(\.event.kind))
            refusals.formUnion(history.refusals)
        }
        #expect(kinds == Set(1...22).union([50]))
        let left = Set(DirectoryRejection.allCases).subtracting(refusals)
        let unreached: Set<DirectoryRejection> = [
            .nameInvalid, .departmentInvalid, .addressInvalid, .roomNameInvalid, .outOfBounds,
            // Formats of the programme have tests of their own.
            .formatInvalid, .formatNameTaken, .tooManyFormats,
        ]
        #expect(left.subtracting(unreached).isEmpty, "\(left)")
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `records of no sense change nothing for the worse`(seed: UInt64) {
        var history = DirectoryHistory(seed: seed)
        var directory = Directory(limits: history.scene.directory.limits)
        for _ in 0..<400 { _ = history.step() }
        var records = history.scene.log
        records.shuffle(using: &history.random)
        records += DirectoryCodingTests.events.shuffled(using: &history.random).map {
            DirectoryRecord(at: Timestamp(milliseconds: .max), by: numbered(1), event: $0)
        }
        var revoked: Set<DeviceID> = []
        var keys: [Bytes32: Bytes32] = [:]
        for record in records + records.reversed() {
            directory.evolve(record)
            let broken = brokenIndex(of: directory)
            #expect(broken == nil, "seed \(seed)")
            if broken != nil { return }
            let now = Set(directory.devices.values.filter { $0.state == .revoked }.map(\.device))
            #expect(revoked.isSubset(of: now), "seed \(seed)")
            revoked = now
            for invite in directory.invites.values {
                guard let use = invite.use else { continue }
                let first = keys[invite.invite] ?? use.requestKey
                keys[invite.invite] = first
                #expect(first == use.requestKey, "seed \(seed)")
            }
        }
    }
}

/// A seeded run of commands by everybody on few things, so that they meet.
struct DirectoryHistory {
    var scene: DirectoryScene
    var random: SplitMix
    var refusals: Set<DirectoryRejection> = []
    private var keys: [Bytes32: Bytes32] = [:]
    private var revoked: Set<DeviceID> = []
    private var hadAdministrator = false

    init(seed: UInt64) {
        var limits = DirectoryLimits()
        limits.participantsMax = 7
        limits.roomsMax = 2
        limits.proposedInRoomMax = 2 + Int(seed % 2)
        limits.devicesMax = 2
        limits.invitesOpenMax = Int(seed % 2)
        scene = DirectoryScene(limits: limits)
        random = SplitMix(state: seed)
        if seed % 4 != 0 {
            _ = try? scene.administrator()
            let start = (2...4 as ClosedRange<UInt64>).map {
                NewParticipant(participant: numbered($0), name: "P\($0)")
            }
            let by = scene.seat(1).administrator
            _ = try? scene.carry(.addParticipants(start), by: by)
            _ = try? scene.carry(.addRoom(numbered(1), name: "r1"), by: by)
        }
    }

    /// Does one thing; gives the invariant that it broke.
    mutating func step() -> String? {
        if random.below(4) == 0 { scene.pass(minutes: Int64(random.below(1_500))) }
        let command = command()
        let actor = actor(for: command)
        do {
            let events = try scene.carry(command, by: actor)
            for event in events {
                if let broken = note(event) { return broken }
            }
        } catch {
            refusals.insert(error)
            if actor == .stranger && error != .notFound { return "strangers learn nothing" }
        }
        return brokenInvariant(of: scene.directory) ?? brokenHistory()
    }

    private mutating func note(_ event: DirectoryEvent) -> String? {
        let use: (invite: Bytes32, key: Bytes32)
        switch event {
        case .enrolled(let enrolled):
            use = (enrolled.enrolment.invite, enrolled.enrolment.requestKey)
        case .deviceWaiting(let waiting):
            use = (waiting.enrolment.invite, waiting.enrolment.requestKey)
        default: return nil
        }
        if keys[use.invite] != nil { return "an invite enrols one key ever" }
        keys[use.invite] = use.key
        return nil
    }

    private mutating func brokenHistory() -> String? {
        let directory = scene.directory
        hadAdministrator = hadAdministrator || !directory.administrators.isEmpty
        if hadAdministrator && directory.administrators.isEmpty { return "an administrator stays" }
        let now = Set(directory.devices.values.filter { $0.state == .revoked }.map(\.device))
        if !revoked.isSubset(of: now) { return "a revoked device never comes back" }
        revoked = now
        for participant in directory.participants.values {
            let open = directory.openInvites(by: participant.participant, at: scene.now)
            let isBound = !directory.isAdministrator(participant.participant)
            // Who was an administrator may have rooms' invites left from then.
            if isBound && open.filter({ $0.room == nil }).count > 0 {
                return "only administrators invite for the programme"
            }
            guard let person = participant.person else { continue }
            let counted =
                directory.activeDevices(of: person).count
                + directory.waitingDevices(of: person).count
            if counted > directory.limits.devicesMax { return "devices are bounded" }
        }
        return nil
    }

    private mutating func actor(for command: DirectoryCommand) -> DirectoryActor {
        switch command {
        case .enrol, .enrolDevice, .declineInvite: return .stranger
        case .inviteAdministrator: return random.below(4) == 0 ? .stranger : .operator
        case .endFacilitators: return .server
        default: break
        }
        if random.below(20) == 0 { return [.stranger, .operator, .server][random.below(3)] }
        // Mostly somebody who is there; else any mix of identifiers.
        let devices = scene.directory.devices.values.sorted { $0.device < $1.device }
        let pick = devices.isEmpty ? nil : devices[random.below(devices.count)]
        let person = random.below(15) == 0 ? some() : pick?.person ?? some()
        let participant = scene.directory.people[person]?.participant ?? some()
        let device = pick?.device ?? some()
        if random.below(2) == 0, scene.directory.isAdministrator(participant) {
            return .administrator(participant, device)
        }
        if random.below(15) == 0 { return .administrator(participant, device) }
        return .person(participant, person, device, keeperOf: rooms(for: command))
    }

    private mutating func some<ID: Identifier>() -> ID { numbered(UInt64(1 + random.below(12))) }
    private mutating func somebody() -> ParticipantID {
        let there = scene.directory.participants.keys.sorted()
        return there.isEmpty || random.below(6) == 0 ? some() : there[random.below(there.count)]
    }
    private mutating func someInvite() -> Bytes32 {
        let there = scene.directory.invites.keys.sorted()
        return there.isEmpty || random.below(6) == 0 ? invite() : there[random.below(there.count)]
    }
    private mutating func room() -> RoomID { numbered(UInt64(random.below(4))) }
    private mutating func invite() -> Bytes32 { numberedHash(UInt64(1 + random.below(25))) }
    private mutating func days() -> UInt32? { [nil, 1, 7, 3, 2, 8][random.below(6)] }

    private mutating func command() -> DirectoryCommand {
        switch random.below(28) {
        case 0, 1:
            let name = ["Ann", "ann", "Bob", "Cy", "Di", "Ed", "Flo", "Gus"][random.below(8)]
            return .addParticipants([NewParticipant(participant: some(), name: name)])
        case 2: return .renameParticipant(somebody(), to: ["Ann", "BOB", "Hal"][random.below(3)])
        case 3: return random.below(3) == 0 ? .removeParticipant(somebody()) : .accept(room())
        case 4: return .makeAdministrator(somebody())
        case 5: return .endAdministrator(somebody())
        case 6:
            return .inviteAdministrator(
                AdministratorInvite(
                    participant: some(),
                    name: ["Maya", "Ann", "Root"][random.below(3)],
                    invite: someInvite(),
                    isReplacing: random.below(3) == 0
                )
            )
        case 7: return .addRoom(room(), name: ["r1", "R1", "r2", "r3"][random.below(4)])
        case 8: return random.below(3) == 0 ? .closeRoom(room()) : .accept(room())
        case 9, 10, 11: return proposal()
        case 12: return .withdrawProposal(room(), somebody())
        case 13:
            switch random.below(5) {
            case 0: return .endFacilitators
            case 1: return .setDefaults(policy())
            case 2: return .openProgramme(numbered(UInt64(2 + random.below(3))))
            default: return .contribute
            }
        case 14, 15, 16:
            return invitation()
        case 17:
            return random.below(2) == 0
                ? .inviteDevice(invite()) : .inviteDeviceFor(invite(), somebody(), days: days())
        case 18: return .renewInvite(someInvite(), days: days())
        case 19:
            return random.below(2) == 0 ? .revokeInvite(someInvite()) : .declineInvite(someInvite())
        default: return identityCommand()
        }
    }

    private mutating func policy() -> RoomPolicy {
        RoomPolicy(
            turnDays: UInt32(random.below(3)),
            roomDays: random.below(4) == 0 ? Retention.daysMax + UInt32(random.below(2)) : 9,
            historyForNewcomers: random.below(2) == 0,
            namesToAdministrators: random.below(2) == 0
        )
    }

    private mutating func proposal() -> DirectoryCommand {
        let isFacilitator = random.below(2) == 0
        let until = scene.now.adding(milliseconds: Int64(random.below(9)) * 86_400_000)
        return .propose(
            room(),
            somebody(),
            isFacilitator ? .facilitator : .peer,
            until: isFacilitator && random.below(2) == 0 ? until : nil
        )
    }

    private mutating func identityCommand() -> DirectoryCommand {
        let device = UInt64(1 + random.below(12))
        switch random.below(10) {
        case 0, 1, 2:
            return .enrol(
                enrolment(
                    device,
                    invite: someInvite(),
                    key: UInt64(random.below(3)),
                    person: some()
                )
            )
        case 3, 4:
            return .enrolDevice(
                deviceEnrolment(device, invite: someInvite(), key: UInt64(random.below(3)))
            )
        case 5, 6: return list()
        case 7: return .revokeDevice(numbered(device))
        case 8:
            return random.below(2) == 0
                ? .renewCertificate([1, 2, UInt8(random.below(9))])
                : .announceEncryptionKey(
                    numberedSigned(UInt64(random.below(9))),
                    version: UInt32(random.below(9))
                )
        default:
            let pending = scene.directory.pending.values.flatMap(\.keys).sorted()
            let person = pending.isEmpty ? some() : pending[random.below(pending.count)]
            return .vouch(person, numberedSigned(1), introduction: numberedHash(1))
        }
    }

    private mutating func invitation() -> DirectoryCommand {
        let room = random.below(2) == 0 ? nil : room()
        let proposed = room.map { scene.directory.proposals(in: $0).map(\.participant) } ?? []
        let waiting = proposed.filter { scene.directory.participant($0)?.person == nil }
        let participant = waiting.isEmpty ? somebody() : waiting[random.below(waiting.count)]
        let isNew = random.below(3) != 0
        let invite = isNew ? numberedHash(random.next() >> 8) : invite()
        return .invite(invite, participant, days: days(), room: room)
    }

    // Mostly the room is one in which whoever asks admits others.
    private mutating func rooms(for command: DirectoryCommand) -> Set<RoomID> {
        var rooms = Set((0..<random.below(3)).map { _ in room() })
        if case .invite(_, _, _, let room?, _) = command, random.below(4) != 0 {
            rooms.insert(room)
        }
        return rooms
    }

    private mutating func list() -> DirectoryCommand {
        let people = scene.directory.people.keys.sorted()
        let person = people.isEmpty ? some() : people[random.below(people.count)]
        let known = scene.directory.people[person]?.devices ?? []
        var devices = known.filter { _ in random.below(4) != 0 }
        if random.below(8) == 0 { devices.append(some()) }
        let revoked = known.filter { !devices.contains($0) && random.below(2) == 0 }
        return nextList(
            of: person,
            in: scene.directory,
            devices: devices,
            revoked: revoked
        )
    }
}

/// A small generator of the same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

// SPDX-License-Identifier: Apache-2.0

extension Directory {
    /// Says what follows from a command; nothing is in force before `evolve`.
    ///
    /// An empty answer means that it is so already: a command that is sent again after its reply
    /// was lost does no harm.
    ///
    /// - Parameters:
    ///   - command: what is asked.
    ///   - actor: who asks; the state has the last word on what they are.
    ///   - time: the server's clock; it is held at the last record's time.
    /// - Returns: the records to append, and then to evolve by, in this order.
    /// - Throws: the rule that is not met, or `notFound` to who may not know of the thing.
    public func decide(
        _ command: DirectoryCommand,
        by actor: DirectoryActor,
        at time: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryRecord] {
        let now = max(time, lastAt)
        let events = try events(of: command, by: actor, at: now)
        let by = author(of: actor)
        return events.map { DirectoryRecord(at: now, by: by, event: $0) }
    }

    private func events(
        of command: DirectoryCommand,
        by actor: DirectoryActor,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        switch command {
        case .addParticipants(let new): try addParticipants(new, by: actor)
        case .renameParticipant(let id, let name): try renameParticipant(id, name, by: actor)
        case .removeParticipant(let id): try removeParticipant(id, by: actor)
        case .makeAdministrator(let id): try makeAdministrator(id, by: actor)
        case .endAdministrator(let id): try endAdministrator(id, by: actor)
        case .inviteAdministrator(let new): try inviteAdministrator(new, by: actor, at: now)
        case .addRoom(let room, let name): try addRoom(room, name, by: actor)
        case .closeRoom(let room): try closeRoom(room, by: actor)
        case .propose(let room, let id, let membership, let until):
            try propose(
                Proposed(
                    room: room,
                    participant: id,
                    membership: membership,
                    until: until,
                    fromRoom: false
                ),
                by: actor,
                at: now
            )
        case .withdrawProposal(let room, let id): try withdrawProposal(room, id, by: actor)
        case .accept(let room): try accept(room, by: actor)
        case .endFacilitators: try endFacilitators(by: actor, at: now)
        case .invite(let invite, let id, let days, let room, let name):
            try self.invite(invite, id, days: days, room: room, name, by: actor, at: now)
        case .inviteDevice(let invite): try inviteDevice(invite, by: actor, at: now)
        case .inviteDeviceFor(let invite, let id, let days):
            try inviteDevice(invite, for: id, days: days, by: actor, at: now)
        case .renewInvite(let invite, let days):
            try renewInvite(invite, days: days, by: actor, at: now)
        case .revokeInvite(let invite): try revokeInvite(invite, by: actor)
        case .declineInvite(let invite): try declineInvite(invite, at: now)
        case .enrol(let new): try enrol(new, at: now)
        case .enrolDevice(let new): try enrolDevice(new, at: now)
        case .recoverDevice(let new, let list, let previous):
            try recoverDevice(new, list, previous: previous, at: now)
        case .listDevices(let list, let previous):
            try listDevices(list, previous: previous, by: actor)
        case .revokeDevice(let device): try revokeDevice(device, by: actor)
        case .renewCertificate(let certificate): try renewCertificate(certificate, by: actor)
        case .announceEncryptionKey(let key, let version):
            try announceEncryptionKey(key, version: version, by: actor)
        case .vouch(let person, let voucher, let introduction):
            try vouch(person, voucher, introduction: introduction, by: actor)
        case .setDefaults(let policy): try setDefaults(policy, by: actor)
        case .addFormat(let format): try addFormat(format, by: actor)
        case .removeFormat(let name): try removeFormat(name, by: actor)
        case .openProgramme(let room): try openProgramme(room, by: actor)
        case .contribute: try contribute(by: actor)
        }
    }

    private func author(of actor: DirectoryActor) -> ParticipantID? {
        switch actor {
        case .administrator(let participant, _), .person(let participant, _, _, _): participant
        case .stranger, .operator, .server: nil
        }
    }
}

// MARK: Who asks

/// Somebody who acts through a device that counts.
struct DirectoryMember {
    let participant: ParticipantID
    let person: PersonID
    let device: DeviceID
    let isAdministrator: Bool
    let keeperOf: Set<RoomID>
}

extension Directory {
    // Takes the state's word for who it is that asks.
    func member(_ actor: DirectoryActor) throws(DirectoryRejection) -> DirectoryMember {
        let claim: (participant: ParticipantID, person: PersonID?, device: DeviceID)
        var keeperOf: Set<RoomID> = []
        switch actor {
        case .administrator(let participant, let device): claim = (participant, nil, device)
        case .person(let participant, let person, let device, let rooms):
            claim = (participant, person, device)
            keeperOf = rooms
        case .stranger, .operator, .server: throw .notFound
        }
        guard let device = devices[claim.device],
            people[device.person]?.participant == claim.participant,
            claim.person == nil || claim.person == device.person
        else { throw .notFound }
        switch device.state {
        case .active: break
        case .revoked: throw .deviceRevoked
        case .waiting: throw .notFound
        }
        let isAdministrator = administrators.contains(claim.participant)
        if case .administrator = actor, !isAdministrator { throw .notAnAdministrator }
        return DirectoryMember(
            participant: claim.participant,
            person: device.person,
            device: claim.device,
            isAdministrator: isAdministrator,
            keeperOf: keeperOf
        )
    }

    func administrator(_ actor: DirectoryActor) throws(DirectoryRejection) -> DirectoryMember {
        let member = try member(actor)
        guard member.isAdministrator else { throw .notAnAdministrator }
        return member
    }
}

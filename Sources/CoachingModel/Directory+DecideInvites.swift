// SPDX-License-Identifier: Apache-2.0

extension Directory {
    func invite(
        _ invite: Bytes32,
        _ id: ParticipantID,
        days: UInt32?,
        room: RoomID?,
        _ inviterName: InviterName?,
        by actor: DirectoryActor,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        // Nobody invites in another's name.
        if let name = inviterName?.name, name != participants[member.participant]?.name {
            throw .nameInvalid
        }
        try checkInviter(member, of: id, room: room)
        guard let participant = participants[id] else { throw .notFound }
        let expires = try end(days: days, from: now)
        if let record = invites[invite] {
            return try sameAgain(record, for: id, from: member.device)
        }
        guard participant.person == nil else { throw .alreadyEnrolled }
        var events: [DirectoryEvent] = []
        if let earlier = participant.invite.flatMap({ invites[$0] }) {
            try checkReplacing(earlier, by: member, at: now)
            events.append(.inviteRevoked(earlier.invite))
        }
        try checkOpenInvites(of: member, leavingOut: participant.invite, at: now)
        let invited = Invited(
            invite: invite,
            participant: id,
            expires: expires,
            device: member.device,
            purpose: administrators.contains(id) ? .administrator : .person,
            room: room,
            inviterName: inviterName
        )
        return events + [.invited(invited)]
    }

    // An administrator invites anybody; a keeper whoever is proposed for their room, but no
    // administrator, for who holds an invite's secret could come in that person's place.
    private func checkInviter(
        _ member: DirectoryMember,
        of id: ParticipantID,
        room: RoomID?
    ) throws(DirectoryRejection) {
        if member.isAdministrator {
            guard let room else { return }
            guard let there = rooms[room] else { throw .notFound }
            guard !there.isClosed else { throw .roomClosed }
            return
        }
        guard let room else { throw .notAnAdministrator }
        guard member.keeperOf.contains(room), rooms[room]?.proposals[id] != nil else {
            throw .notFound
        }
        guard !administrators.contains(id) else { throw .notAnAdministrator }
    }

    private func checkReplacing(
        _ earlier: InviteRecord,
        by member: DirectoryMember,
        at now: Timestamp
    ) throws(DirectoryRejection) {
        if member.isAdministrator || status(of: earlier, at: now) != .open { return }
        guard let room = earlier.room, member.keeperOf.contains(room) else {
            throw .alreadyInvited
        }
    }

    private func checkOpenInvites(
        of member: DirectoryMember,
        leavingOut invite: Bytes32?,
        at now: Timestamp
    ) throws(DirectoryRejection) {
        if member.isAdministrator { return }
        let open = openInvites(by: member.participant, at: now).filter { $0.invite != invite }
        guard open.count < limits.invitesOpenMax else { throw .tooManyInvites }
    }

    // A command that comes again after its reply was lost.
    func sameAgain(
        _ record: InviteRecord,
        for id: ParticipantID,
        from device: DeviceID?
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        guard record.participant == id, record.device == device else { throw .identifierTaken }
        return []
    }

    func end(days: UInt32?, from now: Timestamp) throws(DirectoryRejection) -> Timestamp {
        let days = days ?? limits.inviteDaysDefault
        guard days >= 1, days <= limits.inviteDaysMax else { throw .daysOutOfBounds }
        return now.adding(milliseconds: Int64(days) * 86_400_000)
    }

    func inviteDevice(
        _ invite: Bytes32,
        by actor: DirectoryActor,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        if let record = invites[invite] {
            return try sameAgain(record, for: member.participant, from: member.device)
        }
        guard mayAddDevice(member.person) else { throw .tooManyDevices }
        var events: [DirectoryEvent] = []
        if let earlier = people[member.person]?.deviceInvite {
            events.append(.inviteRevoked(earlier))
        }
        let invited = Invited(
            invite: invite,
            participant: member.participant,
            expires: now.adding(milliseconds: limits.deviceInviteMs),
            device: member.device,
            purpose: .device,
            room: nil
        )
        return events + [.invited(invited)]
    }

    // An administrator's word lets a device in no further than to the door: `recoverDevice` asks
    // for the person's own signature.
    func inviteDevice(
        _ invite: Bytes32,
        for id: ParticipantID,
        days: UInt32?,
        by actor: DirectoryActor,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try administrator(actor)
        guard let person = participants[id]?.person else { throw .notFound }
        let expires = try end(days: days, from: now)
        if let record = invites[invite] {
            return try sameAgain(record, for: id, from: member.device)
        }
        guard mayAddDevice(person) else { throw .tooManyDevices }
        var events: [DirectoryEvent] = []
        if let earlier = people[person]?.deviceInvite { events.append(.inviteRevoked(earlier)) }
        let invited = Invited(
            invite: invite,
            participant: id,
            expires: expires,
            device: member.device,
            purpose: .device,
            room: nil
        )
        return events + [.invited(invited)]
    }

    func mayAddDevice(_ person: PersonID) -> Bool {
        let all = people[person]?.devices ?? []
        return all.count < limits.devicesEverMax
            && all.count { devices[$0]?.state != .revoked } < limits.devicesMax
    }

    func renewInvite(
        _ invite: Bytes32,
        days: UInt32?,
        by actor: DirectoryActor,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        let record = try manageableInvite(invite, by: member)
        guard record.purpose != .device else { throw .daysOutOfBounds }
        let expires = try end(days: days, from: now)
        guard isMakerTrusted(record) else { throw .inviterGone }
        try checkOpenInvites(of: member, leavingOut: invite, at: now)
        return [.inviteRenewed(InviteRenewed(invite: invite, expires: expires))]
    }

    func revokeInvite(
        _ invite: Bytes32,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try manageableInvite(invite, by: try member(actor))
        return [.inviteRevoked(invite)]
    }

    // An administrator manages all invites to enrol, a keeper their own and their rooms',
    // everybody those for their own devices.
    private func manageableInvite(
        _ invite: Bytes32,
        by member: DirectoryMember
    ) throws(DirectoryRejection) -> InviteRecord {
        guard let record = invites[invite] else { throw .notFound }
        let isOwn = record.inviter == member.participant
        let isOfRoom = record.room.map(member.keeperOf.contains) ?? false
        let isProgrammes = member.isAdministrator && record.purpose != .device
        guard isOwn || isOfRoom || isProgrammes else { throw .notFound }
        guard record.use == nil else { throw .inviteUsed }
        return record
    }

    func declineInvite(
        _ invite: Bytes32,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try openInvite(invite, at: now)
        return [.inviteDeclined(invite)]
    }

    // What a stranger is told of an invite: that it is open, or nothing.
    func openInvite(
        _ invite: Bytes32,
        at now: Timestamp
    ) throws(DirectoryRejection) -> InviteRecord {
        guard let record = invites[invite], status(of: record, at: now) == .open else {
            throw .notFound
        }
        return record
    }
}

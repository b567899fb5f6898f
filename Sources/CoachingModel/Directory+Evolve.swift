// SPDX-License-Identifier: Apache-2.0

extension Directory {
    /// Puts a record in force.
    ///
    /// Total: a record that does not fit (from a damaged or foreign log) changes nothing but the
    /// time, and nothing brings back a device that was revoked or an invite that was used.
    public mutating func evolve(_ record: DirectoryRecord) {
        lastAt = max(lastAt, record.at)
        switch record.event {
        case .participantAdded(let new): add(new, at: record.at)
        case .participantRenamed(let renamed): rename(renamed)
        case .participantRemoved(let participant): remove(participant)
        case .administratorMade(let participant):
            if participants[participant] != nil { administrators.insert(participant) }
        case .administratorEnded(let participant): administrators.remove(participant)
        case .roomAdded(let added): add(added, at: record.at)
        case .programmeOpened(let room): openProgramme(room, at: record.at)
        case .roomClosed(let room): close(room, at: record.at)
        case .proposed(let proposed): put(proposed, at: record.at, by: record.by)
        case .proposalWithdrawn(let withdrawn):
            withdraw(withdrawn.participant, from: withdrawn.room)
        case .accepted(let accepted):
            rooms[accepted.room]?.proposals[accepted.participant]?.accepted = record.at
        case .defaultsSet(let policy): defaults = policy
        case .formatAdded(let format): formats[format.name] = format
        case .formatRemoved(let name): formats[name] = nil
        default: evolveIdentity(record)
        }
    }

    private mutating func evolveIdentity(_ record: DirectoryRecord) {
        switch record.event {
        case .invited(let invited): put(invited, at: record.at, by: record.by)
        case .inviteRenewed(let renewed):
            guard invites[renewed.invite]?.use == nil else { return }
            invites[renewed.invite]?.expires = renewed.expires
            invites[renewed.invite]?.isDeclined = false
        case .inviteRevoked(let invite): forget(invite)
        case .inviteDeclined(let invite):
            guard invites[invite]?.use == nil else { return }
            invites[invite]?.isDeclined = true
        case .enrolled(let enrolled): enrol(enrolled, at: record.at)
        case .deviceWaiting(let waiting): put(waiting, at: record.at)
        case .deviceListed(let listed): put(listed)
        case .deviceRevoked(let device): devices[device]?.state = .revoked
        case .certificateRenewed(let renewed):
            devices[renewed.device]?.certificate = renewed.certificate
        case .encryptionKeyAnnounced(let announced):
            devices[announced.device]?.encryptionKey = announced.key
            devices[announced.device]?.encryptionKeyVersion = announced.version
        case .vouched(let vouched): put(vouched, at: record.at, by: record.by)
        default: break
        }
    }
}

// MARK: Participants

extension Directory {
    private mutating func add(_ new: NewParticipant, at time: Timestamp) {
        let id = new.participant
        guard participants[id] == nil, !removedParticipants.contains(id) else { return }
        participants[id] = Participant(
            participant: id,
            name: new.name,
            department: new.department,
            address: new.address,
            added: time
        )
        participantsByName[PersonName.key(new.name)] = id
    }

    private mutating func rename(_ renamed: ParticipantRenamed) {
        guard let old = participants[renamed.participant]?.name else { return }
        freeName(old, of: renamed.participant)
        participants[renamed.participant]?.name = renamed.name
        participantsByName[PersonName.key(renamed.name)] = renamed.participant
    }

    private mutating func freeName(_ name: String, of participant: ParticipantID) {
        let key = PersonName.key(name)
        if participantsByName[key] == participant { participantsByName[key] = nil }
    }

    private mutating func remove(_ participant: ParticipantID) {
        guard let removed = participants[participant] else { return }
        for room in removed.rooms { withdraw(participant, from: room) }
        if let invite = removed.invite { forget(invite) }
        if let person = removed.person {
            removedPeople[participant] = person
            for device in people[person]?.devices ?? [] { devices[device]?.state = .revoked }
            if let invite = people[person]?.deviceInvite { forget(invite) }
            for inviter in pending.keys { pending[inviter]?[person] = nil }
        }
        pending[participant] = nil
        administrators.remove(participant)
        freeName(removed.name, of: participant)
        participants[participant] = nil
        removedParticipants.insert(participant)
    }
}

// MARK: Rooms

extension Directory {
    private mutating func add(_ added: RoomAdded, at time: Timestamp) {
        guard rooms[added.room] == nil else { return }
        rooms[added.room] = DirectoryRoom(room: added.room, name: added.name, added: time)
        openRoomsByName[RoomName.key(added.name)] = added.room
    }

    private mutating func openProgramme(_ room: RoomID, at time: Timestamp) {
        guard programme == nil, rooms[room] == nil else { return }
        var opened = DirectoryRoom(room: room, name: Self.programmeName, added: time)
        opened.isProgramme = true
        rooms[room] = opened
        programme = room
    }

    private mutating func close(_ room: RoomID, at time: Timestamp) {
        if room == programme { programme = nil }
        guard let closed = rooms[room], !closed.isClosed else { return }
        for participant in closed.proposals.keys { withdraw(participant, from: room) }
        rooms[room]?.closed = time
        let key = RoomName.key(closed.name)
        if openRoomsByName[key] == room { openRoomsByName[key] = nil }
    }

    private mutating func put(_ proposed: Proposed, at time: Timestamp, by: ParticipantID?) {
        guard let room = rooms[proposed.room], !room.isClosed,
            participants[proposed.participant] != nil
        else { return }
        let before = room.proposals[proposed.participant]
        unschedule(before)
        let agreed = before?.membership == proposed.membership ? before?.accepted : nil
        rooms[proposed.room]?.proposals[proposed.participant] = MembershipProposal(
            room: proposed.room,
            participant: proposed.participant,
            membership: proposed.membership,
            by: by,
            isFromRoom: proposed.fromRoom,
            proposed: time,
            accepted: agreed,
            until: proposed.until
        )
        participants[proposed.participant]?.rooms.insert(proposed.room)
        guard let until = proposed.until else { return }
        let end = FacilitatorEnd(
            until: until,
            room: proposed.room,
            participant: proposed.participant
        )
        ends.insert(end, at: place(of: end))
    }

    private mutating func withdraw(_ participant: ParticipantID, from room: RoomID) {
        unschedule(rooms[room]?.proposals.removeValue(forKey: participant))
        participants[participant]?.rooms.remove(room)
    }

    private mutating func unschedule(_ proposal: MembershipProposal?) {
        guard let proposal, let until = proposal.until else { return }
        let end = FacilitatorEnd(
            until: until,
            room: proposal.room,
            participant: proposal.participant
        )
        let index = place(of: end)
        if index < ends.count, ends[index] == end { ends.remove(at: index) }
    }

    // The index of the first end that is not before this one.
    private func place(of end: FacilitatorEnd) -> Int {
        var range = 0..<ends.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if ends[middle] < end {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }
}

// MARK: Invites and devices

extension Directory {
    private mutating func put(_ invited: Invited, at time: Timestamp, by: ParticipantID?) {
        guard invites[invited.invite] == nil, let target = participants[invited.participant]
        else { return }
        if invited.purpose == .device {
            guard let person = target.person else { return }
            if let earlier = people[person]?.deviceInvite { forget(earlier) }
            people[person]?.deviceInvite = invited.invite
        } else {
            guard target.person == nil else { return }
            if let earlier = target.invite { forget(earlier) }
            participants[invited.participant]?.invite = invited.invite
            if let by { unusedInvites[by, default: []].insert(invited.invite) }
        }
        invites[invited.invite] = InviteRecord(
            invite: invited.invite,
            participant: invited.participant,
            inviter: by,
            device: invited.device,
            purpose: invited.purpose,
            room: invited.room,
            inviterName: invited.inviterName,
            made: time,
            expires: invited.expires
        )
    }

    // Drops an invite that nobody has used; a used one stays, so that it never counts again.
    private mutating func forget(_ invite: Bytes32) {
        guard let record = invites[invite], record.use == nil else { return }
        unlink(record)
        invites[invite] = nil
    }

    private mutating func unlink(_ invite: InviteRecord) {
        if participants[invite.participant]?.invite == invite.invite {
            participants[invite.participant]?.invite = nil
        }
        if let person = participants[invite.participant]?.person,
            people[person]?.deviceInvite == invite.invite
        {
            people[person]?.deviceInvite = nil
        }
        guard let inviter = invite.inviter else { return }
        unusedInvites[inviter]?.remove(invite.invite)
        if unusedInvites[inviter]?.isEmpty == true { unusedInvites[inviter] = nil }
    }

    private mutating func enrol(_ enrolled: Enrolled, at time: Timestamp) {
        let new = enrolled.enrolment
        guard let invite = invites[new.invite], invite.use == nil, invite.purpose != .device,
            invite.participant == enrolled.participant,
            let participant = participants[enrolled.participant], participant.person == nil,
            people[new.person] == nil, devices[new.device] == nil
        else { return }
        unlink(invite)
        invites[new.invite]?.use = InviteUse(
            person: new.person,
            device: new.device,
            requestKey: new.requestKey,
            at: time
        )
        participants[enrolled.participant]?.person = new.person
        people[new.person] = EnrolledPerson(
            person: new.person,
            participant: enrolled.participant,
            deviceList: new.deviceList,
            devices: [new.device]
        )
        devices[new.device] = DeviceRecord(
            device: new.device,
            person: new.person,
            state: .active,
            signingKey: new.signingKey,
            certificate: new.certificate,
            encryptionKey: new.encryptionKey,
            encryptionKeyVersion: 1,
            invite: new.invite,
            mac: new.mac,
            since: time
        )
        guard let inviter = invite.inviter, participants[inviter] != nil else { return }
        pending[inviter, default: [:]][new.person] = PendingVouch(
            invite: new.invite,
            room: invite.room,
            participant: enrolled.participant,
            person: new.person,
            deviceList: new.deviceList,
            mac: new.mac
        )
    }

    private mutating func put(_ waiting: DeviceWaiting, at time: Timestamp) {
        let new = waiting.enrolment
        guard let invite = invites[new.invite], invite.use == nil, invite.purpose == .device,
            participants[invite.participant]?.person == waiting.person,
            people[waiting.person] != nil, devices[new.device] == nil
        else { return }
        unlink(invite)
        invites[new.invite]?.use = InviteUse(
            person: waiting.person,
            device: new.device,
            requestKey: new.requestKey,
            at: time
        )
        people[waiting.person]?.devices.append(new.device)
        devices[new.device] = DeviceRecord(
            device: new.device,
            person: waiting.person,
            state: .waiting,
            signingKey: new.signingKey,
            certificate: new.certificate,
            encryptionKey: new.encryptionKey,
            encryptionKeyVersion: 1,
            invite: new.invite,
            mac: new.mac,
            since: time
        )
    }

    private mutating func put(_ listed: DeviceListed) {
        guard people[listed.person] != nil else { return }
        for device in devicesEnding(with: listed) { devices[device]?.state = .revoked }
        for device in listed.devices where devices[device]?.person == listed.person {
            if devices[device]?.state == .waiting { devices[device]?.state = .active }
        }
        people[listed.person]?.deviceList = listed.list
    }

    private mutating func put(_ vouched: Vouched, at time: Timestamp, by: ParticipantID?) {
        guard let by, pending[by]?[vouched.person] != nil else { return }
        pending[by]?[vouched.person] = nil
        if pending[by]?.isEmpty == true { pending[by] = nil }
        people[vouched.person]?.vouchers.append(
            Voucher(inviter: by, vouched: vouched, at: time)
        )
    }
}

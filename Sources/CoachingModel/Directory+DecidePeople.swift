// SPDX-License-Identifier: Apache-2.0

// MARK: Participants

extension Directory {
    /// Finds the first of some new participants who cannot be added, and why.
    public func firstMistake(
        in new: [NewParticipant]
    ) -> (index: Int, rejection: DirectoryRejection)? {
        var names: Set<String> = []
        var ids: Set<ParticipantID> = []
        for (index, one) in new.enumerated() {
            if let rejection = mistake(in: one) { return (index, rejection) }
            guard ids.insert(one.participant).inserted else { return (index, .identifierTaken) }
            guard names.insert(PersonName.key(one.name)).inserted else {
                return (index, .nameTaken)
            }
            guard participants.count + index < limits.participantsMax else {
                return (index, .tooManyParticipants)
            }
        }
        return nil
    }

    private func mistake(in new: NewParticipant) -> DirectoryRejection? {
        if PersonName.mistake(new.name) != nil { return .nameInvalid }
        if let department = new.department, PersonName.mistake(department) != nil {
            return .departmentInvalid
        }
        if let address = new.address, MailAddress.mistake(address) != nil {
            return .addressInvalid
        }
        let isKnown =
            participants[new.participant] != nil || removedParticipants.contains(new.participant)
        if isKnown { return .identifierTaken }
        return participantsByName[PersonName.key(new.name)] == nil ? nil : .nameTaken
    }

    func addParticipants(
        _ new: [NewParticipant],
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        guard (1...max(1, limits.participantsAtOnceMax)).contains(new.count) else {
            throw .outOfBounds
        }
        if new.allSatisfy(isThere) { return [] }
        if let mistake = firstMistake(in: new) { throw mistake.rejection }
        return new.map { .participantAdded($0) }
    }

    private func isThere(_ new: NewParticipant) -> Bool {
        guard let there = participants[new.participant] else { return false }
        return there.name == new.name && there.department == new.department
            && there.address == new.address
    }

    func renameParticipant(
        _ id: ParticipantID,
        _ name: String,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        guard let participant = participants[id] else { throw .notFound }
        guard PersonName.mistake(name) == nil else { throw .nameInvalid }
        if participant.name.utf8.elementsEqual(name.utf8) { throw .unchanged }
        let holder = participantsByName[PersonName.key(name)]
        guard holder == nil || holder == id else { throw .nameTaken }
        return [.participantRenamed(ParticipantRenamed(participant: id, name: name))]
    }

    func removeParticipant(
        _ id: ParticipantID,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        guard member.isAdministrator || member.participant == id else {
            throw .notAnAdministrator
        }
        guard participants[id] != nil else { throw .notFound }
        try keepAnAdministrator(without: id)
        return removal(of: id, cause: member.participant == id ? .left : .administrator)
    }

    // Everything that ends with a participant, each in a record of its own for those who act on
    // records, and the removal last.
    private func removal(of id: ParticipantID, cause: ExclusionCause) -> [DirectoryEvent] {
        guard let participant = participants[id] else { return [] }
        var events: [DirectoryEvent] = participant.rooms.sorted().map {
            .proposalWithdrawn(ProposalWithdrawn(room: $0, participant: id, cause: cause))
        }
        let person = participant.person.flatMap { people[$0] }
        for invite in [participant.invite, person?.deviceInvite] {
            if let invite { events.append(.inviteRevoked(invite)) }
        }
        for device in person?.devices ?? [] where devices[device]?.state != .revoked {
            events.append(.deviceRevoked(device))
        }
        if administrators.contains(id) { events.append(.administratorEnded(id)) }
        return events + [.participantRemoved(id)]
    }
}

// MARK: Administrators

extension Directory {
    func makeAdministrator(
        _ id: ParticipantID,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        guard participants[id] != nil else { throw .notFound }
        guard !administrators.contains(id) else { throw .unchanged }
        return [.administratorMade(id)] + placingAdministrator(id)
    }

    func endAdministrator(
        _ id: ParticipantID,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        guard participants[id] != nil else { throw .notFound }
        guard administrators.contains(id) else { throw .unchanged }
        try keepAnAdministrator(without: id)
        return [.administratorEnded(id)] + leavingProgramme(id, .administrator)
    }

    private func keepAnAdministrator(without id: ParticipantID) throws(DirectoryRejection) {
        guard administrators.contains(id) else { return }
        let isAnotherThere = administrators.contains { $0 != id && hasActiveDevice($0) }
        guard isAnotherThere else { throw .lastAdministrator }
    }

    func inviteAdministrator(
        _ new: AdministratorInvite,
        by actor: DirectoryActor,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        guard case .operator = actor else { throw .notFound }
        let expires = try end(days: new.days, from: now)
        guard PersonName.mistake(new.name) == nil else { throw .nameInvalid }
        if let record = invites[new.invite] {
            return try sameAgain(record, for: record.participant, from: nil)
        }
        let holder = participant(named: new.name)
        let isNew = holder == nil || holder?.person != nil
        if isNew {
            guard holder == nil || new.isReplacing else { throw .nameTaken }
            let id = new.participant
            guard participants[id] == nil, !removedParticipants.contains(id) else {
                throw .identifierTaken
            }
        }
        let id = isNew ? new.participant : holder?.participant ?? new.participant
        var events: [DirectoryEvent] = []
        if isNew {
            events.append(.participantAdded(NewParticipant(participant: id, name: new.name)))
        }
        if new.isReplacing, let programme {
            // Whoever could let somebody in there is lost.
            events += administrators.sorted().filter { !isNew || $0 != holder?.participant }
                .flatMap { leavingProgramme($0, .administrator) }
            events.append(.roomClosed(programme))
        }
        if !administrators.contains(id) {
            events.append(.administratorMade(id))
            if !new.isReplacing { events += placingAdministrator(id) }
        }
        if isNew, let holder { events += removal(of: holder.participant, cause: .administrator) }
        if new.isReplacing {
            events += administrators.sorted()
                .filter { $0 != id && !(isNew && $0 == holder?.participant) }
                .map { .administratorEnded($0) }
        }
        if !isNew, let earlier = holder?.invite { events.append(.inviteRevoked(earlier)) }
        let invited = Invited(
            invite: new.invite,
            participant: id,
            expires: expires,
            device: nil,
            purpose: .administrator,
            room: nil
        )
        return events + [.invited(invited)]
    }
}

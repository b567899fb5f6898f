// SPDX-License-Identifier: Apache-2.0

extension Directory {
    func addRoom(
        _ room: RoomID,
        _ name: String,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        if let there = rooms[room], !there.isClosed, there.name == name { return [] }
        // The directory's own log has the identifier of zeroes.
        guard rooms[room] == nil, StreamID(room) != .directory else { throw .identifierTaken }
        guard RoomName.mistake(name) == nil else { throw .roomNameInvalid }
        guard openRoomsByName[RoomName.key(name)] == nil, name != Self.programmeName else {
            throw .roomNameTaken
        }
        guard openRoomsByName.count < limits.roomsMax else { throw .tooManyRooms }
        return [.roomAdded(RoomAdded(room: room, name: name))]
    }

    func closeRoom(
        _ room: RoomID,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        try checkIsNotProgramme(room)
        guard let there = rooms[room] else { throw .notFound }
        guard !there.isClosed else { throw .roomClosed }
        return [.roomClosed(room)]
    }

    func setDefaults(
        _ policy: RoomPolicy,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        let days = 1...Retention.daysMax
        guard days.contains(policy.turnDays), days.contains(policy.roomDays) else {
            throw .policyOutOfBounds
        }
        return policy == defaults ? [] : [.defaultsSet(policy)]
    }

    func propose(
        _ proposed: Proposed,
        by actor: DirectoryActor,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        let room = try openRoom(proposed.room, for: member)
        guard participants[proposed.participant] != nil else { throw .notFound }
        if let until = proposed.until {
            let ahead = until.milliseconds(since: now)
            guard proposed.membership == .facilitator, ahead > 0,
                ahead <= limits.endDateAheadMsMax
            else { throw .endDateOutOfBounds }
        }
        if let before = room.proposals[proposed.participant] {
            let isSame =
                before.membership == proposed.membership && before.until == proposed.until
            // A keeper changes nothing: a facilitator must not move their own end date.
            guard member.isAdministrator, !isSame else { throw .alreadyProposed }
        } else if room.proposals.count >= limits.proposedInRoomMax {
            throw .tooManyProposed
        }
        var event = proposed
        event.fromRoom = !member.isAdministrator
        return [.proposed(event)]
    }

    // Gives an open room that a member may propose people for.
    private func openRoom(
        _ id: RoomID,
        for member: DirectoryMember
    ) throws(DirectoryRejection) -> DirectoryRoom {
        try checkIsNotProgramme(id)
        guard let room = rooms[id] else { throw .notFound }
        if member.isAdministrator {
            guard !room.isClosed else { throw .roomClosed }
        } else {
            guard !room.isClosed, member.keeperOf.contains(id) else { throw .notFound }
        }
        return room
    }

    func withdrawProposal(
        _ id: RoomID,
        _ participant: ParticipantID,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let proposal = rooms[id]?.proposals[participant]
        if case .server = actor {
            guard proposal != nil else { throw .notProposed }
            return [withdrawal(id, participant, .removed)]
        }
        let member = try member(actor)
        if id == programme, let proposal {
            // An administrator's place ends with their office.
            guard proposal.membership == .peer else { throw .notFound }
            if member.isAdministrator, member.participant != participant {
                return [withdrawal(id, participant, .administrator)]
            }
        }
        if member.participant == participant, proposal != nil {
            return [withdrawal(id, participant, .left)]
        }
        _ = try openRoom(id, for: member)
        guard let proposal else { throw .notProposed }
        if member.isAdministrator { return [withdrawal(id, participant, .administrator)] }
        // What an administrator set up (an end date, say) only an administrator takes back.
        guard proposal.isFromRoom else { throw .notAnAdministrator }
        return [withdrawal(id, participant, .removed)]
    }

    private func withdrawal(
        _ room: RoomID,
        _ participant: ParticipantID,
        _ cause: ExclusionCause
    ) -> DirectoryEvent {
        .proposalWithdrawn(
            ProposalWithdrawn(room: room, participant: participant, cause: cause)
        )
    }

    func accept(
        _ room: RoomID,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        guard let proposal = rooms[room]?.proposals[member.participant] else { throw .notFound }
        guard proposal.accepted == nil else { return [] }
        return [.accepted(ProposalAccepted(room: room, participant: member.participant))]
    }

    func endFacilitators(
        by actor: DirectoryActor,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        guard case .server = actor else { throw .notFound }
        return facilitatorEnds(dueAt: now).map { withdrawal($0.room, $0.participant, .endDate) }
    }
}

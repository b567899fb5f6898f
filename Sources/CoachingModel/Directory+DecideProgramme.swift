// SPDX-License-Identifier: Apache-2.0

// MARK: The programme's room

extension Directory {
    /// The name that the programme's room has in lists; no other room is looked for by it.
    public static let programmeName = "programme"

    /// Opens the programme's room with all administrators as those who read there.
    func openProgramme(
        _ room: RoomID,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        _ = try administrator(actor)
        if programme == room { return [] }
        guard programme == nil else { throw .unchanged }
        guard rooms[room] == nil, StreamID(room) != .directory else { throw .identifierTaken }
        return [.programmeOpened(room)]
            + administrators.sorted().flatMap { placing($0, in: room, as: .facilitator) }
    }

    /// Gives whoever asks a place in the programme's room, as one who releases something there.
    func contribute(by actor: DirectoryActor) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        guard let programme, let room = rooms[programme] else { throw .noProgramme }
        guard room.proposals[member.participant] == nil else { return [] }
        guard room.proposals.count < RoomLimits.peopleBound else { throw .tooManyProposed }
        return placing(member.participant, in: programme, as: .peer)
    }

    /// Gives a new administrator their place in the programme's room; who was there to release
    /// something comes in anew.
    func placingAdministrator(_ participant: ParticipantID) -> [DirectoryEvent] {
        guard let programme else { return [] }
        return leavingProgramme(participant, .administrator)
            + placing(participant, in: programme, as: .facilitator)
    }

    /// Takes an administrator's place in the programme's room away.
    func leavingProgramme(
        _ participant: ParticipantID,
        _ cause: ExclusionCause
    ) -> [DirectoryEvent] {
        guard let programme, rooms[programme]?.proposals[participant] != nil else { return [] }
        let gone = ProposalWithdrawn(room: programme, participant: participant, cause: cause)
        return [.proposalWithdrawn(gone)]
    }

    // Who has the place by what they are need not agree to it.
    private func placing(
        _ participant: ParticipantID,
        in room: RoomID,
        as membership: Membership
    ) -> [DirectoryEvent] {
        let proposed = Proposed(
            room: room,
            participant: participant,
            membership: membership,
            until: nil,
            fromRoom: false
        )
        let accepted = ProposalAccepted(room: room, participant: participant)
        return [.proposed(proposed), .accepted(accepted)]
    }

    /// Refuses what is not asked of the programme's room: who is in it follows from who is an
    /// administrator and who releases something.
    func checkIsNotProgramme(_ room: RoomID) throws(DirectoryRejection) {
        guard room != programme else { throw .notFound }
    }

    /// Whether a room is the programme's, the present one or one of before.
    public func isProgramme(_ room: RoomID) -> Bool { rooms[room]?.isProgramme == true }
}

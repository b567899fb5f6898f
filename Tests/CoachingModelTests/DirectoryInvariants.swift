// SPDX-License-Identifier: Apache-2.0
@testable import CoachingModel

/// What must hold of a directory at any time; gives the first sentence that does not.
func brokenInvariant(of directory: Directory) -> String? {
    let people = directory.participants.values
    if Set(people.map { PersonName.key($0.name) }).count != people.count {
        return "names of people are unique"
    }
    let open = directory.rooms.values.filter { !$0.isClosed }
    if Set(open.map { RoomName.key($0.name) }).count != open.count {
        return "names of open rooms are unique"
    }
    if let programme = directory.programme {
        let places = (directory.rooms[programme]?.proposals ?? [:]).values
        for place in places where place.membership == .facilitator {
            guard directory.administrators.contains(place.participant) else {
                return "administrators alone read in the programme's room"
            }
        }
        if places.contains(where: { $0.accepted == nil || $0.until != nil }) {
            return "places in the programme's room are nobody's to propose"
        }
    }
    return brokenIndex(of: directory)
}

/// The invariants that hold even after records that no rule would have made.
func brokenIndex(of directory: Directory) -> String? {
    let people = directory.participants.values
    for person in people {
        for room in person.rooms where directory.rooms[room]?.proposals[person.participant] == nil {
            return "a participant's rooms are those for which they are proposed"
        }
        if let invite = person.invite {
            guard let record = directory.invites[invite], record.use == nil,
                record.participant == person.participant, person.person == nil
            else { return "a participant's invite is theirs and unused" }
        }
        if let id = person.person {
            guard directory.people[id]?.participant == person.participant else {
                return "a participant and their person know each other"
            }
        }
    }
    if !directory.administrators.allSatisfy({ directory.participants[$0] != nil }) {
        return "administrators are participants"
    }
    return brokenRoomIndex(of: directory) ?? brokenInviteIndex(of: directory)
}

private func brokenRoomIndex(of directory: Directory) -> String? {
    let proposals = directory.rooms.values.flatMap(\.proposals.values)
    for proposal in proposals {
        let rooms = directory.participants[proposal.participant]?.rooms ?? []
        if !rooms.contains(proposal.room) { return "who is proposed knows it" }
    }
    let ends = proposals.compactMap { proposal in
        proposal.until.map {
            FacilitatorEnd(until: $0, room: proposal.room, participant: proposal.participant)
        }
    }
    return directory.ends == ends.sorted() ? nil : "end dates are those of the proposals, sorted"
}

private func brokenInviteIndex(of directory: Directory) -> String? {
    for (inviter, invites) in directory.unusedInvites {
        for invite in invites {
            guard let record = directory.invites[invite], record.use == nil,
                record.inviter == inviter, record.purpose != .device
            else { return "unused invites are unused, and their inviter's" }
        }
    }
    var owners: [ParticipantID: Int] = [:]
    for invite in directory.invites.values where invite.use == nil && invite.purpose != .device {
        owners[invite.participant, default: 0] += 1
        if let inviter = invite.inviter,
            directory.unusedInvites[inviter]?.contains(invite.invite) != true
        {
            return "every unused invite is counted for its inviter"
        }
    }
    if owners.values.contains(where: { $0 > 1 }) { return "a participant has one unused invite" }
    for device in directory.devices.values {
        if directory.people[device.person]?.devices.contains(device.device) != true {
            return "every device belongs to its person"
        }
        let isGone = directory.participant(of: device.person) == nil
        if isGone && device.state != .revoked { return "nobody's device is revoked" }
    }
    return nil
}

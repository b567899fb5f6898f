// SPDX-License-Identifier: Apache-2.0

/// The people, devices, invites, rooms, proposals and administrators of a programme.
///
/// A value that is built from the records of the log ``StreamID/directory``:
/// `decide` says what follows from a command, `evolve` puts it in force. It knows no
/// cryptography: what it is handed has been verified, and invites are known by hashes alone.
/// A change touches a few entries of dictionaries in place, so hold one copy of the value.
///
/// - Source: DESIGN.md D6, D16 and D23; SEALING.md 3.1 and 3.2.
public struct Directory: Equatable, Sendable {
    /// How much it takes.
    public let limits: DirectoryLimits
    /// When the last record was made; time never runs back.
    public internal(set) var lastAt = Timestamp(milliseconds: .min)
    /// The administrators, enrolled or not.
    public internal(set) var administrators: Set<ParticipantID> = []
    /// With which policy a room begins where its first member does not choose another.
    public internal(set) var defaults = RoomPolicy.standard
    /// The room in which administrators read what is released; `nil` until one of them opens it.
    public internal(set) var programme: RoomID?
    /// The programme's own formats by name.
    public internal(set) var formats: [String: SessionFormat] = [:]

    var participants: [ParticipantID: Participant] = [:]
    var participantsByName: [String: ParticipantID] = [:]
    var removedParticipants: Set<ParticipantID> = []
    var removedPeople: [ParticipantID: PersonID] = [:]
    var people: [PersonID: EnrolledPerson] = [:]
    var devices: [DeviceID: DeviceRecord] = [:]
    var rooms: [RoomID: DirectoryRoom] = [:]
    var openRoomsByName: [String: RoomID] = [:]
    var invites: [Bytes32: InviteRecord] = [:]
    // Invites to enrol that nobody has used or revoked, by who made them.
    var unusedInvites: [ParticipantID: Set<Bytes32>] = [:]
    var pending: [ParticipantID: [PersonID: PendingVouch]] = [:]
    // Ascending.
    var ends: [FacilitatorEnd] = []

    /// Makes an empty directory.
    public init(limits: DirectoryLimits = DirectoryLimits()) { self.limits = limits }
}

// MARK: People and devices

extension Directory {
    /// Gives a participant who belongs to the programme.
    public func participant(_ participant: ParticipantID) -> Participant? {
        participants[participant]
    }

    /// Finds a participant by name, whatever the letter case.
    public func participant(named name: String) -> Participant? {
        participantsByName[PersonName.key(name)].flatMap { participants[$0] }
    }

    /// Gives the participant that a person is; `nil` once they were removed.
    public func participant(of person: PersonID) -> Participant? {
        people[person].flatMap { participants[$0.participant] }
    }

    /// Lists the participants in order of their names.
    ///
    /// - Complexity: sorts them all.
    public func allParticipants() -> [Participant] {
        participants.values
            .map { (key: PersonName.key($0.name), participant: $0) }
            .sorted { ($0.key, $0.participant.participant) < ($1.key, $1.participant.participant) }
            .map(\.participant)
    }

    /// Gives the participants in no order.
    public var everybody: [Participant] { Array(participants.values) }

    /// How many people belong to the programme.
    public var participantCount: Int { participants.count }

    /// Gives a person who has enrolled, also when their participant was removed since.
    public func person(_ person: PersonID) -> EnrolledPerson? { people[person] }

    /// Gives the person that a participant is, also when the participant was removed since.
    public func person(of participant: ParticipantID) -> PersonID? {
        participants[participant]?.person ?? removedPeople[participant]
    }

    /// Gives the person whose device it is, whether it counts or not.
    public func person(of device: DeviceID) -> PersonID? { devices[device]?.person }

    /// Gives a device, whether it counts or not.
    public func device(_ device: DeviceID) -> DeviceRecord? { devices[device] }

    /// Gives the device list of a person that is in force.
    public func deviceList(of person: PersonID) -> DeviceListVersion? {
        people[person]?.deviceList
    }

    /// Lists a person's devices that act for them, in the order in which they came.
    public func activeDevices(of person: PersonID) -> [DeviceRecord] {
        devices(of: person, in: .active)
    }

    /// Lists a person's devices that wait to be listed, in the order in which they came.
    public func waitingDevices(of person: PersonID) -> [DeviceRecord] {
        devices(of: person, in: .waiting)
    }

    /// Lists the devices that count no more once a device list is in force: those that it names
    /// as revoked, and active ones that it no longer names.
    public func devicesEnding(with listed: DeviceListed) -> [DeviceID] {
        let named = Set(listed.devices)
        let dropped = Set(listed.revoked)
        return (people[listed.person]?.devices ?? []).filter { device in
            switch devices[device]?.state {
            case .active: dropped.contains(device) || !named.contains(device)
            case .waiting: dropped.contains(device)
            case .revoked, nil: false
            }
        }
    }

    private func devices(of person: PersonID, in state: DeviceState) -> [DeviceRecord] {
        let all = people[person]?.devices ?? []
        return all.compactMap { devices[$0] }.filter { $0.state == state }
    }

    /// Whether a participant is an administrator.
    public func isAdministrator(_ participant: ParticipantID) -> Bool {
        administrators.contains(participant)
    }

    // Whether somebody could act for the participant now.
    func hasActiveDevice(_ participant: ParticipantID) -> Bool {
        guard let person = participants[participant]?.person else { return false }
        return !activeDevices(of: person).isEmpty
    }
}

// MARK: Vouchers

extension Directory {
    /// Lists those who have enrolled with an invite of this participant's, and wait for them to
    /// vouch, in order of the persons.
    public func pendingVouches(for inviter: ParticipantID) -> [PendingVouch] {
        (pending[inviter] ?? [:]).values.sorted { $0.person < $1.person }
    }

    /// Lists the words that a person's inviters gave for them.
    public func vouchers(for person: PersonID) -> [Voucher] { people[person]?.vouchers ?? [] }
}

// MARK: Rooms

extension Directory {
    /// Gives a room, open or closed.
    public func room(_ room: RoomID) -> DirectoryRoom? { rooms[room] }

    /// Finds an open room by name, whatever the letter case.
    public func openRoom(named name: String) -> DirectoryRoom? {
        openRoomsByName[RoomName.key(name)].flatMap { rooms[$0] }
    }

    /// Lists every room there ever was, closed ones too.
    public func allRooms() -> [RoomID] { rooms.keys.sorted() }

    /// Lists the open rooms in order of their names.
    ///
    /// - Complexity: sorts them all.
    public func openRooms() -> [DirectoryRoom] {
        openRoomsByName.sorted { $0.key < $1.key }.compactMap { rooms[$0.value] }
    }

    /// Lists the proposals that concern a participant, in order of the rooms' names.
    public func rooms(
        of participant: ParticipantID
    ) -> [(room: DirectoryRoom, proposal: MembershipProposal)] {
        let ids = participants[participant]?.rooms ?? []
        let found = ids.compactMap { id -> (room: DirectoryRoom, proposal: MembershipProposal)? in
            guard let room = rooms[id], let proposal = room.proposals[participant] else {
                return nil
            }
            return (room, proposal)
        }
        return found.sorted { ($0.room.name, $0.room.room) < ($1.room.name, $1.room.room) }
    }

    /// For how many rooms a participant is proposed, closed ones included.
    public func roomCount(of participant: ParticipantID) -> Int {
        participants[participant]?.rooms.count ?? 0
    }

    /// Lists who is proposed for a room, in the order in which they were proposed last.
    public func proposals(in room: RoomID) -> [MembershipProposal] {
        (rooms[room]?.proposals ?? [:]).values.sorted {
            ($0.proposed, $0.participant) < ($1.proposed, $1.participant)
        }
    }

    /// Gives what is proposed for a participant in a room.
    public func proposal(_ participant: ParticipantID, in room: RoomID) -> MembershipProposal? {
        rooms[room]?.proposals[participant]
    }

    /// Lists the facilitators whose end date has come, earliest first.
    public func facilitatorEnds(dueAt time: Timestamp) -> [FacilitatorEnd] {
        Array(ends.prefix { $0.until <= time })
    }

    /// When the next facilitator's end date comes.
    public var nextFacilitatorEnd: Timestamp? { ends.first?.until }
}

// MARK: Invites

extension Directory {
    /// Gives an invite by its hash, unless it was revoked or never made.
    public func invite(_ invite: Bytes32) -> InviteRecord? { invites[invite] }

    /// Says how an invite stands at a time.
    public func status(of invite: InviteRecord, at time: Timestamp) -> InviteStatus {
        if invite.use != nil { return .used }
        if invite.isDeclined || time >= invite.expires { return .expired }
        return isMakerTrusted(invite) ? .open : .expired
    }

    // Whether who made an invite could make it now: whoever holds its secret can enrol as the
    // participant, so it must not outlive its maker's device or rights.
    func isMakerTrusted(_ invite: InviteRecord) -> Bool {
        guard let device = invite.device else { return true }
        guard devices[device]?.state == .active, let inviter = invite.inviter,
            participants[inviter] != nil
        else { return false }
        if administrators.contains(inviter) { return true }
        if invite.purpose == .device { return inviter == invite.participant }
        return invite.room != nil && !administrators.contains(invite.participant)
    }

    /// Gives the last invite to enrol that a participant was sent and has not used.
    public func unusedInvite(for participant: ParticipantID) -> InviteRecord? {
        participants[participant]?.invite.flatMap { invites[$0] }
    }

    /// Lists the invites to enrol that are open at a time, the first to expire first.
    ///
    /// - Parameters:
    ///   - inviter: who made them; `nil` for everybody's.
    ///   - time: the time.
    /// - Returns: the invites.
    public func openInvites(by inviter: ParticipantID? = nil, at time: Timestamp) -> [InviteRecord]
    {
        let candidates: [InviteRecord]
        if let inviter {
            candidates = (unusedInvites[inviter] ?? []).compactMap { invites[$0] }
        } else {
            candidates = participants.values.compactMap { $0.invite.flatMap { invites[$0] } }
        }
        return candidates.filter { status(of: $0, at: time) == .open }
            .sorted { ($0.expires, $0.invite) < ($1.expires, $1.invite) }
    }

    /// Counts the invites to enrol by how they stand at a time.
    ///
    /// - Complexity: looks at every invite.
    public func inviteCounts(at time: Timestamp) -> InviteCounts {
        var counts = InviteCounts()
        for invite in invites.values where invite.purpose != .device {
            switch status(of: invite, at: time) {
            case .open: counts.open += 1
            case .used: counts.used += 1
            case .expired: counts.expired += 1
            }
        }
        return counts
    }

    /// Gives what the bearer of a used invite is answered when they come again with the same
    /// keys, within the invite's time and a little after; `nil` to everybody else.
    public func answer(
        to invite: Bytes32,
        requestKey: Bytes32,
        device: DeviceID,
        at time: Timestamp
    ) -> EnrolmentAnswer? {
        guard let record = invites[invite], let use = record.use,
            use.requestKey == requestKey, use.device == device,
            time < record.expires.adding(milliseconds: limits.answerAgainMs),
            let found = devices[device], found.state != .revoked,
            let participant = participants[record.participant]
        else { return nil }
        return EnrolmentAnswer(
            participant: participant.participant,
            name: participant.name,
            person: use.person,
            device: device,
            certificate: found.certificate,
            purpose: record.purpose
        )
    }
}

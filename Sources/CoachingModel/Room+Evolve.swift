// SPDX-License-Identifier: Apache-2.0

extension Room {
    /// Takes one more record into the state.
    ///
    /// Total: a record that cannot be (a client may be shown the log of a lying server) is counted
    /// and changes as little as possible, above all no audience beyond the signed roster. Clients
    /// call ``check(_:)`` first.
    ///
    /// - Complexity: O(members) at most; outside a session O(1) for presence, acceptance and the
    ///   clock.
    public mutating func evolve(_ record: RoomRecord) {
        position = position == .max ? .max : position + 1
        lastAt = max(lastAt, record.at)
        switch record.event {
        // Who is there, or has the floor, from here on had no part in the time before.
        case .rostered, .excluded, .attended, .agreementAccepted, .floorCalled, .muted:
            countFloors(until: lastAt)
        default: break
        }
        switch record.event {
        case .rostered(let rostered): evolve(rostered)
        case .devicesChanged(let changed): evolve(changed)
        case .excluded(let excluded): evolve(excluded)
        case .agreementProposed(let version): propose(version)
        case .agreementAccepted(let version): accept(version, by: record.by)
        case .attended(let attended): evolve(attended)
        case .sessionStarted(let started): evolve(started, by: record.by)
        case .turnOpened(let turn): evolve(turn)
        case .turnClosed(let closed): evolve(closed)
        case .phaseStarted(let phase): evolve(phase)
        case .clockSet(let set): evolve(set, by: record.by)
        case .replanned(let replanned): evolve(replanned)
        case .sessionEnded(let ended): evolve(ended)
        case .restoreAccepted(let accepted): evolve(accepted, at: record.at)
        case .promptOpened(let opened): evolve(opened, by: record.by)
        case .promptClosed(let closed): evolve(closed)
        case .historyGranted(let granted): evolve(granted)
        case .handedOver(let handed): evolve(handed)
        case .rotaSet(let set): evolve(set)
        case .keeperReached(let reached): evolve(reached)
        case .needMet(let met): evolve(met)
        case .meetingSet(let set): evolve(set)
        case .coming(let coming): evolve(coming, by: record.by)
        case .floorCalled(let call): evolve(call)
        case .muted(let muted): evolve(muted)
        case .shut(let shut): evolve(shut)
        case .visitAsked(let place): evolve(visitAsked: place, by: record.by)
        case .turnChanged(let changed): evolve(changed, by: record.by)
        case .visitEnded(let ended): evolve(ended)
        case .deviationProposed, .deviationAgreed, .deviationEnded: evolveDeviation(record)
        case .relationshipCalled(let call): evolve(call, by: record.by)
        case .farewellSaid(let farewell): evolve(farewell, by: record.by)
        case .facilitatorCalled(let place): evolve(called: place, by: record.by)
        case .unrecognised: break
        }
    }
}

// MARK: - Members

extension Room {
    private mutating func evolve(_ rostered: Rostered) {
        let genesis = roster == nil
        if genesis { genesisSigner = rostered.signer }
        roster = rostered.roster
        rosterHash = rostered.hash
        if !policy.namesToAdministrators { session?.namesAgreed = false }
        let marks = Marks(rostered.marks, genesis: genesis)
        let named = Set(rostered.roster.members.map(\.person))
        let (authors, readers) = (Set(people.keys), Set(programmeReaders))
        for (person, state) in people where state.isMember && !named.contains(person) {
            endMembership(of: person, marks: marks)
        }
        for member in rostered.roster.members { take(member, marks: marks) }
        openReleases(besides: authors, readers, marks)
        for member in rostered.roster.members { refreshDevices(of: member.person) }
        settlePrompts()
        settleAgreement()
        settleFloors()
        settleShut()
        settleRelationship()
    }

    private mutating func take(_ member: RosterMember, marks: Marks) {
        let person = member.person
        guard var state = people[person], state.isMember else {
            var state =
                people[person]
                ?? PersonState(member: member, admittedAt: position, changedAt: position)
            state.member = member
            state.hasFacilitated = state.hasFacilitated || member.membership == .facilitator
            state.isMember = true
            state.awaitsList = true
            state.admittedAt = position
            state.changedAt = position
            state.roomNumbers.open(after: marks.room)
            if member.membership == .peer { state.peersNumbers.open(after: marks.peers) }
            people[person] = state
            noteChange(of: member.membership)
            return
        }
        let before = state.member.membership
        if before != member.membership {
            if member.membership == .peer {
                state.peersNumbers.open(after: marks.peers)
            } else {
                state.peersNumbers.close(at: marks.peers)
            }
            if before == .facilitator {
                state.closeReleases(marks)
                endVisits(of: person, marks)
                farewells[person] = nil
            }
            state.changedAt = position
            noteChange(of: .peer)
            noteChange(of: .facilitator)
        }
        state.member = member
        state.hasFacilitated = state.hasFacilitated || member.membership == .facilitator
        people[person] = state
    }

    private mutating func evolve(_ changed: DevicesChanged) {
        let person = changed.list.person
        guard var state = people[person], state.isMember else { return }
        if let known = state.list {
            let follows =
                state.awaitsList
                ? changed.list.version >= known.version : changed.list.version > known.version
            guard follows else { return }
        }
        state.list = changed.list
        state.awaitsList = false
        state.revoked.formUnion(changed.list.revoked)
        people[person] = state
        for listed in changed.list.devices where devicesEver[listed.device] == nil {
            devicesEver[listed.device] = KnownDevice(person: person, listed: listed)
        }
        refreshDevices(of: person)
    }

    /// Works out anew which of a member's devices may read, and notes it where that changed.
    private mutating func refreshDevices(of person: PersonID) {
        guard let state = people[person] else { return }
        let devices = activeDevices(of: state, person: person)
        guard devices != state.devices else { return }
        for device in state.devices where deviceOwners[device] == person {
            deviceOwners[device] = nil
        }
        for device in devices { deviceOwners[device] = person }
        people[person]?.devices = devices
        people[person]?.changedAt = position
        if state.isMember { noteChange(of: state.member.membership) }
    }

    private func activeDevices(of state: PersonState, person: PersonID) -> [DeviceID] {
        guard state.isMember, !state.awaitsList, let list = state.list, let roster,
            list.version >= state.member.leastDeviceListVersion
        else { return [] }
        let devices = list.devices.lazy.map(\.device).filter { device in
            !state.revoked.contains(device) && !roster.excludedDevices.contains(device)
                && devicesEver[device]?.person == person
        }
        return Set(devices).sorted()
    }

    private mutating func evolve(_ excluded: Excluded) {
        guard people[excluded.person]?.isMember == true else { return }
        endMembership(of: excluded.person, marks: Marks(excluded.marks, genesis: false))
        settlePrompts()
        settleAgreement()
        settleFloors()
        settleShut()
        settleRelationship()
    }

    private mutating func endMembership(of person: PersonID, marks: Marks) {
        guard var state = people[person] else { return }
        let membership = state.member.membership
        state.isMember = false
        state.roomNumbers.close(at: marks.room)
        state.peersNumbers.close(at: marks.peers)
        state.closeReleases(marks)
        state.formerly.append(
            FormerMembership(from: state.admittedAt, until: position, marks: marks.turns)
        )
        state.changedAt = position
        state.presence = .away
        state.accepted = nil
        state.acceptedProposed = false
        people[person] = state
        refreshDevices(of: person)
        noteChange(of: membership)
        history.forget(person)
        forgetDeviations(of: person)
        farewells[person] = nil
        session?.seats[person] = nil
        session?.planned.remove(person)
        session?.expected.remove(person)
        session?.came.remove(person)
        endVisits(of: person, marks)
        session?.muted.remove(person)
    }

    /// Notes that the readers of `room`, and for a peer those of `peers`, changed here, for a
    /// facilitator those of what is released.
    private mutating func noteChange(of membership: Membership) {
        roomChangedAt = position
        switch membership {
        case .peer: peersChangedAt = position
        case .facilitator: facilitatorsChangedAt = position
        }
    }
}

/// The marks of an event, by what they are for.
struct Marks {
    private let numbers: [TranscriptKey: UInt64]
    /// Where `room` stood; in the genesis 0, unknown where the event does not say.
    let room: UInt64?
    /// Where `peers` stood.
    let peers: UInt64?

    init(_ marks: [TranscriptMark], genesis: Bool) {
        numbers = Dictionary(marks.map { ($0.key, $0.number) }, uniquingKeysWith: min)
        room = numbers[.room] ?? (genesis ? 0 : nil)
        peers = numbers[.peers] ?? (genesis ? 0 : nil)
    }

    /// Where a transcript stood; unknown where the event does not say.
    func number(of key: TranscriptKey) -> UInt64? { numbers[key] }

    /// Where turns stood.
    var turns: [TurnID: UInt64] {
        var turns: [TurnID: UInt64] = [:]
        for (key, number) in numbers {
            if case .turn(let turn) = key { turns[turn] = number }
        }
        return turns
    }
}

extension [ClosedRange<UInt64>] {
    /// Lets read on from behind a mark; without one nothing, since nobody said from where.
    mutating func open(after mark: UInt64?) {
        guard let mark, mark < .max, last?.upperBound != .max else { return }
        let first = Swift.max(mark + 1, last.map { $0.upperBound + 1 } ?? 0)
        append(first...UInt64.max)
    }

    /// Ends the reading at a mark; without one nothing of the span stays readable.
    mutating func close(at mark: UInt64?) {
        guard let last, last.upperBound == .max else { return }
        removeLast()
        if let mark, mark >= last.lowerBound, mark < .max { append(last.lowerBound...mark) }
    }
}

// MARK: - Agreement and presence

extension Room {
    /// The version that was proposed last, whether or not it came into force.
    var latestAgreement: AgreementVersion? { agreementProposed ?? agreementInForce }

    private mutating func propose(_ version: AgreementVersion) {
        guard version.version > latestAgreement?.version ?? 0 else { return }
        for person in people.keys { people[person]?.acceptedProposed = false }
        if agreementInForce == nil {
            agreementInForce = version
        } else {
            agreementProposed = version
        }
    }

    private mutating func accept(_ version: AgreementVersion, by person: PersonID?) {
        guard let person, people[person]?.isMember == true else { return }
        if version == agreementInForce {
            people[person]?.accepted = version.version
        } else if version == agreementProposed {
            people[person]?.acceptedProposed = true
            settleAgreement()
        }
    }

    /// Puts the proposed version in force as soon as every member accepted it.
    private mutating func settleAgreement() {
        guard let version = agreementProposed else { return }
        let members = people.filter(\.value.isMember)
        guard !members.isEmpty, members.allSatisfy(\.value.acceptedProposed) else { return }
        agreementInForce = version
        agreementProposed = nil
        for person in members.keys {
            people[person]?.accepted = version.version
            people[person]?.acceptedProposed = false
        }
    }

    private mutating func evolve(_ attended: Attended) {
        guard people[attended.person]?.isMember == true else { return }
        people[attended.person]?.presence = attended.presence
        if attended.presence != .away { session?.came.insert(attended.person) }
        settleFloors()
    }
}

// SPDX-License-Identifier: Apache-2.0

extension Room {
    /// Checks a record that somebody else decided, before it is taken in.
    ///
    /// A client calls it on each record that a server sends, and stops at the first that is
    /// refused: with it a server can choose only among people whom a keeper signed in, seat
    /// nobody in a turn that has begun, and not turn back time. Signatures and hashes over the
    /// signed bytes are checked apart (by CoachingEnvelope).
    ///
    /// The genesis' signer can be checked only when the device lists behind it have come: see
    /// ``genesisSigner``.
    ///
    /// - Throws: the rule that the record breaks.
    public func check(_ record: RoomRecord) throws(RoomRejection) {
        guard record.at >= lastAt else { throw .outOfBounds }
        guard takes(record.event) else { throw .programmeOnly }
        switch record.event {
        case .rostered(let rostered):
            try checkRoster(rostered, peopleMax: RoomLimits.peopleBound)
        case .devicesChanged(let changed):
            try checkDevices(changed.list, devicesMax: RoomLimits.devicesBound)
        case .turnOpened(let turn): try checkTurn(turn)
        case .restoreAccepted(let accepted):
            try checkAcceptance(accepted)
            guard record.by == person(of: accepted.signer) else { throw .notAKeeper }
        case .promptOpened(let opened): try checkOpened(opened, record)
        case .promptClosed(let closed): try checkClosed(closed)
        case .historyGranted(let granted):
            guard try checkGrant(granted) == record.by else { throw .grantInvalid }
        case .muted, .shut: try checkModerated(record)
        case .visitAsked, .turnChanged: try checkVisiting(record)
        case .floorCalled(let call) where call.wish == .give || call.wish == .take:
            try checkModerated(record)
        case .deviationProposed, .deviationAgreed, .deviationEnded: try checkDeviation(record)
        case .relationshipCalled(let call): try checkRelationship(call, by: record.by)
        case .farewellSaid: try checkFarewell(by: record.by)
        case .facilitatorCalled(let place): try checkCall(from: place.turn, by: record.by)
        default:
            guard roster != nil else { throw .rosterConflict }
        }
    }

    /// Checks that a roster follows from the one in force and is sound in itself.
    ///
    /// - Throws: ``RoomRejection/rosterConflict``, `notAKeeper`, `roomFull`, `noKeeperLeft`,
    ///   `outOfBounds` or `roomClosed`.
    func checkRoster(_ rostered: Rostered, peopleMax: Int) throws(RoomRejection) {
        let next = rostered.roster
        guard next.room == id else { throw .rosterConflict }
        if let roster {
            guard !members.isEmpty else { throw .roomClosed }
            guard roster.version < .max, next.version == roster.version + 1,
                next.previous == rosterHash
            else { throw .rosterConflict }
            guard let signer = person(of: rostered.signer), isKeeper(signer) else {
                throw .notAKeeper
            }
            guard next.isProgramme == roster.isProgramme else { throw .rosterConflict }
        } else {
            guard next.version == 1, next.previous == .zero else { throw .rosterConflict }
        }
        guard !next.members.isEmpty else { throw .noKeeperLeft }
        guard next.members.count <= peopleMax else { throw .roomFull }
        guard next.members.map(\.person).strictlyAscends, next.excludedDevices.strictlyAscends
        else { throw .rosterConflict }
        guard next.excludedDevices.count <= RoomLimits.excludedDevicesMax,
            rostered.marks.count <= RoomLimits.marksMax,
            next.members.allSatisfy({ PersonName.mistake($0.name) == nil }),
            next.members.compactMap(\.voucher).allSatisfy({ PersonName.mistake($0) == nil })
        else { throw .outOfBounds }
        let names = Set(next.members.map { PersonName.key($0.name) })
        guard names.count == next.members.count else { throw .rosterConflict }
        for member in next.members {
            guard let known = people[member.person] else { continue }
            guard known.member.identityKey == member.identityKey else { throw .rosterConflict }
        }
        if position > 0, changesMembers(next) {
            let marked = Set(rostered.marks.map(\.key))
            guard marked.contains(.room), marked.contains(.peers) else { throw .outOfBounds }
        }
    }

    /// Checks that a device list follows from the one that the room has of this member.
    ///
    /// - Throws: ``RoomRejection/notAMember``, `deviceListConflict` or `outOfBounds`.
    func checkDevices(_ list: DeviceList, devicesMax: Int) throws(RoomRejection) {
        guard let state = people[list.person], state.isMember else { throw .notAMember }
        try checkDevices(list, of: state, awaited: state.awaitsList, devicesMax: devicesMax)
    }

    /// Checks a list against what is known of its person; `nil` for somebody quite new.
    func checkDevices(
        _ list: DeviceList,
        of state: PersonState?,
        awaited: Bool,
        devicesMax: Int
    ) throws(RoomRejection) {
        guard list.devices.count <= devicesMax, list.revoked.count <= RoomLimits.revokedMax
        else { throw .outOfBounds }
        guard list.version > 0, list.devices.map(\.device).strictlyAscends,
            list.revoked.strictlyAscends
        else { throw .deviceListConflict }
        if let known = state?.list {
            guard list.identityKey == known.identityKey else { throw .deviceListConflict }
            // Lists of somebody who was not a member were not copied here: some may be skipped.
            let follows =
                awaited
                ? list.version > known.version || list == known
                : known.version < .max && list.version == known.version + 1
            guard follows else { throw .deviceListConflict }
        }
        let revoked = Set(list.revoked)
        guard state?.revoked.isSubset(of: revoked) ?? true,
            list.devices.allSatisfy({ !revoked.contains($0.device) }),
            list.devices.allSatisfy({ author(of: $0.device).map { $0 == list.person } ?? true })
        else { throw .deviceListConflict }
    }

    private func checkTurn(_ turn: Turn) throws(RoomRejection) {
        guard let session, session.id == turn.session else { throw .noSession }
        guard session.turns[turn.id] == nil, turn.round > 0 else { throw .planChanged }
        let people = turn.pod.people
        guard Set(people).count == people.count, !turn.pod.coaches.isEmpty else {
            throw .planChanged
        }
        for person in people {
            guard membership(of: person) == .peer else { throw .notAMember }
            guard session.seats[person] == nil else { throw .planChanged }
        }
    }

    /// Whether a roster lets somebody in or out, or makes a peer of a facilitator or the reverse.
    func changesMembers(_ next: Roster) -> Bool {
        let before = Dictionary(
            members.map { ($0.person, $0.membership) },
            uniquingKeysWith: { first, _ in first }
        )
        let after = Dictionary(
            next.members.map { ($0.person, $0.membership) },
            uniquingKeysWith: { first, _ in first }
        )
        return before != after
    }
}

extension Array where Element: Comparable {
    /// Whether each element is greater than the one before it.
    var strictlyAscends: Bool { zip(self, dropFirst()).allSatisfy { $0 < $1 } }
}

// SPDX-License-Identifier: Apache-2.0

extension Room {
    /// Lets in and out whom a keeper signed in and out.
    func admit(
        _ rostered: Rostered,
        _ lists: [DevicesChanged],
        by actor: RoomActor,
        limits: RoomLimits,
        _ course: inout Course
    ) throws(RoomRejection) {
        let next = rostered.roster
        if roster == nil {
            guard case .person(let person, let device) = actor else { throw .notAKeeper }
            guard device == rostered.signer, next.keepers.contains(person) else {
                throw .notAKeeper
            }
        } else {
            let person = try member(asking: actor)
            guard isKeeper(person) else { throw .notAKeeper }
        }
        try checkRoster(
            rostered,
            peopleMax: next.isProgramme ? RoomLimits.peopleBound : limits.peopleMax
        )
        // Who was excluded after this roster was signed counts as new: without their device list
        // the roster is refused, so an old signature brings nobody back.
        let newcomers = next.members.filter { !isMember($0.person) }
        guard newcomers.isEmpty || !isShut else { throw .roomShut }
        guard lists.map(\.list.person).sorted() == newcomers.map(\.person) else {
            throw .rosterConflict
        }
        for (newcomer, changed) in zip(
            newcomers,
            lists.sorted { $0.list.person < $1.list.person }
        ) {
            guard changed.list.identityKey == newcomer.identityKey,
                changed.list.version >= newcomer.leastDeviceListVersion,
                !changed.list.devices.isEmpty
            else { throw .deviceListConflict }
            try checkDevices(
                changed.list,
                of: people[newcomer.person],
                awaited: true,
                devicesMax: limits.devicesMax
            )
        }
        let added = lists.flatMap { $0.list.devices.map(\.device) }
        guard Set(added).count == added.count else { throw .deviceListConflict }
        let before = members.map(\.person)
        let facilitators = next.members.filter { $0.membership == .facilitator }.map(\.person)
        course.endVisits { !facilitators.contains($0) }
        course.add(.rostered(rostered))
        for changed in lists { course.add(.devicesChanged(changed)) }
        if roster == nil {
            guard let signer = course.room.person(of: rostered.signer),
                course.room.isKeeper(signer), .person(signer, rostered.signer) == actor
            else { throw .notAKeeper }
        }
        // Somebody who admits must be left with a device to do it.
        guard course.room.keepers.contains(where: { !course.room.devices(of: $0).isEmpty }) else {
            throw .noKeeperLeft
        }
        if before.contains(where: { !course.room.isMember($0) }) {
            course.goOnWithoutThoseWhoLeft()
        }
    }

    /// Ends a membership.
    func exclude(
        _ person: PersonID,
        _ cause: ExclusionCause,
        _ marks: [TranscriptMark],
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        switch cause {
        case .left:
            guard try member(asking: actor) == person else { throw .notAKeeper }
        case .removed:
            guard isKeeper(try member(asking: actor)) else { throw .notAKeeper }
        case .administrator:
            guard actor == .administrator else { throw .notAKeeper }
        case .endDate:
            guard actor == .server else { throw .notAKeeper }
        }
        guard let membership = membership(of: person) else { throw .notAMember }
        if cause == .endDate, membership != .facilitator { throw .outOfBounds }
        if cause == .removed, members.count == 1 { throw .noKeeperLeft }
        let marked = Set(marks.map(\.key))
        guard marks.count <= RoomLimits.marksMax, marked.contains(.room), marked.contains(.peers)
        else { throw .outOfBounds }
        course.endVisits { $0 == person }
        course.add(.excluded(Excluded(person: person, cause: cause, marks: marks)))
        course.goOnWithoutThoseWhoLeft()
        course.endHeldPhases()
    }

    /// Proposes a version of the agreement.
    func propose(
        _ version: AgreementVersion,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        guard isKeeper(try member(asking: actor)) else { throw .notAKeeper }
        let last = latestAgreement?.version ?? 0
        guard last < .max, version.version == last + 1 else { throw .agreementUnknown }
        course.add(.agreementProposed(version))
    }

    /// Accepts a version of the agreement.
    func accept(
        _ version: AgreementVersion,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard version == agreementInForce || version == agreementProposed else {
            throw .agreementUnknown
        }
        let state = people[person]
        let accepted =
            version == agreementInForce
            ? state?.accepted == version.version : state?.acceptedProposed == true
        if !accepted { course.add(.agreementAccepted(version)) }
    }

    /// Sets how somebody is there.
    func attend(
        _ person: PersonID,
        _ presence: Presence,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        if actor == .server {
            // It notes who has gone without a word; in a session a lost connection changes nothing.
            guard presence == .away, session == nil else { throw .notInCharge }
        } else {
            let asking = try member(asking: actor)
            guard asking == person || isInCharge(asking) else { throw .notInCharge }
        }
        guard isMember(person) else { throw .notAMember }
        guard presence == .away || hasAccepted(person) else { throw .agreementNotAccepted }
        guard presence == .away || mayCome(person) else { throw .roomShut }
        if self.presence(of: person) != presence {
            course.add(.attended(Attended(person: person, presence: presence)))
            course.endHeldPhases()
        }
    }
}

extension Roster {
    /// Who admits others by this roster: its facilitators, or every peer where there is none; in
    /// the programme's room its administrators alone.
    public var keepers: [PersonID] {
        let facilitators = members.filter { $0.membership == .facilitator }
        return (facilitators.isEmpty && !isProgramme ? members : facilitators).map(\.person)
    }
}

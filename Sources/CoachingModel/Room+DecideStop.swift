// SPDX-License-Identifier: Apache-2.0

// Going back a phase, and everybody's right to stop the clock.

extension Room {
    /// Whether a person can let the clock go on that one of those who work stopped.
    public func mayResume(_ person: PersonID) -> Bool {
        course(of: person)?.clock.isStopped == true && floor(of: person) != nil
            && presence(of: person) != .away
    }

    /// Begins the phase before the running one anew, with all its time, in every pod.
    ///
    /// Within a round or what is before or after the rounds: turns that are over stay over.
    func goBack(by actor: RoomActor, _ course: inout Course) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard let places = session?.places else { throw .noSession }
        guard isInCharge(person) else { throw .notInCharge }
        course.endDuePhases()
        guard let session = course.room.session, session.places == places else { return }
        let later = session.clocks.filter { session[clock: $0].place.phase > 0 }
        guard !later.isEmpty else { throw .outOfBounds }
        for number in later { course.beginAnew(session[clock: number].place, number) }
    }

    /// Stops the clock of their pod, or of the whole group, for whoever has a role; the record
    /// names nobody.
    func stop(by actor: RoomActor, _ course: inout Course) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard session != nil else { throw .noSession }
        course.endDuePhases()
        guard course.room.session != nil else { return }
        guard let number = course.room.floorNumber(of: person),
            course.room.session?.floors[number] != nil, presence(of: person) != .away
        else { throw .noRoleNow }
        try course.stop([course.clock(ofFloor: number)], naming: false)
    }
}

extension Course {
    fileprivate mutating func beginAnew(_ place: PhasePlace, _ pod: UInt8?) {
        guard let session = room.session else { return }
        let place = PhasePlace(round: place.round, phase: place.phase - 1)
        let ends = now.adding(milliseconds: session.duration(of: place))
        add(.phaseStarted(PhaseStarted(place: place, pod: pod, ends: ends)))
    }
}

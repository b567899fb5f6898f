// SPDX-License-Identifier: Apache-2.0

// Going back a phase, and everybody's right to stop the clock.

extension Room {
    /// Whether a person can let the clock go on that one of those who work stopped.
    public func mayResume(_ person: PersonID) -> Bool {
        session?.clock.isStopped == true && floor(of: person) != nil
            && presence(of: person) != .away
    }

    /// Begins the phase before the running one anew, with all its time.
    ///
    /// Within a round or what is before or after the rounds: turns that are over stay over.
    func goBack(by actor: RoomActor, _ course: inout Course) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard let place = session?.place else { throw .noSession }
        guard isInCharge(person) else { throw .notInCharge }
        course.endDuePhases()
        guard let session = course.room.session, session.place == place else { return }
        guard place.phase > 0 else { throw .outOfBounds }
        course.beginAnew(PhasePlace(round: place.round, phase: place.phase - 1))
    }

    /// Stops the clock for whoever has a role; the record names nobody.
    func stop(by actor: RoomActor, _ course: inout Course) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard session != nil else { throw .noSession }
        course.endDuePhases()
        guard let session = course.room.session else { return }
        guard course.room.floor(of: person) != nil, presence(of: person) != .away else {
            throw .noRoleNow
        }
        guard let ends = session.ends else { throw .alreadyPaused }
        let left = max(0, ends.milliseconds(since: course.now))
        course.follow(.clockSet(ClockSet(cause: .paused, pod: nil, ends: nil, left: left)))
    }
}

extension Course {
    fileprivate mutating func beginAnew(_ place: PhasePlace) {
        guard let session = room.session else { return }
        let ends = now.adding(milliseconds: session.duration(of: place))
        add(.phaseStarted(PhaseStarted(place: place, pod: nil, ends: ends)))
    }
}

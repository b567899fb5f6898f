// SPDX-License-Identifier: Apache-2.0

extension Room {
    /// Works out what `start` would plan at an instant, for whoever wants to see it first.
    ///
    /// The rounds depend on who is present and on the history alone, so that what was shown can
    /// be compared with what is planned when the start arrives; the times depend on the instant.
    ///
    /// - Throws: ``RoomRejection/formatInvalid``, `outOfBounds`, `tooFewPresent`,
    ///   `timeDoesNotFit`, `meetingBeforeMissing` or `pairsNotPresent`.
    public func preview(
        format: SessionFormat,
        until: Timestamp?,
        pace: UInt16,
        at: Timestamp,
        medium: Medium
    ) throws(RoomRejection) -> SessionPlan {
        guard (1...RoomLimits.paceMax).contains(pace) else { throw .outOfBounds }
        guard format.mistakes.isEmpty else { throw .formatInvalid }
        let present = present
        guard present.count >= 2 else { throw .tooFewPresent }
        let continued =
            format.follows == nil ? nil : try continuedRounds(of: format, present: present)
        do throws(PlanRefusal) {
            let rounds: [[Pod]]
            if let continued {
                rounds = continued
            } else {
                rounds = try planned(of: format, present: present)
            }
            let seats = rounds.joined().reduce(0) { $0 + $1.people.count }
            guard seats <= RoomLimits.seatsMax else {
                throw PlanRefusal.tooManyPeople(present: present.count, most: 0)
            }
            let timetable = try Timetable.fit(
                format: format,
                rounds: rounds.count,
                from: max(at, lastAt),
                until: until,
                pace: pace
            )
            return SessionPlan(rounds: rounds, timetable: timetable)
        } catch {
            throw RoomRejection(error)
        }
    }

    /// Plans the rounds of a format with who is there, and with what two of them agreed.
    func planned(
        of format: SessionFormat,
        present: [PersonID]
    ) throws(PlanRefusal) -> [[Pod]] {
        let rounds = try RotationPlanner.plan(present: present, of: format, history: history)
        return RotationPlanner.given(away: deviations.filter(\.isAgreed).map(\.terms), in: rounds)
    }

    /// Starts a session.
    func start(
        _ start: SessionStart,
        by actor: RoomActor,
        written: Set<FeedbackDue>,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        if hasFacilitator {
            guard membership(of: person) == .facilitator || isInCharge(person) else {
                throw .notInCharge
            }
        } else {
            guard hasAccepted(person) else { throw .agreementNotAccepted }
            guard isPresentPeer(person) else { throw .notPresent }
        }
        guard session == nil else { throw .sessionRunning }
        guard !knowsSession(start.session) else { throw .outOfBounds }
        try checkStart()
        let plan = try preview(
            format: start.format,
            until: start.until,
            pace: start.pace,
            at: course.now,
            medium: start.medium
        )
        if let shown = start.shown, shown != plan.rounds { throw .planChanged }
        guard writtenAwaited(for: start.format, in: plan.rounds).allSatisfy(written.contains)
        else { throw .writtenFeedbackMissing }
        course.add(
            .sessionStarted(
                SessionStarted(
                    session: start.session,
                    format: start.format,
                    medium: start.medium,
                    plan: plan,
                    pace: start.pace,
                    host: hasFacilitator ? nil : host(ifStartedBy: person),
                    purpose: start.purpose
                )
            )
        )
        course.begin()
    }

    /// Stops the clock, lets it go on, moves the phase's end, or ends phase or session.
    ///
    /// Phases whose time is up end first, so that the command meets the phase that runs.
    func setClock(
        _ command: RoomCommand,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard session != nil else { throw .noSession }
        guard isInCharge(person) || command == .resume && mayResume(person) else {
            throw .notInCharge
        }
        let places = session?.places ?? [:]
        course.endDuePhases()
        guard let session = course.room.session else {
            if command == .end || command == .skip { return }
            throw .noSession
        }
        switch command {
        case .pause: try course.stop(session.clocks, naming: true)
        case .resume:
            let own = isInCharge(person) ? nil : course.room.floorNumber(of: person)
            try course.resume(own.map { [course.clock(ofFloor: $0)] } ?? session.clocks)
        case .extend(let more):
            guard (1...RoomLimits.extensionMillisecondsMax).contains(more) else {
                throw .outOfBounds
            }
            try course.extend(by: more)
        case .skip:
            // The phase that was meant may just have ended by itself.
            course.endPhase(in: places)
        case .end: course.endSession(complete: false)
        default: break
        }
    }
}

extension Course {
    /// Stops clocks that run.
    mutating func stop(_ clocks: [UInt8?], naming: Bool) throws(RoomRejection) {
        guard let session = room.session else { throw .noSession }
        let running = clocks.filter { session[clock: $0].clock.ends != nil }
        guard !running.isEmpty else { throw .alreadyPaused }
        for number in running {
            let left = max(0, session[clock: number].clock.ends?.milliseconds(since: now) ?? 0)
            let set = ClockSet(cause: .paused, pod: number, ends: nil, left: left)
            if naming { add(.clockSet(set)) } else { follow(.clockSet(set)) }
        }
    }

    /// Lets clocks go on that stand.
    fileprivate mutating func resume(_ clocks: [UInt8?]) throws(RoomRejection) {
        guard let session = room.session else { throw .noSession }
        let standing = clocks.map { ($0, session[clock: $0]) }
            .filter { $0.1.clock.ends == nil && !$0.1.isThrough }
        guard !standing.isEmpty else { throw .notPaused }
        for (number, course) in standing {
            // What went on past its time has none left: going on is the next phase.
            if course.clock.isHeld {
                endPhase(of: number, in: course.place)
                continue
            }
            let ends = now.adding(milliseconds: course.clock.left ?? 0)
            add(.clockSet(ClockSet(cause: .resumed, pod: number, ends: ends, left: nil)))
        }
    }
}

extension RoomRejection {
    /// Names the rule for a plan that cannot be made.
    init(_ refusal: PlanRefusal) {
        switch refusal {
        case .tooFewPeople: self = .tooFewPresent
        case .tooManyPeople, .pace: self = .outOfBounds
        case .tooShort, .tooLong, .rounds: self = .timeDoesNotFit
        }
    }
}

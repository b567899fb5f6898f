// SPDX-License-Identifier: Apache-2.0

/// How a session goes on from phase to phase.
extension Course {
    /// Begins a session that was just started.
    mutating func begin() {
        guard let session = room.session else { return }
        if session.format.opening.isEmpty {
            beginRound(1, at: now)
        } else {
            beginPhase(PhasePlace(round: 0, phase: 0), nil, at: now)
        }
    }

    /// Ends every phase whose time is up, each next one beginning when the one before it ended.
    ///
    /// - Limits: ``RoomLimits/phasesPerWakeMax`` phases; what is left then is for the next wake.
    mutating func endDuePhases() {
        for _ in 0..<RoomLimits.phasesPerWakeMax {
            guard let session = room.session, let ends = session.nextEnd, ends <= now else {
                return
            }
            let due = session.clocks.first { session[clock: $0].clock.ends == ends } ?? nil
            if due == nil, let apart = session.openTurns.first(where: { waits($0.pod.number) }),
                session.openTurns.count > 1
            {
                // Phases inside a round are the pod's own: the others go on.
                timeIsUp(apart.pod.number, apart.pod.number, at: ends)
            } else {
                let number = session.openTurns.first?.pod.number ?? RunningSession.groupFloor
                timeIsUp(due, due ?? number, at: ends)
            }
        }
    }

    /// Ends a phase whose time is up, unless it goes on past it.
    private mutating func timeIsUp(_ clock: UInt8?, _ floor: UInt8, at instant: Timestamp) {
        if waits(floor) {
            follow(.clockSet(ClockSet(cause: .held, pod: clock, ends: nil, left: 0)))
        } else {
            goOn(clock, at: instant)
        }
    }

    /// Ends the running phase now, in all pods that were where they are; the next one runs, also
    /// where the clock stood.
    mutating func endPhase(in places: [UInt8?: PhasePlace]) {
        for clock in room.session?.clocks ?? [] {
            if let place = places[clock] ?? places[nil] { endPhase(of: clock, in: place) }
        }
    }

    /// Ends the running phase of a pod, or of all, if it is still where it was: the last pod may
    /// have ended the round for all.
    mutating func endPhase(of clock: UInt8?, in place: PhasePlace) {
        guard let session = room.session, session.clocks.contains(clock),
            session[clock: clock].place == place, !session[clock: clock].isThrough
        else { return }
        goOn(clock, at: now)
    }

    /// Ends the running phase of those who share a floor.
    mutating func endPhase(ofFloor number: UInt8) { goOn(clock(ofFloor: number), at: now) }

    /// Ends the phase of those who share a floor and are all ready, unless their clock stands or
    /// something must still be put down.
    mutating func endPhaseIfReady(onFloor number: UInt8) {
        guard let clock = room.session?.course(ofPod: number).clock,
            clock.ends != nil || clock.isHeld, room.isEverybodyReady(onFloor: number),
            room.needs(onFloor: number).isEmpty
        else { return }
        endPhase(ofFloor: number)
    }

    /// Stops the clocks where the format waits for a facilitator and none is reached.
    mutating func awaitFacilitator() {
        guard let session = room.session, session.medium == .typed,
            session.format.absence == .waits, !room.isFacilitatorReached
        else { return }
        for number in session.clocks {
            guard let ends = session[clock: number].clock.ends else { continue }
            let left = max(0, ends.milliseconds(since: now))
            follow(.clockSet(ClockSet(cause: .awaiting, pod: number, ends: nil, left: left)))
        }
    }

    /// Gives whose clock a floor goes by: its pod's own where several work at a time.
    func clock(ofFloor number: UInt8) -> UInt8? {
        guard let session = room.session, number != RunningSession.groupFloor else { return nil }
        return session.keepsTimeApart || session.openTurns.count > 1 ? number : nil
    }

    /// Stops the clocks where the server was away too long while they ran.
    mutating func interrupt(awaySince: Timestamp) {
        guard now.milliseconds(since: awaySince) >= RoomLimits.absenceMilliseconds else { return }
        for number in room.session?.clocks ?? [] {
            guard let clock = room.session?[clock: number].clock, let ends = clock.ends else {
                continue
            }
            let left = max(0, ends.milliseconds(since: max(awaySince, clock.since)))
            follow(.clockSet(ClockSet(cause: .interrupted, pod: number, ends: nil, left: left)))
        }
    }

    /// Gives the phases that run, or that a stopped clock holds, more time.
    mutating func extend(by more: Int64) throws(RoomRejection) {
        guard let session = room.session else { throw .noSession }
        var sets: [ClockSet] = []
        for number in session.clocks where !session[clock: number].isThrough {
            let clock = session[clock: number].clock
            let left = saturatingSum(
                clock.ends?.milliseconds(since: now) ?? clock.left ?? 0,
                more
            )
            guard left <= RoomLimits.phaseMillisecondsMax else { throw .outOfBounds }
            let ends = (clock.isHeld ? now : clock.ends)?.adding(milliseconds: more)
            let rest = ends == nil ? left : nil
            sets.append(ClockSet(cause: .extended, pod: number, ends: ends, left: rest))
        }
        for set in sets { add(.clockSet(set)) }
    }

    /// Ends the session; turns that are still open count as held where enough of them took place.
    mutating func endSession(complete: Bool) {
        guard let session = room.session else { return }
        for turn in session.openTurns { close(turn, held: session.countsAsHeld(turn, at: now)) }
        let ended = SessionEnded(session: session.id, complete: complete)
        if complete { follow(.sessionEnded(ended)) } else { add(.sessionEnded(ended)) }
    }

    /// Goes on after an exclusion: closes the turns that lost their client or all coaches, plans
    /// the rest anew, and ends a session that has no peers any more.
    mutating func goOnWithoutThoseWhoLeft() {
        guard let session = room.session else { return }
        guard room.members.contains(where: { $0.membership == .peer }) else {
            return endSession(complete: false)
        }
        for turn in session.openTurns {
            let coached = turn.pod.coaches.contains { room.isMember($0) }
            if !room.isMember(turn.pod.client) {
                close(turn, held: session.countsAsHeld(turn, at: now))
            } else if !coached {
                close(turn, held: false)
            }
        }
        endRoundOfThoseThrough()
        // Who is away just now may be back before the next round: only former members lose theirs.
        let peers = room.members.filter { $0.membership == .peer }.map(\.person)
        if let session = room.session, session.place.round < session.plan.rounds.count {
            replan(from: session.place.round + 1, keeping: Set(peers))
        }
    }

    /// Ends the round where only pods are left that waited for one that is no more.
    private mutating func endRoundOfThoseThrough() {
        guard let session = room.session, session.keepsTimeApart,
            session.clocks.allSatisfy({ session[clock: $0].isThrough })
        else { return }
        for turn in session.openTurns { close(turn, held: true) }
        beginRound(session.place.round &+ 1, at: now)
    }

    /// Ends a phase: of one pod, or of all who keep the same time.
    private mutating func goOn(_ pod: UInt8?, at instant: Timestamp) {
        guard let session = room.session else { return }
        let place = session[clock: pod].place
        let next = PhasePlace(round: place.round, phase: place.phase &+ 1)
        if session.phase(at: next) != nil {
            beginPhase(next, pod, at: instant)
        } else if place.round > 0, session.isTogether {
            endSession(complete: true)
        } else if let pod, session.waitsForOthers(pod) {
            follow(.clockSet(ClockSet(cause: .through, pod: pod, ends: nil, left: 0)))
        } else {
            for turn in session.openTurns { close(turn, held: true) }
            beginRound(place.round &+ 1, at: instant)
        }
    }

    private mutating func beginRound(_ round: UInt8, at instant: Timestamp) {
        replan(from: round, keeping: Set(room.present))
        guard let session = room.session else { return }
        let pods = session.pods(of: round)
        guard !pods.isEmpty else {
            if session.phases(of: round).isEmpty { return endSession(complete: true) }
            return beginPhase(PhasePlace(round: round, phase: 0), nil, at: instant)
        }
        for pod in pods {
            follow(.turnOpened(Turn(session: session.id, round: round, pod: pod)))
        }
        beginPhase(PhasePlace(round: round, phase: 0), nil, at: instant)
    }

    private mutating func beginPhase(_ place: PhasePlace, _ pod: UInt8?, at instant: Timestamp) {
        guard let session = room.session else { return }
        let ends = instant.adding(milliseconds: session.duration(of: place))
        follow(.phaseStarted(PhaseStarted(place: place, pod: pod, ends: ends)))
    }

    private mutating func close(_ turn: Turn, held: Bool) {
        endVisits(of: turn.id)
        follow(
            .turnClosed(
                TurnClosed(
                    session: turn.session,
                    round: turn.round,
                    pod: turn.pod.number,
                    held: held
                )
            )
        )
    }

    /// Plans the rounds from one on anew where people came or went since they were planned: who
    /// is not to be kept loses their place, who came gets one.
    mutating func replan(from round: UInt8, keeping kept: Set<PersonID>) {
        guard let session = room.session, round > session.place.round,
            !session.format.hasNoRounds,
            Int(round) <= session.plan.rounds.count + 1
        else { return }
        let late = Set(room.present).subtracting(session.planned)
        let seated = Set(session.plan.rounds.dropFirst(Int(round) - 1).joined().flatMap(\.people))
        let gone = seated.subtracting(kept)
        guard !late.isEmpty || !gone.isEmpty else { return }
        if session.format.follows != nil { return goOn(from: round, with: kept.union(late)) }
        let next = RotationPlanner.replan(
            rounds: session.plan.rounds,
            next: Int(round) - 1,
            late: late.sorted(),
            gone: gone.sorted()
        )
        guard next.rounds.count <= RoomLimits.roundsMax else { return }
        var rounds = session.format.shaped(Array(next.rounds.dropFirst(Int(round) - 1)))
        // Before the first turn of a method in which only some have one, somebody else has it.
        if round == 1, session.format.roundsMost != nil,
            let anew = try? room.planned(
                of: session.format,
                present: seated.intersection(kept).union(late).sorted()
            )
        {
            rounds = anew
        }
        follow(.replanned(Replanned(session: session.id, from: round, rounds: rounds)))
    }
}

extension RunningSession {
    /// Whether a turn that is cut short now counts as the client's turn: its longest phase (the
    /// first of equals) is over, or runs and at least half of its planned time was used.
    func countsAsHeld(_ turn: Turn, at now: Timestamp) -> Bool {
        guard !isTogether else { return false }
        let lengths = plan.timetable.round
        guard let longest = lengths.max(), let main = lengths.firstIndex(of: longest) else {
            return false
        }
        let course = course(ofPod: turn.pod.number)
        if Int(course.place.phase) != main { return Int(course.place.phase) > main }
        return course.isThrough || course.clock.elapsed(at: now) >= longest / 2
    }

    /// Whether another pod of the round is not through while one comes to its end.
    fileprivate func waitsForOthers(_ pod: UInt8) -> Bool {
        apart.contains { $0.key != pod && !$0.value.isThrough }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// How a session goes on from phase to phase.
extension Course {
    /// Begins a session that was just started.
    mutating func begin() {
        guard let session = room.session else { return }
        if session.format.opening.isEmpty {
            beginRound(1, at: now)
        } else {
            beginPhase(PhasePlace(round: 0, phase: 0), at: now)
        }
    }

    /// Ends every phase whose time is up, each next one beginning when the one before it ended.
    ///
    /// - Limits: ``RoomLimits/phasesPerWakeMax`` phases; what is left then is for the next wake.
    mutating func endDuePhases() {
        for _ in 0..<RoomLimits.phasesPerWakeMax {
            guard let ends = room.session?.clock.ends, ends <= now else { return }
            goOn(at: ends)
        }
    }

    /// Ends the running phase now; the next one runs, also where the clock stood.
    mutating func endPhase() { goOn(at: now) }

    /// Stops the clock where the server was away too long while it ran.
    mutating func interrupt(awaySince: Timestamp) {
        guard let clock = room.session?.clock, let ends = clock.ends,
            now.milliseconds(since: awaySince) >= RoomLimits.absenceMilliseconds
        else { return }
        let left = max(0, ends.milliseconds(since: max(awaySince, clock.since)))
        follow(.clockSet(ClockSet(cause: .interrupted, pod: nil, ends: nil, left: left)))
    }

    /// Gives the phase more time.
    mutating func extend(by more: Int64) throws(RoomRejection) {
        guard let clock = room.session?.clock else { throw .noSession }
        let left = saturatingSum(
            clock.ends?.milliseconds(since: now) ?? clock.left ?? 0,
            more
        )
        guard left <= RoomLimits.phaseMillisecondsMax else { throw .outOfBounds }
        let ends = clock.ends?.adding(milliseconds: more)
        add(
            .clockSet(
                ClockSet(cause: .extended, pod: nil, ends: ends, left: ends == nil ? left : nil)
            )
        )
    }

    /// Ends the session; turns that are still open count as held where enough of them took place.
    mutating func endSession(complete: Bool) {
        guard let session = room.session else { return }
        for turn in session.openTurns { close(turn, held: session.countsAsHeld(at: now)) }
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
                close(turn, held: session.countsAsHeld(at: now))
            } else if !coached {
                close(turn, held: false)
            }
        }
        // Who is away just now may be back before the next round: only former members lose theirs.
        let peers = room.members.filter { $0.membership == .peer }.map(\.person)
        if session.place.round < session.plan.rounds.count {
            replan(from: session.place.round + 1, keeping: Set(peers))
        }
    }

    private mutating func goOn(at instant: Timestamp) {
        guard let session = room.session else { return }
        let place = session.place
        let phases = session.phases(of: place.round).count
        if Int(place.phase) + 1 < phases {
            beginPhase(PhasePlace(round: place.round, phase: place.phase + 1), at: instant)
        } else if place.round > 0, session.isTogether {
            endSession(complete: true)
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
            return beginPhase(PhasePlace(round: round, phase: 0), at: instant)
        }
        for pod in pods {
            follow(.turnOpened(Turn(session: session.id, round: round, pod: pod)))
        }
        beginPhase(PhasePlace(round: round, phase: 0), at: instant)
    }

    private mutating func beginPhase(_ place: PhasePlace, at instant: Timestamp) {
        guard let session = room.session else { return }
        let ends = instant.adding(milliseconds: session.duration(of: place))
        follow(.phaseStarted(PhaseStarted(place: place, pod: nil, ends: ends)))
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
            let anew = try? RotationPlanner.plan(
                present: seated.intersection(kept).union(late).sorted(),
                of: session.format,
                history: room.history
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
    func countsAsHeld(at now: Timestamp) -> Bool {
        guard !isTogether else { return false }
        let lengths = plan.timetable.round
        guard let longest = lengths.max(), let main = lengths.firstIndex(of: longest) else {
            return false
        }
        if Int(place.phase) != main { return Int(place.phase) > main }
        return clock.elapsed(at: now) >= longest / 2
    }
}

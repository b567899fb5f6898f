// SPDX-License-Identifier: Apache-2.0

extension Room {
    mutating func evolve(_ started: SessionStarted) {
        guard session == nil, !knowsSession(started.session) else { return }
        let people = Set(started.plan.rounds.joined().flatMap(\.people))
            .filter { membership(of: $0) != nil }
        session = RunningSession(
            started: started,
            startedAt: lastAt,
            plan: started.plan,
            clock: SessionClock(ends: lastAt, left: nil, since: lastAt),
            planned: people,
            expected: people,
            came: Set(present),
            namesAgreed: policy.namesToAdministrators
        )
    }

    /// Tells whether a session of this identifier runs or ran in the room.
    func knowsSession(_ id: SessionID) -> Bool {
        session?.id == id || pastSessions.contains(id)
    }

    /// Begins a turn; one that has begun already never gets other people by that.
    mutating func evolve(_ turn: Turn) {
        guard session?.id == turn.session, session?.turns[turn.id] == nil,
            (session?.turns.count ?? 0) < RoomLimits.seatsMax
        else { return }
        session?.turns[turn.id] = TurnState(turn: turn, openedAt: position)
        for person in turn.pod.people where membership(of: person) != nil {
            if session?.seats[person] == nil { session?.seats[person] = turn.id }
        }
    }

    mutating func evolve(_ closed: TurnClosed) {
        let id = TurnID(session: closed.session, round: closed.round, pod: closed.pod)
        guard let open = session?.turns[id], !open.isClosed else { return }
        session?.visitRequests[id] = nil
        session?.turns[id]?.dropVisits(at: position)
        countFloor(of: open.turn, until: lastAt)
        guard var session, var state = session.turns[id] else { return }
        // Lets the dictionaries be changed in place instead of copied.
        self.session = nil
        state.isClosed = true
        state.held = closed.held
        state.milliseconds = saturatingSum(session.roundRan, session.clock.elapsed(at: lastAt))
        session.turns[id] = state
        for person in state.turn.pod.people where session.seats[person] == id {
            session.seats[person] = nil
        }
        if closed.held {
            history.recordCompleted(state.turn.pod)
            // Where not everybody has a turn, waiting counts in sessions and ends with the turn.
            if session.format.roundsMost != nil { history.endWaiting(of: state.turn.pod.client) }
            session.served.insert(state.turn.pod.client)
        }
        if !session.turns.values.contains(where: { !$0.isClosed }) {
            session.roundEnds[closed.round] = min(lastAt, session.clock.ends ?? lastAt)
        }
        self.session = session
    }

    mutating func evolve(_ started: PhaseStarted) {
        guard var session, let pod = started.pod else { return evolveAll(started) }
        self.session = nil
        if session.podClocks.count < RoomLimits.roundsMax || session.podClocks[pod] != nil {
            session.podClocks[pod] = PodClock(place: started.place, ends: started.ends, left: nil)
        }
        self.session = session
    }

    private mutating func evolveAll(_ started: PhaseStarted) {
        guard let length = session?.duration(of: started.place) else { return }
        // The phase began its planned time before its end, also where a late wake says so later.
        let began = min(lastAt, started.ends.adding(milliseconds: -length))
        countFloors(until: began)
        guard var session else { return }
        self.session = nil
        session.floor.beginPhase()
        session.muted = []
        if started.place.round == session.place.round {
            session.roundRan = saturatingSum(session.roundRan, session.clock.elapsed(at: began))
        } else {
            session.roundRan = 0
            session.roundStarts[started.place.round] = began
            session.podClocks = [:]
        }
        session.place = started.place
        session.clock = SessionClock(ends: started.ends, left: nil, since: began)
        self.session = session
        beginFloors()
    }

    mutating func evolve(_ set: ClockSet, by person: PersonID?) {
        if let pod = set.pod {
            guard session?.podClocks[pod] != nil else { return }
            session?.podClocks[pod]?.ends = set.ends
            session?.podClocks[pod]?.left = set.ends == nil ? max(0, set.left ?? 0) : nil
            return
        }
        guard var clock = session?.clock else { return }
        let ran = clock.ends != nil
        if ran, set.ends == nil {
            let stopped = (clock.ends ?? lastAt).adding(milliseconds: -max(0, set.left ?? 0))
            clock.ran = clock.elapsed(at: stopped)
        } else if !ran, set.ends != nil {
            clock.since = lastAt
        }
        clock.ends = set.ends
        clock.left = set.ends == nil ? max(0, set.left ?? 0) : nil
        clock.isInterrupted =
            set.ends == nil
            && (set.cause == .interrupted || (set.cause == .extended && clock.isInterrupted))
        // Who keeps the time is named where they stop it; who works stops it without a name.
        clock.isStopped =
            set.ends == nil
            && (set.cause == .paused && person == nil || set.cause == .extended && clock.isStopped)
        session?.clock = clock
    }

    mutating func evolve(_ replanned: Replanned) {
        guard var session, session.id == replanned.session,
            replanned.from > session.place.round, replanned.from > 0,
            Int(replanned.from) <= session.plan.rounds.count + 1,
            Int(replanned.from) - 1 + replanned.rounds.count <= RoomLimits.roundsMax
        else { return }
        let present = present
        self.session = nil
        session.plan.rounds.removeSubrange((Int(replanned.from) - 1)...)
        session.plan.rounds.append(contentsOf: replanned.rounds)
        session.planned = Set(present)
        session.expected.formUnion(present)
        self.session = session
    }

    mutating func evolve(_ ended: SessionEnded) {
        guard session?.id == ended.session else { return }
        countFloors(until: lastAt)
        guard let session else { return }
        self.session = nil
        turnRota(after: session)
        var turns: [TurnState] = []
        for (id, state) in session.turns {
            var state = state
            state.isClosed = true
            state.dropVisits(at: position)
            pastTurns[id] = state
            turns.append(state)
        }
        let expected = session.expected.filter { membership(of: $0) == .peer }
        let agreed = agreedDeviations(among: expected.union(session.served))
        let gave = agreed.settled(among: expected.subtracting(session.served), in: turns)
        let waiting = expected.subtracting(session.served).subtracting(gave).sorted()
        history.recordAttendance(of: expected.sorted())
        for person in waiting { history.recordMissed(by: person) }
        // With fewer rounds than people only those are owed a turn for whom one was planned.
        var owed = waiting
        if session.format.roundsMost != nil {
            let rounds = session.started.plan.rounds + session.plan.rounds
            let planned = Set(rounds.joined().map(\.client))
            owed = waiting.filter(planned.contains)
        }
        pastSessions.insert(session.id)
        sessions.append(
            SessionSummary(
                id: session.id,
                format: session.format.name,
                medium: session.medium,
                began: session.startedAt,
                ended: lastAt,
                complete: ended.complete,
                hadRounds: !session.format.hasNoRounds,
                turns: turns.sorted { $0.turn.id < $1.turn.id },
                owed: owed,
                floor: session.floor,
                namesAgreed: session.namesAgreed,
                deviations: agreed
            )
        )
        settleDeviations()
    }
}

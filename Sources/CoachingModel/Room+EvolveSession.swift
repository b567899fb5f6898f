// SPDX-License-Identifier: Apache-2.0

extension Room {
    mutating func evolve(_ started: SessionStarted, by starter: PersonID?) {
        guard session == nil, !knowsSession(started.session) else { return }
        let people = Set(started.plan.rounds.joined().flatMap(\.people))
            .filter { membership(of: $0) != nil }
        session = RunningSession(
            started: started,
            startedAt: lastAt,
            plan: started.plan,
            shared: PodCourse(
                place: PhasePlace(round: 0, phase: 0),
                clock: SessionClock(ends: lastAt, left: nil, since: lastAt)
            ),
            planned: people,
            expected: people,
            asksForKinds: started.format.asksForKinds,
            // Who starts it is there, also where they said nothing of it.
            came: Set(present + [starter].compactMap { $0 }),
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
        let course = session.course(ofPod: id.pod)
        state.milliseconds = course.elapsed(at: lastAt)
        session.turns[id] = state
        session.join(id.pod, at: lastAt)
        for person in state.turn.pod.people where session.seats[person] == id {
            session.seats[person] = nil
        }
        session.muted.subtract(state.turn.pod.people)
        if closed.held {
            history.recordCompleted(state.turn.pod)
            // Where not everybody has a turn, waiting counts in sessions and ends with the turn.
            if session.format.roundsMost != nil { history.endWaiting(of: state.turn.pod.client) }
            session.served.insert(state.turn.pod.client)
        }
        // A round ends with the last of its pods; who waited for it ended before.
        if !course.isThrough {
            let end = min(lastAt, course.clock.ends ?? lastAt)
            session.roundEnds[closed.round] = max(session.roundEnds[closed.round] ?? end, end)
        }
        self.session = session
    }

    mutating func evolve(_ started: PhaseStarted) {
        guard let length = session?.duration(of: started.place) else { return }
        // The phase began its planned time before its end, also where a late wake says so later.
        let began = min(lastAt, started.ends.adding(milliseconds: -length))
        guard let pod = started.pod else {
            countFloors(until: began)
            endSilences(endingRound: session?.place.round != started.place.round)
            session?.apart = [:]
            begin(started, at: began, pod: nil)
            forgetCalls()
            return beginFloors()
        }
        guard let session, let turn = session.openTurn(ofPod: pod),
            started.place.round == turn.round, session.phase(at: started.place) != nil
        else { return }
        countFloor(of: turn, until: began)
        self.session?.separate()
        begin(started, at: began, pod: pod)
        forgetCalls(ofPod: pod)
        self.session?.muted.subtract(turn.pod.people)
        beginFloor(pod)
    }

    /// Lets those speak again who were muted until a phase ended; who has no turn, until the round.
    private mutating func endSilences(endingRound: Bool) {
        guard var session else { return }
        self.session = nil
        let seated = endingRound || session.isTogether ? nil : Set(session.seats.keys)
        session.muted = seated.map { session.muted.subtracting($0) } ?? []
        self.session = session
    }

    private mutating func begin(_ started: PhaseStarted, at began: Timestamp, pod: UInt8?) {
        guard var session else { return }
        self.session = nil
        session.floor.beginPhase(pod)
        var course = session[clock: pod]
        if started.place.round == course.place.round {
            course.ran = course.elapsed(at: began)
        } else {
            course.ran = 0
            session.roundStarts[started.place.round] = began
        }
        course.place = started.place
        course.isThrough = false
        course.clock = SessionClock(ends: started.ends, left: nil, since: began)
        session[clock: pod] = course
        self.session = session
    }

    mutating func evolve(_ set: ClockSet, by person: PersonID?) {
        if let pod = set.pod {
            guard session?.openTurn(ofPod: pod) != nil else { return }
            session?.separate()
        }
        guard var course = session?[clock: set.pod] else { return }
        course.clock.take(set, at: lastAt, by: person)
        course.isThrough = set.cause == .through && set.pod != nil
        session?[clock: set.pod] = course
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
        if sessions.last?.isHeld == true { relationship.held += 1 }
        settleFarewells(session.came)
    }
}

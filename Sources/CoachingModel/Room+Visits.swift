// SPDX-License-Identifier: Apache-2.0

// Visits: who asks, whose yes it needs, and what the visitor reads.

extension Room {
    /// Gives who asked to visit a turn that goes on, and is not answered yet.
    public func visitRequest(_ turn: TurnID) -> VisitRequest? { session?.visitRequests[turn] }

    /// Gives the turn that somebody visits now, or asks to visit.
    public func visited(by person: PersonID) -> Turn? {
        session?.openTurns.first { turn in
            visitors(of: turn.id).contains(person) || visitRequest(turn.id)?.visitor == person
        }
    }

    /// Gives who visits a turn now, ascending.
    public func visitors(of turn: TurnID) -> [PersonID] {
        turnState(turn).map { visitors(of: $0) } ?? []
    }

    /// Gives the turn that somebody visits, and what they may put in there now, ascending; `nil` for
    /// who visits none.
    public func interventions(of person: PersonID) -> (turn: Turn, kinds: [EntryKind])? {
        guard let session,
            let turn = session.openTurns.first(where: { visitors(of: $0.id).contains(person) })
        else { return nil }
        return (turn, session.phase(of: turn.id)?.interventions ?? [])
    }

    /// The turns whose visits begin or end at a number of theirs, by their transcripts.
    public var marksOfVisits: [TranscriptKey] {
        guard let session else { return [] }
        return session.openTurns.map(\.id).filter {
            session.visitRequests[$0] != nil || !visitors(of: $0).isEmpty
        }.map { .turn($0) }
    }

    func visitors(of state: TurnState) -> [PersonID] {
        state.visits.filter { $0.until == nil && isMember($0.visitor) }.map(\.visitor).sorted()
    }

    /// Gives what somebody may read of a turn as its visitor.
    func readable(_ state: TurnState, byVisitor person: PersonID) -> [ClosedRange<UInt64>] {
        state.visits.filter { $0.visitor == person }.map {
            $0.from...max($0.from, $0.until ?? .max)
        }
    }

    /// Checks that a visit was asked for, and that its yes is of the turn's client.
    func checkVisit(_ changed: TurnChanged, by person: PersonID?) throws(RoomRejection) {
        let yes = changed.yes
        guard yes.room == id, let session, let state = session.turns[yes.turn], !state.isClosed,
            session.format.visits == true
        else { throw .podUnfit }
        guard let client = self.person(of: changed.signer), client == state.turn.pod.client,
            person == client
        else { throw .notInScope }
        guard let request = session.visitRequests[yes.turn], request.visitor == yes.visitor,
            request.position == yes.asked, yes.number < .max
        else { throw .grantInvalid }
        try moderates(yes.visitor)
        guard !visitors(of: state).contains(yes.visitor) else { throw .grantInvalid }
    }

    /// Checks that who asks for a visit, or ends one, may.
    func checkVisiting(_ record: RoomRecord) throws(RoomRejection) {
        switch record.event {
        case .visitAsked: try checkModerated(record)
        case .turnChanged(let changed): try checkVisit(changed, by: record.by)
        default: break
        }
    }
}

// MARK: - Deciding

extension Room {
    /// Asks a turn's client whether one may visit.
    func askVisit(
        _ turn: TurnID,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard session != nil else { throw .noSession }
        try moderates(person)
        course.endDuePhases()
        let room = course.room
        guard let session = room.session, session.format.visits == true,
            let state = session.turns[turn], !state.isClosed
        else { throw .podUnfit }
        guard room.presence(of: state.turn.pod.client) != .away else { throw .notPresent }
        guard !room.visitors(of: state).contains(person),
            session.visitRequests[turn]?.visitor != person
        else { return }
        course.add(.visitAsked(TurnPlace(turn)))
    }

    /// Lets a facilitator visit one's turn, as one has signed.
    func allowVisit(
        _ changed: TurnChanged,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard case .person(person, changed.signer) = actor else { throw .grantInvalid }
        course.endDuePhases()
        try course.room.checkVisit(changed, by: person)
        // Lines that came meanwhile were not for the visitor: the client signs again.
        guard course.number(of: changed.mark.key) == changed.yes.number else {
            throw .staleAudience
        }
        course.add(.turnChanged(changed))
    }

    /// Ends a visit, or says no to one: by the visitor or the turn's client.
    func endVisit(
        _ turn: TurnID,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard session != nil else { throw .noSession }
        course.endDuePhases()
        let room = course.room
        guard let state = room.session?.turns[turn], !state.isClosed else { return }
        let isClient = state.turn.pod.client == person
        var isMeant = false
        if let request = room.session?.visitRequests[turn], isClient || request.visitor == person {
            isMeant = true
            course.add(.visitEnded(VisitEnded(turn, request.visitor, number: 0)))
        }
        for visitor in room.visitors(of: state) where isClient || visitor == person {
            isMeant = true
            let number = course.number(of: .turn(turn))
            course.add(.visitEnded(VisitEnded(turn, visitor, number: number)))
        }
        guard isMeant else { throw .noRoleNow }
    }
}

extension Course {
    /// Ends the visits of a turn that is about to close.
    mutating func endVisits(of turn: TurnID, where isMeant: (PersonID) -> Bool = { _ in true }) {
        for visitor in room.visitors(of: turn) where isMeant(visitor) {
            follow(.visitEnded(VisitEnded(turn, visitor, number: number(of: .turn(turn)))))
        }
    }

    /// Ends the visits of people who are about to go, or to be facilitators no more.
    mutating func endVisits(where isMeant: (PersonID) -> Bool) {
        for turn in room.session?.openTurns ?? [] { endVisits(of: turn.id, where: isMeant) }
    }
}

// MARK: - Evolving

extension Room {
    mutating func evolve(visitAsked place: TurnPlace, by person: PersonID?) {
        guard let person, membership(of: person) == .facilitator,
            let state = session?.turns[place.turn], !state.isClosed
        else { return }
        session?.visitRequests[place.turn] = VisitRequest(visitor: person, position: position)
    }

    mutating func evolve(_ changed: TurnChanged, by person: PersonID?) {
        guard (try? checkVisit(changed, by: person)) != nil else { return }
        let turn = changed.yes.turn
        session?.visitRequests[turn] = nil
        session?.turns[turn]?.caller = nil
        session?.turns[turn]?.visits.append(
            Visit(visitor: changed.yes.visitor, from: changed.yes.number + 1)
        )
        session?.turns[turn]?.changedAt = position
    }

    mutating func evolve(_ ended: VisitEnded) {
        if session?.visitRequests[ended.turn]?.visitor == ended.person {
            session?.visitRequests[ended.turn] = nil
        }
        guard var state = session?.turns[ended.turn] else { return }
        guard state.endVisit(of: ended.person, at: ended.number) else { return }
        state.changedAt = position
        session?.turns[ended.turn] = state
    }

    /// Ends the visits of somebody who goes, or is facilitator no more.
    mutating func endVisits(of person: PersonID, _ marks: Marks) {
        guard let session else { return }
        for (turn, request) in session.visitRequests where request.visitor == person {
            self.session?.visitRequests[turn] = nil
        }
        for turn in session.openTurns.map(\.id) {
            guard var state = session.turns[turn] else { continue }
            guard state.endVisit(of: person, at: marks.number(of: .turn(turn)) ?? 0) else {
                continue
            }
            state.changedAt = position
            self.session?.turns[turn] = state
        }
    }
}

extension TurnState {
    /// Ends what somebody reads as a visitor; what is before the beginning was never read.
    mutating func endVisit(of person: PersonID, at number: UInt64) -> Bool {
        guard let index = visits.firstIndex(where: { $0.visitor == person && $0.until == nil })
        else { return false }
        if number >= visits[index].from {
            visits[index].until = number
        } else {
            visits.remove(at: index)
        }
        return true
    }

    /// Ends all visits of a turn that closes without their having been ended: nothing is read.
    mutating func dropVisits(at position: UInt64) {
        guard visits.contains(where: { $0.until == nil }) else { return }
        visits.removeAll { $0.until == nil }
        changedAt = position
    }
}

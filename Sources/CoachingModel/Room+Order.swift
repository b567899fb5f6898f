// SPDX-License-Identifier: Apache-2.0

// Who speaks when: what both sides work out from the log alone.

extension Room {
    /// Lists who has the floor by a facilitator's word.
    public var givenTheFloor: [PersonID] {
        members.map(\.person).filter { person in
            floor(of: person).map { $0.isGiven && $0.holder == person } ?? false
        }
    }

    /// Gives how the floor stands where a person is now: in their pod, or in the whole group.
    ///
    /// - Returns: `nil` where the person has no role in the running phase.
    public func floor(of person: PersonID) -> FloorState? {
        floorNumber(of: person).flatMap { session?.floors[$0] }
    }

    /// Gives who comes after the one who has the floor: first those who were not yet, then those
    /// who asked, each time who has had it least first.
    public func floorQueue(of person: PersonID) -> [PersonID] {
        floorNumber(of: person).map { queue(ofFloor: $0) } ?? []
    }

    /// Whether two people work in one pod now, or in the whole group.
    public func sharesFloor(of one: PersonID, with other: PersonID) -> Bool {
        guard let number = floorNumber(of: one) else { return false }
        return number == floorNumber(of: other)
    }

    /// Gives who is awaited where the person is until the phase ends by being ready.
    public func unready(with person: PersonID) -> [PersonID] {
        guard let number = floorNumber(of: person), let state = session?.floors[number] else {
            return []
        }
        return people(ofFloor: number).filter { !state.ready.contains($0) }
    }

    /// Says whether an entry of a kind must cite the question that it answers now.
    public func mustCite(_ kind: EntryKind, in key: TranscriptKey, by person: PersonID) -> Bool {
        guard kind != .ask, kind.needsFloor, let session, session.medium == .typed else {
            return false
        }
        switch key {
        case .turn(let id):
            guard let state = session.turns[id], !state.isClosed,
                let role = state.turn.pod.role(of: person)
            else { return false }
            return session.phase(of: id)?.part(of: role)?.floor == .questionFirst
        case .room:
            guard session.isTogether, membership(of: person) == .peer else { return false }
            return session.phase?.part(of: .everyone)?.floor == .questionFirst
        default: return false
        }
    }

    /// The floor of a person's pod, by its number, or of the whole group.
    func floorNumber(of person: PersonID) -> UInt8? {
        guard let session else { return nil }
        if let turn = session.seats[person] { return turn.pod }
        return session.isTogether && membership(of: person) == .peer
            ? RunningSession.groupFloor : nil
    }

    /// Who is there of those who share a floor.
    func people(ofFloor number: UInt8) -> [PersonID] {
        guard let session else { return [] }
        if number == RunningSession.groupFloor { return session.isTogether ? present : [] }
        let pod = session.openTurns.first { $0.pod.number == number }?.pod
        return pod?.people.filter { isMember($0) && presence(of: $0) != .away } ?? []
    }

    /// Who of them speaks one at a time in the running phase, and is not muted.
    func speakers(ofFloor number: UInt8) -> [PersonID] {
        people(ofFloor: number).filter { speaksInTurn($0) && !isMuted($0) }
    }

    private func speaksInTurn(_ person: PersonID) -> Bool {
        part(of: person)?.part?.floor == .round
    }

    func queue(ofFloor number: UInt8) -> [PersonID] {
        guard let session, let state = session.floors[number] else { return [] }
        func least(_ people: [PersonID]) -> [PersonID] {
            people.enumerated().sorted { one, other in
                let times = (session.floor[one.element], session.floor[other.element])
                return (times.0, one.offset) < (times.1, other.offset)
            }.map(\.element)
        }
        let there = people(ofFloor: number)
        let waiting = speakers(ofFloor: number).filter {
            !state.passed.contains($0) && $0 != state.holder
        }
        let asking = state.asked.filter {
            there.contains($0) && !waiting.contains($0) && $0 != state.holder
        }
        return least(waiting) + least(asking)
    }

    /// Whether all who share a floor and are there are ready to go on.
    func isEverybodyReady(onFloor number: UInt8) -> Bool {
        guard let state = session?.floors[number] else { return false }
        let there = people(ofFloor: number)
        return !there.isEmpty && there.allSatisfy(state.ready.contains)
    }
}

extension RunningSession {
    /// The number of the floor of the whole group; no pod has it.
    static let groupFloor = UInt8.max
}

// MARK: - What the log makes of it

extension Room {
    /// Begins the floors of a phase: one for each open turn, or one for all.
    mutating func beginFloors() {
        guard var session else { return }
        let numbers =
            session.isTogether
            ? [RunningSession.groupFloor] : session.openTurns.map(\.pod.number)
        session.floors = [:]
        for number in numbers { session.floors[number] = FloorState() }
        self.session = session
        settleFloors()
    }

    /// Begins the floor of a pod's phase.
    mutating func beginFloor(_ number: UInt8) {
        session?.floors[number] = FloorState()
        settleFloors()
    }

    /// Gives the floor on where who has it went, passed, or nobody has it yet.
    mutating func settleFloors() {
        for number in session?.floors.keys.sorted() ?? [] {
            let speakers = speakers(ofFloor: number)
            guard var state = session?.floors[number] else { continue }
            if let holder = state.holder, !state.passed.contains(holder),
                speakers.contains(holder) || state.isGiven && mayBeGiven(holder, number)
            {
                continue
            }
            guard state.holder != nil || !speakers.isEmpty else { continue }
            let interrupted = state.interrupted.flatMap { person in
                speakers.contains(person) && !state.passed.contains(person) ? person : nil
            }
            state.holder = nil
            state.isGiven = false
            state.interrupted = nil
            session?.floors[number] = state
            state.holder = interrupted ?? queue(ofFloor: number).first(where: speakers.contains)
            if let holder = state.holder {
                state.asked.removeAll { $0 == holder }
                state.passed.remove(holder)
            }
            session?.floors[number] = state
        }
    }

    mutating func evolve(_ call: FloorCall) {
        guard let number = floorNumber(of: call.person), session?.floors[number] != nil else {
            return
        }
        switch call.wish {
        case .pass:
            session?.floors[number]?.passed.insert(call.person)
            session?.floors[number]?.asked.removeAll { $0 == call.person }
        case .ask:
            guard session?.floors[number]?.asked.contains(call.person) == false else { return }
            session?.floors[number]?.asked.append(call.person)
        case .ready: session?.floors[number]?.ready.insert(call.person)
        case .give: give(to: call.person, number)
        case .take: take(from: call.person, number)
        }
        settleFloors()
    }
}

// MARK: - What is asked

extension Room {
    /// Passes the floor on, asks for it, or says that one is ready to go on.
    ///
    /// Phases whose time is up end first; what was meant for them does nothing then.
    func call(
        _ call: FloorCall,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard let place = self.course(of: call.person)?.place else { throw .noSession }
        switch call.wish {
        case .give, .take: try moderates(person)
        case .pass, .ask, .ready:
            guard call.person == person || call.wish == .pass && isInCharge(person) else {
                throw .notInCharge
            }
        }
        course.endDuePhases()
        let room = course.room
        guard let session = room.session, room.course(of: call.person)?.place == place else {
            return
        }
        guard let number = room.floorNumber(of: call.person), let state = session.floors[number],
            let own = room.part(of: call.person)
        else { throw .noRoleNow }
        let isThere = room.people(ofFloor: number).contains(call.person)
        let isSpeaker = isThere && room.speaksInTurn(call.person)
        switch call.wish {
        case .pass:
            guard isSpeaker || state.holder == call.person, !state.passed.contains(call.person)
            else { throw .noFloorToPass }
        case .ask:
            guard own.part?.kinds.isEmpty == false else { throw .notYourFloor }
            // Who was not yet comes anyway.
            if state.asked.contains(call.person) || state.holder == call.person
                || isSpeaker && !state.passed.contains(call.person)
            {
                return
            }
        case .ready: if state.ready.contains(call.person) { return }
        case .give:
            guard isThere else { throw .notPresent }
            guard !room.isMuted(call.person) else { throw .muted }
            guard own.part?.givesFloor == true else { throw .noRoleNow }
            // Who passed asks for it themselves, if they want it after all.
            guard !state.passed.contains(call.person) || state.asked.contains(call.person) else {
                throw .hasPassed
            }
            if state.isGiven, state.holder == call.person { return }
        case .take:
            guard state.isGiven, state.holder == call.person else { throw .noFloorToPass }
        }
        course.add(.floorCalled(call))
        if call.wish == .ready { course.endPhaseIfReady(onFloor: number) }
    }
}

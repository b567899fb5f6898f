// SPDX-License-Identifier: Apache-2.0

extension Room {
    /// Says whether a member may post an entry of a kind to a transcript now.
    ///
    /// Four rules in this order: the person reads the transcript; the kind exists in its scope
    /// and the transcript still takes something; the person is not muted; in a typed session the
    /// phase gives the floor for it. The floor binds turns, and peers in `room` while the whole
    /// group is together; `own`, `direct` and `peers` never, nor a spoken session, nor the kinds
    /// 12 to 15. Who is muted is so in turns and `room`, in either medium.
    ///
    /// - Throws: ``RoomRejection/notAMember``, `notInScope`, `kindNotHere`, `scopeClosed`, `muted`,
    ///   `notYourFloor` or, where one speaks at a time, `notYourTurn`.
    public func mayPost(
        _ kind: EntryKind,
        in key: TranscriptKey,
        by person: PersonID
    ) throws(RoomRejection) {
        guard isMember(person) else { throw .notAMember }
        guard has(key) else { throw .notInScope }
        switch key {
        case .programme(let author): try mayPost(kind, toReleasesOf: author, by: person)
        case .own(let owner):
            guard owner == person else { throw .notInScope }
            guard kind == .note || EntryKind.afterwards.contains(kind) else { throw .kindNotHere }
        case .direct(let first, let second):
            guard person == first || person == second, first < second,
                people[first] != nil, people[second] != nil
            else { throw .notInScope }
            guard kind != .note else { throw .kindNotHere }
            guard isMember(first), isMember(second) else { throw .scopeClosed }
        case .turn(let id): try mayPost(kind, in: id, by: person)
        case .peers:
            guard membership(of: person) == .peer else { throw .notInScope }
            guard kind != .note, kind != .assess else { throw .kindNotHere }
        case .room: try mayPostInRoom(kind, by: person)
        case .prompt(let prompt, _): try mayPost(kind, inPrompt: prompt, key, by: person)
        }
    }

    /// Says whether a member may post a key event to a transcript now: the person reads it, and
    /// it takes anything at all.
    ///
    /// - Throws: ``RoomRejection/notAMember``, `notInScope`, `scopeClosed` or `notAsker`.
    public func mayPostKey(in key: TranscriptKey, by person: PersonID) throws(RoomRejection) {
        guard isMember(person) else { throw .notAMember }
        guard has(key) else { throw .notInScope }
        if case .prompt(let prompt, _) = key, isInAudience(of: key, person) {
            guard prompts[prompt]?.asker == person else { throw .notAsker }
            return
        }
        if isInAudience(of: key, person) { return }
        switch key {
        case .direct(let first, let second)
        where first < second && (person == first || person == second)
            && people[first] != nil && people[second] != nil:
            throw .scopeClosed
        case .turn(let id) where turnState(id) == nil && session?.id == id.session:
            throw .scopeClosed
        default: throw .notInScope
        }
    }

    private func mayPost(
        _ kind: EntryKind,
        in id: TurnID,
        by person: PersonID
    ) throws(RoomRejection) {
        try mayPostKey(in: .turn(id), by: person)
        guard turnState(id)?.turn.pod.role(of: person) != nil else {
            return try mayIntervene(kind, in: id)
        }
        guard kind != .note else { throw .kindNotHere }
        guard let session, let state = session.turns[id] else {
            guard EntryKind.afterwards.contains(kind) else { throw .scopeClosed }
            return
        }
        guard kind.needsFloor else { return }
        guard !isMuted(person) else { throw .muted }
        if state.isClosed {
            guard kind == .feedback || kind == .thanks else { throw .scopeClosed }
            return
        }
        guard session.medium == .typed else { return }
        guard let role = state.turn.pod.role(of: person),
            let part = session.phase(of: id)?.part(of: role), part.kinds.contains(kind)
        else { throw .notYourFloor }
        try hasFloor(person, part, session.floors[id.pod])
    }

    /// Who visits reads, asks for keys, and puts in what the phase lets them, whoever has the
    /// floor and in either medium, and can take that back.
    private func mayIntervene(_ kind: EntryKind, in id: TurnID) throws(RoomRejection) {
        guard let session, session.format.interventions.isEmpty == false else {
            guard kind == .grant else { throw .notInScope }
            return
        }
        guard kind != .note else { throw .kindNotHere }
        guard !EntryKind.afterwards.contains(kind) else { return }
        guard session.phase(of: id)?.interventions?.contains(kind) == true else {
            throw .notYourFloor
        }
    }

    private func mayPostInRoom(_ kind: EntryKind, by person: PersonID) throws(RoomRejection) {
        let together = session.flatMap { $0.isTogether ? $0 : nil }
        let everyone = together?.phase?.part(of: .everyone)
        guard kind != .note else { throw .kindNotHere }
        if kind == .assess, everyone?.kinds.contains(kind) != true { throw .kindNotHere }
        if kind.needsFloor, isMuted(person) { throw .muted }
        guard kind.needsFloor, membership(of: person) == .peer, together?.medium == .typed else {
            return
        }
        guard let everyone, everyone.kinds.contains(kind) else { throw .notYourFloor }
        try hasFloor(person, everyone, together?.floors[RunningSession.groupFloor])
    }

    /// Refuses who speaks in turn with others and has not the floor, or to all but whom it was
    /// given.
    private func hasFloor(
        _ person: PersonID,
        _ part: Part,
        _ state: FloorState?
    ) throws(RoomRejection) {
        guard let state, let holder = state.holder, holder != person,
            part.floor == .round || state.isGiven
        else { return }
        throw .notYourTurn
    }
}

extension EntryKind {
    /// What a transcript takes that takes nothing new any more: consents, withdrawals, grants.
    public static let afterwards: Set<EntryKind> = [.consent, .withdraw, .grant]
}

extension RunningSession {
    /// Gives the phase in which a turn stands: its pod's own, or that of all.
    func phase(of turn: TurnID) -> Phase? {
        let place = course(ofPod: turn.pod).place
        return place.round == turn.round ? phase(at: place) : nil
    }
}

// SPDX-License-Identifier: Apache-2.0

extension Room {
    /// Gives a turn that has begun, of the running session or an earlier one.
    public func turnState(_ id: TurnID) -> TurnState? { session?.turns[id] ?? pastTurns[id] }

    /// Gives who reads a transcript now, ascending; nobody where it cannot exist.
    ///
    /// A lying server can name people in a turn, but only members are readers, and nobody who was
    /// let in after the turn began.
    public func audience(of key: TranscriptKey) -> [PersonID] {
        guard has(key) else { return [] }
        switch key {
        case .own(let person): return isMember(person) ? [person] : []
        case .direct(let first, let second):
            return first < second && isMember(first) && isMember(second) ? [first, second] : []
        case .turn(let id):
            guard let state = turnState(id) else { return [] }
            let people = Set(state.turn.pod.people).filter { reads(state, $0) }
            return people.union(visitors(of: state)).sorted()
        case .peers: return members.filter { $0.membership == .peer }.map(\.person).sorted()
        case .room: return members.map(\.person).sorted()
        case .programme(let author):
            guard isAuthor(author) else { return [] }
            return Set(programmeReaders + (isMember(author) ? [author] : [])).sorted()
        case .prompt(let id, let scope):
            guard let state = prompts[id], state.scope == scope else { return [] }
            return state.audience
        }
    }

    /// Tells whether a person reads a transcript now.
    public func isInAudience(of key: TranscriptKey, _ person: PersonID) -> Bool {
        guard has(key) else { return false }
        switch key {
        case .own(let owner): return owner == person && isMember(person)
        case .direct(let first, let second):
            return first < second && (person == first || person == second)
                && isMember(first) && isMember(second)
        case .turn(let id):
            guard let state = turnState(id) else { return false }
            return state.turn.pod.role(of: person) != nil && reads(state, person)
                || visitors(of: state).contains(person)
        case .peers: return membership(of: person) == .peer
        case .room: return isMember(person)
        case .programme(let author):
            return isAuthor(author)
                && (readsReleases(person) || person == author && isMember(person))
        case .prompt(let id, let scope):
            guard let state = prompts[id], state.scope == scope else { return false }
            return state.audience.contains(person)
        }
    }

    /// Gives the devices that a transcript's keys are wrapped to now, ascending.
    public func audienceDevices(of key: TranscriptKey) -> [DeviceID] {
        audience(of: key).flatMap { devices(of: $0) }.sorted()
    }

    /// Gives the log position at which a transcript's readers or their devices changed last.
    ///
    /// A key that is older is stale. `nil` where the transcript cannot exist now.
    public func lastAudienceChange(of key: TranscriptKey) -> UInt64? {
        guard has(key) else { return nil }
        switch key {
        case .own(let person): return isMember(person) ? people[person]?.changedAt : nil
        case .direct(let first, let second):
            guard first < second, isMember(first), isMember(second) else { return nil }
            return max(people[first]?.changedAt ?? 0, people[second]?.changedAt ?? 0)
        case .turn(let id):
            guard let state = turnState(id) else { return nil }
            let readers = state.turn.pod.people + visitors(of: state)
            return readers.reduce(max(state.openedAt, state.changedAt)) { latest, person in
                max(latest, people[person]?.changedAt ?? 0)
            }
        case .peers:
            guard let roster else { return nil }
            let hasPeer = roster.members.contains { membership(of: $0.person) == .peer }
            return hasPeer ? peersChangedAt : nil
        case .room: return roster == nil ? nil : roomChangedAt
        case .programme(let author):
            guard isAuthor(author) else { return nil }
            return max(facilitatorsChangedAt, people[author]?.changedAt ?? 0)
        case .prompt(let id, let scope):
            guard let state = prompts[id], state.scope == scope else { return nil }
            return state.asked.reduce(state.openedAt) { latest, person in
                max(latest, people[person]?.changedAt ?? 0)
            }
        }
    }

    /// Gives the numbers of a transcript that a member may read, ascending.
    ///
    /// A span that still goes on ends at `UInt64.max`; who is no member reads nothing. `room` and
    /// `peers` are read from each admission to the exclusion after it. A turn is read whole by its
    /// people, and up to their exclusion by those who were let in again later. Answers without
    /// names are read by those who were asked, as long as they stay. `direct` stays readable for
    /// the one who remains when the other leaves.
    public func readable(_ key: TranscriptKey, by person: PersonID) -> [ClosedRange<UInt64>] {
        guard let reader = people[person], reader.isMember, has(key) else { return [] }
        let whole: [ClosedRange<UInt64>] = [1...UInt64.max]
        switch key {
        case .own(let owner): return owner == person ? whole : []
        case .direct(let first, let second):
            guard first < second, person == first || person == second else { return [] }
            return people[person == first ? second : first] == nil ? [] : whole
        case .turn(let id):
            guard let state = turnState(id) else { return [] }
            guard state.turn.pod.role(of: person) != nil else {
                return readable(state, byVisitor: person)
            }
            if reads(state, person) { return whole }
            let former = reader.formerly.last {
                $0.from < state.openedAt && state.openedAt < $0.until
            }
            guard let mark = former?.marks[id], mark > 0 else { return [] }
            return [1...mark]
        case .peers: return reader.peersNumbers
        case .room: return reader.roomNumbers
        case .programme(let author): return readableReleases(of: author, by: person)
        case .prompt: return isInAudience(of: key, person) ? whole : []
        }
    }

    /// Lists the transcripts whose last numbers an event must name that lets a person in or out.
    ///
    /// `room` and `peers` always, in the programme's room what everybody released; of a person who
    /// goes also their turns, so that they can read these again if they ever come back. The latest
    /// turns come first where there are too many.
    public func marksNeeded(excluding person: PersonID?) -> [TranscriptKey] {
        var keys: [TranscriptKey] = [.room, .peers] + releaseTranscripts
        guard let person, isMember(person) else { return keys }
        let running = session.map { Array($0.turns.values) } ?? []
        let turns = (running + Array(pastTurns.values))
            .filter { $0.turn.pod.role(of: person) != nil && reads($0, person) }
            .sorted { $0.openedAt > $1.openedAt }
        keys.append(contentsOf: turns.prefix(RoomLimits.marksMax / 8).map { .turn($0.turn.id) })
        return keys
    }

    func isMember(_ person: PersonID) -> Bool { people[person]?.isMember == true }

    /// Whether somebody with a place in a turn is a member and was one when it began.
    private func reads(_ state: TurnState, _ person: PersonID) -> Bool {
        guard let reader = people[person] else { return false }
        return reader.isMember && reader.admittedAt < state.openedAt
    }
}

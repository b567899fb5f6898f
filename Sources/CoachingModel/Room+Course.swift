// SPDX-License-Identifier: Apache-2.0

/// A round of the running session with its times: as they were, or as they will be if the clock
/// goes on from now.
public struct PlannedRound: Hashable, Sendable {
    /// The round, from 1.
    public var round: Int
    /// When it begins.
    public var start: Timestamp
    /// When it ends.
    public var end: Timestamp
    /// Who works together in it.
    public var pods: [Pod]

    /// Makes a round with its times, such as of a plan that is only shown.
    public init(round: Int, start: Timestamp, end: Timestamp, pods: [Pod]) {
        self.round = round
        self.start = start
        self.end = end
        self.pods = pods
    }
}

extension Room {
    /// When `wake` is to be asked next, which is at the end of the first phase that runs.
    ///
    /// `nil` where no session runs or its clocks stand.
    public var nextWake: Timestamp? { session?.nextEnd }

    /// Gives the open turn in which a person sits, and as what.
    public func turn(of person: PersonID) -> (turn: Turn, role: Role)? {
        guard let id = session?.seats[person], let turn = session?.turns[id]?.turn,
            let role = turn.pod.role(of: person)
        else { return nil }
        return (turn, role)
    }

    /// Gives what a member is to do now: the phase, their role in it, what the format says about
    /// that role (nothing where it listens), and when the phase ends (`nil` while the clock
    /// stands).
    ///
    /// - Returns: `nil` where no session runs, or a round in which the person has no turn.
    public func part(
        of person: PersonID
    ) -> (phase: Phase, role: Role, part: Part?, ends: Timestamp?)? {
        guard let session, isMember(person) else { return nil }
        if let (turn, role) = turn(of: person), let phase = session.phase(of: turn.id) {
            let ends = session.course(ofPod: turn.pod.number).clock.ends
            return (phase, role, phase.part(of: role), ends)
        }
        guard session.isTogether, let phase = session.phase else { return nil }
        return (phase, .everyone, phase.part(of: .everyone), session.clock.ends)
    }

    /// The rounds of the running session with their times.
    ///
    /// While the clock stands they are told as if it went on at the last record.
    public var plannedRounds: [PlannedRound] {
        guard let session, !session.format.hasNoRounds else { return [] }
        let place = session.place
        let table = session.plan.timetable
        let length = table.startOfRound(2).milliseconds(after: table.startOfRound(1))
        var next = endOfStretch(
            session,
            place.round == 0 ? table.opening : table.round
        )
        return session.plan.rounds.enumerated().map { index, pods in
            let round = index + 1
            if round < place.round {
                let start = session.roundStarts[UInt8(clamping: round)] ?? session.startedAt
                let end = session.roundEnds[UInt8(clamping: round)] ?? start
                return PlannedRound(round: round, start: start, end: end, pods: pods)
            }
            if round == place.round {
                let start = session.roundStarts[place.round] ?? session.startedAt
                return PlannedRound(round: round, start: start, end: next, pods: pods)
            }
            let start = next
            next = next.adding(milliseconds: length)
            return PlannedRound(round: round, start: start, end: next, pods: pods)
        }
    }

    /// When the phases before the first round end, where they go on now; while the clock stands
    /// it is told as if it went on at the last record.
    public var endOfOpening: Timestamp? {
        guard let session, session.place.round == 0 else { return nil }
        return endOfStretch(session, session.plan.timetable.opening)
    }

    /// Adds up what is left of the phases of the stretch in which a session stands.
    private func endOfStretch(_ session: RunningSession, _ phases: [Int64]) -> Timestamp {
        let end = session.clock.ends ?? lastAt.adding(milliseconds: session.clock.left ?? 0)
        return phases.dropFirst(Int(session.place.phase) + 1).reduce(end) {
            $0.adding(milliseconds: max(0, $1))
        }
    }

    /// Who came to the last session, by name, where the group has agreed that administrators see
    /// it, then as now; who left since is not named.
    public var namesForAdministrators: [String]? {
        guard policy.namesToAdministrators, let last = sessions.last, last.namesAgreed else {
            return nil
        }
        return last.people.filter(isMember).compactMap(name(of:)).sorted()
    }

    /// How many sessions were held: those in which somebody had a turn.
    public var sessionsHeld: Int { sessions.count(where: \.isHeld) }

    /// The session that was over last.
    public var lastSession: SessionSummary? { sessions.last }
}

extension Int64 {
    fileprivate func milliseconds(after other: Int64) -> Int64 {
        let (span, overflow) = subtractingReportingOverflow(other)
        return overflow ? .max : span
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What two people did in one turn.
public struct SharedTurn: Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// What the person is in it who looks at the other.
    public var role: Role
}

extension Room {
    /// The turns of all sessions that the room remembers, the one that runs too, oldest first.
    private var turnsEver: [Turn] {
        sessions.flatMap { $0.turns.map(\.turn) }
            + (session?.turns.values.map(\.turn).sorted { $0.round < $1.round } ?? [])
    }

    /// Tells whether two people were ever in one turn: only then has one something to say about
    /// how the other worked.
    ///
    /// Who visited a turn without a role was a guest there and does not count.
    public func haveWorkedTogether(_ one: PersonID, _ other: PersonID) -> Bool {
        one != other
            && turnsEver.contains { $0.pod.people.contains(one) && $0.pod.people.contains(other) }
    }

    /// Finds the last turn that somebody coached and another person was in.
    ///
    /// - Parameters:
    ///   - coach: who coached.
    ///   - person: who was there, and looks at it; the coach themself too.
    ///   - session: only in this session; `nil` for all.
    /// - Returns: the session and what the person was there; `nil` where there is none.
    public func lastCoaching(
        by coach: PersonID,
        seenBy person: PersonID,
        in session: SessionID? = nil
    ) -> SharedTurn? {
        let turn = turnsEver.last { turn in
            (session == nil || turn.id.session == session)
                && turn.pod.coaches.contains(coach) && turn.pod.people.contains(person)
        }
        guard let turn, let role = turn.pod.role(of: person) else { return nil }
        return SharedTurn(session: turn.id.session, role: role)
    }
}

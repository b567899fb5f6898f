// SPDX-License-Identifier: Apache-2.0

/// Who had the floor in a session, and for how long.
///
/// While the clock runs each group that works together (a pod in its turn, everybody before and
/// after the rounds) gives its time to those to whom the format gives something to say then,
/// in equal parts; where all listen, to nobody. So the parts add up to the whole, to the
/// millisecond.
///
/// - Units: milliseconds.
/// - Source: DESIGN.md D19.
public struct FloorTime: Hashable, Sendable {
    /// The time of each person.
    public private(set) var people: [PersonID: Int64] = [:]
    /// The time in which all listened, or nobody was there.
    public private(set) var silence: Int64 = 0
    /// How much of the phase that runs is already given out among those who are together.
    private var given: Int64 = 0

    /// All time that was given out, that of each pod counted by itself.
    public var total: Int64 { people.values.reduce(silence, saturatingSum) }

    /// Gives the time of one person.
    public subscript(person: PersonID) -> Int64 { people[person] ?? 0 }

    /// Gives a span to some people in equal parts; what cannot be divided goes to the first.
    mutating func give(_ span: Int64, to holders: [PersonID]) {
        guard span > 0 else { return }
        guard !holders.isEmpty else {
            silence = saturatingSum(silence, span)
            return
        }
        let (part, rest) = span.quotientAndRemainder(dividingBy: Int64(holders.count))
        for (index, person) in holders.enumerated() {
            let own = part + (index < rest ? 1 : 0)
            people[person] = saturatingSum(people[person] ?? 0, own)
        }
    }

    /// Gives what of a phase of the whole group is not given out yet.
    mutating func giveTogether(_ elapsed: Int64, to holders: [PersonID]) {
        give(elapsed - given, to: holders)
        given = max(given, elapsed)
    }

    /// Begins to count the phase that runs from its beginning.
    mutating func beginPhase() { given = 0 }
}

extension Room {
    /// Gives the time of the whole group up to the last record to those who have the floor;
    /// to be called before anybody's presence changes, and when a phase of the group ends.
    mutating func countFloorTogether(until instant: Timestamp) {
        guard let session, session.isTogether else { return }
        let speaks = session.phase?.part(of: .everyone)?.givesFloor == true
        let holders = speaks ? present : []
        self.session?.floor.giveTogether(session.clock.elapsed(at: instant), to: holders)
    }

    /// Gives the time of the phase that runs in a turn to its people who have the floor; to be
    /// called when the phase or the turn ends.
    mutating func countFloor(of turn: Turn, until instant: Timestamp) {
        guard let session, turn.round == session.place.round, let phase = session.phase else {
            return
        }
        let holders = turn.pod.people.filter { person in
            turn.pod.role(of: person).flatMap(phase.part)?.givesFloor == true
        }
        self.session?.floor.give(session.clock.elapsed(at: instant), to: holders)
    }
}

extension Part {
    /// Whether the role has something to say in the phase.
    public var givesFloor: Bool { kinds.contains { $0.needsFloor && $0 != .note } }
}

// SPDX-License-Identifier: Apache-2.0

/// Who had the floor in a session, and for how long.
///
/// While the clock runs each group that works together (a pod in its turn, everybody before and
/// after the rounds) gives its time to those to whom the format gives something to say then,
/// in equal parts, or where they speak one at a time to whose turn it is; where all listen, to
/// nobody. So the parts add up to the whole, to the
/// millisecond.
///
/// - Units: milliseconds.
/// - Source: DESIGN.md D19.
public struct FloorTime: Hashable, Sendable {
    /// The time of each person.
    public private(set) var people: [PersonID: Int64] = [:]
    /// The time in which all listened, or nobody was there.
    public private(set) var silence: Int64 = 0
    /// How much of the phase that runs is already given out, by the floor's number.
    private var given: [UInt8: Int64] = [:]

    /// All time that was given out, that of each pod counted by itself.
    public var total: Int64 { people.values.reduce(silence, saturatingSum) }

    /// Gives the time of one person.
    public subscript(person: PersonID) -> Int64 { people[person] ?? 0 }

    /// Gives what of a phase is not given out yet to some people in equal parts; what cannot be
    /// divided goes to the first.
    mutating func give(_ elapsed: Int64, ofFloor number: UInt8, to holders: [PersonID]) {
        let span = elapsed - (given[number] ?? 0)
        guard span > 0 else { return }
        given[number] = elapsed
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

    /// Begins to count the phase that runs from its beginning: that of one floor, or of all.
    mutating func beginPhase(_ number: UInt8?) {
        if let number { given[number] = nil } else { given = [:] }
    }
}

extension Room {
    /// Gives the time that ran to those who have the floor, in each group that works together; to
    /// be called before anything changes who has it, and when a phase ends.
    mutating func countFloors(until instant: Timestamp) {
        guard let session else { return }
        if session.isTogether {
            let speaks = session.phase?.part(of: .everyone)?.givesFloor == true
            let speakers = speaks ? present.filter { !isMuted($0) } : []
            count(RunningSession.groupFloor, speakers, until: instant)
        } else {
            for turn in session.openTurns { countFloor(of: turn, until: instant) }
        }
    }

    /// Gives the time that ran in a turn to its people who have the floor.
    mutating func countFloor(of turn: Turn, until instant: Timestamp) {
        guard let phase = session?.phase(of: turn.id) else { return }
        let speakers = turn.pod.people.filter { person in
            turn.pod.role(of: person).flatMap(phase.part)?.givesFloor == true && !isMuted(person)
        }
        count(turn.pod.number, speakers, until: instant)
    }

    private mutating func count(
        _ number: UInt8,
        _ speakers: [PersonID],
        until instant: Timestamp
    ) {
        guard let session else { return }
        let holder = session.floors[number]?.holder
        self.session?.floor.give(
            session.course(ofPod: number).clock.elapsed(at: instant),
            ofFloor: number,
            to: holder.map { [$0] } ?? speakers
        )
    }
}

extension Part {
    /// Whether the role has something to say in the phase.
    public var givesFloor: Bool { kinds.contains { $0.needsFloor && $0 != .note } }
}

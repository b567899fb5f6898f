// SPDX-License-Identifier: Apache-2.0

/// What two peers want of their time as client: one of them gives some of it to the other.
public struct Deviation: Codable, Hashable, Sendable {
    /// Who has less.
    public var less: PersonID
    /// Who has more.
    public var more: PersonID
    /// How many minutes go over in each session; `nil` for the whole turn.
    public var minutes: UInt16?
    /// Whether it is for one session alone: the one that runs, or else the next.
    public var once: Bool

    enum CodingKeys: Int, CodingKey {
        case less = 0
        case more = 1
        case minutes = 2
        case once = 3
    }

    /// Makes a deviation.
    public init(less: PersonID, more: PersonID, minutes: UInt16?, once: Bool) {
        self.less = less
        self.more = more
        self.minutes = minutes
        self.once = once
    }

    /// Tells whether a person is one of the two.
    public func concerns(_ person: PersonID) -> Bool { person == less || person == more }

    /// Gives the other one of the two.
    public func other(than person: PersonID) -> PersonID { person == less ? more : less }

    /// Tells whether another one is between the same two.
    public func isBetweenSame(as other: Deviation) -> Bool {
        concerns(other.less) && concerns(other.more)
    }
}

/// A deviation as the room's log has it.
public struct DeviationState: Hashable, Sendable {
    /// What was proposed.
    public var terms: Deviation
    /// Who proposed it.
    public var proposer: PersonID
    /// Whether the other one agreed.
    public var isAgreed = false
}

extension RoomLimits {
    /// How many minutes one may give the other in a session.
    public static let deviationMinutes: ClosedRange<UInt16> = 1...240
}

// MARK: - Deciding

extension Room {
    /// The deviations from equal time that are proposed or agreed between two peers.
    public func deviations(of person: PersonID) -> [DeviationState] {
        deviations.filter { $0.terms.concerns(person) }
    }

    /// Proposes that one of two has less time as client than the other.
    func proposeDeviation(
        _ terms: Deviation,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        try checkProposal(terms, by: person)
        course.add(.deviationProposed(terms))
    }

    /// Agrees to what the other one proposed.
    func agreeDeviation(
        _ terms: Deviation,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        try checkAgreed(terms, by: person)
        course.add(.deviationAgreed(terms))
    }

    /// Withdraws what was proposed or agreed, or says no to it.
    func endDeviation(
        _ terms: Deviation,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        try checkEnded(terms, by: person)
        course.add(.deviationEnded(terms))
    }

    /// Checks a record about a deviation that somebody else decided.
    func checkDeviation(_ record: RoomRecord) throws(RoomRejection) {
        guard roster != nil else { throw .rosterConflict }
        guard let person = record.by, isMember(person) else { throw .notAMember }
        switch record.event {
        case .deviationProposed(let terms): try checkProposal(terms, by: person)
        case .deviationAgreed(let terms): try checkAgreed(terms, by: person)
        case .deviationEnded(let terms): try checkEnded(terms, by: person)
        default: break
        }
    }

    private func checkProposal(_ terms: Deviation, by person: PersonID) throws(RoomRejection) {
        guard terms.less != terms.more, terms.concerns(person),
            membership(of: terms.less) == .peer, membership(of: terms.more) == .peer
        else { throw .deviationUnfit }
        if let minutes = terms.minutes, !RoomLimits.deviationMinutes.contains(minutes) {
            throw .outOfBounds
        }
        let known = deviations.first { $0.terms.isBetweenSame(as: terms) }
        guard known?.isAgreed != true, known?.terms != terms else { throw .deviationKnown }
    }

    private func checkAgreed(_ terms: Deviation, by person: PersonID) throws(RoomRejection) {
        guard let known = deviations.first(where: { $0.terms == terms }), terms.concerns(person)
        else { throw .deviationUnknown }
        guard !known.isAgreed else { throw .deviationKnown }
        guard known.proposer != person else { throw .deviationUnknown }
        guard membership(of: terms.less) == .peer, membership(of: terms.more) == .peer else {
            throw .deviationUnfit
        }
    }

    private func checkEnded(_ terms: Deviation, by person: PersonID) throws(RoomRejection) {
        guard terms.concerns(person), deviations.contains(where: { $0.terms == terms }) else {
            throw .deviationUnknown
        }
    }
}

// MARK: - Evolving

extension Room {
    /// Takes in a proposal, a consent or an end; what cannot be changes nothing.
    mutating func evolveDeviation(_ record: RoomRecord) {
        guard (try? checkDeviation(record)) != nil, let person = record.by else { return }
        switch record.event {
        case .deviationProposed(let terms):
            deviations.removeAll { $0.terms.isBetweenSame(as: terms) }
            deviations.append(DeviationState(terms: terms, proposer: person))
        case .deviationAgreed(let terms):
            for index in deviations.indices where deviations[index].terms == terms {
                deviations[index].isAgreed = true
            }
        case .deviationEnded(let terms): deviations.removeAll { $0.terms == terms }
        default: break
        }
    }

    /// Forgets what a person agreed who belongs to the room no more.
    mutating func forgetDeviations(of person: PersonID) {
        deviations.removeAll { $0.terms.concerns(person) }
    }

    /// What is agreed between some of the people of a session.
    func agreedDeviations(among people: Set<PersonID>) -> [Deviation] {
        deviations.lazy.filter(\.isAgreed).map(\.terms)
            .filter { people.contains($0.less) && people.contains($0.more) }
    }

    /// Ends what was for one session alone, after it was held.
    mutating func settleDeviations() {
        guard let last = sessions.last, last.isHeld else { return }
        let counted = last.deviations
        deviations.removeAll { $0.terms.once && counted.contains($0.terms) }
    }
}

extension [Deviation] {
    /// Gives who had no whole turn because they gave it, or what was missing of it, away, and so
    /// are owed none.
    func settled(among people: Set<PersonID>, in turns: [TurnState]) -> Set<PersonID> {
        guard !isEmpty else { return [] }
        let held = turns.filter(\.held)
        let sum = held.reduce(Int64(0)) { saturatingSum($0, $1.milliseconds) }
        let whole = held.isEmpty ? Int64.max : sum / Int64(held.count)
        return people.filter { person in
            let had = turns.lazy.filter { $0.turn.pod.client == person }.map(\.milliseconds)
            return settle(person, having: had.reduce(0, saturatingSum), ofTurn: whole)
        }
    }

    private func settle(
        _ person: PersonID,
        having milliseconds: Int64,
        ofTurn whole: Int64
    ) -> Bool {
        let given = filter { $0.less == person }
        if given.contains(where: { $0.minutes == nil }) { return true }
        let minutes = given.reduce(Int64(0)) { $0 + Int64($1.minutes ?? 0) }
        return minutes > 0 && saturatingSum(milliseconds, minutes * 60_000) >= whole
    }
}

// MARK: - Planning

extension RotationPlanner {
    /// Gives whole turns that one agreed to leave to another to that other, where the two are
    /// together: they change places in the turn in which the first would be client.
    ///
    /// Minutes are not planned: whoever keeps the time extends the one turn and ends the other.
    static func given(away deviations: [Deviation], in rounds: [[Pod]]) -> [[Pod]] {
        var rounds = rounds
        for deviation in deviations where deviation.minutes == nil {
            for round in rounds.indices {
                for pod in rounds[round].indices
                where rounds[round][pod].client == deviation.less
                    && rounds[round][pod].people.contains(deviation.more)
                {
                    rounds[round][pod].swap(deviation.less, deviation.more)
                }
            }
        }
        return rounds
    }
}

extension Pod {
    /// Lets two of its people change places.
    fileprivate mutating func swap(_ one: PersonID, _ other: PersonID) {
        func swapped(_ person: PersonID) -> PersonID {
            person == one ? other : person == other ? one : person
        }
        client = swapped(client)
        coaches = coaches.map(swapped)
        observers = observers.map(swapped)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a room's people have done for each other so far: the planner's memory.
///
/// - Shape: both lists ascend, so equal histories have equal bytes; reading refuses any other order.
/// - Source: DESIGN.md, Sessions, formats, rotation.
public struct RotationHistory: Codable, Hashable, Sendable {
    /// What each person did, ascending by person.
    public private(set) var people: [PersonTally]
    /// How often each person coached each other, ascending by coach, then client.
    public private(set) var pairs: [PairTally]

    enum CodingKeys: Int, CodingKey {
        case people = 0
        case pairs = 1
    }

    /// Makes the history of a room that has not met yet.
    public init() {
        people = []
        pairs = []
    }

    /// Reads a history.
    ///
    /// - Throws: `DecodingError` where a list does not ascend.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        people = try container.decode([PersonTally].self, forKey: .people)
        pairs = try container.decode([PairTally].self, forKey: .pairs)
        let ascends =
            zip(people, people.dropFirst()).allSatisfy { $0.person < $1.person }
            && zip(pairs, pairs.dropFirst()).allSatisfy {
                ($0.coach, $0.client) < ($1.coach, $1.client)
            }
        guard ascends else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "expected ascending lists")
            )
        }
    }

    /// Gives what a person did; all zero for somebody new.
    public subscript(person: PersonID) -> PersonTally {
        let index = place(of: person)
        guard index < people.count, people[index].person == person else {
            return PersonTally(person: person)
        }
        return people[index]
    }

    /// Turns as client that people were there or planned for and did not get.
    public var owed: [PersonID: UInt32] {
        var debts: [PersonID: UInt32] = [:]
        for tally in people where tally.owed > 0 { debts[tally.person] = tally.owed }
        return debts
    }

    /// Counts how often one person coached another.
    public func times(coach: PersonID, client: PersonID) -> UInt32 {
        let index = place(of: coach, client)
        guard index < pairs.count, pairs[index].coach == coach, pairs[index].client == client
        else { return 0 }
        return pairs[index].count
    }

    /// Records that people came to a session; to be called once a session.
    public mutating func recordAttendance(of present: [PersonID]) {
        for person in Set(present) { change(person) { $0.sessions.increase() } }
    }

    /// Records a turn that took place; it repays one turn that its client was owed.
    public mutating func recordCompleted(_ turn: Pod) {
        change(turn.client) {
            $0.asClient.increase()
            if $0.owed > 0 { $0.owed -= 1 }
        }
        for coach in turn.coaches {
            change(coach) { $0.asCoach.increase() }
            changePair(coach: coach, client: turn.client)
        }
        for observer in turn.observers { change(observer) { $0.asObserver.increase() } }
    }

    /// Records that somebody was there or planned and did not get their turn as client.
    public mutating func recordMissed(by person: PersonID) {
        change(person) { $0.owed.increase() }
    }

    /// Records that somebody waits for nothing any more: they had their turn in a method in which
    /// only some have one.
    public mutating func endWaiting(of person: PersonID) { change(person) { $0.owed = 0 } }

    /// Forgets a person who is no longer of the room.
    public mutating func forget(_ person: PersonID) {
        people.removeAll { $0.person == person }
        pairs.removeAll { $0.coach == person || $0.client == person }
    }

    private func place(of person: PersonID) -> Int {
        people.firstIndexNotBefore { $0.person < person }
    }

    private func place(of coach: PersonID, _ client: PersonID) -> Int {
        pairs.firstIndexNotBefore { ($0.coach, $0.client) < (coach, client) }
    }

    private mutating func change(_ person: PersonID, _ edit: (inout PersonTally) -> Void) {
        let index = place(of: person)
        if index == people.count || people[index].person != person {
            people.insert(PersonTally(person: person), at: index)
        }
        edit(&people[index])
    }

    private mutating func changePair(coach: PersonID, client: PersonID) {
        let index = place(of: coach, client)
        if index == pairs.count || pairs[index].coach != coach || pairs[index].client != client {
            pairs.insert(PairTally(coach: coach, client: client, count: 0), at: index)
        }
        pairs[index].count.increase()
    }
}

/// What one person did in a room's sessions so far.
public struct PersonTally: Codable, Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// Turns as client.
    public var asClient: UInt32 = 0
    /// Turns as coach.
    public var asCoach: UInt32 = 0
    /// Turns as observer.
    public var asObserver: UInt32 = 0
    /// Sessions that the person came to.
    public var sessions: UInt32 = 0
    /// Turns as client that are still due.
    public var owed: UInt32 = 0

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case asClient = 1
        case asCoach = 2
        case asObserver = 3
        case sessions = 4
        case owed = 5
    }

    /// Makes the tally of somebody new.
    public init(person: PersonID) { self.person = person }
}

/// How often one person coached another.
public struct PairTally: Codable, Hashable, Sendable {
    /// Who coached.
    public var coach: PersonID
    /// Who was coached.
    public var client: PersonID
    /// How often.
    public var count: UInt32

    enum CodingKeys: Int, CodingKey {
        case coach = 0
        case client = 1
        case count = 2
    }

    /// Makes the tally of a pair.
    public init(coach: PersonID, client: PersonID, count: UInt32) {
        self.coach = coach
        self.client = client
        self.count = count
    }
}

extension UInt32 {
    /// Adds one and stays at the largest number instead of overflowing.
    fileprivate mutating func increase() { if self < .max { self += 1 } }
}

extension Array {
    /// Finds the first of the ascending elements that is not before what is looked for.
    fileprivate func firstIndexNotBefore(_ isBefore: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

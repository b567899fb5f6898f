// SPDX-License-Identifier: Apache-2.0

/// Who does what in every round of a session, and how long every phase takes.
public struct SessionPlan: Codable, Hashable, Sendable {
    /// For every round the pods that work in it.
    ///
    /// A pod that has had all its turns is left out.
    public var rounds: [[Pod]]
    /// How long the phases take.
    public var timetable: Timetable

    enum CodingKeys: Int, CodingKey {
        case rounds = 0
        case timetable = 1
    }

    /// Makes a plan.
    public init(rounds: [[Pod]], timetable: Timetable) {
        self.rounds = rounds
        self.timetable = timetable
    }
}

/// The people who work together in one round, by role.
public struct Pod: Codable, Hashable, Sendable {
    /// The pod's number within the session, from 0; it stays the same in all rounds.
    public var number: UInt8
    /// Who is coached.
    public var client: PersonID
    /// Who coaches, at least one.
    public var coaches: [PersonID]
    /// Who watches the coach.
    public var observers: [PersonID]

    enum CodingKeys: Int, CodingKey {
        case number = 0
        case client = 1
        case coaches = 2
        case observers = 3
    }

    /// Makes a pod.
    public init(number: UInt8, client: PersonID, coaches: [PersonID], observers: [PersonID]) {
        self.number = number
        self.client = client
        self.coaches = coaches
        self.observers = observers
    }

    /// All people of the pod: client, coaches, observers.
    public var people: [PersonID] { [client] + coaches + observers }

    /// Gives a person's role in the pod.
    public func role(of person: PersonID) -> Role? {
        if client == person { return .client }
        if coaches.contains(person) { return .coach }
        return observers.contains(person) ? .observer : nil
    }
}

/// How long each phase takes, in milliseconds of real time (after fitting and pace).
public struct Timetable: Codable, Hashable, Sendable {
    /// The phases before the rounds.
    public var opening: [Int64]
    /// The phases of every round.
    public var round: [Int64]
    /// The phases after the rounds.
    public var closing: [Int64]

    enum CodingKeys: Int, CodingKey {
        case opening = 0
        case round = 1
        case closing = 2
    }

    /// Makes a timetable.
    public init(opening: [Int64], round: [Int64], closing: [Int64]) {
        self.opening = opening
        self.round = round
        self.closing = closing
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A session while it runs: its course, its clock and its turns.
public struct RunningSession: Hashable, Sendable {
    /// How it was started; the plan in it is the first one.
    public let started: SessionStarted
    /// When it was started.
    public let startedAt: Timestamp
    /// The plan as it is now.
    public internal(set) var plan: SessionPlan
    /// Where all stand who keep the same time.
    var shared: PodCourse
    /// Where the pods of this round stand, by the pod's number, once they keep time apart.
    var apart: [UInt8: PodCourse] = [:]
    /// The turns that have begun.
    public internal(set) var turns: [TurnID: TurnState] = [:]
    /// When the rounds that have begun did so.
    public internal(set) var roundStarts: [UInt8: Timestamp] = [:]
    /// When the rounds that are over ended.
    public internal(set) var roundEnds: [UInt8: Timestamp] = [:]
    /// Who was there when the rounds were planned last.
    public internal(set) var planned: Set<PersonID>
    /// Everybody for whom a turn was planned in this session.
    public internal(set) var expected: Set<PersonID>
    /// The clients whose turn counted.
    public internal(set) var served: Set<PersonID> = []
    /// Who had the floor so far; the phase that runs is not in it yet.
    public internal(set) var floor = FloorTime()
    /// Who was to keep time and is not reached by the server.
    public internal(set) var unreached: Set<PersonID> = []
    /// Who asked to visit turns that go on, and is not answered yet.
    var visitRequests: [TurnID: VisitRequest] = [:]
    /// Who is muted until the phase ends.
    public internal(set) var muted: Set<PersonID> = []
    /// Whether any phase asks for something before it ends; else no post is looked at for it.
    let asksForKinds: Bool
    /// Who was there at any time since the session began.
    var came: Set<PersonID> = []
    /// Whether the group has agreed ever since the session began that administrators see by name
    /// who came.
    var namesAgreed = false
    /// The floors of the running phase, by pod; ``groupFloor`` for all together.
    var floors: [UInt8: FloorState] = [:]
    /// Which open turn each person sits in.
    var seats: [PersonID: TurnID] = [:]

    /// The session.
    public var id: SessionID { started.session }
    /// The format.
    public var format: SessionFormat { started.format }
    /// How people talk.
    public var medium: Medium { started.medium }
    /// The peer who keeps time; `nil` where a facilitator does.
    public var host: PersonID? { started.host }
    /// The hash of the purpose.
    public var purpose: Bytes32? { started.purpose }
    /// By how much minutes were divided.
    public var pace: UInt16 { started.pace }

    /// Where the session stands: with the pod that is furthest behind, where they keep time apart.
    public var place: PhasePlace { course.place }
    /// The clock there.
    public var clock: SessionClock { course.clock }
    /// When the phase ends; `nil` while the clock stands.
    public var ends: Timestamp? { clock.ends }
    /// What is left of the phase in milliseconds; `nil` while the clock runs.
    public var left: Int64? { clock.left }
    /// Whether somebody stopped the clock.
    public var isPaused: Bool { clock.ends == nil && !clock.isInterrupted }
    /// Whether the clock stands because the server was away.
    public var isInterrupted: Bool { clock.ends == nil && clock.isInterrupted }

    /// The turns that go on now, by pod.
    public var openTurns: [Turn] {
        turns.values.filter { !$0.isClosed }.map(\.turn).sorted { $0.pod.number < $1.pod.number }
    }
    /// The turns that are over, in their order.
    public var closedTurns: [TurnState] {
        turns.values.filter(\.isClosed).sorted { $0.turn.id < $1.turn.id }
    }

    /// The phase in which the whole group or all rounds stand.
    public var phase: Phase? { phase(at: place) }

    /// Whether the whole group is together: before the first round or after the last.
    public var isTogether: Bool { isTogether(place) }

    func isTogether(_ place: PhasePlace) -> Bool {
        place.round == 0 || Int(place.round) > plan.rounds.count
    }

    /// Gives the phase at a place; `nil` where there is none.
    public func phase(at place: PhasePlace) -> Phase? {
        let phases = phases(of: place.round)
        return phases.indices.contains(Int(place.phase)) ? phases[Int(place.phase)] : nil
    }

    func phases(of round: UInt8) -> [Phase] {
        if round == 0 { return format.opening }
        return Int(round) > plan.rounds.count ? format.closing : format.round
    }

    /// Gives how long a phase is planned to take, in milliseconds.
    public func duration(of place: PhasePlace) -> Int64 {
        let table: [Int64]
        if place.round == 0 {
            table = plan.timetable.opening
        } else {
            table = isTogether(place) ? plan.timetable.closing : plan.timetable.round
        }
        return table.indices.contains(Int(place.phase)) ? max(0, table[Int(place.phase)]) : 0
    }

    /// Gives the pods of a round as planned now; empty where there is no such round.
    public func pods(of round: UInt8) -> [Pod] {
        let index = Int(round) - 1
        return plan.rounds.indices.contains(index) ? plan.rounds[index] : []
    }
}

/// What became of a session.
public struct SessionSummary: Hashable, Sendable {
    /// The session.
    public var id: SessionID
    /// The format's name.
    public var format: String
    /// How people talked.
    public var medium: Medium
    /// When it began.
    public var began: Timestamp
    /// When it ended.
    public var ended: Timestamp
    /// Whether it came to the end of its last phase.
    public var complete: Bool
    /// Whether its format has rounds; without them the whole group stayed together.
    public var hadRounds = true
    /// Its turns in their order.
    public var turns: [TurnState]
    /// Who did not get the turn that was planned and is owed one; ascending.
    public var owed: [PersonID]
    /// Who had the floor, and for how long.
    public var floor: FloorTime
    /// Whether the group had agreed, as long as the session ran, that administrators see by name
    /// who came.
    public var namesAgreed = false
    /// What two of its people had agreed about their time as client when it ended.
    public var deviations: [Deviation] = []

    /// Who had a role in one of its turns; ascending.
    public var people: [PersonID] { Set(turns.flatMap(\.turn.pod.people)).sorted() }

    /// Whether anybody had a turn, or, in a format without turns, whether it came to its end.
    public var isHeld: Bool { hadRounds ? turns.contains(where: \.held) : complete }

    /// Gives how long a person was client, in milliseconds.
    public func millisecondsAsClient(_ person: PersonID) -> Int64 {
        turns.reduce(0) { sum, state in
            state.turn.pod.client == person ? saturatingSum(sum, state.milliseconds) : sum
        }
    }

    /// Gives what a person was in the session's turns, in their order.
    public func turns(of person: PersonID) -> [(turn: Turn, role: Role)] {
        turns.compactMap { state in
            state.turn.pod.role(of: person).map { (state.turn, $0) }
        }
    }
}

func saturatingSum(_ one: Int64, _ other: Int64) -> Int64 {
    let (sum, overflow) = one.addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
}

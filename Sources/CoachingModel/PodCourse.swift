// SPDX-License-Identifier: Apache-2.0

/// The clock of a phase.
///
/// - Units: milliseconds where a span is meant.
public struct SessionClock: Hashable, Sendable {
    /// When the phase ends; `nil` while the clock stands.
    public var ends: Timestamp?
    /// What is left of the phase; `nil` while the clock runs.
    public var left: Int64?
    /// Whether it stands because the server was away.
    public var isInterrupted = false
    /// Whether somebody of those who work stopped it, and any of them can let it go on.
    public var isStopped = false
    /// Whether the phase goes on past its time, until somebody, or what it asks for, ends it.
    public internal(set) var isHeld = false
    /// Whether it stands because the facilitator is awaited.
    public internal(set) var isAwaiting = false
    /// Since when it runs, or the phase goes on past its time.
    var since: Timestamp
    /// How long it ran in this phase before that.
    var ran: Int64 = 0

    /// Gives how long the phase has run until an instant.
    func elapsed(at now: Timestamp) -> Int64 {
        guard let ends else {
            return isHeld ? saturatingSum(ran, max(0, now.milliseconds(since: since))) : ran
        }
        return saturatingSum(ran, max(0, min(now, ends).milliseconds(since: since)))
    }

    /// Takes in what the log says about it.
    mutating func take(_ set: ClockSet, at now: Timestamp, by person: PersonID?) {
        if ends == nil || set.ends == nil {
            // A late wake says later what ended with the phase; who is ready ends it before.
            let stopped = min(now, ends?.adding(milliseconds: -max(0, set.left ?? 0)) ?? now)
            ran = elapsed(at: stopped)
            since = set.cause == .held ? stopped : now
        }
        ends = set.ends
        isHeld = set.ends == nil && set.cause == .held
        isAwaiting =
            set.ends == nil
            && (set.cause == .awaiting || set.cause == .extended && isAwaiting)
        left = set.ends == nil ? max(0, set.left ?? 0) : nil
        isInterrupted =
            set.ends == nil
            && (set.cause == .interrupted || (set.cause == .extended && isInterrupted))
        // Who keeps the time is named where they stop it; who works stops it without a name.
        isStopped =
            set.ends == nil
            && (set.cause == .paused && person == nil || set.cause == .extended && isStopped)
    }
}

/// Where a pod stands in its round: phases inside a round are the pod's own, rounds end together.
///
/// - Units: milliseconds where a span is meant.
/// - Source: DESIGN.md D11.
public struct PodCourse: Hashable, Sendable {
    /// The phase.
    public internal(set) var place: PhasePlace
    /// Its clock.
    public internal(set) var clock: SessionClock
    /// How long the clock ran in the phases of this round that are over.
    var ran: Int64 = 0
    /// Whether its last phase is over and it waits for the other pods.
    public internal(set) var isThrough = false

    /// Gives how long the clock has run in the round until an instant.
    func elapsed(at now: Timestamp) -> Int64 { saturatingSum(ran, clock.elapsed(at: now)) }

    /// Whether another ends its round after this one, as it looks now.
    fileprivate func isBehind(_ other: PodCourse) -> Bool {
        if isThrough != other.isThrough { return other.isThrough }
        if place != other.place { return place < other.place }
        guard let ends = clock.ends else { return true }
        return other.clock.ends.map { ends > $0 } ?? false
    }
}

extension RunningSession {
    /// Where the session stands: with the pod that is furthest behind, where they keep time apart.
    var course: PodCourse {
        guard var last = apart.keys.min().flatMap({ apart[$0] }) else { return shared }
        for number in apart.keys.sorted() {
            if let course = apart[number], course.isBehind(last), !last.isBehind(course) {
                last = course
            }
        }
        return last
    }

    /// Gives where a pod of this round stands.
    public func course(ofPod number: UInt8) -> PodCourse { apart[number] ?? shared }

    /// The pods that keep time apart, ascending; `nil` alone where all keep the same time.
    var clocks: [UInt8?] { apart.isEmpty ? [nil] : apart.keys.sorted() }

    /// Where each clock stands.
    var places: [UInt8?: PhasePlace] {
        Dictionary(uniqueKeysWithValues: clocks.map { ($0, self[clock: $0].place) })
    }

    /// Whether any clock runs.
    public var hasRunningClock: Bool { nextEnd != nil }

    /// Whether any clock stands, that of a pod aside which waits for the others.
    public var hasStandingClock: Bool {
        clocks.contains { self[clock: $0].clock.ends == nil && !self[clock: $0].isThrough }
    }

    /// Whether anywhere a phase is before the one that runs.
    public var hasEarlierPhase: Bool { clocks.contains { self[clock: $0].place.phase > 0 } }

    /// Whether the pods of this round keep time apart, so that one may be further than another.
    public var keepsTimeApart: Bool { !apart.isEmpty }

    /// When the first clock that runs ends its phase; `nil` while all stand.
    var nextEnd: Timestamp? {
        apart.isEmpty ? shared.clock.ends : apart.values.compactMap(\.clock.ends).min()
    }

    /// Gives the turn that goes on in a pod.
    func openTurn(ofPod number: UInt8) -> Turn? {
        openTurns.first { $0.pod.number == number }
    }

    /// Gives a pod that keeps time apart, or all together.
    subscript(clock number: UInt8?) -> PodCourse {
        get { number.flatMap { apart[$0] } ?? shared }
        set {
            if let number { apart[number] = newValue } else { shared = newValue }
        }
    }

    /// Lets each pod of the round keep its own time from here on.
    mutating func separate() {
        guard apart.isEmpty else { return }
        for turn in openTurns { apart[turn.pod.number] = shared }
    }

    /// Forgets the clock of a pod whose turn is over; the last one leaves its own to the session,
    /// which goes on at once where that pod waited for others.
    mutating func join(_ number: UInt8, at now: Timestamp) {
        guard var course = apart.removeValue(forKey: number), apart.isEmpty else { return }
        if course.isThrough {
            course.isThrough = false
            course.clock = SessionClock(ends: now, left: nil, since: now)
        }
        shared = course
    }
}

extension Room {
    /// Gives where a person's pod stands, or the session for who has no turn now.
    public func course(of person: PersonID) -> PodCourse? {
        guard let session else { return nil }
        return session.seats[person].map { session.course(ofPod: $0.pod) } ?? session.course
    }
}

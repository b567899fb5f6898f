// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What somebody set out to do: sixteen random bytes, made by their device.
public struct UndertakingID: Identifier {
    /// The sixteen bytes.
    public let value: Bytes16
    /// Makes the identifier from its bytes.
    public init(_ value: Bytes16) { self.value = value }

    /// The identifier of a promise that was made without one: the place of its line.
    public init(lineOf transcript: TranscriptID, _ number: UInt64) {
        value = Bytes16(high: transcript.value.high, low: transcript.value.low &+ number)
    }
}

/// What kind of thing somebody set out to do.
public enum UndertakingKind: UInt8, Hashable, Sendable, CaseIterable {
    /// What one wants to reach, with a measure and a day.
    case goal = 1
    /// A task, mostly under a goal.
    case action = 2
    /// What one promised to others, the coach too.
    case promise = 3
}

/// What became of it.
public enum UndertakingState: UInt8, Hashable, Sendable, CaseIterable {
    /// It is still to be done.
    case open = 1
    /// It was done as it was meant: kept, reached.
    case kept = 2
    /// A part of it was done.
    case partly = 3
    /// It was not done.
    case missed = 4
    /// It is to be done otherwise, or at another time; it stays open.
    case renegotiated = 5
    /// It is not wanted any more.
    case dropped = 6

    /// Whether something is still to be done.
    public var isOpen: Bool { self == .open || self == .renegotiated }
}

/// A goal, a task or a promise, as it stands now.
///
/// - Source: CAPABILITIES.md; SMART: specific (the text), measurable, achievable (by which
///   means), relevant (the reason), time-bound (the day).
public struct Undertaking: Hashable, Sendable {
    /// By which it is known.
    public var id: UndertakingID
    /// What it is.
    public var kind: UndertakingKind
    /// Whose it is.
    public var owner: PersonID
    /// Who reads the line in which it stands first.
    public var key: TranscriptKey
    /// That line's number there.
    public var number: UInt64
    /// When it was put down.
    public var madeAt: Timestamp
    /// The words.
    public var text: String
    /// By when it is to be done: the last instant of the day.
    public var due: Timestamp?
    /// By what one sees that it is reached.
    public var measure: String?
    /// By which means it can be reached.
    public var means: String?
    /// Why it matters.
    public var reason: String?
    /// The goal that it belongs to.
    public var goal: UndertakingID?
    /// What became of it.
    public var state = UndertakingState.open
    /// What happened since, oldest first.
    public var course: [UndertakingStep] = []

    /// Whether its day is over and it is still to be done.
    public func isOverdue(at now: Timestamp) -> Bool {
        state.isOpen && due.map { $0 < now } ?? false
    }
}

/// Something that happened to an undertaking.
public struct UndertakingStep: Hashable, Sendable {
    /// What happened.
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// It was put down.
        case made = 1
        /// Its words or its day were changed.
        case changed = 2
        /// Somebody said what became of it.
        case judged = 3
        /// It went on.
        case progress = 4
        /// It was thrown back, and something was learned from it.
        case setback = 5
        /// Its owner asks for help.
        case help = 6
    }

    /// What happened.
    public var kind: Kind
    /// When.
    public var at: Timestamp
    /// What became of it, where that was said.
    public var state: UndertakingState?
    /// What was said with it; may be empty.
    public var text: String
    /// Who reads it.
    public var key: TranscriptKey
}

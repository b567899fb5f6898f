// SPDX-License-Identifier: Apache-2.0

/// A part of what makes a session complete: something that one person owes another.
///
/// A client gets spoken and written feedback from each coach, and each coach an assessment from the
/// client. What is owed blocks nothing, and only the two can tell whether it was given.
///
/// - Source: DESIGN.md D19.
public struct FeedbackDue: Hashable, Sendable {
    /// What is owed.
    public enum Part: Hashable, Sendable, CaseIterable {
        /// Feedback that was said aloud, or in the turn of a typed session.
        case spoken
        /// Feedback in writing, between the two.
        case written
        /// A word on how somebody coached, between the two.
        case assessment
    }

    /// What is owed.
    public var part: Part
    /// By whom.
    public var from: PersonID
    /// To whom.
    public var to: PersonID

    /// Makes a description.
    public init(_ part: Part, from: PersonID, to: PersonID) {
        self.part = part
        self.from = from
        self.to = to
    }
}

extension [TurnState] {
    /// Lists what turns that were held ask of a person and for them, each once, in the turns'
    /// order.
    public func feedbackDues(of person: PersonID) -> [FeedbackDue] {
        var dues: [FeedbackDue] = []
        for state in self where state.held {
            let client = state.turn.pod.client
            for coach in state.turn.pod.coaches
            where coach != client && (coach == person || client == person) {
                let all = [
                    FeedbackDue(.spoken, from: coach, to: client),
                    FeedbackDue(.written, from: coach, to: client),
                    FeedbackDue(.assessment, from: client, to: coach),
                ]
                dues += all.filter { !dues.contains($0) }
            }
        }
        return dues
    }

    /// Tells whether one person was with another in a turn in which the second was client.
    public func metAsClient(_ client: PersonID, _ other: PersonID) -> Bool {
        contains { state in
            state.turn.pod.client == client && client != other
                && state.turn.pod.people.contains(other)
        }
    }
}

/// What was given of the feedback that is owed, as far as one person reads it.
///
/// - Limits: the newest ``recordsMax`` lines count.
public struct FeedbackGiven: Hashable, Sendable {
    /// How many lines are remembered.
    public static let recordsMax = 2_000

    private struct Record: Hashable, Sendable {
        var part: FeedbackDue.Part
        var from: PersonID
        var place: TranscriptKey
        var at: Timestamp
    }

    private var records: [Record] = []

    /// Makes one that knows of nothing.
    public init() {}

    /// Takes in a line that the person reads, their own too; or one with which its author says that
    /// they heard the other's feedback.
    public mutating func take(
        _ kind: EntryKind,
        in key: TranscriptKey,
        by author: PersonID,
        at time: Timestamp,
        isHeard: Bool = false
    ) {
        let record: Record
        switch key {
        case .turn where kind == .feedback:
            record = Record(part: .spoken, from: author, place: key, at: time)
        case .direct(let first, let second):
            let other = author == first ? second : first
            if isHeard {
                record = Record(part: .spoken, from: other, place: key, at: time)
            } else if kind == .feedback {
                record = Record(part: .written, from: author, place: key, at: time)
            } else if kind == .assess {
                record = Record(part: .assessment, from: author, place: key, at: time)
            } else {
                return
            }
        default: return
        }
        records.append(record)
        if records.count >= Self.recordsMax * 2 {
            records.removeFirst(records.count - Self.recordsMax)
        }
    }

    /// Tells whether something owed after a session was given: between the two since its begin, or
    /// in one of its turns.
    public func has(_ due: FeedbackDue, of turns: [TurnState], since begin: Timestamp) -> Bool {
        records.contains { record in
            guard record.part == due.part, record.from == due.from else { return false }
            switch record.place {
            case .turn(let id):
                return turns.contains { $0.turn.id == id && $0.turn.pod.client == due.to }
            default:
                return record.place == .between(due.from, due.to) && record.at >= begin
            }
        }
    }
}

extension Room {
    /// Lists what the last session that is over still asks of a person and for them; nothing once
    /// the next one runs.
    public func feedbackOpen(of person: PersonID, _ given: FeedbackGiven) -> [FeedbackDue] {
        guard session == nil, let last = sessions.last else { return [] }
        return last.turns.feedbackDues(of: person).filter { due in
            isMember(due.from) && isMember(due.to)
                && !given.has(due, of: last.turns, since: last.began)
        }
    }

    /// Tells whether a person can say now that they heard somebody's feedback: the two were in a
    /// turn whose client they were, in the session that runs or else the last one, and they have
    /// not said so yet.
    public func canHear(_ other: PersonID, _ person: PersonID, _ given: FeedbackGiven) -> Bool {
        let due = FeedbackDue(.spoken, from: other, to: person)
        let turns: [TurnState]
        let begin: Timestamp
        if let session {
            (turns, begin) = (Array(session.turns.values), session.startedAt)
        } else if let last = sessions.last {
            (turns, begin) = (last.turns, last.began)
        } else {
            return false
        }
        return turns.metAsClient(person, other)
            && !given.has(due, of: turns, since: begin)
    }
}

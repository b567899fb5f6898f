// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// A line that one can read, as far as it concerns undertakings.
public struct UndertakingLine: Hashable, Sendable {
    /// Who reads it.
    public var key: TranscriptKey
    /// Where it stands.
    public var transcript: TranscriptID
    /// Its number there.
    public var number: UInt64
    /// When the server took it.
    public var at: Timestamp
    /// Who wrote it.
    public var author: PersonID
    /// What kind of line.
    public var kind: EntryKind
    /// Its words.
    public var text: String
    /// When something is due.
    public var due: Timestamp?
    /// What stands beside them.
    public var note: UndertakingNote?

    /// Makes a line.
    public init(
        key: TranscriptKey,
        transcript: TranscriptID,
        number: UInt64,
        at: Timestamp,
        author: PersonID,
        kind: EntryKind,
        text: String,
        due: Timestamp? = nil,
        note: UndertakingNote? = nil
    ) {
        self.key = key
        self.transcript = transcript
        self.number = number
        self.at = at
        self.author = author
        self.kind = kind
        self.text = text
        self.due = due
        self.note = note
    }
}

/// All goals, tasks and promises of a room that one can read, worked out from its lines.
///
/// An undertaking is its owner's: what others write about it changes nothing. The order is that
/// in which they were put down, and stays.
public struct Undertakings: Hashable, Sendable {
    /// Them all, oldest first.
    public private(set) var all: [Undertaking] = []
    private var places: [Place: Int] = [:]

    private struct Place: Hashable {
        var owner: PersonID
        var id: UndertakingID
    }

    /// Works them out of lines, in whatever order these are.
    public init(_ lines: some Sequence<UndertakingLine>) {
        let lines = lines.sorted { one, other in
            (one.at, one.transcript, one.number) < (other.at, other.transcript, other.number)
        }
        for line in lines { take(line) }
    }

    /// Gives those of one person and kind, with what they are called by: their place among all of
    /// this person's in this room, from 1, which later ones do not change.
    public func numbered(of owner: PersonID) -> [(number: Int, undertaking: Undertaking)] {
        all.filter { $0.owner == owner }.enumerated().map { ($0.offset + 1, $0.element) }
    }

    /// Gives one by its owner and identifier.
    public subscript(owner: PersonID, id: UndertakingID) -> Undertaking? {
        places[Place(owner: owner, id: id)].map { all[$0] }
    }

    /// Gives what is to be looked at together: promises to others that are open and were made
    /// before an instant, whose day comes first first.
    public func toReview(madeBefore instant: Timestamp) -> [Undertaking] {
        let open = all.filter {
            $0.kind == .promise && $0.state.isOpen && $0.madeAt < instant && $0.key.scope != .own
        }
        return Self.byDay(open)
    }

    /// Gives what is still to be done by somebody until an instant, whose day comes first first.
    public func due(of owner: PersonID, until instant: Timestamp) -> [Undertaking] {
        Self.byDay(
            all.filter { $0.owner == owner && $0.state.isOpen }
                .filter { $0.due.map { $0 <= instant } ?? false }
        )
    }

    private static func byDay(_ some: [Undertaking]) -> [Undertaking] {
        some.enumerated().sorted { one, other in
            let days = [one, other].map { $0.element.due ?? Timestamp(milliseconds: .max) }
            return (days[0], one.offset) < (days[1], other.offset)
        }.map(\.element)
    }

    private mutating func take(_ line: UndertakingLine) {
        guard let note = line.note ?? Self.promise(line) else { return }
        let place = Place(owner: line.author, id: note.id)
        guard let index = places[place] else {
            guard note.step == .made, let kind = note.kind else { return }
            places[place] = all.count
            return all.append(
                Undertaking(
                    id: note.id,
                    kind: kind,
                    owner: line.author,
                    key: line.key,
                    number: line.number,
                    madeAt: line.at,
                    text: line.text,
                    due: line.due,
                    measure: note.measure,
                    means: note.means,
                    reason: note.reason,
                    goal: note.goal
                )
            )
        }
        // It is put down once; the same again is it said to others too.
        guard note.step != .made else { return }
        all[index].take(note, line)
    }

    /// A promise without a note, such as one of a program that knows none.
    private static func promise(_ line: UndertakingLine) -> UndertakingNote? {
        guard line.kind == .commit else { return nil }
        return UndertakingNote(
            id: UndertakingID(lineOf: line.transcript, line.number),
            step: .made,
            kind: .promise
        )
    }
}

extension Undertaking {
    fileprivate mutating func take(_ note: UndertakingNote, _ line: UndertakingLine) {
        switch note.step {
        case .made, .progress, .setback, .help: break
        case .changed:
            if !line.text.isEmpty { text = line.text }
            due = line.due ?? due
            measure = note.measure ?? measure
            means = note.means ?? means
            reason = note.reason ?? reason
        case .judged:
            guard let state = note.state else { return }
            self.state = state
            if state == .renegotiated { due = line.due ?? due }
        }
        course.append(
            UndertakingStep(
                kind: note.step,
                at: line.at,
                state: note.state,
                text: line.text,
                key: line.key
            )
        )
    }
}

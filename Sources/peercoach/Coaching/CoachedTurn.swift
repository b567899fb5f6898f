// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingListening
import CoachingModel
import CoachingSeal

/// A line that can say how somebody coached: of a turn, or an observer's marks.
struct CoachingLine: Hashable, Sendable {
    var key: TranscriptKey
    var number: UInt64
    var at: Timestamp
    var author: PersonID
    var kind: EntryKind
    var text: String

    /// Takes a line that was opened; `nil` where it says nothing about coaching.
    init?(
        key: TranscriptKey,
        number: UInt64,
        at: Timestamp,
        author: PersonID?,
        kind: EntryKind,
        text: String?
    ) {
        guard let author, let text else { return nil }
        switch key {
        case .turn: break
        case .direct where kind == .assess && ObserverMarks(reading: text) != nil: break
        default: return nil
        }
        self.key = key
        self.number = number
        self.at = at
        self.author = author
        self.kind = kind
        self.text = text
    }

    init?(_ line: ReadEntry) {
        self.init(
            key: line.key,
            number: line.number,
            at: line.at,
            author: line.author,
            kind: line.kind,
            text: line.body?.file == nil ? line.body?.text : nil
        )
    }

    init?(_ line: HeardLine) {
        self.init(
            key: line.key,
            number: line.number,
            at: line.at,
            author: line.author,
            kind: line.kind,
            text: line.file == nil ? line.text : nil
        )
    }
}

/// A turn that a person coached, and what can be said about it.
struct CoachedTurn: Hashable, Sendable {
    var turn: Turn
    var account: CoachingAccount

    /// Finds the turns of a session that a person coached.
    ///
    /// - Parameters:
    ///   - session: a session that is over.
    ///   - lines: what the person can read; of other sessions too.
    ///   - next: when the session after it began; marks that came later are of that one.
    ///   - me: who coached.
    ///   - name: what people are called.
    /// - Returns: the turns in their order.
    static func all(
        of session: SessionSummary,
        in lines: [CoachingLine],
        before next: Timestamp?,
        me: PersonID,
        name: (PersonID) -> String
    ) -> [CoachedTurn] {
        session.turns.map(\.turn).filter { $0.pod.coaches.contains(me) }.map { turn in
            let said = lines.filter { $0.key == .turn(turn.id) }.map { line in
                TurnLine(
                    author: line.author == me
                        ? .me : line.author == turn.pod.client ? .client : .other,
                    kind: line.kind,
                    text: line.text,
                    at: line.at
                )
            }
            let marks = lines.compactMap { line -> HandedMarks? in
                guard case .direct = line.key, line.author != me, line.at >= session.began,
                    next.map({ line.at < $0 }) ?? true,
                    turn.pod.role(of: line.author) == .observer,
                    let marks = ObserverMarks(reading: line.text), marks.round == turn.id.round
                else { return nil }
                return HandedMarks(observer: name(line.author), marks: marks)
            }
            return CoachedTurn(
                turn: turn,
                account: CoachingAccount(medium: session.medium, lines: said, marks: marks)
            )
        }
    }
}

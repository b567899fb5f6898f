// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// Where a statement answers a question, questions have the numbers that people see.
extension RoomScreenModel {
    /// Sends an answer: to the question of a number, or to the last one.
    ///
    /// A number counts only where a statement must answer a question; elsewhere it is a word of
    /// the answer.
    mutating func answerQuestion(_ text: String) -> [RoomEffect] {
        guard !text.isEmpty else { return refuses("Type it all: \(SlashCommand.answer.usage)") }
        guard let shown = address(for: .answer, in: draft?.room ?? room) else {
            return refuses(
                "Not sent: you have no turn now. /room TEXT, or /to NAME to stay there first."
            )
        }
        let (head, words) = text.headAndRest
        guard room.mustCite(.answer, in: shown.key, by: me),
            head.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return send(text, to: shown) }
        guard let number = UInt64(head), isAsked(number, in: shown.key) else {
            return refuses("Not sent: \(noQuestion(head, in: shown.key))")
        }
        guard !words.isEmpty else {
            return refuses("Type it all: /answer \(number) TEXT")
        }
        return send(words, to: shown, cites: number)
    }

    /// The questions that the person can answer now, by their numbers; empty where a statement
    /// need not answer any.
    var answerableQuestions: [UInt64] {
        guard let key = address(for: .answer, in: room)?.key,
            room.mustCite(.answer, in: key, by: me)
        else { return [] }
        return questionsAsked[key] ?? []
    }

    func isAsked(_ number: UInt64, in key: TranscriptKey) -> Bool {
        questionsAsked[key]?.contains(number) == true
    }

    /// Notes a question that somebody else asked.
    mutating func noteQuestion(_ line: HeardLine) {
        guard line.kind == .ask, line.author != me, !line.key.isPrompt else { return }
        var asked = questionsAsked[line.key] ?? []
        guard !asked.contains(line.number) else { return }
        asked.append(line.number)
        questionsAsked[line.key] = asked.suffix(Self.questionsMax).sorted()
    }

    /// Forgets a question that is gone.
    mutating func forgetQuestion(_ key: TranscriptKey, _ number: UInt64) {
        questionsAsked[key]?.removeAll { $0 == number }
    }

    /// What stands behind the verb of a line: a question's number, or which one is answered.
    func questionMark(_ line: HeardLine) -> String {
        guard countsQuestions(line.key) else { return "" }
        if line.kind == .ask { return " (\(line.number))" }
        return line.cites.map { " (to \($0))" } ?? ""
    }

    /// Whether a phase of the running session asks for questions first in this place.
    private func countsQuestions(_ key: TranscriptKey) -> Bool {
        guard let session = room.session, session.medium == .typed else { return false }
        let format = session.format
        let phases: [Phase]
        switch key {
        case .turn(let id) where session.turns[id] != nil: phases = format.round
        case .room: phases = format.opening + format.closing
        default: return false
        }
        return phases.contains { $0.parts.contains { $0.floor == .questionFirst } }
    }

    private func noQuestion(_ typed: String, in key: TranscriptKey) -> String {
        let asked = questionsAsked[key] ?? []
        let own = past.contains {
            $0.key == key && $0.kind == .ask && $0.author == me && String($0.number) == typed
        }
        let what =
            own
            ? "question \(typed) is your own, and others answer it."
            : "nobody has asked you a question \(typed) here."
        guard !asked.isEmpty else { return "\(what) /ask asks one." }
        let last = asked.suffix(8).map { "\($0)" }
        return
            "\(what) You can answer \(Words.list(last, "or")); /answer without a number answers the last."
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel

/// The question bank as a view uses it: what there is, and what was offered.
struct OfferedQuestions: Hashable, Sendable {
    var bank = QuestionBank.builtIn
    /// How often was asked, by aim; the empty one without.
    var turns: [String: Int] = [:]
}

extension RoomScreenModel {
    /// Offers three questions, to the person alone; asked again, the next three.
    mutating func offerQuestions(_ rest: String) -> [RoomEffect] {
        var aim: String?
        if !rest.isEmpty {
            let wanted = rest.lowercased()
            let fitting = offered.bank.aims.filter { $0 == wanted }
            let begun =
                fitting.isEmpty ? offered.bank.aims.filter { $0.hasPrefix(wanted) } : fitting
            guard begun.count == 1, let found = begun.first else {
                return refuses(
                    "Questions for what? \(Words.list(offered.bank.aims, "or")); /q alone mixes "
                        + "them."
                )
            }
            aim = found
        }
        let turn = offered.turns[aim ?? "", default: 0]
        offered.turns[aim ?? ""] = turn &+ 1
        let questions = offered.bank.offer(aim: aim, phase: questionPhase, turn: turn)
        guard !questions.isEmpty else { return refuses("There are no questions for that.") }
        let texts = questions.map(\.text)
        return [
            .show(
                offer(
                    texts.joined(separator: " / "),
                    "questionsOffered",
                    [.init("aim", JSON(aim)), .init("questions", JSON(texts))]
                )
            )
        ]
    }

    /// Tells when in the talk one is; `nil` outside a round.
    ///
    /// The first of the phases in which the coach asks is its beginning, the last quarter of
    /// their last its end.
    var questionPhase: QuestionPhase? {
        guard let session = room.session, let (phase, _, _, ends) = myPart, !session.isTogether
        else { return nil }
        let asking = session.format.round.filter { phase in
            phase.part(of: .coach)?.kinds.contains(.ask) == true
        }
        guard let index = asking.firstIndex(where: { $0.name == phase.name }) else { return .end }
        let isLast = index == asking.count - 1
        if index == 0, !isLast { return .begin }
        guard let left = ends?.milliseconds(since: now), phase.seconds > 0 else { return .middle }
        let whole = session.duration(of: session.place)
        if isLast, left < whole / 4 { return .end }
        return index == 0 && left > whole / 4 * 3 ? .begin : .middle
    }
}

extension RoomScreenModel {
    /// What the person coached in a session, at its end.
    func howCoached(in session: SessionSummary) -> [RoomLine] {
        let turns = CoachedTurn.all(
            of: session,
            in: tally.coaching,
            before: nil,
            me: me,
            name: { name($0) }
        )
        return turns.flatMap { coachingWords.summary($0.account, client: name($0.turn.pod.client)) }
            .map { system($0, "summary") }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingFeedback
import CoachingModel

/// Feedback or an assessment that is prepared in the room, one question after the other.
struct PreparedFeedback: Hashable, Sendable {
    /// What was answered so far.
    var draft: FeedbackDraft
    /// The question that is open, from 0.
    var step = 0
    /// On what coaching is looked at.
    var set = CompetencySet.icf

    /// How many questions there are.
    var steps: Int {
        draft.form == .feedback ? FeedbackPart.allCases.count : set.competencies.count + 1
    }

    /// The part that is asked for.
    var part: FeedbackPart? {
        let all = FeedbackPart.allCases
        return draft.form == .feedback && all.indices.contains(step) ? all[step] : nil
    }

    /// The competency that is asked for; `nil` for the general words.
    var competency: Competency? {
        let all = set.competencies
        return draft.form == .assessment && all.indices.contains(step) ? all[step] : nil
    }

    /// What is asked.
    var question: String {
        if let part { return FeedbackRows.question(part) }
        if let competency { return "\(competency.name): \(competency.meaning)" }
        return "What is there to say in general?"
    }

    /// What was answered before.
    var before: String? {
        if let part { return draft.parts[part] }
        guard let competency else { return draft.assessment?.words }
        return draft.assessment?[competency.name].map { one in
            "\(one.level)" + (one.evidence.map { " \($0)" } ?? "")
        }
    }
}

// MARK: - Feedback that one prepares, part by part

extension RoomScreenModel {
    /// The most lines about feedback that are kept, the newest of them.
    static let feedbackLinesMax = 2_000

    /// What there is of feedback for the person.
    var desk: FeedbackDesk { FeedbackDesk(of: me, feedbackLines) }

    /// Keeps what a line says about feedback.
    mutating func noteFeedback(_ line: HeardLine) {
        let kept = FeedbackLine(
            key: line.key,
            room: room.id,
            number: line.number,
            at: line.saidBefore ?? line.at,
            author: line.author,
            kind: line.kind,
            text: line.text,
            line.feedback
        )
        guard let kept else { return }
        if feedbackLines.count >= Self.feedbackLinesMax { feedbackLines.removeFirst() }
        feedbackLines.append(kept)
        // Another device of one's own may have opened it.
        guard line.author == me, let note = line.feedback?.note, note.step == .opened else {
            return
        }
        let waiting = unopened
        unopened = waiting.filter { lineID($0) != note.id }
    }

    /// The identifier under which a line is noted as opened.
    func lineID(_ line: HeardLine) -> FeedbackID {
        FeedbackID(lineOf: TranscriptID(room: room.id, key: line.key), line.number)
    }

    /// Begins to prepare feedback to somebody, or goes on with it.
    mutating func prepare(_ person: PersonID, _ form: FeedbackForm) -> [RoomEffect] {
        guard !isRehearsal else { return refuses("In a rehearsal nothing is kept.") }
        var draft = desk.draft(for: person, form)
        if form == .assessment {
            let own = desk
            let mine = room.sessionsToAssess(own, own.unopened).last
            let session = person == me ? mine : nil
            guard let shared = room.lastCoaching(by: person, seenBy: me, in: session) else {
                return refuses(
                    person == me
                        ? "You have coached nobody here yet."
                        : "\(name(person)) coached in no turn that you were in."
                )
            }
            let new = Assessment(
                on: competencies,
                by: Assessor(shared.role),
                session: shared.session
            )
            if draft?.assessment.map({ !$0.goesOn(as: new) }) ?? true { draft?.assessment = new }
            if draft == nil {
                draft = FeedbackDraft(id: drawFeedback(), form: form, person: person)
                draft?.assessment = new
            }
        }
        let isNew = draft == nil || draft?.versions == 0
        let begun = draft ?? FeedbackDraft(id: drawFeedback(), form: form, person: person)
        preparing = PreparedFeedback(draft: begun, set: competencies)
        announced = address
        let whom = person == me ? "yourself" : name(person)
        var text = "What you type now is for you alone, and is saved after each answer. "
        if !isNew { text += "You go on with what you saved. " }
        text += "Enter leaves a part as it is, - empties it, . leaves; "
        text += person == me ? "nobody else gets it." : "\(whom) gets nothing before you say so."
        var effects = says(text, "preparing")
        if form == .assessment { effects += says("Levels: \(competencies.scale).", "levels") }
        return effects + nextQuestion()
    }

    private mutating func drawFeedback() -> FeedbackID {
        feedbackSeed = Bytes16(high: feedbackSeed.high, low: feedbackSeed.low &+ 1)
        return FeedbackID(feedbackSeed)
    }

    private func nextQuestion() -> [RoomEffect] {
        guard let preparing else { return [] }
        var text = "\(preparing.step + 1) of \(preparing.steps)  \(preparing.question)"
        if let before = preparing.before { text += " Now: \(FeedbackRows.oneLine(before))" }
        return [.show(offer(text, "part"))]
    }

    /// Takes an answer: saves it, and asks the next.
    mutating func prepared(_ text: String) -> [RoomEffect] {
        guard let now = preparing else { return [] }
        if text == "." { return leavePreparing() }
        var next = now
        if !text.isEmpty {
            let answer = text == "-" ? nil : text
            if let part = now.part {
                next.draft.parts[part] = answer
                if next.draft.parts.tooLong != nil {
                    return refuses(
                        "Not saved: \(FeedbackParts.partBytesMax) bytes at most for each part."
                    ) + nextQuestion()
                }
            } else if let competency = now.competency, let answer {
                do throws(ClientError) {
                    let rating = try CompetencyChoice.rating(of: competency, answer, now.set)
                    next.draft.assessment?.rate(rating, in: now.set)
                } catch {
                    let text = [error.sentence, error.hint].compactMap(\.self)
                    return refuses(text.joined(separator: " ")) + nextQuestion()
                }
            } else if let competency = now.competency {
                next.draft.assessment?.ratings.removeAll { $0.competency == competency.name }
            } else {
                next.draft.assessment?.words = answer
            }
            guard next.draft.assessment?.isWithinLimits != false else {
                return refuses("Not saved: all together it is too long.") + nextQuestion()
            }
        }
        next.step += 1
        preparing = next
        var effects: [RoomEffect] = []
        if next.draft != now.draft {
            let kept = next.draft.keptText(for: name(next.draft.person))
            effects = send(kept, to: ownAddress, feedback: .draft(next.draft))
        }
        return effects + (next.step < next.steps ? nextQuestion() : finishPreparing(next.draft))
    }

    private mutating func leavePreparing() -> [RoomEffect] {
        preparing = nil
        announced = address
        return says("Left; what you answered is kept for you alone.", "preparing")
    }

    /// Says what is missing, which holds up nothing, and asks whether it is to be sent.
    private mutating func finishPreparing(_ draft: FeedbackDraft) -> [RoomEffect] {
        preparing = nil
        announced = address
        guard !draft.isEmpty else {
            return refuses("Nothing is said, so there is nothing to send.")
        }
        if draft.person == me {
            return send("How I coached\n\(draft.text)", to: ownAddress, feedback: .sent(draft))
                + says("That is how you see it; /read sets it beside what others wrote.")
        }
        let remarks = FeedbackRows.check(draft).map { RoomEffect.show(system($0, "check")) }
        guard room.haveWorkedTogether(me, draft.person) else {
            return remarks + refuses(notWorked(draft.person) + " It is kept as a draft.")
        }
        return remarks + ask(.feedback(draft))
    }

    /// Sends what was prepared, or leaves it.
    mutating func sendPrepared(_ draft: FeedbackDraft, _ yes: Bool) -> [RoomEffect] {
        guard yes, var shown = address(of: .person(draft.person), in: room) else {
            let verb = draft.form == .feedback ? "feedback" : "assess"
            return says(
                "Kept as a draft for you alone. /\(verb) \(name(draft.person)) goes on with it."
            )
        }
        shown.kind = draft.form == .feedback ? .feedback : .assess
        return send(draft.text, to: shown, feedback: .sent(draft))
    }

    /// Why nothing about somebody's work is sent to them.
    func notWorked(_ person: PersonID) -> String {
        "Not sent: you and \(name(person)) were in no turn together here."
    }

    /// What is asked before prepared feedback goes.
    func feedbackText(_ draft: FeedbackDraft) -> String {
        let missing = FeedbackRows.check(draft).isEmpty ? "" : " as it is"
        return "Send it to \(name(draft.person))\(missing)? /yes or /no"
    }

    /// The prompt's words while something is prepared.
    var preparingText: String? {
        preparing.map { one in
            let whom = one.draft.person == me ? "yourself" : name(one.draft.person)
            return "only you, for \(whom), \(min(one.step + 1, one.steps)) of \(one.steps)"
        }
    }
}

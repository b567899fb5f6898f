// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel

extension RoomScreenModel {
    /// Asks something that `/yes` or `/no` answers.
    ///
    /// What the person brought up comes first. What came up by itself waits until nothing else
    /// is open, so that a `/yes` that is being typed never answers a question not yet read.
    mutating func ask(_ question: Question, byItself: Bool = false) -> [RoomEffect] {
        questions.removeAll { $0 == question || $0.replaces(question) }
        guard !byItself || questions.isEmpty else {
            questions.insert(question, at: 0)
            return []
        }
        questions.append(question)
        let shown = RoomEffect.show(offer(text(of: question), "question"))
        return answersYes && !question.needsEyes ? [shown] + answer(true) : [shown]
    }

    private func text(of question: Question) -> String {
        switch question {
        case .found:
            return "Nobody has opened \(roomName) yet, and you can: it begins with the usual "
                + "agreement\(firstPolicyWords), which the group can change. Open it? /yes or /no"
        case .confirm(let names, let proposer):
            let them = names.count == 1 ? "this person in" : "them in"
            return "\(proposer) proposes: \(names.joined(separator: ", ")). Let \(them) when they "
                + "come? /yes or /no"
        case .agreement(let version):
            return "Do you accept this agreement (version \(version.version))? /yes or /no"
        case .start: return "Start this session? /yes or /no"
        case .remove(let person):
            return "Remove \(name(person)) from \(roomName)? \(name(person)) reads nothing from "
                + "then on. /yes or /no"
        case .end:
            let owed = room.session?.openTurns.map { nameOrYou($0.pod.client) } ?? []
            let turns = owed.isEmpty ? "" : " A turn is open: \(Words.list(owed))."
            return "End the session now?\(turns) /yes or /no"
        case .compared: return "\(DigitWords.pairQuestion) /yes or /no"
        case .readAloud: return "\(DigitWords.roomQuestion) /yes or /no"
        case .consent(let request): return consentText(request)
        case .breach(let offer): return breachText(offer)
        case .visit(_, let visitor): return visitText(visitor)
        case .deviation(let terms): return deviationText(terms)
        case .feedback(let draft): return feedbackText(draft)
        }
    }

    /// What the administrators set for new rooms, where it is not the usual.
    private var firstPolicyWords: String {
        firstPolicy == .standard
            ? "" : ", and with what is set for new rooms (\(PolicyWords.summary(firstPolicy)))"
    }

    mutating func answer(_ yes: Bool) -> [RoomEffect] {
        guard let question = questions.popLast() else { return refuses("Nothing was asked.") }
        if yes, link != .online {
            questions.append(question)
            return refuses("Not now: there is no connection.")
        }
        var effects = answer(yes, to: question)
        if let next = questions.last {
            if case .agreement(let version) = next { effects += agreementText(version) }
            if case .consent(let request) = next { effects += line(of: request) }
            effects.append(.show(offer("And: \(text(of: next))", "question")))
        }
        return effects
    }

    private mutating func answer(_ yes: Bool, to question: Question) -> [RoomEffect] {
        switch question {
        case .found:
            return yes ? [.act(.found)] : says("Not opened. /quit closes this view.")
        case .confirm:
            return yes
                ? [.act(.confirm)] + says("Whoever of them comes is let in by itself.")
                : says("Not let in. /admit NAME lets somebody in who waits.")
        case .agreement(let version):
            return yes
                ? [.act(.accept(version))]
                : says(
                    "Not accepted: you can read and write here, and take part in sessions once "
                        + "you accept. /agreement shows it again."
                )
        case .start(let offer):
            guard yes else { return says("Not started.") }
            guard room.session == nil else { return refuses("A session is running already.") }
            return [.act(.start(offer))]
        case .remove(let person): return yes ? [.act(.remove(person))] : says("Not removed.")
        case .end: return yes ? [.act(.end)] : says("It goes on.")
        case .compared(let person):
            return [.act(.compared(person, matched: yes))]
                + says(DigitWords.pairAnswer(name(person), matched: yes))
        case .readAloud:
            return (yes ? [.act(.readAloud)] : []) + says(DigitWords.roomAnswer(matched: yes))
        case .consent(let request): return consent(to: request, yes)
        case .breach(let offer): return yes ? raise(offer) : says("Not sent to anybody.")
        case .visit(let turn, _): return answerVisit(turn, yes)
        case .deviation(let terms): return answerDeviation(terms, yes)
        case .feedback(let draft): return sendPrepared(draft, yes)
        }
    }

    /// Says that something the person asked for was not done.
    ///
    /// Where the plan of a session is another by now it is shown again.
    mutating func failed(_ act: RoomDeed, _ error: ClientError) -> [RoomEffect] {
        let what = [error.sentence, error.hint].compactMap(\.self).joined(separator: " ")
        var effects = refuses("Not done: \(what)")
        if case .start(let offer) = act, room.session == nil, error.roomRule == .planChanged {
            effects += again(offer)
        }
        return effects
    }
}

extension RoomScreenModel.Question {
    /// Whether only somebody who looked can answer it, so that `--yes` does not.
    fileprivate var needsEyes: Bool {
        switch self {
        case .compared, .readAloud, .consent, .visit: true
        default: false
        }
    }

    /// Whether a newer question of its kind makes this one idle.
    fileprivate func replaces(_ newer: RoomScreenModel.Question) -> Bool {
        switch (self, newer) {
        case (.start, .start), (.remove, .remove), (.confirm, .confirm), (.agreement, .agreement),
            (.compared, .compared), (.breach, .breach), (.feedback, .feedback):
            true
        case (.consent(let one), .consent(let other)):
            one.key == other.key && one.number == other.number
        default: false
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// Two agree that one of them has less time as client than the other.

extension RoomScreenModel {
    private var deviationWords: DeviationWords { DeviationWords(me: me) { self.name($0) } }

    /// Says what was proposed, agreed or withdrawn.
    func deviation(_ record: RoomRecord) -> [RoomLine] {
        guard let by = record.by else { return [] }
        let (terms, text): (Deviation, String)
        switch record.event {
        case .deviationProposed(let proposed):
            let other = nameOrYou(proposed.other(than: by))
            (terms, text) = (
                proposed,
                "\(subject(by, "propose", "proposes")) to \(other): "
                    + "\(deviationWords.gives(proposed))."
            )
        case .deviationAgreed(let agreed):
            (terms, text) = (
                agreed, "\(subject(by, "agree", "agrees")): \(deviationWords.gives(agreed))."
            )
        case .deviationEnded(let ended):
            (terms, text) = (
                ended,
                "\(subject(by, "end", "ends")) what was proposed or agreed: "
                    + "\(deviationWords.gives(ended))."
            )
        default: return []
        }
        return [
            system(
                text,
                "deviation",
                [
                    .init("less", .string(name(terms.less))),
                    .init("more", .string(name(terms.more))),
                ]
            )
        ]
    }

    /// Asks whether one agrees.
    func deviationText(_ terms: Deviation) -> String {
        "\(deviationWords.gives(terms)): do you agree? All in the room see it, and either of you "
            + "can end it (peercoach ledger end). /yes or /no"
    }

    /// Answers what the other one proposed.
    func answerDeviation(_ terms: Deviation, _ yes: Bool) -> [RoomEffect] {
        guard room.deviations(of: me).contains(where: { $0.terms == terms && !$0.isAgreed }) else {
            return says("That was taken back meanwhile.")
        }
        return [.act(yes ? .agreeDeviation(terms) : .endDeviation(terms))]
    }

    /// Asks who was proposed something, and forgets a question to which there is no answer.
    mutating func deviationAsked(_ record: RoomRecord) -> [RoomEffect] {
        let open = room.deviations(of: me).filter { !$0.isAgreed && $0.proposer != me }
        questions.removeAll {
            guard case .deviation(let terms) = $0 else { return false }
            return !open.contains { $0.terms == terms }
        }
        guard case .deviationProposed(let terms) = record.event, record.by != me,
            open.contains(where: { $0.terms == terms })
        else { return [] }
        return ask(.deviation(terms), byItself: true)
    }
}

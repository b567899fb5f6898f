// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// An agreed deviation from equal time as people read it.
struct DeviationWords {
    /// Who looks.
    let me: PersonID
    /// Gives others' names.
    let name: (PersonID) -> String

    /// Gives "You give Tom 10 minutes of your time as client in each session".
    func gives(_ terms: Deviation) -> String {
        let isMine = terms.less == me
        let giver = isMine ? "You give" : "\(name(terms.less)) gives"
        let taker = terms.more == me ? "you" : name(terms.more)
        let whose = isMine ? "your" : "their"
        let what =
            terms.minutes.map { "\(Words.count(Int($0), "minute")) of \(whose) time as client" }
            ?? "\(whose) whole turn as client"
        let span = terms.once ? "in one session (this one or else the next)" : "in each session"
        return "\(giver) \(taker) \(what) \(span)"
    }

    /// One line of the ledger.
    func line(_ state: DeviationState) -> String {
        if state.isAgreed { return "Agreed by both: \(gives(state.terms))." }
        let who = state.proposer == me ? "you" : name(state.proposer)
        return "Proposed by \(who), not agreed yet: \(gives(state.terms))."
    }

    /// The same as an object.
    func object(_ state: DeviationState, in room: Room) -> JSON {
        [
            "type": "deviation", "less": .string(room.shownName(state.terms.less)),
            "more": .string(room.shownName(state.terms.more)),
            "minutes": JSON(state.terms.minutes.map { Int($0) }),
            "once": .bool(state.terms.once), "agreed": .bool(state.isAgreed),
            "proposedBy": .string(room.shownName(state.proposer)),
        ]
    }
}

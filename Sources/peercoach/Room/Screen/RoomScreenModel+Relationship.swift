// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// What becomes of the group: the coaching relationship, and a facilitator's last session.

extension RoomScreenModel {
    private var relationshipWords: RelationshipWords {
        RelationshipWords(room: room, me: me) { self.name($0) }
    }

    /// Says what a peer wants of the relationship, and what came of it.
    func relationship(
        _ call: RelationshipCall,
        by person: PersonID?,
        _ before: Room
    ) -> [RoomLine] {
        guard let person else { return [] }
        let (was, now) = (before.relationship, room.relationship)
        guard was != now else { return [] }
        var text: String
        if let choice = call.choice {
            text = "\(subject(person, "want", "wants")) to \(RelationshipWords.wish(choice))."
        } else {
            text = "\(subject(person, "take", "takes")) back what to do with your relationship."
        }
        if now.isClosed, !was.isClosed {
            text += " All of you do: it is closed. What was said stays. Thank each other."
        } else if now.renewals > was.renewals {
            text +=
                room.awaitsFocus
                ? " All of you do: \(relationshipWords.standing)"
                : " All of you do: it goes on."
        } else if now.wishes[me] == nil, room.membership(of: me) == .peer {
            text += " What you want: peercoach relationship"
        }
        return [system(text, "relationship")]
    }

    /// Says at the end of a session that the group can choose now.
    func relationshipDue() -> [RoomLine] {
        let state = room.relationship
        guard state.held == Relationship.sessionsLeast, !state.isClosed,
            room.membership(of: me) == .peer
        else { return [] }
        return [
            system(
                "You have held \(Words.count(state.held, "session")). Go on, or renew, change the "
                    + "focus or close: peercoach relationship",
                "summary"
            )
        ]
    }

    /// Says that a session is a facilitator's last, or is not.
    func farewell(_ farewell: Farewell, by person: PersonID?) -> [RoomLine] {
        guard let person else { return [] }
        let text =
            farewell.isLast
            ? "\(room.session == nil ? "The next session" : "This session") is the last one with "
                + "\(nameOrYou(person)) as facilitator. With its end \(nameOrYou(person)) "
                + "\(person == me ? "leave" : "leaves"), and \(afterwards(without: person))"
            : "\(subject(person, "stay", "stays")) as facilitator after all."
        return [system(text, "farewell", [.init("name", .string(name(person)))])]
    }

    /// Says when a session starts that it is the last one with a facilitator.
    func lastTogether() -> [RoomLine] {
        let leaving = room.leavingWithSession
        guard !leaving.isEmpty else { return [] }
        let names = Words.list(leaving.map { nameOrYou($0) })
        return [
            system(
                "This is the last session with \(names). Say goodbye before it ends.",
                "farewell"
            )
        ]
    }

    private func afterwards(without person: PersonID) -> String {
        let others = room.members.filter { $0.membership == .facilitator && $0.person != person }
        guard others.isEmpty else {
            return "\(Words.list(others.map { nameOrYou($0.person) })) facilitates."
        }
        return "the group runs itself: every peer lets people in, and the keeping of time goes "
            + "round."
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

extension RandomHistory {
    /// Two agree about their time, or somebody says what is to become of the group.
    mutating func agree() {
        let members = stage.room.members.map(\.person)
        guard let person = members.randomElement(using: &numbers) else { return }
        let actor = stage.actor(RoomStage.number(of: person))
        switch numbers.next() % 8 {
        case 0..<2: proposeTime(person, actor)
        case 2..<4:
            // Mostly the one who was asked.
            guard let state = stage.room.deviations.randomElement(using: &numbers) else { return }
            let other = state.terms.other(than: state.proposer)
            let by = numbers.next() % 4 == 0 ? person : other
            take(.agreeDeviation(state.terms), as: stage.actor(RoomStage.number(of: by)))
            if stage.room.deviations.contains(where: { $0.isAgreed && $0.terms == state.terms }),
                state.terms.minutes == nil
            {
                givenTurns.insert(state.terms.more)
            }
        case 4:
            guard let state = stage.room.deviations.randomElement(using: &numbers) else { return }
            let by = numbers.next() % 3 == 0 ? person : state.proposer
            take(.endDeviation(state.terms), as: stage.actor(RoomStage.number(of: by)))
        case 5: take(.sayFarewell(Farewell(isLast: numbers.next() % 3 != 0)), as: actor)
        case 6:
            let choice = RelationshipChoice.allCases.randomElement(using: &numbers)
            take(.callRelationship(RelationshipCall(choice)), as: actor)
        default: wantTheSame()
        }
        for state in stage.room.deviations {
            let two = [state.terms.less, state.terms.more]
            if !two.allSatisfy({ stage.room.membership(of: $0) == .peer }) {
                leaks.append("a deviation of who is no peer")
            }
        }
        for person in stage.room.parting + stage.room.leavingWithSession
        where stage.room.membership(of: person) != .facilitator {
            leaks.append("\(person) has a last session and does not facilitate")
        }
        leave()
    }

    private mutating func proposeTime(_ person: PersonID, _ actor: RoomActor) {
        guard let other = stage.room.members.randomElement(using: &numbers)?.person else { return }
        let isGiving = numbers.next() % 2 == 0
        let terms = Deviation(
            less: isGiving ? person : other,
            more: isGiving ? other : person,
            minutes: numbers.next() % 2 == 0 ? nil : UInt16(numbers.next() % 245),
            once: numbers.next() % 2 == 0
        )
        take(.proposeDeviation(terms), as: actor)
    }

    /// All peers want the same, so that something comes of it: a closed one is renewed.
    private mutating func wantTheSame() {
        let choice: RelationshipChoice =
            stage.room.relationship.isClosed || numbers.next() % 4 != 0
            ? .renew : numbers.next() % 2 == 0 ? .changeFocus : .close
        for member in stage.room.members where member.membership == .peer {
            let actor = stage.actor(RoomStage.number(of: member.person))
            take(.callRelationship(RelationshipCall(choice)), as: actor)
        }
    }

    /// Who had their last session goes, as the server does it.
    private mutating func leave() {
        for person in stage.room.parting {
            let marks = stage.marks(excluding: person)
            take(
                .exclude(person, .left, marks: marks),
                as: stage.actor(RoomStage.number(of: person))
            )
        }
    }
}

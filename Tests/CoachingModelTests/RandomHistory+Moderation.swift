// SPDX-License-Identifier: Apache-2.0
import CoachingModel

extension RandomHistory {
    /// Somebody does what only a facilitator may; who is let in meanwhile is refused.
    mutating func moderate() {
        let members = stage.room.members
        guard let person = members.randomElement(using: &numbers)?.person,
            let other = members.randomElement(using: &numbers)?.person
        else { return }
        let chair = members.first { $0.membership == .facilitator }?.person
        let asking = numbers.next() % 5 == 0 ? person : chair ?? person
        let actor = stage.actor(RoomStage.number(of: asking))
        let position = stage.room.position
        switch numbers.next() % 8 {
        case 0, 1: take(.floor(FloorCall(wish: .give, person: other)), as: actor)
        case 2: take(.floor(FloorCall(wish: .take, person: other)), as: actor)
        case 3, 4: take(.mute(other, numbers.next() % 3 != 0), as: actor)
        case 5: take(.shut(numbers.next() % 3 == 0), as: actor)
        default: take(.move(other, pod: UInt8(numbers.next() % 4)), as: actor)
        }
        // A phase whose time was up may have ended; a refused command changes nothing.
        if stage.room.membership(of: asking) == .peer, stage.room.position != position {
            leaks.append("\(asking) moderates and is no facilitator")
        }
        if stage.room.isShut, !stage.room.hasFacilitator { leaks.append("nobody can open") }
    }

    /// Somebody asks to visit a turn, is let in there, or goes; or tries what is not theirs.
    mutating func visit() {
        let members = stage.room.members
        guard let turn = stage.room.session?.openTurns.randomElement(using: &numbers),
            let any = members.randomElement(using: &numbers)?.person
        else { return }
        let chair = members.first { $0.membership == .facilitator }?.person ?? any
        let client = turn.pod.client
        func actor(_ person: PersonID) -> RoomActor { stage.actor(RoomStage.number(of: person)) }
        for _ in 0..<1 + numbers.next() % 3 {
            let other = numbers.next() % 6 == 0
            switch numbers.next() % 6 {
            case 0..<3: take(.askVisit(turn.id), as: actor(other ? any : chair))
            case 3, 4:
                let by = other ? any : client
                guard !stage.room.devices(of: by).isEmpty else { return }
                let wrong = numbers.next() % 6 == 0
                let yes = stage.visitYes(turn.id, by: RoomStage.number(of: by)) { yes in
                    if wrong, yes.number > 0 { yes.number -= 1 }
                }
                let before = stage.room.visitors(of: turn.id)
                take(.allowVisit(yes), as: actor(by))
                let after = stage.room.visitors(of: turn.id)
                if after != before,
                    by != client || wrong && yes.yes.number + 1 == stage.visitNumber(turn)
                {
                    leaks.append("\(by) let somebody visit \(turn.id)")
                }
            default: take(.endVisit(turn.id), as: actor(other ? any : chair))
            }
        }
    }
}

extension RoomStage {
    /// The last number of a turn.
    fileprivate func visitNumber(_ turn: Turn) -> UInt64 { numbers[.turn(turn.id)] ?? 0 }
}

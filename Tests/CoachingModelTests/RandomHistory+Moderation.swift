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
}

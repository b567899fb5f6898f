// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingSeal

extension RoomScreenModel {
    /// Learns the room's digits and how each member's identity is known.
    mutating func identified(
        _ number: RoomNumber,
        _ standings: [PersonID: IdentityStanding]
    ) {
        self.number = number
        self.standings = standings
    }

    /// Shows digits to compare, with one person or with all, and asks what came of it.
    mutating func verify(_ rest: String) -> [RoomEffect] {
        guard !rest.isEmpty else { return verifyRoom() }
        switch person(in: rest) {
        case .one(let person, _):
            guard person != me, let mine = room.member(me), let other = room.member(person) else {
                return refuses("Digits are compared with somebody else. /verify is for all.")
            }
            let pair = SafetyNumber(pair: mine.identityKey, other.identityKey)
            let lines =
                ["Your digits and those of \(other.name):"]
                + DigitWords.lines(pair).map { "  " + $0 } + DigitWords.pairSteps(other.name)
            return lines.flatMap { says($0, "digits") } + ask(.compared(person))
        case .several(let names): return refuses("Which one: \(Words.list(names, "or"))?")
        case .none: return refuses("Nobody here is called so. /members lists who is in.")
        }
    }

    private mutating func verifyRoom() -> [RoomEffect] {
        guard let number else { return refuses("The room's digits have not come yet.") }
        let lines = numberLines(number) + DigitWords.roomSteps
        return lines.flatMap { says($0, "digits") } + ask(.readAloud)
    }

    private func numberLines(_ number: RoomNumber) -> [String] {
        ["The digits of \(roomName): \(number.number)"]
    }

    /// The room's digits where a session begins, if they are new since they were read aloud.
    var newNumber: [RoomLine] {
        guard let number, number.readAloud == nil else { return [] }
        return numberLines(number).map { system($0, "digits") } + [
            system("They are new since you read them aloud together: /verify", "digits")
        ]
    }
}

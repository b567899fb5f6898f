// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// MARK: - Who keeps the time

extension RoomScreenModel {
    /// Says to whom the keeping of time was given.
    func handedOver(_ handed: HandedOver, _ by: String?) -> RoomLine {
        let who = by ?? "The server"
        let span = room.session == nil ? "from the next session's start" : "in this session"
        guard let person = handed.to else {
            return system("\(who) took the keeping of time back.", "handedOver")
        }
        let how = person == me ? " /pause, /extend, /skip and /end are yours." : ""
        return system(
            "\(who) gave the keeping of time to \(nameOrYou(person)), \(span).\(how)",
            "handedOver",
            [.init("to", .string(name(person)))]
        )
    }

    /// Says who keeps time when the connection of who does is lost or there again.
    func keeperReached(_ reached: KeeperReached) -> RoomLine {
        let person = reached.person
        let facts: [JSON.Field] = [
            .init("name", .string(name(person))), .init("reached", .bool(reached.isReached)),
        ]
        if reached.isReached {
            let others = room.timekeepers.filter { $0 != person }
            let keeps =
                room.timekeepers.contains(person)
                ? " and \(person == me ? "keep" : "keeps") the time again"
                : others.isEmpty
                    ? "" : "; \(Words.list(others.map { nameOrYou($0) })) keeps the time"
            return system("\(subject(person, "are", "is")) back\(keeps).", "timekeeper", facts)
        }
        let whose = person == me ? "Your" : "\(name(person))'s"
        let keepers = room.timekeepers
        let until = "until \(person == me ? "you are" : "\(name(person)) is") back"
        let instead: String
        if keepers == [me] {
            instead = "You keep the time \(until): /pause, /extend, /skip, /end."
        } else if keepers.isEmpty {
            instead = "The phases go on by themselves."
        } else {
            let names = Words.list(keepers.map { nameOrYou($0) })
            instead = "\(names) \(keepers.count == 1 ? "keeps" : "keep") the time \(until)."
        }
        return system("\(whose) connection is lost. \(instead)", "timekeeper", facts)
    }

    /// Says who keeps time after whom.
    func rotaSet(_ by: String?) -> RoomLine {
        let names = room.rota.map { nameOrYou($0) }
        return system(
            "\(by ?? "The server") changed who keeps the time: next "
                + "\(names.joined(separator: ", then ")).",
            "rota",
            [.init("rota", JSON(room.rota.map { name($0) }))]
        )
    }

    /// Gives the keeping of time to somebody, or takes it back.
    func handOver(_ rest: String) -> [RoomEffect] {
        guard mayHandOver else {
            return refuses("Not done: \(chargeText) can hand over the keeping of time here.")
        }
        if rest.isEmpty {
            guard room.standIn != nil else {
                return refuses("To whom? \(SlashCommand.handover.usage)")
            }
            return [.act(.handOver(nil))]
        }
        switch person(in: rest) {
        case .one(let person, _):
            guard room.membership(of: person) == .peer else {
                return refuses("\(nameOrYou(person)) is facilitator. Name a peer of the room.")
            }
            return [.act(.handOver(person))]
        case .several(let names): return refuses("Which one: \(Words.list(names, "or"))?")
        case .none: return refuses("Nobody here is called so. /members lists who is in.")
        }
    }

    /// Whether the person may give the keeping of time to somebody.
    var mayHandOver: Bool {
        room.isInCharge(me) && (room.hasFacilitator || room.session != nil)
    }
}

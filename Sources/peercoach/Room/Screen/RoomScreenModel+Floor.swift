// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// MARK: - Who speaks, and who is ready to go on

extension RoomScreenModel {
    /// Whether the person is muted, or in a typed session somebody else has the floor among those
    /// who speak one at a time, or was given it.
    func hasToWait(in room: Room) -> Bool {
        if room.isMuted(me) { return true }
        guard room.session?.medium == .typed, let state = room.floor(of: me),
            let holder = state.holder, room.part(of: me)?.part?.floor == .round || state.isGiven
        else { return false }
        return holder != me
    }

    /// Who has the floor and who comes next: " Lena has the floor, then Tom and you."; nothing
    /// where all may speak.
    var floorText: String {
        guard let state = room.floor(of: me) else { return "" }
        let isOrdered =
            state.isGiven || myPart?.phase.parts.contains { $0.floor == .round } == true
        let queue = room.floorQueue(of: me)
        guard isOrdered, let holder = state.holder else {
            guard !queue.isEmpty else { return "" }
            let verb = queue == [me] || queue.count > 1 ? "ask" : "asks"
            return " \(Words.list(queue.map { nameOrYou($0) })) \(verb) to speak.".begunLarge
        }
        let next = queue.isEmpty ? "" : ", then \(Words.list(queue.map { nameOrYou($0) }))"
        let pass = holder == me ? " /pass when you are done." : ""
        return " \(subject(holder, "have", "has")) the floor\(next).\(pass)"
    }

    /// Whether a person can pass the floor on now.
    func mayPass(_ person: PersonID) -> Bool {
        guard let state = room.floor(of: person), !state.passed.contains(person) else {
            return false
        }
        return state.holder == person || room.part(of: person)?.part?.floor == .round
    }

    /// Others whose floor who keeps the time can pass on.
    var passable: [PersonID] {
        room.members.map(\.person).filter { $0 != me && room.floor(of: $0)?.holder == $0 }
    }

    /// Passes one's floor on or, for who keeps the time, that of somebody who does not.
    func pass(_ rest: String) -> [RoomEffect] {
        guard !rest.isEmpty else {
            return mayPass(me)
                ? [.act(.floor(FloorCall(wish: .pass, person: me)))]
                : refuses("There is no floor that you could pass on now.")
        }
        guard room.isInCharge(me) else {
            return refuses("Not done: \(chargeText) can pass for others. /pass is for you.")
        }
        switch person(in: rest) {
        case .one(let other, _): return [.act(.floor(FloorCall(wish: .pass, person: other)))]
        case .several(let names): return refuses("Which one: \(Words.list(names, "or"))?")
        case .none: return refuses("Nobody here is called so. /members lists who is in.")
        }
    }

    /// Asks for the floor, or says that one comes anyway.
    func askFloor() -> [RoomEffect] {
        guard let state = room.floor(of: me) else { return refuses("You have no role now.") }
        if state.holder == me {
            return says("You have the floor. /pass when you are done.", "floor")
        }
        if room.floorQueue(of: me).contains(me) { return says(floorText.trimmingSpaces, "floor") }
        if myPart?.part?.kinds.isEmpty != false {
            return refuses("In this phase you listen. Keep a note with /note.")
        }
        return [.act(.floor(FloorCall(wish: .ask, person: me)))]
    }

    /// What somebody wanted of the floor or the phase, for those who share it.
    func floorCalled(_ call: FloorCall, by: PersonID?, _ before: Room) -> [RoomLine] {
        let mine = room.floor(of: me)
        let isShared =
            call.person == me || mine != nil && room.sharesFloor(of: call.person, with: me)
        guard isShared || room.isInCharge(me) && call.wish != .ready else { return [] }
        let who = nameOrYou(call.person)
        let facts: [JSON.Field] = [
            .init("name", .string(name(call.person))), .init("wish", .string("\(call.wish)")),
        ]
        switch call.wish {
        case .pass:
            let forOther = by.map { $0 != call.person ? " (\(nameOrYou($0)) said so)" : "" } ?? ""
            let next =
                mine?.holder == nil
                ? " Now all may speak; /ready goes on when all are." : floorText
            return [
                system(
                    "\(subject(call.person, "have", "has")) passed\(forOther).\(isShared ? next : "")",
                    "floor",
                    facts
                )
            ]
        case .ask:
            let next = mine?.holder == call.person ? floorText : ""
            return [
                system(
                    "\(who) \(call.person == me ? "ask" : "asks") to speak.\(next)".begunLarge,
                    "floor",
                    facts
                )
            ]
        case .give, .take: return floorGiven(call, by: by, facts)
        case .ready:
            let waiting = room.unready(with: me).map { nameOrYou($0) }
            let rest =
                waiting.isEmpty
                ? "" : " Not yet: \(Words.list(waiting)). The phase ends when all are."
            return [
                system(
                    "\(subject(call.person, "are", "is")) ready to go on.\(rest)",
                    "ready",
                    facts
                )
            ]
        }
    }
}

extension String {
    /// The same with its first letter large.
    fileprivate var begunLarge: String {
        let blanks = prefix { $0 == " " }
        let rest = dropFirst(blanks.count)
        return blanks + (rest.first?.uppercased() ?? "") + rest.dropFirst()
    }
}

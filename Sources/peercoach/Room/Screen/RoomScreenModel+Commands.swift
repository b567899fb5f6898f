// SPDX-License-Identifier: Apache-2.0
import CoachingFeedback
import CoachingModel

extension RoomScreenModel {
    /// Does what a line says that begins with a slash.
    mutating func command(_ line: String) -> [RoomEffect] {
        let (head, rest) = line.headAndRest
        guard let command = SlashCommand(rawValue: head.dropFirst().lowercased()) else {
            return refuses(
                "There is no \(head). Now: \(possibleText). (//TEXT sends a line that begins "
                    + "with a slash.)"
            )
        }
        if stage != .inside, !isPossible(command) {
            return stage == .inside ? [] : refuses("Not now. Possible: \(possibleText).")
        }
        if command.needsServer, link != .online {
            return refuses("Not now: there is no connection. Try again when you are connected.")
        }
        return perform(command, rest)
    }

    var possibleText: String { possible.map { "/" + $0.rawValue }.joined(separator: " ") }

    private mutating func perform(_ command: SlashCommand, _ rest: String) -> [RoomEffect] {
        switch command {
        case .note: return direct(.note, rest, "")
        case .turn: return direct(.turn, rest, "You have no turn now. /room TEXT or /note TEXT")
        case .room: return direct(.room, rest, "")
        case .peers: return direct(.peers, rest, "Only peers read there. /room TEXT")
        case .to: return toPerson(rest)
        case .answer: return answerQuestion(rest)
        case .ask, .reflect, .suggest, .offer, .thanks, .commit: return typed(command, rest)
        case .feedback: return feedback(rest)
        case .who: return who()
        case .plan: return plan()
        case .call: return call(rest)
        case .members: return members()
        case .verify: return verify(rest)
        case .history: return history(rest)
        case .agreement: return agreement(rest)
        case .help: return help()
        case .start: return start(rest)
        case .pause, .resume, .extend, .skip, .back, .end: return clockCommand(command, rest)
        case .stop: return [.act(.stop)]
        case .present, .absent: return setPresence(command, rest)
        case .handover: return handOver(rest)
        case .assess: return assess(rest)
        case .read: return read(rest)
        case .marks: return handMarks(rest)
        case .heard: return heardAloud(rest)
        case .purpose: return statePurpose(rest)
        case .admit: return admit(rest)
        case .remove: return remove(rest)
        case .yes: return answer(true)
        case .no: return answer(false)
        case .retry: return retry()
        case .drop: return drop()
        case .undo: return undo()
        case .away: return away()
        case .clear: return clear()
        case .quit: return quit()
        case .breach: return breach(rest)
        case .prompt: return prompt(rest)
        case .unnamed: return unnamed(rest)
        case .ready: return [.act(.floor(FloorCall(wish: .ready, person: me)))]
        case .pass: return pass(rest)
        case .floor: return askFloor()
        case .give: return give(rest)
        case .mute: return mute(rest)
        case .shut: return shut()
        case .move: return move(rest)
        case .tell: return tell(rest)
        case .visit: return visit(rest)
        case .come: return callFacilitator()
        case .file: return handOver(file: rest)
        case .review: return review(rest)
        case .feel: return feel(rest)
        case .journal: return journal(rest)
        case .q: return offerQuestions(rest)
        }
    }
}

// MARK: - Lines to others than the prompt says

extension RoomScreenModel {
    /// Sends one line to a place, or stays there where there is no line.
    private mutating func direct(
        _ target: LineTarget,
        _ text: String,
        _ nowhere: String
    ) -> [RoomEffect] {
        guard let shown = address(of: target, in: draft?.room ?? room) else {
            return refuses("Not sent: \(nowhere)")
        }
        guard text.isEmpty else { return send(text, to: shown) }
        guard link == .online else {
            return refuses("Not now: there is no connection, and lines stay with you alone.")
        }
        guard let here = address(of: target, in: room) else { return refuses("Not now.") }
        // Choosing what the phase says anyway means to follow the phase again.
        standing = here.means(phaseAddress(in: room)) ? nil : target
        announced = address
        let what = here.isOwn ? "stay with you alone" : "go to \(here.text)"
        let until =
            standing == nil || room.session == nil
            ? "" : " until you say otherwise, also in other phases"
        return says("Typed lines now \(what)\(until).", "readers")
    }

    private mutating func toPerson(_ rest: String) -> [RoomEffect] {
        guard !rest.isEmpty else { return refuses("To whom? /to NAME TEXT") }
        switch person(in: rest) {
        case .one(let person, let text):
            if person == me { return direct(.note, text, "") }
            return direct(.person(person), text, "\(name(person)) is not in \(roomName).")
        case .several(let names): return refuses("Which one: \(Words.list(names, "or"))?")
        case .none: return refuses("Nobody here is called so. /members lists who is in.")
        }
    }

    /// Sends a line of a certain kind to the turn, or to the room while all are together.
    private mutating func typed(_ command: SlashCommand, _ text: String) -> [RoomEffect] {
        guard let kind = command.kind else { return [] }
        guard !text.isEmpty else { return refuses("Type it all: \(command.usage)") }
        guard let shown = address(for: kind, in: draft?.room ?? room) else {
            return refuses(
                "Not sent: you have no turn now. /room TEXT, or /to NAME to stay there first."
            )
        }
        return send(text, to: shown)
    }

    private mutating func feedback(_ rest: String) -> [RoomEffect] {
        guard !rest.isEmpty else { return refuses("Type it all: \(SlashCommand.feedback.usage)") }
        if case .one(let person, let text) = person(in: rest, wholeNames: true), person != me,
            var shown = address(of: .person(person), in: draft?.room ?? room)
        {
            guard !text.isEmpty else { return prepare(person, .feedback) }
            guard room.haveWorkedTogether(me, person) else { return refuses(notWorked(person)) }
            shown.kind = .feedback
            return send(text, to: shown)
        }
        return typed(.feedback, rest)
    }

    private mutating func history(_ rest: String) -> [RoomEffect] {
        if rest.isEmpty { return recall(20) }
        guard let count = Int(rest), (1...Self.recalledMax).contains(count) else {
            return refuses("How many lines? /history 20 (1,000 at most)")
        }
        return recall(count)
    }
}

// MARK: - Names in lines

/// Who is meant at the beginning of a text, and what follows.
enum PersonChoice: Hashable {
    case one(PersonID, rest: String)
    case several([String])
    case none
}

extension RoomScreenModel {
    /// Finds the member that a text names first: by the whole name (the longest that fits), else
    /// by the beginning of one word of it.
    func person(in text: String, wholeNames: Bool = false) -> PersonChoice {
        let wanted = text.lowercased()
        let whole = room.members.filter { member in
            let name = member.name.lowercased()
            guard wanted.hasPrefix(name) else { return false }
            let after = wanted.dropFirst(name.count).first
            return after == nil || after?.isWhitespace == true
        }
        if let longest = whole.map(\.name.count).max() {
            let best = whole.filter { $0.name.count == longest }
            if best.count == 1, let one = best.first {
                return .one(one.person, rest: String(text.dropFirst(longest)).trimmingSpaces)
            }
            return .several(best.map(\.name))
        }
        let (head, rest) = text.headAndRest
        let word = head.lowercased()
        let fitting = room.members.filter { member in
            member.name.lowercased().split(separator: " ").contains { part in
                wholeNames ? part == word : part.hasPrefix(word)
            }
        }
        if fitting.count == 1, let one = fitting.first { return .one(one.person, rest: rest) }
        return fitting.isEmpty ? .none : .several(fitting.map(\.name))
    }
}

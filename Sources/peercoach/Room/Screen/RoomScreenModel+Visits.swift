// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// A facilitator reads a pod's turn for a while, where its client says yes.

extension RoomScreenModel {
    /// Whether a visit can be asked for, granted or ended by the person now.
    var mayVisit: Bool {
        if let turn = ownTurnAsClient {
            return room.visitRequest(turn) != nil || !room.visitors(of: turn).isEmpty
        }
        return moderates && room.session?.format.visits == true
            && room.session?.openTurns.isEmpty == false
    }

    /// The turn in which the person is client now.
    private var ownTurnAsClient: TurnID? {
        room.turn(of: me).flatMap { $0.role == .client ? $0.turn.id : nil }
    }

    /// Asks to visit a pod, or ends a visit.
    func visit(_ rest: String) -> [RoomEffect] {
        if let turn = ownTurnAsClient {
            guard mayVisit else { return refuses("Nobody visits your turn.") }
            return [.act(.endVisit(turn))]
        }
        guard moderates else {
            return refuses("Not done: a facilitator visits, and who is client in a turn allows it.")
        }
        let open = room.session?.openTurns ?? []
        if rest.isEmpty, let mine = room.visited(by: me) { return [.act(.endVisit(mine.id))] }
        guard !open.isEmpty else { return refuses("No pod works now.") }
        guard room.session?.format.visits == true else {
            return refuses("Not done: this method takes no visits.")
        }
        let pods = PodChoice(pods: open.map(\.pod)) { self.nameOrYou($0) }
        guard let (pod, _) = pod(in: rest, of: pods),
            let turn = open.first(where: { $0.pod.number == pod.number })
        else { return refuses("Which pod? \(pods.text). \(SlashCommand.visit.usage)") }
        return [.act(.askVisit(turn.id))]
    }

    /// What who visits does beside reading: "to write nothing", "you ask where the phase lets you".
    private func mayPutIn(_ who: String) -> String {
        let kinds = room.session?.format.interventions ?? []
        let verb = who == "to" ? "to " : ""
        guard !kinds.isEmpty else { return "\(verb)write nothing there" }
        return "\(verb)\(Words.list(kinds.map { Words.kind($0) }, "or")) there where the phase "
            + "lets \(who == "to" ? "them" : who)"
    }

    /// Calls the facilitator to one's turn.
    func callFacilitator() -> [RoomEffect] {
        guard let turn = room.turn(of: me)?.turn else {
            return refuses("Nobody works in pods now. /to NAME writes to the facilitator alone.")
        }
        if let caller = room.turnState(turn.id)?.caller {
            return says("\(subject(caller, "have", "has")) called already.")
        }
        return [.act(.callFacilitator(turn.id))]
    }

    /// Answers whether a facilitator may visit.
    func answerVisit(_ turn: TurnID, _ yes: Bool) -> [RoomEffect] {
        guard room.visitRequest(turn) != nil else {
            return says("That was taken back meanwhile.")
        }
        return [.act(yes ? .allowVisit(turn) : .endVisit(turn))]
    }

    /// What the client of a turn is asked.
    func visitText(_ visitor: PersonID) -> String {
        let who = name(visitor)
        return "\(who), facilitator, asks to visit: to read what is written in your turn from now "
            + "on, nothing from before, and \(mayPutIn("to")). It is yours to say. /yes or /no "
            + "(/visit ends it later)"
    }

    /// Asks the client, or forgets what was asked.
    mutating func visitAsked(_ place: TurnPlace, by: PersonID?) -> [RoomEffect] {
        questions.removeAll { if case .visit = $0 { true } else { false } }
        guard let by, ownTurnAsClient == place.turn else { return [] }
        return ask(.visit(place.turn, by), byItself: true)
    }

    /// Forgets a question to which there is no answer any more.
    mutating func forgetVisits() {
        questions.removeAll {
            guard case .visit(let turn, _) = $0 else { return false }
            return room.visitRequest(turn) == nil
        }
    }
}

// MARK: - What the room's log tells

extension RoomScreenModel {
    private func podNames(_ turn: TurnID) -> String {
        let pod = room.turnState(turn)?.turn.pod ?? room.session?.turns[turn]?.turn.pod
        return Words.list(pod?.people.map { nameOrYou($0) } ?? [])
    }

    private func isInPod(_ turn: TurnID) -> Bool {
        room.turnState(turn)?.turn.pod.role(of: me) != nil
    }

    /// Says, to the pod and who asked, that a visit was asked for.
    func visitAskedLine(_ place: TurnPlace, by: PersonID?) -> [RoomLine] {
        guard let by, isInPod(place.turn) || by == me,
            let client = room.turnState(place.turn)?.turn.pod.client, client != me
        else { return [] }
        let text =
            "\(subject(by, "ask", "asks")) to visit the turn of \(podNames(place.turn)). "
            + "\(name(client)) decides."
        return [system(text, "visit", [.init("name", .string(name(by)))])]
    }

    /// Says, to the pod and the facilitators, that one is called.
    func facilitatorCalled(_ place: TurnPlace, by: PersonID?) -> [RoomLine] {
        guard let by, let pod = room.turnState(place.turn)?.turn.pod else { return [] }
        let facts: [JSON.Field] = [
            .init("name", .string(name(by))), .init("pod", JSON(PodChoice.shown(place.pod))),
        ]
        if room.membership(of: me) == .facilitator {
            return [system(callText(pod, by), "call", facts)]
        }
        guard isInPod(place.turn) else { return [] }
        return [system("\(subject(by, "ask", "asks")) the facilitator to come.", "call", facts)]
    }

    /// What a facilitator is told of a pod that calls.
    func callText(_ pod: Pod, _ by: PersonID) -> String {
        let number = PodChoice.shown(pod.number)
        let visit =
            room.session?.format.visits == true ? "/visit \(number) asks to read along, " : ""
        return "\(name(by)) asks you to come to pod \(number) "
            + "(\(Words.list(pod.people.map { name($0) }))). \(visit)/tell \(number) TEXT "
            + "answers each of them."
    }

    /// Says who reads along from here on.
    func visitBegan(_ changed: TurnChanged) -> [RoomLine] {
        let (turn, visitor) = (changed.yes.turn, changed.yes.visitor)
        let facts: [JSON.Field] = [
            .init("name", .string(name(visitor))), .init("visiting", .bool(true)),
        ]
        if visitor == me {
            let text =
                "You visit the turn of \(podNames(turn)): you read what they write from here on, "
                + "and \(mayPutIn("you")). /visit ends it."
            return [system(text, "visit", facts)]
        }
        guard isInPod(turn) else { return [] }
        let client = room.turnState(turn)?.turn.pod.client
        let end = client == me ? " /visit ends it." : ""
        let yes = client.map { "\(subject($0, "have", "has")) said yes" } ?? "allowed"
        let text =
            "\(name(visitor)) visits, \(client == me ? "you have said yes" : yes): what is written "
            + "in this turn from here on \(name(visitor)) reads too, nothing from before.\(end)"
        return [system(text, "visit", facts)]
    }

    /// Says that nobody reads along any more, or will.
    func visitEnded(_ ended: VisitEnded, _ before: Room) -> [RoomLine] {
        guard isInPod(ended.turn) || ended.person == me else { return [] }
        let began = before.visitors(of: ended.turn).contains(ended.person)
        let text =
            began
            ? "The visit is over: \(subject(ended.person, "read", "reads")) nothing of this turn "
                + "from here on."
            : "\(subject(ended.person, "do", "does")) not visit."
        return [
            system(
                text,
                "visit",
                [.init("name", .string(name(ended.person))), .init("visiting", .bool(false))]
            )
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// What a facilitator alone does: the floor, silence, who comes in, the pods.

extension RoomScreenModel {
    /// Whether the person facilitates here.
    var moderates: Bool { room.membership(of: me) == .facilitator }

    /// Whether a command of facilitators does something now.
    func mayModerate(_ command: SlashCommand) -> Bool {
        guard moderates else { return false }
        switch command {
        case .give: return !givable.isEmpty || !room.givenTheFloor.isEmpty
        case .mute: return room.session != nil
        case .move: return room.session.map { PodChoice.toCome($0).count > 1 } ?? false
        default: return true
        }
    }

    /// To whom the floor can be given.
    var givable: [PersonID] {
        room.members.map(\.person).filter { person in
            room.floor(of: person) != nil && room.part(of: person)?.part?.givesFloor == true
        }
    }

    private func onlyFacilitators(_ what: String) -> [RoomEffect] {
        let names = room.members.filter { $0.membership == .facilitator }.map(\.name)
        let who = names.isEmpty ? "a facilitator, and there is none here" : Words.list(names, "or")
        return refuses("Not done: \(what) is for \(who). Keeping the time gives no right to it.")
    }

    private func others(_ choice: PersonChoice, _ usage: String) -> [RoomEffect] {
        if case .several(let names) = choice {
            return refuses("Which one: \(Words.list(names, "or"))?")
        }
        return refuses("Nobody here is called so. \(usage)")
    }

    /// Gives somebody the floor, or takes back what was given.
    func give(_ rest: String) -> [RoomEffect] {
        guard moderates else { return onlyFacilitators("giving the floor") }
        guard room.session != nil else { return refuses("No session is running.") }
        guard !rest.isEmpty else {
            let given = room.givenTheFloor
            guard !given.isEmpty else { return refuses("To whom? \(SlashCommand.give.usage)") }
            return given.map { .act(.floor(FloorCall(wish: .take, person: $0))) }
        }
        let choice = person(in: rest)
        guard case .one(let person, _) = choice else {
            return others(choice, SlashCommand.give.usage)
        }
        return [.act(.floor(FloorCall(wish: .give, person: person)))]
    }

    /// Mutes somebody and keeps the reason until it is so, or lets them speak again.
    mutating func mute(_ rest: String) -> [RoomEffect] {
        guard moderates else { return onlyFacilitators("muting") }
        guard room.session != nil else { return refuses("No session is running.") }
        guard !rest.isEmpty else { return refuses("Whom, and why? \(SlashCommand.mute.usage)") }
        let choice = person(in: rest)
        guard case .one(let person, let why) = choice else {
            return others(choice, SlashCommand.mute.usage)
        }
        if room.isMuted(person) { return [.act(.mute(person, false))] }
        guard room.membership(of: person) == .peer else {
            return refuses("\(subject(person, "are", "is")) facilitator. Name a peer of the room.")
        }
        guard !why.isEmpty else {
            return refuses(
                "Say why; \(name(person)) alone reads it: /mute \(name(person)) WHY"
            )
        }
        muteReasons[person] = why
        return [.act(.mute(person, true))]
    }

    /// Lets nobody else in, or opens the room again.
    func shut() -> [RoomEffect] {
        moderates ? [.act(.shut(!room.isShut))] : onlyFacilitators("shutting the room")
    }

    /// Puts somebody into another pod from the next round on.
    func move(_ rest: String) -> [RoomEffect] {
        guard moderates else { return onlyFacilitators("moving people") }
        guard let session = room.session else { return refuses("No session is running.") }
        let pods = PodChoice(pods: PodChoice.toCome(session)) { self.nameOrYou($0) }
        guard pods.pods.count > 1 else {
            return refuses("Not done: the rounds to come have one pod, or there are none.")
        }
        guard !rest.isEmpty else { return refuses("Whom? \(SlashCommand.move.usage)") }
        let choice = person(in: rest)
        guard case .one(let person, let place) = choice else {
            return others(choice, SlashCommand.move.usage)
        }
        guard let (pod, _) = pod(in: place, of: pods) else {
            return refuses("Into which pod? \(pods.text). A name in it will do.")
        }
        return [.act(.move(person, pod: pod.number))]
    }

    /// Says something to all, or to each of one pod alone.
    mutating func tell(_ rest: String) -> [RoomEffect] {
        guard moderates else { return onlyFacilitators("telling a pod something") }
        let (head, text) = rest.headAndRest
        if head.lowercased() == "all" {
            guard !text.isEmpty else { return refuses("Type it all: /tell all TEXT") }
            return address(of: .room, in: room).map { send(text, to: $0) } ?? []
        }
        let open = room.session.map { PodChoice.now($0) } ?? []
        guard !open.isEmpty else {
            return refuses("No pod works now. /tell all TEXT goes to everyone in \(roomName).")
        }
        let pods = PodChoice(pods: open) { [self] in nameOrYou($0) }
        guard let (pod, words) = pod(in: rest, of: pods) else {
            return refuses("Which pod? \(pods.text), or all. \(SlashCommand.tell.usage)")
        }
        guard !words.isEmpty else { return refuses("Type it all: \(SlashCommand.tell.usage)") }
        let people = pod.people.filter { $0 != me && room.membership(of: $0) != nil }
        return people.flatMap { tellAlone("\(Self.podMark)\(words)", $0) }
    }

    /// How a line to each of a pod begins.
    static let podMark = "To your pod: "

    private mutating func tellAlone(_ text: String, _ person: PersonID) -> [RoomEffect] {
        guard let address = address(of: .person(person), in: room) else { return [] }
        return send(text, to: address)
    }

    /// Finds a pod at the beginning of a text, by number or by who works in it.
    func pod(in text: String, of pods: PodChoice) -> (Pod, rest: String)? {
        let (head, rest) = text.headAndRest
        if let pod = pods.pod(numbered: head) { return (pod, rest) }
        guard case .one(let person, let rest) = person(in: text), let pod = pods.pod(of: person)
        else { return nil }
        return (pod, rest)
    }
}

// MARK: - What the room's log tells

extension RoomScreenModel {
    /// Says that the floor was given, or taken back.
    func floorGiven(_ call: FloorCall, by: PersonID?, _ facts: [JSON.Field]) -> [RoomLine] {
        let who = by.map { $0 == me ? "You" : name($0) } ?? "The server"
        guard call.wish == .give else {
            let text = "\(who) took the floor back from \(nameOrYou(call.person)).\(floorText)"
            return [system(text, "floor", facts)]
        }
        let rest =
            call.person == me
            ? "The others wait. /pass when you are done."
            : "All others wait until \(name(call.person)) is done."
        return [
            system("\(who) gave \(nameOrYou(call.person)) the floor. \(rest)", "floor", facts)
        ]
    }

    /// Says who is muted, and what stays theirs.
    func muted(_ muted: Muted, by: String?) -> RoomLine {
        let who = by ?? "The server"
        let whom = nameOrYou(muted.person)
        let facts: [JSON.Field] = [
            .init("name", .string(name(muted.person))), .init("muted", .bool(muted.isMuted)),
        ]
        guard muted.isMuted else {
            return system("\(who) lets \(whom) speak again.", "muted", facts)
        }
        let rest =
            muted.person == me
            ? " /note, /pass, /stop and /to NAME stay yours." : " /mute ends it before."
        let isTold = muted.person == me || moderates
        return system(
            "\(who) muted \(whom) until this phase ends.\(isTold ? rest : "")",
            "muted",
            facts
        )
    }

    /// The reason to whom was muted, once it is so.
    mutating func muteReason(_ record: RoomRecord) -> [RoomEffect] {
        guard case .muted(let muted) = record.event, record.by == me,
            let why = muteReasons.removeValue(forKey: muted.person), muted.isMuted
        else { return [] }
        return tellAlone("Why you are muted: \(why)", muted.person)
    }

    /// Says whether anybody else comes in.
    func shut(_ shut: Shut, by: String?) -> RoomLine {
        let who = by ?? "The server"
        let text =
            shut.isShut
            ? "\(who) shut the room: nobody else comes in until it is opened."
            : "\(who) opened the room again."
        return system(
            text + (moderates && shut.isShut ? " /shut opens it." : ""),
            "shut",
            [.init("shut", .bool(shut.isShut))]
        )
    }

    /// Says who works in another pod from now on.
    func moved(_ replanned: Replanned, by: PersonID, _ before: Room) -> RoomLine {
        func pods(_ rounds: [[Pod]]) -> [PersonID: UInt8] {
            var pods: [PersonID: UInt8] = [:]
            for pod in rounds.joined() {
                for person in pod.people where pods[person] == nil { pods[person] = pod.number }
            }
            return pods
        }
        let old = before.session?.plan.rounds.dropFirst(Int(replanned.from) - 1) ?? []
        let (were, are) = (pods(Array(old)), pods(replanned.rounds))
        guard
            let person = are.keys.sorted().first(where: { person in
                were[person].map { $0 != are[person] } ?? false
            })
        else { return plannedAnew(replanned) }
        let others = Set(
            replanned.rounds.joined().filter { $0.number == are[person] }.flatMap(\.people)
        ).subtracting([person]).sorted()
        let hadTurn = old.joined().contains { $0.client == person }
        let isOwed = hadTurn && !replanned.rounds.joined().contains { $0.client == person }
        let owed =
            isOwed ? " \(subject(person, "are", "is")) owed a turn, next time first." : ""
        return system(
            "\(subject(by, "put", "put")) \(nameOrYou(person)) into the pod of "
                + "\(Words.list(others.map { nameOrYou($0) })) from round \(replanned.from) on."
                + owed + " /plan shows all.",
            "moved",
            [
                .init("name", .string(name(person))),
                .init("pod", JSON(are[person].map { PodChoice.shown($0) })),
                .init("owed", .bool(isOwed)),
            ]
        )
    }
}

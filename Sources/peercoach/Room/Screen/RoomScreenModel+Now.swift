// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// MARK: - What now

extension RoomScreenModel {
    /// What the empty line answers: what to do now, how long, and what comes next.
    func whatNow() -> [RoomEffect] {
        switch stage {
        case .lobby(let names): return [.show(lobbyLine(names))]
        case .founding:
            return questions.last.map { _ in says("/yes opens the room, /no does not.") } ?? []
        case .entering: return says("A moment: \(roomName) is being read.")
        case .out: return says("You are not in \(roomName) any more. /quit closes this view.")
        case .inside: break
        }
        var effects = [RoomEffect.show(nowLine)]
        if !held.isEmpty {
            let line = held[0].line
            effects.append(
                .show(
                    offer(
                        "\(waitingLines), the first for "
                            + "\(line.readersText): \(line.text.excerpt) /retry or /drop"
                    )
                )
            )
        }
        if !waiting.isEmpty, room.isKeeper(me) {
            let verb = waiting.count == 1 ? "waits" : "wait"
            effects.append(
                .show(offer("\(Words.list(waiting)) \(verb) to be let in: /admit", "waiting"))
            )
        }
        if moderates {
            for turn in room.callingTurns {
                guard let caller = turn.caller else { continue }
                effects.append(.show(offer(callText(turn.turn.pod, caller), "call")))
            }
        }
        if let question = questions.last { effects.append(.show(offer(short(question)))) }
        return effects
    }

    private func short(_ question: Question) -> String {
        switch question {
        case .found: "Open \(roomName)? /yes or /no"
        case .confirm(let names, _): "Let \(Words.list(names)) in? /yes or /no"
        case .agreement: "Do you accept the agreement? /yes or /no. /agreement shows it."
        case .start: "Start the session as shown? /yes or /no"
        case .remove(let person): "Remove \(name(person))? /yes or /no"
        case .end: "End the session? /yes or /no"
        case .compared(let person): "Did your digits match those of \(name(person))? /yes or /no"
        case .readAloud: "Did everybody have the same digits? /yes or /no"
        case .consent(let request): consentText(request)
        case .breach(let offer):
            "Raise a breach with \(Words.list(offer.people.map { name($0) }))? /yes or /no"
        case .visit(_, let visitor): "Let \(name(visitor)) visit your turn? /yes or /no"
        case .deviation(let terms):
            "Agree with \(name(terms.other(than: me))) on your time as client? /yes or /no"
        case .feedback(let draft): feedbackText(draft)
        }
    }

    private var nowLine: RoomLine {
        guard let session = room.session else { return idleLine }
        let time: String
        let course = room.course(of: me)
        if let ends = course?.clock.ends {
            time = "\(left(until: ends)) left."
        } else if course?.isThrough == true {
            time = "Your pod is through; the round ends when the others are."
        } else if course?.clock.isHeld == true {
            time = "Its time is up, and it goes on."
        } else {
            time = "The clock stands, \(span(course?.clock.left ?? 0)) left."
        }
        var facts: [JSON.Field] = []
        if let phase = myPart?.phase ?? session.phase {
            facts.append(.init("phase", .string(phase.name)))
        }
        let needs = needsText(of: me)
        return system("\(toDo)\(floorText) \(time) \(needs)\(whatNext)", "now", facts)
    }

    private var idleLine: RoomLine {
        let here = room.present.map { nameOrYou($0) }
        let who = here.isEmpty ? "Nobody is here yet." : "Here: \(Words.list(here))."
        let next =
            if !room.hasAccepted(me), room.agreementInForce != nil {
                "First read and accept the agreement: /agreement"
            } else if mayStart {
                "/start \(formatNames[0]) shows what a session would be."
            } else {
                "\(chargeText) starts the session; nothing to do until then."
            }
        return system("No session is running. \(who) \(next)", "now")
    }

    func lobbyLine(_ names: [String]) -> RoomLine {
        let who = names.isEmpty ? "Somebody who is in" : Words.list(names, "or")
        return system(
            "You are in the lobby of \(roomName). \(who) can let you in; nothing more to do, this "
                + "line will change when you are in.",
            "lobby",
            [.init("waitingFor", JSON(names))]
        )
    }
}

// MARK: - Coming in

extension RoomScreenModel {
    /// Says where one is, when the view opens.
    mutating func opening() -> [RoomEffect] {
        switch stage {
        case .lobby(let names): return [.show(lobbyLine(names))]
        case .founding: return ask(.found)
        case .entering: return []
        case .out: return says("You are not in \(roomName) any more.")
        case .inside: break
        }
        announced = address
        let others = room.members.filter { $0.person != me }
        let here = others.filter { room.presence(of: $0.person) != .away }.map(\.name)
        let facilitators = room.members.filter { $0.membership == .facilitator }.map(\.person)
        var text = "You are in \(roomName)"
        if others.isEmpty {
            text += ", so far alone."
        } else {
            text += " with \(Words.list(others.map(\.name)))."
            text += here.isEmpty ? " Nobody else is here yet." : " Here now: \(Words.list(here))."
        }
        if !facilitators.isEmpty {
            let verb = facilitators.contains(me) && facilitators.count == 1 ? "You facilitate." : ""
            text +=
                verb.isEmpty
                ? " Facilitator: \(Words.list(facilitators.map { nameOrYou($0) }))." : " " + verb
        }
        var effects: [RoomEffect] = [.show(system(text, "opened"))]
        if let session = room.session {
            effects.append(.show(system("A session is running. /plan shows its rounds.")))
            if !session.isTogether, let pod = room.turn(of: me)?.turn.pod {
                effects.append(
                    .show(
                        system(
                            "Round \(session.place.round) of \(session.plan.rounds.count). "
                                + "\(podText(pod)).",
                            "round"
                        )
                    )
                )
            }
            effects.append(.show(phaseLine(ends: room.course(of: me)?.clock.ends)))
        } else {
            effects.append(
                .show(system("An empty line says what to do now, /help what you can do."))
            )
        }
        return effects + aboutOlderLines() + askAgreement() + attendance()
    }

    /// Says that one is here, where one has accepted the agreement and did not go away.
    func attendance() -> [RoomEffect] {
        guard stage == .inside, !choseAway, room.hasAccepted(me), room.presence(of: me) != .here
        else { return [] }
        return [.act(.attend(me, .here))]
    }

    /// Goes into the room, after all that was there before was told.
    mutating func entered() -> [RoomEffect] {
        stage = room.membership(of: me) == nil ? .out : .inside
        questions.removeAll { $0 == .found }
        return opening() + breachesMissed()
    }
}

extension String {
    /// The beginning of a long text.
    var excerpt: String { count > 40 ? "\"\(prefix(40))…\"" : "\"\(self)\"" }
}

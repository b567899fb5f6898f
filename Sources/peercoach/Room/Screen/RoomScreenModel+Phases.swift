// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// MARK: - What the log says about the session

extension RoomScreenModel {
    func sessionStarted() -> [RoomLine] {
        guard let session = room.session else { return [] }
        let rounds = session.plan.rounds.count
        let end = session.startedAt.adding(
            milliseconds: session.plan.timetable.length(rounds: rounds)
        )
        let timing = session.host.map { " \(subject($0, "keep", "keeps")) the time." } ?? ""
        return [
            system(
                "\(session.format.title): \(roundsText(rounds)), until \(clock(end)), "
                    + "\(Words.medium(session.medium)).\(timing)",
                "sessionStarted",
                [
                    .init("format", .string(session.format.name)),
                    .init("medium", .string(Words.medium(session.medium))),
                    .init("rounds", JSON(rounds)), .init("ends", .string(Words.stamp(end))),
                ]
            ),
            system(mediumText(session.medium)),
        ] + purposeOfSession()
    }

    /// "3 rounds", or that all stay together.
    func roundsText(_ rounds: Int) -> String {
        rounds == 0 ? "all together" : Words.count(rounds, "round")
    }

    func mediumText(_ medium: Medium) -> String {
        switch medium {
        case .typed: "You talk here: what you type goes to the people in the prompt."
        case .spoken: "You talk on the call or in one place; here are the clock and your notes."
        }
    }

    func phaseStarted(_ started: PhaseStarted) -> [RoomLine] {
        guard let session = room.session else { return [] }
        var lines: [RoomLine] = []
        let place = started.place
        if let pod = started.pod, !isMine(pod) {
            guard let phase = session.phase(at: place), room.isInCharge(me) else { return [] }
            return [
                system("\(podOf(pod)): \(phase.title), until \(clock(started.ends)).", "pod")
            ]
        }
        if place.phase == 0, !session.isTogether {
            lines.append(roundLine(session))
            lines += callLines()
        }
        lines.append(phaseLine(ends: started.ends))
        return lines
    }

    private func roundLine(_ session: RunningSession) -> RoomLine {
        let round = session.place.round
        let which = "Round \(round) of \(session.plan.rounds.count)."
        guard let pod = room.turn(of: me)?.turn.pod else {
            let pods = session.pods(of: round).map { podText($0) }.joined(separator: "; ")
            let apart = facilitates ? "" : " You have no turn in it."
            return system("\(which)\(apart) \(pods).", "round")
        }
        let facts: [JSON.Field] = [
            .init("round", JSON(round)), .init("client", .string(name(pod.client))),
            .init("coaches", JSON(pod.coaches.map { name($0) })),
            .init("observers", JSON(pod.observers.map { name($0) })),
        ]
        let together = session.pods(of: round).count == 1 ? "" : "Your pod: "
        return system(
            "\(which) \(together.isEmpty ? "" : together)\(podText(pod)).",
            "round",
            facts
        )
    }

    /// "Priya coaches, Lena is client, Tom observes", in the words of the format.
    func podText(_ pod: Pod, _ format: SessionFormat? = nil) -> String {
        let format = format ?? room.session?.format
        let words = PodWords(labels: format?.labels) { name($0) }
        return [words.coaches(pod), words.client(pod), words.observers(pod)].compactMap { $0 }
            .joined(separator: ", ")
    }

    /// The phase, until when, and what to do: one line.
    func phaseLine(ends: Timestamp?) -> RoomLine {
        guard let session = room.session, let phase = myPart?.phase ?? session.phase else {
            return system("No phase runs.", "phase")
        }
        let until = ends.map { ", until \(clock($0))" } ?? ""
        var facts: [JSON.Field] = [.init("phase", .string(phase.name))]
        if let ends { facts.append(.init("ends", .string(Words.stamp(ends)))) }
        if let role = myPart?.role { facts.append(.init("role", .string(Words.role(role)))) }
        return system("\(phase.title)\(until). \(toDo)\(floorText)", "phase", facts)
    }

    /// Whether the person runs sessions here.
    private var facilitates: Bool { room.membership(of: me) == .facilitator }

    /// What the person is to do now, as the format says it.
    var toDo: String {
        guard let session = room.session else { return "" }
        guard let (_, role, part, _) = myPart else {
            return facilitates
                ? "The pods work; you keep the time." : "You have no turn in this round."
        }
        guard let sentence = part?.sentence, !sentence.isEmpty else { return "You listen." }
        let pod = room.turn(of: me)?.turn.pod
        func names(_ people: [PersonID]) -> String { Words.list(people.map { name($0) }) }
        func filled(_ text: String) -> String {
            guard let pod else { return text }
            return text.replacing("{client}", with: names([pod.client]))
                .replacing("{coach}", with: names(pod.coaches))
                .replacing("{observer}", with: names(pod.observers))
        }
        if role == .everyone || session.isTogether { return "All: \(filled(sentence).begunSmall)" }
        if sentence.hasPrefix("You") { return filled(sentence) }
        return "You: \(filled(sentence.begunSmall))"
    }

    /// Whether a pod is the one in which the person has a role now.
    func isMine(_ pod: UInt8) -> Bool { room.turn(of: me)?.turn.pod.number == pod }

    /// "The pod of Lena".
    private func podOf(_ number: UInt8) -> String {
        let turn = room.session?.openTurns.first { $0.pod.number == number }
        return "The pod of \(name(turn?.pod.client))"
    }

    func clockSet(_ set: ClockSet, _ by: String?) -> [RoomLine] {
        let isMine = set.pod.map(isMine) ?? true
        // Who stopped a clock for all is told once, by what happens in the own pod.
        guard isMine || room.isInCharge(me) else { return [] }
        let course = set.pod.flatMap { room.session?.course(ofPod: $0) }
        let phase = course.flatMap { room.session?.phase(at: $0.place) } ?? room.session?.phase
        let whose = isMine ? "" : "\(set.pod.map(podOf) ?? "All"): "
        let title = phase?.title ?? "the phase"
        let left = span(set.left ?? 0)
        let who = by ?? "The server"
        switch set.cause {
        case .through: return [through(isMine, set.pod)]
        case .held: return [held(phase, isMine, set.pod)]
        case .awaiting:
            let awaited = facilitatorNames
            return [
                system(
                    "The clock stands until \(awaited) is back; \(left) of \(title) are left. "
                        + goOnText,
                    "awaiting"
                )
            ]
        case .paused where by == nil:
            return [
                system(
                    "\(whose)The clock was stopped; no reason is asked. "
                        + "\(left) of \(title) are left. "
                        + (room.mayResume(me) ? "/resume when it is right to go on." : goOnText),
                    "stopped"
                )
            ]
        case .paused:
            return [
                system(
                    "\(whose)\(who) stopped the clock; \(left) of \(title) are left. \(goOnText)",
                    "paused"
                )
            ]
        case .resumed:
            let until = set.ends.map { " until \(clock($0))" } ?? ""
            return [system("\(whose)The clock goes on: \(title)\(until).", "resumed")]
        case .extended:
            let until = set.ends.map { " until \(clock($0))" } ?? ", \(left) left"
            return [system("\(whose)\(who) gave \(title) more time:\(until).", "extended")]
        case .interrupted:
            return [
                system(
                    "\(whose)The server was away and the clock stands; "
                        + "\(left) of \(title) are left. "
                        + goOnText,
                    "interrupted"
                )
            ]
        }
    }

    /// The facilitators: "Jonas or Mia".
    private var facilitatorNames: String {
        let people = room.members.filter { $0.membership == .facilitator }.map(\.person)
        return Words.list(people.map { nameOrYou($0) }, "or")
    }

    /// The pod's last phase is over.
    private func through(_ isMine: Bool, _ pod: UInt8?) -> RoomLine {
        guard isMine else {
            return system("\(pod.map(podOf) ?? "All"): through; it waits for the others.", "pod")
        }
        let end = room.plannedRounds.first { $0.round == Int(room.session?.place.round ?? 0) }?.end
        let until = end.map { ", at about \(clock($0))" } ?? ""
        return system(
            "Your pod is through. The round ends when the others are\(until). \(whatNext)",
            "through"
        )
    }

    /// The phase's time is up, and it goes on.
    private func held(_ phase: Phase?, _ isMine: Bool, _ pod: UInt8?) -> RoomLine {
        let whose = isMine ? "" : "\(pod.map(podOf) ?? "All"): "
        let title = phase?.title ?? "the phase"
        let client = room.session?.openTurns.first { $0.pod.number == pod }?.pod.client
        let needs = needsText(of: isMine ? me : client ?? me)
        let keeps = room.isInCharge(me) ? "/skip goes on." : "\(chargeText) can go on."
        return system(
            "\(whose)The time of \(title) is up, and it goes on. \(needs)\(keeps)",
            "held"
        )
    }

    /// What the phase waits for, such as "Still to come: Lena's promise", or nothing.
    func needsText(of person: PersonID) -> String {
        let needs = room.needs(with: person).map { need in
            let whose = need.person == me ? "your" : "\(name(need.person))'s"
            return "\(whose) \(Words.thing(need.kind))"
        }
        return needs.isEmpty ? "" : "Still to come: \(Words.list(needs)). "
    }

    private var goOnText: String {
        if room.isInCharge(me) { return "/resume goes on, /end ends the session." }
        return "\(chargeText) can go on."
    }

    /// Who decides about the clock: "Jonas".
    var chargeText: String {
        let people = room.members.map(\.person).filter { $0 != me && room.isInCharge($0) }
        return people.isEmpty ? "Who is present" : Words.list(people.map { name($0) }, "or")
    }

    func plannedAnew(_ replanned: Replanned) -> RoomLine {
        guard !replanned.rounds.isEmpty else {
            return system("No further round follows.", "replanned")
        }
        var mine: [String] = []
        for (index, pods) in replanned.rounds.enumerated() {
            guard let pod = pods.first(where: { $0.role(of: me) != nil }) else { continue }
            mine.append("\(Int(replanned.from) + index): \(ownRole(in: pod))")
        }
        let yours = mine.isEmpty ? "" : " Your rounds: \(mine.joined(separator: "; "))."
        return system(
            "People came or went: rounds are planned anew from round \(replanned.from)."
                + "\(yours) /plan shows all.",
            "replanned"
        )
    }

    /// "you coach Lena".
    func ownRole(in pod: Pod) -> String {
        switch pod.role(of: me) {
        case .client: "you are client of \(Words.list(pod.coaches.map { name($0) }))"
        case .coach: "you coach \(name(pod.client))"
        case .observer: "you observe \(Words.list(pod.coaches.map { name($0) }))"
        default: podText(pod)
        }
    }
}

// MARK: - The clock

extension RoomScreenModel {
    /// Learns the time; says once when a phase has one minute left.
    mutating func tick(_ instant: Timestamp) -> [RoomEffect] {
        now = max(now, instant)
        isBetween = false
        guard stage == .inside, let session = room.session, let course = room.course(of: me),
            let ends = course.clock.ends, warnedFor != ends
        else { return [] }
        let rest = ends.milliseconds(since: now)
        guard rest > 0, rest <= 60_000, session.duration(of: course.place) >= 120_000 else {
            return []
        }
        warnedFor = ends
        return [.show(system("1 minute left. \(needsText(of: me))\(whatNext)", "minute"))]
    }

    /// What comes after this phase.
    var whatNext: String {
        guard let session = room.session, let place = room.course(of: me)?.place else {
            return ""
        }
        let phases = session.phases(of: place)
        let rest = phases.indices.dropFirst(Int(place.phase) + 1)
        if !rest.isEmpty {
            let titles = rest.map { index in
                let length = session.duration(
                    of: PhasePlace(round: place.round, phase: UInt8(clamping: index))
                )
                return "\(phases[index].title) (\(span(length)))"
            }
            return "Then: \(titles.joined(separator: ", "))."
        }
        let round = Int(place.round) + 1
        if round <= session.plan.rounds.count {
            let mine = session.pods(of: UInt8(clamping: round)).first { $0.role(of: me) != nil }
            let role = mine.map { ", \(ownRole(in: $0))" } ?? ""
            return "Then: round \(round) of \(session.plan.rounds.count)\(role)."
        }
        if round == session.plan.rounds.count + 1, let first = session.format.closing.first {
            return "Then: \(first.title)."
        }
        return "Then the session is over."
    }
}

extension RunningSession {
    /// The phases among which a place stands.
    fileprivate func phases(of place: PhasePlace) -> [Phase] {
        if place.round == 0 { return format.opening }
        return Int(place.round) > plan.rounds.count ? format.closing : format.round
    }
}

extension String {
    /// The sentence as it follows a colon: its first letter small, unless a name or an
    /// abbreviation begins it.
    fileprivate var begunSmall: String {
        guard let first, first.isUppercase, let second = dropFirst().first, second.isLowercase
        else { return self }
        return first.lowercased() + dropFirst()
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel

/// The course of a rehearsal as people read it.
struct RehearsalDrawing {
    let rehearsal: Rehearsal
    let result: RehearsedSession
    let calendar: WallCalendar

    /// Runs it.
    init(_ rehearsal: Rehearsal, _ calendar: WallCalendar = .local) {
        self.rehearsal = rehearsal
        self.calendar = calendar
        result = rehearsal.run()
    }

    private var format: SessionFormat { rehearsal.format }

    /// The lines for people.
    var lines: [String] {
        let chair = rehearsal.facilitator.map { " \($0) facilitates." } ?? ""
        var lines = [
            "\(format.title) with \(Words.list(rehearsal.peers)), "
                + "\(Words.medium(rehearsal.medium)).\(chair) Nobody waits: this is a rehearsal."
        ]
        var round: Int?
        for phase in result.phases {
            if let now = phase.round, now != round {
                lines.append("\(clock(phase.start))  Round \(now) of \(phase.rounds)")
                for pod in phase.pods { lines.append("         \(sentence(pod))") }
            }
            round = phase.round
            let span = Words.span(phase.end.milliseconds(since: phase.start))
            lines.append(
                "\(clock(phase.start))    \(phase.phase.title), \(span): \(who(phase.phase))"
            )
        }
        if result.ended > rehearsal.from { lines.append("\(clock(result.ended))  It is over.") }
        if !result.clients.isEmpty {
            let times = result.clients.map { "\($0.name) \(Words.span($0.milliseconds))" }
            lines.append("Time as \(format.word(for: .client)): \(Words.list(times)).")
        }
        for role in result.rolesOfNobody {
            lines.append("So few are there that nobody is \(format.word(for: role)).")
        }
        lines += result.deadEnds.map { "Dead end: \(text($0))" }
        if result.deadEnds.isEmpty {
            lines.append("No dead end: \(Words.count(result.phases.count, "phase")).\(tried)")
        }
        return lines
    }

    private var tried: String {
        result.linesTried == 0
            ? "" : " \(Words.count(result.linesTried, "line")) tried, taken or refused as it says."
    }

    /// The course as an object.
    var object: JSON {
        [
            "type": "rehearsal", "format": .string(format.name),
            "members": JSON(rehearsal.peers), "medium": .string(Words.medium(rehearsal.medium)),
            "phases": .array(
                result.phases.map { phase in
                    [
                        "phase": .string(phase.phase.name), "round": JSON(phase.round),
                        "starts": .string(Words.stamp(phase.start)),
                        "ends": .string(Words.stamp(phase.end)),
                        "pods": .array(
                            phase.pods.map {
                                [
                                    "client": .string($0.client), "coaches": JSON($0.coaches),
                                    "observers": JSON($0.observers),
                                ]
                            }
                        ),
                    ]
                }
            ),
            "clients": .array(
                result.clients.map {
                    ["name": .string($0.name), "seconds": JSON($0.milliseconds / 1_000)]
                }
            ),
            "linesTried": JSON(result.linesTried),
            "deadEnds": JSON(result.deadEnds.map { text($0) }),
            "ended": .string(Words.stamp(result.ended)),
        ]
    }

    private func clock(_ at: Timestamp) -> String { Words.clock(at, calendar) }

    private func sentence(_ pod: RehearsedPod) -> String {
        var parts = [
            "\(pod.client) is \(format.word(for: .client))",
            role(.coach, pod.coaches, "coaches", "coach"),
        ]
        if !pod.observers.isEmpty {
            parts.append(role(.observer, pod.observers, "observes", "observe"))
        }
        return parts.joined(separator: ", ")
    }

    private func role(_ role: Role, _ names: [String], _ one: String, _ many: String) -> String {
        PodWords.say(names, format.labels?[role], one, many)
    }

    /// Who may write what: "client say, answer; coach ask".
    private func who(_ phase: Phase) -> String {
        if phase.isSilent { return "silence" }
        let parts = phase.parts.filter { !$0.kinds.isEmpty }.map { part in
            let called =
                part.role == .everyone ? Words.role(part.role) : format.word(for: part.role)
            let kinds = part.kinds.map(Words.kind).joined(separator: ", ")
            return "\(called) \(kinds)\(part.floor == .round ? ", one at a time" : "")"
        }
        return parts.joined(separator: "; ")
    }

    private func text(_ deadEnd: DeadEnd) -> String {
        switch deadEnd {
        case .noStart(.tooFewPresent):
            "it does not start: at least \(format.pods.smallest) people must be there."
        case .noStart(.timeDoesNotFit):
            "it does not start: the time is too short or too long for so many people."
        case .noStart(.notPresent), .noStart(.notInCharge): "nobody is there who could start it."
        case .noStart: "it does not start."
        case .noEnd(let phase): "nobody can end '\(phase)', and it does not end by itself."
        case .nobodySpeaks(let phase): "nobody is there who may write in '\(phase)'."
        case .roleOfNobody(let role): "nobody gets to be \(format.word(for: role))."
        case .noTurn(let name): "\(name) is in no round."
        case .noFloor(let phase, let name): "\(name) does not come to speak in '\(phase)'."
        case .otherFloor(let phase, let name, let kind):
            "in '\(phase)' the rules do not treat /\(Words.kind(kind)) by \(name) as it says."
        }
    }
}

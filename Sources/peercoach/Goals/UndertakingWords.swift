// SPDX-License-Identifier: Apache-2.0
import CoachingGoals
import CoachingModel

/// Goals, tasks and promises as people read them.
struct UndertakingWords {
    let room: Room
    let me: PersonID
    let now: Timestamp
    var calendar = WallCalendar.local

    /// "send Lena the brief, by Fri 4 Dec; to Lena; kept".
    func row(_ one: Undertaking, number: Int?) -> String {
        var parts = [one.text]
        if let due = one.due { parts[0] += ", by \(Words.lastDay(due, now: now, calendar))" }
        if let measure = one.measure { parts.append("measured by: \(measure)") }
        if let means = one.means { parts.append("by means of: \(means)") }
        if let reason = one.reason { parts.append("because: \(reason)") }
        if let readers = readers(one.key) { parts.append("to \(readers)") }
        parts.append(state(one))
        let lead = number.map { "\($0)  " } ?? ""
        let whose = one.owner == me || number != nil ? "" : "\(room.shownName(one.owner)): "
        return lead + whose + parts.joined(separator: "; ")
    }

    /// "open", "open, its day is over", "kept".
    func state(_ one: Undertaking) -> String {
        let word = Self.word(one.state, one.kind)
        return one.isOverdue(at: now) ? "\(word), its day is over" : word
    }

    /// What happened to it: a line each.
    func course(_ one: Undertaking) -> [String] {
        one.course.map { step in
            let day = Words.day(step.at, now: now, calendar)
            let what = step.state.map { Self.word($0, one.kind) } ?? Self.word(step.kind)
            let isAll = step.text.isEmpty || step.text == what
            return isAll ? "\(day) \(what)" : "\(day) \(what): \(step.text)"
        }
    }

    /// What became of something, in the word that fits it.
    static func word(_ state: UndertakingState, _ kind: UndertakingKind) -> String {
        switch state {
        case .open: "open"
        case .kept:
            switch kind {
            case .goal: "reached"
            case .action: "done"
            case .promise: "kept"
            }
        case .partly: kind == .promise ? "partly kept" : "partly done"
        case .missed: "missed"
        case .renegotiated: "renegotiated"
        case .dropped: "dropped"
        }
    }

    static func word(_ kind: UndertakingStep.Kind) -> String {
        switch kind {
        case .made: "put down"
        case .changed: "changed"
        case .judged: "looked at"
        case .progress: "progress"
        case .setback: "setback, and what it taught"
        case .help: "asked for help"
        }
    }

    /// What a line does about an undertaking: "goal", "promises", "on a promise".
    static func verb(_ note: UndertakingNote) -> String {
        guard note.step == .made else { return "on what was set out: \(word(note.step))" }
        switch note.kind {
        case .goal: return "goal"
        case .action: return "action"
        case .promise, nil: return "promises"
        }
    }

    /// The beginning of a text.
    static func short(_ text: String) -> String {
        text.count > 40 ? text.prefix(39) + "…" : text
    }

    static func word(_ kind: UndertakingKind) -> String {
        switch kind {
        case .goal: "goal"
        case .action: "action"
        case .promise: "promise"
        }
    }

    /// Who else reads it: "Lena and Tom"; `nil` where nobody does.
    private func readers(_ key: TranscriptKey) -> String? {
        let people: [PersonID]
        switch key {
        case .own, .programme, .prompt: return nil
        case .room: return room.members.count > 1 ? "the room" : nil
        case .peers: return "the peers"
        case .direct(let one, let other): people = [one, other]
        case .turn(let id): people = room.turnState(id)?.turn.pod.people ?? []
        }
        let names = people.filter { $0 != me }.map { room.shownName($0) }.sorted()
        return names.isEmpty ? nil : Words.list(names)
    }

    func object(_ one: Undertaking, number: Int?) -> JSON {
        [
            "type": .string(Self.word(one.kind)), "number": JSON(number),
            "owner": .string(room.shownName(one.owner)), "mine": .bool(one.owner == me),
            "text": .string(one.text), "due": JSON(one.due.map { Words.stamp($0) }),
            "measure": JSON(one.measure), "means": JSON(one.means), "reason": JSON(one.reason),
            "state": .string(Self.word(one.state, one.kind)), "open": .bool(one.state.isOpen),
            "overdue": .bool(one.isOverdue(at: now)),
            "made": .string(Words.stamp(one.madeAt)), "readers": JSON(readers(one.key)),
            "course": .array(
                one.course.map { step in
                    [
                        "at": .string(Words.stamp(step.at)), "text": .string(step.text),
                        "what": .string(
                            step.state.map { Self.word($0, one.kind) } ?? Self.word(step.kind)
                        ),
                    ]
                }
            ),
        ]
    }
}

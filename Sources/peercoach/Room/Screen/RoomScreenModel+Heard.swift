// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingTerminal

extension RoomScreenModel {
    /// Takes a line that arrived live and shows it, unless it is one's own from this view.
    mutating func heard(_ line: HeardLine) -> [RoomEffect] {
        // What a session is for is posted again for whoever comes later.
        if case .purpose(let hash)? = line.paper, purpose?.hash == hash {
            remember(line)
            return []
        }
        remember(line)
        if case .agreement? = line.paper { return askAgreement() }
        if line.author == me {
            let echo = Echo(key: line.key, text: line.text ?? "")
            if let index = echoes.firstIndex(of: echo) {
                echoes.remove(at: index)
                return []
            }
            // One's own notes from elsewhere and texts posted anew are no news.
            if line.key.scope == .own || line.kind == .paper { return [] }
        }
        if let announcement = announced(line) ?? linkHeard(line) { return announcement }
        return [.show(shown(line))] + breachHeard(line) + invitation(line)
    }

    /// Takes a line from before this view was opened: it counts, and is not shown.
    mutating func remember(_ line: HeardLine) {
        if case .agreement(let version)? = line.paper, let text = line.text {
            agreements[version] = text
        }
        noteQuestion(line)
        past.append(line)
        if past.count >= Self.pastMax * 2 { past.removeFirst(past.count - Self.pastMax) }
        if case .purpose(let hash)? = line.paper, line.key == .room, let text = line.text {
            purpose = StatedPurpose(text: text, hash: hash, at: line.at)
        }
        if line.paper == .link { links[line.key] = line }
        tally.take(line, in: room)
        note(line)
        noteFeedback(line)
        if let author = line.author {
            feedbackGiven.take(
                line.kind,
                in: line.key,
                by: author,
                at: line.at,
                isHeard: line.isHeard
            )
        }
    }

    /// Asks for the last lines, or for those before them where it was just asked.
    mutating func recall(_ count: Int) -> [RoomEffect] {
        wasRecalled = true
        if recallsFurther, !hasOlder {
            wasRecalled = false
            return says("Nothing that you may read here is older. Once more shows the newest.")
        }
        return [.recall(count: count, further: recallsFurther)]
    }

    /// Shows older lines, oldest first.
    mutating func recalled(_ lines: [HeardLine], hasOlder: Bool) -> [RoomEffect] {
        self.hasOlder = hasOlder
        if lines.isEmpty, !hasOlder { return says("There is nothing to read yet.") }
        // What was not opened yet is not opened by looking back.
        let shown = lines.filter { !isUnopened($0) && $0.feedback?.isSilent != true }.map {
            RoomEffect.show(self.shown($0))
        }
        return hasOlder ? shown + [.show(offer("/history again goes further back."))] : shown
    }

    /// Says why older lines cannot be shown; the next `/history` tries the same again.
    func notRecalled(_ sentence: String, hint: String?) -> [RoomEffect] {
        refuses([sentence, hint].compactMap(\.self).joined(separator: " "))
    }

    /// Wipes the screen, and forgets the lines of this view.
    ///
    /// What waits for a decision and what was promised in the session stays.
    mutating func clear() -> [RoomEffect] {
        past = []
        wasRecalled = false
        hasOlder = false
        return [.wipe]
            + says(
                "Wiped: the screen, and what scrolled off it. /history reads lines anew.",
                "wiped"
            )
    }

    /// Says what the client did by itself or could not do.
    func noticed(_ sentence: String) -> [RoomEffect] { says(sentence, "notice") }

    /// Says that something arrived that cannot be read or is not as it must be.
    func alarmed(_ sentence: String) -> [RoomEffect] {
        [.show(RoomLine(at: now, lead: .system, text: "CAREFUL: \(sentence)", type: "alarm"))]
    }

    /// Makes the line for what somebody wrote; their words come after scope and name.
    func shown(_ line: HeardLine) -> RoomLine {
        if line.isUnnamed { return unnamedLine(line) }
        let author = line.author.map { nameOrYou($0) } ?? "somebody"
        let role = role(of: line)
        var from = role.map { "\(author), \($0)" } ?? author
        if let agreed = line.agreed {
            from += ", " + ReleaseWords.released(by: agreed, but: line.author) { nameOrYou($0) }
        }
        var text = line.text ?? ""
        if line.text == nil { text = "(cannot be read here)" }
        if line.feedback != nil { text = FeedbackRows.oneLine(text) }
        if let file = line.file {
            text = FileWords.offer(file, line.number, of: line.key, in: room.id)
        }
        if let due = line.due { text += ", by \(Words.lastDay(due, now: now, calendar))" }
        if let before = line.saidBefore {
            text += " (said on \(Words.moment(before, now: now, calendar)), restored)"
        }
        let verb = (verb(line) + questionMark(line)).trimmingSpaces
        let shown = verb.isEmpty ? "\(from): \(text)" : "\(from), \(verb): \(text)"
        var facts: [JSON.Field] = [
            .init("scope", .string("\(line.key.scope)")), .init("from", .string(author)),
        ]
        if let role { facts.append(.init("role", .string(role))) }
        facts.append(.init("kind", .string(Words.kind(line.kind))))
        if let due = line.due { facts.append(.init("due", .string(Words.stamp(due)))) }
        if let before = line.saidBefore {
            facts.append(.init("restored", .string(Words.stamp(before))))
        }
        facts.append(.init("number", JSON(line.number)))
        if let question = line.cites { facts.append(.init("answers", JSON(question))) }
        facts.append(.init("text", JSON(line.text)))
        if let file = line.file {
            facts += FileWords.facts(file, line.number, of: line.key, in: room.id)
        }
        if let agreed = line.agreed {
            facts.append(.init("released", JSON(agreed.map { name($0) })))
        }
        return RoomLine(
            at: line.at,
            lead: .scope(label(line.key)),
            text: shown,
            type: "line",
            facts: facts
        )
    }

    private func label(_ key: TranscriptKey) -> String {
        switch key {
        case .own: return "note"
        case .direct(let first, let second): return "you and \(name(first == me ? second : first))"
        default: return Words.scope(key.scope)
        }
    }

    private func role(of line: HeardLine) -> String? {
        guard let author = line.author else { return nil }
        switch line.key {
        case .turn(let id):
            let format = room.session.flatMap { $0.id == id.session ? $0.format : nil }
            guard let role = room.turnState(id)?.turn.pod.role(of: author) else {
                // Who visited and put something in.
                return room.member(author)?.membership == .facilitator ? "facilitator" : nil
            }
            return format?.word(for: role) ?? Words.role(role)
        case .room, .direct:
            return room.member(author)?.membership == .facilitator ? "facilitator" : nil
        default: return nil
        }
    }

    private func verb(_ line: HeardLine) -> String {
        switch line.paper {
        case .agreement?: return "the agreement"
        case .purpose?: return "purpose"
        case .link?: return "where to talk"
        case .reason?: return "reason"
        case nil: break
        }
        if let verb = undertakingVerb(line) { return verb }
        if let scale = line.scale { return "check-in, \(scale) of 5" }
        let isMine = line.author == me
        if line.feedback?.request != nil { return isMine ? "ask" : "asks" }
        if line.isBreach { return isMine ? "raise a breach" : "raises a breach" }
        if line.key.isPrompt, line.kind == .ask {
            return isMine ? "ask, without names" : "asks, without names"
        }
        switch line.kind {
        case .ask: return isMine ? "ask" : "asks"
        case .answer: return isMine ? "answer" : "answers"
        case .reflect: return isMine ? "say back" : "says back"
        case .suggest: return isMine ? "suggest" : "suggests"
        case .offer: return isMine ? "offer" : "offers"
        case .feedback: return "feedback"
        case .thanks: return "thanks"
        case .commit: return isMine ? "promise" : "promises"
        case .assess: return "on the coaching"
        default: return ""
        }
    }
}

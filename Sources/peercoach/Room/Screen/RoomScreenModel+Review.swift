// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingGoals
import CoachingModel

// MARK: - What was promised before, and what became of it

extension RoomScreenModel {
    /// The most lines about undertakings that are kept, the newest of them.
    static let undertakingLinesMax = 5_000

    /// The goals, tasks and promises that one can read here.
    var undertakings: Undertakings { Undertakings(undertakingLines) }

    /// Keeps what a line says about an undertaking.
    mutating func note(_ line: HeardLine) {
        guard let author = line.author, let text = line.text,
            line.undertaking != nil || line.kind == .commit
        else { return }
        if undertakingLines.count >= Self.undertakingLinesMax { undertakingLines.removeFirst() }
        undertakingLines.append(
            UndertakingLine(
                key: line.key,
                transcript: TranscriptID(room: room.id, key: line.key),
                number: line.number,
                at: line.saidBefore ?? line.at,
                author: author,
                kind: line.kind,
                text: text,
                due: line.due,
                note: line.undertaking
            )
        )
    }

    /// What a line says of an undertaking: "on the promise 'send the brief'".
    func undertakingVerb(_ line: HeardLine) -> String? {
        guard let author = line.author, let note = line.undertaking, note.step != .made,
            let one = undertakings[author, note.id]
        else { return nil }
        let kind = UndertakingWords.word(one.kind)
        return "on the \(kind) '\(UndertakingWords.short(one.text))'"
    }

    /// Says at the beginning of a session that promises of earlier ones are open.
    func openPromises() -> [RoomLine] {
        let open = undertakings.toReview(madeBefore: room.session?.startedAt ?? now)
        guard !open.isEmpty else { return [] }
        let mine = open.count { $0.owner == me }
        var parts: [String] = []
        if mine > 0 { parts.append("\(Words.count(mine, "promise")) of yours") }
        if open.count > mine { parts.append("\(open.count - mine) to you") }
        let verb = open.count == 1 ? "is" : "are"
        return [
            system(
                "From before \(Words.list(parts)) \(verb) open. Look at them together: /review",
                "promises",
                [.init("mine", JSON(mine)), .init("others", JSON(open.count - mine))]
            )
        ]
    }

    /// Shows what was promised before, or says what became of a promise of one's own.
    mutating func review(_ rest: String) -> [RoomEffect] {
        if rest.isEmpty { return showPromises() }
        let (first, more) = rest.headAndRest
        let (word, said) = more.headAndRest
        guard let number = Int(first), let outcome = Outcome(rawValue: word.lowercased()) else {
            return refuses("Type it all: \(SlashCommand.review.usage)")
        }
        let own = undertakings.numbered(of: me).first { $0.number == number }
        guard let one = own?.undertaking, one.kind == .promise else {
            return refuses("You have no promise \(number) here. /review shows them.")
        }
        var text = said
        var due: Timestamp?
        if outcome == .renegotiated {
            (text, due) = moved(said)
            if due == nil, text.isEmpty {
                return refuses("By when, or how otherwise? /review N renegotiated by fri")
            }
        }
        if text.isEmpty { text = UndertakingWords.word(outcome.state, .promise) }
        let note = UndertakingNote(id: one.id, step: .judged, state: outcome.state)
        let targets = targets(of: one.key)
        guard !targets.isEmpty else {
            return refuses("Nobody is here any more to whom you promised it: peercoach review")
        }
        return targets.flatMap { target in
            guard var shown = address(of: target, in: room) else { return [RoomEffect]() }
            if shown.kind != .note { shown.kind = .say }
            return send(text, to: shown, undertaking: note, due: due)
        }
    }

    /// Takes "after the fair by fri" apart.
    private func moved(_ said: String) -> (text: String, due: Timestamp?) {
        let moment = Moment(now: now, calendar: calendar)
        guard let by = said.range(ofWord: "by"),
            let end = moment.endOfDay(String(said[by.upperBound...]))
        else { return (said, nil) }
        return (String(said[..<by.lowerBound]).trimmingSpaces, end)
    }

    /// Where those are reached now who read a line: its turn is mostly over.
    private func targets(of key: TranscriptKey) -> [LineTarget] {
        switch key {
        case .own: return [.note]
        case .room: return [.room]
        case .peers: return [.peers]
        case .direct(let one, let other):
            let person = one == me ? other : one
            return room.membership(of: person) != nil ? [.person(person)] : []
        case .turn(let id):
            return (room.turnState(id)?.turn.pod.people ?? [])
                .filter { $0 != me && room.membership(of: $0) != nil }.map { .person($0) }
        case .programme, .prompt: return []
        }
    }

    private func showPromises() -> [RoomEffect] {
        let words = UndertakingWords(room: room, me: me, now: now, calendar: calendar)
        let open = undertakings.all.filter { $0.kind == .promise && $0.state.isOpen }
        let mine = undertakings.numbered(of: me).filter { open.contains($0.undertaking) }
        let others = open.filter { $0.owner != me }
        guard !mine.isEmpty || !others.isEmpty else {
            return says("Nothing that was promised here is open.", "review")
        }
        var lines: [RoomLine] = []
        if !mine.isEmpty { lines.append(system("You promised:", "review")) }
        lines += mine.map {
            system("  " + words.row($0.undertaking, number: $0.number), "promise")
        }
        if !others.isEmpty { lines.append(system("Promised to you:", "review")) }
        lines += others.map { system("  " + words.row($0, number: nil), "promise") }
        if !mine.isEmpty {
            lines.append(offer("What became of it: /review N kept, partly, missed or renegotiated"))
        }
        return lines.map { .show($0) }
    }
}

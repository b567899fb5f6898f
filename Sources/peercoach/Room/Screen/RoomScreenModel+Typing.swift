// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingGoals
import CoachingModel
import CoachingTerminal

// MARK: - Lines that are typed

extension RoomScreenModel {
    /// Takes a line that was typed.
    mutating func submit(_ line: String) -> [RoomEffect] {
        defer { draft = nil }
        recallsFurther = wasRecalled
        wasRecalled = false
        if draft == nil { draft = shown ?? Draft(address: address, room: room) }
        let text = line.trimmingSpaces
        if stage == .inside, preparing != nil, !text.hasPrefix("/") { return prepared(text) }
        if text.isEmpty { return whatNow() }
        if text.hasPrefix("//") { return say(String(text.dropFirst())) }
        if text.hasPrefix("/") { return command(text) }
        if stage == .inside, let (mark, quote) = CoachingMark.reading(text) {
            return self.mark(mark, quote)
        }
        return say(text)
    }

    private mutating func say(_ text: String) -> [RoomEffect] {
        switch stage {
        case .lobby, .entering: return whatNow()
        case .founding:
            return refuses("Not sent: nobody has opened \(roomName) yet. /yes opens it.")
        case .out: return refuses("Not sent: you are not in \(roomName) any more.")
        case .inside: break
        }
        let shown = draft?.address ?? address
        return send(text, to: shown, followsPhase: true)
    }

    /// Sends a line, or keeps it where the person has to decide first.
    mutating func send(
        _ text: String,
        to address: LineAddress,
        meaning: LineMeaning? = nil,
        followsPhase: Bool = false,
        file: String? = nil,
        undertaking: UndertakingNote? = nil,
        feedback: FeedbackContent? = nil,
        due: Timestamp? = nil,
        cites: UInt64? = nil
    ) -> [RoomEffect] {
        let (words, day) = promised(text, address.kind)
        guard words.utf8.count <= Self.textBytesMax else {
            let over = words.utf8.count - Self.textBytesMax
            return refuses("Not sent: the line is \(Words.count(over, "byte")) too long.")
        }
        lastLineID += 1
        let line = OutgoingLine(
            id: lastLineID,
            key: address.key,
            kind: address.kind,
            text: words,
            due: due ?? day,
            readers: address.readers,
            readersText: address.text,
            meaning: meaning,
            cites: cites,
            file: file,
            undertaking: undertaking,
            feedback: feedback
        )
        return attempt(HeldLine(line: line, followsPhase: followsPhase), isDecided: false)
    }

    mutating func attempt(_ held: HeldLine, isDecided: Bool) -> [RoomEffect] {
        var held = held
        if room.mustCite(held.line.kind, in: held.line.key, by: me) {
            if let chosen = held.line.cites, !isAsked(chosen, in: held.line.key) {
                return hold(
                    held,
                    "Not sent: question \(chosen), which it answers, is gone. /drop, and type it anew"
                )
            }
            guard let question = held.line.cites ?? questionsAsked[held.line.key]?.last else {
                return hold(
                    held,
                    "Not sent: here a statement answers a question, and nobody has asked you one "
                        + "yet. /ask asks one. /retry or /drop"
                )
            }
            held.line.cites = question
        }
        let line = held.line
        guard link == .online else {
            if line.key.scope == .own { return keep(line) }
            return hold(
                held,
                "Not sent: there is no connection. It waits here for \(line.readersText): "
                    + "/retry when you are connected again, or /drop"
            )
        }
        let others = newReaders(of: line)
        if !others.isEmpty {
            var known = held
            known.line.readers += others
            let names = Words.list(others.map { name($0) })
            return hold(known, "Not sent: \(names) would read it too by now. /retry or /drop")
        }
        if held.followsPhase, !isDecided, line.key.scope != .own,
            let now = Optional(address), now.key != line.key || now.kind != line.kind
        {
            return hold(
                held,
                "Not sent: it was for \(line.readersText), and meanwhile your lines go "
                    + (now.key == line.key ? "as something else." : "to \(other(now)).")
                    + " /retry sends it to \(line.readersText), or /drop"
            )
        }
        guard outgoing.count < Self.outgoingMax else {
            return hold(
                held,
                "Not sent: \(outgoing.count) lines are still on their way. /retry or /drop"
            )
        }
        outgoing[line.id] = held
        if echoes.count >= 256 { echoes.removeFirst() }
        echoes.append(Echo(key: line.key, text: line.text))
        return [.post(line)]
    }

    private func other(_ address: LineAddress) -> String {
        address.isOwn ? "nobody but you" : address.text
    }

    /// Who would read a line now that was not shown when it began.
    private func newReaders(of line: OutgoingLine) -> [PersonID] {
        let shown = Set(line.readers)
        return room.audience(of: line.key).filter { !shown.contains($0) }
    }

    private mutating func hold(_ line: HeldLine, _ text: String) -> [RoomEffect] {
        guard held.count < Self.heldMax else {
            return refuses("Not sent and not kept: \(held.count) lines wait. /retry or /drop them.")
        }
        held.append(line)
        let more = held.count > 1 ? " (\(held.count) lines wait)" : ""
        return [.show(refusal(text + more, [.init("held", true)]))]
    }

    private mutating func keep(_ line: OutgoingLine) -> [RoomEffect] {
        guard kept.count < Self.keptMax else {
            return refuses("Not kept: \(kept.count) notes wait for the connection already.")
        }
        kept.append(line)
        return [
            .show(
                RoomLine(
                    at: now,
                    lead: .sent,
                    text: "Kept here for you alone until you are connected again.",
                    type: "kept"
                )
            )
        ]
    }

    /// Takes a promise apart into what and by when.
    func promised(_ text: String, _ kind: EntryKind) -> (text: String, due: Timestamp?) {
        guard kind == .commit, let by = text.range(ofWord: "by") else { return (text, nil) }
        let what = String(text[..<by.lowerBound]).trimmingSpaces
        let moment = Moment(now: now, calendar: calendar)
        guard !what.isEmpty, let end = moment.endOfDay(String(text[by.upperBound...])) else {
            return (text, nil)
        }
        return (what.hasSuffix(",") ? String(what.dropLast()) : what, end)
    }
}

// MARK: - What became of lines

extension RoomScreenModel {
    /// A line arrived.
    mutating func sent(_ id: Int) -> [RoomEffect] {
        guard let line = outgoing.removeValue(forKey: id)?.line else { return [] }
        if line.feedback?.isSilent == true { return [] }
        let isOwn = line.key.scope == .own
        var text = isOwn ? "Kept for you alone." : "Sent to \(line.readersText)."
        if let file = line.file { text = "\(FileName.safe(file)): " + text }
        if let question = line.cites { text += " It answers question \(question)." }
        if let due = line.due { text += " Due \(Words.lastDay(due, now: now, calendar))." }
        let readers = line.readers.filter { $0 != me }.map { name($0) }
        let facts: [JSON.Field] = [
            .init("scope", .string("\(line.key.scope)")),
            .init("kind", .string(Words.kind(line.kind))), .init("to", JSON(readers)),
        ]
        return [.show(RoomLine(at: now, lead: .sent, text: text, type: "sent", facts: facts))]
    }

    /// A line was refused: the rule, and what to do.
    mutating func refused(_ id: Int, _ sentence: String, hint: String? = nil) -> [RoomEffect] {
        guard let line = takeBack(id) else { return [] }
        let what = [sentence, hint].compactMap(\.self).joined(separator: " ")
        return hold(line, "Not sent: \(what) /retry or /drop")
    }

    /// A line did not go because others would read it too.
    mutating func heldBack(_ id: Int, newReaders: [String]) -> [RoomEffect] {
        guard var line = takeBack(id) else { return [] }
        // Who is new is known to the room by now; only they are added to who was shown.
        let known = room.audience(of: line.line.key).filter { newReaders.contains(name($0)) }
        line.line.readers += known.filter { !line.line.readers.contains($0) }
        let names = Words.list(newReaders.isEmpty ? ["somebody"] : newReaders)
        return hold(line, "Not sent: \(names) would read it too by now. /retry or /drop")
    }

    private mutating func takeBack(_ id: Int) -> HeldLine? {
        guard let held = outgoing.removeValue(forKey: id) else { return nil }
        let echo = Echo(key: held.line.key, text: held.line.text)
        if let index = echoes.lastIndex(of: echo) { echoes.remove(at: index) }
        return held
    }

    /// "1 line waits", "2 lines wait".
    var waitingLines: String {
        "\(Words.count(held.count, "line")) \(held.count == 1 ? "waits" : "wait")"
    }

    /// Tries the line again that waits longest.
    mutating func retry() -> [RoomEffect] {
        guard !held.isEmpty else { return refuses("No line waits.") }
        var next = held.removeFirst()
        lastLineID += 1
        next.line.id = lastLineID
        if next.followsPhase, address.key == next.line.key { next.line.kind = address.kind }
        return attempt(next, isDecided: true)
    }

    /// Throws the line away that waits longest.
    mutating func drop() -> [RoomEffect] {
        guard !held.isEmpty else { return refuses("No line waits.") }
        held.removeFirst()
        return says(
            held.isEmpty
                ? "Dropped." : "Dropped. \(Words.count(held.count, "line")) more to decide."
        )
    }

    /// Learns how the connection stands.
    mutating func linked(_ next: Link) -> [RoomEffect] {
        guard next != link else { return [] }
        let before = link
        link = next
        switch next {
        case .connecting: return []
        case .offline:
            announced = address
            return [
                .show(
                    system(
                        "The connection is lost; it is tried again and again. "
                            + "Typed lines stay with you alone until then.",
                        "offline"
                    )
                )
            ]
        case .online:
            var effects: [RoomEffect] =
                before == .offline ? [.show(system("Connected again.", "online"))] : []
            effects += announceAddress().map { .show($0) }
            let waiting = kept
            kept = []
            for note in waiting {
                effects += attempt(HeldLine(line: note, followsPhase: false), isDecided: true)
            }
            if !held.isEmpty {
                effects.append(
                    .show(offer("\(waitingLines): /retry or /drop"))
                )
            }
            return effects
        }
    }
}

extension String {
    /// The text without spaces at its ends.
    var trimmingSpaces: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Finds the last place where a word stands alone.
    func range(ofWord word: String) -> Range<String.Index>? {
        var found: Range<String.Index>?
        for part in split(separator: " ") where part.lowercased() == word {
            found = part.startIndex..<part.endIndex
        }
        return found
    }

    /// The first word and what follows it.
    var headAndRest: (head: String, rest: String) {
        guard let space = firstIndex(where: \.isWhitespace) else { return (self, "") }
        return (String(self[..<space]), String(self[space...]).trimmingSpaces)
    }
}

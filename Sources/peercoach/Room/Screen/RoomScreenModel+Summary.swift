// SPDX-License-Identifier: Apache-2.0
import CoachingGoals
import CoachingModel

extension RoomScreenModel {
    /// Sums a session up for the person alone, when it is over.
    func summary(of session: SessionSummary) -> [RoomLine] {
        let number = room.sessionsHeld
        let title =
            session.isHeld
            ? "Session \(number) of \(roomName) is over."
            : "The session is over before anybody had a whole turn."
        var lines = [system("\(title) This summary is on your screen alone.", "sessionEnded")]
        lines += roles(in: session)
        lines += minutes(in: session)
        lines += promises()
        lines += howCoached(in: session)
        lines += feedbackWaits()
        lines += feedbackOpen()
        lines += remains(of: session)
        lines += nextMeeting()
        lines += relationshipDue()
        lines.append(system("The room stays open. Typed lines now stay with you alone.", "summary"))
        return lines
    }

    private func put(_ text: String) -> RoomLine { system(text, "summary") }

    private func roles(in session: SessionSummary) -> [RoomLine] {
        let turns = session.turns(of: me)
        guard !turns.isEmpty else { return [] }
        let roles = turns.map { turn, role in
            let coaches = Words.list(turn.pod.coaches.filter { $0 != me }.map { name($0) })
            switch role {
            case .client: return "client of \(coaches)"
            case .coach: return "coach of \(name(turn.pod.client))"
            case .observer: return "observer of \(coaches) with \(name(turn.pod.client))"
            case .everyone: return "there"
            }
        }
        return [put("Your roles: " + roles.joined(separator: ", "))]
    }

    private func minutes(in session: SessionSummary) -> [RoomLine] {
        var clients: [PersonID] = []
        for state in session.turns where !clients.contains(state.turn.pod.client) {
            clients.append(state.turn.pod.client)
        }
        guard !clients.isEmpty else { return [] }
        let each = clients.map { person in
            "\(nameOrYou(person)) \(minutes(session.millisecondsAsClient(person)))"
        }
        let owed =
            session.owed.isEmpty
            ? "Nobody is owed a turn."
            : "A turn is owed to \(Words.list(session.owed.map { nameOrYou($0) }))."
        return [put("Minutes as client: \(each.joined(separator: ", ")). \(owed)")] + nudge()
    }

    /// Tells oneself alone where one's own time is far from that of the others.
    private func nudge() -> [RoomLine] {
        let drawing = LedgerDrawing(
            ledger: Ledger(of: room.sessions, in: room),
            sessions: room.sessions,
            room: room,
            title: roomName,
            me: me,
            now: now
        )
        guard let nudge = drawing.nudge else { return [] }
        return [put("\(nudge) All numbers: peercoach ledger")]
    }

    /// Minutes as a number; a faster session's are tenths.
    private func minutes(_ milliseconds: Int64) -> String {
        let tenths = (max(0, milliseconds) + 3_000) / 6_000
        return tenths >= 100 || tenths % 10 == 0
            ? "\((tenths + 5) / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private func promises() -> [RoomLine] {
        var lines: [RoomLine] = []
        let own = undertakings.numbered(of: me)
        func list(_ title: String, _ promises: [SessionTally.Promise]) {
            guard !promises.isEmpty else { return }
            lines.append(put(title))
            let texts = promises.map { promise in
                promise.author == me ? promise.text : "\(name(promise.author)): \(promise.text)"
            }
            let width = min(38, texts.map(\.count).max() ?? 0)
            for (promise, text) in zip(promises, texts) {
                // The number by which one says later what became of it.
                let known = own.first {
                    $0.undertaking.key == promise.key && $0.undertaking.number == promise.number
                }
                let number = known.map { "\($0.number)" } ?? ""
                var line = "  \(Words.padded(number, 2)) " + Words.padded(text, width)
                if let due = promise.due {
                    line += "  by \(Words.lastDay(due, now: now, calendar))"
                }
                if promise.author == me { line += "  to \(readers(of: promise.key))" }
                lines.append(put(line.trimmingEnd))
            }
        }
        list("You promised:", tally.promises.filter { $0.author == me })
        list("Promised to you:", tally.promises.filter { $0.author != me })
        return lines
    }

    private func remains(of session: SessionSummary) -> [RoomLine] {
        var rows: [(what: String, who: String)] = []
        var groups: [(readers: [PersonID], turns: Int, lines: Int)] = []
        for (turn, count) in tally.turns.sorted(by: { $0.key < $1.key }) {
            let readers = room.audience(of: .turn(turn))
            if let index = groups.firstIndex(where: { $0.readers == readers }) {
                groups[index].turns += 1
                groups[index].lines += count
            } else {
                groups.append((readers, 1, count))
            }
        }
        for group in groups {
            let what = "\(Words.count(group.turns, "turn")), \(Words.count(group.lines, "line"))"
            let readers = group.readers.map { nameOrYou($0) }.joined(separator: ", ")
            rows.append((what, readers + until(.turn)))
        }
        if tally.roomLines > 0 {
            rows.append(("room, \(Words.count(tally.roomLines, "line"))", whole + until(.room)))
        }
        if tally.peersLines > 0 {
            rows.append(
                (
                    "peers, \(Words.count(tally.peersLines, "line"))",
                    readers(of: .peers) + until(.peers)
                )
            )
        }
        if tally.directLines > 0 {
            rows.append(
                (
                    "\(Words.count(tally.directLines, "line")) between two",
                    "you and the other one" + until(.direct)
                )
            )
        }
        if tally.notes > 0 {
            rows.append(
                ("your \(Words.count(tally.notes, "note"))", "only you, until you erase them")
            )
        }
        guard !rows.isEmpty else { return [] }
        let width = rows.map(\.what.count).max() ?? 0
        return [put("What remains, and who in the room can read it:")]
            + rows.map { put("  \(Words.padded($0.what, width))   \($0.who)") }
    }

    /// Until when lines of a scope are kept that were written by now.
    private func until(_ scope: Scope) -> String {
        guard let end = Retention.end(of: now, in: scope, under: room.policy) else { return "" }
        return ", until \(Words.day(end, now: now, calendar))"
    }

    /// All who read the room: "the six of you and Jonas".
    private var whole: String {
        let facilitators = room.members.filter { $0.membership == .facilitator }
        let peers = room.members.count - facilitators.count
        let numbers = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight"]
        let count = peers < numbers.count ? numbers[peers] : "\(peers)"
        let all = ["the \(count) of you"] + facilitators.map { nameOrYou($0.person) }
        return Words.list(all)
    }

    private func readers(of key: TranscriptKey) -> String {
        address(key, .say, in: room).text
    }
}

extension String {
    /// The text without spaces at its end.
    var trimmingEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingFeedback
import CoachingModel

// MARK: - Written feedback, which its receiver opens

extension RoomScreenModel {
    /// The written feedback that may wait to be opened.
    static let unopenedMax = 200

    /// Keeps written feedback closed until its receiver opens it; `nil` for every other line.
    mutating func announced(_ line: HeardLine) -> [RoomEffect]? {
        guard line.isWrittenFeedback, line.author != me, line.text != nil,
            unopened.count < Self.unopenedMax
        else { return nil }
        unopened.append(line)
        return says(
            "\(what(line)) from \(line.author.map { name($0) } ?? "somebody") is here, for you "
                + "alone. /read opens it, now or later.",
            "feedbackWaits"
        )
    }

    /// Opens what waits: of everybody, or of one.
    mutating func read(_ rest: String) -> [RoomEffect] {
        if unopened.isEmpty { unopened = unopenedBefore() }
        guard !unopened.isEmpty else {
            return refuses("No feedback waits to be opened. peercoach feedback read shows older.")
        }
        var wanted = unopened
        if !rest.isEmpty {
            switch person(in: rest) {
            case .one(let person, _): wanted = unopened.filter { $0.author == person }
            case .several(let names): return refuses("Which one: \(Words.list(names, "or"))?")
            case .none: return refuses("Nobody here is called so. /members lists who is in.")
            }
        }
        guard !wanted.isEmpty else { return refuses("Nothing of theirs waits to be opened.") }
        let own = desk
        let given = own.received.filter { one in wanted.contains { lineID($0) == one.id } }
        let unseen = room.sessionsToAssess(own, given).filter { !askedOwnView.contains($0) }
        guard unseen.isEmpty else {
            askedOwnView.formUnion(unseen)
            return [
                .show(
                    offer(
                        "Somebody assessed your coaching. How do you see it yourself? /assess me "
                            + "asks you first; /read again opens it at once."
                    )
                )
            ]
        }
        unopened.removeAll { wanted.contains($0) }
        return wanted.flatMap { opened($0, own) }
    }

    /// What came before this view was opened and was not opened anywhere.
    private func unopenedBefore() -> [HeardLine] {
        let waiting = Set(desk.unopened.map(\.id))
        let lines = past.filter { waiting.contains(lineID($0)) && $0.text != nil }
        return Array(lines.suffix(Self.unopenedMax))
    }

    /// Shows what came, beside one's own view, and notes for oneself that it was opened.
    private mutating func opened(_ line: HeardLine, _ own: FeedbackDesk) -> [RoomEffect] {
        let given = own.received.first { $0.id == lineID(line) }
        var effects: [RoomEffect] = [.show(shown(line))]
        if let other = given?.assessment, let session = other.session,
            let mine = own.selfAssessment(of: session)
        {
            let rows = FeedbackRows.sideBySide(own: mine, other: other, name: name(line.author))
            effects += rows.map { .show(system("  " + $0, "sideBySide")) }
        }
        if let given, link == .online {
            let text = "Opened: feedback of \(name(given.from))"
            effects += send(text, to: ownAddress, feedback: .opened(given))
        }
        return effects
    }

    /// Whether a line waits to be opened, which looking back does not do.
    func isUnopened(_ line: HeardLine) -> Bool {
        unopened.contains { $0.key == line.key && $0.number == line.number }
    }

    /// What waits at the end of a session.
    func feedbackWaits() -> [RoomLine] {
        let names = Set(unopened.compactMap(\.author)).map { name($0) }.sorted()
        guard !names.isEmpty else { return [] }
        return [
            system(
                "Feedback from \(Words.list(names)) is waiting. /read opens it, now or later.",
                "summary"
            )
        ]
    }

    private func what(_ line: HeardLine) -> String {
        line.kind == .assess ? "A word on how you coached" : "Feedback"
    }

    /// Sends one person a word on how they coached.
    mutating func assess(_ rest: String) -> [RoomEffect] {
        if rest.lowercased() == "me" { return prepare(me, .assessment) }
        guard case .one(let person, let text) = person(in: rest), person != me,
            var shown = address(of: .person(person), in: draft?.room ?? room)
        else { return refuses("Whose coaching, and what? \(SlashCommand.assess.usage)") }
        guard !text.isEmpty else { return prepare(person, .assessment) }
        guard room.haveWorkedTogether(me, person) else { return refuses(notWorked(person)) }
        shown.kind = .assess
        return send(text, to: shown)
    }
}

extension HeardLine {
    /// Whether it is feedback, or an assessment, from one person to another.
    var isWrittenFeedback: Bool {
        guard key.scope == .direct, paper == nil else { return false }
        return kind == .feedback || kind == .assess
    }
}

// MARK: - An observer's marks

/// What an observer marks in how somebody coaches.
enum CoachingMark: Character, CaseIterable, Hashable, Sendable {
    case open = "o"
    case closed = "c"
    case reflection = "r"
    case silence = "s"
    case advice = "a"

    /// Reads "+o" or "+o quote".
    static func reading(_ text: String) -> (mark: CoachingMark, quote: String)? {
        let (head, rest) = text.headAndRest
        guard head.count == 2, head.first == "+", let letter = head.last,
            let mark = CoachingMark(rawValue: letter)
        else { return nil }
        return (mark, rest)
    }

    /// What is counted.
    var title: String {
        switch self {
        case .open: "open questions"
        case .closed: "closed"
        case .reflection: "said back"
        case .silence: "silences"
        case .advice: "advice"
        }
    }
}

/// The marks of one turn, with the observer until they are handed over.
struct TurnMarks: Hashable, Sendable {
    /// The marks that may be kept.
    static let marksMax = 500

    /// One mark.
    struct Mark: Hashable, Sendable {
        var at: Timestamp
        var mark: CoachingMark
        var quote: String
    }

    var turn: Turn
    var marks: [Mark] = []

    /// "open questions 9, closed 3, said back 4, silences 2, advice 1".
    var counts: String {
        CoachingMark.allCases.map { mark in
            "\(mark.title) \(marks.count { $0.mark == mark })"
        }.joined(separator: ", ")
    }

    /// What the coach gets: the counts, then the moments that have words.
    func text(_ calendar: WallCalendar) -> String {
        let quotes = marks.filter { !$0.quote.isEmpty }.map {
            "\(Words.clock($0.at, calendar)) \($0.mark.title): \($0.quote)"
        }
        var text = "Marks of round \(turn.round): \(counts)."
        for quote in quotes {
            let next = text + " / " + quote
            guard next.utf8.count <= RoomScreenModel.textBytesMax else { break }
            text = next
        }
        return text
    }
}

extension RoomScreenModel {
    /// Keeps a mark as a note, and counts it.
    mutating func mark(_ mark: CoachingMark, _ quote: String) -> [RoomEffect] {
        guard let (turn, role) = room.turn(of: me), role == .observer else {
            return refuses("Marks are the observer's. /note keeps something for you alone.")
        }
        guard let own = address(of: .note, in: room) else { return refuses("Not now.") }
        if marks?.turn.id != turn.id { marks = TurnMarks(turn: turn) }
        if (marks?.marks.count ?? 0) < TurnMarks.marksMax {
            marks?.marks.append(TurnMarks.Mark(at: now, mark: mark, quote: quote))
        }
        return send("+\(mark.rawValue) \(quote)".trimmingEnd, to: own)
    }

    /// Shows the marks of the last turn that one observed, or hands them to who coached.
    mutating func handMarks(_ rest: String) -> [RoomEffect] {
        guard let marks, !marks.marks.isEmpty else {
            return refuses("There are no marks. As observer: +o, +c, +r, +a or +s, and a quote.")
        }
        if rest.isEmpty { return says("\(marks.counts). /marks give hands them to the coach.") }
        guard rest.lowercased() == "give" else { return refuses(SlashCommand.marks.usage) }
        guard room.turnState(marks.turn.id)?.isClosed != false else {
            return refuses("The turn still goes on. Hand them over when it has ended.")
        }
        let coaches = marks.turn.pod.coaches.filter { room.membership(of: $0) != nil && $0 != me }
        let text = marks.text(calendar)
        var effects: [RoomEffect] = []
        for coach in coaches {
            guard var shown = address(of: .person(coach), in: draft?.room ?? room) else { continue }
            shown.kind = .assess
            effects += send(text, to: shown)
        }
        guard !effects.isEmpty else { return refuses("Who coached is not here any more.") }
        self.marks = nil
        return effects
    }
}

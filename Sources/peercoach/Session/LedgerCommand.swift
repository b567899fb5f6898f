// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Equal time and turns, and what two agreed otherwise.",
        subcommands: [LedgerShow.self, LedgerAgree.self, LedgerEnd.self],
        defaultSubcommand: LedgerShow.self
    )
}

struct LedgerShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Equal time and turns: who was what how often, and had the floor how long.",
        discussion: """
            Counted from the room's own record, for which nobody has to write anything down.
            While a session's clock runs, its time goes to those to whom the method gives
            something to say then, in equal parts; in a spoken session too.
            """
    )

    @Argument(help: "The room.")
    var roomName: String?
    @Option(help: "One session alone: its number, or last.")
    var session: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(roomName) { session, room in
                let chosen = try chosen(of: room)
                let drawing = LedgerDrawing(
                    ledger: Ledger(of: chosen, in: room),
                    sessions: chosen,
                    room: room,
                    title: session.name,
                    me: opened.me,
                    now: opened.now
                )
                for line in drawing.lines { opened.output.line(line, indent: 2) }
                for object in drawing.objects { opened.output.object(object) }
            }
        }
    }

    private func chosen(of room: Room) throws -> [SessionSummary] {
        guard let session else { return room.sessions }
        let number = session.lowercased() == "last" ? room.sessions.count : Int(session) ?? 0
        guard room.sessions.indices.contains(number - 1) else {
            throw ClientError(
                .noSuchName,
                room.sessions.isEmpty
                    ? "No session is over yet."
                    : "There is no session '\(session)' that is over; there are 1 to "
                        + "\(room.sessions.count)."
            )
        }
        return [room.sessions[number - 1]]
    }
}

/// A ledger as people read it: a row and a bar for each.
struct LedgerDrawing {
    let ledger: Ledger
    let sessions: [SessionSummary]
    let room: Room
    let title: String
    let me: PersonID
    let now: Timestamp
    var calendar = WallCalendar.local

    /// The columns of the longest bar; with the names before it a row has 80.
    private var barColumns: Int { 22 - width }

    /// The lines of the drawing.
    var lines: [String] {
        guard let first = sessions.first, let last = sessions.last else {
            return ["No session of \(title) is over yet."] + agreed
        }
        let days = [
            Words.day(first.began, now: now, calendar), Words.day(last.ended, now: now, calendar),
        ]
        let span = days[0] == days[1] ? days[0] : "\(days[0]) to \(days[1])"
        var lines = ["\(title), \(Words.count(sessions.count, "session")), \(span)."]
        let names = rows.map { Words.padded(name($0), width) }
        lines.append(
            Words.padded("", width) + "  client  coach  observer  time as client  had the floor"
        )
        for (name, row) in zip(names, rows) { lines.append("\(name)  \(cells(of: row))") }
        if ledger.silence > 0 { lines.append("All listened for \(Words.span(ledger.silence)).") }
        if let owed { lines.append(owed) }
        lines += agreed
        if let nudge { lines.append(nudge) }
        return lines
    }

    /// What one is told in private where one's own time is far from that of the others.
    var nudge: String? {
        guard let off = ledger.imbalance(of: me), off > .min else { return nil }
        let word = off < 0 ? "less" : "more"
        let isAgreed = ledger.rows.contains { $0.person == me && $0.agreed != 0 }
        let than = isAgreed ? "was agreed, by what the others had" : "the others"
        return "You were client \(Words.span(abs(off))) \(word) than \(than) on average. "
            + "Only you are told so."
    }

    /// The ledger as objects.
    var objects: [JSON] {
        let rows = rows.map { row -> JSON in
            [
                "type": "ledger", "name": .string(room.shownName(row.person)),
                "me": .bool(row.person == me), "sessions": JSON(row.sessions),
                "asClient": JSON(row.asClient), "asCoach": JSON(row.asCoach),
                "asObserver": JSON(row.asObserver), "missed": JSON(row.missed),
                "clientSeconds": JSON(row.asClientFor / 1_000),
                "floorSeconds": JSON(row.floor / 1_000),
                "agreedSeconds": JSON(row.agreed / 1_000),
            ]
        }
        let words = DeviationWords(me: me) { room.shownName($0) }
        let deviations = room.deviations.map { words.object($0, in: room) }
        return rows + deviations + [
            [
                "type": "ledgerTotal", "sessions": JSON(sessions.count),
                "seconds": JSON(ledger.total / 1_000),
                "silentSeconds": JSON(ledger.silence / 1_000),
                "imbalanceSeconds": JSON(ledger.imbalance(of: me).map { $0 / 1_000 }),
            ]
        ]
    }

    private var rows: [LedgerRow] {
        ledger.rows.sorted { room.shownName($0.person) < room.shownName($1.person) }
    }

    private var width: Int { min(16, rows.map { name($0).count }.max() ?? 0) }

    private func name(_ row: LedgerRow) -> String {
        row.person == me ? "you" : room.shownName(row.person)
    }

    /// What two proposed or agreed about their time.
    private var agreed: [String] {
        let words = DeviationWords(me: me) { room.shownName($0) }
        return room.deviations.map { words.line($0) }
    }

    private var owed: String? {
        let owed = room.history.owed.keys.sorted().filter { room.membership(of: $0) == .peer }
        guard !owed.isEmpty else { return nil }
        let names = owed.map { $0 == me ? "you" : room.shownName($0) }
        return "Owed a turn, and first next time: \(Words.list(names))."
    }

    private func cells(of row: LedgerRow) -> String {
        let longest = max(1, ledger.rows.map(\.floor).max() ?? 1)
        let (scaled, overflow) = row.floor.multipliedReportingOverflow(by: Int64(barColumns))
        let bar = overflow ? barColumns : Int(scaled / longest)
        let cells = [
            right("\(row.asClient)", 6), right("\(row.asCoach)", 5), right("\(row.asObserver)", 8),
            right(Words.span(row.asClientFor), 14), right(Words.span(row.floor), 13),
            String(repeating: "#", count: max(0, bar)),
        ]
        return cells.joined(separator: "  ").trimmingEnd
    }

    private func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

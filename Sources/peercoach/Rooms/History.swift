// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What you may read in the room, oldest first."
    )

    @Option(help: "Only a session: its number, or last.")
    var session: String?
    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("Only what went to room, peers, turn, me or a name.", valueName: "who")
    )
    var who: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                let filter = try HistoryFilter(self.session, who, opened, room)
                let lines = try await session.lines().filter { filter.takes($0) }
                let printer = HistoryPrinter(room, opened)
                printer.print(lines.sorted { ($0.at, $0.number) < ($1.at, $1.number) })
            }
        }
    }
}

extension RoomSession {
    /// Gives all lines that one may read; to be asked once.
    func lines() async throws(ClientError) -> [ReadEntry] {
        var lines: [ReadEntry] = []
        for await happening in happenings {
            switch happening {
            case .entry(let line):
                if line.isReopened {
                    lines.removeAll { $0.key == line.key && $0.number == line.number }
                }
                lines.append(line)
            case .erased(let key, let number, _):
                lines.removeAll { $0.key == key && $0.number == number }
            case .alarm(let alarm) where alarm.isFatal:
                throw ClientError(.alarm, alarm.sentence)
            case .caughtUp: return lines
            default: break
            }
        }
        return lines
    }
}

/// Which lines are asked for.
struct HistoryFilter: Sendable {
    private var session: SessionID?
    private var span: ClosedRange<Timestamp>?
    private var scope: Scope?
    private var key: TranscriptKey?

    init(
        _ session: String?,
        _ who: String?,
        _ opened: Opened,
        _ room: Room
    ) throws(ClientError) {
        if let session { try choose(session, room, opened.now) }
        switch who?.lowercased() {
        case nil: break
        case "room": scope = .room
        case "peers": scope = .peers
        case "turn": scope = .turn
        case "me", "own", "note": scope = .own
        default: key = try opened.readers(of: who ?? "", in: room)
        }
    }

    private mutating func choose(
        _ typed: String,
        _ room: Room,
        _ now: Timestamp
    ) throws(ClientError) {
        var all = room.sessions.map { ($0.id, $0.began, $0.ended) }
        if let running = room.session { all.append((running.id, running.startedAt, now)) }
        let number = typed.lowercased() == "last" ? all.count : Int(typed) ?? 0
        guard all.indices.contains(number - 1) else {
            throw ClientError(
                .noSuchName,
                all.isEmpty
                    ? "There was no session yet."
                    : "There is no session '\(typed)'; there are 1 to \(all.count)."
            )
        }
        let (id, began, ended) = all[number - 1]
        session = id
        span = min(began, ended)...max(began, ended)
    }

    /// Whether a line is asked for.
    func takes(_ line: ReadEntry) -> Bool {
        if line.body?.feedbackContent?.isSilent == true { return false }
        if let key, line.key != key { return false }
        if let scope, line.key.scope != scope { return false }
        guard let session, let span else { return true }
        if case .turn(let turn) = line.key { return turn.session == session }
        return span.contains(line.at)
    }
}

/// Prints lines as they stand in a room, with the day before the first line of each.
struct HistoryPrinter {
    let room: Room
    let me: PersonID
    let now: Timestamp
    let output: Output

    init(_ room: Room, _ opened: Opened) {
        self.room = room
        me = opened.me
        now = opened.now
        output = opened.output
    }

    func print(_ lines: [ReadEntry]) {
        var day = ""
        for line in lines {
            let next = Words.day(line.at, now: now)
            if next != day {
                output.line(next)
                day = next
            }
            output.put(text(line), indent: 6, object(line))
        }
        if lines.isEmpty { output.line("There is nothing to read.") }
    }

    func text(_ line: ReadEntry) -> String {
        if line.author == nil, line.kind == .answer, line.key.isPrompt {
            let text = line.body?.text ?? "(cannot be read here)"
            return "\(Words.clock(line.at)) [\(label(line.key)), without a name] \(text)"
        }
        var lead = "\(Words.clock(line.at)) [\(label(line.key))] \(author(line))"
        if line.key.isPrompt, line.kind == .ask { lead += ", asks without names" }
        if line.kind == .withdraw {
            let why = line.body.map { $0.text.isEmpty ? "" : ": \($0.text)" } ?? ""
            return "\(lead) took back \(Words.count(1 + line.alsoCites.count, "line"))\(why)"
        }
        if let agreed = line.agreed {
            lead +=
                ", "
                + ReleaseWords.released(by: agreed, but: line.author) {
                    $0 == me ? "you" : room.shownName($0)
                }
        }
        let isBreach = line.body?.subkind == EntryBody.breach
        let verb = line.body.flatMap(Self.verb) ?? Self.verb(line.kind)
        if let verb = isBreach ? "raises a breach" : verb { lead += ", \(verb)" }
        var text = line.body?.text ?? "(cannot be read here)"
        if line.body?.feedbackContent != nil { text = FeedbackRows.oneLine(text) }
        if let title = line.body?.title { text = "\(title): \(text)" }
        if let file = line.body?.file {
            text = FileWords.offer(file, line.number, of: line.key, in: room.id)
        }
        if let due = line.body?.due { text += ", by \(Words.day(due, now: now))" }
        if let before = line.body?.saidBefore {
            text += " (said on \(Words.moment(before.at, now: now)), restored)"
        }
        if line.body?.carried != nil, line.putDownAt != line.at {
            text += " (of \(Words.day(line.putDownAt, now: now)), taken over)"
        }
        return "\(lead): \(text)"
    }

    /// Who wrote a line, for whom: "Tom Becker, coach, to you and Tom Becker".
    func from(_ line: ReadEntry) -> String { "\(author(line)), \(label(line.key))" }

    private func label(_ key: TranscriptKey) -> String {
        guard case .direct(let first, let second) = key else { return Words.scope(key.scope) }
        return "you and \(room.shownName(first == me ? second : first))"
    }

    private func author(_ line: ReadEntry) -> String {
        guard let author = line.author else { return "a member" }
        let name = line.authorName.isEmpty ? room.shownName(author) : line.authorName
        guard case .turn(let id) = line.key, let role = room.role(of: author, in: id) else {
            return room.membership(of: author) == .facilitator ? "\(name), facilitator" : name
        }
        return "\(name), \(Words.role(role))"
    }

    /// What a line is by what stands inside, where its kind says too little.
    static func verb(_ body: EntryBody) -> String? {
        if let note = body.undertaking { return UndertakingWords.verb(note) }
        if body.subkind == EntryBody.checkIn, let scale = body.scale { return "check-in, \(scale)" }
        return body.subkind == EntryBody.journal ? "page" : nil
    }

    static func verb(_ kind: EntryKind) -> String? {
        switch kind {
        case .say, .ask, .answer, .note: nil
        case .reflect: "says back"
        case .suggest: "suggests"
        case .offer: "offers"
        case .feedback: "gives feedback"
        case .thanks: "thanks"
        case .commit: "promises"
        case .assess: "assesses"
        case .consent: "consents"
        case .withdraw: "takes back"
        case .grant: "opens older lines"
        case .paper: "posts a text"
        }
    }

    func object(_ line: ReadEntry, name: String? = nil) -> JSON {
        var fields: [JSON.Field] = [
            .init(key: "type", value: "line"),
            .init(key: "to", value: .string(Words.scope(line.key.scope))),
            .init(key: "number", value: JSON(line.number)),
            .init(key: "at", value: .string(Words.stamp(line.at))),
            .init(key: "author", value: JSON(line.author.map { room.shownName($0) })),
            .init(key: "mine", value: .bool(line.isMine)),
            .init(key: "kind", value: .string(Words.kind(line.kind))),
            .init(key: "text", value: JSON(line.body?.text)),
        ]
        if let file = line.body?.file {
            fields += FileWords.facts(file, line.number, of: line.key, in: room.id)
        }
        if let name { fields.append(.init(key: "line", value: .string(name))) }
        if let agreed = line.agreed {
            let names = agreed.map { room.shownName($0) }
            fields.append(.init(key: "released", value: JSON(names)))
        }
        if line.kind == .withdraw, let first = line.cites {
            fields.append(
                .init(key: "gone", value: .array(([first] + line.alsoCites).map { JSON($0) }))
            )
        }
        if let due = line.body?.due {
            fields.append(.init(key: "due", value: .string(Words.stamp(due))))
        }
        if let before = line.body?.saidBefore {
            fields.append(.init(key: "restored", value: .string(Words.stamp(before.at))))
        }
        if case .turn(let id) = line.key {
            fields.append(.init(key: "session", value: JSON(room.number(of: id.session))))
            fields.append(.init(key: "round", value: JSON(id.round)))
            let role = line.author.flatMap { room.role(of: $0, in: id) }
            fields.append(.init(key: "role", value: JSON(role.map { Words.role($0) })))
        }
        if case .direct(let first, let second) = line.key {
            let other = room.shownName(first == me ? second : first)
            fields.append(.init(key: "with", value: .string(other)))
        }
        return .object(fields)
    }
}

extension Room {
    /// Gives what a person was in a turn, also one of a session that is over.
    func role(of person: PersonID, in id: TurnID) -> Role? {
        if let session, session.id == id.session {
            let states = session.openTurns + session.closedTurns.map(\.turn)
            return states.first { $0.id == id }?.pod.role(of: person)
        }
        let turns = sessions.first { $0.id == id.session }?.turns
        return turns?.first { $0.turn.id == id }?.turn.pod.role(of: person)
    }

    /// Gives the number of a session as people count them, from 1.
    func number(of id: SessionID) -> Int? {
        if session?.id == id { return sessions.count + 1 }
        return sessions.firstIndex { $0.id == id }.map { $0 + 1 }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct Say: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Post one line to the readers that you name.",
        discussion: """
            WHO is room, peers, turn (those in your turn now), me, or a member's name. A text of -
            is read from the standard input, which keeps it out of the shell's memory.
            """
    )

    @Option(name: .customLong("to"), help: ArgumentHelp("For whom it is.", valueName: "who"))
    var who: String
    @Option(name: .customLong("as"), help: "What it is, where the phase's own kind is not meant.")
    var kind: PostKind?
    @Option(name: .customLong("by"), help: "For a promise: until when, such as fri or 2027-06-30.")
    var due: String?
    @Argument(help: "The text.")
    var text: [String]
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let body = try await LineText.body(text, due: due, now: opened.now)
            try await opened.inRoom { session, room in
                let key = try opened.readers(of: who, in: room)
                let kind = kind?.kind ?? opened.usualKind(for: key, in: room)
                try await opened.post(body, kind, to: key, session)
            }
        }
    }
}

struct Note: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep one line for yourself."
    )

    @Argument(help: "The text; - reads the standard input.")
    var text: [String]
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let body = try await LineText.body(text, due: nil, now: opened.now)
            try await opened.inRoom { session, _ in
                try await opened.post(body, .note, to: .own(opened.me), session)
            }
        }
    }
}

/// What a line can be, as it is typed.
enum PostKind: String, ExpressibleByArgument, CaseIterable, Sendable {
    case say
    case ask
    case answer
    case reflect
    case suggest
    case offer
    case feedback
    case thanks
    case commit

    var kind: EntryKind {
        switch self {
        case .say: .say
        case .ask: .ask
        case .answer: .answer
        case .reflect: .reflect
        case .suggest: .suggest
        case .offer: .offer
        case .feedback: .feedback
        case .thanks: .thanks
        case .commit: .commit
        }
    }
}

/// Texts from the command line.
enum LineText {
    /// Joins the words of a text, or reads it, and its date.
    ///
    /// Where it may be empty, no words at all are enough.
    static func body(
        _ words: [String],
        due: String?,
        now: Timestamp,
        mayBeEmpty: Bool = false
    ) async throws(ClientError) -> EntryBody {
        var text = words.joined(separator: " ")
        if words == ["-"] { text = try await Asking.all(bytesMax: EntryBody.textBytesMax) }
        text = String(text.drop(while: \.isWhitespace).trimmed)
        guard !text.isEmpty || mayBeEmpty && words.isEmpty else {
            throw ClientError(.usage, "There is no text.")
        }
        guard text.utf8.count <= EntryBody.textBytesMax else {
            throw ClientError(
                .invalid,
                "The text is too long: \(EntryBody.textBytesMax) bytes at most."
            )
        }
        var body = EntryBody(text: text)
        if let due {
            guard let day = Moment(now: now).endOfDay(due) else {
                throw ClientError(
                    .usage,
                    "'\(due)' is no day that can be read.",
                    hint: "Such as \(Moment.days)."
                )
            }
            body.due = day.adding(milliseconds: -1)
        }
        return body
    }
}

extension Substring {
    /// Without white space at the end.
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}

extension Opened {
    /// Finds the circle of readers that is meant by a word or a name.
    func readers(of who: String, in room: Room) throws(ClientError) -> TranscriptKey {
        switch who.lowercased() {
        case "room": return .room
        case "peers": return .peers
        case "me", "own", "note": return .own(me)
        case "turn":
            guard let turn = room.turn(of: me)?.turn ?? room.interventions(of: me)?.turn else {
                throw ClientError(.refused, "You are in no turn now.")
            }
            return .turn(turn.id)
        default:
            let member = try member(who, of: room)
            return member.person == me ? .own(me) : .between(me, member.person)
        }
    }

    /// What a line is where nothing is said: the kind of a bare line in this phase.
    func usualKind(for key: TranscriptKey, in room: Room) -> EntryKind {
        switch key {
        case .own: return .note
        case .turn, .room:
            guard room.session?.medium == .typed, let now = room.part(of: me),
                let bare = now.part?.bare, bare != .note, (now.role == .everyone) == (key == .room)
            else { return .say }
            return bare
        case .direct, .peers, .programme, .prompt: return .say
        }
    }

    /// Finds the question that a line answers, where it must answer one: the last of another.
    func question(
        for kind: EntryKind,
        _ key: TranscriptKey,
        _ session: RoomSession
    ) async throws -> UInt64? {
        let room = try await session.state()
        guard room.mustCite(kind, in: key, by: me) else { return nil }
        let page = try await session.lines(before: nil, count: 200)
        return page.lines.last { $0.key == key && $0.kind == .ask && !$0.isMine }?.number
    }

    /// Posts a line to those who are its readers now and says who they are.
    func post(
        _ body: EntryBody,
        _ kind: EntryKind,
        to key: TranscriptKey,
        _ session: RoomSession
    ) async throws {
        if case .direct(let one, let other) = key, kind == .feedback || kind == .assess {
            try requireWork(with: one == me ? other : one, in: try await session.state())
        }
        let readers = try await session.readers(of: key)
        let number = try await session.post(
            body,
            kind: kind,
            to: key,
            shown: Set(readers.map(\.person)),
            cites: try await question(for: kind, key, session)
        )
        let others = readers.filter { !$0.isMe }.map(\.name).sorted()
        output.put(
            others.isEmpty ? "Kept for you alone." : "Sent to \(Words.list(others)).",
            [
                "type": "sent", "to": .string(Words.scope(key.scope)),
                "readers": JSON(others), "kind": .string(Words.kind(kind)),
                "number": JSON(number),
            ]
        )
    }
}

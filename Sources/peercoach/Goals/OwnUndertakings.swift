// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingGoals
import CoachingModel
import CoachingSeal

/// The goals, tasks and promises of a room that one can read, and how to say what becomes of them.
struct OwnUndertakings {
    let opened: Opened
    let session: RoomSession
    let room: Room
    let all: Undertakings

    init(_ opened: Opened, _ session: RoomSession, _ room: Room) async throws {
        self.opened = opened
        self.session = session
        self.room = room
        all = Undertakings(UndertakingLine.read(try await session.lines(), in: room))
    }

    var words: UndertakingWords { UndertakingWords(room: room, me: opened.me, now: opened.now) }

    /// Finds one of one's own by the number that a list shows.
    func find(
        _ number: Int,
        _ kinds: Set<UndertakingKind>
    ) throws(ClientError) -> Undertaking {
        let own = all.numbered(of: opened.me).filter { kinds.contains($0.undertaking.kind) }
        if let found = own.first(where: { $0.number == number }) { return found.undertaking }
        let what = Words.list(
            kinds.sorted { $0.rawValue < $1.rawValue }.map(UndertakingWords.word),
            "or"
        )
        let there = own.map { "\($0.number)" }
        throw ClientError(
            .noSuchName,
            there.isEmpty
                ? "You have no \(what) here." : "You have no \(what) \(number) here.",
            hint: there.isEmpty ? nil : "There are \(Words.list(there))."
        )
    }

    /// Puts something down.
    func make(
        _ kind: UndertakingKind,
        _ body: EntryBody,
        _ note: (inout UndertakingNote) -> Void = { _ in },
        to key: TranscriptKey
    ) async throws {
        try checkDay(body.due)
        var made = UndertakingNote(id: opened.client.drawUndertaking(), step: .made, kind: kind)
        note(&made)
        try await post(made, body, to: key)
    }

    /// Says what became of something, to those who read it; where its turn takes nothing any more,
    /// to each who was in it.
    func judge(
        _ one: Undertaking,
        _ step: UndertakingStep.Kind,
        _ state: UndertakingState?,
        _ body: EntryBody,
        to other: TranscriptKey? = nil,
        _ note: (inout UndertakingNote) -> Void = { _ in }
    ) async throws {
        if state == .renegotiated || step == .changed { try checkDay(body.due) }
        var body = body
        if let state, body.text.isEmpty { body.text = UndertakingWords.word(state, one.kind) }
        var said = UndertakingNote(id: one.id, step: step, state: state)
        note(&said)
        for key in other.map({ [$0] }) ?? places(of: one) { try await post(said, body, to: key) }
    }

    private func checkDay(_ due: Timestamp?) throws(ClientError) {
        guard let due, due < opened.now else { return }
        throw ClientError(.invalid, "That day is over.", hint: "Such as --by \(Moment.days).")
    }

    private func places(of one: Undertaking) -> [TranscriptKey] {
        guard case .turn(let id) = one.key else { return [one.key] }
        if (try? room.mayPost(.commit, in: one.key, by: opened.me)) != nil { return [one.key] }
        let others = room.turnState(id)?.turn.pod.people.filter {
            $0 != opened.me && room.membership(of: $0) != nil
        }
        let keys = (others ?? []).map { TranscriptKey.between(opened.me, $0) }
        return keys.isEmpty ? [.own(opened.me)] : keys
    }

    private func post(
        _ note: UndertakingNote,
        _ body: EntryBody,
        to key: TranscriptKey
    ) async throws {
        guard note.isWithinLimits else {
            throw ClientError(
                .invalid,
                "That is too long: \(UndertakingNote.textBytesMax) bytes at most for each part."
            )
        }
        var body = body
        body.undertaking = note
        let isPromise = note.kind == .promise && note.step == .made
        let kind: EntryKind =
            switch key.scope {
            case .own: .note
            case .turn, .room, .peers: isPromise ? .commit : .say
            default: .say
            }
        try await opened.post(body, kind, to: key, session)
    }

    /// The days by which one wants to have done something, for a calendar: no word of it.
    func days(ahead: Int64) -> [CalendarFile.Event] {
        let end = opened.now.adding(milliseconds: ahead * 86_400_000)
        return all.due(of: opened.me, until: end).compactMap { one in
            guard let due = one.due, due > opened.now else { return nil }
            return CalendarFile.Event(
                id: "\(one.id)@peercoach",
                start: due.adding(milliseconds: -3_600_000),
                end: due,
                moves: UInt32(clamping: one.course.count)
            )
        }
    }

    /// Shows some of them with their numbers.
    func show(_ some: [(number: Int, undertaking: Undertaking)], none: String) {
        if some.isEmpty { opened.output.line(none) }
        for (number, one) in some {
            opened.output.put(
                words.row(one, number: number),
                indent: 4,
                words.object(one, number: number)
            )
            for line in words.course(one) { opened.output.line("     \(line)", indent: 7) }
        }
    }
}

extension UndertakingLine {
    /// Takes from lines what concerns undertakings; what cannot be opened is left out.
    static func read(_ lines: [ReadEntry], in room: Room) -> [UndertakingLine] {
        lines.compactMap { line in
            guard let author = line.author, let body = line.body,
                body.undertaking != nil || line.kind == .commit
            else { return nil }
            return UndertakingLine(
                key: line.key,
                transcript: TranscriptID(room: room.id, key: line.key),
                number: line.number,
                at: line.putDownAt,
                author: author,
                kind: line.kind,
                text: body.text,
                due: body.due,
                note: body.undertaking
            )
        }
    }
}

extension Client {
    /// Draws an identifier for something that somebody sets out to do.
    nonisolated func drawUndertaking() -> UndertakingID {
        UndertakingID(Bytes16(high: environment.draw(), low: environment.draw()))
    }
}

extension Opened {
    /// Goes into a room and reads what there is to do.
    func undertakings(
        _ body: (OwnUndertakings) async throws -> Void
    ) async throws {
        try await inRoom(depth: .everything) { session, room in
            try await body(try await OwnUndertakings(self, session, room))
        }
    }
}

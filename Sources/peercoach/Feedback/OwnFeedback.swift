// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFeedback
import CoachingGoals
import CoachingModel
import CoachingSeal

/// The feedback of a room that one can read, and how one prepares, sends and asks for it.
struct OwnFeedback {
    let opened: Opened
    let session: RoomSession
    let room: Room
    let desk: FeedbackDesk
    let given: FeedbackGiven
    /// The aims of others that they let one read.
    let shownAims: [PersonID: [String]]

    init(_ opened: Opened, _ session: RoomSession, _ room: Room) async throws {
        self.opened = opened
        self.session = session
        self.room = room
        let lines = try await session.lines()
        desk = FeedbackDesk(of: opened.me, FeedbackLine.read(lines, in: room))
        given = FeedbackGiven(lines)
        let goals = Undertakings(UndertakingLine.read(lines, in: room)).all.filter {
            $0.kind == .goal && $0.state.isOpen && $0.owner != opened.me
        }
        shownAims = Dictionary(grouping: goals, by: \.owner).mapValues { $0.map(\.text) }
    }

    func name(_ person: PersonID) -> String { room.shownName(person) }

    /// The draft for somebody, or an empty one.
    func draft(for person: PersonID, _ form: FeedbackForm) -> FeedbackDraft {
        desk.draft(for: person, form)
            ?? FeedbackDraft(id: opened.client.drawFeedback(), form: form, person: person)
    }

    /// The draft of an assessment of somebody on a set; one on another set or session is left as
    /// it is and not gone on with.
    func assessment(
        of person: PersonID,
        on set: CompetencySet
    ) throws(ClientError)
        -> FeedbackDraft
    {
        let mine = room.sessionsToAssess(desk, desk.unopened).last
        let session = person == opened.me ? mine : nil
        guard let shared = room.lastCoaching(by: person, seenBy: opened.me, in: session) else {
            throw ClientError(
                .refused,
                person == opened.me
                    ? "You have coached nobody here yet."
                    : "\(name(person)) coached in no turn that you were in."
            )
        }
        var draft = draft(for: person, .assessment)
        let new = Assessment(on: set, by: Assessor(shared.role), session: shared.session)
        if draft.assessment?.goesOn(as: new) == true { return draft }
        draft.assessment = new
        return draft
    }

    /// Saves a draft for oneself alone: a new version of it.
    func save(_ draft: FeedbackDraft) async throws {
        if let part = draft.parts.tooLong {
            throw ClientError(
                .invalid,
                "\"\(part.title)\" is too long: \(FeedbackParts.partBytesMax) bytes at most."
            )
        }
        guard (draft.assessment?.words?.utf8.count ?? 0) <= Assessment.wordsBytesMax else {
            throw ClientError(
                .invalid,
                "The general words are too long: \(Assessment.wordsBytesMax) bytes at most."
            )
        }
        guard draft.assessment?.isWithinLimits != false else {
            throw ClientError(
                .invalid,
                "All together it is too long: \(Assessment.textBytesMax) bytes at most."
            )
        }
        try await keep(draft.keptText(for: name(draft.person)), .draft(draft))
    }

    /// Throws a draft away.
    func drop(_ draft: FeedbackDraft) async throws {
        try await keep(
            "Draft for \(name(draft.person)) dropped",
            FeedbackContent(
                note: FeedbackNote(
                    id: draft.id,
                    step: .dropped,
                    form: draft.form,
                    person: draft.person
                )
            )
        )
    }

    /// Notes for oneself alone that one opened what came.
    func noteOpened(_ given: GivenFeedback) async throws {
        try await keep("Opened: feedback of \(name(given.from))", .opened(given))
    }

    private func keep(_ text: String, _ content: FeedbackContent) async throws {
        try await session.post(
            EntryBody(text: text, feedback: content),
            kind: .note,
            to: .own(opened.me),
            shown: [opened.me]
        )
    }

    /// Shows the whole and what the check says, and sends it where the person wants that.
    ///
    /// It is never held up for what the check says; only where nothing is said is nothing sent.
    func finish(_ draft: FeedbackDraft, later: Bool) async throws {
        guard !draft.isEmpty else {
            throw ClientError(.invalid, "There is nothing to send: no part of it says anything.")
        }
        let output = opened.output
        let rows =
            draft.form == .feedback
            ? FeedbackRows.rows(draft.parts) : draft.assessment.map(FeedbackRows.rows) ?? []
        let isOwn = draft.person == opened.me
        output.line(isOwn ? "How you see it:" : "For \(name(draft.person)):")
        for row in rows { output.line("  " + row, indent: 4) }
        let remarks = FeedbackRows.check(draft)
        for sentence in remarks { output.line("* " + sentence, indent: 2) }
        output.object([
            "type": "draft", "to": .string(name(draft.person)), "form": .string("\(draft.form)"),
            "parts": FeedbackRows.object(draft.parts),
            "assessment": draft.assessment.map(FeedbackRows.object) ?? .null,
            "remarks": JSON(remarks),
        ])
        if isOwn { return try await finishOwn(draft) }
        guard !later, opened.options.isYes || Asking.isPossible else {
            return output.line("Kept as a draft for you alone. \(goOn(draft))")
        }
        try opened.requireWork(with: draft.person, in: room)
        let question =
            remarks.isEmpty
            ? "Send it to \(name(draft.person))?"
            : "Send it to \(name(draft.person)) as it is?"
        guard try await opened.asking.confirm(question) else {
            return output.line("Kept as a draft for you alone. \(goOn(draft))")
        }
        try await opened.post(
            EntryBody(text: draft.text, feedback: .sent(draft)),
            draft.form == .feedback ? .feedback : .assess,
            to: .between(opened.me, draft.person),
            session
        )
    }

    private func finishOwn(_ draft: FeedbackDraft) async throws {
        try await keep("How I coached\n\(draft.text)", .sent(draft))
        opened.output.line("Kept for you alone.")
    }

    private func goOn(_ draft: FeedbackDraft) -> String {
        let verb = draft.form == .feedback ? "write" : "assess"
        let who = Opened.quoted(name(draft.person))
        return "To go on: peercoach feedback \(verb) \(who) (--yes sends it)"
    }
}

extension Opened {
    /// Goes into a room and reads what there is of feedback.
    func feedback(_ body: (OwnFeedback) async throws -> Void) async throws {
        try await inRoom(depth: .everything) { session, room in
            try await body(try await OwnFeedback(self, session, room))
        }
    }

    /// Refuses what is written about somebody's work by who was never in a turn with them.
    func requireWork(with person: PersonID, in room: Room) throws(ClientError) {
        guard room.haveWorkedTogether(me, person) else {
            throw ClientError(
                .refused,
                "You and \(room.shownName(person)) were in no turn together here, so there is "
                    + "nothing to give feedback on yet.",
                hint: "To say something else: peercoach say --to NAME TEXT"
            )
        }
    }

    /// Finds another member.
    func other(_ typed: String, of room: Room) throws(ClientError) -> PersonID {
        let person = try member(typed, of: room).person
        guard person != me else { throw ClientError(.usage, "Name another member.") }
        return person
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingFeedback
import CoachingModel
import CoachingSeal

/// What stands in a line about feedback besides its words.
struct FeedbackContent: Hashable, Sendable {
    var parts: FeedbackParts?
    var note: FeedbackNote?
    var assessment: Assessment?
    var request: FeedbackRequest?

    /// Whether there is nothing of it.
    var isEmpty: Bool { self == FeedbackContent() }

    /// Whether it is for its author alone and no news to them: that they opened something.
    var isSilent: Bool { note?.step == .opened }

    /// What a draft for somebody holds, so that it is saved.
    static func draft(_ draft: FeedbackDraft) -> FeedbackContent {
        FeedbackContent(
            parts: draft.form == .feedback ? draft.parts : nil,
            note: FeedbackNote(
                id: draft.id,
                step: .drafted,
                form: draft.form,
                person: draft.person
            ),
            assessment: draft.assessment
        )
    }

    /// What is sent of a draft.
    static func sent(_ draft: FeedbackDraft) -> FeedbackContent {
        var content = self.draft(draft)
        content.note?.step = .sent
        return content
    }

    /// That feedback which came was opened.
    static func opened(_ given: GivenFeedback) -> FeedbackContent {
        FeedbackContent(
            note: FeedbackNote(id: given.id, step: .opened, form: given.form, person: given.from)
        )
    }
}

extension FeedbackDraft {
    /// The words of what one sends.
    var text: String { form == .feedback ? parts.text : assessment?.text ?? "" }

    /// The words under which it is kept.
    func keptText(for name: String) -> String {
        let lead = form == .feedback ? "Draft of feedback to \(name)" : "Draft, how \(name) coached"
        let whole = text.isEmpty ? lead : "\(lead)\n\(text)"
        return whole.utf8.count <= EntryBody.textBytesMax ? whole : lead
    }

    /// Whether there is nothing to send.
    var isEmpty: Bool {
        form == .feedback ? parts.isEmpty : assessment?.isEmpty ?? true
    }
}

extension EntryBody {
    /// Makes a body whose words say what stands beside them.
    init(text: String, feedback content: FeedbackContent?) {
        self.init(text: text)
        take(content)
    }

    /// Takes over what stands besides the words.
    mutating func take(_ content: FeedbackContent?) {
        feedback = content?.parts
        feedbackNote = content?.note
        assessment = content?.assessment
        feedbackRequest = content?.request
    }

    /// What stands in it about feedback; `nil` where there is nothing.
    var feedbackContent: FeedbackContent? {
        let content = FeedbackContent(
            parts: feedback,
            note: feedbackNote,
            assessment: assessment,
            request: feedbackRequest
        )
        return content.isEmpty ? nil : content
    }
}

extension FeedbackLine {
    /// Takes a line over where it concerns feedback; what cannot be opened does not.
    init?(
        key: TranscriptKey,
        room: RoomID,
        number: UInt64,
        at: Timestamp,
        author: PersonID?,
        kind: EntryKind,
        text: String?,
        _ content: FeedbackContent?
    ) {
        let isWritten = key.scope == .direct && (kind == .feedback || kind == .assess)
        guard let author, let text, isWritten || content != nil else { return nil }
        self.init(
            key: key,
            transcript: TranscriptID(room: room, key: key),
            number: number,
            at: at,
            author: author,
            kind: kind,
            text: text,
            parts: content?.parts,
            note: content?.note,
            assessment: content?.assessment,
            request: content?.request
        )
    }

    /// Takes from lines what concerns feedback.
    static func read(_ lines: [ReadEntry], in room: Room) -> [FeedbackLine] {
        lines.compactMap { line in
            FeedbackLine(
                key: line.key,
                room: room.id,
                number: line.number,
                at: line.body?.saidBefore?.at ?? line.at,
                author: line.author,
                kind: line.kind,
                text: line.body?.text,
                line.body?.feedbackContent
            )
        }
    }
}

extension Room {
    /// The sessions that somebody coached and were assessed by others, of which they have not said
    /// anything themself.
    func sessionsToAssess(_ desk: FeedbackDesk, _ given: [GivenFeedback]) -> [SessionID] {
        given.compactMap(\.assessment?.session).filter { session in
            desk.selfAssessment(of: session) == nil
                && lastCoaching(by: desk.owner, seenBy: desk.owner, in: session) != nil
        }
    }

    /// From where somebody looked at how the reader coached, as the room knows it.
    func assessor(_ given: GivenFeedback) -> Assessor? {
        guard let session = given.assessment?.session else { return nil }
        return lastCoaching(by: given.to, seenBy: given.from, in: session).map { Assessor($0.role) }
    }
}

extension Assessor {
    /// How somebody in a role looks at the coach of their turn.
    init(_ role: Role) {
        switch role {
        case .client: self = .client
        case .coach: self = .oneself
        default: self = .observer
        }
    }

    /// From where, in a word.
    var word: String {
        switch self {
        case .client: "as client"
        case .observer: "as observer"
        case .oneself: "on yourself"
        }
    }
}

extension Client {
    /// Draws an identifier for feedback that somebody prepares.
    nonisolated func drawFeedback() -> FeedbackID {
        FeedbackID(Bytes16(high: environment.draw(), low: environment.draw()))
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// A line that one can read, as far as it concerns feedback.
public struct FeedbackLine: Hashable, Sendable {
    /// Who reads it.
    public var key: TranscriptKey
    /// Where it stands.
    public var transcript: TranscriptID
    /// Its number there.
    public var number: UInt64
    /// When the server took it.
    public var at: Timestamp
    /// Who wrote it.
    public var author: PersonID
    /// What kind of line.
    public var kind: EntryKind
    /// Its words.
    public var text: String
    /// Feedback in its parts.
    public var parts: FeedbackParts?
    /// What happened to a draft.
    public var note: FeedbackNote?
    /// An assessment.
    public var assessment: Assessment?
    /// That somebody asks for feedback.
    public var request: FeedbackRequest?

    /// Makes a line.
    public init(
        key: TranscriptKey,
        transcript: TranscriptID,
        number: UInt64,
        at: Timestamp,
        author: PersonID,
        kind: EntryKind,
        text: String,
        parts: FeedbackParts? = nil,
        note: FeedbackNote? = nil,
        assessment: Assessment? = nil,
        request: FeedbackRequest? = nil
    ) {
        self.key = key
        self.transcript = transcript
        self.number = number
        self.at = at
        self.author = author
        self.kind = kind
        self.text = text
        self.parts = parts
        self.note = note
        self.assessment = assessment
        self.request = request
    }
}

/// Feedback that one prepares.
public struct FeedbackDraft: Hashable, Sendable {
    /// Which one.
    public var id: FeedbackID
    /// What it is.
    public var form: FeedbackForm
    /// For whom.
    public var person: PersonID
    /// Its parts, as they were saved last.
    public var parts: FeedbackParts
    /// The assessment, as it was saved last.
    public var assessment: Assessment?
    /// When it was saved last.
    public var savedAt: Timestamp
    /// How often it was saved.
    public var versions: Int

    /// Makes a draft; one that was never saved where nothing else is said.
    public init(
        id: FeedbackID,
        form: FeedbackForm,
        person: PersonID,
        parts: FeedbackParts = FeedbackParts(),
        assessment: Assessment? = nil,
        savedAt: Timestamp = Timestamp(milliseconds: 0),
        versions: Int = 0
    ) {
        self.id = id
        self.form = form
        self.person = person
        self.parts = parts
        self.assessment = assessment
        self.savedAt = savedAt
        self.versions = versions
    }
}

/// Written feedback, or an assessment, that went from one to the other.
public struct GivenFeedback: Hashable, Sendable {
    /// The line's identifier, by which it is noted as opened.
    public var id: FeedbackID
    /// Its place and number.
    public var key: TranscriptKey
    /// Its number there.
    public var number: UInt64
    /// When it came.
    public var at: Timestamp
    /// By whom.
    public var from: PersonID
    /// To whom.
    public var to: PersonID
    /// What it is.
    public var form: FeedbackForm
    /// The words of the whole.
    public var text: String
    /// Its parts, where it has them.
    public var parts: FeedbackParts?
    /// The ratings, where there are some.
    public var assessment: Assessment?
    /// Whether its receiver noted that they opened it; known to them alone.
    public var isOpened = false
}

/// How somebody saw their own coaching.
public struct OwnAssessment: Hashable, Sendable {
    /// When they put it down.
    public var at: Timestamp
    /// What they put down.
    public var assessment: Assessment
}

/// That one asked another for feedback.
public struct AskedFeedback: Hashable, Sendable {
    /// Who asked.
    public var by: PersonID
    /// Who was asked.
    public var of: PersonID
    /// About what.
    public var about: String?
    /// When.
    public var at: Timestamp
}

/// All that a person reads of feedback in a room: drafts, what went and came, what was asked for.
///
/// Only one's own `own` lines tell of drafts and of what one opened; what others write changes
/// neither. The order in which lines are read changes nothing.
public struct FeedbackDesk: Hashable, Sendable {
    /// Whose it is.
    public let owner: PersonID
    /// The drafts that were neither sent nor dropped, oldest first.
    public private(set) var drafts: [FeedbackDraft] = []
    /// What came from others, oldest first.
    public private(set) var received: [GivenFeedback] = []
    /// What one sent, oldest first.
    public private(set) var sent: [GivenFeedback] = []
    /// One's own assessments of oneself, oldest first.
    public private(set) var ownAssessments: [OwnAssessment] = []
    /// What was asked and not answered, by or of the owner, oldest first.
    public private(set) var asked: [AskedFeedback] = []

    private var closed: Set<FeedbackID> = []
    private var opened: Set<FeedbackID> = []

    /// Works it out of lines, in whatever order these are.
    public init(of owner: PersonID, _ lines: some Sequence<FeedbackLine>) {
        self.owner = owner
        let lines = lines.sorted { one, other in
            (one.at, one.transcript, one.number) < (other.at, other.transcript, other.number)
        }
        for line in lines { take(line) }
        drafts.removeAll { closed.contains($0.id) }
        for index in received.indices {
            received[index].isOpened = opened.contains(received[index].id)
        }
    }

    /// What came and was not opened yet.
    public var unopened: [GivenFeedback] { received.filter { !$0.isOpened } }

    /// What others asked of the owner.
    public var askedOfOwner: [AskedFeedback] { asked.filter { $0.of == owner } }

    /// What the owner asked of others.
    public var askedByOwner: [AskedFeedback] { asked.filter { $0.by == owner } }

    /// The draft for somebody, the one that was saved last where there are several.
    public func draft(for person: PersonID, _ form: FeedbackForm) -> FeedbackDraft? {
        drafts.filter { $0.person == person && $0.form == form }.max { $0.savedAt < $1.savedAt }
    }

    /// The owner's assessment of themself in a session, the last one.
    public func selfAssessment(of session: SessionID) -> Assessment? {
        ownAssessments.last { $0.assessment.session == session }?.assessment
    }

    private mutating func take(_ line: FeedbackLine) {
        switch line.key {
        case .own(let person):
            guard person == owner, line.author == owner else { return }
            if let note = line.note { return takeOwn(note, line) }
            if let assessment = line.assessment, assessment.by == .oneself {
                ownAssessments.append(OwnAssessment(at: line.at, assessment: assessment))
            }
        case .direct(let first, let second):
            guard [first, second].contains(line.author), [first, second].contains(owner) else {
                return
            }
            takeDirect(line, to: line.author == first ? second : first)
        default: return
        }
    }

    private mutating func takeOwn(_ note: FeedbackNote, _ line: FeedbackLine) {
        switch note.step {
        case .drafted:
            guard let person = note.person else { return }
            let index = drafts.firstIndex { $0.id == note.id }
            let draft = FeedbackDraft(
                id: note.id,
                form: note.form,
                person: person,
                parts: line.parts ?? FeedbackParts(),
                assessment: line.assessment,
                savedAt: line.at,
                versions: (index.map { drafts[$0].versions } ?? 0) + 1
            )
            if let index { drafts[index] = draft } else { drafts.append(draft) }
        case .dropped: closed.insert(note.id)
        case .sent:
            closed.insert(note.id)
            if let assessment = line.assessment, assessment.by == .oneself {
                ownAssessments.append(OwnAssessment(at: line.at, assessment: assessment))
            }
        case .opened: opened.insert(note.id)
        }
    }

    private mutating func takeDirect(_ line: FeedbackLine, to other: PersonID) {
        if let request = line.request {
            let one = AskedFeedback(
                by: line.author,
                of: other,
                about: request.about,
                at: line.at
            )
            // Who asks again says it otherwise.
            asked.removeAll { $0.by == one.by && $0.of == one.of }
            return asked.append(one)
        }
        let form: FeedbackForm
        switch line.kind {
        case .feedback: form = .feedback
        case .assess: form = .assessment
        default: return
        }
        asked.removeAll { $0.by == other && $0.of == line.author }
        if line.author == owner, let note = line.note, note.step == .sent {
            closed.insert(note.id)
        }
        let given = GivenFeedback(
            id: FeedbackID(lineOf: line.transcript, line.number),
            key: line.key,
            number: line.number,
            at: line.at,
            from: line.author,
            to: other,
            form: form,
            text: line.text,
            parts: line.parts,
            assessment: line.assessment
        )
        if line.author == owner { sent.append(given) } else { received.append(given) }
    }
}

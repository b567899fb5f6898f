// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFeedback
import CoachingGoals
import CoachingModel
import CoachingTerminal

/// What a person sees of a room and does there, without terminal, network or clock.
///
/// The shell tells it what happens (records of the room's log, lines, keys, the time) and does
/// what it answers. Its one promise: a line goes to no more people than the prompt showed when
/// the line began.
///
/// - Limits: ``heldMax`` lines that wait, ``outgoingMax`` on their way,
///   ``keptMax`` notes while there is no connection.
/// - Isolation: a value; the loop of the room view owns it.
struct RoomScreenModel: Sendable {
    /// The lines that may wait for a decision.
    static let heldMax = 20
    /// The notes that are kept while there is no connection.
    static let keptMax = 200
    /// The lines that may be on their way.
    static let outgoingMax = 64
    /// The lines that `/history` shows at once.
    static let recalledMax = 1_000
    /// The latest lines that can still be taken back and uncounted.
    static let pastMax = 1_000
    /// The latest questions of each place that a statement can answer by their number.
    static let questionsMax = 500
    /// The bytes that one line may have.
    static let textBytesMax = 8_000

    /// How far the person has come.
    enum Stage: Hashable, Sendable {
        /// Somebody has to let them in.
        case lobby(waitingFor: [String])
        /// Nobody has opened the room, and it is theirs to open.
        case founding
        /// They are let in, and what was there before is still to come.
        case entering
        /// They are in.
        case inside
        /// They are no member any more.
        case out
    }

    /// How the connection stands.
    enum Link: Hashable, Sendable {
        case connecting
        case online
        case offline
    }

    /// What was asked and waits for `/yes` or `/no`.
    enum Question: Hashable, Sendable {
        case found
        case confirm(names: [String], by: String)
        case agreement(AgreementVersion)
        case start(SessionOffer)
        case remove(PersonID)
        case end
        case compared(PersonID)
        case readAloud
        case consent(ReleaseRequest)
        case breach(BreachOffer)
        case visit(TurnID, PersonID)
        case deviation(Deviation)
        case feedback(FeedbackDraft)
    }

    /// The room's name.
    let roomName: String
    /// Who looks at the room.
    let me: PersonID
    /// Days and clock times of the place.
    let calendar: WallCalendar

    var room: Room
    var now: Timestamp
    var stage: Stage
    var link = Link.connecting
    /// Where the person chose to stay, whatever the phase.
    var standing: LineTarget?
    var draft: Draft?
    /// What the prompt shows, which is what a line that begins now goes by.
    var shown: Draft?
    /// Whether the log is in the midst of several records that belong together.
    var isBetween = false
    /// Where lines went when that was said last.
    var announced: LineAddress?
    /// Lines that did not go, oldest first.
    var held: [HeldLine] = []
    /// Lines on their way.
    var outgoing: [Int: HeldLine] = [:]
    /// Whether the person was told that lines are lost when the view closes.
    var wasWarnedOfLoss = false
    /// Whether the view is being closed.
    var isLeaving = false
    /// Notes that were typed without a connection.
    var kept: [OutgoingLine] = []
    /// One's own lines whose echo is still to come.
    var echoes: [Echo] = []
    var questions: [Question] = []
    /// With which policy the room begins, where it is the person's to open.
    var firstPolicy = RoomPolicy.standard
    /// Whether the others are pretend members, and nothing leaves the machine.
    var isRehearsal = false
    /// Whether every question counts as answered with yes.
    var answersYes = false
    /// Whether the person said that they are away.
    var choseAway = false
    /// Whether the line that is being answered follows a `/history`, and one that is typed now.
    var recallsFurther = false
    var wasRecalled = false
    /// Whether there are lines before those that `/history` showed.
    var hasOlder = false
    /// The names of those who wait to be let in.
    var waiting: [String] = []
    /// The agreement's texts by version.
    var agreements: [UInt32: String] = [:]
    /// The latest lines, for what happens to them later.
    var past: [HeardLine] = []
    /// The questions of somebody else in each place, which a statement can answer; oldest first.
    var questionsAsked: [TranscriptKey: [UInt64]] = [:]
    /// Written feedback that its receiver has not opened yet, oldest first.
    var unopened: [HeardLine] = []
    /// What was given of the feedback that sessions ask for, as far as the person reads it.
    var feedbackGiven = FeedbackGiven()
    /// What was stated last that a session is for.
    var purpose: StatedPurpose?
    /// Where people talk, as it was said last to each circle of readers.
    var links: [TranscriptKey: HeardLine] = [:]
    /// What lines said about goals, tasks and promises.
    var undertakingLines: [UndertakingLine] = []
    /// What lines said about feedback.
    var feedbackLines: [FeedbackLine] = []
    /// The feedback that is being prepared; what is typed is its next answer.
    var preparing: PreparedFeedback?
    /// From which the identifiers of drafts are made.
    var feedbackSeed = Bytes16(high: 0, low: 0)
    /// On what coaching is looked at here.
    var competencies = CompetencySet.icf
    /// The sessions for which the person was asked how they see their coaching themself.
    var askedOwnView: Set<SessionID> = []
    /// The marks of the last turn that the person observed.
    var marks: TurnMarks?
    var tally = SessionTally()
    /// Questions to ask, and which were offered.
    var offered = OfferedQuestions()
    /// How the person wants to see how they coached.
    var coachingWords = CoachingWords()
    /// Since when who is in.
    var admissions = AdmissionLog()
    /// Releases that wait for the person's yes.
    var consents: [ReleaseRequest] = []
    /// The room's digits.
    var number: RoomNumber?
    /// How the members' identities are known on this device.
    var standings: [PersonID: IdentityStanding] = [:]
    var lastLineID = 0
    /// The questions without names that were answered in this view.
    var answered: Set<PromptID> = []
    /// The names of the programme's own formats, as far as they are known.
    var programmeFormats: [String] = []
    /// Why somebody is to be muted, until the room's log says that they are.
    var muteReasons: [PersonID: String] = [:]
    /// The end of the phase for which the last minute was called.
    var warnedFor: Timestamp?

    /// Starts before anything is known but who one is.
    init(
        roomName: String,
        me: PersonID,
        room: Room,
        stage: Stage,
        now: Timestamp,
        calendar: WallCalendar = .local
    ) {
        self.roomName = roomName
        self.me = me
        self.room = room
        self.stage = stage
        self.now = now
        self.calendar = calendar
    }

    /// A line of one's own that will come back from the server.
    struct Echo: Hashable, Sendable {
        var key: TranscriptKey
        var text: String
    }
}

// MARK: - Prompt

extension RoomScreenModel {
    /// Gives the prompt to show now; `nil` where the one that is shown stays, because more is to
    /// come at once.
    mutating func nextPrompt() -> String? {
        guard !isBetween || shown == nil else { return nil }
        shown = Draft(address: address, room: room)
        return prompt
    }

    /// What stands before the line: who reads it, and until when.
    var prompt: String {
        let readers: String
        switch stage {
        case .lobby: return "[in the lobby] > "
        case .founding: return "[only you] > "
        case .entering: return "[coming in] > "
        case .out: return "[not in \(roomName)] > "
        case .inside:
            let text = preparingText ?? (draft?.address ?? address).text
            readers = link == .online ? text : "offline, \(text)"
        }
        return "[\(readers)]\(clockText)> "
    }

    private var clockText: String {
        guard let course = room.course(of: me) else { return " " }
        if let ends = course.clock.ends { return " until \(clock(ends))" }
        if course.isThrough { return " through" }
        if course.clock.isHeld { return " time is up" }
        return course.clock.isInterrupted ? " interrupted" : " paused"
    }
}

// MARK: - Words for people and times

extension RoomScreenModel {
    /// The part that the person has now.
    var myPart: (phase: Phase, role: Role, part: Part?, ends: Timestamp?)? { room.part(of: me) }

    /// Gives a person's name.
    func name(_ person: PersonID?) -> String {
        person.flatMap { room.name(of: $0) } ?? "somebody"
    }

    /// Gives a person's name, or "you".
    func nameOrYou(_ person: PersonID) -> String { person == me ? "you" : name(person) }

    /// Gives the clock time; with seconds where a session is played faster than it was made for.
    func clock(_ instant: Timestamp) -> String {
        let time = Words.clock(instant, calendar)
        guard let pace = room.session?.pace, pace > 1 else { return time }
        let second = calendar.parts(of: instant).second
        return time + (second < 10 ? ":0\(second)" : ":\(second)")
    }

    /// Gives a span in words, minutes rounded up: "3 min", "40 s".
    func left(until end: Timestamp) -> String { span(end.milliseconds(since: now)) }

    /// Gives a span in words, minutes rounded up.
    func span(_ milliseconds: Int64) -> String {
        let seconds = (max(0, milliseconds) + 999) / 1_000
        return seconds < 60 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
    }

    /// Makes a line of the system.
    func system(_ text: String, _ type: String = "system", _ facts: [JSON.Field] = []) -> RoomLine {
        RoomLine(at: now, lead: .system, text: text, type: type, facts: facts)
    }

    func offer(_ text: String, _ type: String = "offer", _ facts: [JSON.Field] = []) -> RoomLine {
        RoomLine(at: now, lead: .offer, text: text, type: type, facts: facts)
    }

    func refusal(_ text: String, _ facts: [JSON.Field] = []) -> RoomLine {
        RoomLine(at: now, lead: .refused, text: text, type: "refused", facts: facts)
    }

    func says(_ text: String, _ type: String = "system") -> [RoomEffect] {
        [.show(system(text, type))]
    }

    func refuses(_ text: String) -> [RoomEffect] { [.show(refusal(text))] }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingGoals
import CoachingModel

/// What is to be done for the room view; the shell does it and tells how it went.
enum RoomEffect: Hashable, Sendable {
    /// Show a line.
    case show(RoomLine)
    /// Send a line; answered by `sent`, `refused` or `heldBack`.
    case post(OutgoingLine)
    /// Ask something of the room; where it succeeds the room's log tells.
    case act(RoomDeed)
    /// Read the file that a start names; answered by `formatRead`.
    case readFormat(StartWish)
    /// Read older lines, the newest or further back; answered by `recalled` or `notRecalled`.
    case recall(count: Int, further: Bool)
    /// Clear the screen and what scrolled off it.
    case wipe
    /// Close the view.
    case leave

    /// Whether somebody else has to answer it.
    var needsAnswer: Bool {
        switch self {
        case .post, .act, .readFormat, .recall: true
        case .show, .wipe, .leave: false
        }
    }

    var isPost: Bool { if case .post = self { true } else { false } }
}

/// What a person asks of the room.
enum RoomDeed: Hashable, Sendable {
    /// Open a room that nobody has opened yet.
    case found
    /// Let in whoever is proposed, now and when they come.
    case confirm
    /// Let people in who wait; all where nobody is named.
    case admit(name: String?)
    /// End a membership.
    case remove(PersonID)
    /// Take a line of one's own back.
    case takeBack(TranscriptKey, number: UInt64)
    /// Accept a version of the agreement.
    case accept(AgreementVersion)
    /// Say how somebody is there.
    case attend(PersonID, Presence)
    /// Start a session as it was shown.
    case start(SessionOffer)
    case pause
    case resume
    case extend(milliseconds: Int64)
    case skip
    case end
    /// Give the keeping of time to somebody, or take it back.
    case handOver(PersonID?)
    /// Pass the floor on, ask for it, be ready to go on; give it to somebody or take it back.
    case floor(FloorCall)
    case back
    case stop
    /// Mute somebody until the phase ends, or let them speak again.
    case mute(PersonID, Bool)
    /// Let nobody else in, or open the room again.
    case shut(Bool)
    /// Put somebody into another pod from the next round on.
    case move(PersonID, pod: UInt8)
    /// Ask whether one may visit a turn.
    case askVisit(TurnID)
    /// Let the facilitator who asked visit one's turn.
    case allowVisit(TurnID)
    /// End a visit, or say no to one.
    case endVisit(TurnID)
    /// Call the facilitator to one's turn.
    case callFacilitator(TurnID)
    /// Agree that one has less or more time as client than another.
    case agreeDeviation(Deviation)
    /// Say no to that.
    case endDeviation(Deviation)
    /// Note whether somebody has the same digits.
    case compared(PersonID, matched: Bool)
    /// Note that the room's digits were read aloud.
    case readAloud
    /// Say yes or no to the release of a line.
    case consent(ReleaseRequest, yes: Bool)
    /// Ask the readers of a scope, as they were shown, without names.
    case prompt(String, Scope, readers: [PersonID])
    /// Answer so.
    case answer(PromptID, String)
    /// Take no more answers.
    case endPrompt(PromptID)
}

/// A session that was shown and not started yet.
struct SessionOffer: Hashable, Sendable {
    var format: SessionFormat
    /// The file that the format was read from; `nil` for one that comes with the program.
    var file: String?
    var medium: Medium
    var until: Timestamp?
    var pace: UInt16
    /// What it is for, as somebody stated it.
    var purpose: StatedPurpose?
    /// The rounds as they were shown.
    var shown: [[Pod]]
}

/// A line on its way.
struct OutgoingLine: Hashable, Sendable, Identifiable {
    /// Which one, in this view.
    var id: Int
    /// Where it goes.
    var key: TranscriptKey
    /// What kind of thing it is.
    var kind: EntryKind
    /// The words.
    var text: String
    /// When what is promised is due.
    var due: Timestamp?
    /// Who would read it as the person who typed it was shown, themselves included.
    var readers: [PersonID]
    /// The readers in words: "Lena, Tom".
    var readersText: String
    /// What it is besides, where it is no plain line.
    var meaning: LineMeaning?
    /// The number of the question that it answers, where it must answer one.
    var cites: UInt64?
    /// The path of the file that it hands over, as it was typed.
    var file: String?
    /// The promise that it is about, and what became of it.
    var undertaking: UndertakingNote?
    /// What stands in it about feedback, besides its words.
    var feedback: FeedbackContent?
}

/// What a line is besides its kind; only its readers see it.
enum LineMeaning: Hashable, Sendable {
    /// It raises a breach of trust.
    case breach
    /// It says that the other's feedback was heard.
    case heard
    /// It says what the next session is for.
    case purpose
    /// It says where people talk.
    case link
    /// It says how somebody is, from 1 to 5.
    case checkIn(UInt8)
    /// It is a page of one's journal.
    case journal
}

/// A line that did not go and waits for the person who typed it.
struct HeldLine: Hashable, Sendable {
    var line: OutgoingLine
    /// Whether the line goes where one's lines go by themselves, so that a retry may take the
    /// kind that is right then.
    var followsPhase: Bool
}

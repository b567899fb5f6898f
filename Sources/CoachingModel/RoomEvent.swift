// SPDX-License-Identifier: Apache-2.0

/// One record of a room's log: what happened, when, and who did it.
///
/// - Shape: `[kind, at ms, by person or null, payload]`; the payload is a map with integer keys.
/// - Source: DESIGN.md D1 and D11.
public struct RoomRecord: Hashable, Sendable {
    /// When; never before the record before it.
    public var at: Timestamp
    /// Who did it; `nil` where the server did (a timer, a programme's administrator).
    public var by: PersonID?
    /// What happened.
    public var event: RoomEvent

    /// Makes a record.
    public init(at: Timestamp, by: PersonID?, event: RoomEvent) {
        self.at = at
        self.by = by
        self.event = event
    }
}

/// What can happen in a room; kinds are numbers on the wire and are never used again.
public enum RoomEvent: Hashable, Sendable {
    /// 1: a keeper signed who belongs to the room; the first one is the genesis.
    case rostered(Rostered)
    /// 2: a member's devices changed, as the person signed.
    case devicesChanged(DevicesChanged)
    /// 3: a person may read nothing from here on.
    case excluded(Excluded)
    /// 4: a pod begins a turn.
    case turnOpened(Turn)
    /// 6: a turn has ended; its transcript takes feedback and thanks until the session ends.
    case turnClosed(TurnClosed)
    /// 7: a new version of the agreement, by the hash of its text.
    case agreementProposed(AgreementVersion)
    /// 8: a member accepted a version.
    case agreementAccepted(AgreementVersion)
    /// 9: a session began.
    case sessionStarted(SessionStarted)
    /// 10: a phase began, for one pod or for all.
    case phaseStarted(PhaseStarted)
    /// 11: the clock was stopped, started, or its end moved.
    case clockSet(ClockSet)
    /// 12: the session is over.
    case sessionEnded(SessionEnded)
    /// 13: somebody came, is there by phone only, or left.
    case attended(Attended)
    /// 14: the rounds from one on were planned anew.
    case replanned(Replanned)
    /// 58: one who admits gave their word that the room goes on from a restored backup.
    case restoreAccepted(RestoreAccepted)
    /// 45: something was asked that is answered without names.
    case promptOpened(PromptOpened)
    /// 46: it takes no more answers.
    case promptClosed(PromptClosed)
    /// 50: a member let somebody read older entries, from before they came.
    case historyGranted(HistoryGranted)
    /// 70: the keeping of time was handed over to a peer, or taken back.
    case handedOver(HandedOver)
    /// 71: the order in which peers keep time was set.
    case rotaSet(RotaSet)
    /// 72: the server lost who keeps time in a session, or has them back.
    case keeperReached(KeeperReached)
    /// 61: somebody put down what the phase asks for before it ends (the server's own).
    case needMet(NeedMet)
    /// 73: a meeting was set, moved or called off.
    case meetingSet(MeetingSet)
    /// 74: a member said whether they come to one.
    case coming(Coming)
    /// 60: somebody passed the floor on, asked for it, or is ready to go on.
    case floorCalled(FloorCall)
    /// 75: a facilitator muted somebody until the phase ends, or lets them speak again.
    case muted(Muted)
    /// 76: a facilitator shut the room, or opened it again.
    case shut(Shut)
    /// 77: a facilitator asked to visit a turn.
    case visitAsked(TurnPlace)
    /// 78: the turn's client said yes: somebody more reads it from here on.
    case turnChanged(TurnChanged)
    /// 79: a visit is over, or was not granted.
    case visitEnded(VisitEnded)
    /// 80: one of two peers proposed that one of them has less time as client than the other.
    case deviationProposed(Deviation)
    /// 81: the other one agreed.
    case deviationAgreed(Deviation)
    /// 82: one of the two withdrew it, or said no.
    case deviationEnded(Deviation)
    /// 83: a peer said what they want to become of the coaching relationship.
    case relationshipCalled(RelationshipCall)
    /// 84: a facilitator said that the next session is their last here, or took it back.
    case farewellSaid(Farewell)
    /// 85: a pod calls the facilitator.
    case facilitatorCalled(TurnPlace)
    /// Any other kind, from a newer server: kept in the chain, otherwise passed over.
    case unrecognised(kind: UInt64)
}

/// A signed roster with where the transcripts stood for those who come or go.
public struct Rostered: Hashable, Sendable {
    /// The bytes that the keeper signed.
    public var signed: SignedBytes
    /// The device that signed.
    public var signer: DeviceID
    /// What the bytes say.
    public var roster: Roster
    /// SHA-256 of the signed body, worked out by whoever decoded it; it is not on the wire.
    public var hash: Bytes32
    /// The last numbers of the transcripts whose readers change.
    public var marks: [TranscriptMark]

    /// Makes the payload.
    public init(
        signed: SignedBytes,
        signer: DeviceID,
        roster: Roster,
        hash: Bytes32,
        marks: [TranscriptMark]
    ) {
        self.signed = signed
        self.signer = signer
        self.roster = roster
        self.hash = hash
        self.marks = marks
    }
}

/// Where a transcript stood when its readers changed: who comes reads what is after it, who
/// goes what is up to it.
public struct TranscriptMark: Hashable, Sendable {
    /// The transcript: `room`, `peers` or a turn.
    public var key: TranscriptKey
    /// Its last number.
    public var number: UInt64

    /// Makes a mark.
    public init(key: TranscriptKey, number: UInt64) {
        self.key = key
        self.number = number
    }
}

/// A person who reads nothing any more.
public struct Excluded: Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// Why.
    public var cause: ExclusionCause
    /// The last numbers of the transcripts that the person could read and that others go on in.
    public var marks: [TranscriptMark]

    /// Makes the payload.
    public init(person: PersonID, cause: ExclusionCause, marks: [TranscriptMark]) {
        self.person = person
        self.cause = cause
        self.marks = marks
    }
}

/// Who or what ended a membership.
public enum ExclusionCause: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// The person left.
    case left = 1
    /// A member who admits here removed them.
    case removed = 2
    /// An administrator ended it.
    case administrator = 3
    /// A facilitator's end date came.
    case endDate = 4
}

/// A pod in a round with its people.
public struct Turn: Codable, Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// The round, from 1.
    public var round: UInt8
    /// Who does what.
    public var pod: Pod

    enum CodingKeys: Int, CodingKey {
        case session = 0
        case round = 1
        case pod = 2
    }

    /// Makes a turn.
    public init(session: SessionID, round: UInt8, pod: Pod) {
        self.session = session
        self.round = round
        self.pod = pod
    }

    /// The turn's identifier.
    public var id: TurnID { TurnID(session: session, round: round, pod: pod.number) }
}

/// A turn that has ended.
public struct TurnClosed: Codable, Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// The round.
    public var round: UInt8
    /// The pod.
    public var pod: UInt8
    /// Whether the client had their turn: the round came to its end, or its longest phase was
    /// over or half used when the turn was cut short; otherwise the client is owed one.
    public var held: Bool

    enum CodingKeys: Int, CodingKey {
        case session = 0
        case round = 1
        case pod = 2
        case held = 3
    }

    /// Makes the payload.
    public init(session: SessionID, round: UInt8, pod: UInt8, held: Bool) {
        self.session = session
        self.round = round
        self.pod = pod
        self.held = held
    }
}

/// A version of the room's agreement.
public struct AgreementVersion: Codable, Hashable, Sendable {
    /// From 1.
    public var version: UInt32
    /// SHA-256 of its text, which stands in the room's transcript.
    public var hash: Bytes32

    enum CodingKeys: Int, CodingKey {
        case version = 0
        case hash = 1
    }

    /// Makes a version.
    public init(version: UInt32, hash: Bytes32) {
        self.version = version
        self.hash = hash
    }
}

/// The beginning of a session, with all that its course depends on.
public struct SessionStarted: Codable, Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// The format as it is run, whatever becomes of the file later.
    public var format: SessionFormat
    /// How people talk.
    public var medium: Medium
    /// Who does what, and how long.
    public var plan: SessionPlan
    /// By how much its minutes were divided.
    public var pace: UInt16
    /// The peer who keeps time; `nil` where a facilitator does.
    public var host: PersonID?
    /// The hash of the session's purpose, which stands in the room's transcript.
    public var purpose: Bytes32?

    enum CodingKeys: Int, CodingKey {
        case session = 0
        case format = 1
        case medium = 2
        case plan = 3
        case pace = 4
        case host = 5
        case purpose = 6
    }

    /// Makes the payload.
    public init(
        session: SessionID,
        format: SessionFormat,
        medium: Medium,
        plan: SessionPlan,
        pace: UInt16,
        host: PersonID?,
        purpose: Bytes32?
    ) {
        self.session = session
        self.format = format
        self.medium = medium
        self.plan = plan
        self.pace = pace
        self.host = host
        self.purpose = purpose
    }
}

/// Where in a session a phase stands.
public struct PhasePlace: Codable, Hashable, Sendable, Comparable {
    /// The round from 1; 0 is before the rounds, one more than the last is after them.
    public var round: UInt8
    /// The phase's index within the opening, round or closing.
    public var phase: UInt8

    enum CodingKeys: Int, CodingKey {
        case round = 0
        case phase = 1
    }

    /// Makes a place.
    public init(round: UInt8, phase: UInt8) {
        self.round = round
        self.phase = phase
    }

    /// Orders by the course of the session.
    public static func < (left: PhasePlace, right: PhasePlace) -> Bool {
        (left.round, left.phase) < (right.round, right.phase)
    }
}

/// A phase that began.
public struct PhaseStarted: Codable, Hashable, Sendable {
    /// Where it stands.
    public var place: PhasePlace
    /// The pod, or `nil` for all.
    public var pod: UInt8?
    /// When it ends.
    public var ends: Timestamp

    enum CodingKeys: Int, CodingKey {
        case place = 0
        case pod = 1
        case ends = 2
    }

    /// Makes the payload.
    public init(place: PhasePlace, pod: UInt8?, ends: Timestamp) {
        self.place = place
        self.pod = pod
        self.ends = ends
    }
}

/// The end of a session.
public struct SessionEnded: Codable, Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// Whether it came to the end of its last phase.
    public var complete: Bool

    enum CodingKeys: Int, CodingKey {
        case session = 0
        case complete = 1
    }

    /// Makes the payload.
    public init(session: SessionID, complete: Bool) {
        self.session = session
        self.complete = complete
    }
}

/// A change of somebody's presence.
public struct Attended: Codable, Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// How they are there.
    public var presence: Presence

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case presence = 1
    }

    /// Makes the payload.
    public init(person: PersonID, presence: Presence) {
        self.person = person
        self.presence = presence
    }
}

/// How a person is there, which belongs to the person and not to a connection.
public enum Presence: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// Not there.
    case away = 0
    /// There.
    case here = 1
    /// There by phone only.
    case phone = 2
}

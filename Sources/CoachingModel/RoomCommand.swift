// SPDX-License-Identifier: Apache-2.0

/// What somebody asks of a room.
///
/// Signatures in it have been checked before it gets here.
public enum RoomCommand: Hashable, Sendable {
    /// Sign the next roster; the first one is the genesis. Carries the device lists of those
    /// who are new.
    case admit(Rostered, newLists: [DevicesChanged])
    /// Take over a member's new device list (the server's own).
    case changeDevices(DevicesChanged)
    /// End a membership.
    case exclude(PersonID, ExclusionCause, marks: [TranscriptMark])
    /// Propose a new version of the agreement.
    case proposeAgreement(AgreementVersion)
    /// Accept a version of the agreement.
    case acceptAgreement(AgreementVersion)
    /// Say that oneself, or (facilitator, host) somebody else is here, by phone, or away.
    case attend(PersonID, Presence)
    /// Start a session.
    case start(SessionStart)
    /// Stop the clock.
    case pause
    /// Let the clock go on (also after an interruption).
    case resume
    /// Give the phase more time, in milliseconds.
    case extend(Int64)
    /// End the phase now.
    case skip
    /// End the session now.
    case end
    /// The room's time has come (the server's own): end phases whose time is up.
    case wake
    /// The server was away from then until now (the server's own): interrupt a running session
    /// where that was too long.
    case awoke(awaySince: Timestamp)
    /// Go on from what a restored server has.
    case acceptRestore(RestoreAccepted)
    /// Ask something that is answered without names.
    case openPrompt(PromptOpening)
    /// Take no more answers; the server says how many it delivers, 0 where they are discarded.
    case closePrompt(PromptID, answers: Int)
    /// Let somebody read older entries, as oneself has signed.
    case grantHistory(HistoryGranted)
    /// Give the keeping of time to a peer, or take it back.
    case handOver(PersonID?)
    /// Set the order in which peers keep time.
    case setRota([PersonID])
    /// Note that who keeps time was lost, or is back (the server's own).
    case reach(PersonID, Bool)
    /// Note that somebody put down what the phase asks for (the server's own).
    case meet(NeedMet)
    /// Set, move and call off meetings.
    case schedule(MeetingWishes)
    /// Say whether one comes to a meeting.
    case come(Coming)
    /// Pass the floor on, ask for it, be ready to go on; give somebody the floor or take it back.
    case floor(FloorCall)
    /// Begin the phase before the running one anew.
    case back
    /// Stop the clock at once, for no reason that anybody asks.
    case stop
    /// Mute somebody until the phase ends, or let them speak again.
    case mute(PersonID, Bool)
    /// Let nobody else in, or open the room again.
    case shut(Bool)
    /// Put somebody into another pod from the next round on.
    case move(PersonID, pod: UInt8)
    /// Ask whether one may visit a turn.
    case askVisit(TurnID)
    /// Let a facilitator visit one's turn, as one has signed.
    case allowVisit(TurnChanged)
    /// End a visit, or say no to one.
    case endVisit(TurnID)
    /// Propose that one of two has less time as client than the other.
    case proposeDeviation(Deviation)
    /// Agree to what the other one proposed.
    case agreeDeviation(Deviation)
    /// Withdraw it, or say no.
    case endDeviation(Deviation)
    /// Say what one wants to become of the coaching relationship.
    case callRelationship(RelationshipCall)
    /// Say that the next session is the last with oneself as its facilitator, or take it back.
    case sayFarewell(Farewell)
    /// Call the facilitator to the turn in which one has a role.
    case callFacilitator(TurnID)
}

/// What is asked for when a session is started.
public struct SessionStart: Codable, Hashable, Sendable {
    /// The session, made by who starts it.
    public var session: SessionID
    /// The format.
    public var format: SessionFormat
    /// How people talk.
    public var medium: Medium
    /// When the session shall end; `nil` for the format's own minutes.
    public var until: Timestamp?
    /// By how much minutes are divided; 1 usually.
    public var pace: UInt16
    /// The hash of the session's purpose.
    public var purpose: Bytes32?
    /// The rounds as they were shown to who starts it; a start is refused where they no longer
    /// are what would be planned.
    public var shown: [[Pod]]?

    enum CodingKeys: Int, CodingKey {
        case session = 0
        case format = 1
        case medium = 2
        case until = 3
        case pace = 4
        case purpose = 5
        case shown = 6
    }

    /// Makes a start.
    public init(
        session: SessionID,
        format: SessionFormat,
        medium: Medium,
        until: Timestamp?,
        pace: UInt16,
        purpose: Bytes32?,
        shown: [[Pod]]?
    ) {
        self.session = session
        self.format = format
        self.medium = medium
        self.until = until
        self.pace = pace
        self.purpose = purpose
        self.shown = shown
    }
}

/// Who asks something of a room.
public enum RoomActor: Hashable, Sendable {
    /// A person through one of their devices.
    case person(PersonID, DeviceID)
    /// An administrator of the programme, who is no member by that.
    case administrator
    /// The server itself.
    case server
}

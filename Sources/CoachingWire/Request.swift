// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What an enrolled device asks of the server.
///
/// Kinds are numbers on the wire and are never used again.
///
/// - Source: Protocol/spec.md, Requests.
public enum Request: Hashable, Sendable {
    /// 1: append an item (entry or key event) to a transcript of a room.
    case post(Post)
    /// 2: has an entry been accepted, and as which number?
    case posted(EntryReference)
    /// 3: follow a room from where one is.
    case follow(Follow)
    /// 4: follow it no longer.
    case unfollow(RoomID)
    /// 5: frames of a transcript before a number, as pushes, then the reply.
    case history(HistoryPage)
    /// 6: ask something of a room.
    case room(RoomRequest)
    /// 7: ask something of the directory.
    case directory(DirectoryRequest)
    /// 8: the rooms that one belongs to or is proposed for.
    case rooms
    /// 9: who waits to be let into a room.
    case lobby(RoomID)
    /// 10: who enrolled with one's invites and is not vouched for.
    case vouches
    /// 11: one's own devices.
    case devices
    /// 12: people, for administrators.
    case people
    /// 13: invites, for administrators.
    case invites
    /// 14: counts, for administrators.
    case status
    /// 15: a new certificate for the device, by a certificate request.
    case renew([UInt8])
    /// 16: the device lists and encryption keys of a room's members.
    case keys(RoomID)
    /// 17: who vouched for oneself, to know one's inviter.
    case introductions
    /// 18: all that the directory holds about oneself.
    case about
    /// 37: keep a chunk of a file for those who read a transcript.
    case putChunk(FilePart)
    /// 38: a chunk of a file that a line hands over.
    case getChunk(FilePlace)
    /// 39: the programme's own formats.
    case formats
    /// 40: with which policy new rooms begin.
    case policy
}

/// An item for a transcript.
public struct Post: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The entry or key event, as CBOR; stored and handed on as it is.
    public var item: [UInt8]
    /// The file that the entry hands over; all of its chunks have been put.
    public var file: Bytes32?

    /// Makes a post.
    public init(room: RoomID, item: [UInt8], file: Bytes32? = nil) {
        self.room = room
        self.item = item
        self.file = file
    }
}

/// An entry by what its author knows of it.
public struct EntryReference: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The transcript.
    public var transcript: TranscriptID
    /// The sender key.
    public var key: KeyID
    /// The counter under that key.
    public var counter: UInt64

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case transcript = 1
        case key = 2
        case counter = 3
    }

    /// Makes a reference.
    public init(room: RoomID, transcript: TranscriptID, key: KeyID, counter: UInt64) {
        self.room = room
        self.transcript = transcript
        self.key = key
        self.counter = counter
    }
}

/// Where a client is in a room.
public struct Follow: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The last position of the room's log that one has; 0 for all of it.
    public var position: UInt64
    /// The last number that one has of each transcript that one knows; others come from the
    /// first number that one may read, if `rest` says so.
    public var transcripts: [TranscriptPosition]
    /// Whether transcripts that are not named come from their first readable number; otherwise
    /// they begin with what is new.
    public var rest: Bool

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case position = 1
        case transcripts = 2
        case rest = 3
    }

    /// Makes a request to follow.
    public init(room: RoomID, position: UInt64, transcripts: [TranscriptPosition], rest: Bool) {
        self.room = room
        self.position = position
        self.transcripts = transcripts
        self.rest = rest
    }
}

/// A number in a transcript.
public struct TranscriptPosition: Codable, Hashable, Sendable {
    /// The transcript.
    public var transcript: TranscriptID
    /// The last number that one has.
    public var number: UInt64

    enum CodingKeys: Int, CodingKey {
        case transcript = 0
        case number = 1
    }

    /// Makes a position.
    public init(transcript: TranscriptID, number: UInt64) {
        self.transcript = transcript
        self.number = number
    }
}

/// A page of a transcript's past.
public struct HistoryPage: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The transcript.
    public var transcript: TranscriptID
    /// Only what is before this number; 2^63 - 1, the largest that a frame can say, for the newest.
    public var before: UInt64
    /// At most so many frames.
    public var limit: UInt32

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case transcript = 1
        case before = 2
        case limit = 3
    }

    /// Makes a request for a page.
    public init(room: RoomID, transcript: TranscriptID, before: UInt64, limit: UInt32) {
        self.room = room
        self.transcript = transcript
        self.before = before
        self.limit = limit
    }
}

/// Something asked of a room.
public struct RoomRequest: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// What is asked.
    public var act: RoomAct

    /// Makes a request.
    public init(room: RoomID, act: RoomAct) {
        self.room = room
        self.act = act
    }
}

/// What a member can ask of a room; the rules are CoachingModel's.
public enum RoomAct: Hashable, Sendable {
    /// 1: sign in the members: a roster signed by the asking device.
    case admit(SignedBytes)
    /// 2: end a membership; of oneself: leave.
    case exclude(PersonID)
    /// 3: propose an agreement.
    case proposeAgreement(AgreementVersion)
    /// 4: accept an agreement.
    case acceptAgreement(AgreementVersion)
    /// 5: be here, by phone, or away.
    case attend(Attended)
    /// 6: start a session.
    case start(SessionStart)
    /// 7: stop the clock.
    case pause
    /// 8: let it go on.
    case resume
    /// 9: more time for the phase, in milliseconds.
    case extend(Int64)
    /// 10: end the phase.
    case skip
    /// 11: end the session.
    case end
    /// 48: go on from what a restored server has: an acceptance signed by the asking device.
    case acceptRestore(SignedBytes)
    /// 35: ask something that is answered without names.
    case openPrompt(PromptOpening)
    /// 36: take no more answers to it.
    case closePrompt(PromptID)
    /// 40: let somebody read older entries: a grant signed by the asking device.
    case grantHistory(SignedBytes)
    /// 70: give the keeping of time to a peer, or take it back.
    case handOver(HandedOver)
    /// 71: set the order in which peers keep time.
    case setRota(RotaSet)
    /// 72: set, move and call off meetings.
    case schedule(MeetingWishes)
    /// 73: say whether one comes to a meeting.
    case come(Coming)
    /// 60: pass the floor on, ask for it, be ready to go on; give it to somebody, take it back.
    case floor(FloorCall)
    /// 61: begin the phase before the running one anew.
    case back
    /// 62: stop the clock, whoever one is.
    case stop
    /// 74: mute somebody until the phase ends, or let them speak again.
    case mute(Muted)
    /// 75: let nobody else in, or open the room again.
    case shut(Shut)
    /// 76: put somebody into another pod from the next round on.
    case move(PodWish)
    /// 77: ask whether one may visit a turn.
    case askVisit(TurnPlace)
    /// 78: let a facilitator visit one's turn: a yes signed by the asking device.
    case allowVisit(SignedBytes)
    /// 79: end a visit, or say no to one.
    case endVisit(TurnPlace)
    /// 80: propose that one of two has less time as client than the other.
    case proposeDeviation(Deviation)
    /// 81: agree to what the other one proposed.
    case agreeDeviation(Deviation)
    /// 82: withdraw it, or say no.
    case endDeviation(Deviation)
    /// 83: say what one wants to become of the coaching relationship.
    case callRelationship(RelationshipCall)
    /// 84: say that the next session is one's last as facilitator, or take it back.
    case sayFarewell(Farewell)
    /// 85: call the facilitator to one's turn.
    case callFacilitator(TurnPlace)
}

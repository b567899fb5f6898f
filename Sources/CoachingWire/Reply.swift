// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What a request gives.
///
/// Kinds are those of the requests, where one request has one answer.
///
/// - Source: Protocol/spec.md, Replies.
public enum Answer: Hashable, Sendable {
    /// 1: the number that an item has in its transcript, durably; 0 to a question (request 2)
    /// where it has none.
    case posted(UInt64)
    /// 3: what one may read in a room, and where it ends; the missing frames follow as pushes.
    case followed(Followed)
    /// 4: a page of history was sent; the number of its first frame, 0 for an empty page.
    case history(first: UInt64)
    /// 5: done; the position of the log that was changed.
    case done(UInt64)
    /// 8: one's rooms.
    case rooms([RoomSummary])
    /// 9: who waits at a room.
    case lobby(Lobby)
    /// 10: who is to be vouched for.
    case vouches([AwaitedVouch])
    /// 11: one's devices.
    case devices(DeviceSummaries)
    /// 12: people.
    case people([PersonSummary])
    /// 13: invites.
    case invites([InviteSummary])
    /// 14: counts.
    case status(StatusCounts)
    /// 15: a new certificate, DER.
    case certificate([UInt8])
    /// 16: keys of a room's members.
    case keys([MemberKeys])
    /// 17: who vouched for oneself.
    case introductions([Introduction])
    /// 18: what is held about oneself.
    case about(AboutMe)
    /// 36: with which policy new rooms begin.
    case policy(RoomPolicy)
    /// 37: a sealed chunk of a file.
    case chunk([UInt8])
    /// 39: the programme's own formats.
    case formats([SessionFormat])
}

/// The beginning of following a room.
public struct Followed: Codable, Hashable, Sendable {
    /// The last position of the room's log.
    public var position: UInt64
    /// The head of its chain.
    public var head: Bytes32
    /// The transcripts that one may read, with where they begin for one and end: as many as the
    /// frame holds.
    public var transcripts: [OpenTranscript]
    /// The room's name.
    public var name: String
    /// How many more transcripts there are, which come as pushes 20 before anything else does.
    public var opening: UInt32?

    enum CodingKeys: Int, CodingKey {
        case position = 0
        case head = 1
        case transcripts = 2
        case name = 3
        case opening = 4
    }

    /// Makes the answer.
    public init(
        position: UInt64,
        head: Bytes32,
        transcripts: [OpenTranscript],
        name: String,
        opening: UInt32? = nil
    ) {
        self.position = position
        self.head = head
        self.transcripts = transcripts
        self.name = name
        self.opening = opening
    }
}

/// A transcript that one may read.
public struct OpenTranscript: Codable, Hashable, Sendable {
    /// The transcript.
    public var transcript: TranscriptID
    /// Its scope.
    public var scope: Scope
    /// Which one of the scope.
    public var instance: [UInt8]
    /// The first number that one may read (now, without a gap up to the last).
    public var first: UInt64
    /// The head of the chain before that number.
    public var headBefore: Bytes32
    /// Its last number.
    public var last: UInt64
    /// Where the pushes of this following begin: one more than what the client has, or later.
    public var from: UInt64

    enum CodingKeys: Int, CodingKey {
        case transcript = 0
        case scope = 1
        case instance = 2
        case first = 3
        case headBefore = 4
        case last = 5
        case from = 6
    }

    /// Makes the description.
    public init(
        transcript: TranscriptID,
        scope: Scope,
        instance: [UInt8],
        first: UInt64,
        headBefore: Bytes32,
        last: UInt64,
        from: UInt64
    ) {
        self.transcript = transcript
        self.scope = scope
        self.instance = instance
        self.first = first
        self.headBefore = headBefore
        self.last = last
        self.from = from
    }
}

/// A room in one's list.
public struct RoomSummary: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Its name.
    public var name: String
    /// As what one belongs to it or is proposed for it.
    public var membership: Membership
    /// How far one is.
    public var stage: AdmissionStage
    /// For who waits: the names of those who can let one in.
    public var admitters: [String]
    /// Whether a session is running.
    public var running: Bool
    /// How many people are in it.
    public var people: UInt32
    /// `true` where it is the programme's: the server's word, which the signed members prove.
    public var isProgramme: Bool?

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case name = 1
        case membership = 2
        case stage = 3
        case admitters = 4
        case running = 5
        case people = 6
        case isProgramme = 7
    }

    /// Makes the summary.
    public init(
        room: RoomID,
        name: String,
        membership: Membership,
        stage: AdmissionStage,
        admitters: [String],
        running: Bool,
        people: UInt32,
        isProgramme: Bool? = nil
    ) {
        self.isProgramme = isProgramme
        self.room = room
        self.name = name
        self.membership = membership
        self.stage = stage
        self.admitters = admitters
        self.running = running
        self.people = people
    }
}

/// The steps into a room (D6).
public enum AdmissionStage: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// An administrator or a member who admits has named the person.
    case proposed = 1
    /// The person said yes and waits.
    case accepted = 2
    /// The person is in.
    case admitted = 3
    /// The room has nobody yet; this person can be its first.
    case founding = 4
}

/// Who waits at a room, for those who admit there.
public struct Lobby: Codable, Hashable, Sendable {
    /// Everybody who is proposed, whether they have come yet or not.
    public var candidates: [Candidate]

    enum CodingKeys: Int, CodingKey { case candidates = 0 }

    /// Makes the list.
    public init(candidates: [Candidate]) { self.candidates = candidates }
}

/// A person who is proposed for a room.
public struct Candidate: Codable, Hashable, Sendable {
    /// The person in the directory.
    public var participant: ParticipantID
    /// Their name.
    public var name: String
    /// As what they are proposed.
    public var membership: Membership
    /// Who proposed them.
    public var proposer: String
    /// Whether they said yes.
    public var accepted: Bool
    /// Their device list, once they have enrolled.
    public var deviceList: SignedBytes?
    /// Who vouches for them.
    public var vouchers: [SignedVoucher]

    enum CodingKeys: Int, CodingKey {
        case participant = 0
        case name = 1
        case membership = 2
        case proposer = 3
        case accepted = 4
        case deviceList = 5
        case vouchers = 6
    }

    /// Makes the description.
    public init(
        participant: ParticipantID,
        name: String,
        membership: Membership,
        proposer: String,
        accepted: Bool,
        deviceList: SignedBytes?,
        vouchers: [SignedVoucher]
    ) {
        self.participant = participant
        self.name = name
        self.membership = membership
        self.proposer = proposer
        self.accepted = accepted
        self.deviceList = deviceList
        self.vouchers = vouchers
    }
}

/// A voucher with what is needed to check it.
public struct SignedVoucher: Codable, Hashable, Sendable {
    /// The signed words.
    public var voucher: SignedBytes
    /// The device that signed.
    public var signer: DeviceID
    /// The signer's device list, which names that device.
    public var signerDevices: SignedBytes
    /// The signer's name.
    public var name: String
    /// Whether the signer is an administrator.
    public var administrator: Bool

    enum CodingKeys: Int, CodingKey {
        case voucher = 0
        case signer = 1
        case signerDevices = 2
        case name = 3
        case administrator = 4
    }

    /// Makes the description.
    public init(
        voucher: SignedBytes,
        signer: DeviceID,
        signerDevices: SignedBytes,
        name: String,
        administrator: Bool
    ) {
        self.voucher = voucher
        self.signer = signer
        self.signerDevices = signerDevices
        self.name = name
        self.administrator = administrator
    }
}

/// A person who enrolled with one's invite.
public struct AwaitedVouch: Codable, Hashable, Sendable {
    /// The invite.
    public var invite: Bytes32
    /// The person.
    public var person: PersonID
    /// Their name.
    public var name: String
    /// Their device list.
    public var deviceList: SignedBytes
    /// Their proof.
    public var mac: Bytes32

    enum CodingKeys: Int, CodingKey {
        case invite = 0
        case person = 1
        case name = 2
        case deviceList = 3
        case mac = 4
    }

    /// Makes the description.
    public init(
        invite: Bytes32,
        person: PersonID,
        name: String,
        deviceList: SignedBytes,
        mac: Bytes32
    ) {
        self.invite = invite
        self.person = person
        self.name = name
        self.deviceList = deviceList
        self.mac = mac
    }
}

/// Who vouched for oneself, with the proof that only the inviter could make.
public struct Introduction: Codable, Hashable, Sendable {
    /// The invite.
    public var invite: Bytes32
    /// The inviter's name.
    public var name: String
    /// The inviter's device list.
    public var deviceList: SignedBytes
    /// The proof over the inviter's identity key.
    public var mac: Bytes32
    /// The inviter's name with the proof that came with the invite.
    public var provedName: InviterName?

    enum CodingKeys: Int, CodingKey {
        case invite = 0
        case name = 1
        case deviceList = 2
        case mac = 3
        case provedName = 4
    }

    /// Makes the introduction.
    public init(
        invite: Bytes32,
        name: String,
        deviceList: SignedBytes,
        mac: Bytes32,
        provedName: InviterName? = nil
    ) {
        self.provedName = provedName
        self.invite = invite
        self.name = name
        self.deviceList = deviceList
        self.mac = mac
    }
}

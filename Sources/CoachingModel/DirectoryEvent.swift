// SPDX-License-Identifier: Apache-2.0

/// One record of the directory's log: what happened, when, and who did it.
///
/// - Shape: `[kind, at ms, by participant or null, payload]`; the payload is a map with integer
///   keys.
/// - Source: DESIGN.md D16 and D11.
public struct DirectoryRecord: Hashable, Sendable {
    /// When; never before the record before it.
    public var at: Timestamp
    /// Who did it; `nil` where the server, the operator or the bearer of an invite did.
    public var by: ParticipantID?
    /// What happened.
    public var event: DirectoryEvent

    /// Makes a record.
    public init(at: Timestamp, by: ParticipantID?, event: DirectoryEvent) {
        self.at = at
        self.by = by
        self.event = event
    }
}

/// What can happen in the directory.
///
/// Kinds are numbers in the log and are never used again.
public enum DirectoryEvent: Hashable, Sendable {
    /// 1: somebody belongs to the programme, long before they enrol perhaps.
    case participantAdded(NewParticipant)
    /// 2: a participant has another name.
    case participantRenamed(ParticipantRenamed)
    /// 3: a participant is gone, with their invites, proposals, rights and devices.
    case participantRemoved(ParticipantID)
    /// 4: a participant is an administrator.
    case administratorMade(ParticipantID)
    /// 5: a participant is no administrator any more.
    case administratorEnded(ParticipantID)
    /// 6: there is a new room.
    case roomAdded(RoomAdded)
    /// 7: a room is closed for good, and nobody is proposed for it any more.
    case roomClosed(RoomID)
    /// 8: a participant shall be in a room, or be there as something else or until another day.
    case proposed(Proposed)
    /// 9: a participant shall not be in a room any more.
    case proposalWithdrawn(ProposalWithdrawn)
    /// 10: a participant agreed to be in a room.
    case accepted(ProposalAccepted)
    /// 11: an invite was made.
    case invited(Invited)
    /// 12: an invite that nobody has used is open until another day.
    case inviteRenewed(InviteRenewed)
    /// 13: an invite that nobody has used counts no more.
    case inviteRevoked(Bytes32)
    /// 14: who got an invite said no.
    case inviteDeclined(Bytes32)
    /// 15: an invite was used: a participant has an identity and a first device.
    case enrolled(Enrolled)
    /// 16: a further device has come with its person's invite and waits for the device list.
    case deviceWaiting(DeviceWaiting)
    /// 17: a person signed the next version of their device list.
    case deviceListed(DeviceListed)
    /// 18: a device counts no more, at once and for ever.
    case deviceRevoked(DeviceID)
    /// 19: a device has another certificate.
    case certificateRenewed(CertificateRenewed)
    /// 20: a device has another encryption key.
    case encryptionKeyAnnounced(EncryptionKeyAnnounced)
    /// 21: who made an invite found that its bearer is the one who enrolled.
    case vouched(Vouched)
    /// 22: there is a room in which administrators read what is released.
    case programmeOpened(RoomID)
    /// 23: the programme has a format of its own, or another version of it.
    case formatAdded(SessionFormat)
    /// 24: a format of the programme's own is gone, by its name.
    case formatRemoved(String)
    /// 50: new rooms begin with another policy; those that there are stay as they are.
    case defaultsSet(RoomPolicy)
    /// Any other kind, from a newer server: passed over.
    case unrecognised(kind: UInt64)
}

/// Another name of a participant.
public struct ParticipantRenamed: Codable, Hashable, Sendable {
    /// The participant.
    public var participant: ParticipantID
    /// Their name from now on.
    public var name: String

    enum CodingKeys: Int, CodingKey {
        case participant = 0
        case name = 1
    }

    /// Makes the payload.
    public init(participant: ParticipantID, name: String) {
        self.participant = participant
        self.name = name
    }
}

/// A room that was set up.
public struct RoomAdded: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Its name.
    public var name: String

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case name = 1
    }

    /// Makes the payload.
    public init(room: RoomID, name: String) {
        self.room = room
        self.name = name
    }
}

/// Who shall be in a room, and as what.
public struct Proposed: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The participant.
    public var participant: ParticipantID
    /// Peer or facilitator.
    public var membership: Membership
    /// When a facilitator's time ends; `nil` where no end is set.
    public var until: Timestamp?
    /// Whether somebody of the room proposed it who is no administrator.
    public var fromRoom: Bool

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case participant = 1
        case membership = 2
        case until = 3
        case fromRoom = 4
    }

    /// Makes the payload.
    public init(
        room: RoomID,
        participant: ParticipantID,
        membership: Membership,
        until: Timestamp?,
        fromRoom: Bool
    ) {
        self.room = room
        self.participant = participant
        self.membership = membership
        self.until = until
        self.fromRoom = fromRoom
    }
}

/// The end of a proposal, and with it of the membership that came of it.
public struct ProposalWithdrawn: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The participant.
    public var participant: ParticipantID
    /// Who or what ended it, as the room's log will say.
    public var cause: ExclusionCause

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case participant = 1
        case cause = 2
    }

    /// Makes the payload.
    public init(room: RoomID, participant: ParticipantID, cause: ExclusionCause) {
        self.room = room
        self.participant = participant
        self.cause = cause
    }
}

/// A participant's yes to a room.
public struct ProposalAccepted: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The participant.
    public var participant: ParticipantID

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case participant = 1
    }

    /// Makes the payload.
    public init(room: RoomID, participant: ParticipantID) {
        self.room = room
        self.participant = participant
    }
}

/// What an invite is for.
public enum InvitePurpose: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// A participant enrols.
    case person = 1
    /// A participant who is an administrator enrols.
    case administrator = 2
    /// A person who has enrolled adds a device.
    case device = 3
}

/// An invite that was made; its secret never comes here.
public struct Invited: Codable, Hashable, Sendable {
    /// The hash of what the bearer shows.
    public var invite: Bytes32
    /// For whom it is.
    public var participant: ParticipantID
    /// From when on it counts no more.
    public var expires: Timestamp
    /// The device that made it and holds its secret; `nil` for the operator's.
    public var device: DeviceID?
    /// What it is for.
    public var purpose: InvitePurpose
    /// The room from which it comes; `nil` where an administrator made it for the programme.
    public var room: RoomID?
    /// Who made it, by a name that the invite proves.
    public var inviterName: InviterName?

    enum CodingKeys: Int, CodingKey {
        case invite = 0
        case participant = 1
        case expires = 2
        case device = 3
        case purpose = 4
        case room = 5
        case inviterName = 6
    }

    /// Makes the payload.
    public init(
        invite: Bytes32,
        participant: ParticipantID,
        expires: Timestamp,
        device: DeviceID?,
        purpose: InvitePurpose,
        room: RoomID?,
        inviterName: InviterName? = nil
    ) {
        self.inviterName = inviterName
        self.invite = invite
        self.participant = participant
        self.expires = expires
        self.device = device
        self.purpose = purpose
        self.room = room
    }
}

/// Another end of an invite.
public struct InviteRenewed: Codable, Hashable, Sendable {
    /// The invite.
    public var invite: Bytes32
    /// From when on it counts no more.
    public var expires: Timestamp

    enum CodingKeys: Int, CodingKey {
        case invite = 0
        case expires = 1
    }

    /// Makes the payload.
    public init(invite: Bytes32, expires: Timestamp) {
        self.invite = invite
        self.expires = expires
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What can be asked of the programme's directory; the rules are CoachingModel's.
public enum DirectoryRequest: Hashable, Sendable {
    /// 1: add people, all or none.
    case addPeople([NewParticipant])
    /// 2: take a person out of the programme.
    case removePerson(ParticipantID)
    /// 3: make a person an administrator.
    case makeAdministrator(ParticipantID)
    /// 4: end that.
    case endAdministrator(ParticipantID)
    /// 5: make a room.
    case addRoom(NamedRoom)
    /// 6: close a room.
    case closeRoom(RoomID)
    /// 7: propose a person for a room.
    case propose(RoomProposal)
    /// 8: take a proposal back.
    case withdrawProposal(RoomPlace)
    /// 9: say yes to a proposal for oneself.
    case accept(RoomID)
    /// 10: register an invite by the hash of its secret.
    case invite(NewInvite)
    /// 11: give an invite more time.
    case renewInvite(InviteTerm)
    /// 12: end an invite.
    case revokeInvite(Bytes32)
    /// 13: one's devices, in the next version, as signed.
    case listDevices(SignedBytes)
    /// 14: end a device: one's own, or (administrators) anybody's.
    case revokeDevice(DeviceID)
    /// 15: vouch for a person who enrolled with one's invite.
    case vouch(NewVoucher)
    /// 16: a device's next encryption key, as signed.
    case announceKey(SignedBytes)
    /// 17: register an invite for a further device of one's own, for 15 minutes.
    case inviteDevice(Bytes32)
    /// 18: give a person another name.
    case renamePerson(NewName)
    /// 30: open the room in which administrators read what is released.
    case openProgramme(RoomID)
    /// 31: have a place in it, to release something there.
    case contribute
    /// 38: take a format of the programme's own away, by its name.
    case removeFormat(String)
    /// 39: add a format for everybody, or put another version in its place.
    case addFormat(SessionFormat)
    /// 40: say with which policy new rooms begin.
    case setPolicy(RoomPolicy)
}

/// A person's next name.
public struct NewName: Codable, Hashable, Sendable {
    /// Whose.
    public var participant: ParticipantID
    /// The name.
    public var name: String

    enum CodingKeys: Int, CodingKey {
        case participant = 0
        case name = 1
    }

    /// Makes the pair.
    public init(participant: ParticipantID, name: String) {
        self.participant = participant
        self.name = name
    }
}

/// A room with its name.
public struct NamedRoom: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Its name.
    public var name: String

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case name = 1
    }

    /// Makes the pair.
    public init(room: RoomID, name: String) {
        self.room = room
        self.name = name
    }
}

/// A person's place in a room.
public struct RoomPlace: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The person.
    public var participant: ParticipantID

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case participant = 1
    }

    /// Makes the pair.
    public init(room: RoomID, participant: ParticipantID) {
        self.room = room
        self.participant = participant
    }
}

/// A proposal of a person for a room.
public struct RoomProposal: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The person.
    public var participant: ParticipantID
    /// As what.
    public var membership: Membership
    /// For a facilitator: until when.
    public var until: Timestamp?

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case participant = 1
        case membership = 2
        case until = 3
    }

    /// Makes a proposal.
    public init(
        room: RoomID,
        participant: ParticipantID,
        membership: Membership,
        until: Timestamp?
    ) {
        self.room = room
        self.participant = participant
        self.membership = membership
        self.until = until
    }
}

/// An invite to register; the secret itself never comes to the server.
public struct NewInvite: Codable, Hashable, Sendable {
    /// SHA-256 of the server's half of the secret.
    public var hash: Bytes32
    /// For whom.
    public var participant: ParticipantID
    /// How many days it holds, 1 to 7; `nil` for 3.
    public var days: UInt32?
    /// The room, where one who admits there makes it.
    public var room: RoomID?
    /// `true` for a further device of somebody who has enrolled and lost theirs; by
    /// administrators.
    public var forDevice: Bool?
    /// Who invites, for who reads the invite.
    public var inviter: InviterName?

    enum CodingKeys: Int, CodingKey {
        case hash = 0
        case participant = 1
        case days = 2
        case room = 3
        case forDevice = 4
        case inviter = 5
    }

    /// Makes an invite to register.
    public init(
        hash: Bytes32,
        participant: ParticipantID,
        days: UInt32?,
        room: RoomID?,
        forDevice: Bool? = nil,
        inviter: InviterName? = nil
    ) {
        self.inviter = inviter
        self.hash = hash
        self.participant = participant
        self.days = days
        self.room = room
        self.forDevice = forDevice
    }
}

/// A new term for an invite.
public struct InviteTerm: Codable, Hashable, Sendable {
    /// The invite, by its hash.
    public var hash: Bytes32
    /// How many days it holds from now, 1 to 7; `nil` for 3.
    public var days: UInt32?

    enum CodingKeys: Int, CodingKey {
        case hash = 0
        case days = 1
    }

    /// Makes the pair.
    public init(hash: Bytes32, days: UInt32?) {
        self.hash = hash
        self.days = days
    }
}

/// An inviter's word that a person is who they invited.
public struct NewVoucher: Codable, Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// The signed words (SEALING 3.2).
    public var voucher: SignedBytes
    /// Proof to the person that the inviter's identity key is the inviter's.
    public var introduction: Bytes32

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case voucher = 1
        case introduction = 2
    }

    /// Makes a voucher.
    public init(person: PersonID, voucher: SignedBytes, introduction: Bytes32) {
        self.person = person
        self.voucher = voucher
        self.introduction = introduction
    }
}

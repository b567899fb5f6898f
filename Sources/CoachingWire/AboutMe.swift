// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// All that the server's directory holds about the person who asks.
///
/// What it holds besides are the records of their rooms and their lines, which they follow
/// anyway.
///
/// - Source: Protocol/spec.md 5.18.
public struct AboutMe: Codable, Hashable, Sendable {
    /// The person in the directory.
    public var participant: ParticipantID
    /// Their name.
    public var name: String
    /// Where they work, if somebody entered it.
    public var department: String?
    /// Where mail goes, if somebody entered it.
    public var address: String?
    /// When they were added.
    public var added: Timestamp
    /// Whether they are an administrator.
    public var administrator: Bool
    /// Who they are by their identity key.
    public var person: PersonID
    /// Every device that ever came for them.
    public var devices: [AboutDevice]
    /// Every invite for them that is still known.
    public var invites: [AboutInvite]
    /// Who vouched for them.
    public var vouchers: [AboutVoucher]
    /// The rooms that they were proposed for.
    public var places: [AboutPlace]

    enum CodingKeys: Int, CodingKey {
        case participant = 0
        case name = 1
        case department = 2
        case address = 3
        case added = 4
        case administrator = 5
        case person = 6
        case devices = 7
        case invites = 8
        case vouchers = 9
        case places = 10
    }

    /// Makes the answer.
    public init(
        participant: ParticipantID,
        name: String,
        department: String?,
        address: String?,
        added: Timestamp,
        administrator: Bool,
        person: PersonID,
        devices: [AboutDevice],
        invites: [AboutInvite],
        vouchers: [AboutVoucher],
        places: [AboutPlace]
    ) {
        self.participant = participant
        self.name = name
        self.department = department
        self.address = address
        self.added = added
        self.administrator = administrator
        self.person = person
        self.devices = devices
        self.invites = invites
        self.vouchers = vouchers
        self.places = places
    }
}

/// A device, as the directory holds it.
public struct AboutDevice: Codable, Hashable, Sendable {
    /// The device.
    public var device: DeviceID
    /// How it stands.
    public var state: DeviceState
    /// When it came.
    public var since: Timestamp

    enum CodingKeys: Int, CodingKey {
        case device = 0
        case state = 1
        case since = 2
    }

    /// Makes the description.
    public init(device: DeviceID, state: DeviceState, since: Timestamp) {
        self.device = device
        self.state = state
        self.since = since
    }
}

/// An invite, as the directory holds it.
public struct AboutInvite: Codable, Hashable, Sendable {
    /// What it is for.
    public var purpose: InvitePurpose
    /// How it stands; declined looks like expired.
    public var state: InviteStatus
    /// Who made it; `nil` for who runs the server.
    public var inviter: String?
    /// When it was made.
    public var made: Timestamp
    /// When it ends.
    public var expires: Timestamp

    enum CodingKeys: Int, CodingKey {
        case purpose = 0
        case state = 1
        case inviter = 2
        case made = 3
        case expires = 4
    }

    /// Makes the description.
    public init(
        purpose: InvitePurpose,
        state: InviteStatus,
        inviter: String?,
        made: Timestamp,
        expires: Timestamp
    ) {
        self.purpose = purpose
        self.state = state
        self.inviter = inviter
        self.made = made
        self.expires = expires
    }
}

/// That somebody vouched for the person.
public struct AboutVoucher: Codable, Hashable, Sendable {
    /// Who, by name.
    public var name: String
    /// When.
    public var at: Timestamp

    enum CodingKeys: Int, CodingKey {
        case name = 0
        case at = 1
    }

    /// Makes the description.
    public init(name: String, at: Timestamp) {
        self.name = name
        self.at = at
    }
}

/// A room that the person was proposed for.
public struct AboutPlace: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Its name.
    public var name: String
    /// As what.
    public var membership: Membership
    /// Who proposed them, by name; `nil` where nobody stands with it any more.
    public var proposer: String?
    /// When.
    public var proposed: Timestamp
    /// When they said yes.
    public var accepted: Timestamp?
    /// When it ends, for a facilitator.
    public var until: Timestamp?
    /// Whether the room was closed.
    public var closed: Bool

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case name = 1
        case membership = 2
        case proposer = 3
        case proposed = 4
        case accepted = 5
        case until = 6
        case closed = 7
    }

    /// Makes the description.
    public init(
        room: RoomID,
        name: String,
        membership: Membership,
        proposer: String?,
        proposed: Timestamp,
        accepted: Timestamp?,
        until: Timestamp?,
        closed: Bool
    ) {
        self.room = room
        self.name = name
        self.membership = membership
        self.proposer = proposer
        self.proposed = proposed
        self.accepted = accepted
        self.until = until
        self.closed = closed
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// One's devices: the list in force and those that wait.
public struct DeviceSummaries: Codable, Hashable, Sendable {
    /// The list in force, as signed.
    public var deviceList: SignedBytes
    /// Devices with their certificates' ends.
    public var devices: [DeviceSummary]

    enum CodingKeys: Int, CodingKey {
        case deviceList = 0
        case devices = 1
    }

    /// Makes the answer.
    public init(deviceList: SignedBytes, devices: [DeviceSummary]) {
        self.deviceList = deviceList
        self.devices = devices
    }
}

/// One device.
public struct DeviceSummary: Codable, Hashable, Sendable {
    /// The device.
    public var device: DeviceID
    /// How it stands.
    public var state: DeviceState
    /// Its signing key.
    public var signingKey: [UInt8]
    /// For one that waits: its encryption key as announced.
    public var encryptionKey: SignedBytes?
    /// For one that waits: its proof, made with the line that the first device printed.
    public var mac: Bytes32?
    /// For one that waits: the invite with which it came.
    public var invite: Bytes32?
    /// When it came.
    public var since: Timestamp

    enum CodingKeys: Int, CodingKey {
        case device = 0
        case state = 1
        case signingKey = 2
        case encryptionKey = 3
        case mac = 4
        case invite = 5
        case since = 6
    }

    /// Makes the description.
    public init(
        device: DeviceID,
        state: DeviceState,
        signingKey: [UInt8],
        encryptionKey: SignedBytes?,
        mac: Bytes32?,
        invite: Bytes32?,
        since: Timestamp
    ) {
        self.device = device
        self.state = state
        self.signingKey = signingKey
        self.encryptionKey = encryptionKey
        self.mac = mac
        self.invite = invite
        self.since = since
    }
}

/// A person, for administrators.
public struct PersonSummary: Codable, Hashable, Sendable {
    /// The person in the directory.
    public var participant: ParticipantID
    /// Their name.
    public var name: String
    /// Where they work.
    public var department: String?
    /// Where mail goes.
    public var address: String?
    /// Whether they enrolled.
    public var enrolled: Bool
    /// Whether they are an administrator.
    public var administrator: Bool
    /// The rooms that they are in or proposed for.
    public var rooms: [PersonRoom]
    /// Their active devices.
    public var devices: [DeviceID]

    enum CodingKeys: Int, CodingKey {
        case participant = 0
        case name = 1
        case department = 2
        case address = 3
        case enrolled = 4
        case administrator = 5
        case rooms = 6
        case devices = 7
    }

    /// Makes the summary.
    public init(
        participant: ParticipantID,
        name: String,
        department: String?,
        address: String?,
        enrolled: Bool,
        administrator: Bool,
        rooms: [PersonRoom],
        devices: [DeviceID]
    ) {
        self.participant = participant
        self.name = name
        self.department = department
        self.address = address
        self.enrolled = enrolled
        self.administrator = administrator
        self.rooms = rooms
        self.devices = devices
    }
}

/// A room in an administrator's view of a person.
public struct PersonRoom: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Its name.
    public var name: String
    /// As what.
    public var membership: Membership
    /// How far they are.
    public var stage: AdmissionStage

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case name = 1
        case membership = 2
        case stage = 3
    }

    /// Makes the description.
    public init(room: RoomID, name: String, membership: Membership, stage: AdmissionStage) {
        self.room = room
        self.name = name
        self.membership = membership
        self.stage = stage
    }
}

/// An invite, for administrators.
public struct InviteSummary: Codable, Hashable, Sendable {
    /// The invite, by its hash.
    public var hash: Bytes32
    /// For whom.
    public var participant: ParticipantID
    /// Their name.
    public var name: String
    /// For what.
    public var purpose: InvitePurpose
    /// When it ends.
    public var expires: Timestamp
    /// How it stands; declined looks like expired.
    public var state: InviteStatus

    enum CodingKeys: Int, CodingKey {
        case hash = 0
        case participant = 1
        case name = 2
        case purpose = 3
        case expires = 4
        case state = 5
    }

    /// Makes the summary.
    public init(
        hash: Bytes32,
        participant: ParticipantID,
        name: String,
        purpose: InvitePurpose,
        expires: Timestamp,
        state: InviteStatus
    ) {
        self.hash = hash
        self.participant = participant
        self.name = name
        self.purpose = purpose
        self.expires = expires
        self.state = state
    }
}

/// What an administrator sees of the programme: counts, never words.
public struct StatusCounts: Codable, Hashable, Sendable {
    /// People in the programme.
    public var people: UInt32
    /// Of them, enrolled.
    public var enrolled: UInt32
    /// Invites that can be used.
    public var invitesOpen: UInt32
    /// Invites that were used.
    public var invitesUsed: UInt32
    /// Invites whose time is over.
    public var invitesExpired: UInt32
    /// Rooms with how often they met.
    public var rooms: [RoomCounts]

    enum CodingKeys: Int, CodingKey {
        case people = 0
        case enrolled = 1
        case invitesOpen = 2
        case invitesUsed = 3
        case invitesExpired = 4
        case rooms = 5
    }

    /// Makes the counts.
    public init(
        people: UInt32,
        enrolled: UInt32,
        invitesOpen: UInt32,
        invitesUsed: UInt32,
        invitesExpired: UInt32,
        rooms: [RoomCounts]
    ) {
        self.people = people
        self.enrolled = enrolled
        self.invitesOpen = invitesOpen
        self.invitesUsed = invitesUsed
        self.invitesExpired = invitesExpired
        self.rooms = rooms
    }
}

/// What an administrator sees of a room.
public struct RoomCounts: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Its name.
    public var name: String
    /// Whether somebody has opened it.
    public var opened: Bool
    /// How many sessions were held; `nil` until the room was loaded since the server's start.
    public var sessions: UInt32?
    /// How many people came to the last one, from five on.
    public var attended: UInt32?
    /// Who came to it, by name, where the group has agreed to that.
    public var names: [String]?

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case name = 1
        case opened = 2
        case sessions = 3
        case attended = 4
        case names = 5
    }

    /// Makes the counts.
    public init(
        room: RoomID,
        name: String,
        opened: Bool,
        sessions: UInt32?,
        attended: UInt32?,
        names: [String]? = nil
    ) {
        self.room = room
        self.name = name
        self.opened = opened
        self.sessions = sessions
        self.attended = attended
        self.names = names
    }
}

/// The keys of a member's devices.
public struct MemberKeys: Codable, Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// The device list in force.
    public var deviceList: SignedBytes
    /// The latest encryption key of every active device.
    public var encryptionKeys: [SignedBytes]

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case deviceList = 1
        case encryptionKeys = 2
    }

    /// Makes the keys.
    public init(person: PersonID, deviceList: SignedBytes, encryptionKeys: [SignedBytes]) {
        self.person = person
        self.deviceList = deviceList
        self.encryptionKeys = encryptionKeys
    }
}

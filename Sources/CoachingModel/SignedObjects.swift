// SPDX-License-Identifier: Apache-2.0

/// Bytes as they were signed, with the signature and who signed.
///
/// What stands inside is decoded only after the signature over these bytes has been checked
/// (by CoachingEnvelope; the rules are handed verified values).
///
/// - Shape: `signature` is 64 bytes, raw P-256 ECDSA.
/// - Source: SEALING.md 3.3.
public struct SignedBytes: Codable, Hashable, Sendable {
    /// The signed body.
    public var body: [UInt8]
    /// The signature.
    public var signature: [UInt8]

    enum CodingKeys: Int, CodingKey {
        case body = 0
        case signature = 1
    }

    /// Makes the pair.
    public init(body: [UInt8], signature: [UInt8]) {
        self.body = body
        self.signature = signature
    }
}

/// The devices of a person, in the version that the person has signed.
///
/// - Shape: `{0:1, 1:I_pub, 2:version, 3:previous hash, 4:[{0:device, 1:S_pub, 2:created}],
///   5:[revoked], 6:R_pub}`, devices ascending; keys are 65-byte X9.63 points.
/// - Source: SEALING.md 3.3.
public struct DeviceList: Hashable, Sendable {
    /// The person: cut from the hash of the identity key.
    public var person: PersonID
    /// The identity key.
    public var identityKey: [UInt8]
    /// From 1, one more each time.
    public var version: UInt32
    /// The hash of the version before; zero for the first.
    public var previous: Bytes32
    /// The active devices, ascending.
    public var devices: [ListedDevice]
    /// Devices that must never count again, ascending.
    public var revoked: [DeviceID]
    /// The recovery key.
    public var recoveryKey: [UInt8]

    /// Makes a list.
    public init(
        person: PersonID,
        identityKey: [UInt8],
        version: UInt32,
        previous: Bytes32,
        devices: [ListedDevice],
        revoked: [DeviceID],
        recoveryKey: [UInt8]
    ) {
        self.person = person
        self.identityKey = identityKey
        self.version = version
        self.previous = previous
        self.devices = devices
        self.revoked = revoked
        self.recoveryKey = recoveryKey
    }
}

/// A device in a device list.
public struct ListedDevice: Hashable, Sendable {
    /// Cut from the hash of the signing key.
    public var device: DeviceID
    /// The signing key, 65 bytes.
    public var signingKey: [UInt8]
    /// When it was added.
    public var created: Timestamp

    /// Makes an entry of the list.
    public init(device: DeviceID, signingKey: [UInt8], created: Timestamp) {
        self.device = device
        self.signingKey = signingKey
        self.created = created
    }
}

/// The members of a room, in the version that a keeper has signed.
///
/// - Shape: `{0:1, 1:room, 2:version, 3:previous hash, 4:[{0:person, 1:I_pub, 2:membership,
///   3:least device list version, 4:name, ?5:vouched for by}], 5:policy,
///   6:[excluded devices], ?7:true of the programme's room}`, members ascending.
/// - Source: SEALING.md 3.3, DESIGN.md D4.
public struct Roster: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// From 1 (the genesis), one more each time.
    public var version: UInt32
    /// The hash of the version before; zero for the genesis.
    public var previous: Bytes32
    /// The members, ascending by person.
    public var members: [RosterMember]
    /// What the group has agreed about reading and keeping.
    public var policy: RoomPolicy
    /// Devices that may not read, ascending.
    public var excludedDevices: [DeviceID]
    /// Whether the room is the programme's: its facilitators read what its peers release.
    public var isProgramme: Bool

    /// Makes a roster.
    public init(
        room: RoomID,
        version: UInt32,
        previous: Bytes32,
        members: [RosterMember],
        policy: RoomPolicy,
        excludedDevices: [DeviceID],
        isProgramme: Bool = false
    ) {
        self.isProgramme = isProgramme
        self.room = room
        self.version = version
        self.previous = previous
        self.members = members
        self.policy = policy
        self.excludedDevices = excludedDevices
    }
}

/// A member as a keeper has signed them in.
public struct RosterMember: Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// Their identity key, 65 bytes.
    public var identityKey: [UInt8]
    /// Peer or facilitator.
    public var membership: Membership
    /// The oldest device list that still counts.
    public var leastDeviceListVersion: UInt32
    /// The name that all see.
    public var name: String
    /// Who vouched for them, by name, as whoever let them in knew it; `nil` where that was done on
    /// their own word.
    public var voucher: String?

    /// Makes a member.
    public init(
        person: PersonID,
        identityKey: [UInt8],
        membership: Membership,
        leastDeviceListVersion: UInt32,
        name: String,
        voucher: String? = nil
    ) {
        self.person = person
        self.identityKey = identityKey
        self.membership = membership
        self.leastDeviceListVersion = leastDeviceListVersion
        self.name = name
        self.voucher = voucher
    }
}

/// What a roster says about keeping and showing, in days where it is a span.
///
/// - Shape: `{0:turn days, 1:room days, 2:history for newcomers, 3:names to administrators}`.
public struct RoomPolicy: Codable, Hashable, Sendable {
    /// How long what was said in turns is kept.
    public var turnDays: UInt32
    /// How long what was said in the room and among peers is kept.
    public var roomDays: UInt32
    /// Whether members may give newcomers older entries.
    public var historyForNewcomers: Bool
    /// Whether administrators see who attended by name.
    public var namesToAdministrators: Bool

    enum CodingKeys: Int, CodingKey {
        case turnDays = 0
        case roomDays = 1
        case historyForNewcomers = 2
        case namesToAdministrators = 3
    }

    /// Makes a policy.
    public init(
        turnDays: UInt32,
        roomDays: UInt32,
        historyForNewcomers: Bool,
        namesToAdministrators: Bool
    ) {
        self.turnDays = turnDays
        self.roomDays = roomDays
        self.historyForNewcomers = historyForNewcomers
        self.namesToAdministrators = namesToAdministrators
    }

    /// The first agreement's: turns 90 days, room 12 months, no history, no names.
    public static let standard = RoomPolicy(
        turnDays: 90,
        roomDays: 365,
        historyForNewcomers: false,
        namesToAdministrators: false
    )
}

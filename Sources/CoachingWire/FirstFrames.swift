// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// The protocol's version within `peercoach/1`.
public let wireVersion: UInt32 = 1

/// The server's first frame, as soon as TLS and ALPN stand.
///
/// - Source: DESIGN.md D10.
public struct Welcome: Codable, Hashable, Sendable {
    /// Drawn for this connection; the hello signs it.
    public var nonce: Bytes32
    /// The versions that the server speaks.
    public var versions: [UInt32]
    /// The bounds that it holds.
    public var limits: WireLimits
    /// The server's time.
    public var time: Timestamp

    enum CodingKeys: Int, CodingKey {
        case nonce = 0
        case versions = 1
        case limits = 2
        case time = 3
    }

    /// Makes a welcome.
    public init(nonce: Bytes32, versions: [UInt32], limits: WireLimits, time: Timestamp) {
        self.nonce = nonce
        self.versions = versions
        self.limits = limits
        self.time = time
    }
}

/// The first frame of an enrolled device.
public struct Hello: Codable, Hashable, Sendable {
    /// The version that the client speaks.
    public var version: UInt32
    /// The device.
    public var device: DeviceID
    /// Its signature over the server's nonce, the server's certificate and the device.
    public var signature: [UInt8]
    /// The program's name and version, for the operator's counts.
    public var program: String

    enum CodingKeys: Int, CodingKey {
        case version = 0
        case device = 1
        case signature = 2
        case program = 3
    }

    /// Makes a hello.
    public init(version: UInt32, device: DeviceID, signature: [UInt8], program: String) {
        self.version = version
        self.device = device
        self.signature = signature
        self.program = program
    }
}

/// The server's answer to a good hello: the client is connected.
public struct Ready: Codable, Hashable, Sendable {
    /// Who the device belongs to.
    public var person: PersonID
    /// The same person in the programme's directory.
    public var participant: ParticipantID
    /// Their name.
    public var name: String
    /// Whether they are an administrator.
    public var administrator: Bool
    /// The server's time.
    public var time: Timestamp
    /// What waits for this person's client to do by itself.
    public var waiting: Waiting

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case participant = 1
        case name = 2
        case administrator = 3
        case time = 4
        case waiting = 5
    }

    /// Makes the answer.
    public init(
        person: PersonID,
        participant: ParticipantID,
        name: String,
        administrator: Bool,
        time: Timestamp,
        waiting: Waiting
    ) {
        self.person = person
        self.participant = participant
        self.name = name
        self.administrator = administrator
        self.time = time
        self.waiting = waiting
    }
}

/// What waits for a person's client.
public struct Waiting: Codable, Hashable, Sendable {
    /// People who enrolled with an invite of this person and are not vouched for yet.
    public var vouches: UInt32
    /// Rooms in which somebody waits to be let in by this person.
    public var lobbies: [RoomID]
    /// Devices of this person that wait to be confirmed.
    public var devices: UInt32
    /// `true` for an administrator who is to open the programme's room.
    public var programme: Bool?

    enum CodingKeys: Int, CodingKey {
        case vouches = 0
        case lobbies = 1
        case devices = 2
        case programme = 3
    }

    /// Makes the summary.
    public init(
        vouches: UInt32 = 0,
        lobbies: [RoomID] = [],
        devices: UInt32 = 0,
        programme: Bool? = nil
    ) {
        self.programme = programme
        self.vouches = vouches
        self.lobbies = lobbies
        self.devices = devices
    }
}

/// What a connection without a device may ask: about an invite, with the half of its secret
/// that the server may know.
public enum EnrolmentRequest: Hashable, Sendable {
    /// 0: whose invite is it?
    case look(auth: Bytes32)
    /// 1: enrol a person with their first device.
    case person(PersonForm)
    /// 2: enrol a further device of a person; it counts once the person has signed it.
    case device(DeviceForm)
    /// 3: say no.
    case decline(auth: Bytes32)
}

/// The enrolment of a person.
public struct PersonForm: Codable, Hashable, Sendable {
    /// The server's half of the invite's secret.
    public var auth: Bytes32
    /// The certificate request of the TLS key, DER.
    public var request: [UInt8]
    /// The first device list.
    public var deviceList: SignedBytes
    /// Proof to the inviter that the list is this person's (SEALING 3.2).
    public var mac: Bytes32
    /// The device's encryption key.
    public var encryptionKey: SignedBytes

    enum CodingKeys: Int, CodingKey {
        case auth = 0
        case request = 1
        case deviceList = 2
        case mac = 3
        case encryptionKey = 4
    }

    /// Makes an enrolment.
    public init(
        auth: Bytes32,
        request: [UInt8],
        deviceList: SignedBytes,
        mac: Bytes32,
        encryptionKey: SignedBytes
    ) {
        self.auth = auth
        self.request = request
        self.deviceList = deviceList
        self.mac = mac
        self.encryptionKey = encryptionKey
    }
}

/// The enrolment of a further device.
public struct DeviceForm: Codable, Hashable, Sendable {
    /// The server's half of the secret.
    public var auth: Bytes32
    /// The certificate request of the TLS key, DER.
    public var request: [UInt8]
    /// The device's signing key, 65 bytes.
    public var signingKey: [UInt8]
    /// Proof to the first device that the keys are this device's.
    public var mac: Bytes32
    /// The device's encryption key.
    public var encryptionKey: SignedBytes
    /// The person's next device list, where the recovery kit has signed it: then the device
    /// counts at once.
    public var deviceList: SignedBytes?

    enum CodingKeys: Int, CodingKey {
        case auth = 0
        case request = 1
        case signingKey = 2
        case mac = 3
        case encryptionKey = 4
        case deviceList = 5
    }

    /// Makes an enrolment.
    public init(
        auth: Bytes32,
        request: [UInt8],
        signingKey: [UInt8],
        mac: Bytes32,
        encryptionKey: SignedBytes,
        deviceList: SignedBytes? = nil
    ) {
        self.deviceList = deviceList
        self.auth = auth
        self.request = request
        self.signingKey = signingKey
        self.mac = mac
        self.encryptionKey = encryptionKey
    }
}

/// What an invite is, for the person to see before anything is made.
public struct Invitation: Codable, Hashable, Sendable {
    /// The name under which the person is known.
    public var name: String
    /// Who invites.
    public var inviter: String
    /// What the invite is for.
    public var purpose: InvitePurpose
    /// When it ends.
    public var expires: Timestamp
    /// The rooms that the person is proposed for.
    public var rooms: [String]
    /// For a further device: the person's device list, which the recovery kit can follow up.
    public var deviceList: SignedBytes?
    /// Which devices of that list the server has ended since.
    public var ended: [DeviceID]?
    /// Who invites, as the invite itself proves it.
    public var provedInviter: InviterName?

    enum CodingKeys: Int, CodingKey {
        case name = 0
        case inviter = 1
        case purpose = 2
        case expires = 3
        case rooms = 4
        case deviceList = 5
        case ended = 6
        case provedInviter = 7
    }

    /// Makes the description.
    public init(
        name: String,
        inviter: String,
        purpose: InvitePurpose,
        expires: Timestamp,
        rooms: [String],
        deviceList: SignedBytes? = nil,
        ended: [DeviceID]? = nil,
        provedInviter: InviterName? = nil
    ) {
        self.provedInviter = provedInviter
        self.deviceList = deviceList
        self.ended = ended
        self.name = name
        self.inviter = inviter
        self.purpose = purpose
        self.expires = expires
        self.rooms = rooms
    }
}

/// The answer to an enrolment.
public struct EnrolmentReceipt: Codable, Hashable, Sendable {
    /// The device's certificate, DER.
    public var certificate: [UInt8]
    /// The authority's certificate, DER.
    public var authority: [UInt8]
    /// The person.
    public var person: PersonID
    /// The person's name.
    public var name: String
    /// The person's identity key, for a further device.
    public var identityKey: [UInt8]
    /// Whether the device counts at once; a further device waits until the person signs it.
    public var active: Bool

    enum CodingKeys: Int, CodingKey {
        case certificate = 0
        case authority = 1
        case person = 2
        case name = 3
        case identityKey = 4
        case active = 5
    }

    /// Makes the answer.
    public init(
        certificate: [UInt8],
        authority: [UInt8],
        person: PersonID,
        name: String,
        identityKey: [UInt8],
        active: Bool
    ) {
        self.certificate = certificate
        self.authority = authority
        self.person = person
        self.name = name
        self.identityKey = identityKey
        self.active = active
    }
}

/// The server's last frame: why it closes.
public struct Goodbye: Hashable, Sendable, Error {
    /// Why.
    public var code: GoodbyeCode
    /// A sentence for people.
    public var sentence: String

    /// Makes a goodbye.
    public init(_ code: GoodbyeCode, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }
}

/// Why a server closes a connection; unknown codes are kept as numbers.
public struct GoodbyeCode: RawRepresentable, Codable, Hashable, Sendable {
    /// The number on the wire.
    public var rawValue: UInt16
    /// Makes a code from its number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A frame of length 0, or one that did not arrive in time.
    public static let badFrame = GoodbyeCode(rawValue: 1)
    /// A frame longer than the limit.
    public static let frameTooLong = GoodbyeCode(rawValue: 2)
    /// A frame that is not the CBOR item that the specification describes.
    public static let malformed = GoodbyeCode(rawValue: 3)
    /// A message that has no place here (a request before the hello, a second hello).
    public static let outOfOrder = GoodbyeCode(rawValue: 4)
    /// The hello does not prove a device that counts.
    public static let notKnown = GoodbyeCode(rawValue: 5)
    /// The device has been revoked.
    public static let revoked = GoodbyeCode(rawValue: 6)
    /// No common version.
    public static let versionUnsupported = GoodbyeCode(rawValue: 7)
    /// More connections than allowed.
    public static let tooMany = GoodbyeCode(rawValue: 8)
    /// Too slow with the hello.
    public static let tooSlow = GoodbyeCode(rawValue: 9)
    /// The server stops.
    public static let stopping = GoodbyeCode(rawValue: 10)
    /// Nothing was heard for too long.
    public static let idle = GoodbyeCode(rawValue: 11)
    /// No client certificate of this server's authority was shown.
    public static let certificateRequired = GoodbyeCode(rawValue: 12)
    /// A request id that is still in use.
    public static let repeatedRequest = GoodbyeCode(rawValue: 13)
    /// More requests than allowed, for too long.
    public static let tooFast = GoodbyeCode(rawValue: 14)
    /// The device waits to be confirmed by the person's first device.
    public static let notConfirmed = GoodbyeCode(rawValue: 15)
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingEnvelope
public import CoachingModel

/// Who a device is and whom it trusts: what the profile's folder keeps.
///
/// It holds private keys: it never leaves the device and is never logged.
///
/// - Source: SEALING.md 3.1 and 3.2, DESIGN.md D5 and D6.
public struct Profile: Codable, Hashable, Sendable, CustomStringConvertible {
    /// How far a device has come.
    public enum Stage: UInt8, Codable, Hashable, Sendable {
        /// Keys are made, the server's answer has not come: enrolling again uses the same keys.
        case enrolling = 1
        /// A further device that the person's first device has not confirmed yet.
        case waiting = 2
        /// It acts for its person.
        case active = 3
    }

    /// How far the device has come.
    public var stage: Stage
    /// The server, as `host:port`.
    public var server: String
    /// SHA-256 of the authority's public key.
    public var authority: Bytes32
    /// The TLS key, PKCS #8.
    public var tlsKey: [UInt8]
    /// The device's certificate; empty until the server's answer came.
    public var certificate: [UInt8]
    /// S, the device's signing key.
    public var signingKey: [UInt8]
    /// E, the device's encryption key.
    public var encryptionKey: [UInt8]
    /// E as it was announced.
    public var announcement: SignedBytes
    /// What I and R come from, where this device holds it.
    public var seed: Bytes32?
    /// I's public half; empty on a further device until the server's answer came.
    public var identityKey: [UInt8]
    /// The person's device list, as this device knows it.
    public var deviceList: SignedBytes?
    /// The person's name.
    public var name: String
    /// The person in the programme's directory, once known.
    public var participant: ParticipantID?
    /// The invite with which the device came, kept until the inviter has proved who they are.
    public var invite: String?
    /// The hash of the first signed members of the inviter's room, where the invite named it.
    public var invitedGenesis: Bytes32?
    /// Invites that this device made.
    public var invites: [MadeInvite]
    /// People who may be let in without asking again.
    public var confirmed: [ConfirmedPlace]
    /// People whose identity key is known from their own proof.
    public var known: [KnownPerson]
    /// The beginnings of rooms, as first seen.
    public var rooms: [KnownRoom]
    /// When the recovery kit was last written out or typed in here.
    public var kitMade: Timestamp?
    /// People whose digits were compared, by identity key.
    public var compared: [ComparedPerson]?
    /// The rooms' numbers that were read aloud last.
    public var readAloud: [ReadAloud]?
    /// The version up to which encryption keys are deleted as soon as nothing else needs them.
    public var retiring: UInt32?
    /// Other encryption keys of the device: earlier ones, and one that is about to be announced.
    public var spareKeys: [SpareEncryptionKey]?
    /// Releases that this device asked for and that nothing has come of yet.
    public var releases: [AskedRelease]?
    /// Invites of this device that were used, newest last: none of them may work again.
    public var usedInvites: [Bytes32]?
    /// The programme's room, as its owner has agreed to release to it or reads there.
    public var programme: KnownRoom?
    /// What of how one coached is not to be shown on this device, by its name.
    public var coachingOff: [String]?

    enum CodingKeys: Int, CodingKey {
        case stage = 1
        case server = 2
        case authority = 3
        case tlsKey = 4
        case certificate = 5
        case signingKey = 6
        case encryptionKey = 7
        case announcement = 8
        case seed = 9
        case identityKey = 10
        case deviceList = 11
        case name = 12
        case participant = 13
        case invite = 14
        case invitedGenesis = 15
        case invites = 16
        case confirmed = 17
        case known = 18
        case rooms = 19
        case kitMade = 40
        case compared = 30
        case readAloud = 31
        case spareKeys = 20
        case releases = 52
        case usedInvites = 58
        case retiring = 45
        case programme = 34
        case coachingOff = 73
    }

    /// The server's address.
    public var address: ServerAddress? { ServerAddress(server) }
    /// The person, from the identity key; `nil` until it is known.
    public var person: PersonID? {
        identityKey.isEmpty ? nil : PersonID(identityKey: identityKey)
    }
    /// Whether this device can sign lists of devices.
    public var holdsIdentity: Bool { seed != nil }

    /// Names the type alone, so that no log holds a key.
    public var description: String { "Profile" }
}

/// An invite that this device made; the secret is only here.
public struct MadeInvite: Codable, Hashable, Sendable, CustomStringConvertible {
    /// Under which the server knows it.
    public var hash: Bytes32
    /// s.
    public var secret: Bytes16
    /// For whom, by name.
    public var name: String
    /// For whom; `nil` for a further device of one's own.
    public var participant: ParticipantID?
    /// When it ends, as far as this device knows.
    public var expires: Timestamp
    /// The room's genesis hash, where one who admits there made it.
    public var genesis: Bytes32?

    enum CodingKeys: Int, CodingKey {
        case hash = 0
        case secret = 1
        case name = 2
        case participant = 3
        case expires = 4
        case genesis = 5
    }

    /// Names the hash alone.
    public var description: String { "MadeInvite(\(hash))" }
}

/// A person on a proposed list that the profile's owner has confirmed.
public struct ConfirmedPlace: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The person in the directory.
    public var participant: ParticipantID
    /// As what; somebody who is then proposed as something else is not confirmed.
    public var membership: Membership
    /// Under which name they were shown; somebody whom the server then calls otherwise is not
    /// confirmed.
    public var name: String

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case participant = 1
        case membership = 2
        case name = 3
    }
}

/// A person whose identity key was proved by their own invite.
public struct KnownPerson: Codable, Hashable, Sendable {
    /// The identity key.
    public var identityKey: [UInt8]
    /// Their name then.
    public var name: String

    enum CodingKeys: Int, CodingKey {
        case identityKey = 0
        case name = 1
    }
}

/// The beginning of a room.
public struct KnownRoom: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// SHA-256 of its first signed members.
    public var genesis: Bytes32

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case genesis = 1
    }
}

/// Where a log ended when it was last seen, for noticing a server that was set back.
public struct SeenHead: Codable, Hashable, Sendable {
    /// The room's log or a transcript.
    public var stream: StreamID
    /// Its last number.
    public var number: UInt64
    /// The head of its chain there.
    public var head: Bytes32
    /// How many accepted restores of its room this device knew of then; `nil` for none.
    public var restores: UInt32?

    enum CodingKeys: Int, CodingKey {
        case stream = 0
        case number = 1
        case head = 2
        case restores = 3
    }

    /// Makes a mark.
    public init(stream: StreamID, number: UInt64, head: Bytes32, restores: UInt32? = nil) {
        self.stream = stream
        self.number = number
        self.head = head
        self.restores = restores
    }

    /// Whether it tells of more than another: of a later restore, or of a later number.
    func isNoOlder(than other: SeenHead) -> Bool {
        (restores ?? 0, number) >= (other.restores ?? 0, other.number)
    }
}

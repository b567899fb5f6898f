// SPDX-License-Identifier: Apache-2.0

/// Somebody who shall take part, as they are added.
public struct NewParticipant: Codable, Hashable, Sendable {
    /// 16 random bytes, made by the administrator's client.
    public var participant: ParticipantID
    /// Their name, unique in the programme whatever the letter case.
    public var name: String
    /// Where they work, for matching and for telling people apart.
    public var department: String?
    /// Where their invite is sent, by hand.
    public var address: String?

    enum CodingKeys: Int, CodingKey {
        case participant = 0
        case name = 1
        case department = 2
        case address = 3
    }

    /// Makes a new participant.
    public init(
        participant: ParticipantID,
        name: String,
        department: String? = nil,
        address: String? = nil
    ) {
        self.participant = participant
        self.name = name
        self.department = department
        self.address = address
    }
}

/// Somebody who takes part in the programme, enrolled or not yet.
public struct Participant: Hashable, Sendable {
    /// Who.
    public let participant: ParticipantID
    /// Their name.
    public internal(set) var name: String
    /// Where they work.
    public internal(set) var department: String?
    /// Where their invite is sent.
    public internal(set) var address: String?
    /// When they were added.
    public internal(set) var added: Timestamp
    /// Who they are by key, from their enrolment on.
    public internal(set) var person: PersonID?
    /// The rooms for which they are proposed.
    var rooms: Set<RoomID> = []
    /// The last invite to enrol that nobody has used or revoked.
    var invite: Bytes32?
}

/// A person who has enrolled; kept when the participant is removed, so that the identity never
/// comes back.
public struct EnrolledPerson: Hashable, Sendable {
    /// Who by key.
    public let person: PersonID
    /// Who by name; the participant may have been removed since.
    public let participant: ParticipantID
    /// The device list in force.
    public internal(set) var deviceList: DeviceListVersion
    /// All their devices, also those that count no more, in the order in which they came.
    public internal(set) var devices: [DeviceID]
    /// The words of those who invited them.
    public internal(set) var vouchers: [Voucher] = []
    /// The last invite for a further device that nobody has used or revoked.
    var deviceInvite: Bytes32?
}

/// An inviter's word, with who gave it.
public struct Voucher: Hashable, Sendable {
    /// The inviter.
    public let inviter: ParticipantID
    /// What was said.
    public let vouched: Vouched
    /// When.
    public let at: Timestamp
}

/// A newcomer for whom the inviter has not yet vouched.
public struct PendingVouch: Hashable, Sendable {
    /// The invite that was used.
    public let invite: Bytes32
    /// The room from which it came.
    public let room: RoomID?
    /// The newcomer.
    public let participant: ParticipantID
    /// Who they are by key.
    public let person: PersonID
    /// The device list with which they came, to which the MAC belongs.
    public let deviceList: DeviceListVersion
    /// What only who knows the invite's secret can have made.
    public let mac: Bytes32
}

/// What a device is to the directory.
public enum DeviceState: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// It came with its person's invite; the person has not yet listed it.
    case waiting = 1
    /// It acts for its person.
    case active = 2
    /// It counts no more, for ever.
    case revoked = 3
}

/// A device that the directory knows.
public struct DeviceRecord: Hashable, Sendable {
    /// Which.
    public let device: DeviceID
    /// Whose.
    public let person: PersonID
    /// Whether it counts.
    public internal(set) var state: DeviceState
    /// Its signing key, 65 bytes.
    public let signingKey: [UInt8]
    /// Its certificate, DER.
    public internal(set) var certificate: [UInt8]
    /// Its encryption key, signed by itself.
    public internal(set) var encryptionKey: SignedBytes
    /// The version of that key.
    public internal(set) var encryptionKeyVersion: UInt32
    /// The invite with which it came.
    public let invite: Bytes32
    /// What ties it to the invite's other secret.
    public let mac: Bytes32
    /// When it came.
    public let since: Timestamp
}

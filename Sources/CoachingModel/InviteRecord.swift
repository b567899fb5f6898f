// SPDX-License-Identifier: Apache-2.0

/// An invite that is open, used, or was never used in time.
///
/// Revoked ones are forgotten.
public struct InviteRecord: Hashable, Sendable {
    /// The hash of what the bearer shows.
    public let invite: Bytes32
    /// For whom it is.
    public let participant: ParticipantID
    /// Who made it; `nil` for the operator.
    public let inviter: ParticipantID?
    /// The device that made it; `nil` for the operator's.
    public let device: DeviceID?
    /// What it is for.
    public let purpose: InvitePurpose
    /// The room from which it comes.
    public let room: RoomID?
    /// Its maker's name, as the invite proves it.
    public let inviterName: InviterName?
    /// When it was made.
    public let made: Timestamp
    /// From when on it counts no more.
    public internal(set) var expires: Timestamp
    /// Whether its bearer said no; never shown, it looks like an invite that has expired.
    var isDeclined = false
    /// Who used it.
    public internal(set) var use: InviteUse?
}

/// The one use of an invite.
public struct InviteUse: Hashable, Sendable {
    /// The person who came.
    public let person: PersonID
    /// The device that came.
    public let device: DeviceID
    /// The key for which a certificate was made.
    public let requestKey: Bytes32
    /// When.
    public let at: Timestamp
}

/// How an invite stands.
public enum InviteStatus: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// It can be used.
    case open = 1
    /// It was used.
    case used = 2
    /// Its time is over, its bearer said no, or its maker may invite no longer.
    case expired = 3
}

/// How many invites stand how; those for further devices are not counted.
public struct InviteCounts: Hashable, Sendable {
    /// Can be used.
    public var open = 0
    /// Were used.
    public var used = 0
    /// Can be used no more.
    public var expired = 0

    /// Makes counts of nothing.
    public init() {}
}

/// What the bearer of an invite is answered, also when the first answer was lost.
public struct EnrolmentAnswer: Hashable, Sendable {
    /// The participant.
    public let participant: ParticipantID
    /// Their name.
    public let name: String
    /// The person.
    public let person: PersonID
    /// The device.
    public let device: DeviceID
    /// The device's certificate: the first one, unless it was renewed already.
    public let certificate: [UInt8]
    /// What the invite was for.
    public let purpose: InvitePurpose
}

// SPDX-License-Identifier: Apache-2.0

/// Who shall be in a room, and how far that has come; the room's own log says who is in.
public struct MembershipProposal: Hashable, Sendable {
    /// The room.
    public let room: RoomID
    /// The participant.
    public let participant: ParticipantID
    /// Peer or facilitator.
    public internal(set) var membership: Membership
    /// Who proposed it last; `nil` for the operator.
    public internal(set) var by: ParticipantID?
    /// Whether somebody of the room proposed it who is no administrator.
    public internal(set) var isFromRoom: Bool
    /// When it was proposed last.
    public internal(set) var proposed: Timestamp
    /// When the participant agreed to it.
    public internal(set) var accepted: Timestamp?
    /// When a facilitator's time ends.
    public internal(set) var until: Timestamp?
}

/// A room as the directory knows it.
public struct DirectoryRoom: Hashable, Sendable {
    /// Which.
    public let room: RoomID
    /// Its name.
    public let name: String
    /// When it was set up.
    public let added: Timestamp
    /// When it was closed.
    public internal(set) var closed: Timestamp?
    /// Who shall be in it.
    var proposals: [ParticipantID: MembershipProposal] = [:]
    /// Whether it is one in which administrators read what is released.
    public internal(set) var isProgramme = false

    /// Whether it is closed.
    public var isClosed: Bool { closed != nil }
    /// Whether people meet in it.
    public var isMeeting: Bool { !isClosed && !isProgramme }
}

/// When a facilitator's time in a room ends.
public struct FacilitatorEnd: Hashable, Sendable, Comparable {
    /// When.
    public let until: Timestamp
    /// The room.
    public let room: RoomID
    /// The facilitator.
    public let participant: ParticipantID

    /// Orders by time, then by room and participant.
    public static func < (left: FacilitatorEnd, right: FacilitatorEnd) -> Bool {
        (left.until, left.room, left.participant) < (right.until, right.room, right.participant)
    }
}

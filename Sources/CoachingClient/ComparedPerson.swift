// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
import CoachingWire

/// A person with whom the profile's owner compared digits.
public struct ComparedPerson: Codable, Hashable, Sendable {
    /// The identity key that the digits were made from.
    public var identityKey: [UInt8]
    /// Their name then.
    public var name: String
    /// Whether the digits were the same.
    public var matched: Bool
    /// When it was done.
    public var at: Timestamp

    enum CodingKeys: Int, CodingKey {
        case identityKey = 0
        case name = 1
        case matched = 2
        case at = 3
    }
}

/// A room's number that was read aloud.
public struct ReadAloud: Codable, Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// The digits.
    public var digits: String
    /// When it was done.
    public var at: Timestamp

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case digits = 1
        case at = 2
    }
}

extension ConfirmedPlace {
    /// Gives the place of somebody who waits, as the server shows them now.
    init(_ candidate: Candidate, in room: RoomID) {
        self.init(
            room: room,
            participant: candidate.participant,
            membership: candidate.membership,
            name: candidate.name
        )
    }
}

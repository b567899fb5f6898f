// SPDX-License-Identifier: Apache-2.0

/// A new plan for rounds that have not begun.
public struct Replanned: Codable, Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// The first round that is planned anew.
    public var from: UInt8
    /// The rounds from that one on.
    public var rounds: [[Pod]]

    enum CodingKeys: Int, CodingKey {
        case session = 0
        case from = 1
        case rounds = 2
    }

    /// Makes the payload.
    public init(session: SessionID, from: UInt8, rounds: [[Pod]]) {
        self.session = session
        self.from = from
        self.rounds = rounds
    }
}

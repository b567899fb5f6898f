// SPDX-License-Identifier: Apache-2.0

/// What a person does in a phase.
///
/// The first three exist only within a turn; `everyone` stands for all who are present in the
/// phases in which the whole group is together.
public enum Role: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// The person who is coached.
    case client = 1
    /// Who coaches.
    case coach = 2
    /// Who watches the coach.
    case observer = 3
    /// All who are present, outside turns.
    case everyone = 4
}

/// What a person is in a room.
public enum Membership: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// Coaches and is coached.
    case peer = 1
    /// Runs sessions.
    case facilitator = 2
}

/// How people talk in a session.
public enum Medium: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// The terminal is the conversation; the floor is enforced.
    case typed = 1
    /// The conversation is on a call or in one place; the floor is shown.
    case spoken = 2
}

// SPDX-License-Identifier: Apache-2.0

/// The course of a session as data: phases before the rounds, in each round, and after them.
///
/// - Units: minutes are the format's own; a session fits them to its end time and pace.
/// - Source: DESIGN.md D18.
public struct SessionFormat: Codable, Hashable, Sendable {
    /// A short name in lower-case letters, digits and hyphens, by which commands call it.
    public var name: String
    /// What people see.
    public var title: String
    /// Where the method comes from.
    public var source: String
    /// The version of this text of the format, from 1.
    public var version: UInt32
    /// How many people work together in a pod.
    public var pods: PodSizes
    /// Phases of the whole group before the first round.
    public var opening: [Phase]
    /// Phases of every turn.
    public var round: [Phase]
    /// Phases of the whole group after the last round.
    public var closing: [Phase]

    enum CodingKeys: Int, CodingKey {
        case name = 0
        case title = 1
        case source = 2
        case version = 3
        case pods = 4
        case opening = 5
        case round = 6
        case closing = 7
    }

    /// Makes a format; ``SessionFormat/mistakes`` says whether it can be run.
    public init(
        name: String,
        title: String,
        source: String,
        version: UInt32,
        pods: PodSizes,
        opening: [Phase],
        round: [Phase],
        closing: [Phase]
    ) {
        self.name = name
        self.title = title
        self.source = source
        self.version = version
        self.pods = pods
        self.opening = opening
        self.round = round
        self.closing = closing
    }
}

/// How many people a pod has.
public struct PodSizes: Codable, Hashable, Sendable {
    /// The fewest with whom the format works.
    public var smallest: UInt8
    /// What the planner aims at.
    public var usual: UInt8
    /// The most.
    public var largest: UInt8

    enum CodingKeys: Int, CodingKey {
        case smallest = 0
        case usual = 1
        case largest = 2
    }

    /// Makes the sizes.
    public init(smallest: UInt8, usual: UInt8, largest: UInt8) {
        self.smallest = smallest
        self.usual = usual
        self.largest = largest
    }
}

/// A timebox and what each role does in it.
public struct Phase: Codable, Hashable, Sendable {
    /// A short name in lower-case letters, digits and hyphens, for refusals and tests.
    public var name: String
    /// What people see.
    public var title: String
    /// How long it is in the format, in seconds.
    public var seconds: UInt32
    /// What each role does; a role that is not named here listens.
    public var parts: [Part]

    enum CodingKeys: Int, CodingKey {
        case name = 0
        case title = 1
        case seconds = 2
        case parts = 3
    }

    /// Makes a phase.
    public init(name: String, title: String, seconds: UInt32, parts: [Part]) {
        self.name = name
        self.title = title
        self.seconds = seconds
        self.parts = parts
    }

    /// Gives what a role does here.
    public func part(of role: Role) -> Part? { parts.first { $0.role == role } }
}

/// What one role does in one phase.
public struct Part: Codable, Hashable, Sendable {
    /// The role.
    public var role: Role
    /// The kinds that the role may post to the turn, or in phases of the whole group to the room.
    ///
    /// Ascending; empty where the role listens.
    public var kinds: [EntryKind]
    /// The kind of a bare typed line in a typed session; `note` keeps it for oneself.
    public var bare: EntryKind
    /// The kind of a bare typed line in a spoken session; `note` keeps it for oneself.
    public var spoken: EntryKind
    /// One sentence that says what to do now; `{client}`, `{coach}`, `{observer}` stand for names.
    public var sentence: String

    enum CodingKeys: Int, CodingKey {
        case role = 0
        case kinds = 1
        case bare = 2
        case spoken = 3
        case sentence = 4
    }

    /// Makes a part.
    public init(
        role: Role,
        kinds: [EntryKind],
        bare: EntryKind,
        spoken: EntryKind = .note,
        sentence: String
    ) {
        self.role = role
        self.kinds = kinds
        self.bare = bare
        self.spoken = spoken
        self.sentence = sentence
    }
}

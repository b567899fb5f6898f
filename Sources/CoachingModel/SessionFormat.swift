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
    /// The most rounds of one session; `nil` where everybody is client once.
    ///
    /// Who waits longest is client first: see ``RotationPlanner/plan(present:of:history:)``.
    public var roundsMost: UInt8?
    /// Who coaches; `nil` for one coach whom the others observe.
    public var seating: Seating?
    /// What the roles are called in this method; `nil` for their usual names.
    public var labels: RoleLabels?
    /// Whether a facilitator may visit a pod, with its client's yes; `nil` where not.
    public var visits: Bool?
    /// What happens to the clock where the facilitator is not reached; `nil` for ``Absence/standIn``.
    public var absence: Absence?
    /// After how many seconds without them the facilitator counts as absent; `nil` for what the
    /// server is set to.
    public var graceSeconds: UInt32?
    /// From which meeting its sessions go on; `nil` where they stand for themselves.
    public var follows: MeetingLink?

    enum CodingKeys: Int, CodingKey {
        case name = 0
        case title = 1
        case source = 2
        case version = 3
        case pods = 4
        case opening = 5
        case round = 6
        case closing = 7
        case roundsMost = 8
        case seating = 9
        case labels = 10
        case visits = 11
        case absence = 12
        case graceSeconds = 13
        case follows = 14
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
        closing: [Phase],
        roundsMost: UInt8? = nil,
        seating: Seating? = nil,
        labels: RoleLabels? = nil,
        visits: Bool? = nil,
        absence: Absence? = nil,
        graceSeconds: UInt32? = nil,
        follows: MeetingLink? = nil
    ) {
        self.name = name
        self.title = title
        self.source = source
        self.version = version
        self.pods = pods
        self.opening = opening
        self.round = round
        self.closing = closing
        self.roundsMost = roundsMost
        self.seating = seating
        self.labels = labels
        self.visits = visits
        self.absence = absence
        self.graceSeconds = graceSeconds
        self.follows = follows
    }

    /// Whether the whole group stays together and nobody is client.
    public var hasNoRounds: Bool { round.isEmpty }

    /// The roles that somebody has in a round.
    public var turnRoles: [Role] {
        seating == .allCoach ? [.client, .coach] : [.client, .coach, .observer]
    }

    /// What a facilitator who visits may put in, in one phase or another, ascending.
    public var interventions: [EntryKind] {
        Set(round.flatMap { $0.interventions ?? [] }).sorted { $0.rawValue < $1.rawValue }
    }

    /// Gives what a role is called in this method: the label, or else the role's usual name.
    public func word(for role: Role) -> String { labels?[role] ?? role.word }
}

/// What happens in a typed session where its facilitator is not reached any more.
///
/// In a spoken one the pods are told and go on.
public enum Absence: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// The clock goes on; the peer to whom it was handed over, or the next of the rota, keeps it.
    case standIn = 1
    /// The clock stands until the facilitator is back, or whoever keeps the time goes on.
    case waits = 2
}

/// Who coaches in a turn.
public enum Seating: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// One coaches, the others observe.
    case oneCoach = 1
    /// All but the client coach.
    case allCoach = 2
}

/// What the roles of a turn are called in a method, such as presenter or consultant.
public struct RoleLabels: Codable, Hashable, Sendable {
    /// What the client is called.
    public var client: String?
    /// What a coach is called.
    public var coach: String?
    /// What an observer is called.
    public var observer: String?

    enum CodingKeys: Int, CodingKey {
        case client = 1
        case coach = 2
        case observer = 3
    }

    /// Makes labels; a role without one keeps its usual name.
    public init(client: String? = nil, coach: String? = nil, observer: String? = nil) {
        self.client = client
        self.coach = coach
        self.observer = observer
    }

    /// Gives the label of a role.
    public subscript(role: Role) -> String? {
        switch role {
        case .client: client
        case .coach: coach
        case .observer: observer
        case .everyone: nil
        }
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
    /// Whether it goes on past its time until whoever keeps the time ends it; `nil` where not.
    public var isHeld: Bool?
    /// What a facilitator who visits may put in at any time, ascending; `nil` where they only read.
    public var interventions: [EntryKind]?

    enum CodingKeys: Int, CodingKey {
        case name = 0
        case title = 1
        case seconds = 2
        case parts = 3
        case isHeld = 4
        case interventions = 5
    }

    /// Makes a phase.
    public init(
        name: String,
        title: String,
        seconds: UInt32,
        parts: [Part],
        isHeld: Bool? = nil,
        interventions: [EntryKind]? = nil
    ) {
        self.name = name
        self.title = title
        self.seconds = seconds
        self.parts = parts
        self.isHeld = isHeld
        self.interventions = interventions
    }

    /// Whether nobody may say anything to others here: all keep notes.
    public var isSilent: Bool { parts.allSatisfy(\.kinds.isEmpty) }

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
    /// In which order the role speaks; `nil` where all of it may at any time.
    public var floor: Floor?
    /// The kinds of which each with this role puts one down before the phase ends, ascending and
    /// each one that it may post; `nil` for none.
    public var must: [EntryKind]?

    enum CodingKeys: Int, CodingKey {
        case role = 0
        case kinds = 1
        case bare = 2
        case spoken = 3
        case sentence = 4
        case floor = 5
        case must = 6
    }

    /// Makes a part.
    public init(
        role: Role,
        kinds: [EntryKind],
        bare: EntryKind,
        spoken: EntryKind = .note,
        sentence: String,
        floor: Floor? = nil,
        must: [EntryKind]? = nil
    ) {
        self.role = role
        self.kinds = kinds
        self.bare = bare
        self.spoken = spoken
        self.sentence = sentence
        self.floor = floor
        self.must = must
    }
}

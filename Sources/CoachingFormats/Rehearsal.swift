// SPDX-License-Identifier: Apache-2.0

public import CoachingModel

/// Runs a format with pretend members through the rules of a room, on a clock of its own.
///
/// Nothing is sent and nobody waits: the clock jumps from one phase's end to the next. In every
/// phase of a typed session each member tries each kind of line, and what the rules say is
/// compared with what the format says.
///
/// - Limits: 2 to 24 peers; a course of at most ``stepsMax`` steps.
public struct Rehearsal: Sendable {
    /// How many steps a course may take; no format that can be run needs as many.
    public static let stepsMax = 2_000

    /// The format.
    public var format: SessionFormat
    /// The peers by name.
    public var peers: [String]
    /// Who runs the session; `nil` where the group does it by itself.
    public var facilitator: String?
    /// How people talk.
    public var medium: Medium
    /// When it begins.
    public var from: Timestamp
    /// When it shall end; `nil` for the format's own minutes.
    public var until: Timestamp?
    /// Who goes, so many milliseconds after the start; at 0 they never came.
    public var absences: [String: Int64] = [:]

    /// Makes a rehearsal.
    public init(
        format: SessionFormat,
        peers: [String],
        facilitator: String? = nil,
        medium: Medium = .typed,
        from: Timestamp = Timestamp(milliseconds: 0),
        until: Timestamp? = nil
    ) {
        self.format = format
        self.peers = peers
        self.facilitator = facilitator
        self.medium = medium
        self.from = from
        self.until = until
    }

    /// Runs it to its end, or to where it cannot go on.
    public func run() -> RehearsedSession {
        var stage = RehearsalStage(self)
        return stage.play()
    }
}

/// What came of a rehearsal.
public struct RehearsedSession: Sendable {
    /// The phases in the order in which they ran.
    public internal(set) var phases: [RehearsedPhase] = []
    /// How long each client had, in milliseconds, in the order of their turns.
    public internal(set) var clients: [(name: String, milliseconds: Int64)] = []
    /// What is wrong with it; empty where it can be run so.
    public internal(set) var deadEnds: [DeadEnd] = []
    /// Roles that nobody had, because so few were there.
    public internal(set) var rolesOfNobody: [Role] = []
    /// How many lines were tried.
    public internal(set) var linesTried = 0
    /// When it was over.
    public internal(set) var ended: Timestamp
}

/// A phase as it ran.
public struct RehearsedPhase: Sendable {
    /// When it began.
    public var start: Timestamp
    /// When it ended.
    public var end: Timestamp
    /// The round, from 1; `nil` while all were together.
    public var round: Int?
    /// How many rounds were planned then.
    public var rounds: Int
    /// What the format says of it.
    public var phase: Phase
    /// The pods whose turns were open.
    public var pods: [RehearsedPod]
}

/// A pod by the names of its people.
public struct RehearsedPod: Hashable, Sendable {
    /// Who was coached.
    public var client: String
    /// Who coached.
    public var coaches: [String]
    /// Who watched.
    public var observers: [String]
}

/// Why a format cannot be run with these people.
public enum DeadEnd: Hashable, Sendable {
    /// The session cannot be started.
    case noStart(RoomRejection)
    /// A phase does not end by itself and nobody is there who could end it.
    case noEnd(phase: String)
    /// A phase is for lines, and nobody is in a role that may write any.
    case nobodySpeaks(phase: String)
    /// Enough people were there, and nobody got this role.
    case roleOfNobody(Role)
    /// Somebody was there from start to end and got no role in any round.
    case noTurn(String)
    /// In a phase in which one speaks at a time somebody did not get the floor once.
    case noFloor(phase: String, name: String)
    /// The rules took or refused a line otherwise than the format says.
    case otherFloor(phase: String, name: String, kind: EntryKind)
}

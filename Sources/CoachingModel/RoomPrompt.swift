// SPDX-License-Identifier: Apache-2.0

/// What a member asks of all readers of `room` or `peers`, to be answered without names.
///
/// - Shape: `{0: prompt, 1: scope, ?2: milliseconds}`.
/// - Source: DESIGN.md D15.
public struct PromptOpening: Codable, Hashable, Sendable {
    /// The prompt: 16 random bytes, made by who asks.
    public var prompt: PromptID
    /// Whose readers may answer: `room` or `peers`.
    public var scope: Scope
    /// For how long it takes answers; `nil` for the longest.
    public var milliseconds: Int64?

    enum CodingKeys: Int, CodingKey {
        case prompt = 0
        case scope = 1
        case milliseconds = 2
    }

    /// Makes an opening.
    public init(prompt: PromptID, scope: Scope, milliseconds: Int64? = nil) {
        self.prompt = prompt
        self.scope = scope
        self.milliseconds = milliseconds
    }
}

/// A prompt that takes answers from here on.
public struct PromptOpened: Codable, Hashable, Sendable {
    /// The prompt.
    public var prompt: PromptID
    /// The scope.
    public var scope: Scope
    /// Who may answer, who asks included; ascending.
    public var audience: [PersonID]
    /// When it closes at the latest.
    public var ends: Timestamp

    enum CodingKeys: Int, CodingKey {
        case prompt = 0
        case scope = 1
        case audience = 2
        case ends = 3
    }

    /// Makes the payload.
    public init(prompt: PromptID, scope: Scope, audience: [PersonID], ends: Timestamp) {
        self.prompt = prompt
        self.scope = scope
        self.audience = audience
        self.ends = ends
    }
}

/// A prompt that takes no answers any more.
public struct PromptClosed: Codable, Hashable, Sendable {
    /// The prompt.
    public var prompt: PromptID
    /// How many answers are delivered; 0 where fewer than ``RoomLimits/answersLeast`` had come,
    /// which were discarded.
    public var answers: UInt16

    enum CodingKeys: Int, CodingKey {
        case prompt = 0
        case answers = 1
    }

    /// Makes the payload.
    public init(prompt: PromptID, answers: UInt16) {
        self.prompt = prompt
        self.answers = answers
    }
}

/// A prompt as the log tells it.
public struct PromptState: Hashable, Sendable {
    /// Whose readers may answer.
    public var scope: Scope
    /// Who asked.
    public var asker: PersonID
    /// Who could answer when it was opened; ascending.
    public var asked: [PersonID]
    /// Who of them reads it: who once stopped reading its scope is left out for good; ascending.
    public var audience: [PersonID]
    /// The log position at which it opened.
    public var openedAt: UInt64
    /// When it closes at the latest.
    public var ends: Timestamp
    /// The session in which it was asked, with which it ends.
    public var session: SessionID?
    /// How many answers were delivered, and when; `nil` while it is open.
    public var closed: PromptEnd?

    /// Whether it takes answers.
    public var isOpen: Bool { closed == nil }
}

/// How a prompt ended.
public struct PromptEnd: Hashable, Sendable {
    /// How many answers were delivered; 0 where they were discarded.
    public var answers: Int
    /// When.
    public var at: Timestamp
}

extension RoomLimits {
    /// From how many answers on they are delivered.
    public static let answersLeast = 5
    /// How many prompts of a room may be open at once.
    public static let promptsOpenMax = 8
    /// For how long a prompt takes answers at most: a day, so that its key is never too old.
    public static let promptMillisecondsMax: Int64 = 24 * 3_600_000
}

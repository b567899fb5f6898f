// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// A release that an author asked for, and what came of it as far as this device has read.
public struct ReleaseRequest: Hashable, Sendable {
    /// What a person answered.
    struct Answer: Hashable, Sendable {
        /// The number of the answer.
        var number: UInt64
        var device: DeviceID
        /// The signed yes; `nil` where it is a no.
        var signature: [UInt8]?
    }

    /// Where the line stands, and the request with it.
    public var key: TranscriptKey
    /// The request's number there.
    public var number: UInt64
    /// When it was asked.
    public var at: Timestamp
    /// Who asked: the author.
    public var asker: PersonID
    /// The line's number.
    public var line: UInt64
    /// For whom it is to be.
    public var target: TranscriptKey
    /// The room in which it is to stand, where that is the programme's; `nil` for this one.
    public var programme: RoomID?
    /// Everybody whose yes is needed, ascending, the author among them.
    public var persons: [PersonID]
    /// Whether it was released.
    public internal(set) var isReleased = false
    /// Whether the author took the request back, or the line is gone.
    public internal(set) var isGone = false
    var device: DeviceID
    var salt: Bytes16
    var digest: Bytes32
    var answers: [PersonID: Answer] = [:]

    /// Who has said yes, ascending; the author by asking.
    public var agreed: [PersonID] {
        persons.filter { $0 == asker || answers[$0]?.signature != nil }
    }

    /// Who has said no, ascending.
    public var refused: [PersonID] {
        persons.filter { answers[$0].map { $0.signature == nil } ?? false }
    }

    /// Who has not answered, ascending.
    public var awaited: [PersonID] { persons.filter { $0 != asker && answers[$0] == nil } }

    /// Whether something can still come of it.
    public var isOpen: Bool { !isReleased && !isGone }

    /// Whether all have said yes and it was not released yet.
    var isReady: Bool { isOpen && agreed == persons }

    /// Tells whether it waits for this person's answer.
    public func awaits(_ person: PersonID) -> Bool { isOpen && awaited.contains(person) }
}

/// Something that happened to a release.
public struct ReleaseChange: Hashable, Sendable {
    /// What happened.
    public enum Step: Hashable, Sendable {
        /// The author asked.
        case asked
        /// Somebody whom it concerns answered.
        case answered(PersonID, yes: Bool)
        /// It was released.
        case released
        /// The author took it back, or the line is gone: nothing will be released.
        case gone
    }

    /// The release as it stands now.
    public var request: ReleaseRequest
    /// What happened.
    public var step: Step
    /// Whether it happened after ``RoomHappening/caughtUp``.
    public var isNew: Bool
}

/// Whether those agreed of whom a released line says so.
public enum ReleaseStanding: Hashable, Sendable {
    /// All of them, the author among them.
    case agreed([PersonID])
    /// Not all, or not to this: the line counts as one that was never released.
    case unproved
}

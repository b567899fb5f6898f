// SPDX-License-Identifier: Apache-2.0

/// What kind of thing a person put down; the server sees it.
///
/// - Source: DESIGN.md D12; the numbers stand on the wire.
public enum EntryKind: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// A statement.
    case say = 1
    /// A question.
    case ask = 2
    /// An answer.
    case answer = 3
    /// Saying back what was heard.
    case reflect = 4
    /// An alternative.
    case suggest = 5
    /// A resource or help.
    case offer = 6
    /// Feedback.
    case feedback = 7
    /// Thanks.
    case thanks = 8
    /// A promise.
    case commit = 9
    /// A note; everything in `own` is one.
    case note = 10
    /// An assessment of a coach.
    case assess = 11
    /// Consent to a release.
    case consent = 12
    /// Taking one's own entry back.
    case withdraw = 13
    /// Older keys for a newcomer.
    case grant = 14
    /// A text of the room: agreement, purpose, link, reason.
    case paper = 15

    /// Whether the floor decides who may post it; it does not for 12 to 15.
    public var needsFloor: Bool { rawValue < EntryKind.consent.rawValue }
}

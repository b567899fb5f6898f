// SPDX-License-Identifier: Apache-2.0

/// When what was said goes away by itself.
///
/// Server and clients go by the same rule: the server erases what is over, a client shows and
/// keeps nothing of it, whatever it is sent.
///
/// - Source: DESIGN.md, Scopes, rule 6; SEALING.md 3.7.
public enum Retention {
    /// The longest span; a policy that names more means this.
    public static let daysMax: UInt32 = 36_500
    /// So much longer than what stands under it a key is kept: no entry may stand under a key
    /// that is older.
    public static let keyMilliseconds: Int64 = 25 * 3_600_000
    private static let dayMilliseconds: Int64 = 86_400_000

    /// Gives how long what is said in a scope is kept; `nil` where until its author erases it.
    ///
    /// `direct` goes as turns do. At least a day is kept, so that nothing goes while it is said.
    public static func milliseconds(of scope: Scope, under policy: RoomPolicy) -> Int64? {
        let days: UInt32
        switch scope {
        case .own, .programme: return nil
        case .direct, .turn: days = policy.turnDays
        case .peers, .room: days = policy.roomDays
        }
        return Int64(min(max(days, 1), daysMax)) * dayMilliseconds
    }

    /// Gives when what was said then is over; `nil` for never.
    public static func end(
        of at: Timestamp,
        in scope: Scope,
        under policy: RoomPolicy
    ) -> Timestamp? {
        milliseconds(of: scope, under: policy).map { at.adding(milliseconds: $0) }
    }

    /// Tells whether what was said then is over by now.
    public static func isOver(
        _ at: Timestamp,
        in scope: Scope,
        under policy: RoomPolicy,
        at now: Timestamp
    ) -> Bool {
        end(of: at, in: scope, under: policy).map { $0 <= now } ?? false
    }

    /// Tells whether a kind stays as long as the room: the room's own texts, by which it goes.
    public static func outlives(_ kind: EntryKind, in scope: Scope) -> Bool {
        kind == .paper && scope == .room
    }
}

extension Room {
    /// What the roster says about keeping and showing.
    public var policy: RoomPolicy { roster?.policy ?? .standard }
}

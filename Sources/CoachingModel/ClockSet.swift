// SPDX-License-Identifier: Apache-2.0

/// A change of the clock.
public struct ClockSet: Codable, Hashable, Sendable {
    /// Why it changed.
    public var cause: ClockCause
    /// The pod, or `nil` for all.
    public var pod: UInt8?
    /// When the phase ends now; `nil` while the clock stands.
    public var ends: Timestamp?
    /// What is left of the phase in milliseconds while the clock stands.
    public var left: Int64?

    enum CodingKeys: Int, CodingKey {
        case cause = 0
        case pod = 1
        case ends = 2
        case left = 3
    }

    /// Makes the payload.
    public init(cause: ClockCause, pod: UInt8?, ends: Timestamp?, left: Int64?) {
        self.cause = cause
        self.pod = pod
        self.ends = ends
        self.left = left
    }
}

/// Why a clock changed.
public enum ClockCause: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// The facilitator or the host stopped it.
    case paused = 1
    /// It goes on.
    case resumed = 2
    /// It got more time.
    case extended = 3
    /// The server was away too long; somebody must resume or end.
    case interrupted = 4
    /// The pod's last phase is over; it waits for the other pods of the round.
    case through = 5
    /// The phase's time is up, and it goes on until who keeps the time, or what it asks for, ends
    /// it.
    case held = 6
    /// The facilitator is not reached, and the format waits for them.
    case awaiting = 7
}

// SPDX-License-Identifier: Apache-2.0

/// How long to wait between tries to connect: twice as long each time, never at the same moment
/// as others.
///
/// - Shape: half of the step is fixed, the other half drawn, so that a server that comes back is
///   not met by everybody at once.
/// - Units: milliseconds.
public struct Backoff: Hashable, Sendable {
    /// The first step.
    public static let leastMilliseconds: UInt64 = 500
    /// The longest step.
    public static let mostMilliseconds: UInt64 = 30_000

    private var step = Backoff.leastMilliseconds

    /// Starts with the shortest step.
    public init() {}

    /// Gives the next wait.
    ///
    /// - Parameter random: 64 random bits.
    /// - Returns: half of the step, and of the other half as much as was drawn.
    public mutating func next(random: UInt64) -> Duration {
        let half = step / 2
        let wait = half + random % (half + 1)
        step = min(step * 2, Self.mostMilliseconds)
        return .milliseconds(Int64(wait))
    }

    /// Starts anew after a connection that stood.
    public mutating func reset() { step = Self.leastMilliseconds }
}

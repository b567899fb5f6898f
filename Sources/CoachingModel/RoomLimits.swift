// SPDX-License-Identifier: Apache-2.0

/// The bounds of a room's rules; a server may set others within what is said at each.
///
/// - Source: DESIGN.md D21.
public struct RoomLimits: Hashable, Sendable {
    /// How many people a room may have.
    public var peopleMax: Int
    /// How many devices a person may have.
    public var devicesMax: Int

    /// Makes limits; more than ``peopleBound`` people or ``devicesBound`` devices are cut to these.
    public init(peopleMax: Int, devicesMax: Int) {
        self.peopleMax = min(max(peopleMax, 1), RoomLimits.peopleBound)
        self.devicesMax = min(max(devicesMax, 1), RoomLimits.devicesBound)
    }

    /// 24 people, 8 devices each.
    public static let standard = RoomLimits(peopleMax: 24, devicesMax: 8)

    /// How many people a room may have whatever is configured.
    public static let peopleBound = 100
    /// How many devices a person may have whatever is configured.
    public static let devicesBound = 32
    /// How many marks an event may carry, so that it fits a frame.
    public static let marksMax = 1_024
    /// How many devices may stand in a roster as excluded.
    public static let excludedDevicesMax = 800
    /// How many devices a person may have revoked.
    public static let revokedMax = 64
    /// By how much minutes may be divided.
    public static let paceMax: UInt16 = 600
    /// How many seats (people times rounds) a plan may have, so that it fits a frame.
    public static let seatsMax = 2_400
    /// How many rounds a session may come to.
    public static let roundsMax = 100
    /// How much one `extend` may add: 4 hours.
    public static let extensionMillisecondsMax: Int64 = 4 * 3_600_000
    /// How far ahead a phase's end may be moved: a day.
    public static let phaseMillisecondsMax: Int64 = 24 * 3_600_000
    /// How long the server may be away before a running session counts as interrupted: a minute.
    public static let absenceMilliseconds: Int64 = 60_000
    /// How many phases one `wake` ends at most; the rest is for the next.
    public static let phasesPerWakeMax = 64
}

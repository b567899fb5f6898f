// SPDX-License-Identifier: Apache-2.0

/// The bounds that a server announces in its first frame and holds.
///
/// - Units: counts, bytes, milliseconds, as the names say.
/// - Source: Protocol/spec.md, Limits; DESIGN.md D21.
public struct WireLimits: Codable, Hashable, Sendable {
    /// The longest frame body.
    public var frameBytesMax: UInt32
    /// The longest text of an entry, in bytes of UTF-8.
    public var textBytesMax: UInt32
    /// The most people in a room.
    public var peopleMax: UInt32
    /// The most devices of a person.
    public var devicesMax: UInt32
    /// The most connections of a device at once.
    public var connectionsMax: UInt32
    /// The most frames in one page of history.
    public var historyFramesMax: UInt32

    enum CodingKeys: Int, CodingKey {
        case frameBytesMax = 0
        case textBytesMax = 1
        case peopleMax = 2
        case devicesMax = 3
        case connectionsMax = 4
        case historyFramesMax = 5
    }

    /// Makes the limits.
    public init(
        frameBytesMax: UInt32 = 69_632,
        textBytesMax: UInt32 = 8_000,
        peopleMax: UInt32 = 24,
        devicesMax: UInt32 = 8,
        connectionsMax: UInt32 = 4,
        historyFramesMax: UInt32 = 200
    ) {
        self.frameBytesMax = frameBytesMax
        self.textBytesMax = textBytesMax
        self.peopleMax = peopleMax
        self.devicesMax = devicesMax
        self.connectionsMax = connectionsMax
        self.historyFramesMax = historyFramesMax
    }
}

// SPDX-License-Identifier: Apache-2.0

/// How much the directory takes; a configuration may change each.
///
/// - Source: DESIGN.md D21, SECURITY.md section 5.
public struct DirectoryLimits: Hashable, Sendable {
    /// People in the programme.
    public var participantsMax = 100_000
    /// People added at once.
    public var participantsAtOnceMax = 500
    /// Open rooms.
    public var roomsMax = 10_000
    /// People proposed for one room.
    public var proposedInRoomMax = 100
    /// Devices of a person that are active or waiting.
    public var devicesMax = 8
    /// Devices that a person may ever have had; also how many a list may name as revoked.
    public var devicesEverMax = 256
    /// Open invites of somebody who is no administrator.
    public var invitesOpenMax = 20
    /// How many days an invite is open where nobody says.
    public var inviteDaysDefault: UInt32 = 3
    /// The most days for which an invite may be open.
    public var inviteDaysMax: UInt32 = 7
    /// How long an invite for a further device is open, in milliseconds.
    public var deviceInviteMs: Int64 = 15 * 60_000
    /// How long after an invite's end a lost answer is given again, in milliseconds.
    public var answerAgainMs: Int64 = 15 * 60_000
    /// How far ahead a facilitator's end date may be, in milliseconds.
    public var endDateAheadMsMax: Int64 = 3_653 * 86_400_000
    /// Bytes of a signed body (device list, encryption key, voucher).
    public var signedBytesMax = 65_536
    /// Formats of the programme's own.
    public var formatsMax = 100
    /// Bytes of one of them on the wire.
    public var formatBytesMax = 32_768
    /// Bytes of a certificate.
    public var certificateBytesMax = 4_096

    /// Makes the default limits.
    public init() {}
}

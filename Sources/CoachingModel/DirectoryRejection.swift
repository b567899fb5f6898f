// SPDX-License-Identifier: Apache-2.0

/// Why the directory refuses.
///
/// The numbers stand on the wire (64 to 127) and are never used again. Who is entitled to know that a thing exists is told the rule; everybody else is told
/// `notFound`, whatever the cause.
///
/// - Source: DESIGN.md D23; Protocol/spec.md, Refusals.
public enum DirectoryRejection: UInt16, Error, Codable, Hashable, Sendable, CaseIterable {
    /// There is no such thing, or none that whoever asks may know of.
    case notFound = 64
    /// Only an administrator may do this.
    case notAnAdministrator = 65
    /// The programme must keep an administrator who has a device.
    case lastAdministrator = 66
    /// It is so already; nothing would change.
    case unchanged = 67
    /// The name of a person is empty, too long, or holds what cannot be seen.
    case nameInvalid = 68
    /// Another participant has this name.
    case nameTaken = 69
    /// The department is empty, too long, or holds what cannot be seen.
    case departmentInvalid = 70
    /// The mail address is not one.
    case addressInvalid = 71
    /// The identifier is in use, or was, or is reserved.
    case identifierTaken = 72
    /// The programme would have more people than it may.
    case tooManyParticipants = 73
    /// The name of a room is empty, too long, cannot be typed, or holds what cannot be seen.
    case roomNameInvalid = 74
    /// Another open room has this name.
    case roomNameTaken = 75
    /// The programme would have more open rooms than it may.
    case tooManyRooms = 76
    /// The room is closed.
    case roomClosed = 77
    /// The participant is proposed for the room already.
    case alreadyProposed = 78
    /// The participant is not proposed for the room.
    case notProposed = 79
    /// The room would have more people proposed than it may.
    case tooManyProposed = 80
    /// An end date is a facilitator's, lies ahead, and within ten years.
    case endDateOutOfBounds = 81
    /// The participant has enrolled already.
    case alreadyEnrolled = 82
    /// The participant has an open invite that whoever asks may not replace.
    case alreadyInvited = 83
    /// Whoever asks has as many open invites as they may have.
    case tooManyInvites = 84
    /// An invite is open for one to seven days.
    case daysOutOfBounds = 85
    /// The invite has been used.
    case inviteUsed = 86
    /// Who made the invite may no longer, or has lost the device that made it: make a new one.
    case inviterGone = 87
    /// The device list does not follow from the one in force.
    case deviceListConflict = 88
    /// The person would have more devices than they may.
    case tooManyDevices = 89
    /// The device does not count any more, and never will again.
    case deviceRevoked = 90
    /// The device has been revoked already.
    case alreadyRevoked = 91
    /// The encryption key is not newer than the one in force.
    case encryptionKeyConflict = 92
    /// A list or a value has more or fewer bytes or entries than it may.
    case outOfBounds = 93
    /// No administrator has opened the programme's room yet.
    case noProgramme = 94
    /// The format cannot be run, or is longer than one of a programme may be.
    case formatInvalid = 95
    /// What is kept in new rooms is kept for 1 to 36,500 days.
    case policyOutOfBounds = 96
    /// A format that comes with the program has this name.
    case formatNameTaken = 97
    /// The programme would have more formats of its own than it may.
    case tooManyFormats = 98
}

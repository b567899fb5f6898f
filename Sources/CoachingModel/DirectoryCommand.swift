// SPDX-License-Identifier: Apache-2.0

/// What somebody asks of the directory.
///
/// Signatures in it have been checked before it gets here.
public enum DirectoryCommand: Hashable, Sendable {
    /// Add people, all or none. Refused for the first that is wrong, which
    /// ``Directory/firstMistake(in:)`` names.
    case addParticipants([NewParticipant])
    /// Give a participant another name.
    case renameParticipant(ParticipantID, to: String)
    /// Remove a participant, with their invites, proposals, rights and devices.
    case removeParticipant(ParticipantID)
    /// Make a participant an administrator.
    case makeAdministrator(ParticipantID)
    /// End an administrator's rights.
    case endAdministrator(ParticipantID)
    /// Invite an administrator who need not exist yet (the operator's own).
    case inviteAdministrator(AdministratorInvite)
    /// Set up a room.
    case addRoom(RoomID, name: String)
    /// Close a room for good.
    case closeRoom(RoomID)
    /// Say that somebody shall be in a room; from an administrator also as something else or
    /// until another day.
    case propose(RoomID, ParticipantID, Membership, until: Timestamp?)
    /// Say that somebody shall not be in a room any more; of oneself: decline or leave.
    case withdrawProposal(RoomID, ParticipantID)
    /// Agree to be in a room; nothing happens where one has already.
    case accept(RoomID)
    /// End the facilitators whose end date has come (the server's own).
    case endFacilitators
    /// Invite a participant to enrol; a keeper names the room. Days `nil`: the usual ones.
    case invite(
        Bytes32,
        ParticipantID,
        days: UInt32?,
        room: RoomID?,
        by: InviterName? = nil
    )
    /// Invite a further device of one's own.
    case inviteDevice(Bytes32)
    /// Invite a further device of somebody who has lost theirs (an administrator's); it counts
    /// only with a list that the person's own key has signed.
    case inviteDeviceFor(Bytes32, ParticipantID, days: UInt32?)
    /// Open an unused invite for so many days from now.
    case renewInvite(Bytes32, days: UInt32?)
    /// Make an unused invite count no more.
    case revokeInvite(Bytes32)
    /// Say no to an invite (its bearer's).
    case declineInvite(Bytes32)
    /// Enrol with an invite. No record comes of the same again;
    /// ``Directory/answer(to:requestKey:device:at:)`` gives the first certificate.
    case enrol(Enrolment)
    /// Come as a further device with its person's invite; the same again as above.
    case enrolDevice(DeviceEnrolment)
    /// Come as a further device and bring the next device list, signed by the person's own key;
    /// the same again as above.
    case recoverDevice(DeviceEnrolment, DeviceListed, previous: Bytes32)
    /// Put one's next device list in force; `previous` is the hash that stands inside.
    case listDevices(DeviceListed, previous: Bytes32)
    /// Make a device count no more: one's own or, by an administrator, any.
    case revokeDevice(DeviceID)
    /// Give one's own device another certificate.
    case renewCertificate([UInt8])
    /// Announce another encryption key of one's own device.
    case announceEncryptionKey(SignedBytes, version: UInt32)
    /// Vouch for somebody whom one has invited.
    case vouch(PersonID, SignedBytes, introduction: Bytes32)
    /// Say with which policy new rooms begin; rooms that there are stay as they are.
    case setDefaults(RoomPolicy)
    /// Add a format for everybody, or put another version in its place; an administrator's.
    case addFormat(SessionFormat)
    /// Remove a format of the programme's own; sessions that run go on.
    case removeFormat(String)
    /// Open the room in which administrators read what is released; an administrator's.
    case openProgramme(RoomID)
    /// Have a place in the programme's room, to release something there.
    case contribute
}

/// What the operator asks for the first or a lost administrator.
public struct AdministratorInvite: Hashable, Sendable {
    /// The participant's identifier, if there is none with the name.
    public var participant: ParticipantID
    /// The administrator's name.
    public var name: String
    /// The hash of what the invite's bearer shows.
    public var invite: Bytes32
    /// How many days it is open; `nil`: the usual ones.
    public var days: UInt32?
    /// Whether the administrators that there are shall be none any more, and an enrolled
    /// participant of this name be removed: they are lost.
    public var isReplacing: Bool

    /// Makes a request.
    public init(
        participant: ParticipantID,
        name: String,
        invite: Bytes32,
        days: UInt32? = nil,
        isReplacing: Bool
    ) {
        self.participant = participant
        self.name = name
        self.invite = invite
        self.days = days
        self.isReplacing = isReplacing
    }
}

/// Who asks something of the directory.
///
/// The state has the last word: a device that does not count, or a participant who is no
/// administrator, is refused whatever the caller says.
public enum DirectoryActor: Hashable, Sendable {
    /// An administrator through one of their devices.
    case administrator(ParticipantID, DeviceID)
    /// A person through one of their devices, with the rooms in which they admit others.
    case person(ParticipantID, PersonID, DeviceID, keeperOf: Set<RoomID>)
    /// The bearer of an invite, or anybody.
    case stranger
    /// Whoever has the server's command line.
    case `operator`
    /// The server itself.
    case server
}

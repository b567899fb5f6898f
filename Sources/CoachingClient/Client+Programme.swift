// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
public import CoachingWire

/// An invite that was just made, to be handed over.
public struct ReadyInvite: Hashable, Sendable, CustomStringConvertible {
    /// The line to paste.
    public var line: String
    /// For whom, by name.
    public var name: String
    /// Under which the server knows it.
    public var hash: Bytes32
    /// When it ends.
    public var expires: Timestamp

    /// Names the person alone, so that no log holds the secret.
    public var description: String { "ReadyInvite(\(name))" }
}

/// Somebody to add to the programme.
public struct PersonToAdd: Hashable, Sendable {
    /// Their name.
    public var name: String
    /// Where they work.
    public var department: String?
    /// Where mail goes.
    public var address: String?

    /// Makes the description.
    public init(name: String, department: String? = nil, address: String? = nil) {
        self.name = name
        self.department = department
        self.address = address
    }
}

extension Client {
    /// How many days an invite holds where nothing else is said.
    public static let inviteDaysDefault: UInt32 = 3

    // MARK: People

    /// Lists everybody by name; for administrators.
    public func people() async throws(ClientError) -> [PersonSummary] {
        guard case .people(let people) = try await ask(.people) else { throw .unexpectedAnswer }
        return people.sorted { ($0.name, $0.participant) < ($1.name, $1.participant) }
    }

    /// Adds people, all or none; for administrators.
    ///
    /// - Returns: their identifiers, in the same order.
    @discardableResult
    public func addPeople(
        _ people: [PersonToAdd]
    ) async throws(ClientError) -> [ParticipantID] {
        let new = people.map { person in
            NewParticipant(
                participant: ParticipantID(environment.bytes16()),
                name: person.name,
                department: person.department,
                address: person.address
            )
        }
        try await done(.directory(.addPeople(new)))
        return new.map(\.participant)
    }

    /// Gives a person another name; for administrators.
    ///
    /// In a room that they are in, their name stays the one that was signed when they were let in.
    public func renamePerson(
        _ participant: ParticipantID,
        to name: String
    ) async throws(ClientError) {
        try await done(.directory(.renamePerson(NewName(participant: participant, name: name))))
    }

    /// Takes a person out of the programme; for administrators, or oneself.
    public func removePerson(_ participant: ParticipantID) async throws(ClientError) {
        try await done(.directory(.removePerson(participant)))
    }

    /// Makes a person an administrator, or ends that; for administrators.
    ///
    /// Who makes one by name confirms by that that they read what is released to the programme.
    public func setAdministrator(
        _ participant: ParticipantID,
        named name: String? = nil,
        _ isAdministrator: Bool
    ) async throws(ClientError) {
        try await done(
            .directory(
                isAdministrator
                    ? .makeAdministrator(participant) : .endAdministrator(participant)
            )
        )
        // Not by the server's word alone: the room must say of itself what it is.
        guard let room = try? await programme().room else { return }
        try change { profile in
            profile.confirmed.removeAll { $0.room == room && $0.participant == participant }
            guard isAdministrator, let name else { return }
            profile.confirmed.append(
                ConfirmedPlace(
                    room: room,
                    participant: participant,
                    membership: .facilitator,
                    name: name
                )
            )
        }
    }

    /// Gives counts, never words; for administrators.
    public func status() async throws(ClientError) -> StatusCounts {
        guard case .status(var counts) = try await ask(.status) else { throw .unexpectedAnswer }
        counts.rooms.sort { ($0.name, $0.room) < ($1.name, $1.room) }
        return counts
    }

    /// Gives all that the server's directory holds about oneself.
    public func aboutMe() async throws(ClientError) -> AboutMe {
        guard case .about(let about) = try await ask(.about) else { throw .unexpectedAnswer }
        return about
    }

    // MARK: Rooms

    /// Lists one's own rooms, also those one is only proposed for; not the programme's.
    public func rooms() async throws(ClientError) -> [RoomSummary] {
        try await allRooms().filter { $0.isProgramme != true }
    }

    /// Gives the programme's room, where one reads or releases something there.
    public func programmeRoom() async throws(ClientError) -> RoomSummary? {
        try await allRooms().first { $0.isProgramme == true }
    }

    /// Lists one's own rooms and the programme's.
    public func allRooms() async throws(ClientError) -> [RoomSummary] {
        guard case .rooms(let rooms) = try await ask(.rooms) else { throw .unexpectedAnswer }
        let mine = Set(rooms.filter { $0.stage == .admitted }.map(\.room))
        for known in profile.rooms where !mine.contains(known.room) { noteLeft(known.room) }
        return rooms.sorted { ($0.name, $0.room) < ($1.name, $1.room) }
    }

    /// Makes a room; for administrators.
    @discardableResult
    public func addRoom(_ name: String) async throws(ClientError) -> RoomID {
        let room = RoomID(environment.bytes16())
        try await done(.directory(.addRoom(NamedRoom(room: room, name: name))))
        return room
    }

    /// Closes a room for good; for administrators.
    public func closeRoom(_ room: RoomID) async throws(ClientError) {
        try await done(.directory(.closeRoom(room)))
    }

    /// Proposes a person for a room; for administrators and those who let people in there.
    ///
    /// Who proposes somebody by name confirms by that: the person is let in without a further
    /// question where the proposer is one who lets people in.
    public func propose(
        _ participant: ParticipantID,
        named name: String? = nil,
        for room: RoomID,
        as membership: Membership = .peer,
        until: Timestamp? = nil
    ) async throws(ClientError) {
        let proposal = RoomProposal(
            room: room,
            participant: participant,
            membership: membership,
            until: until
        )
        try await done(.directory(.propose(proposal)))
        guard let name else { return }
        let place = ConfirmedPlace(
            room: room,
            participant: participant,
            membership: membership,
            name: name
        )
        try change { profile in
            if !profile.confirmed.contains(place) { profile.confirmed.append(place) }
        }
    }

    /// Takes a person's proposal for a room back, and with it their place.
    public func withdraw(
        _ participant: ParticipantID,
        from room: RoomID
    ) async throws(ClientError) {
        try await done(
            .directory(.withdrawProposal(RoomPlace(room: room, participant: participant)))
        )
        try change { profile in
            profile.confirmed.removeAll { $0.room == room && $0.participant == participant }
        }
    }

    /// Says yes to a proposal for oneself.
    public func accept(_ room: RoomID) async throws(ClientError) {
        try await done(.directory(.accept(room)))
    }

    /// Lists who is proposed for a room and not in; for those who let people in there.
    public func lobby(of room: RoomID) async throws(ClientError) -> [Candidate] {
        guard case .lobby(let lobby) = try await ask(.lobby(room)) else {
            throw .unexpectedAnswer
        }
        return lobby.candidates
    }

    // MARK: Invites

    /// Lists invites to enrol that nobody has used; for administrators.
    public func invites() async throws(ClientError) -> [InviteSummary] {
        guard case .invites(let invites) = try await ask(.invites) else {
            throw .unexpectedAnswer
        }
        return invites.sorted { ($0.name, $0.participant) < ($1.name, $1.participant) }
    }

    /// Makes an invite for a person; the secret is kept here and never comes to the server.
    ///
    /// - Parameters:
    ///   - participant: for whom.
    ///   - name: their name, for the lines that are shown.
    ///   - days: how long it holds, 1 to 7.
    ///   - room: the room, where one invites as one who lets people in there; its beginning is
    ///     then pinned in the invite.
    /// - Returns: the line to hand over.
    /// - Throws: ``ClientError``; after a refusal nothing of the invite is kept.
    public func invite(
        _ participant: ParticipantID,
        name: String,
        days: UInt32 = inviteDaysDefault,
        room: RoomID? = nil
    ) async throws(ClientError) -> ReadyInvite {
        let genesis = room.flatMap { room in profile.rooms.first { $0.room == room }?.genesis }
        if room != nil, genesis == nil {
            throw ClientError(
                .invalid,
                "This device has not been in that room yet.",
                hint: "Go into the room once, then invite."
            )
        }
        let kind: Invite.Kind = genesis.map { .member(genesis: $0) } ?? .person
        let invite = try newInvite(kind)
        let expires = environment.now().adding(milliseconds: Int64(days) * 86_400_000)
        let made = MadeInvite(
            hash: invite.keys.authHash,
            secret: invite.secret,
            name: name,
            participant: participant,
            expires: expires,
            genesis: genesis
        )
        // Kept first: an invite whose secret was lost could never be vouched for.
        try change { $0.invites.append(made) }
        let new = NewInvite(
            hash: made.hash,
            participant: participant,
            days: days,
            room: room,
            inviter: invite.keys.inviterName(profile.name)
        )
        do {
            try await done(.directory(.invite(new)))
        } catch {
            if error.code == .refused {
                try change { $0.invites.removeAll { $0.hash == made.hash } }
            }
            throw error
        }
        return ReadyInvite(
            line: invite.encoded(),
            name: name,
            hash: made.hash,
            expires: expires
        )
    }

    /// Gives an invite more time; where this device made it, also its line again.
    @discardableResult
    public func renewInvite(
        _ hash: Bytes32,
        days: UInt32 = inviteDaysDefault
    ) async throws(ClientError) -> ReadyInvite? {
        try await done(.directory(.renewInvite(InviteTerm(hash: hash, days: days))))
        let expires = environment.now().adding(milliseconds: Int64(days) * 86_400_000)
        try change { profile in
            for index in profile.invites.indices where profile.invites[index].hash == hash {
                profile.invites[index].expires = expires
            }
        }
        return try line(ofInvite: hash)
    }

    /// Gives the line of an invite that this device made, to hand it over again.
    public func line(ofInvite hash: Bytes32) throws(ClientError) -> ReadyInvite? {
        guard let made = profile.invites.first(where: { $0.hash == hash }),
            let address = profile.address, made.participant != nil
        else { return nil }
        let invite = Invite(
            kind: made.genesis.map { .member(genesis: $0) } ?? .person,
            authority: profile.authority,
            secret: made.secret,
            address: address
        )
        return ReadyInvite(
            line: invite.encoded(),
            name: made.name,
            hash: hash,
            expires: made.expires
        )
    }

    /// Ends an invite that nobody has used.
    public func revokeInvite(_ hash: Bytes32) async throws(ClientError) {
        try await done(.directory(.revokeInvite(hash)))
        try change { $0.invites.removeAll { $0.hash == hash } }
    }

    func newInvite(_ kind: Invite.Kind) throws(ClientError) -> Invite {
        guard let address = profile.address else {
            throw ClientError(.profile, "The server's address in this profile is damaged.")
        }
        return Invite(
            kind: kind,
            authority: profile.authority,
            secret: environment.bytes16(),
            address: address
        )
    }

    /// Changes the profile on disk and takes over what other processes wrote.
    func change(_ change: (inout Profile) -> Void) throws(ClientError) {
        profile = try folder.update(change)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
import CoachingWire

/// What waits for the client to do by itself.
///
/// - Isolation: confined to the client.
struct ChoreState {
    /// Counts what was asked for; what is done is behind it.
    var asked: UInt64 = 0
    var done: UInt64 = 0
    var waiting = Waiting()
    /// Counts how often a waiting device was told.
    var devicePushes: UInt64 = 0
    /// Rooms that one was let into since the start.
    var admitted: Set<RoomID> = []
    /// Rooms in which keys are being asked for or given.
    var exchanging: Set<RoomID> = []
    /// Rooms in which releases are being settled.
    var releasing: Set<RoomID> = []
    /// On which connection it was looked what came of the releases that were asked for.
    var lookedForReleases: UInt64?
    /// Rooms in which is put right what a restored server has forgotten.
    var healing: Set<RoomID> = []
    /// Whether invites that were used are to be ended once more.
    var endsUsedInvites = false
    /// Whether encryption keys are being deleted ahead of their time.
    var isRetiring = false
    /// What was said already, so that it is not said with every connection.
    var told: Set<String> = []
}

/// Somebody on a proposed list that the owner has not confirmed yet.
public struct UnconfirmedPerson: Hashable, Sendable {
    /// The person in the directory.
    public var participant: ParticipantID
    /// Their name.
    public var name: String
    /// As what they are proposed.
    public var membership: Membership
    /// Who proposed them.
    public var proposer: String
    /// Whether they said yes.
    public var accepted: Bool
    /// Who vouches for them, where this device can tell.
    public var vouchedBy: String?
    /// What speaks against them: that they were vouched for under another name.
    public var warning: String?
}

extension Client {
    /// Waits until what the client does by itself is done, for at most some seconds.
    public func finishChores() async {
        _ = await until(ticks: 20) { chores.done >= chores.asked || wire?.ready == nil }
    }

    /// Opens a room for the first time as its first member: signs who is in (oneself), posts the
    /// agreement's text and proposes it.
    ///
    /// - Parameters:
    ///   - room: a room whose stage is `founding`.
    ///   - agreement: the text of the first agreement.
    ///   - policy: how long lines are kept and who else may read them, as it was shown.
    /// - Throws: ``ClientError``; ``ClientError/Code/invalid`` where somebody was first.
    public func found(
        _ room: RoomID,
        agreement: String,
        policy: RoomPolicy = .standard
    ) async throws(ClientError) {
        try Self.check(policy)
        try await signGenesis(of: room, policy)
        let session = try await enter(room, depth: .log)
        defer { dropView(room) }
        try await session.caughtUp()
        try await session.proposeAgreement(agreement)
    }

    /// Lists who is proposed for a room and would be let in, but is on no list that the owner has
    /// confirmed; for those who let people in there.
    public func needsConfirmation(
        _ room: RoomID
    ) async throws(ClientError) -> [UnconfirmedPerson] {
        let profile = profile
        return try await lobby(of: room).compactMap { candidate in
            let place = ConfirmedPlace(candidate, in: room)
            guard !profile.confirmed.contains(place) else { return nil }
            return UnconfirmedPerson(
                participant: candidate.participant,
                name: candidate.name,
                membership: candidate.membership,
                proposer: candidate.proposer,
                accepted: candidate.accepted,
                vouchedBy: Admission.voucher(for: candidate, trust: trust())?.name,
                warning: Self.warning(candidate, trust())
            )
        }
    }

    /// Confirms people of a proposed list, as they were shown; they are let in by themselves
    /// once they have said yes and somebody known vouches for them.
    public func confirm(
        _ people: [UnconfirmedPerson],
        for room: RoomID
    ) async throws(ClientError) {
        try change { profile in
            for person in people {
                profile.confirmed.removeAll {
                    $0.room == room && $0.participant == person.participant
                }
                profile.confirmed.append(
                    ConfirmedPlace(
                        room: room,
                        participant: person.participant,
                        membership: person.membership,
                        name: person.name
                    )
                )
            }
        }
        chores.asked += 1
        changed.fire()
    }

    /// Lets one person in at once, on one's own word: also without a voucher that this device
    /// knows.
    public func admit(
        _ participant: ParticipantID,
        to room: RoomID
    ) async throws(ClientError) {
        let candidates = try await lobby(of: room).filter { $0.participant == participant }
        guard let candidate = candidates.first else {
            throw ClientError(.noSuchName, "This person does not wait there.")
        }
        guard candidate.accepted, candidate.deviceList != nil else {
            throw ClientError(.invalid, "\(candidate.name) has not said yes yet.")
        }
        _ = try await admit([candidate], to: room, isAsked: true)
    }

    /// Takes a person's place in a room away; of oneself: leaves.
    public func exclude(_ person: PersonID, from room: RoomID) async throws(ClientError) {
        try await done(.room(RoomRequest(room: room, act: .exclude(person))))
        if person == keys.person { noteLeft(room) }
    }

    /// Tells whether one was let into a room since this client started.
    public func wasAdmitted(_ room: RoomID) -> Bool { chores.admitted.contains(room) }

    /// Waits in the lobby until one is let in.
    ///
    /// - Throws: ``ClientError`` where the connection ends for good.
    public func awaitAdmission(_ room: RoomID) async throws(ClientError) {
        while true {
            _ = try await ready()
            let connection = connections
            do throws(ClientError) {
                let stage = try await rooms().first { $0.room == room }?.stage
                if stage == .admitted { return }
                guard stage != nil else {
                    throw ClientError(.refused, "You are not proposed for this room any more.")
                }
            } catch {
                guard error.isCut else { throw error }
            }
            _ = await until(ticks: 120) {
                chores.admitted.contains(room) || connections != connection
            }
            guard !Task.isCancelled else { throw .cancelled }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingSeal
import CoachingWire

/// Somebody who reads what is released to the programme.
public struct ProgrammeReader: Hashable, Sendable {
    /// The administrator.
    public var person: PersonID
    /// Their name, as it was signed.
    public var name: String
    /// Whether it is oneself, or somebody who has proved their identity to this device by the
    /// invite that passed between the two.
    public var isProved: Bool
}

/// The programme's room, as somebody sees it who is about to release something there.
public struct ProgrammeView: Hashable, Sendable {
    /// The room.
    public var room: RoomID
    /// Who reads what is released there: the administrators.
    public var readers: [ProgrammeReader]
    /// Whether the owner has agreed to release to it before.
    public var isAccepted: Bool
    /// Whether the owner has agreed to release to another one before: the programme was begun
    /// anew, or somebody stands in between.
    public var isAnother: Bool
    var genesis: Bytes32
}

extension Client {
    // MARK: Opening it

    /// Opens the programme's room, or is the first in it; a chore of administrators.
    func openProgramme() async throws(ClientError) {
        guard profile.deviceList != nil else { return }
        var own = try await programmeRoom()
        if own == nil {
            let room = RoomID(environment.bytes16())
            do throws(ClientError) {
                try await done(.directory(.openProgramme(room)))
            } catch {
                // Another administrator was faster.
                guard error.code == .refused else { throw error }
            }
            own = try await programmeRoom()
        }
        guard let own, own.stage == .founding, own.membership == .facilitator else { return }
        do throws(ClientError) {
            try await signGenesis(of: own.room, .standard, isProgramme: true)
        } catch {
            guard error.code == .refused || error.code == .invalid else { throw error }
            return
        }
        try notePins(of: own.room)
        show("What people release to the programme you read from now on: peercoach released")
    }

    private func notePins(of room: RoomID) throws(ClientError) {
        guard let known = profile.rooms.first(where: { $0.room == room }) else { return }
        try change { $0.programme = known }
    }

    /// Leaves those who only want to release something and whom somebody known vouches for; in
    /// the programme's room they are let in without a question, since they read nothing by it.
    func contributors(
        among candidates: [Candidate],
        of room: RoomID
    ) async throws(ClientError) -> [Candidate] {
        let trust = trust()
        let known = candidates.filter { candidate in
            candidate.accepted && candidate.membership == .peer
                && Admission.check(candidate, trust: trust)?.voucher != nil
        }
        guard !known.isEmpty else { return [] }
        let session = try await enter(room)
        defer { dropView(room) }
        try await session.caughtUp()
        // The server's word alone makes no room the programme's.
        return try roomState(room).isProgramme ? known : []
    }

    // MARK: Releasing to it

    /// Has a place in the programme's room, to release something there.
    ///
    /// An administrator's program lets one in by itself.
    ///
    /// - Parameter ticks: for how many ticks of the clock it waits for one.
    /// - Throws: `refused` where nobody has opened the room, `tryLater` where no administrator's
    ///   program is there.
    public func joinProgramme(ticks: UInt64 = 6) async throws(ClientError) {
        if try await programmeRoom()?.stage == .admitted { return }
        try await done(.directory(.contribute))
        guard let room = try await programmeRoom() else { throw .unexpectedAnswer }
        _ = await until(ticks: ticks) { chores.admitted.contains(room.room) }
        guard try await programmeRoom()?.stage == .admitted else {
            throw ClientError(
                .tryLater,
                "Nothing is asked or released yet: an administrator's program lets you in first,"
                    + " by itself, when it is connected the next time.",
                hint: "Say the same again then."
            )
        }
    }

    /// Shows who reads what is released to the programme.
    ///
    /// - Throws: `refused` for who is not let in there, `alarm` where the room is not the
    ///   programme's, whatever the server says.
    public func programme() async throws(ClientError) -> ProgrammeView {
        guard let room = try await programmeRoom(), room.stage == .admitted else {
            throw ClientError(.refused, "You are not let into the programme's room yet.")
        }
        let session = try await enter(room.room)
        do throws(ClientError) {
            try await session.caughtUp()
            let view = try view(ofProgramme: room.room)
            await session.leave()
            return view
        } catch {
            await session.leave()
            throw error
        }
    }

    private func view(ofProgramme room: RoomID) throws(ClientError) -> ProgrammeView {
        let replica = try following(room).replica
        guard replica.room.isProgramme, let genesis = replica.genesis else {
            throw ClientError(
                .alarm,
                "The room that the server calls the programme's is not one.",
                hint: "Ask an administrator, by another way."
            )
        }
        let trust = trust()
        let readers = replica.room.programmeReaders.map { person in
            ProgrammeReader(
                person: person,
                name: replica.room.name(of: person) ?? "",
                isProved: person == keys.person || trust.known[person] != nil
            )
        }
        let accepted = profile.programme
        return ProgrammeView(
            room: room,
            readers: readers.sorted { ($0.name, $0.person) < ($1.name, $1.person) },
            isAccepted: accepted == KnownRoom(room: room, genesis: genesis),
            isAnother: accepted != nil && accepted != KnownRoom(room: room, genesis: genesis),
            genesis: genesis
        )
    }

    /// Notes that the owner agreed to release to the programme's room, as it was shown.
    public func accept(_ view: ProgrammeView) async throws(ClientError) {
        try change { $0.programme = KnownRoom(room: view.room, genesis: view.genesis) }
    }

    /// Does something in the programme's room, which must be the one that the owner agreed to.
    func inProgramme<Result: Sendable>(
        _ room: RoomID,
        _ body: () async throws(ClientError) -> Result
    ) async throws(ClientError) -> Result {
        let session = try await enter(room, depth: .everything)
        do throws(ClientError) {
            try await session.caughtUp()
            guard try view(ofProgramme: room).isAccepted else { throw .otherProgramme }
            let result = try await body()
            await session.leave()
            return result
        } catch {
            await session.leave()
            throw error
        }
    }

    /// Gives the signed lists of devices of people in a room, as far as they are known there.
    func deviceLists(of people: [PersonID], in room: RoomID) throws(ClientError) -> [SignedBytes] {
        let lists = try following(room).replica.lists
        return people.compactMap { lists[$0]?.signed }
    }
}

extension ClientError {
    /// That the programme's room is not the one that the owner agreed to release to.
    static var otherProgramme: ClientError {
        ClientError(
            .alarm,
            "The programme's room is another one than you agreed to release to. Nothing is"
                + " released.",
            hint: "Ask an administrator, by another way, whether it was begun anew."
        )
    }
}

/// Where a released line is to stand.
struct ReleasePlace: Hashable, Sendable {
    /// The room: the one where it is asked, or the programme's.
    var room: RoomID
    var key: TranscriptKey

    var transcript: TranscriptID { TranscriptID(room: room, key: key) }
}

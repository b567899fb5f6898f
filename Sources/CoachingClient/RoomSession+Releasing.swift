// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What became of a wish to release a line.
public enum ReleaseOutcome: Hashable, Sendable {
    /// It stands there, under this number.
    case released(UInt64)
    /// These people were asked, by a request of this number; it is released when all have said yes.
    case asked(UInt64, [PersonID])
}

// The room must have been read here as a whole for all of these.
extension RoomSession {
    /// Says whose yes the release of a line of one's own needs, ascending, oneself included.
    ///
    /// - Throws: `refused` where it cannot be released there.
    public func concerned(
        _ number: UInt64,
        in key: TranscriptKey,
        to target: TranscriptKey
    ) async throws(ClientError) -> [PersonID] {
        try await client.plan(number, of: key, to: target, in: room).persons
    }

    /// Releases a line of one's own: at once where it concerns nobody else, else by asking those
    /// whom it concerns.
    ///
    /// When all have said yes this device releases it by itself, also at a later connection.
    ///
    /// - Parameters:
    ///   - number: the line's number.
    ///   - key: where it stands.
    ///   - target: for whom it is to be: the peers or the room.
    ///   - shown: who was shown as reader there.
    /// - Returns: whether it stands there, or who was asked.
    /// - Throws: `refused` where it cannot be released there, `held` where somebody else would
    ///   read it.
    public func release(
        _ number: UInt64,
        of key: TranscriptKey,
        to target: TranscriptKey,
        shown: Set<PersonID>
    ) async throws(ClientError) -> ReleaseOutcome {
        try await client.release(number, of: key, to: target, shown: shown, in: room)
    }

    /// Releases a line of one's own to the programme's administrators: as above.
    ///
    /// - Parameters:
    ///   - number: the line's number.
    ///   - key: where it stands.
    ///   - view: the programme's room, as it was shown and accepted.
    /// - Returns: whether it stands there, or who was asked.
    /// - Throws: as above; `alarm` where the programme's room is not the one that was accepted.
    public func release(
        _ number: UInt64,
        of key: TranscriptKey,
        to view: ProgrammeView
    ) async throws(ClientError) -> ReleaseOutcome {
        try await client.release(
            number,
            of: key,
            to: .programme(await client.keys.person),
            programme: view.room,
            shown: Set(view.readers.map(\.person)),
            in: room
        )
    }

    /// Gives all releases that were asked for here, as far as one reads them, oldest first.
    public func releases() async throws(ClientError) -> [ReleaseRequest] {
        try await client.following(room).replica.releases.all
    }

    /// Answers a request for a release, or takes one's own request back with a no.
    ///
    /// A yes is signed only where this device has read the line and found that it is what was
    /// asked for, and that everybody is asked whom it concerns. The last answer counts, until it
    /// was released.
    ///
    /// - Throws: `refused` where nothing waits for it, `alarm` where something else is asked for
    ///   than what stands there.
    public func answer(_ request: ReleaseRequest, yes: Bool) async throws(ClientError) {
        try await client.answer(request, yes: yes, in: room)
    }
}

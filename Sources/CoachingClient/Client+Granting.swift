// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingSeal
import CoachingWire

/// Older lines that somebody was given.
public struct GivenHistory: Hashable, Sendable {
    /// Of which circles of readers, and between which numbers.
    public var spans: [GrantedSpan]
    /// How many keys went with them.
    public var keys: Int
    /// How many of the person's devices got them; the others ask when they come.
    public var devices: Int
}

extension RoomSession {
    /// Gives a member older lines that oneself may read, from before they came.
    ///
    /// Everybody in the room sees it. The word is signed by this device, and counts only where the
    /// group has agreed to it; the keys follow, wrapped for the person's devices. The room must be
    /// read with all its lines.
    ///
    /// - Parameters:
    ///   - person: who shall read them.
    ///   - since: since when; `nil` for all that one reads oneself.
    /// - Returns: what was given.
    /// - Throws: `refused` where the group has not agreed, where there is nothing to give, and
    ///   where somebody was faster.
    public func grant(
        to person: PersonID,
        since: Timestamp? = nil
    ) async throws(ClientError) -> GivenHistory {
        try await client.grant(to: person, since: since, in: room)
    }
}

extension Client {
    func grant(
        to person: PersonID,
        since: Timestamp?,
        in room: RoomID
    ) async throws(ClientError) -> GivenHistory {
        try await awaitCaughtUp(room)
        let replica = try following(room).replica
        let spans = try replica.spans(for: person, since: since)
        let grant = HistoryGrant(
            room: room,
            person: person,
            roster: replica.room.rosterHash,
            spans: spans,
            since: since
        )
        let signed: SignedBytes
        do {
            signed = try keys.signing.sign(grant)
        } catch {
            throw ClientError(.profile, "The keys in this profile are damaged.")
        }
        try await act(.grantHistory(signed), in: room)
        let announced = try await announcedKeys(in: room)
        var given = GivenHistory(spans: spans, keys: 0, devices: 0)
        for span in spans {
            let replica = try following(room).replica
            let known = encryptionKeys(announced, replica)
            let recipients = replica.room.devices(of: person).compactMap { device in
                known[device].map { KeyRecipient(id: device, publicKey: $0) }
            }
            given.devices = recipients.count
            let ids = replica.keys(in: span)
            given.keys += ids.count
            try await give(ids, to: recipients, in: span, replica, room)
        }
        return given
    }

    private func give(
        _ ids: [KeyID],
        to recipients: [KeyRecipient],
        in span: GrantedSpan,
        _ replica: RoomReplica,
        _ room: RoomID
    ) async throws(ClientError) {
        guard let key = span.key else { return }
        let opening = replica.readings[TranscriptID(room: room, key: key)]?.opening
        let grants = ids.flatMap { id in
            recipients.compactMap { try? opening?.grant(id, to: $0) }
        }
        for body in GrantBody.bodies(asks: [], grants: grants) {
            guard let draft = try? LineDraft(body) else { continue }
            // Keys for one person's devices say nothing to whoever else came meanwhile.
            let shown = Set(try roomState(room).audience(of: key))
            _ = try await post(draft, to: key, shown: shown, in: room)
        }
    }
}

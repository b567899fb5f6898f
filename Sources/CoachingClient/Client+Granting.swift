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
    /// How many keys of what they read before went to a new device of theirs, such as after all
    /// others were lost.
    public var again = 0
}

extension RoomSession {
    /// Gives a member older lines that oneself may read, from before they came.
    ///
    /// To a new device of theirs that has asked also goes what they read before, on devices that
    /// are lost: nobody's program gives that by itself, since whoever holds a recovery kit can
    /// come as its owner.
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
        rooms[room]?.replica.exchange.isDirty = true
        await exchangeKeys(in: room)
        let held = try following(room).replica.heldBack(of: person)
        let spans: [GrantedSpan]
        do {
            spans = try replica.spans(for: person, since: since)
        } catch {
            guard !held.isEmpty, replica.room.policy.historyForNewcomers else { throw error }
            let again = try await giveAgain(held, in: room)
            return GivenHistory(spans: [], keys: 0, devices: 0, again: again)
        }
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
        given.again = try await giveAgain(held, in: room)
        return given
    }

    /// Gives new devices of somebody the keys of what they read before.
    private func giveAgain(
        _ wishes: [KeyExchange.Wish],
        in room: RoomID
    ) async throws(ClientError) -> Int {
        let announced = try await announcedKeys(in: room)
        var count = 0
        for (place, wishes) in Dictionary(grouping: wishes, by: \.place) {
            let replica = try following(room).replica
            let known = encryptionKeys(announced, replica)
            let grants = wishes.compactMap { wish -> KeyGrant? in
                guard let publicKey = known[wish.device] else { return nil }
                let recipient = KeyRecipient(id: wish.device, publicKey: publicKey)
                return try? replica.opening(of: wish.key)?.grant(wish.key, to: recipient)
            }
            for body in GrantBody.bodies(asks: [], grants: grants) {
                guard let draft = try? LineDraft(body) else { continue }
                let shown = Set(try roomState(room).audience(of: place))
                _ = try await post(draft, to: place, shown: shown, in: room)
            }
            for grant in grants { rooms[room]?.replica.exchange.noteGift(grant) }
            count += grants.count
        }
        return count
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

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
package import CoachingModel
package import CoachingSeal
import CoachingWire

extension TestClient {
    /// Signs, with somebody's device, that a room goes on from what this client has of it.
    package func restoreAcceptance(of room: RoomID, by signer: TestClient) throws -> SignedBytes {
        let copy = rooms[room] ?? RoomCopy(id: room)
        return try signer.device.signing.sign(copy.restoreAcceptance)
    }

    /// Makes a sender key for a transcript from this client's own log.
    package func makeKey(_ room: RoomID, _ key: TranscriptKey) throws -> SenderKey {
        guard let copy = rooms[room] else { throw NoReply() }
        secret += 1
        let audience = AudienceDigest.compute(
            transcript: TranscriptID(room: room, key: key),
            position: copy.room.position,
            head: copy.head,
            devices: copy.room.readerDevices(of: key)
        )
        return SenderKey(
            secret: Bytes32(secret, 5, 5, 5),
            signer: device.signing,
            room: room,
            key: key,
            audience: audience,
            position: copy.room.position,
            epoch: secret
        )
    }

    /// Writes the event of a sender key, wrapped for all who read now by this client's own log.
    package func event(
        of made: SenderKey,
        _ room: RoomID,
        _ key: TranscriptKey
    ) throws -> [UInt8] {
        guard let copy = rooms[room] else { throw NoReply() }
        let readers = copy.room.readerDevices(of: key)
        // Where nobody reads, what is sent must still be an event; it is refused for other reasons.
        return try made.announcement(to: Cast.recipients(readers.isEmpty ? [device.id] : readers))
    }

    /// Makes, announces and keeps a sender key; gives the server's answer.
    @discardableResult
    package func announceKey(_ room: RoomID, _ key: TranscriptKey) throws -> Reply {
        let made = try makeKey(room, key)
        let reply = try ask(.post(Post(room: room, item: event(of: made, room, key))))
        if reply.posted != nil { rooms[room]?.keys[key] = made }
        return reply
    }

    /// Seals the next entry under the key that was announced.
    package func seal(
        _ room: RoomID,
        _ key: TranscriptKey,
        _ kind: EntryKind = .say,
        _ text: String = "text",
        cites: [UInt64] = []
    ) throws -> [UInt8] {
        guard var sender = rooms[room]?.keys[key] else { throw NoReply() }
        let copy = rooms[room]?.transcripts[sender.transcript]
        let head = copy?.head ?? TranscriptChain.start(sender.transcript)
        let item = try sender.seal(
            EntryBody(text: text).encoded(),
            kind: kind,
            seenNumber: copy?.number ?? 0,
            seenHead: head,
            cites: cites.first,
            alsoCites: Array(cites.dropFirst()),
            using: &generator
        )
        rooms[room]?.keys[key] = sender
        return item
    }

    /// Takes entries back, ascending by number.
    @discardableResult
    package func withdraw(
        _ room: RoomID,
        _ key: TranscriptKey,
        _ numbers: UInt64...
    ) throws -> Reply {
        try post(room, key, .withdraw, "", cites: numbers)
    }

    /// Posts an entry, with a new key where there is none or it is stale.
    @discardableResult
    package func post(
        _ room: RoomID,
        _ key: TranscriptKey,
        _ kind: EntryKind = .say,
        _ text: String = "text",
        cites: [UInt64] = []
    ) throws -> Reply {
        try read()
        if rooms[room]?.keys[key] == nil {
            let reply = try announceKey(room, key)
            if reply.posted == nil { return reply }
        }
        let item = try seal(room, key, kind, text, cites: cites)
        let reply = try ask(.post(Post(room: room, item: item)))
        guard reply.posted == nil else { return reply }
        rooms[room]?.keys[key] = nil
        guard reply.refusal == RefusalCode(.staleAudience) else { return reply }
        return try post(room, key, kind, text, cites: cites)
    }

    /// Gives the numbers that came of a transcript by themselves.
    package func live(_ room: RoomID, _ key: TranscriptKey) throws -> [UInt64] {
        try read()
        return rooms[room]?.transcripts[TranscriptID(room: room, key: key)]?.live ?? []
    }
}

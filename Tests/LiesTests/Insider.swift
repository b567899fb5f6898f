// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit

@testable import CoachingClient

/// A device whose signatures are good, and which helps a lying server; it knows the room as the
/// victim knew it at a moment.
struct Insider {
    let device: TestDevice
    let replica: RoomReplica

    init(_ device: TestDevice, _ replica: RoomReplica) {
        self.device = device
        self.replica = replica
    }

    /// Makes a sender key; what is not said is what an honest device would take.
    func key(
        for key: TranscriptKey,
        in room: RoomID = Programme.room,
        devices: [DeviceID]? = nil,
        position: UInt64? = nil,
        head: Bytes32? = nil
    ) -> SenderKey {
        let position = position ?? replica.room.position
        return SenderKey(
            secret: Bytes32(position, 6, 6, device.id.value.low),
            signer: device.signing,
            room: room,
            key: key,
            audience: AudienceDigest.compute(
                transcript: TranscriptID(room: room, key: key),
                position: position,
                head: head ?? replica.head,
                devices: devices ?? replica.room.readerDevices(of: key)
            ),
            position: position,
            epoch: 1
        )
    }

    /// Writes a key's event.
    ///
    /// It is wrapped for those who read by the log, or for the room where nobody does.
    func event(of key: SenderKey) throws -> [UInt8] {
        let place = TranscriptKey(scope: key.header.scope, instance: key.header.instance) ?? .room
        let readers = replica.room.readerDevices(of: place)
        return try key.announcement(
            to: Cast.recipients(readers.isEmpty ? replica.room.readerDevices(of: .room) : readers)
        )
    }

    /// Writes a line under a key.
    func line(
        _ text: String,
        under key: inout SenderKey,
        _ kind: EntryKind = .say
    ) throws -> [UInt8] {
        try line(EntryBody(text: text), under: &key, kind)
    }

    /// Writes a line with more than words in it.
    func line(
        _ body: EntryBody,
        under key: inout SenderKey,
        _ kind: EntryKind = .say
    ) throws -> [UInt8] {
        let reader = replica.readings[key.transcript]?.reader
        var generator = SplitMix64(seed: key.nextCounter)
        return try key.seal(
            body.encoded(),
            kind: kind,
            seenNumber: reader?.number ?? 0,
            seenHead: reader?.head ?? TranscriptChain.start(key.transcript),
            using: &generator
        )
    }

    /// Writes a line that names another key than the one it is written under, well signed.
    func line(_ text: String, under key: inout SenderKey, as other: KeyID) throws -> [UInt8] {
        guard case .entry(let entry) = try ContentItem.parse(line(text, under: &key)) else {
            throw NoReply()
        }
        var header = entry.header
        header.key = other
        let bytes = header.encoded()
        return EntryItem.encoded(
            header: bytes,
            sealed: entry.sealed,
            signature: try device.signing.sign(
                .entry,
                body: bytes + Hashing.hash(entry.sealed).bytes
            )
        )
    }

    /// Writes a key's event and a line under it.
    func words(
        _ text: String,
        under key: SenderKey
    ) throws -> [[UInt8]] {
        var key = key
        return [try event(of: key), try line(text, under: &key)]
    }
}

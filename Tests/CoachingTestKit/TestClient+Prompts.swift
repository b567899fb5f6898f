// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
package import CoachingModel
import CoachingSeal
import CoachingWire

extension TestClient {
    /// Asks something that is answered without names: opens it, announces its key, posts it.
    package func prompt(
        _ room: RoomID,
        _ prompt: PromptID,
        _ scope: Scope = .room,
        milliseconds: Int64? = nil
    ) throws -> Reply {
        let opening = PromptOpening(prompt: prompt, scope: scope, milliseconds: milliseconds)
        let reply = try act(room, .openPrompt(opening))
        guard reply.isDone else { return reply }
        return try post(room, .prompt(prompt, scope), .ask, "what nobody says")
    }

    /// Seals an answer without a name under the key that came of who asked.
    package func sealUnattributed(
        _ room: RoomID,
        _ key: TranscriptKey,
        _ text: String
    ) throws -> [UInt8] {
        try read()
        let id = TranscriptID(room: room, key: key)
        guard let copy = rooms[room], let item = copy.transcripts[id]?.items[1],
            case .key(let event) = try ContentItem.parse(item),
            let bytes = copy.room.signingKey(of: event.header.device)
        else { throw NoReply() }
        var opening = Opening(transcript: id)
        try opening.add(
            event.verified(by: VerifyingKey(bytes)),
            with: DeviceKeyring(device: device.id, keys: [device.encryption])
        )
        return try opening.sealUnattributed(
            EntryBody(text: text).encoded(),
            under: event.key,
            using: &generator
        )
    }

    /// Answers without a name.
    @discardableResult
    package func answer(_ room: RoomID, _ key: TranscriptKey, _ text: String) throws -> Reply {
        try ask(.post(Post(room: room, item: sealUnattributed(room, key, text))))
    }
}

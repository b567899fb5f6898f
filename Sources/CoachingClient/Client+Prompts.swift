// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingSeal
import CoachingWire

// Questions that are answered without names.
extension RoomSession {
    /// The longest answer without a name, in bytes: all are padded to the same length.
    public static let answerBytesMax = 2_000

    /// Asks all who read `room` or `peers` something that each answers once, without their name.
    ///
    /// - Parameters:
    ///   - text: the question; it has its asker's name.
    ///   - scope: `room` or `peers`.
    ///   - shown: who was shown as reader when it was typed.
    /// - Returns: the prompt.
    /// - Throws: `refused` where fewer than five could answer; ``ClientError/Code/held`` where
    ///   somebody else would read it: then it is closed again, and nobody has seen its text.
    @discardableResult
    public func prompt(
        _ text: String,
        to scope: Scope,
        shown: Set<PersonID>
    ) async throws(ClientError) -> PromptID {
        try await client.prompt(text, to: scope, shown: shown, in: room)
    }

    /// Answers a prompt, once and without a name; it cannot be taken back.
    ///
    /// Needs the room with everything that one may read in it.
    ///
    /// - Throws: `refused` for what was answered or is closed, `uncertain` where nobody knows.
    public func answer(_ prompt: PromptID, _ text: String) async throws(ClientError) {
        try await client.answer(prompt, text, in: room)
    }

    /// Closes a prompt of one's own: its answers are delivered, or discarded where there are fewer
    /// than five.
    public func endPrompt(_ prompt: PromptID) async throws(ClientError) {
        try await act(.closePrompt(prompt))
    }
}

extension Client {
    func prompt(
        _ text: String,
        to scope: Scope,
        shown: Set<PersonID>,
        in room: RoomID
    ) async throws(ClientError) -> PromptID {
        let draft = try LineDraft(EntryBody(text: text), kind: .ask)
        let readers: TranscriptKey = scope == .peers ? .peers : .room
        let count = try roomState(room).audience(of: readers).count
        guard count >= RoomLimits.answersLeast else {
            throw ClientError(
                .refused,
                "Only \(count) could answer. Answers without names are shown from five on."
            )
        }
        if let names = newReaders(of: readers, beyond: shown, in: try roomState(room)) {
            throw ClientError(held: names)
        }
        let prompt = PromptID(environment.bytes16())
        try await act(.openPrompt(PromptOpening(prompt: prompt, scope: scope)), in: room)
        do {
            let key = TranscriptKey.prompt(prompt, scope)
            _ = try await post(draft, to: key, shown: shown, in: room)
        } catch {
            // Nobody waits for a question that was not asked.
            try? await act(.closePrompt(prompt), in: room)
            throw error
        }
        return prompt
    }

    func answer(
        _ prompt: PromptID,
        _ text: String,
        in room: RoomID
    ) async throws(ClientError) {
        guard text.utf8.count <= RoomSession.answerBytesMax else {
            throw ClientError(
                .invalid,
                "The answer is too long.",
                hint: "Without a name at most \(RoomSession.answerBytesMax) bytes."
            )
        }
        try await settleView(of: room)
        let replica = try following(room).replica
        guard let key = replica.room.key(of: prompt), let state = replica.room.prompts[prompt],
            replica.room.isInAudience(of: key, keys.person)
        else { throw ClientError(.refused, "You were not asked this.") }
        guard state.isOpen else { throw ClientError(.refused, "It takes no more answers.") }
        try checkIdentities(of: key, in: room)
        let reading = replica.readings[TranscriptID(room: room, key: key)]
        guard let reading, let keyID = reading.answers.key, reading.opening.holds(keyID) else {
            throw ClientError(
                .refused,
                "The question cannot be read on this device, so it cannot be answered here."
            )
        }
        var generator = environment.generator
        let item: [UInt8]
        do {
            item = try reading.opening.sealUnattributed(
                EntryBody(text: text).encoded(),
                under: keyID,
                using: &generator
            )
        } catch {
            throw ClientError(.invalid, "The answer is too long.")
        }
        try await give(item, in: room)
    }

    /// Sends an answer until it is known that it is kept; the same bytes count once.
    private func give(_ item: [UInt8], in room: RoomID) async throws(ClientError) {
        while true {
            do throws(ClientError) {
                let answer = try await ask(.post(Post(room: room, item: item)))
                guard case .posted = answer else { throw .unexpectedAnswer }
                return
            } catch {
                guard error.isCut else { throw error }
                cut(error)
                try await reconnect(orThrow: .uncertain)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

// Questions that are answered without names: answers are kept back, and delivered together in the
// order of their hashes and with one time, when the question closes with at least five.
extension RoomHost {
    private static let notAnAnswer =
        "An answer without a name has one form and one length. Update peercoach."

    /// Decides on an entry that names nobody.
    func decideAnswer(
        _ entry: EntryItem,
        _ asker: Asker,
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) throws {
        let header = entry.header
        let person = asker.identity.person
        if !recovering.isEmpty, recovering[header.key] != nil {
            recovering[header.key]?.append(wait)
            return
        }
        guard let transcript = transcripts[header.transcript],
            !room.readable(transcript.key, by: person).isEmpty
        else { throw Self.notFound }
        guard case .prompt(let prompt, _) = transcript.key, let state = room.prompts[prompt] else {
            throw RoomRejection.keyUnknown
        }
        guard UnattributedAnswer.has(entry) else {
            throw Refusal(.badRequest, sentence: Self.notAnAnswer)
        }
        guard let sender = transcript.senders[header.key] else {
            guard transcript.isPartlyKnown else { throw RoomRejection.keyUnknown }
            return recover(header.key, in: transcript, for: wait)
        }
        // The transcript begins with the key of who asked, and all answers stand under that one.
        guard sender.number == 1 else { throw RoomRejection.keyUnknown }
        let digest = entry.parts.digest()
        guard state.isOpen else {
            return findDelivered(digest, in: transcript, from: 2, for: asker)
        }
        try room.mayAnswer(transcript.key, by: person)
        guard !room.hasChangedReaders(prompt) else { throw RoomRejection.staleAudience }
        let answer = PromptBoxes.Kept(digest: digest, item: entry.parts.bytes)
        switch boxes.take(answer, to: prompt, by: person, of: state.asked) {
        case .kept: break
        case .again:
            guard boxes.isChanged(prompt) else { return core.answer(asker, .posted(0)) }
        case .refused: throw RoomRejection.alreadyAnswered
        }
        pass.decided.append(.given(asker))
        pass.waits.append(wait)
    }

    /// Answers who sends the same again after the question has closed, because the reply was lost.
    private func findDelivered(
        _ digest: Bytes32,
        in transcript: Transcript,
        from number: UInt64,
        for asker: Asker
    ) {
        guard number <= transcript.durable else { return refuse(asker, .scopeClosed) }
        let range = number...transcript.durable
        core.read(.frames(transcript.stream, range, bytesMax: core.configuration.pageBytes)) {
            [weak self] answer, _ in
            guard let self else { return }
            guard case .success(.frames(let frames)) = answer, let last = frames.last else {
                return self.core.tryLater(asker)
            }
            if frames.contains(where: { $0.digest == digest }) {
                return self.core.answer(asker, .posted(0))
            }
            self.findDelivered(digest, in: transcript, from: last.number + 1, for: asker)
        }
    }

    /// Closes a question: delivers what was answered, or discards it where it was too little.
    func decideClose(
        _ prompt: PromptID,
        by actor: RoomActor,
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) {
        let wasOpen = room.prompts[prompt]?.isOpen == true
        // The server's own word may come after somebody else's.
        guard wasOpen || wait.asker != nil else { return }
        var answers = boxes.answers(to: prompt)
        if answers.count < RoomLimits.answersLeast || room.hasChangedReaders(prompt) {
            answers = []
        }
        decide(
            .closePrompt(prompt, answers: answers.count),
            by: actor,
            wait,
            &pass,
            at: now
        )
        guard wasOpen, let end = room.prompts[prompt]?.closed else { return }
        boxes.wipe(prompt)
        guard let key = room.key(of: prompt),
            let transcript = transcripts[TranscriptID(room: id, key: key)]
        else { return }
        for answer in answers { deliver(answer, in: transcript, at: end.at, &pass) }
    }

    private func deliver(
        _ answer: PromptBoxes.Kept,
        in transcript: Transcript,
        at: Timestamp,
        _ pass: inout DecisionPass
    ) {
        let number = transcript.number + 1
        let head = TranscriptChain.next(transcript.head, number: number, digest: answer.digest)
        let frame = answer.item.withUnsafeBytes { bytes in
            PushedItem.frame(transcript: transcript.id, number: number, at: at, item: bytes)
        }
        pass.group.frames.append(
            AppendFrame(
                stream: transcript.stream,
                number: number,
                frame: frame,
                digest: answer.digest,
                head: head
            )
        )
        transcript.number = number
        transcript.head = head
        noteRetention(of: transcript, at: at)
        pass.decided.append(.delivered(transcript, number: number, head: head, frame: frame))
    }

    /// Closes the questions whose readers, or their devices, records would change.
    ///
    /// - Returns: whether there are any: then the records are decided anew in the next pass.
    func closePrompts(
        touchedBy records: [RoomRecord],
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) -> Bool {
        let open = room.openPrompts
        guard !open.isEmpty else { return false }
        var after = room
        for record in records { after.evolve(record) }
        for prompt in open where after.hasChangedReaders(prompt) {
            let wait = RoomWait(ask: .closePrompt(prompt))
            decideClose(prompt, by: .server, wait, &pass, at: now)
        }
        return !pass.group.frames.isEmpty
    }

    /// Has questions closed whose time is up, or which all have answered who may.
    func closeDuePrompts(at now: Timestamp) {
        guard standing == .ready else { return }
        for prompt in room.openPrompts {
            guard let state = room.prompts[prompt],
                room.isDue(prompt, at: now)
                    || boxes.answers(to: prompt).count >= state.asked.count
            else { continue }
            let isComing = waiting.contains { wait in
                if case .closePrompt(prompt) = wait.ask { true } else { false }
            }
            if !isComing { takeFirst([RoomWait(ask: .closePrompt(prompt))]) }
        }
    }

    /// Reads the answers that are kept back, where questions were ever asked.
    func loadBoxes(from number: UInt64, at now: Timestamp) {
        guard !room.prompts.isEmpty else { return loaded(at: now) }
        let most = 4 * core.configuration.pageBytes
        core.read(.frames(boxes.stream, number...UInt64.max, bytesMax: most)) {
            [weak self] answer, now in
            guard let self else { return }
            guard case .success(.frames(let frames)) = answer, self.boxes.load(frames) else {
                return self.fail(at: now)
            }
            guard let last = frames.last else { return self.loaded(at: now) }
            self.loadBoxes(from: last.number + 1, at: now)
        }
    }
}

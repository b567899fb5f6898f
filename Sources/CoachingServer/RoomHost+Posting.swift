// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

extension RoomHost {
    /// Decides on an item for a transcript.
    func decidePost(
        _ post: Post,
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) {
        guard let asker = wait.asker else { return }
        guard admits(asker) else { return }
        let item = post.item
        let bytesMax = core.configuration.pushedBytesMax
        guard item.count <= bytesMax else { return refuseTooLong(asker, bytesMax) }
        do {
            switch try ContentItem.parse(item) {
            case .entry(let entry):
                try decide(entry, handing: post.file, asker, wait, &pass, at: now)
            case .key(let key): try decide(key, asker, wait, &pass, at: now)
            }
        } catch let rejection as RoomRejection {
            refuse(asker, rejection)
        } catch let refusal as Refusal {
            core.refuse(asker, refusal.code, detail: refusal.detail, refusal.sentence)
        } catch EnvelopeError.wrongSuite {
            core.refuse(asker, .suiteRefused, Sentences.suiteRefused)
        } catch {
            core.refuse(asker, .badRequest, "The entry is not in the form that peercoach knows.")
        }
    }

    private func decide(
        _ entry: EntryItem,
        handing file: Bytes32?,
        _ asker: Asker,
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) throws {
        let header = entry.header
        let person = asker.identity.person
        if header.device == .unattributed, header.isUnattributed {
            return try decideAnswer(entry, asker, wait, &pass, at: now)
        }
        if !recovering.isEmpty, recovering[header.key] != nil {
            recovering[header.key]?.append(wait)
            return
        }
        guard let transcript = transcripts[header.transcript] else { throw Self.notFound }
        let isAllowed = transcript.allows(header.kind, by: person, at: room.position)
        // Who does not read a transcript is told the same as if there were none.
        guard isAllowed || !room.readable(transcript.key, by: person).isEmpty else {
            throw Self.notFound
        }
        guard let sender = transcript.senders[header.key] else {
            guard transcript.isPartlyKnown else { throw RoomRejection.keyUnknown }
            return recover(header.key, in: transcript, for: wait)
        }
        guard header.device == asker.identity.device, sender.device == header.device else {
            throw RoomRejection.keyUnknown
        }
        let digest = entry.parts.digest()
        if header.counter <= sender.counter {
            let expected = sender.counter + 1
            guard let accepted = sender.accepted(header.counter) else {
                return find(header.counter, under: header.key, sender, in: transcript) {
                    [weak self] found in
                    guard let self else { return }
                    if let found, found.digest == digest {
                        self.core.answer(asker, .posted(found.number))
                    } else if sender.isPartlyKnown {
                        self.refuse(asker, .keyUnknown)
                    } else {
                        let refusal = Self.outOfStep(expected)
                        self.core.refuse(
                            asker,
                            refusal.code,
                            detail: refusal.detail,
                            refusal.sentence
                        )
                    }
                }
            }
            guard accepted.digest == digest else {
                throw sender.isPartlyKnown ? RoomRejection.keyUnknown : Self.outOfStep(expected)
            }
            return again(asker, accepted.number, transcript, wait, &pass)
        }
        // Under a key that was read back with gaps nobody knows which counter is next, and one
        // that is too old could be erased before what stands under it.
        guard !sender.isPartlyKnown,
            now.milliseconds(since: sender.at) < Retention.keyMilliseconds
        else { throw RoomRejection.keyUnknown }
        guard header.counter == sender.counter + 1 else {
            throw Self.outOfStep(sender.counter + 1)
        }
        if !isAllowed { try room.mayPost(header.kind, in: transcript.key, by: person) }
        guard let changed = transcript.lastReaderChange(in: room) else {
            throw RoomRejection.scopeClosed
        }
        if room.mustCite(header.kind, in: transcript.key, by: person) {
            guard let cited = header.cites, transcript.mayBeQuestion(cited) else {
                throw RoomRejection.questionNotCited
            }
        }
        if !isAllowed { transcript.allow(header.kind, by: person, at: room.position) }
        guard sender.position >= changed else { throw RoomRejection.staleAudience }
        if header.kind == .withdraw {
            guard try mayWithdraw(entry, in: transcript, by: person, wait, &pass) else { return }
        }
        let handed = try self.file(file, in: transcript, by: person)
        let number = append(
            entry.parts,
            digest,
            to: transcript,
            label: nil,
            asker,
            wait,
            &pass,
            at: now
        )
        handOver(handed, by: number, &pass)
        sender.accept(header.counter, digest, number: number)
        if room.isNeeded(header.kind, in: transcript.key, by: person) {
            pass.decided.append(.met(NeedMet(person: person, kind: header.kind)))
        }
        if header.kind == .ask { transcript.note(question: number) }
        if header.kind == .withdraw {
            erase(header, wait.cited, in: transcript, by: number, &pass)
        }
    }

    private func decide(
        _ key: KeyItem,
        _ asker: Asker,
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) throws {
        let header = key.header
        guard header.room == id, header.device == asker.identity.device else {
            throw RoomRejection.keyInvalid
        }
        guard header.suite == .p256 else {
            throw Refusal(.suiteRefused, sentence: Sentences.suiteRefused)
        }
        guard let transcriptKey = TranscriptKey(scope: header.scope, instance: header.instance)
        else { throw RoomRejection.keyInvalid }
        let transcriptID = TranscriptID(room: id, key: transcriptKey)
        let digest = key.parts.digest()
        if let transcript = transcripts[transcriptID], let sender = transcript.senders[key.key] {
            guard sender.digest == digest else { throw RoomRejection.keyInvalid }
            return again(asker, sender.number, transcript, wait, &pass)
        }
        try room.mayPostKey(in: transcriptKey, by: asker.identity.person)
        // All answers stand under one key, that of who asks.
        if case .prompt(let prompt, _) = transcriptKey, room.prompts[prompt]?.isOpen == true,
            transcripts[transcriptID] != nil
        {
            throw RoomRejection.scopeClosed
        }
        if let transcript = transcripts[transcriptID], transcript.isPartlyKnown, !wait.isKeyNew {
            // It may have come before the start: then the same bytes get the same number.
            return recover(key.key, in: transcript, for: wait)
        }
        guard let changed = room.lastAudienceChange(of: transcriptKey) else {
            throw RoomRejection.scopeClosed
        }
        guard header.position >= changed, let head = heads.head(at: header.position) else {
            throw RoomRejection.staleAudience
        }
        let devices = room.readerDevices(of: transcriptKey)
        let readers = AudienceDigest.compute(
            transcript: transcriptID,
            position: header.position,
            head: head,
            devices: devices
        )
        guard header.audience == readers, core.isWrapped(key, for: devices, at: now) else {
            throw RoomRejection.keyInvalid
        }
        guard let bytes = room.signingKey(of: header.device),
            let signingKey = try? VerifyingKey(bytes), (try? key.verified(by: signingKey)) != nil
        else { throw Refusal(.badSignature, sentence: "The key is not signed by this device.") }
        let transcript =
            transcripts[transcriptID]
            ?? Transcript(
                id: transcriptID,
                key: transcriptKey,
                number: 0,
                head: TranscriptChain.start(transcriptID)
            )
        transcripts[transcriptID] = transcript
        let number = append(
            key.parts,
            digest,
            to: transcript,
            label: key.key.value,
            asker,
            wait,
            &pass,
            at: now
        )
        transcript.know(
            Sender(
                device: header.device,
                position: header.position,
                number: number,
                digest: digest,
                at: itemTime(now)
            ),
            as: key.key
        )
    }

    private func append(
        _ parts: ItemParts,
        _ digest: Bytes32,
        to transcript: Transcript,
        label: Bytes16?,
        _ asker: Asker,
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) -> UInt64 {
        let number = transcript.number + 1
        let head = TranscriptChain.next(transcript.head, number: number, digest: digest)
        let at = itemTime(now)
        let frame = parts.bytes.withUnsafeBytes { bytes in
            PushedItem.frame(transcript: transcript.id, number: number, at: at, item: bytes)
        }
        let opens = number == 1
        pass.group.frames.append(
            AppendFrame(
                stream: transcript.stream,
                number: number,
                frame: frame,
                digest: digest,
                head: head,
                label: label,
                opens: opens ? StreamOpening(room: id, key: transcript.key.stored) : nil
            )
        )
        transcript.number = number
        transcript.head = head
        noteRetention(of: transcript, at: at)
        pass.decided.append(
            .item(asker, transcript, number: number, head: head, frame: frame, opens: opens)
        )
        pass.waits.append(wait)
        return number
    }

    private func again(
        _ asker: Asker,
        _ number: UInt64,
        _ transcript: Transcript,
        _ wait: RoomWait,
        _ pass: inout DecisionPass
    ) {
        guard number > transcript.durable else { return core.answer(asker, .posted(number)) }
        pass.decided.append(.again(asker, number: number))
        pass.waits.append(wait)
    }

    /// Answers whether an entry was accepted, so that a client that lost the reply can know.
    func answerPosted(_ reference: EntryReference, _ wait: RoomWait) {
        guard let asker = wait.asker else { return }
        guard admits(asker) else { return }
        guard let transcript = transcripts[reference.transcript],
            !room.readable(transcript.key, by: asker.identity.person).isEmpty
        else { return core.answer(asker, .posted(0)) }
        guard let sender = transcript.senders[reference.key] else {
            guard transcript.isPartlyKnown else { return core.answer(asker, .posted(0)) }
            return recover(reference.key, in: transcript, for: wait)
        }
        guard sender.device == asker.identity.device, reference.counter >= 1,
            reference.counter <= sender.counter
        else { return core.answer(asker, .posted(0)) }
        if let accepted = sender.accepted(reference.counter) {
            return core.answer(asker, .posted(accepted.number))
        }
        find(reference.counter, under: reference.key, sender, in: transcript) {
            [weak self] found in self?.core.answer(asker, .posted(found?.number ?? 0))
        }
    }

    static var notFound: Refusal {
        Refusal(.notFound, sentence: Sentences.notFound)
    }

    static func outOfStep(_ expected: UInt64) -> Refusal {
        Refusal(.outOfStep, detail: expected, sentence: Sentences.outOfStep)
    }
}

/// Reads what the store gives back.
enum StoredFrames {
    /// Decodes a stored frame; `nil` where it is none of ours.
    static func message(_ frame: [UInt8]) -> ServerMessage? {
        guard frame.count > Frame.headBytes else { return nil }
        return try? ServerMessage(body: Array(frame[Frame.headBytes...]))
    }
}

extension TranscriptKey {
    /// Scope and instance as they stand in the store's list of a room's transcripts.
    var stored: [UInt8] { [scope.rawValue] + instance }

    init?(stored: [UInt8]) {
        guard let first = stored.first, let scope = Scope(rawValue: first) else { return nil }
        self.init(scope: scope, instance: Array(stored.dropFirst()))
    }
}

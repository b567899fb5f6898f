// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

extension RoomReplica {
    // MARK: Beginning

    /// Takes up what the server says is there when the room is followed.
    mutating func begin(_ followed: Followed, depth: RoomDepth) -> [RoomHappening] {
        guard failure == nil else { return [] }
        if let known = seen[StreamID(room.id)], followed.position < known.number {
            differ(known, missing: known.number - followed.position)
        }
        guard followed.position >= room.position else {
            return [fail(.setBack, Self.setBack.sentence)]
        }
        if followed.position == room.position, room.position > 0, followed.head != head {
            return [fail(.setBack, Self.setBack.sentence)]
        }
        target = followed.position
        openingsLeft = followed.opening ?? 0
        var happenings: [RoomHappening] = []
        for transcript in followed.transcripts { happenings += take(transcript, depth) }
        return happenings + announceCaughtUp()
    }

    /// Takes up a transcript where lines are read; what was seen of it must be there either way.
    private mutating func take(
        _ described: OpenTranscript,
        _ depth: RoomDepth
    ) -> [RoomHappening] {
        if let known = seen[StreamID(described.transcript)], described.last < known.number {
            differ(known, missing: known.number - described.last)
        }
        lasts[described.transcript] = described.last
        return depth == .everything ? open(described) : []
    }

    /// Takes up a transcript that the server names by itself: a new one, or one of those that did
    /// not fit into its answer.
    mutating func noteOpening(
        _ described: OpenTranscript,
        depth: RoomDepth
    ) -> [RoomHappening] {
        if openingsLeft > 0 { openingsLeft -= 1 }
        return take(described, depth) + announceCaughtUp()
    }

    /// Takes up a transcript that one may read.
    mutating func open(_ described: OpenTranscript) -> [RoomHappening] {
        let id = described.transcript
        guard failure == nil,
            let key = TranscriptKey(scope: described.scope, instance: described.instance),
            TranscriptID(room: room.id, key: key) == id, described.first > 0
        else { return [] }
        if let reading = readings[id], described.last < reading.reader.number {
            return [fail(.setBack, Self.setBack.sentence)]
        }
        if var reading = readings[id] {
            let next = reading.reader.number &+ 1
            if described.first <= next {
                reading.target = max(reading.target, described.last)
                readings[id] = reading
                return []
            }
        } else if readings.count >= 65_536 {
            return [fail(.flooded, "The server sends more than this device can keep.")]
        }
        // What was read before is never begun anew from a later place.
        if let before = readBefore[id], described.first > before.first {
            return [fail(.setBack, Self.setBack.sentence)]
        }
        // Who was away as a member begins anew where the reading begins.
        readings[id] = Reading(
            key: key,
            reader: TranscriptReader(
                transcript: id,
                number: described.first - 1,
                head: described.headBefore,
                isPrompt: key.isPrompt
            ),
            opening: Opening(transcript: id),
            target: described.last,
            first: described.first,
            headBefore: described.headBefore
        )
        return readBefore[id] == nil ? [.opened(key)] : []
    }

    // MARK: Frames

    /// Takes an item of a transcript.
    mutating func take(_ item: PushedItem) -> [RoomHappening] {
        take(.item(item), of: item.transcript)
    }

    /// Takes what remains of an erased item.
    mutating func take(_ tombstone: Tombstone) -> [RoomHappening] {
        take(.tombstone(tombstone), of: tombstone.transcript)
    }

    private mutating func take(
        _ frame: HeldFrame,
        of id: TranscriptID
    ) -> [RoomHappening] {
        guard failure == nil, let reading = readings[id], !reading.isBroken else { return [] }
        guard reading.held.isEmpty, !isEarly(frame) else {
            readings[id]?.held.append(frame)
            guard reading.held.count < Self.heldMax else {
                return [fail(.flooded, "The server sends lines for readers nobody has named.")]
            }
            return findEarlyAnswers() + announceCaughtUp()
        }
        return read(frame, id) + announceCaughtUp()
    }

    /// Whether a key in it was made at a position that the log has not reached here, or it answers
    /// a prompt that the log has not closed here.
    func isEarly(_ frame: HeldFrame) -> Bool {
        guard case .item(let pushed) = frame else { return false }
        switch try? ContentItem.parse(pushed.item) {
        case .key(let key): return key.header.position > room.position
        case .entry(let entry): return isEarlyAnswer(pushed, entry.header.isUnattributed)
        case nil: return false
        }
    }

    /// Reads on where the log has come up with what was held.
    mutating func takeHeld() -> [RoomHappening] {
        var happenings: [RoomHappening] = []
        for id in readings.keys.sorted() where readings[id]?.held.isEmpty == false {
            while let first = readings[id]?.held.first, !isEarly(first), failure == nil {
                readings[id]?.held.removeFirst()
                happenings += read(first, id)
            }
        }
        return happenings + findEarlyAnswers()
    }

    private mutating func read(_ frame: HeldFrame, _ id: TranscriptID) -> [RoomHappening] {
        guard var reading = readings[id], !reading.isBroken else { return [] }
        // Taken out while it is worked on, so that its dictionaries are not copied.
        readings[id] = nil
        let receipt: Receipt
        switch frame {
        case .item(let pushed):
            receipt = reading.reader.receive(number: pushed.number, item: pushed.item) {
                verifier($0)
            }
        case .tombstone(let tombstone):
            receipt = reading.reader.receiveTombstone(
                tombstone.transcript,
                number: tombstone.number,
                digest: tombstone.digest
            )
        }
        var happenings: [RoomHappening] = []
        for finding in receipt.findings {
            guard let alarm = self.alarm(for: finding) else { continue }
            if let device = finding.forkedDevice,
                !reading.forkedBy.insert(device).inserted
            {
                continue
            }
            if alarm.isFatal { reading.isBroken = true }
            happenings.append(.alarm(RoomAlarm(alarm.kind, alarm.sentence, isFatal: false)))
        }
        let isRepeated = readBefore[id]?.covers(frame.number) ?? false
        if let key = receipt.key {
            keyPositions[key.item.key] = key.item.header.position
            keyTimes[key.item.key] = frame.at
            keyNumbers[key.item.key] = frame.number
            reading.keySpans[key.item.key] = KeySpan(first: frame.number, last: frame.number)
            if let alarm = objection(to: key, in: reading.key) {
                happenings.append(.alarm(alarm))
            } else if let alarm = lateness(of: receipt, frame.number, id) {
                happenings.append(.alarm(alarm))
            } else if case .item(let pushed) = frame {
                take(key, at: pushed.at, &reading)
                if reading.answers.key == nil { reading.answers.key = key.item.key }
            }
        }
        let isAnswer = receipt.entry?.item.header.isUnattributed == true
        if isAnswer, let alarm = objection(toAnswer: receipt, frame, &reading) {
            happenings.append(.alarm(alarm))
        }
        let isRefused = isAnswer && !happenings.isEmpty
        if let known = seen[StreamID(id)], known.number == reading.reader.number,
            known.head != reading.reader.head
        {
            differ(known, missing: 0)
        }
        if isOtherThanBefore(reading, id) {
            return happenings + [fail(.setBack, Self.setBack.sentence)]
        }
        if let key = receipt.entry?.item.header.key {
            reading.keySpans[key]?.last = frame.number
        }
        if let digest = receipt.digest {
            let item = ReadIndex.Item(
                digest: digest,
                at: frame.at,
                isLine: receipt.entry?.item.header.kind.needsFloor == true && !isRefused
            )
            reading.index.append(item, number: frame.number)
        }
        let followed =
            receipt.digest == nil ? [] : follow(frame, receipt.entry, in: &reading)
        if let entry = receipt.entry, entry.item.header.kind != .withdraw {
            reading.standing[frame.number] = entry.item.header.key
        }
        readings[id] = reading
        for case .erased(_, let number, _) in followed {
            exchange.forget(number, in: id)
            happenings += releases.forget(number, in: reading.key, isNew: isCaughtUp)
            readings[id]?.standing[number] = nil
        }
        // What was shown before is checked to be the same, and that is all.
        guard !isRepeated else {
            if let entry = receipt.entry, case .item(let pushed) = frame {
                let line = self.line(entry, pushed, reading)
                remember(line)
                // The reading is a new one, and must know what came again in the old one.
                _ = isDouble(line)
            }
            return reading.isBroken ? happenings : []
        }
        if let alarm = lateness(of: receipt, frame.number, id), receipt.entry != nil {
            happenings.append(.alarm(alarm))
        } else if isRefused {
            // It takes its place in the chain and is not shown.
        } else if case .item(let pushed) = frame, let entry = receipt.entry {
            let line = self.line(entry, pushed, reading)
            if entry.item.header.kind == .grant {
                happenings += takeGrant(entry, pushed, reading)
                keep(entry, reading)
            } else if isOver(line) {
                readings[id]?.standing[line.number] = nil
                happenings.append(.erased(reading.key, number: line.number, by: nil))
                happenings += releases.forget(
                    line.number,
                    in: reading.key,
                    isNew: isCaughtUp
                )
            } else if entry.item.header.kind == .consent {
                happenings += takeConsent(entry, pushed, reading)
            } else {
                if line.body == nil { wait(entry, pushed) } else { keep(entry, reading) }
                remember(line)
                if !isDouble(line) {
                    happenings.append(.entry(line))
                    happenings += noteRelease(line)
                }
            }
        }
        happenings += followed
        return happenings
    }

    /// Says why an answer without a name is not to be shown; `nil` where it is.
    private func objection(
        toAnswer receipt: Receipt,
        _ frame: HeldFrame,
        _ reading: inout Reading
    ) -> RoomAlarm? {
        guard case .prompt(let prompt, _) = reading.key, case .item(let pushed) = frame,
            let entry = receipt.entry, let digest = receipt.digest
        else { return nil }
        let key = entry.item.header.key
        let end = room.prompts[prompt]?.closed
        if let wrong = reading.answers.take(digest, at: pushed.at, under: key, end) {
            return alarm(for: wrong, prompt)
        }
        guard UnattributedAnswer.has(entry.item) else { return alarm(for: .form, prompt) }
        // Where the key is closed here, nothing can be said about what it seals.
        guard reading.opening.holds(key) else { return nil }
        let body = (try? reading.opening.open(entry)).flatMap { try? EntryBody.decoded($0) }
        return body == nil ? alarm(for: .form, prompt) : nil
    }

    func line(
        _ entry: VerifiedEntry,
        _ pushed: PushedItem,
        _ reading: Reading
    ) -> ReadEntry {
        let header = entry.item.header
        let author = header.isUnattributed ? nil : room.author(of: header.device)
        var body = (try? reading.opening.open(entry)).flatMap { try? EntryBody.decoded($0) }
        // Where nothing was restored nothing can come again, and nobody says so about the future.
        if let mark = body?.saidBefore, room.restores.isEmpty || mark.at > pushed.at {
            body?.saidBefore = nil
        }
        let release = standing(of: body, header, author)
        return ReadEntry(
            key: reading.key,
            number: pushed.number,
            at: pushed.at,
            author: author,
            authorName: author.flatMap { room.name(of: $0) } ?? "",
            device: header.device,
            kind: header.kind,
            body: body,
            isMine: author == owner,
            isNew: isCaughtUp && pushed.number > readBefore[reading.reader.transcript]?.last ?? 0,
            cites: header.cites,
            about: header.about,
            alsoCites: header.alsoCites,
            release: release
        )
    }

    mutating func remember(_ line: ReadEntry) {
        guard line.kind == .paper, line.key == .room, let body = line.body, papers.count < 1_024
        else { return }
        if body.paper == .purpose, lastPurpose.map({ $0.at <= line.at }) ?? true {
            lastPurpose = (body.text, line.at)
        }
        papers[Hashing.hash(Array(body.text.utf8))] = body
    }

    // MARK: Keys

    /// Says why a key is not for the readers whom the log names; `nil` where it is.
    private func objection(to key: VerifiedKey, in transcript: TranscriptKey) -> RoomAlarm? {
        let header = key.item.header
        let device = header.device
        let wrong = RoomAlarm(
            .wrongReaders,
            "\(name(device)) wrote for other readers than this room has. The lines stay closed."
                + " Compare with them, by another way, who is in it.",
            isFatal: false
        )
        guard header.room == room.id, let room = room(at: header.position),
            heads.indices.contains(Int(clamping: header.position))
        else { return wrong }
        let devices = room.readerDevices(of: transcript)
        if case .prompt(let prompt, _) = transcript {
            // All that is answered is open to who made the key: only who asks makes one.
            guard let asker = room.prompts[prompt]?.asker, room.author(of: device) == asker else {
                return wrong
            }
        }
        let expected = AudienceDigest.compute(
            transcript: header.transcript,
            position: header.position,
            head: heads[Int(clamping: header.position)],
            devices: devices
        )
        let isRight =
            expected == header.audience && devices.contains(device)
            && Set(key.item.wrappedDevices()).isSubset(of: devices)
        return isRight ? nil : wrong
    }

    func alarm(_ kind: RoomAlarm.Kind, _ sentence: String) -> RoomHappening {
        .alarm(RoomAlarm(kind, sentence, isFatal: false))
    }
}

extension Finding {
    /// Whose line shows that they see other lines than this device.
    fileprivate var forkedDevice: DeviceID? {
        switch self {
        case .forked(_, let device, _), .ahead(_, let device, _): device
        default: nil
        }
    }
}

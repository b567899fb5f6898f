// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

// What has to be written between two before a meeting opens. The server sees that there is feedback
// between them, and tells nobody who has written and who has not.
extension RoomHost {
    /// How many of the newest entries between two are looked through.
    private static let entriesMost: UInt64 = 2_048

    /// Gives what was written before the meeting that somebody starts.
    ///
    /// The store is asked only where nothing else speaks against the start.
    ///
    /// - Returns: `nil` where the store is being asked; the start is taken up again then.
    func written(
        before start: SessionStart,
        by actor: RoomActor,
        _ wait: RoomWait,
        at now: Timestamp
    ) -> Set<FeedbackDue>? {
        if let written = wait.written { return written }
        guard start.format.follows?.written == true,
            let earlier = room.earlierMeeting(of: start.format)
        else { return [] }
        let awaited = room.writtenAwaited(for: start.format, in: [earlier.turns.map(\.turn.pod)])
        let allowed = try? room.decide(
            .start(start),
            by: actor,
            at: now,
            limits: core.configuration.room,
            written: Set(awaited)
        )
        guard allowed != nil else { return [] }
        look(for: awaited[...], since: earlier.began, [], for: wait)
        return nil
    }

    private func look(
        for awaited: ArraySlice<FeedbackDue>,
        since began: Timestamp,
        _ found: Set<FeedbackDue>,
        for wait: RoomWait
    ) {
        guard let due = awaited.first else {
            var wait = wait
            wait.written = found
            return takeAgain([wait])
        }
        let id = TranscriptID(room: id, key: .between(due.from, due.to))
        let rest = awaited.dropFirst()
        guard let transcript = transcripts[id] else {
            return look(for: rest, since: began, found, for: wait)
        }
        let last = transcript.durable
        scan(transcript, from: last > Self.entriesMost ? last - Self.entriesMost + 1 : 1) {
            [weak self] stored in
            self?.isFeedback(stored, from: due.from, since: began) == true
        } then: { [weak self] isWritten in
            guard let self else { return }
            guard let isWritten else { return self.core.tryLater(wait.asker) }
            self.look(
                for: rest,
                since: began,
                isWritten ? found.union([due]) : found,
                for: wait
            )
        }
    }

    /// Looks page by page for a frame that fits; `nil` where the store cannot be read.
    private func scan(
        _ transcript: Transcript,
        from number: UInt64,
        where fits: @escaping (StoredFrame) -> Bool,
        then: @escaping (Bool?) -> Void
    ) {
        guard number <= transcript.durable else { return then(false) }
        let range = number...transcript.durable
        core.read(.frames(transcript.stream, range, bytesMax: core.configuration.pageBytes)) {
            [weak self] answer, _ in
            guard let self, case .success(.frames(let frames)) = answer, let last = frames.last
            else { return then(nil) }
            if frames.contains(where: fits) { return then(true) }
            self.scan(transcript, from: last.number + 1, where: fits, then: then)
        }
    }

    private func isFeedback(
        _ stored: StoredFrame,
        from person: PersonID,
        since began: Timestamp
    ) -> Bool {
        guard case .push(.item(let pushed))? = StoredFrames.message(stored.frame),
            pushed.at >= began, case .entry(let entry)? = try? ContentItem.parse(pushed.item)
        else { return false }
        return entry.header.kind == .feedback && room.author(of: entry.header.device) == person
    }
}

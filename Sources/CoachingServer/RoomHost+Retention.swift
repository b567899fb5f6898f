// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

/// How far the erasing of what is over has come in a room.
struct RetentionRound {
    /// The transcripts that are still to be looked through; the last one is at hand.
    var left: [TranscriptID]
    /// The next number of the one at hand.
    var next: UInt64 = 1
    /// Whether something of the one at hand was over, so that more may be.
    var isBegun = false
    /// Keys that are old enough to go where no text of the room stands under them.
    var keys: [KeyID: (number: UInt64, digest: Bytes32, at: Timestamp)] = [:]
    /// The first number of the one at hand that is to be looked at again another time.
    var unsettled: UInt64?
    /// When the next thing will be over.
    var due: Timestamp?
    /// Whether a page is being read.
    var isReading = false
}

/// A page of a transcript to be looked through for what is over.
struct RetentionPage {
    var transcript: Transcript
    /// How often it had been erased in when it was read.
    var erasures: UInt64
    var frames: [StoredFrame]
}

// What goes away by itself. A room is looked through when the store's wake says so, a page a
// second, so that nobody who is there waits for it.
extension RoomHost {
    /// When the room must be woken: for its session, or for what will be over.
    var nextWake: Timestamp? {
        [room.nextWake, room.nextPromptEnd, retentionDue, filesDue].compactMap(\.self).min()
    }

    /// Takes note of something new that will be over some day.
    func noteRetention(of transcript: Transcript, at: Timestamp) {
        let scope = transcript.key.scope
        guard let end = Retention.end(of: at, in: scope, under: room.policy),
            end < retentionDue ?? .init(milliseconds: .max)
        else { return }
        retentionDue = end
    }

    /// Takes up what was known of the room before it was in memory.
    func loadRetention(at now: Timestamp) {
        round = nil
        retentionPolicy = room.policy
        guard retentionDue == nil, !unsettled.isEmpty else { return }
        retentionDue = core.wakes[id] ?? now
    }

    /// Looks through everything anew where the members have agreed on other spans.
    func followPolicy(at now: Timestamp) {
        guard room.policy != retentionPolicy else { return }
        retentionPolicy = room.policy
        round = nil
        if !unsettled.isEmpty { retentionDue = now }
    }

    /// Transcripts in which something may be left that goes by itself.
    private var unsettled: [TranscriptID] {
        transcripts.values.filter { transcript in
            Retention.milliseconds(of: transcript.key.scope, under: room.policy) != nil
                && core.settled[transcript.stream] ?? 0 < transcript.durable
        }.map(\.id).sorted(by: >)
    }

    /// Goes on with what is over, if anything is.
    func retain(at now: Timestamp) {
        guard standing == .ready, flight == nil, let due = retentionDue, due <= now else { return }
        if round == nil {
            round = RetentionRound(left: unsettled)
            beginNext()
        }
        guard let round, !round.isReading else { return }
        guard let id = round.left.last, let transcript = transcripts[id] else {
            return takeFirst([RoomWait(ask: .retain(nil))])
        }
        self.round?.isReading = true
        let erasures = transcript.erasures
        let last = transcript.durable
        guard round.next <= last else {
            self.round?.isReading = false
            let page = RetentionPage(transcript: transcript, erasures: erasures, frames: [])
            return takeFirst([RoomWait(ask: .retain(page))])
        }
        // Mostly nothing is over: then the first frame tells, and no page is read.
        let request = ReadRequest.frames(
            transcript.stream,
            round.next...last,
            bytesMax: round.isBegun ? core.configuration.pageBytes : 1
        )
        core.read(request) { [weak self] answer, now in
            guard let self, let round = self.round else { return }
            self.round?.isReading = false
            guard case .success(.frames(let frames)) = answer else {
                self.round = nil
                return
            }
            if !round.isBegun, let first = frames.first, self.isOver(first, in: transcript, at: now)
            {
                self.round?.isBegun = true
                return self.retain(at: now)
            }
            let page = RetentionPage(transcript: transcript, erasures: erasures, frames: frames)
            self.takeFirst([RoomWait(ask: .retain(page))])
        }
    }

    /// Whether a frame's time is over, so that those behind it are worth reading.
    private func isOver(
        _ stored: StoredFrame,
        in transcript: Transcript,
        at now: Timestamp
    ) -> Bool {
        guard case .push(.item(let pushed))? = StoredFrames.message(stored.frame) else {
            return true
        }
        let scope = transcript.key.scope
        return Retention.end(of: pushed.at, in: scope, under: room.policy).map { $0 <= now } ?? true
    }

    /// Decides what of a page is over; without a page the round is at its end.
    func decideRetention(
        _ page: RetentionPage?,
        _ wait: RoomWait,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) {
        guard round != nil else { return }
        guard let page else { return endRound(&pass, at: now) }
        let transcript = page.transcript
        guard round?.left.last == transcript.id else { return }
        guard !pass.erases(in: transcript) else {
            pass.isFull = true
            return
        }
        // What was erased meanwhile is read again.
        guard page.erasures == transcript.erasures else { return }
        let before = pass.group.erasures.count
        var isAtEnd = page.frames.isEmpty
        for stored in page.frames {
            guard look(at: stored, in: transcript, &pass, at: now) else {
                isAtEnd = true
                break
            }
            round?.next = stored.number + 1
        }
        if isAtEnd || round?.next ?? 0 > transcript.durable { settleTranscript(transcript, &pass) }
        guard pass.group.erasures.count > before else { return }
        pass.decided.append(.erased(transcript))
        pass.waits.append(wait)
    }

    /// Looks at one frame.
    ///
    /// - Returns: whether the next one may be over too.
    private func look(
        at stored: StoredFrame,
        in transcript: Transcript,
        _ pass: inout DecisionPass,
        at now: Timestamp
    ) -> Bool {
        guard case .push(.item(let pushed))? = StoredFrames.message(stored.frame),
            let end = Retention.end(
                of: pushed.at,
                in: transcript.key.scope,
                under: room.policy
            )
        else { return true }
        eraseKeys(before: pushed.at, in: transcript, &pass)
        guard end <= now else {
            note(stored.number, due: end)
            return false
        }
        switch try? ContentItem.parse(pushed.item) {
        case .key(let key):
            let last = end.adding(milliseconds: Retention.keyMilliseconds)
            if last <= now {
                round?.keys[key.key] = (stored.number, stored.digest, pushed.at)
            } else {
                note(stored.number, due: last)
            }
        case .entry(let entry)
        where Retention.outlives(entry.header.kind, in: transcript.key.scope):
            round?.keys[entry.header.key] = nil
        default: bury(stored.number, stored.digest, in: transcript, &pass)
        }
        return true
    }

    private func note(_ number: UInt64, due: Timestamp) {
        guard var round else { return }
        round.unsettled = min(round.unsettled ?? number, number)
        round.due = round.due.map { min($0, due) } ?? due
        self.round = round
    }

    /// Erases keys under which nothing can stand that came as late as this.
    private func eraseKeys(
        before at: Timestamp?,
        in transcript: Transcript,
        _ pass: inout DecisionPass
    ) {
        guard let keys = round?.keys, !keys.isEmpty else { return }
        for (id, key) in keys.sorted(by: { $0.value.number < $1.value.number }) {
            let last = key.at.adding(milliseconds: Retention.keyMilliseconds)
            if let at, at <= last { continue }
            round?.keys[id] = nil
            bury(key.number, key.digest, in: transcript, &pass)
        }
    }

    private func bury(
        _ number: UInt64,
        _ digest: Bytes32,
        in transcript: Transcript,
        _ pass: inout DecisionPass
    ) {
        let tombstone = Tombstone(
            transcript: transcript.id,
            number: number,
            digest: digest,
            by: 0
        )
        pass.group.erasures.append(
            FrameErasure(stream: transcript.stream, number: number, frame: tombstone.frame())
        )
    }

    /// Remembers how far a transcript has nothing left to go, and takes the next one up.
    private func settleTranscript(_ transcript: Transcript, _ pass: inout DecisionPass) {
        eraseKeys(before: nil, in: transcript, &pass)
        let end = round?.unsettled ?? round?.next ?? 1
        pass.decided.append(.settled(transcript, upTo: end - 1))
        round?.left.removeLast()
        beginNext()
    }

    private func beginNext() {
        guard let id = round?.left.last else { return }
        round?.next = (core.settled[StreamID(id)] ?? 0) + 1
        round?.isBegun = false
        round?.keys = [:]
        round?.unsettled = nil
    }

    /// Sets when to look again: with the next thing that will be over, but not every moment.
    private func endRound(_ pass: inout DecisionPass, at now: Timestamp) {
        let soonest = now.adding(milliseconds: core.configuration.retentionMilliseconds)
        retentionDue = round?.due.map { max($0, soonest) }
        round = nil
        pass.changesWake = true
    }
}

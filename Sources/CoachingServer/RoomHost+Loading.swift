// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

extension RoomHost {
    /// Reads the room's transcripts and its log, then decides what has gathered meanwhile.
    func load(at now: Timestamp) {
        standing = .loading
        room = Room(id: id)
        heads = LogHeads(start: RoomChain.start(id))
        core.read(.streams(id)) { [weak self] answer, now in
            guard let self else { return }
            guard case .success(.streams(let records)) = answer else { return self.fail() }
            for record in records { self.know(record) }
            self.loadPage(from: 1)
        }
    }

    private func know(_ record: StreamRecord) {
        guard let key = TranscriptKey(stored: record.key) else { return }
        let transcriptID = TranscriptID(room: id, key: key)
        guard StreamID(transcriptID) == record.stream else { return }
        if let transcript = transcripts[transcriptID] {
            transcript.settle(record.tail.number, head: record.tail.head)
            transcript.rollBack()
        } else {
            transcripts[transcriptID] = Transcript(
                id: transcriptID, key: key, number: record.tail.number, head: record.tail.head)
        }
    }

    private func loadPage(from position: UInt64) {
        core.read(
            .frames(log.stream, position...UInt64.max, bytesMax: 4 * core.configuration.pageBytes)
        ) { [weak self] answer, now in
            guard let self else { return }
            guard case .success(.frames(let frames)) = answer else { return self.fail() }
            for stored in frames {
                guard case .push(.record(let pushed))? = StoredFrames.message(stored.frame),
                    pushed.position == self.room.position + 1,
                    let record = try? RoomRecord(
                        decoding: pushed.record, rosterHash: { Hashing.hash($0) })
                else { return self.fail() }
                self.room.evolve(record)
                self.heads.append(stored.head)
            }
            guard let last = frames.last else { return self.loaded(at: now) }
            self.loadPage(from: last.number + 1)
        }
    }

    private func loaded(at now: Timestamp) {
        standing = .ready
        log.durable = room.position
        wakeStored = room.nextWake
        usedAt = now
        core.roomLoaded(self, at: now)
        if !waiting.isEmpty { core.touch(self) }
    }

    private func fail() {
        standing = .failed
        core.emit(.log(ServerNote(.error, "A room could not be read from the store.")))
        let waits = waiting
        waiting = []
        for wait in waits { core.tryLater(wait.asker) }
    }

    /// Whether nothing needs the room in memory.
    func isIdle(at now: Timestamp) -> Bool {
        followers.isEmpty && waiting.isEmpty && flight == nil && recovering.isEmpty
            && standing != .loading && room.session == nil && unconnected.isEmpty
            && now.milliseconds(since: usedAt) > core.configuration.roomIdleMilliseconds
    }

    /// Does what time asks for: phases that end, people who have gone without a word.
    func tick(at now: Timestamp) {
        guard standing == .ready else { return }
        if let wake = room.nextWake, wake <= now, flight == nil {
            take(RoomWait(asker: nil, ask: .command(.wake, by: .server)), at: now)
        }
        guard room.session == nil else { return unconnected.removeAll() }
        let connected = Set(followers.values.map(\.person))
        for (person, presence) in room.presence {
            if presence != .here || connected.contains(person) {
                unconnected[person] = nil
                continue
            }
            let since = unconnected[person] ?? now
            unconnected[person] = since
            guard now.milliseconds(since: since) >= core.configuration.absenceMilliseconds else {
                continue
            }
            unconnected[person] = now
            take(
                RoomWait(asker: nil, ask: .command(.attend(person, .away), by: .server)), at: now)
        }
        if room.presence.isEmpty { unconnected.removeAll() }
    }
}

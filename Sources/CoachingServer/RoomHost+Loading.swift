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
        boxes = PromptBoxes(room: id)
        core.read(.streams(id)) { [weak self] answer, now in
            guard let self else { return }
            guard case .success(.streams(let records)) = answer else {
                return self.fail(at: now)
            }
            for record in records { self.know(record) }
            self.loadFiles { [weak self] in self?.loadPage(from: 1) }
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
                id: transcriptID,
                key: key,
                number: record.tail.number,
                head: record.tail.head
            )
        }
    }

    private func loadPage(from position: UInt64) {
        core.read(
            .frames(log.stream, position...UInt64.max, bytesMax: 4 * core.configuration.pageBytes)
        ) { [weak self] answer, now in
            guard let self else { return }
            guard case .success(.frames(let frames)) = answer else { return self.fail(at: now) }
            for stored in frames {
                guard case .push(.record(let pushed))? = StoredFrames.message(stored.frame),
                    pushed.position == self.room.position + 1,
                    RoomChain.next(
                        self.heads.last,
                        number: pushed.position,
                        event: pushed.record
                    )
                        == stored.head,
                    let record = try? RoomRecord(
                        decoding: pushed.record,
                        rosterHash: { Hashing.hash($0) }
                    )
                else { return self.fail(at: now) }
                self.room.evolve(record)
                self.heads.append(stored.head)
            }
            guard let last = frames.last else { return self.loadBoxes(from: 1, at: now) }
            self.loadPage(from: last.number + 1)
        }
    }

    func loaded(at now: Timestamp) {
        standing = .ready
        wasReady = true
        failedAt = nil
        log.durable = room.position
        wakeStored = core.wakes[id]
        loadRetention(at: now)
        usedAt = now
        toldMembers = Set(room.members.map(\.person))
        let awaySince = unattendedSince
        unattendedSince = nil
        core.roomLoaded(self, awaySince: awaySince)
        closeDuePrompts(at: now)
        if !waiting.isEmpty { core.touch(self) }
    }

    func fail(at now: Timestamp) {
        standing = .failed
        if failedAt == nil {
            core.emit(.log(ServerNote(.error, "A room could not be read from the store.")))
        }
        failedAt = now
        if wasReady, unattendedSince == nil { unattendedSince = now }
        let waits = waiting
        waiting = waits.filter { $0.asker == nil && !$0.ask.comesAgain }
        for wait in waits { core.tryLater(wait.asker) }
        core.loadEnded(self)
    }

    /// Whether nothing needs the room in memory.
    func isIdle(at now: Timestamp) -> Bool {
        followers.isEmpty && waiting.isEmpty && flight == nil && recovering.isEmpty
            && followTickets.isEmpty && leftUntold.isEmpty && !isBehind && standing != .loading
            && round == nil
            && room.session == nil && unattendedSince == nil
            && now.milliseconds(since: usedAt) > core.configuration.roomIdleMilliseconds
    }

    /// Ends phases whose time is up.
    func tick(at now: Timestamp) {
        guard standing == .ready, flight == nil else { return }
        closeDuePrompts(at: now)
        guard let wake = room.nextWake, wake <= now else { return }
        waiting.append(RoomWait(ask: .command(.wake, by: .server)))
        core.touch(self)
    }

    /// Does once a second what need not be done at once: what failed, and who went without a word.
    func sweep(at now: Timestamp) {
        switch standing {
        case .loading: return
        case .failed:
            if now.milliseconds(since: failedAt ?? now) >= 5_000 { load(at: now) }
            return
        case .ready: break
        }
        if !waiting.isEmpty { core.touch(self) }
        if isBehind {
            isBehind = false
            core.followDirectory(self)
        }
        if !leftUntold.isEmpty { core.withdrawLeft(self) }
        noteAbsence(at: now)
        endFarewells(at: now)
        retain(at: now)
        dropUnnamedFiles(at: now)
    }

    /// Lets facilitators go whose last session is over, as they said.
    func endFarewells(at now: Timestamp) {
        for person in room.parting {
            leftUntold.insert(person)
            take(RoomWait(ask: .shutOut(person, .left, by: nil)), at: now)
        }
    }

    private func noteAbsence(at now: Timestamp) {
        guard room.session == nil else { return noteKeepers(at: now) }
        let here = room.presence.filter { $0.value == .here }.keys
        guard !here.isEmpty else { return unconnected.removeAll() }
        let connected = Set(followers.values.map(\.person))
        let missing = Set(here).subtracting(connected)
        unconnected = unconnected.filter { missing.contains($0.key) }
        for person in missing.sorted() {
            let since = unconnected[person] ?? now
            unconnected[person] = since
            let command = RoomCommand.attend(person, .away)
            guard now.milliseconds(since: since) >= core.configuration.absenceMilliseconds,
                (try? room.decide(command, by: .server, at: now)) != nil
            else { continue }
            unconnected[person] = now
            take(RoomWait(ask: .command(command, by: .server)), at: now)
        }
    }

    /// Says in a session when who keeps time has no connection for some time, and when they have
    /// one again.
    private func noteKeepers(at now: Timestamp) {
        let connected = Set(followers.values.map(\.person))
        let keepers = room.members.map(\.person).filter {
            room.isAwaitedKeeper($0) && room.presence(of: $0) == .here
        }
        let missing = Set(keepers).subtracting(connected)
        unconnected = unconnected.filter { missing.contains($0.key) }
        for person in missing.sorted() where unconnected[person] == nil {
            unconnected[person] = now
        }
        let unreached = room.session?.unreached ?? []
        let grace =
            room.session?.format.graceSeconds.map { Int64($0) * 1_000 }
            ?? core.configuration.graceMilliseconds
        let gone = unconnected.filter { person, since in
            !unreached.contains(person)
                && now.milliseconds(since: since) >= grace
        }
        for person in gone.keys.sorted() {
            take(RoomWait(ask: .command(.reach(person, false), by: .server)), at: now)
        }
        for person in unreached.intersection(connected).sorted() {
            take(RoomWait(ask: .command(.reach(person, true), by: .server)), at: now)
        }
    }
}

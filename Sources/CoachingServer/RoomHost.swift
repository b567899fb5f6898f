// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

/// A room in memory: decides what waits, hands it to the store, and delivers when it is durable.
///
/// While a commit is in flight nothing is decided. Confined to the core.
///
/// - Source: DESIGN.md D9.
final class RoomHost {
    /// How the host stands.
    enum Standing: Hashable {
        /// Its log is being read.
        case loading
        /// It decides.
        case ready
        /// Its log could not be read; the next request tries again.
        case failed
    }

    /// A commit in flight, with what to go back to if it fails.
    struct Flight {
        var decided: [Decided]
        var waits: [RoomWait]
        var before: Room
        var headsBefore: LogHeads
    }

    let id: RoomID
    unowned let core: ServerCore
    var room: Room
    var heads: LogHeads
    let log: LiveStream
    var transcripts: [TranscriptID: Transcript] = [:]
    var standing = Standing.loading
    var waiting: [RoomWait] = []
    var flight: Flight?
    /// Who follows, by connection.
    var followers: [ConnectionNumber: DeviceIdentity] = [:]
    /// Since when people who are here have had no connection.
    var unconnected: [PersonID: Timestamp] = [:]
    /// The instant at which the store will say to wake the room.
    var wakeStored: Timestamp?
    var usedAt: Timestamp
    /// The members whose clients know that they are in.
    var toldMembers: Set<PersonID> = []
    /// Posts that wait for their key to be read back from the store.
    var recovering: [KeyID: [RoomWait]] = [:]

    init(id: RoomID, core: ServerCore, at now: Timestamp) {
        self.id = id
        self.core = core
        room = Room(id: id)
        heads = LogHeads(start: RoomChain.start(id))
        log = LiveStream(stream: StreamID(id), durable: 0)
        usedAt = now
    }

    /// Takes something up for the next decision.
    func take(_ wait: RoomWait, at now: Timestamp) {
        usedAt = now
        guard waiting.count < core.configuration.roomRequestsWaitingMax else {
            if let asker = wait.asker {
                core.refuse(asker, .busy, "Too much waits in this room. Try again in a moment.")
            }
            return
        }
        waiting.append(wait)
        if standing == .failed { load(at: now) }
        core.touch(self)
    }

    /// Decides all that waits and hands it to the store in one append.
    func decide(at now: Timestamp) {
        guard standing == .ready, flight == nil, !waiting.isEmpty else { return }
        let due = waiting
        waiting = []
        var pass = DecisionPass(
            group: AppendGroup(
                frames: [], guards: [StreamGuard(stream: log.stream, number: room.position)]))
        let before = room
        let headsBefore = heads
        var index = 0
        while index < due.count {
            let wait = due[index]
            if pass.group.frames.count >= core.configuration.batchFramesMax { break }
            if wait.ask.reads, !pass.group.frames.isEmpty { break }
            decide(wait, &pass, at: now)
            index += 1
        }
        if index < due.count { waiting = Array(due[index...]) + waiting }
        guard !pass.group.frames.isEmpty else {
            if !waiting.isEmpty { core.touch(self) }
            return
        }
        if room.nextWake != wakeStored {
            pass.group.wake = WakeChange(room: id, at: room.nextWake)
        }
        flight = Flight(
            decided: pass.decided, waits: pass.waits, before: before, headsBefore: headsBefore)
        core.append(pass.group, for: .room(id))
    }

    private func decide(_ wait: RoomWait, _ pass: inout DecisionPass, at now: Timestamp) {
        switch wait.ask {
        case .post(let item): decidePost(item, wait, &pass, at: now)
        case .act(let act): decideAct(act, wait, &pass, at: now)
        case .command(.exclude(let person, let cause, _), let actor):
            let command = RoomCommand.exclude(person, cause, marks: marks(excluding: person))
            decide(command, by: actor, wait, &pass, at: now)
        case .command(let command, let actor):
            decide(command, by: actor, wait, &pass, at: now)
        case .posted(let reference): answerPosted(reference, wait)
        case .follow(let follow): answerFollow(follow, wait)
        case .history(let page): answerHistory(page, wait)
        case .lobby: answerLobby(wait)
        case .keys: answerKeys(wait)
        }
    }

    /// Goes on after a commit.
    func committed(_ result: Result<[AppendOutcome], StoreError>, at now: Timestamp) {
        guard let flight else { return }
        self.flight = nil
        switch result {
        case .success(let outcomes) where outcomes.allSatisfy({ $0 == .committed }):
            wakeStored = room.nextWake
            for decided in flight.decided { settle(decided, at: now) }
        case .success:
            // Somebody else wrote first: read on and decide again, three times at most.
            rollBack(flight)
            let again = flight.waits.filter { $0.tries < 2 }
            for wait in flight.waits where wait.tries >= 2 { core.tryLater(wait.asker) }
            waiting =
                again.map { RoomWait(asker: $0.asker, ask: $0.ask, tries: $0.tries + 1) } + waiting
            load(at: now)
        case .failure(let error):
            rollBack(flight)
            for wait in flight.waits { core.tryLater(wait.asker) }
            core.storeFailed(error)
        }
        if !waiting.isEmpty { core.touch(self) }
    }

    private func rollBack(_ flight: Flight) {
        room = flight.before
        heads = flight.headsBefore
        for transcript in transcripts.values { transcript.rollBack() }
        for (id, transcript) in transcripts where transcript.number == 0 { transcripts[id] = nil }
    }

    private func settle(_ decided: Decided, at now: Timestamp) {
        switch decided {
        case .item(let asker, let transcript, let number, let head, let frame, let opens):
            transcript.settle(number, head: head)
            core.answer(asker, .posted(number))
            if opens { announce(transcript) }
            let recipients = transcript.recipients(of: number)
            if !recipients.isEmpty { core.emit(.deliver(frame, recipients)) }
        case .again(let asker, let number):
            core.answer(asker, .posted(number))
        case .records(let asker, let frames, let changesReaders):
            if let asker { core.answer(asker, .done(frames.last?.position ?? room.position)) }
            for (position, frame) in frames {
                log.durable = position
                let recipients = log.recipients(of: position)
                if !recipients.isEmpty { core.emit(.deliver(frame, recipients)) }
            }
            if changesReaders { refreshListeners(at: now) }
            core.roomChanged(self, at: now)
        }
    }
}

/// What one pass of decisions has gathered.
struct DecisionPass {
    var group: AppendGroup
    var decided: [Decided] = []
    var waits: [RoomWait] = []
}

/// The heads of a room's log at its latest positions, for checking what keys were made at.
struct LogHeads: Hashable {
    /// How many positions are kept.
    static let countMax = 256
    private var first: UInt64 = 0
    private var heads: [Bytes32]

    init(start: Bytes32) { heads = [start] }

    var last: Bytes32 { heads.last ?? .zero }

    mutating func append(_ head: Bytes32) {
        heads.append(head)
        if heads.count >= 2 * Self.countMax {
            heads.removeFirst(Self.countMax)
            first += UInt64(Self.countMax)
        }
    }

    /// Gives the head after a position, as far back as it is kept.
    func head(at position: UInt64) -> Bytes32? {
        guard position >= first, position - first < UInt64(heads.count) else { return nil }
        return heads[Int(position - first)]
    }
}

extension RoomAsk {
    /// Whether it is answered from what is durable, and so waits for what was decided before.
    var reads: Bool {
        switch self {
        case .follow, .history, .lobby, .keys, .posted: true
        case .post, .act, .command: false
        }
    }
}

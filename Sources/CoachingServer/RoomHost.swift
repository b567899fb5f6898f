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
        /// `nil` where no record was decided: posts leave the log as it is.
        var before: LogState?
        var retentionDueBefore: Timestamp?
        var boxesBefore: PromptBoxes
        var filesBefore: RoomFiles
    }

    /// The room as its log tells it, at one position.
    struct LogState {
        var room: Room
        var heads: LogHeads
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
    /// Since when nobody has looked after a session that may be running here.
    var unattendedSince: Timestamp?
    /// Whether the room was in memory before.
    var wasReady = false
    /// When reading the room failed last.
    var failedAt: Timestamp?
    /// Whether a change of the directory has not come here yet.
    var isBehind = false
    /// Who has left without the directory knowing it yet.
    var leftUntold: Set<PersonID> = []
    /// The last request to follow of each connection that is still being prepared.
    var followTickets: [ConnectionNumber: UInt64] = [:]
    var nextTicket: UInt64 = 1
    /// When something here will be over, as far as is known.
    var retentionDue: Timestamp?
    /// How far the erasing of what is over has come, while it is at it.
    var round: RetentionRound?
    /// The policy that this was worked out with.
    var retentionPolicy = RoomPolicy.standard
    /// The answers that are kept back.
    var boxes: PromptBoxes
    /// The files that were put here.
    var files = RoomFiles()
    /// The latest time that an item was given.
    private var lastItemAt = Timestamp(milliseconds: 0)

    init(id: RoomID, core: ServerCore, at now: Timestamp) {
        self.id = id
        self.core = core
        room = Room(id: id)
        heads = LogHeads(start: RoomChain.start(id))
        log = LiveStream(stream: StreamID(id), durable: 0)
        boxes = PromptBoxes(room: id)
        usedAt = now
    }

    /// Takes something up for the next decision.
    func take(_ wait: RoomWait, at now: Timestamp) {
        usedAt = now
        if let asker = wait.asker, waiting.count >= core.configuration.roomRequestsWaitingMax {
            return core.refuse(
                asker,
                .busy,
                "Too much waits in this room. Try again in a moment."
            )
        }
        waiting.append(wait)
        if standing == .failed { load(at: now) }
        core.touch(self)
    }

    /// Takes up what the server itself has to do, before all that waits.
    func takeFirst(_ waits: [RoomWait]) {
        guard !waits.isEmpty else { return }
        waiting.insert(contentsOf: waits, at: 0)
        core.touch(self)
    }

    /// Gives the time for an item: never before what came before it.
    func itemTime(_ now: Timestamp) -> Timestamp {
        lastItemAt = max(now, room.lastAt, lastItemAt)
        return lastItemAt
    }

    /// Decides all that waits and hands it to the store in one append.
    func decide(at now: Timestamp) {
        guard standing == .ready, flight == nil, !waiting.isEmpty else { return }
        let due = waiting
        waiting = []
        var pass = DecisionPass(
            group: AppendGroup(
                frames: [],
                guards: [StreamGuard(stream: log.stream, number: room.position)]
            )
        )
        pass.reserve(due.count)
        let retentionDueBefore = retentionDue
        let boxesBefore = boxes
        let filesBefore = files
        let isClosed = core.directory.room(id)?.isClosed ?? true
        var index = 0
        while index < due.count {
            let wait = due[index]
            if pass.group.frames.count >= core.configuration.batchFramesMax { break }
            if wait.ask.reads, !pass.isEmpty { break }
            if isClosed, !wait.ask.reads, let asker = wait.asker {
                refuseClosed(asker)
            } else if wait.asker.map({ core.connections[$0.connection] != nil }) ?? true {
                // Who is gone is not answered; of a revoked device nothing more is taken.
                decide(wait, &pass, at: now)
            }
            if pass.isFull { break }
            index += 1
        }
        if index < due.count { waiting = Array(due[index...]) + waiting }
        followPolicy(at: now)
        boxes.write(to: &pass.group)
        files.forget(pass.group.erasures)
        guard !pass.isEmpty || pass.changesWake && nextWake != wakeStored else {
            for decided in pass.decided { settle(decided, at: now) }
            return touchAgain()
        }
        if nextWake != wakeStored {
            pass.group.wake = WakeChange(room: id, at: nextWake)
        }
        flight = Flight(
            decided: pass.decided,
            waits: pass.waits,
            before: pass.before,
            retentionDueBefore: retentionDueBefore,
            boxesBefore: boxesBefore,
            filesBefore: filesBefore
        )
        core.append(pass.group, for: .room(id))
    }

    private func decide(_ wait: RoomWait, _ pass: inout DecisionPass, at now: Timestamp) {
        switch wait.ask {
        case .post(let post): decidePost(post, wait, &pass, at: now)
        case .putChunk(let part): decideChunk(part, wait, &pass, at: now)
        case .getChunk(let place): answerChunk(place, wait)
        case .dropFiles: decideDroppingFiles(wait, &pass, at: now)
        case .act(let act): decideAct(act, wait, &pass, at: now)
        case .shutOut(let person, let cause, let by):
            guard let membership = room.membership(of: person) else { return }
            let (actor, cause) = exclusion(of: person, membership, cause, by: by)
            let command = RoomCommand.exclude(person, cause, marks: marks(excluding: [person]))
            decide(command, by: actor, wait, &pass, at: now)
        case .command(let command, let actor):
            decide(marked(command), by: actor, wait, &pass, at: now)
        case .posted(let reference): answerPosted(reference, wait)
        case .retain(let page): decideRetention(page, wait, &pass, at: now)
        case .closePrompt(let prompt): decideClose(prompt, by: .server, wait, &pass, at: now)
        case .follow(let follow): answerFollow(follow, wait)
        case .unfollow: answerUnfollow(wait)
        case .history(let page): answerHistory(page, wait)
        case .lobby: answerLobby(wait)
        case .keys: answerKeys(wait)
        }
    }

    /// Goes on after a commit.
    func committed(_ result: Result<[AppendOutcome], StoreError>, at now: Timestamp) {
        // Taken, not copied: it holds all that was decided.
        guard let flight = flight.take() else { return }
        switch result {
        case .success(let outcomes) where outcomes.allSatisfy({ $0 == .committed }):
            wakeStored = nextWake
            core.wakes[id] = wakeStored
            core.storeWorks()
            // What stood in the same place before must not stay in the store's log.
            if boxes.writes != flight.boxesBefore.writes { core.isPurgeDue = true }
            // All answers first, so that the deliveries stand together and go out as one.
            for decided in flight.decided { answerPosted(decided) }
            for decided in flight.decided { settle(decided, at: now) }
            closeDuePrompts(at: now)
        case .success(let outcomes) where outcomes.contains(.conflict):
            rollBack(flight)
            goOnAfterConflict(flight.waits, at: now)
        case .success:
            // The store will never take it.
            rollBack(flight)
            for wait in flight.waits { core.tryLater(wait.asker) }
        case .failure(let error):
            rollBack(flight)
            for wait in flight.waits { core.tryLater(wait.asker) }
            // What the server itself has to do is tried again, with the next sweep at the latest.
            waiting = flight.waits.filter { $0.asker == nil && !$0.ask.comesAgain } + waiting
            core.storeFailed(error)
        }
        touchAgain()
    }

    /// Somebody else wrote first: reads on and decides again, three times at most.
    private func goOnAfterConflict(_ waits: [RoomWait], at now: Timestamp) {
        var again: [RoomWait] = []
        for var wait in waits {
            wait.tries += 1
            if wait.tries < 3 || wait.asker == nil {
                wait.isKeyNew = false
                again.append(wait)
            } else {
                core.tryLater(wait.asker)
            }
        }
        waiting = again + waiting
        // What was written is not known here: whoever follows asks anew for what they miss.
        for number in followers.keys.sorted() {
            drop(number)
            core.send(.push(.lagged([id])), to: number)
        }
        for transcript in transcripts.values { transcript.forgetSenders() }
        load(at: now)
    }

    /// Has decided at the end of the turn what clients wait for.
    func touchAgain() {
        if waiting.contains(where: { $0.asker != nil }) { core.touch(self) }
    }

    private func rollBack(_ flight: Flight) {
        if let before = flight.before {
            room = before.room
            heads = before.heads
        }
        retentionDue = flight.retentionDueBefore
        boxes = flight.boxesBefore
        files = flight.filesBefore
        round = nil
        for transcript in transcripts.values { transcript.rollBack() }
        for (id, transcript) in transcripts where transcript.number == 0 { transcripts[id] = nil }
    }

    private func answerPosted(_ decided: Decided) {
        switch decided {
        case .item(let asker, _, let number, _, _, _), .again(let asker, let number):
            core.answer(asker, .posted(number))
        // It has no number until the prompt closes.
        case .given(let asker): core.answer(asker, .posted(0))
        case .kept(let asker, let chunks): core.answer(asker, .done(UInt64(chunks)))
        case .records, .erased, .settled, .delivered, .dropped, .met: break
        }
    }

    private func settle(_ decided: Decided, at now: Timestamp) {
        switch decided {
        case .item(_, let transcript, let number, let head, let frame, let opens):
            transcript.settle(number, head: head)
            if opens { announce(transcript) }
            let recipients = transcript.recipients(of: number)
            if !recipients.isEmpty { core.emit(.deliver(frame, recipients)) }
        case .delivered(let transcript, let number, let head, let frame):
            transcript.settle(number, head: head)
            let recipients = transcript.recipients(of: number)
            if !recipients.isEmpty { core.emit(.deliver(frame, recipients)) }
        case .again, .given, .kept: break
        case .dropped: core.isPurgeDue = true
        case .erased(let transcript): settleErasure(in: transcript)
        case .settled(let transcript, let number): core.settled[transcript.stream] = number
        case .met(let met): take(RoomWait(ask: .command(.meet(met), by: .server)), at: now)
        case .records(let asker, let frames, let changesReaders):
            if let asker { core.answer(asker, .done(frames.last?.position ?? room.position)) }
            for (position, frame) in frames {
                log.durable = position
                let recipients = log.recipients(of: position)
                if !recipients.isEmpty { core.emit(.deliver(frame, recipients)) }
            }
            if changesReaders { refreshListeners() }
            endFarewells(at: now)
            core.roomChanged(self, byMember: asker != nil)
        }
    }
}

/// What one pass of decisions has gathered.
struct DecisionPass {
    var group: AppendGroup
    var decided: [Decided] = []
    var waits: [RoomWait] = []
    /// The room before the first record of the pass.
    var before: RoomHost.LogState?
    /// Whether the next decision must wait until what is here is durable.
    var isFull = false
    /// Whether it is worth a commit if only the room's wake is another.
    var changesWake = false

    /// Whether there is nothing to commit.
    var isEmpty: Bool { group.frames.isEmpty && group.erasures.isEmpty && group.files.isEmpty }

    /// Makes room for what so many requests usually lead to.
    mutating func reserve(_ count: Int) {
        let count = min(count, 256)
        group.frames.reserveCapacity(count)
        decided.reserveCapacity(count)
        waits.reserveCapacity(count)
    }
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
        case .follow, .unfollow, .history, .lobby, .keys, .posted, .getChunk: true
        case .post, .act, .command, .shutOut, .retain, .closePrompt, .putChunk, .dropFiles: false
        }
    }

    /// Whether time brings it again by itself.
    var comesAgain: Bool {
        switch self {
        case .command(.wake, _), .command(.attend, _), .retain, .closePrompt, .dropFiles: true
        default: false
        }
    }
}

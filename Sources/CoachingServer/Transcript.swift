// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// A stream with the connections that get what is new in it.
///
/// Confined to the core.
class LiveStream {
    let stream: StreamID
    /// The last number that is durable.
    var durable: UInt64
    /// How often something in it was erased since it is in memory.
    var erasures: UInt64 = 0
    /// The connections that get what is new, each from a number on.
    private(set) var live: [Listener] = []
    /// The same as plain numbers.
    private var liveNumbers: [ConnectionNumber] = []

    init(stream: StreamID, durable: UInt64) {
        self.stream = stream
        self.durable = durable
    }

    /// Gives the connections that get the frame of this number.
    func recipients(of number: UInt64) -> [ConnectionNumber] {
        if live.allSatisfy({ $0.from <= number }) { return liveNumbers }
        return live.filter { $0.from <= number }.map(\.connection)
    }

    func isHeard(by connection: ConnectionNumber) -> Bool { liveNumbers.contains(connection) }

    func listen(_ connection: ConnectionNumber, from number: UInt64) {
        guard !isHeard(by: connection) else { return }
        live.append(Listener(connection: connection, from: number))
        liveNumbers.append(connection)
    }

    func ignore(_ connection: ConnectionNumber) {
        guard isHeard(by: connection) else { return }
        live.removeAll { $0.connection == connection }
        liveNumbers.removeAll { $0 == connection }
    }
}

/// A connection that gets a stream's new frames.
struct Listener: Hashable {
    var connection: ConnectionNumber
    var from: UInt64
}

/// A transcript as its room's host knows it.
///
/// Confined to the core. `number` and `head` run ahead of what is durable while a commit is in
/// flight.
final class Transcript: LiveStream {
    let id: TranscriptID
    let key: TranscriptKey
    var number: UInt64
    var head: Bytes32
    private var durableHead: Bytes32
    private(set) var senders: [KeyID: Sender] = [:]
    /// Whether the store may hold keys that are not in memory.
    private(set) var isPartlyKnown: Bool
    /// The log position of the last change of its readers, as of the position `judgedAt`.
    private var changedAt: UInt64?
    private var judgedAt = UInt64.max
    /// What the rules have let pass at the position `allowedAt`.
    private var allowed: Set<AllowedPost> = []
    private var allowedAt = UInt64.max

    init(id: TranscriptID, key: TranscriptKey, number: UInt64, head: Bytes32) {
        self.id = id
        self.key = key
        self.number = number
        self.head = head
        durableHead = head
        questionsFrom = number
        isPartlyKnown = number > 0
        super.init(stream: StreamID(id), durable: number)
    }

    /// Gives the log position at which the readers changed last.
    func lastReaderChange(in room: Room) -> UInt64? {
        if judgedAt != room.position {
            changedAt = room.lastAudienceChange(of: key)
            judgedAt = room.position
        }
        return changedAt
    }

    /// Whether the rules have let a person post this kind here, at this position of the log.
    ///
    /// They go by the log alone, so what passed once passes until the log goes on.
    func allows(_ kind: EntryKind, by person: PersonID, at position: UInt64) -> Bool {
        allowedAt == position && allowed.contains(AllowedPost(person: person, kind: kind))
    }

    /// Remembers that the rules have let this pass.
    func allow(_ kind: EntryKind, by person: PersonID, at position: UInt64) {
        if allowedAt != position {
            allowed.removeAll(keepingCapacity: true)
            allowedAt = position
        }
        allowed.insert(AllowedPost(person: person, kind: kind))
    }

    /// The questions that came since it is in memory, the newest ``questionsMax`` of them.
    private var questions: [UInt64] = []
    /// Up to which number nobody remembers what was a question.
    private var questionsFrom: UInt64
    /// How many questions are remembered.
    static let questionsMax = 1_024

    /// Whether an entry of this number is a question, as far as it is remembered here; its
    /// readers see the rest.
    func mayBeQuestion(_ number: UInt64) -> Bool {
        guard number > 0, number <= self.number else { return false }
        return number <= questionsFrom || questions.contains(number)
    }

    func note(question: UInt64) {
        questions.append(question)
        if questions.count > Self.questionsMax { questionsFrom = questions.removeFirst() }
    }

    /// The most keys in memory; those that were used least lately are read back when needed.
    static let sendersMax = 1_024

    func know(_ sender: Sender, as id: KeyID) {
        senders[id] = sender
        guard senders.count > Self.sendersMax else { return }
        let idle = senders.filter { $0.value.lastNumber <= durable && $0.key != id }
            .sorted { ($0.value.lastNumber, $0.key) < ($1.value.lastNumber, $1.key) }
        for (id, _) in idle.prefix(Self.sendersMax / 2) { senders[id] = nil }
        isPartlyKnown = true
    }

    /// Forgets what is known of keys, because somebody else has written.
    func forgetSenders() {
        senders = [:]
        isPartlyKnown = true
        erasures += 1
    }

    /// Takes over that frames up to this one are durable.
    func settle(_ number: UInt64, head: Bytes32) {
        durable = number
        durableHead = head
    }

    /// Forgets what was not made durable.
    func rollBack() {
        number = durable
        head = durableHead
        judgedAt = .max
        allowedAt = .max
        questions.removeAll { $0 > durable }
        for (id, sender) in senders {
            if sender.number > durable {
                senders[id] = nil
            } else if !sender.rollBack(to: durable) {
                senders[id] = nil
                isPartlyKnown = true
            }
        }
    }
}

/// A kind that the rules have let a person post.
private struct AllowedPost: Hashable {
    var person: PersonID
    var kind: EntryKind
}

/// A sender key as the server knows it.
///
/// Confined to the core.
final class Sender {
    let device: DeviceID
    /// The log position that the key was made at.
    let position: UInt64
    /// The number of its key event.
    let number: UInt64
    /// The digest of its key event.
    let digest: Bytes32
    /// When its key event was taken.
    let at: Timestamp
    /// How many entries were accepted under it.
    private(set) var counter: UInt64 = 0
    /// Whether it was read back from where something had been erased, so that the counter may be
    /// behind.
    var isPartlyKnown = false
    /// The last of them, so that the same bytes sent again get the same number.
    private var recent: [Accepted] = []

    /// So that at least as many are known as one connection may have waiting.
    static let recentMax = 128

    init(device: DeviceID, position: UInt64, number: UInt64, digest: Bytes32, at: Timestamp) {
        self.device = device
        self.position = position
        self.number = number
        self.digest = digest
        self.at = at
    }

    /// The number of the last item under the key, or of the key itself.
    var lastNumber: UInt64 { recent.last?.number ?? number }

    func accept(_ counter: UInt64, _ digest: Bytes32, number: UInt64) {
        self.counter = counter
        if recent.count == Self.recentMax { recent.removeFirst(Self.recentMax / 2) }
        recent.append(Accepted(counter: counter, number: number, digest: digest))
    }

    /// Forgets what was not made durable; gives whether all of that was known still.
    func rollBack(to durable: UInt64) -> Bool {
        if let first = recent.first, first.number > durable, first.counter > 1 { return false }
        while let last = recent.last, last.number > durable {
            recent.removeLast()
            counter = last.counter - 1
        }
        return true
    }

    func accepted(_ counter: UInt64) -> Accepted? {
        recent.last { $0.counter == counter }
    }
}

/// An accepted entry.
struct Accepted: Hashable {
    var counter: UInt64
    var number: UInt64
    var digest: Bytes32
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingTestKit
import CoachingWire

@testable import CoachingServer

/// Who may read what, worked out from all that became durable, in its order, and from nothing
/// that the server keeps.
struct Oracle {
    private(set) var room: Room
    private(set) var head: Bytes32
    /// Who was in the audience when an item was accepted.
    private(set) var entitled: [TranscriptID: [UInt64: Set<PersonID>]] = [:]
    private(set) var keys: [TranscriptID: TranscriptKey] = [:]
    private(set) var tails: [TranscriptID: UInt64] = [:]
    /// Where each entry stands; 0 counts the key event.
    private(set) var entries: [KeyID: [UInt64: [UInt64]]] = [:]
    /// What was erased, and by the entry of which number.
    private(set) var gone: [TranscriptID: [UInt64: UInt64]] = [:]
    private var authors: [TranscriptID: [UInt64: PersonID]] = [:]
    /// The digests of answers without names, as they were delivered.
    private(set) var delivered: [TranscriptID: [Bytes32]] = [:]
    private var kinds: [TranscriptID: [UInt64: EntryKind]] = [:]
    private var withdrawals:
        [TranscriptID: [UInt64: (by: PersonID?, numbers: [UInt64], takesOut: Bool)]] = [:]
    private(set) var mistakes: [String] = []

    private static let kept = PromptBoxes.stream(of: Programme.room)

    /// Works it out for the one room that the journal tells of.
    init(_ journal: [AppendGroup], of id: RoomID = Programme.room) {
        room = Room(id: id)
        head = RoomChain.start(id)
        for group in journal {
            for frame in group.frames { take(frame) }
            for erasure in group.erasures { take(erasure) }
        }
        for (id, all) in withdrawals {
            for (number, withdrawal) in all
            where withdrawal.numbers.contains(where: { gone[id]?[$0] != number }) {
                mistakes.append("withdrawal \(number) took nothing back")
            }
        }
    }

    /// What is gone was named by its own author, or in the room by a facilitator, in the same
    /// commit.
    private mutating func take(_ erasure: FrameErasure) {
        // Answers that are kept back are written over with each other.
        guard erasure.stream != Self.kept else { return }
        let body = Array(erasure.frame.dropFirst(Frame.headBytes))
        guard case .push(.tombstone(let tombstone))? = try? ServerMessage(body: body),
            StreamID(tombstone.transcript) == erasure.stream, tombstone.number == erasure.number,
            let by = tombstone.by
        else { return mistakes.append("a tombstone cannot be read") }
        let id = tombstone.transcript
        if gone[id, default: [:]].updateValue(by, forKey: tombstone.number) != nil {
            mistakes.append("\(tombstone.number) was erased twice")
        }
        guard let withdrawal = withdrawals[id]?[by],
            withdrawal.numbers.contains(tombstone.number), let person = withdrawal.by,
            let kind = kinds[id]?[tombstone.number],
            authors[id]?[tombstone.number] == person || withdrawal.takesOut && kind.needsFloor
        else { return mistakes.append("\(tombstone.number) was erased without right") }
    }

    private mutating func take(_ frame: AppendFrame) {
        guard frame.stream != .directory, frame.stream != Self.kept else { return }
        let body = Array(frame.frame.dropFirst(Frame.headBytes))
        switch try? ServerMessage(body: body) {
        case .push(.record(let pushed)): take(pushed)
        case .push(.item(let pushed)): take(pushed, frame)
        default: mistakes.append("a stored frame cannot be read")
        }
    }

    private mutating func take(_ pushed: PushedRecord) {
        guard
            let record = try? RoomRecord(
                decoding: pushed.record,
                rosterHash: { Hashing.hash($0) }
            )
        else { return mistakes.append("a stored record cannot be read") }
        room.evolve(record)
        head = RoomChain.next(head, number: pushed.position, event: pushed.record)
        if room.position != pushed.position { mistakes.append("a position is out of order") }
    }

    private mutating func take(_ pushed: PushedItem, _ frame: AppendFrame) {
        if let opens = frame.opens, let scope = opens.key.first.flatMap({ Scope(rawValue: $0) }) {
            keys[pushed.transcript] = TranscriptKey(
                scope: scope,
                instance: Array(opens.key.dropFirst())
            )
        }
        guard let key = keys[pushed.transcript], let item = try? ContentItem.parse(pushed.item)
        else { return mistakes.append("an item cannot be read") }
        let tail = tails[pushed.transcript] ?? 0
        if pushed.number != tail + 1 { mistakes.append("a number is out of order") }
        tails[pushed.transcript] = pushed.number
        entitled[pushed.transcript, default: [:]][pushed.number] = Set(room.audience(of: key))
        switch item {
        case .key(let event): note(event.key, 0, pushed.number)
        case .entry(let entry) where entry.header.isUnattributed: deliver(entry, pushed, key)
        case .entry(let entry):
            note(entry.header.key, entry.header.counter, pushed.number)
            let author = room.author(of: entry.header.device)
            if entry.header.kind == .withdraw {
                withdrawals[pushed.transcript, default: [:]][pushed.number] = (
                    author, entry.header.allCites,
                    key == .room && author.map { room.membership(of: $0) } == .facilitator
                )
            } else {
                authors[pushed.transcript, default: [:]][pushed.number] = author
                kinds[pushed.transcript, default: [:]][pushed.number] = entry.header.kind
            }
        }
    }

    /// An answer without a name comes with its prompt's end, of at least five, in its place.
    private mutating func deliver(
        _ entry: EntryItem,
        _ pushed: PushedItem,
        _ key: TranscriptKey
    ) {
        let id = pushed.transcript
        let digest = entry.parts.digest()
        guard case .prompt(let prompt, _) = key, let end = room.prompts[prompt]?.closed,
            end.answers >= 5, pushed.at == end.at, end.at == room.lastAt,
            delivered[id]?.last.map({ $0 < digest }) ?? true,
            delivered[id]?.count ?? 0 < end.answers
        else { return mistakes.append("an answer without a name came out of place") }
        delivered[id, default: []].append(digest)
    }

    private mutating func note(_ key: KeyID, _ counter: UInt64, _ number: UInt64) {
        entries[key, default: [:]][counter, default: []].append(number)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

/// What a withdrawal names, as it was read from the store.
struct CitedItems {
    /// How often the transcript had been erased in when it was read.
    var erasures: UInt64
    var items: [UInt64: CitedItem]
}

/// An item that somebody wants to take back.
enum CitedItem: Hashable {
    case entry(DeviceID, EntryKind, digest: Bytes32)
    /// A key, or nothing that can be read.
    case other
    /// What remains of an item that is gone.
    case gone
}

// What members take back.
extension RoomHost {
    /// Whether a withdrawal may be appended now; else it waits, for the store or the next pass.
    ///
    /// The items that it names are read from the store first, since only they say who wrote
    /// them; if others were erased meanwhile they are read again.
    ///
    /// - Throws: why it may not.
    func mayWithdraw(
        _ entry: EntryItem,
        in transcript: Transcript,
        by person: PersonID,
        _ wait: RoomWait,
        _ pass: inout DecisionPass
    ) throws -> Bool {
        let numbers = entry.header.allCites
        guard let first = numbers.first, let last = numbers.last, first >= 1,
            last <= entry.header.seenNumber
        else {
            throw Refusal(.badRequest, sentence: "It does not say what is to be taken back.")
        }
        let spans = room.readable(transcript.key, by: person)
        guard last <= transcript.number,
            numbers.allSatisfy({ number in spans.contains { $0.contains(number) } })
        else { throw Self.notFound }
        guard last <= transcript.durable, !pass.erases(in: transcript) else {
            pass.isFull = true
            return false
        }
        guard let cited = wait.cited, cited.erasures == transcript.erasures else {
            read(numbers, in: transcript, for: entry.header.key, wait)
            return false
        }
        for number in numbers {
            guard case .entry(let device, let kind, _) = cited.items[number] else {
                throw cited.items[number] == .gone
                    ? RoomRejection.takenBack : RoomRejection.notAuthor
            }
            let author = room.author(of: device)
            guard room.mayTakeBack(kind, of: author, in: transcript.key, by: person) else {
                throw RoomRejection.notAuthor
            }
        }
        return true
    }

    /// Puts tombstones where the items of a withdrawal were, in the same commit.
    func erase(
        _ header: EntryHeader,
        _ cited: CitedItems?,
        in transcript: Transcript,
        by withdrawal: UInt64,
        _ pass: inout DecisionPass
    ) {
        for number in header.allCites {
            guard case .entry(_, _, let digest) = cited?.items[number] else { continue }
            let tombstone = Tombstone(
                transcript: transcript.id,
                number: number,
                digest: digest,
                by: withdrawal
            )
            pass.group.erasures.append(
                FrameErasure(
                    stream: transcript.stream,
                    number: number,
                    frame: tombstone.frame()
                )
            )
        }
        pass.decided.append(.erased(transcript))
    }

    /// Takes note of a commit that erased something.
    func settleErasure(in transcript: Transcript) {
        transcript.erasures += 1
        core.isPurgeDue = true
    }

    private func read(
        _ numbers: [UInt64],
        in transcript: Transcript,
        for key: KeyID,
        _ wait: RoomWait
    ) {
        // What comes under the same key waits for its turn.
        recovering[key] = []
        let erasures = transcript.erasures
        var items: [UInt64: CitedItem] = [:]
        var left = numbers.count
        for number in numbers {
            core.read(.frames(transcript.stream, number...number, bytesMax: 1)) {
                [weak self] answer, _ in
                if case .success(.frames(let frames)) = answer, let stored = frames.first {
                    items[number] = CitedItem(stored)
                }
                left -= 1
                guard left == 0, let self else { return }
                let others = self.recovering.removeValue(forKey: key) ?? []
                guard items.count == numbers.count else {
                    self.core.tryLater(wait.asker)
                    return self.takeAgain(others)
                }
                var wait = wait
                wait.cited = CitedItems(erasures: erasures, items: items)
                self.takeAgain([wait] + others)
            }
        }
    }
}

extension CitedItem {
    /// Reads what a stored frame holds.
    init(_ stored: StoredFrame) {
        switch StoredFrames.message(stored.frame) {
        case .push(.tombstone): self = .gone
        case .push(.item(let pushed)):
            if case .entry(let entry)? = try? ContentItem.parse(pushed.item) {
                self = .entry(entry.header.device, entry.header.kind, digest: stored.digest)
            } else {
                self = .other
            }
        default: self = .other
        }
    }
}

extension DecisionPass {
    /// Whether something of a transcript is to be erased by what was decided already.
    func erases(in transcript: Transcript) -> Bool {
        group.erasures.contains { $0.stream == transcript.stream }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal

// What this device has sent stays here, sealed as it was sent, for at most 30 days and never
// longer than it is kept anywhere: it is posted again where a restored server has lost it.
extension Client {
    /// Keeps a line that the server has taken.
    func noteSent(
        _ draft: LineDraft,
        _ post: SealedPost,
        as number: UInt64,
        _ readers: [PersonID]
    ) {
        let pending = post.pending
        guard draft.kind.needsFloor || draft.kind == .withdraw,
            let item = try? ContentItem.parse(pending.item),
            let replica = rooms[pending.room]?.replica
        else { return }
        if draft.kind == .withdraw, let first = draft.cites {
            for gone in [first] + draft.alsoCites {
                forgetSent(gone, of: post.place.key, in: pending.room)
            }
        }
        let cites = (draft.cites.map { [$0] } ?? []) + draft.alsoCites
        let index = replica.readings[pending.transcript]?.index
        let cited = cites.compactMap { number in
            index?[number].map { CitedLine(number: number, digest: $0.digest) }
        }
        let now = environment.now()
        let at = draft.again?.at ?? now
        let end = Retention.end(of: at, in: post.place.key.scope, under: replica.room.policy)
        let most = at.adding(milliseconds: SentLines.millisecondsMax)
        let line = SentLine(
            room: pending.room,
            scope: post.place.key.scope,
            instance: post.place.key.instance,
            key: pending.key,
            counter: pending.counter,
            number: number,
            digest: item.digest(),
            kind: draft.kind,
            item: pending.item,
            at: at,
            until: end.map { min($0, most) } ?? most,
            readers: readers,
            restores: replica.generation,
            firstKey: draft.again?.name.key,
            firstCounter: draft.again?.name.counter,
            cited: cited.isEmpty ? nil : cited
        )
        sentChanges.added.removeAll { $0.name == line.name }
        sentChanges.added.append(line)
        sentChanges.events[pending.key] = pending.keyEvent
        rooms[pending.room]?.replica.sent.removeAll { $0.name == line.name }
        rooms[pending.room]?.replica.sent.append(line)
        if let sent = rooms[pending.room]?.replica.sent, sent.count >= 2 * SentLines.linesMax {
            rooms[pending.room]?.replica.sent.removeFirst(sent.count - SentLines.linesMax)
        }
    }

    /// Forgets lines that are gone from the room.
    func noteErased(_ happenings: [RoomHappening], in room: RoomID) {
        for case .erased(let key, let number, _) in happenings {
            forgetSent(number, of: key, in: room)
        }
    }

    /// Forgets the line of this device that stands in a place, if one does.
    private func forgetSent(_ number: UInt64, of key: TranscriptKey, in room: RoomID) {
        guard let replica = rooms[room]?.replica else { return }
        for line in replica.sent where line.number == number && line.place == key {
            // What a restored server has lost stands in no place.
            guard line.kind != .withdraw, !replica.isMissing(line) else { continue }
            forget(line)
        }
    }

    /// Keeps nothing of a line any more.
    func forget(_ line: SentLine) {
        sentChanges.added.removeAll { $0.name == line.name }
        sentChanges.dropped.insert(line.name)
        rooms[line.room]?.replica.sent.removeAll { $0.name == line.name }
    }

    /// Writes what has changed; what cannot be written now is tried again.
    func flushSent() {
        guard !sentChanges.isEmpty || !hasTrimmedSent else { return }
        hasTrimmedSent = true
        guard (try? folder.changeSent(at: environment.now(), sentChanges)) != nil else { return }
        sentChanges = SentChanges()
    }
}

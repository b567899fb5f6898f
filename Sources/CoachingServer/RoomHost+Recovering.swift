// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

// Keys from before the start, and entries from before what is kept in memory.
extension RoomHost {
    /// Reads a sender key and what was accepted under it back from the store.
    ///
    /// Needed once for a client's key after a restart; the post waits meanwhile.
    func recover(_ key: KeyID, in transcript: Transcript, for wait: RoomWait) {
        if recovering[key] != nil {
            recovering[key]?.append(wait)
            return
        }
        recovering[key] = [wait]
        core.read(.label(key.value)) { [weak self] answer, _ in
            guard let self else { return }
            guard case .success(.label(let place)) = answer else { return self.unreadable(key) }
            guard let place else { return self.unknown(key) }
            guard place.stream == transcript.stream, place.number <= transcript.durable else {
                return self.unusable(key)
            }
            self.scan(key, in: transcript, from: place.number, nil)
        }
    }

    private func scan(
        _ key: KeyID,
        in transcript: Transcript,
        from number: UInt64,
        _ found: Sender?
    ) {
        // What is decided later is not under this key, which nobody can use while it is read.
        guard number <= transcript.durable else {
            // Its time was over, and it is gone.
            guard let found else { return unusable(key) }
            transcript.know(found, as: key)
            return takeAgain(recovering.removeValue(forKey: key) ?? [])
        }
        let range = number...transcript.durable
        core.read(.frames(transcript.stream, range, bytesMax: core.configuration.pageBytes)) {
            [weak self] answer, _ in
            guard let self else { return }
            guard case .success(.frames(let frames)) = answer, let last = frames.last else {
                return self.unreadable(key)
            }
            var sender = found
            for stored in frames { sender = Self.follow(key, sender, stored) }
            self.scan(key, in: transcript, from: last.number + 1, sender)
        }
    }

    private static func follow(_ key: KeyID, _ sender: Sender?, _ stored: StoredFrame) -> Sender? {
        guard case .push(.item(let pushed))? = StoredFrames.message(stored.frame) else {
            if isTombstone(stored) { sender?.isPartlyKnown = true }
            return sender
        }
        switch try? ContentItem.parse(pushed.item) {
        case .key(let event) where event.key == key:
            return Sender(
                device: event.header.device,
                position: event.header.position,
                number: stored.number,
                digest: stored.digest,
                at: pushed.at
            )
        case .entry(let entry)
        where entry.header.key == key && !entry.header.isUnattributed:
            sender?.accept(entry.header.counter, stored.digest, number: stored.number)
            return sender
        default: return sender
        }
    }

    private static func isTombstone(_ stored: StoredFrame) -> Bool {
        if case .push(.tombstone)? = StoredFrames.message(stored.frame) { true } else { false }
    }

    /// Goes on in the order in which it came.
    func takeAgain(_ waits: [RoomWait]) {
        waiting.insert(contentsOf: waits, at: 0)
        core.touch(self)
    }

    /// The store has no such key.
    private func unknown(_ key: KeyID) {
        var news: [RoomWait] = []
        for var wait in recovering.removeValue(forKey: key) ?? [] {
            guard let asker = wait.asker else { continue }
            switch wait.ask {
            case .posted: core.answer(asker, .posted(0))
            case .post(let post) where (try? ContentItem.parse(post.item))?.isKey == true:
                wait.isKeyNew = true
                news.append(wait)
            default: refuse(asker, .keyUnknown)
            }
        }
        takeAgain(news)
    }

    /// The store has something else under this name, or had it once.
    private func unusable(_ key: KeyID) {
        for wait in recovering.removeValue(forKey: key) ?? [] {
            guard let asker = wait.asker else { continue }
            if case .posted = wait.ask {
                core.answer(asker, .posted(0))
            } else {
                refuse(asker, .keyUnknown)
            }
        }
    }

    private func unreadable(_ key: KeyID) {
        for wait in recovering.removeValue(forKey: key) ?? [] { core.tryLater(wait.asker) }
    }

    /// Looks for an entry that was accepted longer ago than is kept in memory.
    func find(
        _ counter: UInt64,
        under key: KeyID,
        _ sender: Sender,
        in transcript: Transcript,
        then: @escaping (Accepted?) -> Void
    ) {
        find(counter, under: key, in: transcript, from: sender.number + 1, then: then)
    }

    private func find(
        _ counter: UInt64,
        under key: KeyID,
        in transcript: Transcript,
        from number: UInt64,
        then: @escaping (Accepted?) -> Void
    ) {
        guard number <= transcript.durable else { return then(nil) }
        let range = number...transcript.durable
        core.read(.frames(transcript.stream, range, bytesMax: core.configuration.pageBytes)) {
            [weak self] answer, _ in
            guard case .success(.frames(let frames)) = answer, let last = frames.last else {
                return then(nil)
            }
            for stored in frames {
                guard case .entry(let entry) = Self.item(in: stored), entry.header.key == key,
                    entry.header.counter == counter
                else { continue }
                return then(
                    Accepted(counter: counter, number: stored.number, digest: stored.digest)
                )
            }
            self?.find(counter, under: key, in: transcript, from: last.number + 1, then: then)
        }
    }

    private static func item(in stored: StoredFrame) -> ContentItem? {
        guard case .push(.item(let pushed))? = StoredFrames.message(stored.frame) else {
            return nil
        }
        return try? ContentItem.parse(pushed.item)
    }
}

extension ContentItem {
    fileprivate var isKey: Bool {
        if case .key = self { true } else { false }
    }
}

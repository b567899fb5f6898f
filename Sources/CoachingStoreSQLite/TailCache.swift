// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore

/// The ends of recently used streams, so that an append costs no look-up.
///
/// What a transaction changes counts only within it until it is kept; when it is dropped, all is
/// forgotten and read anew.
///
/// - Limits: at most `countMax` streams and those of one transaction; the least recently used
///   half goes at a time.
struct TailCache {
    private let countMax: Int
    private var young: [StreamID: StreamTail] = [:]
    private var old: [StreamID: StreamTail] = [:]
    private var changed: [StreamID: StreamTail] = [:]

    init(countMax: Int) { self.countMax = max(countMax, 2) }

    var count: Int { young.count + old.count }

    mutating func tail(of stream: StreamID) -> StreamTail? {
        if let tail = changed[stream] ?? young[stream] { return tail }
        guard let tail = old.removeValue(forKey: stream) else { return nil }
        insert(tail, of: stream)
        return tail
    }

    /// Keeps what was read from the database.
    mutating func insert(_ tail: StreamTail, of stream: StreamID) {
        if young.count >= countMax / 2 {
            old = young
            young = [:]
        }
        young[stream] = tail
    }

    /// Notes what the running transaction makes of a stream.
    mutating func change(_ tail: StreamTail, of stream: StreamID) { changed[stream] = tail }

    /// Takes the changes as committed.
    mutating func keepChanges() {
        for (stream, tail) in changed {
            old.removeValue(forKey: stream)
            if young.updateValue(tail, forKey: stream) == nil, young.count > countMax / 2 {
                young.removeValue(forKey: stream)
                insert(tail, of: stream)
            }
        }
        changed.removeAll(keepingCapacity: changed.count <= countMax)
    }

    /// Forgets everything, after a transaction that came to nothing.
    mutating func removeAll() {
        young = [:]
        old = [:]
        changed = [:]
    }

    /// The streams that the running transaction has changed, to go back to in part.
    var changes: [StreamID: StreamTail] {
        get { changed }
        set { changed = newValue }
    }
}

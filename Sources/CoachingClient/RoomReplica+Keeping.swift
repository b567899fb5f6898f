// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal

/// Which of the keys that were opened the device keeps, and for how long.
///
/// A key is kept as soon as something stands under it, and not longer: what was taken back or is
/// over needs no key.
extension RoomReplica {
    /// Keeps the key of something that stands, so that it stays readable here.
    mutating func keep(_ entry: VerifiedEntry, _ reading: Reading) {
        let header = entry.item.header
        guard header.kind != .withdraw, let secret = reading.opening.secret(of: header.key) else {
            return
        }
        let isText = Retention.outlives(header.kind, in: reading.key.scope)
        if let known = kept[header.key]?.period, known.span == .papers || !isText { return }
        keep(header.key, secret, isText: isText, reading)
    }

    /// Keeps also the keys under which nothing stands yet but something may still come.
    mutating func keepYoungKeys() {
        for reading in readings.values {
            for id in reading.reader.keys.keys where kept[id]?.period == nil {
                guard let made = keyTimes[id], isYoung(made),
                    let secret = reading.opening.secret(of: id)
                else { continue }
                keep(id, secret, isText: false, reading)
            }
        }
    }

    private mutating func keep(
        _ id: KeyID,
        _ secret: Bytes32,
        isText: Bool,
        _ reading: Reading
    ) {
        let made = keyTimes[id] ?? now
        // The server says when; it cannot say that it will be.
        let at = now.milliseconds > 0 ? min(made, now) : made
        let key = KeptKey(
            transcript: reading.reader.transcript,
            key: id,
            secret: secret,
            at: at,
            period: isText
                ? .papers(of: room.id)
                : KeyPeriod(room: room.id, scope: reading.key.scope, at: at)
        )
        kept[id] = key
        unsaved.append(key)
    }

    /// Whether a key that is closed here is missed: something waits for it, or may still come.
    func isWorthAsking(for closed: KeyExchange.Closed) -> Bool {
        closed.entries.contains { $0.entry.item.header.kind != .withdraw } || isYoung(closed.at)
    }

    private func isYoung(_ at: Timestamp) -> Bool {
        now < at.adding(milliseconds: Retention.keyMilliseconds)
    }

    /// Names the kept keys under which nothing stands any more and nothing can come.
    ///
    /// Only of what was read to its end, from the key on.
    var needlessKeys: Set<KeyID> {
        guard hasAll, isCaughtUp, now.milliseconds > 0 else { return [] }
        var needless: Set<KeyID> = []
        var used: [TranscriptID: Set<KeyID>] = [:]
        for key in kept.values {
            guard let reading = readings[key.transcript], !reading.isBroken,
                reading.held.isEmpty, reading.reader.keys[key.key] != nil, !isYoung(key.at)
            else { continue }
            let standing = used[key.transcript] ?? Set(reading.standing.values)
            used[key.transcript] = standing
            if !standing.contains(key.key) { needless.insert(key.key) }
        }
        return needless
    }

    /// Closes what was opened under keys that the device keeps no more.
    mutating func forget(_ keys: Set<KeyID>) {
        for key in keys {
            guard let known = kept.removeValue(forKey: key) else { continue }
            readings[known.transcript]?.opening.forget(key)
        }
        unsaved.removeAll { keys.contains($0.key) }
    }

    /// Names the kept keys whose lines are all over.
    var overKeys: Set<KeyID> {
        let over = kept.values.filter { key in
            guard let period = key.period, period.room == room.id else { return false }
            return period.due(under: room.policy) <= now
        }
        return Set(over.map(\.key))
    }
}

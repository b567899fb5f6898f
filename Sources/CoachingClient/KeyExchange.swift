// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// What does not open on this device, and which device asks which for keys; one for each room.
///
/// A device that cannot open a key says so in an entry of kind `grant`: in the transcript itself,
/// where its author's devices read it, or, if it was no reader's device when the key was made, in
/// its person's own transcript, where their other devices read it. Who holds the key wraps it
/// again for that device, in another such entry.
///
/// - Source: SEALING.md 3.4; Protocol/spec.md 12.9.
struct KeyExchange: Sendable {
    /// The most keys, asks and early grants that are kept of each.
    static let keptMax = 8_192
    /// The most entries under one key that wait to be opened.
    static let entriesMax = 1_024
    /// How often one device asks for one key.
    static let asksMax = 2

    /// A key that does not open here.
    struct Closed: Sendable {
        var transcript: TranscriptID
        var event: VerifiedKey
        /// When the server took it.
        var at: Timestamp
        /// Whether all private keys of the device were tried.
        var isTried = false
        /// What waits for it.
        var entries: [Waiting] = []
    }

    struct Waiting: Sendable {
        var entry: VerifiedEntry
        var pushed: PushedItem
    }

    /// A device that asked for a key, and where.
    struct Wish: Hashable, Sendable {
        var device: DeviceID
        var key: KeyID
        var place: TranscriptKey
        /// Whether it asked while one was there.
        var isNew = false
    }

    struct Gift: Hashable, Sendable {
        var device: DeviceID
        var key: KeyID
    }

    var closed: [KeyID: Closed] = [:]
    /// Grants for this device whose keys have not come yet.
    var early: [KeyID: [KeyGrant]] = [:]
    /// How often this device has asked.
    var asked: [KeyID: Int] = [:]
    /// Grants for this device that did not open.
    var spoiled: Set<KeyID> = []
    var wishes: [Wish] = []
    /// What asking devices get only where a member gives it by a deed of theirs.
    var held: [Wish] = []
    var given: Set<Gift> = []
    /// Whether there may be something to ask or to answer.
    var isDirty = false
    /// Whether something closed has not been tried with all private keys of the device.
    var hasUntried = false

    /// Forgets an entry that is gone, which nothing shall open any more.
    mutating func forget(_ number: UInt64, in transcript: TranscriptID) {
        for (id, closed) in closed where closed.transcript == transcript {
            self.closed[id]?.entries.removeAll { $0.pushed.number == number }
        }
    }

    mutating func noteAsks(
        _ keys: [KeyID],
        by device: DeviceID,
        in place: TranscriptKey,
        isNew: Bool = false
    ) {
        for key in keys where wishes.count < Self.keptMax {
            let wish = Wish(device: device, key: key, place: place, isNew: isNew)
            guard !given.contains(Gift(device: device, key: key)), !wishes.contains(wish) else {
                continue
            }
            wishes.append(wish)
            isDirty = true
        }
    }

    mutating func noteGift(_ grant: KeyGrant) {
        let gift = Gift(device: grant.wrap.device, key: grant.key)
        if given.count < Self.keptMax { given.insert(gift) }
        wishes.removeAll { $0.device == gift.device && $0.key == gift.key }
        held.removeAll { $0.device == gift.device && $0.key == gift.key }
    }
}

/// What one device has to say about keys in one place.
struct DueExchange: Sendable {
    var place: TranscriptKey
    var asks: [KeyID] = []
    var answers: [KeyExchange.Wish] = []
}

extension RoomReplica {
    // MARK: Keys that come

    /// Takes a key whose signature and readers were checked.
    mutating func take(_ key: VerifiedKey, at: Timestamp, _ reading: inout Reading) {
        let id = key.item.key
        if let known = kept[id], (try? reading.opening.add(key, secret: known.secret)) != nil {
            return
        }
        if (try? reading.opening.add(key, with: keyring)) == nil {
            // One that came before the log says that one may read this waits on.
            let grants =
                mayRead(id, in: reading.key) ? exchange.early.removeValue(forKey: id) ?? [] : []
            let isOpen = grants.contains {
                (try? reading.opening.add($0, with: keyring)) != nil
            }
            guard isOpen else {
                guard exchange.closed[id] == nil, exchange.closed.count < KeyExchange.keptMax
                else { return }
                exchange.closed[id] = KeyExchange.Closed(
                    transcript: reading.reader.transcript,
                    event: key,
                    at: at
                )
                // Who gives older lines sends their keys unasked, as the next thing.
                if let number = keyNumbers[id],
                    number < readBefore[reading.reader.transcript]?.first ?? 0
                {
                    exchange.asked[id] = 1
                }
                exchange.hasUntried = true
                exchange.isDirty = true
                return
            }
        }
    }

    /// Tries what is closed once more, with all private keys that the device has now.
    ///
    /// - Returns: what opened, and an alarm for each key that was wrapped for this device and
    ///   still does not open, though the device has every private key of that time.
    mutating func tryClosed(
        with keyring: DeviceKeyring,
        completeSince: Timestamp
    ) -> [RoomHappening] {
        self.keyring = keyring
        exchange.hasUntried = false
        var happenings: [RoomHappening] = []
        for (id, closed) in exchange.closed.sorted(by: { $0.key < $1.key }) where !closed.isTried {
            exchange.closed[id]?.isTried = true
            if (try? readings[closed.transcript]?.opening.add(closed.event, with: keyring)) != nil {
                happenings += reopen(id)
            } else if keyring.isNamed(in: closed.event.item), closed.at >= completeSince {
                happenings.append(
                    alarm(
                        .misbehaved,
                        "A key by \(name(closed.event.item.header.device)) does not open on this"
                            + " device. Their lines stay closed here until it is sent again."
                    )
                )
            }
        }
        return happenings
    }

    /// Hands over what waited for a key that is open now.
    private mutating func reopen(_ id: KeyID) -> [RoomHappening] {
        guard let closed = exchange.closed.removeValue(forKey: id),
            let reading = readings[closed.transcript]
        else { return [] }
        var happenings: [RoomHappening] = []
        for waiting in closed.entries {
            keep(waiting.entry, reading)
            if waiting.entry.item.header.kind == .grant {
                happenings += takeGrant(waiting.entry, waiting.pushed, reading)
                continue
            }
            if waiting.entry.item.header.kind == .consent {
                happenings += takeConsent(waiting.entry, waiting.pushed, reading)
                continue
            }
            var line = self.line(waiting.entry, waiting.pushed, reading)
            guard !isOver(line) else { continue }
            line.isReopened = true
            remember(line)
            if !isDouble(line) {
                happenings.append(.entry(line))
                happenings += noteRelease(line)
            }
        }
        return happenings
    }

    /// Keeps an entry that cannot be opened for when its key comes.
    mutating func wait(_ entry: VerifiedEntry, _ pushed: PushedItem) {
        let key = entry.item.header.key
        guard let count = exchange.closed[key]?.entries.count, count < KeyExchange.entriesMax
        else { return }
        exchange.closed[key]?.entries.append(.init(entry: entry, pushed: pushed))
    }

    // MARK: Asks and grants that come

    /// Takes what devices say about keys; nothing of it is shown as a line.
    mutating func takeGrant(
        _ entry: VerifiedEntry,
        _ pushed: PushedItem,
        _ reading: Reading
    ) -> [RoomHappening] {
        guard let plaintext = try? reading.opening.open(entry) else {
            wait(entry, pushed)
            return []
        }
        guard let body = try? GrantBody.decoded(plaintext) else { return [] }
        let device = entry.item.header.device
        if device == keyring.device {
            for key in body.asks { exchange.asked[key, default: 0] += 1 }
        } else {
            exchange.noteAsks(body.asks, by: device, in: reading.key, isNew: isCaughtUp)
        }
        var happenings = deeds(of: body.grants, by: device, in: reading.key)
        for grant in body.grants {
            exchange.noteGift(grant)
            guard grant.wrap.device == keyring.device else { continue }
            happenings += apply(grant, by: device)
        }
        return happenings
    }

    mutating func apply(_ grant: KeyGrant, by device: DeviceID?) -> [RoomHappening] {
        let place = exchange.closed[grant.key].flatMap { readings[$0.transcript]?.key }
        guard let closed = exchange.closed[grant.key], let place, mayRead(grant.key, in: place)
        else {
            let isOpen = readings.values.contains { $0.opening.holds(grant.key) }
            if !isOpen, exchange.early.count < KeyExchange.keptMax,
                (exchange.early[grant.key]?.count ?? 0) < 4
            {
                exchange.early[grant.key, default: []].append(grant)
            }
            return []
        }
        guard (try? readings[closed.transcript]?.opening.add(grant, with: keyring)) != nil else {
            guard exchange.spoiled.insert(grant.key).inserted else { return [] }
            exchange.isDirty = true
            return [
                alarm(
                    .misbehaved,
                    "\(name(device)) sent this device a key again that does not open."
                )
            ]
        }
        return reopen(grant.key)
    }

    // MARK: What to say

    /// Gives what this device has to ask and to answer, each thing once.
    mutating func takeDue() -> [DueExchange] {
        guard isCaughtUp, exchange.isDirty, failure == nil else { return [] }
        exchange.isDirty = false
        var due: [TranscriptKey: DueExchange] = [:]
        for (id, closed) in exchange.closed.sorted(by: { $0.key < $1.key }) {
            let most = exchange.spoiled.contains(id) ? KeyExchange.asksMax : 1
            guard exchange.asked[id] ?? 0 < most, isWorthAsking(for: closed),
                let place = place(toAskFor: closed)
            else { continue }
            exchange.asked[id, default: 0] += 1
            due[place, default: DueExchange(place: place)].asks.append(id)
        }
        let wishes = exchange.wishes
        exchange.wishes = []
        for wish in wishes {
            guard mayGive(wish) else {
                if exchange.held.count < KeyExchange.keptMax, isHeldBack(wish),
                    !exchange.held.contains(wish)
                {
                    exchange.held.append(wish)
                }
                continue
            }
            exchange.given.insert(.init(device: wish.device, key: wish.key))
            due[wish.place, default: DueExchange(place: wish.place)].answers.append(wish)
        }
        func id(_ key: TranscriptKey) -> TranscriptID { TranscriptID(room: room.id, key: key) }
        return due.values.sorted { id($0.place) < id($1.place) }
    }

    /// Gives where a key is asked for: among its readers, or of one's own other devices.
    private func place(toAskFor closed: KeyExchange.Closed) -> TranscriptKey? {
        guard let reading = readings[closed.transcript], room.isInAudience(of: .own(owner), owner)
        else { return nil }
        let header = closed.event.item.header
        let wasReader =
            room(at: header.position)?.readerDevices(of: reading.key).contains(keyring.device)
            ?? false
        guard room.isInAudience(of: reading.key, owner), !reading.key.isPrompt else {
            return .own(owner)
        }
        if wasReader, room.author(of: header.device) != owner { return reading.key }
        // What one wrote or read on a device that is lost, others may still have.
        return room.devices(of: owner).count > 1 ? .own(owner) : reading.key
    }

    /// Whether this device may and can wrap a key for a device that asked.
    ///
    /// In one's own transcript the other device is one's own, and gets whatever this one can read.
    private func mayGive(_ wish: KeyExchange.Wish) -> Bool {
        guard let person = room.person(of: wish.device),
            room.devices(of: person).contains(wish.device), !isReturned(wish.device)
        else { return false }
        if wish.place == .own(owner) { return person == owner && opening(of: wish.key) != nil }
        return mayGive(wish, to: person)
    }

    /// Gives the transcript's opening that holds a key.
    func opening(of key: KeyID) -> Opening? {
        readings.values.first { $0.opening.holds(key) }?.opening
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// The numbers between which a sender key and what stands under it were read.
struct KeySpan: Hashable, Sendable {
    /// The number of the key itself.
    var first: UInt64
    /// The last number under it.
    var last: UInt64
}

/// What of a transcript was read before it was begun anew from further back.
///
/// What is read once more is checked to be the same, and is not shown again.
struct ReadBefore: Sendable {
    /// The first number that was read, and the head before it.
    var first: UInt64
    var headBefore: Bytes32
    /// The last number that was read, and the head there.
    var last: UInt64
    var head: Bytes32

    /// Whether what stands at a number was shown already.
    func covers(_ number: UInt64) -> Bool { number >= first && number <= last }
}

extension RoomReplica {
    // MARK: Grants that come

    /// Says why a grant cannot be; `nil` where its giver signed it.
    ///
    /// That it follows from the log was checked with the record.
    func objection(to granted: HistoryGranted) -> RoomAlarm? {
        guard let key = verifier(granted.signer),
            let signed = try? SignedHistoryGrant.verified(granted.signed, by: key),
            signed.grant == granted.grant, signed.signer == granted.signer
        else {
            return RoomAlarm(
                .forgedLog,
                "The server lets somebody read older lines here without the word of a member."
                    + " \(Self.askOthers)",
                isFatal: true
            )
        }
        return nil
    }

    /// Begins anew what the owner may read from further back now.
    mutating func note(_ granted: HistoryGranted) -> [RoomHappening] {
        guard granted.grant.person == owner else { return [] }
        for span in granted.grant.spans {
            guard let key = span.key else { continue }
            let id = TranscriptID(room: room.id, key: key)
            guard let reading = readings[id], reading.first > span.from else { continue }
            // Where it is still being read once more, it is known already what was shown.
            if reading.reader.number >= readBefore[id]?.last ?? 0 {
                readBefore[id] = ReadBefore(
                    first: reading.first,
                    headBefore: reading.headBefore,
                    last: reading.reader.number,
                    head: reading.reader.head
                )
            }
            readings[id] = nil
            mustFollow = true
        }
        return retryEarly()
    }

    /// Says whether what is read once more is another than it was.
    func isOtherThanBefore(_ reading: Reading, _ id: TranscriptID) -> Bool {
        guard let before = readBefore[id] else { return false }
        if reading.reader.number == before.first - 1 {
            return reading.reader.head != before.headBefore
        }
        return reading.reader.number == before.last && reading.reader.head != before.head
    }

    /// Whether the owner may read what stands under a key, as the log tells it.
    ///
    /// A key that somebody sent for lines that nobody let the owner read opens nothing here.
    func mayRead(_ id: KeyID, in key: TranscriptKey) -> Bool {
        keyNumbers[id].map { isReadable($0, in: key, by: owner) } ?? false
    }

    private func isReadable(_ number: UInt64, in key: TranscriptKey, by person: PersonID) -> Bool {
        room.readable(key, by: person).contains { $0.contains(number) }
    }

    /// Tries keys again that came before the log said that one may read what they open.
    mutating func retryEarly() -> [RoomHappening] {
        var happenings: [RoomHappening] = []
        for (id, grants) in exchange.early.sorted(by: { $0.key < $1.key })
        where exchange.closed[id] != nil {
            exchange.early[id] = nil
            for grant in grants { happenings += apply(grant, by: nil) }
        }
        return happenings
    }

    // MARK: Keys for others

    /// Whether this device may give a key to a device that asked in a circle of readers.
    ///
    /// A key goes to a device of somebody who reads that circle now and may read what stands
    /// under the key: because they were a reader then, or because they were given it since. The
    /// author's devices give it; where the author is away, another's does. A grant shows nobody
    /// what they were not to see.
    func mayGive(_ wish: KeyExchange.Wish, to person: PersonID) -> Bool {
        guard let opening = opening(of: wish.key), let header = opening.header(of: wish.key),
            opening.transcript == TranscriptID(room: room.id, key: wish.place),
            room.isInAudience(of: wish.place, person), let number = keyNumbers[wish.key],
            isReadable(number, in: wish.place, by: person)
        else { return false }
        guard person == owner || isOwed(wish.device, number, header, in: wish.place) else {
            return false
        }
        let author = room.author(of: header.device)
        if author == owner { return true }
        // What was asked before one came in waits for whoever comes; what is asked now is answered
        // by one, so that not all do at once.
        guard wish.isNew else { return true }
        if let author, author != person, room.presence(of: author) != .away,
            room.isInAudience(of: wish.place, author)
        {
            return false
        }
        return !room.audience(of: wish.place).contains {
            $0 != person && $0 < owner && room.presence(of: $0) != .away
        }
    }

    /// Whether others give a device a key by themselves: it was a reader's when the key was made,
    /// or its person's when they were given what stands under the key.
    ///
    /// Whoever holds somebody's recovery kit can come as them, on a device of which nobody knows
    /// anything. What they read before comes back to it from other people by their deed alone
    /// (DESIGN.md D17).
    private func isOwed(
        _ device: DeviceID,
        _ number: UInt64,
        _ header: KeyHeader,
        in place: TranscriptKey
    ) -> Bool {
        if room.wasGiven(number, of: place, to: device) { return true }
        return room(at: header.position)?.readerDevices(of: place).contains(device) == true
    }

    /// Whether a key is held back only because a member must give it by a deed of theirs.
    func isHeldBack(_ wish: KeyExchange.Wish) -> Bool {
        guard let person = room.person(of: wish.device), person != owner,
            room.devices(of: person).contains(wish.device), !isReturned(wish.device),
            wish.place.scope != .own, let opening = opening(of: wish.key),
            let header = opening.header(of: wish.key),
            opening.transcript == TranscriptID(room: room.id, key: wish.place),
            room.isInAudience(of: wish.place, person), let number = keyNumbers[wish.key],
            isReadable(number, in: wish.place, by: person)
        else { return false }
        return !isOwed(wish.device, number, header, in: wish.place)
    }

    /// Says whom a member gave keys to by their deed: new devices of people who had read before.
    func deeds(
        of grants: [KeyGrant],
        by device: DeviceID,
        in place: TranscriptKey
    ) -> [RoomHappening] {
        guard place.scope != .own, let giver = room.author(of: device) else { return [] }
        var people: Set<PersonID> = []
        for grant in grants {
            let header =
                opening(of: grant.key)?.header(of: grant.key)
                ?? exchange.closed[grant.key]?.event.item.header
            guard let person = room.person(of: grant.wrap.device), person != giver,
                let header, let number = keyNumbers[grant.key],
                isReadable(number, in: place, by: person),
                !isOwed(grant.wrap.device, number, header, in: place)
            else { continue }
            people.insert(person)
        }
        return people.sorted().map {
            .givenAgain(GivenAgain(key: place, by: giver, to: $0, isNew: isCaughtUp))
        }
    }

    /// Lists the keys that new devices of somebody asked for and that one can give them.
    func heldBack(of person: PersonID) -> [KeyExchange.Wish] {
        exchange.held.filter {
            room.person(of: $0.device) == person && isHeldBack($0)
                && !exchange.given.contains(.init(device: $0.device, key: $0.key))
        }
    }

    // MARK: Giving older lines

    /// Says which numbers one can give somebody, for a grant.
    ///
    /// - Throws: `refused` where the group has not agreed to it or there is nothing to give.
    func spans(
        for person: PersonID,
        since: Timestamp?
    ) throws(ClientError) -> [GrantedSpan] {
        let name = room.name(of: person) ?? "Somebody"
        guard room.membership(of: person) != nil else {
            throw ClientError(.refused, "\(name) is not in this room.")
        }
        guard person != owner else {
            throw ClientError(.refused, "Somebody else must give you older lines.")
        }
        guard room.policy.historyForNewcomers else {
            throw ClientError(
                .refused,
                "This group has not agreed that older lines may be given.",
                hint: "Who lets people in here can change that: peercoach agreement keep"
                    + " --history yes"
            )
        }
        var spans: [GrantedSpan] = []
        var isOlder = false
        for key in [TranscriptKey.peers, .room] {
            guard let own = room.newcomersSpan(key, of: person),
                let mine = room.readable(key, by: owner).last,
                let reading = readings[TranscriptID(room: room.id, key: key)], !reading.isBroken
            else { continue }
            let until = own.lowerBound - 1
            let least = max(mine.lowerBound, reading.first)
            guard least <= until else { continue }
            isOlder = true
            var from = least
            if let since {
                guard let start = reading.start(since: since, from: least) else { continue }
                from = start
            }
            guard from <= until else { continue }
            spans.append(GrantedSpan(scope: key.scope, from: from, until: until))
        }
        guard isOlder else {
            throw ClientError(
                .refused,
                "\(name) may read all that you may read here.",
                hint: "Nothing that a device of theirs has asked for waits here."
            )
        }
        guard !spans.isEmpty else {
            throw ClientError(
                .refused,
                "There are no lines from then on that \(name) does not read."
            )
        }
        return spans
    }

    /// Lists the keys that this device holds for numbers of a circle of readers, ascending.
    ///
    /// Those whose lines are all over are left out: a grant makes nothing last longer.
    func keys(in span: GrantedSpan) -> [KeyID] {
        guard let key = span.key,
            let reading = readings[TranscriptID(room: room.id, key: key)]
        else { return [] }
        let life = Retention.milliseconds(of: key.scope, under: room.policy)
        return reading.keySpans
            .filter { id, place in
                guard place.first >= span.from, place.first <= span.until,
                    reading.opening.holds(id)
                else { return false }
                guard let life, let at = reading.index[place.last]?.at else { return true }
                return at.adding(milliseconds: life) > now
            }
            .sorted { $0.value.first < $1.value.first }
            .map(\.key)
    }
}

extension RoomReplica.Reading {
    /// Finds the first number from a time on at which no line stands under a key from before.
    ///
    /// From there on all lines can be given, and none before it with them.
    func start(since: Timestamp, from least: UInt64) -> UInt64? {
        var number = max(least, index.numbers.lowerBound)
        while let item = index[number], item.at < since || item.at.milliseconds == 0 {
            number += 1
        }
        var isMoved = true
        while isMoved {
            isMoved = false
            for span in keySpans.values where span.first < number && span.last >= number {
                number = span.last + 1
                isMoved = true
            }
        }
        return index[number] == nil ? nil : number
    }
}

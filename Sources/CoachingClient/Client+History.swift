// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingWire

/// A page of a transcript's past on its way.
struct PageCollector {
    var numbers: ClosedRange<UInt64>
    var items: [PushedItem] = []
    var erased: [Tombstone] = []

    /// The lowest number that came.
    var lowest: UInt64? {
        [items.first?.number, erased.first?.number].compactMap(\.self).min()
    }
}

extension Client {
    /// The most frames of one page; a server may send fewer.
    private static let pageMax: UInt64 = 200

    /// Gives older lines of a room (see ``RoomSession/lines(before:count:)``).
    ///
    /// What to ask for is known from when the room was opened, and so is the digest of every item:
    /// nothing is shown that was not read, in this place, with its signature and chain checked.
    func lines(
        before place: LinePlace?,
        count: Int,
        in room: RoomID
    ) async throws(ClientError) -> LinePage {
        let places = try following(room).replica.places(before: place, count: count + 1)
        let wanted = places.prefix(count)
        var found: [LinePlace: ReadEntry] = [:]
        for transcript in Set(wanted.map(\.transcript)).sorted() {
            let of = wanted.filter { $0.transcript == transcript }
            var rest = of.map(\.number).sorted()[...]
            while let last = rest.last {
                let least = last >= Self.pageMax ? last - Self.pageMax + 1 : 1
                let first = rest.first { $0 >= least } ?? last
                let page = try await page(of: transcript, first...last, in: room)
                guard let lowest = page.lowest, lowest <= last else { throw Self.leftOut }
                for item in page.items {
                    let line = try following(room).replica.reread(item)
                    guard let line else { continue }
                    if let place = of.first(where: { $0.number == line.number }) {
                        found[place] = line
                    }
                }
                try following(room).replica.checkErased(page.erased)
                rest = rest.prefix { $0 < lowest }
            }
        }
        return LinePage(
            lines: wanted.reversed().compactMap { found[$0] },
            next: places.count > count ? wanted.last : nil
        )
    }

    private static let leftOut = ClientError(
        .alarm,
        "The server leaves out lines that this device has read before."
    )

    func page(
        of transcript: TranscriptID,
        _ numbers: ClosedRange<UInt64>,
        in room: RoomID
    ) async throws(ClientError) -> PageCollector {
        guard pages[transcript] == nil else {
            throw ClientError(.tryLater, "Older lines are being read already.")
        }
        pages[transcript] = PageCollector(numbers: numbers)
        defer { pages[transcript] = nil }
        let page = HistoryPage(
            room: room,
            transcript: transcript,
            before: numbers.upperBound + 1,
            limit: UInt32(clamping: numbers.upperBound - numbers.lowerBound + 1)
        )
        guard case .history = try await ask(.history(page)) else { throw .unexpectedAnswer }
        // The frames of a page come before the answer.
        return pages[transcript] ?? PageCollector(numbers: numbers)
    }

    /// Keeps a pushed item for whoever asked for its page; gives whether somebody did.
    func collect(_ item: PushedItem) -> Bool {
        guard let page = pages[item.transcript], page.numbers.contains(item.number) else {
            return false
        }
        if page.items.count < Self.pageMax { pages[item.transcript]?.items.append(item) }
        return true
    }

    /// Keeps a tombstone for whoever asked for its page; gives whether somebody did.
    func collect(_ tombstone: Tombstone) -> Bool {
        guard let page = pages[tombstone.transcript], page.numbers.contains(tombstone.number)
        else { return false }
        if page.erased.count < Self.pageMax {
            pages[tombstone.transcript]?.erased.append(tombstone)
        }
        return true
    }
}

extension RoomReplica {
    /// Finds the newest lines before a place, newest first.
    func places(before place: LinePlace?, count: Int) -> [LinePlace] {
        var newest: [LinePlace] = []
        for (id, reading) in readings {
            var taken = 0
            for number in reading.index.numbers.reversed() {
                guard taken < count else { break }
                guard let item = reading.index[number], item.isLine else { continue }
                let here = LinePlace(at: item.at, transcript: id, number: number)
                if let place, here >= place { continue }
                newest.append(here)
                taken += 1
            }
        }
        return Array(newest.sorted(by: >).prefix(count))
    }

    /// Opens an item that was read before; `nil` where it is no line.
    ///
    /// - Throws: an alarm where it is not what was read in its place.
    func reread(_ pushed: PushedItem) throws(ClientError) -> ReadEntry? {
        guard let reading = readings[pushed.transcript],
            let known = reading.index[pushed.number],
            let item = try? ContentItem.parse(pushed.item), item.digest() == known.digest
        else { throw Self.otherThanRead }
        guard case .entry(let entry) = item, known.isLine else { return nil }
        let verified: VerifiedEntry?
        if entry.header.isUnattributed {
            verified = try? entry.unattributed()
        } else {
            verified = verifier(entry.header.device).flatMap { try? entry.verified(by: $0) }
        }
        guard let verified else { throw Self.otherThanRead }
        var line = line(verified, pushed, reading)
        // The time is not a part of what is signed: the one that was said first stays.
        line.at = known.at
        line.isNew = false
        return isShownElsewhere(line) ? nil : line
    }

    /// Checks that what was erased is what was read.
    func checkErased(_ tombstones: [Tombstone]) throws(ClientError) {
        for tombstone in tombstones {
            let known = readings[tombstone.transcript]?.index[tombstone.number]
            guard known?.digest == tombstone.digest else { throw Self.otherThanRead }
        }
    }

    private static let otherThanRead = ClientError(
        .alarm,
        "The server shows an older line otherwise than it was when this device read it."
    )
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// Lies about lines.
enum LineLies {
    static let all: [Lie] = order + changes + strangers

    /// Lines left out, moved and shown again.
    private static let order: [Lie] = [
        Lie("a line is left out") { run, random in
            guard let index = anyEntry(run, &random, isFollowed: true),
                let id = run.frames[index].item?.transcript
            else { return nil }
            var frames = Array(run.frames[index...])
            frames.removeFirst()
            return Told(start: index, frames: frames, alarms: [.brokenLines], reach: .circle(id))
        },
        Lie("a line is left out and the count kept") { run, random in
            guard let index = anyEntry(run, &random, isSeen: true) else { return nil }
            let frames = run.frames(
                from: index,
                in: run.frames[index].item?.transcript,
                dropping: index
            )
            return Told(
                start: index,
                frames: frames,
                alarms: [.forked, .brokenLines],
                spoiled: [run.text(index)]
            )
        },
        Lie("an old line comes again as a new one") { run, random in
            guard let index = anyEntry(run, &random, isFollowed: true),
                let item = run.frames[index].item,
                let next = run.frames.indices.dropFirst(index + 1).first(where: {
                    run.frames[$0].item?.transcript == item.transcript
                })
            else { return nil }
            let frames = run.frames(from: next, inserting: [item.item], in: item.transcript)
            return Told(start: next, frames: frames, alarms: [.forgedLine])
        },
        Lie("two lines change places") { run, random in
            guard let (index, next) = neighbours(run, &random),
                let id = run.frames[index].item?.transcript
            else { return nil }
            var frames = Array(run.frames[index...])
            frames.swapAt(0, next - index)
            return Told(start: index, frames: frames, alarms: [.brokenLines], reach: .circle(id))
        },
        Lie("two lines change places and numbers") { run, random in
            guard let (index, next) = neighbours(run, &random), run.isSeenLater(next),
                let one = run.frames[index].item, let other = run.frames[next].item
            else { return nil }
            var frames = Array(run.frames[index...])
            var (first, second) = (other, one)
            first.number = one.number
            second.number = other.number
            frames[0] = .item(first)
            frames[next - index] = .item(second)
            return Told(
                start: index,
                frames: frames,
                alarms: [.forked, .forgedLine, .brokenLines],
                spoiled: [run.text(index), run.text(next)]
            )
        },
        erased("a line is said to be over") { _ in 0 },
        erased("a line is said to be taken back") { $0 + 1 },
        erased("a line is gone without a word") { _ in nil },
        Lie("a line is written over") { run, random in
            guard let index = anyEntry(run, &random), case .entry(let entry)? = run.items[index],
                let item = run.frames[index].item
            else { return nil }
            var other = item
            other.item = EntryItem.encoded(
                header: changed(entry) { $0.kind = entry.header.kind == .ask ? .say : .ask },
                sealed: entry.sealed,
                signature: signature(entry)
            )
            let frames = [.item(other)] + run.frames[(index + 1)...]
            return Told(
                start: index + 1,
                frames: frames,
                alarms: [.brokenLines],
                reach: .circle(item.transcript)
            )
        },
        Lie("a line that others do not see") { run, random in
            guard let index = anyEntry(run, &random, isSeen: true),
                let id = run.frames[index].item?.transcript,
                let key = run.before[index].readings[id]?.key,
                let device = readers(run, index, key).first
            else { return nil }
            let insider = Insider(device, run.before[index])
            let items = try insider.words("only for you", under: insider.key(for: key))
            return Told(
                start: index,
                frames: run.frames(from: index, inserting: items, in: id),
                alarms: [.forked],
                genuine: ["only for you"]
            )
        },
    ]

    /// One field of a signed line.
    private static let changes: [Lie] = [
        change("a line moves to another room", [.forgedLine]) { header, _, random in
            header.transcript = TranscriptID(
                room: RoomID(Bytes16(high: 1, low: random.next())),
                key: .room
            )
        },
        change("a line gets another author", [.forgedLine]) { header, run, random in
            let others = run.people.dropFirst().flatMap(\.devices).map(\.id)
                .filter { $0 != header.device }
            header.device = random.pick(others) ?? header.device
        },
        change("a line gets another key", [.forgedLine]) { header, run, random in
            let others = run.keys.map(\.key.key).filter { $0 != header.key }
            header.key = random.pick(others) ?? header.key
        },
        change("a line gets another counter", [.forgedLine]) { header, _, random in
            header.counter += 1 + random.next() % 3
        },
        change("a line gets another kind", [.forgedLine]) { header, _, random in
            let others = EntryKind.allCases.filter { [kind = header.kind] in $0 != kind }
            header.kind = random.pick(others) ?? .note
        },
        change("a line answers another one", [.forgedLine]) { header, _, random in
            header.cites = (header.cites ?? 0) &+ 1 &+ random.next() % 9
        },
        change("a line is about somebody else", [.forgedLine]) { header, run, random in
            header.about = random.pick(run.people)?.id
        },
        change("a line saw another past", [.forgedLine]) { header, _, random in
            header.seenHead = Bytes32(random.next(), 1, 1, 1)
        },
        Lie("a bit of the words is turned") { run, random in
            turned(run, &random) { $0.payload }
        },
        Lie("a bit of the signature is turned") { run, random in
            turned(run, &random) { $0.signature }
        },
        Lie("a bit of the header is turned") { run, random in
            guard var told = turned(run, &random, in: { $0.header }) else { return nil }
            told.alarms = [.forgedLine, .brokenLines, .misbehaved]
            return told
        },
        Lie("a line is cut short") { run, random in
            guard let index = anyEntry(run, &random) else { return nil }
            let bytes = random.below(run.frames[index].item?.item.count ?? 1)
            var told = Told(
                start: index,
                frames: run.frames(from: index) { $0 = Array($0.prefix(bytes)) },
                alarms: [.brokenLines],
                spoiled: [run.text(index)]
            )
            if let id = run.frames[index].item?.transcript { told.reach = .circle(id) }
            return told
        },
    ]

    /// Lines that belong elsewhere or to nobody.
    private static let strangers: [Lie] = [
        Lie("a line of another circle") { run, random in
            guard let from = anyEntry(run, &random), let item = run.frames[from].item else {
                return nil
            }
            let places = run.entries.filter {
                $0.index > from && $0.item.transcript != item.transcript
            }
            guard let place = random.pick(places) else { return nil }
            return Told(
                start: place.index,
                frames: run.frames(
                    from: place.index,
                    inserting: [item.item],
                    in: place.item.transcript
                ),
                alarms: [.forgedLine]
            )
        },
        Lie("a line of another room of the same people") { run, random in
            guard let place = random.pick(run.entries),
                let author = run.person(of: place.entry.header.device)
            else { return nil }
            let insider = Insider(author.devices[0], run.before[place.index])
            let other = RoomID(Bytes16(high: 0xfade, low: random.next()))
            return Told(
                start: place.index,
                frames: run.frames(
                    from: place.index,
                    inserting: try insider.words(
                        "elsewhere",
                        under: insider.key(for: .room, in: other)
                    ),
                    in: place.item.transcript
                ),
                alarms: [.forgedLine]
            )
        },
        Lie("a line by a device that nobody has") { run, random in
            try forged(run, &random, by: Strangers.ghost.devices[0])
        },
        Lie("a line by somebody of another room") { run, random in
            try forged(run, &random, by: run.people[0].devices[0])
        },
        Lie("a line that the server signed in a member's name") { run, random in
            guard let place = random.pick(run.entries) else { return nil }
            let ghost = Insider(try Strangers.ghost.devices[0], run.before[place.index])
            var key = ghost.key(for: .room)
            let signed = try ghost.line("forged", under: &key)
            guard case .entry(let forged) = try ContentItem.parse(signed) else { return nil }
            let item = EntryItem.encoded(
                header: place.entry.header.encoded(),
                sealed: forged.sealed,
                signature: signature(forged)
            )
            return Told(
                start: place.index,
                frames: run.frames(from: place.index, inserting: [item], in: place.item.transcript),
                alarms: [.forgedLine]
            )
        },
        Lie("a line that names nobody") { run, random in
            guard let place = random.pick(run.entries) else { return nil }
            let header = EntryHeader.unattributed(
                transcript: place.item.transcript,
                key: place.entry.header.key,
                kind: .say
            )
            let item = EntryItem.encoded(
                header: header.encoded(),
                sealed: place.entry.sealed,
                signature: []
            )
            return Told(
                start: place.index,
                frames: run.frames(from: place.index, inserting: [item], in: place.item.transcript),
                alarms: [.forgedLine]
            )
        },
    ]

    // MARK: Occasions

    /// Picks a line: one after which others come in its circle, or one that others saw.
    static func anyEntry(
        _ run: HonestRun,
        _ random: inout SplitMix64,
        isFollowed: Bool = false,
        isSeen: Bool = false
    ) -> Int? {
        let ids = run.entries.filter { one in
            let isFollowedHere = run.entries.contains {
                $0.index > one.index && $0.item.transcript == one.item.transcript
            }
            return (!isFollowed || isFollowedHere) && (!isSeen || run.isSeenLater(one.index))
        }
        return random.pick(ids)?.index
    }

    /// Picks two lines of a circle, one right after the other.
    private static func neighbours(
        _ run: HonestRun,
        _ random: inout SplitMix64
    ) -> (Int, Int)? {
        let entries = run.entries
        let pairs: [(Int, Int)] = entries.compactMap { one in
            let next = entries.first {
                $0.index > one.index && $0.item.transcript == one.item.transcript
            }
            guard let next, next.item.number == one.item.number + 1 else { return nil }
            return (one.index, next.index)
        }
        return random.pick(pairs)
    }

    /// The devices, of others than the victim, that read a circle at a frame.
    static func readers(_ run: HonestRun, _ index: Int, _ key: TranscriptKey) -> [TestDevice] {
        let devices = run.before[index].room.audienceDevices(of: key)
        let others = run.people.flatMap(\.devices).filter { devices.contains($0.id) }
        return others.filter { run.person(of: $0.id)?.id != run.victim.id }
            + others.filter { run.person(of: $0.id)?.id == run.victim.id }
    }

    static func signature(_ entry: EntryItem) -> [UInt8] {
        Array(entry.parts.bytes[entry.parts.signature])
    }

    static func changed(
        _ entry: EntryItem,
        _ change: (inout EntryHeader) -> Void
    ) -> [UInt8] {
        var header = entry.header
        change(&header)
        return header.encoded()
    }

    /// A lie that changes one field of a line and leaves its signature.
    private static func change(
        _ name: String,
        _ alarms: Set<RoomAlarm.Kind>,
        _ change: @escaping @Sendable (inout EntryHeader, HonestRun, inout SplitMix64) -> Void
    ) -> Lie {
        Lie(name) { run, random in
            guard let index = anyEntry(run, &random), case .entry(let entry)? = run.items[index]
            else { return nil }
            var header = entry.header
            change(&header, run, &random)
            guard header != entry.header else { return nil }
            let item = EntryItem.encoded(
                header: header.encoded(),
                sealed: entry.sealed,
                signature: signature(entry)
            )
            return Told(
                start: index,
                frames: run.frames(from: index) { $0 = item },
                alarms: alarms,
                spoiled: [run.text(index)]
            )
        }
    }

    /// A lie that puts what remains of an erased line in a line's place.
    private static func erased(
        _ name: String,
        _ by: @escaping @Sendable (UInt64) -> UInt64?
    ) -> Lie {
        Lie(name) { run, random in
            guard let index = anyEntry(run, &random, isFollowed: true),
                let item = run.frames[index].item, let entry = run.items[index]
            else { return nil }
            let tombstone = Tombstone(
                transcript: item.transcript,
                number: item.number,
                digest: entry.digest(),
                by: by(item.number)
            )
            return Told(
                start: index,
                frames: [.tombstone(tombstone)] + run.frames[(index + 1)...],
                alarms: [.wrongErasure],
                spoiled: [run.text(index)]
            )
        }
    }

    private static func turned(
        _ run: HonestRun,
        _ random: inout SplitMix64,
        in part: (ItemParts) -> Range<Int>
    ) -> Told? {
        guard let index = anyEntry(run, &random), case .entry(let entry)? = run.items[index]
        else { return nil }
        let range = part(entry.parts)
        let (place, bit) = (range.lowerBound + random.below(range.count), random.below(8))
        return Told(
            start: index,
            frames: run.frames(from: index) { $0[place] ^= 1 << UInt8(bit) },
            alarms: [.forgedLine],
            spoiled: [run.text(index)]
        )
    }

    private static func forged(
        _ run: HonestRun,
        _ random: inout SplitMix64,
        by device: TestDevice
    ) throws -> Told? {
        guard let place = random.pick(run.entries),
            let key = run.before[place.index].readings[place.item.transcript]?.key
        else { return nil }
        let insider = Insider(device, run.before[place.index])
        return Told(
            start: place.index,
            frames: run.frames(
                from: place.index,
                inserting: try insider.words("forged", under: insider.key(for: key)),
                in: place.item.transcript
            ),
            alarms: [.forgedLine]
        )
    }
}

/// Somebody whom nobody has let in.
enum Strangers {
    private static let made = Result { try TestPerson(number: 66) }

    static var ghost: TestPerson { get throws { try made.get() } }
}

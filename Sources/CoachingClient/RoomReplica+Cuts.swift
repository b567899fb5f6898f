// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingWire

/// A change of who reads is a cut: nothing under a key from before it comes after it, since who
/// has gone, or a device that was ended, could read and write under that key.
///
/// Where the cut is in each circle of readers is known in two ways. The record of the change names
/// the numbers of those circles that many read. And who is following at that moment knows them
/// for every circle, also for those between two, and where the server names numbers that are too
/// high: what comes much later than the record was written after it.
///
/// - Source: Protocol/spec.md 10, DESIGN.md D1.
extension RoomReplica {
    /// For how long what was taken before a change may still be on its way here: a server hands on
    /// what was before by pages, and the records of a room beside them.
    static let wayMilliseconds: Int64 = 5 * 60_000

    /// Notes from which number on circles of readers have changed.
    ///
    /// - Parameters:
    ///   - marks: the numbers that the record names.
    ///   - isLive: whether all that there was had been read before the record came.
    /// - Returns: an alarm for what was read already and came after the change, of which the
    ///   server then has told late.
    mutating func noteCuts(_ marks: [TranscriptMark], isLive: Bool) -> [RoomHappening] {
        var happenings: [RoomHappening] = []
        for mark in marks where room.lastAudienceChange(of: mark.key) == room.position {
            let id = TranscriptID(room: room.id, key: mark.key)
            add(Cut(number: mark.number, position: room.position), of: id)
            happenings += passedBefore(mark.number, of: id)
        }
        guard isLive, now.milliseconds > 0 else { return happenings }
        let since = now.adding(milliseconds: Self.wayMilliseconds)
        for (id, reading) in readings
        where !reading.isBroken && room.lastAudienceChange(of: reading.key) == room.position {
            let last = reading.held.last?.number ?? reading.reader.number
            add(Cut(number: last, position: room.position, since: since), of: id)
        }
        return happenings
    }

    private mutating func add(_ cut: Cut, of id: TranscriptID) {
        cuts[id, default: []].append(cut)
        if cuts[id]?.count ?? 0 > Self.pastMax { cuts[id]?.removeFirst(Self.pastMax / 2) }
    }

    /// Finds lines behind a cut that were read before the record of it came.
    private func passedBefore(_ number: UInt64, of id: TranscriptID) -> [RoomHappening] {
        guard let reading = readings[id], reading.reader.number > number else { return [] }
        let passed = reading.standing.filter { line, key in
            line > number && (keyPositions[key] ?? .max) < room.position
        }
        let devices = Set(passed.values.compactMap { reading.reader.keys[$0]?.device })
        return devices.sorted().map { device in
            alarm(
                .wrongReaders,
                "A line by \(name(device)) that was shown here is for readers of before: the"
                    + " server told too late who had gone."
                    + " Ask them, by another way, whether they wrote it."
            )
        }
    }

    /// Says why a line came too late: its key was made before the readers changed, so that who
    /// has left since can read and write under it; `nil` where it knows of the change.
    func lateness(
        of receipt: Receipt,
        _ number: UInt64,
        _ id: TranscriptID
    ) -> RoomAlarm? {
        guard let key = receipt.key?.item.key ?? receipt.entry?.item.header.key,
            let made = keyPositions[key], let known = cuts[id],
            made < known.last?.position ?? 0,
            known.contains(where: { cut in
                made < cut.position && cut.number < number && cut.since.map { $0 <= now } ?? true
            })
        else { return nil }
        let device = receipt.key?.item.header.device ?? receipt.entry?.item.header.device
        return RoomAlarm(
            .wrongReaders,
            "A line by \(name(device)) is for readers of before and is not shown."
                + " Ask them, by another way, whether they wrote it.",
            isFatal: false
        )
    }
}

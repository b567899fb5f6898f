// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// Lies about when somebody, or a device, stopped being a reader: lines under a key from before
/// come after it.
enum CutLies {
    static let all: [Lie] = [
        Lie("a device that was ended writes on") { run, random in
            guard let end = try ending(run, &random) else { return nil }
            return Told(
                start: end.index,
                frames: [end.record] + end.lines,
                alarms: [.wrongReaders],
                reach: .any
            )
        },
        Lie("the end of a device is told late") { run, random in
            guard let end = try ending(run, &random) else { return nil }
            return Told(
                start: end.index,
                frames: end.lines + [end.record],
                alarms: [.wrongReaders],
                reach: .any,
                genuine: [text]
            )
        },
        Lie("a going is told late") { run, random in
            guard !run.isLate else { return nil }
            let goings = run.records.filter {
                if case .excluded = $0.record.event { true } else { false }
            }
            guard let one = random.pick(goings), case .excluded(let excluded) = one.record.event,
                let person = run.people.first(where: { $0.id == excluded.person }),
                let key = random.pick(circles(run, one.index, person))
            else { return nil }
            return Told(
                start: one.index,
                frames: try lines(run, one.index, person.devices[0], key) + [run.frames[one.index]],
                alarms: [.wrongReaders],
                reach: .any,
                genuine: [text]
            )
        },
    ]

    private static let text = "after the end"

    private struct Ending {
        var index: Int
        var record: Frame
        var lines: [Frame]
    }

    /// Ends one of the two devices of a member, honestly recorded, and has it write on.
    private static func ending(_ run: HonestRun, _ random: inout SplitMix64) throws -> Ending? {
        let places = run.before.indices.dropLast().filter { index in
            run.before[index].isCaughtUp && run.before[index].hasAll
        }
        guard let index = random.pick(Array(places)) else { return nil }
        let replica = run.before[index]
        let people = run.people.dropFirst(2).filter {
            replica.lists[$0.id]?.list.devices.count ?? 0 > 1
                && replica.room.membership(of: $0.id) != nil
        }
        guard let person = random.pick(Array(people)), let old = replica.lists[person.id],
            let gone = random.pick(old.list.devices),
            let device = person.devices.first(where: { $0.id == gone.device }),
            let key = random.pick(circles(run, index, person))
        else { return nil }
        let left = person.devices.filter { one in
            one.id != device.id && old.list.devices.contains { $0.device == one.id }
        }
        let list = try person.list(
            after: old,
            devices: left,
            revoked: (old.list.revoked + [device.id]).sorted()
        )
        let marks = replica.room.marksNeeded(excluding: person.id).map { key in
            TranscriptMark(key: key, number: number(replica, key))
        }
        let changed = DevicesChanged(signed: list.signed, list: list.list, marks: marks)
        let record = RoomRecord(
            at: replica.room.lastAt,
            by: nil,
            event: .devicesChanged(changed)
        )
        let pushed = PushedRecord(
            room: HonestRun.room,
            position: replica.room.position + 1,
            record: record.encoded()
        )
        return Ending(
            index: index,
            record: .record(pushed),
            lines: try lines(run, index, device, key)
        )
    }

    /// The circles that many read, of which a record names the numbers.
    private static func circles(
        _ run: HonestRun,
        _ index: Int,
        _ person: TestPerson
    ) -> [TranscriptKey] {
        [.room, .peers].filter { key in
            let id = TranscriptID(room: HonestRun.room, key: key)
            return run.before[index].readings[id] != nil
                && run.before[index].room.isInAudience(of: key, person.id)
        }
    }

    private static func number(_ replica: RoomReplica, _ key: TranscriptKey) -> UInt64 {
        replica.readings[TranscriptID(room: HonestRun.room, key: key)]?.reader.number ?? 0
    }

    private static func lines(
        _ run: HonestRun,
        _ index: Int,
        _ device: TestDevice,
        _ key: TranscriptKey
    ) throws -> [Frame] {
        let insider = Insider(device, run.before[index])
        let next = number(run.before[index], key) + 1
        return try insider.words(text, under: insider.key(for: key)).enumerated().map {
            offset,
            item in
            .item(
                PushedItem(
                    transcript: TranscriptID(room: HonestRun.room, key: key),
                    number: next + UInt64(offset),
                    at: World.start,
                    item: item
                )
            )
        }
    }
}

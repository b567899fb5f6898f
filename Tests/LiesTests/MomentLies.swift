// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// Lies about what was before: when one comes back, and when a room begins.
enum MomentLies {
    static let all: [Lie] = moments + RestoreLies.accepted

    private static let moments: [Lie] = [
        Lie("the room is set back") { run, random in
            guard let end = run.before.last else { return nil }
            let followed = Followed(
                position: random.next() % end.room.position,
                head: end.head,
                transcripts: [],
                name: "alpha"
            )
            return back(run, followed, .room)
        },
        Lie("the room has another past") { run, random in
            guard let end = run.before.last else { return nil }
            let followed = Followed(
                position: end.room.position,
                head: Bytes32(random.next(), 5, 5, 5),
                transcripts: [],
                name: "alpha"
            )
            return back(run, followed, .room)
        },
        Lie("a circle is set back") { run, random in
            guard let end = run.before.last, let profile = Optional(end.ends) else { return nil }
            let circles = end.readings.filter { $0.value.reader.number > 0 }.keys.sorted()
            guard let id = random.pick(circles), let reading = end.readings[id] else { return nil }
            var told = back(
                run,
                Followed(
                    position: end.room.position,
                    head: end.head,
                    transcripts: [
                        OpenTranscript(
                            transcript: id,
                            scope: reading.key.scope,
                            instance: reading.key.instance,
                            first: 1,
                            headBefore: TranscriptChain.start(id),
                            last: random.next() % reading.reader.number,
                            from: 1
                        )
                    ],
                    name: "alpha"
                ),
                .room
            )
            told.replica?.seen = [:]
            for one in profile { told.replica?.seen[one.stream] = one }
            return told
        },
        Lie("a record from before is another one now") { run, random in
            guard run.isLate, let end = run.before.last else { return nil }
            let records = run.records.filter {
                if case .attended = $0.record.event { true } else { false }
            }
            guard let one = random.pick(records), case .attended(var attended) = one.record.event
            else { return nil }
            attended.presence = attended.presence == .away ? .here : .away
            var record = one.record
            record.event = .attended(attended)
            let bytes = record.encoded()
            return Told(
                start: 0,
                frames: run.frames[..<one.index] + run.frames(from: one.index) { $0 = bytes },
                alarms: [.setBack],
                reach: .room,
                replica: HonestRun.replica(of: run.victim, seen: end.ends)
            )
        },
        Lie("a line from before is another one now") { run, random in
            guard run.isLate, let end = run.before.last, let place = random.pick(run.keys),
                let key = run.before[place.index].readings[place.item.transcript]?.key,
                let device = LineLies.readers(run, place.index, key).first,
                let last = run.entries.last(where: { $0.item.transcript == place.item.transcript }),
                end.readings[place.item.transcript]?.reader.number == last.item.number
            else { return nil }
            // The last line is replaced by one of a member who helps; nobody can have seen it.
            let insider = Insider(device, run.before[last.index])
            let item = try insider.event(of: insider.key(for: key))
            return Told(
                start: 0,
                frames: run.frames[..<last.index] + run.frames(from: last.index) { $0 = item },
                alarms: [.setBack],
                reach: .room,
                replica: HonestRun.replica(of: run.victim, seen: end.ends)
            )
        },
        Lie("the room begins otherwise") { run, random in
            Told(
                start: 0,
                frames: run.frames,
                alarms: [.otherBeginning],
                reach: .room,
                replica: HonestRun.replica(
                    of: run.victim,
                    pinned: Bytes32(random.next(), 1, 1, 1)
                )
            )
        },
        Lie("a beginning that nobody signed") { run, random in
            guard let first = run.records.first, case .rostered(var rostered) = first.record.event
            else { return nil }
            let ghost = try Strangers.ghost.devices[0].signing
            rostered.signed.signature = try ghost.sign(.roster, body: rostered.signed.body)
            rostered.signed.signature[random.below(64)] ^= UInt8(random.below(2))
            var record = first.record
            record.event = .rostered(rostered)
            let bytes = record.encoded()
            return Told(
                start: first.index,
                frames: run.frames(from: first.index) { $0 = bytes },
                alarms: [.forgedLog],
                reach: .room
            )
        },
    ]

    /// What a client sees that comes back after the whole run.
    private static func back(_ run: HonestRun, _ followed: Followed, _ reach: Told.Reach) -> Told {
        var replica = run.before[run.frames.count]
        for one in replica.ends { replica.seen[one.stream] = one }
        return Told(
            start: run.frames.count,
            frames: [.followed(followed)],
            alarms: [.setBack],
            reach: reach,
            replica: replica
        )
    }
}

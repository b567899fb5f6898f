// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// Lies about who accepted that a restored backup is gone on from.
enum RestoreLies {
    /// Acceptances that nobody gave, or that were given for something else.
    static let forged: [Lie] = [
        forged("a restore is accepted that nobody accepted") { run, _, acceptance, random in
            let body = acceptance.body
            var signature = try run.people[4].devices[0].signing.sign(.restore, body: body)
            signature[random.below(64)] ^= 1 << UInt8(random.below(8))
            return (SignedBytes(body: body, signature: signature), run.people[4])
        },
        forged("a restore is accepted by who lets nobody in") { run, _, acceptance, random in
            let peer = run.people[1 + random.below(2)]
            return (try peer.devices[0].signing.sign(acceptance), peer)
        },
        forged("a restore is accepted by a stranger") { run, _, acceptance, _ in
            (try Strangers.ghost.devices[0].signing.sign(acceptance), run.people[4])
        },
        forged("a restore is accepted for another head") { run, _, acceptance, random in
            var other = acceptance
            other.head = Bytes32(random.next(), 1, 1, 1)
            return (try run.people[4].devices[0].signing.sign(other), run.people[4])
        },
        forged("a restore is accepted for another place") { run, _, acceptance, random in
            var other = acceptance
            other.position &+= 1 + random.next() % 9
            return (try run.people[4].devices[0].signing.sign(other), run.people[4])
        },
        forged("a restore is accepted for another room") { run, _, acceptance, random in
            var other = acceptance
            other.room = RoomID(Bytes16(high: random.next(), low: 1))
            return (try run.people[4].devices[0].signing.sign(other), run.people[4])
        },
        forged("a signed list of members counts as an acceptance") { run, _, acceptance, _ in
            let body = acceptance.body
            let signature = try run.people[4].devices[0].signing.sign(.roster, body: body)
            return (SignedBytes(body: body, signature: signature), run.people[4])
        },
    ]

    /// Good acceptances that do not make right what the server shows.
    static let accepted: [Lie] = [
        Lie("a room is set back behind a restore that was accepted before") { run, random in
            guard run.isLate, let end = run.before.last else { return nil }
            var (replica, frames) = (HonestRun.replica(of: run.victim, seen: []), run.frames)
            guard let hash = try insert(run, &frames) else { return nil }
            // The device has been here, and further on.
            replica.memory.learn(hash)
            for known in end.ends {
                var later = known
                later.number += 1 + random.next() % 5
                later.restores = 1
                replica.seen[later.stream] = later
            }
            return told(run, frames, replica)
        },
        Lie("a restore is accepted by who had no place here any more") { run, _ in
            guard run.isLate, let end = run.before.last else { return nil }
            var (replica, frames) = (HonestRun.replica(of: run.victim, seen: []), run.frames)
            guard try insert(run, &frames) != nil else { return nil }
            replica.memory.gone = [.init(person: run.people[4].id, position: 1 << 40)]
            let log = StreamID(HonestRun.room)
            replica.seen[log] = SeenHead(
                stream: log,
                number: end.room.position + 9,
                head: Bytes32(1, 1, 1, 1)
            )
            return told(run, frames, replica, [.forgedLog])
        },
        Lie("less is shown than was accepted") { run, random in
            guard run.isLate else { return nil }
            var (replica, frames) = (HonestRun.replica(of: run.victim, seen: []), run.frames)
            guard
                try insert(
                    run,
                    &frames,
                    head: { random.next() % 2 == 0 ? nil : $0.head },
                    more: 1 + random.next() % 5
                ) != nil
            else { return nil }
            replica.memory = RememberedRoom(room: HonestRun.room)
            return told(run, frames, replica)
        },
    ]

    // MARK: Forms

    private typealias Forging =
        @Sendable (
            HonestRun, RoomReplica, RestoreAcceptance, inout SplitMix64
        ) throws -> (SignedBytes, TestPerson)

    /// An acceptance put before a record of the log.
    private static func forged(_ name: String, _ forge: @escaping Forging) -> Lie {
        Lie(name) { run, random in
            let records = run.records.filter {
                run.before[$0.index].room.isKeeper(run.people[4].id)
            }
            guard let one = random.pick(records) else { return nil }
            let replica = run.before[one.index]
            let (signed, person) = try forge(run, replica, replica.acceptance(.zero), &random)
            guard let said = try? RestoreAcceptance(body: signed.body) else { return nil }
            let record = RoomRecord(
                at: one.record.at,
                by: person.id,
                event: .restoreAccepted(
                    RestoreAccepted(
                        signed: signed,
                        signer: person.devices[0].id,
                        acceptance: said,
                        hash: Hashing.hash(signed.body)
                    )
                )
            )
            return Told(
                start: one.index,
                frames: run.frames(from: one.index, records: [record.encoded()]),
                alarms: [.forgedLog],
                reach: .room
            )
        }
    }

    /// Puts a good acceptance behind all that there is, and gives its hash.
    private static func insert(
        _ run: HonestRun,
        _ frames: inout [Frame],
        head: (TranscriptEnd) -> Bytes32? = { $0.head },
        more: UInt64 = 0
    ) throws -> Bytes32? {
        guard let end = run.before.last, end.room.isKeeper(run.people[4].id),
            case .followed(var followed)? = frames.first
        else { return nil }
        var acceptance = end.acceptance(.zero)
        let id = TranscriptID(room: HonestRun.room, key: .room)
        guard let reading = end.readings[id], reading.reader.number > 0 else { return nil }
        var last = TranscriptEnd(
            transcript: id,
            number: reading.reader.number,
            head: reading.reader.head
        )
        if let other = head(last), more > 0 {
            last.number += more
            last.head = other
        } else if more > 0 {
            last.head = Bytes32(7, 7, 7, more)
        }
        acceptance.transcripts = [last]
        let signed = try run.people[4].devices[0].signing.sign(acceptance)
        let hash = Hashing.hash(signed.body)
        let record = RoomRecord(
            at: end.room.lastAt,
            by: run.people[4].id,
            event: .restoreAccepted(
                RestoreAccepted(
                    signed: signed,
                    signer: run.people[4].devices[0].id,
                    acceptance: acceptance,
                    hash: hash
                )
            )
        )
        let bytes = record.encoded()
        followed.position = end.room.position + 1
        followed.head = RoomChain.next(end.head, number: followed.position, event: bytes)
        frames[0] = .followed(followed)
        frames.append(
            .record(
                PushedRecord(room: HonestRun.room, position: followed.position, record: bytes)
            )
        )
        return hash
    }

    private static func told(
        _ run: HonestRun,
        _ frames: [Frame],
        _ replica: RoomReplica,
        _ alarms: Set<RoomAlarm.Kind> = [.setBack]
    ) -> Told {
        Told(start: 0, frames: frames, alarms: alarms, reach: .room, replica: replica)
    }
}

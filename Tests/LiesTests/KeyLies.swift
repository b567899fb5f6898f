// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// Lies about keys and who can read under them.
enum KeyLies {
    static let all: [Lie] = server + insiders

    /// What a server can do alone.
    private static let server: [Lie] = [
        Lie("a key is left out") { run, random in
            let keys = run.keys.filter {
                run.isSeenLater($0.index) && !run.texts(under: $0.key.key).isEmpty
            }
            guard let one = random.pick(keys) else { return nil }
            return Told(
                start: one.index,
                frames: run.frames(from: one.index, in: one.item.transcript, dropping: one.index),
                alarms: [.forgedLine],
                spoiled: run.texts(under: one.key.key)
            )
        },
        Lie("a key comes twice") { run, random in
            guard let place = random.pick(run.entries),
                let one = random.pick(
                    run.keys.filter {
                        $0.index < place.index && $0.item.transcript == place.item.transcript
                    }
                )
            else { return nil }
            return Told(
                start: place.index,
                frames: run.frames(
                    from: place.index,
                    inserting: [one.item.item],
                    in: place.item.transcript
                ),
                alarms: [.misbehaved]
            )
        },
        change("a key gets other readers") { header, _, random in
            header.audience = Bytes32(random.next(), 2, 2, 2)
        },
        change("a key gets another device") { header, run, random in
            let others = run.people.dropFirst().flatMap(\.devices).map(\.id)
                .filter { $0 != header.device }
            header.device = random.pick(others) ?? header.device
        },
        change("a key moves to another room") { header, _, random in
            header.room = RoomID(Bytes16(high: 2, low: random.next()))
        },
        change("a key says another time") { header, _, random in
            header.position = random.next() % max(1, header.position)
        },
        change("a key gets another commitment") { header, _, random in
            header.commitment = Bytes32(random.next(), 3, 3, 3)
        },
        Lie("a bit of a key's signature is turned") { run, random in
            guard let one = random.pick(run.keys) else { return nil }
            let place = one.key.parts.signature.lowerBound + random.below(64)
            let bit = random.below(8)
            return Told(
                start: one.index,
                frames: run.frames(from: one.index) { $0[place] ^= 1 << UInt8(bit) },
                alarms: [.forgedLine],
                spoiled: run.texts(under: one.key.key)
            )
        },
        Lie("a key of another circle") { run, random in
            guard let one = random.pick(run.keys),
                let place = random.pick(
                    run.entries.filter {
                        $0.index > one.index && $0.item.transcript != one.item.transcript
                    }
                )
            else { return nil }
            return Told(
                start: place.index,
                frames: run.frames(
                    from: place.index,
                    inserting: [one.item.item],
                    in: place.item.transcript
                ),
                alarms: [.forgedLine]
            )
        },
    ]

    /// What a server can do with a member who helps it.
    private static let insiders: [Lie] = [
        insider("a device that nobody listed reads along") { insider, key in
            let ghost = try Strangers.ghost.devices[0].id
            return insider.key(
                for: key,
                devices: (insider.replica.room.readerDevices(of: key) + [ghost]).sorted()
            )
        },
        insider("a reader is left out") { insider, key in
            insider.key(
                for: key,
                devices: insider.replica.room.readerDevices(of: key).filter {
                    $0 == insider.device.id
                }
            )
        },
        insider("a key for the readers of another past") { insider, key in
            insider.key(for: key, head: Bytes32(4, 4, 4, 4))
        },
        insider("a key of a time that has not come") { insider, key in
            insider.key(for: key, position: 0, head: insider.replica.heads[0])
        },
        Lie("a facilitator writes among the peers") { run, random in
            let places = run.entries.filter {
                run.before[$0.index].readings[$0.item.transcript]?.key == .peers
            }
            guard let place = random.pick(places) else { return nil }
            let insider = Insider(run.people[4].devices[0], run.before[place.index])
            return Told(
                start: place.index,
                frames: run.frames(
                    from: place.index,
                    inserting: try insider.words("let me in", under: insider.key(for: .peers)),
                    in: place.item.transcript
                ),
                alarms: [.wrongReaders]
            )
        },
        Lie("who was let go writes on under an old key") { run, random in
            // Between the going and the coming back nobody of theirs is there; after it the key
            // is still one for the readers of before.
            guard
                let gone = run.records.first(where: {
                    if case .excluded = $0.record.event { true } else { false }
                }),
                case .excluded(let excluded) = gone.record.event,
                let mark = excluded.marks.first(where: { $0.key == .room })
            else { return nil }
            let places = run.entries.filter {
                $0.index > gone.index && $0.item.number > mark.number + 1
                    && run.before[$0.index].readings[$0.item.transcript]?.key == .room
            }
            guard let place = random.pick(places) else { return nil }
            let insider = Insider(run.people[3].devices[0], run.before[gone.index])
            return Told(
                start: place.index,
                frames: run.frames(
                    from: place.index,
                    inserting: try insider.words("still here", under: insider.key(for: .room)),
                    in: place.item.transcript
                ),
                alarms: [.wrongReaders]
            )
        },
        Lie("a line under another device's key") { run, random in
            guard let place = random.pick(run.entries),
                let key = run.before[place.index].readings[place.item.transcript]?.key,
                let device = LineLies.readers(run, place.index, key)
                    .first(where: { $0.id != place.entry.header.device })
            else { return nil }
            let insider = Insider(device, run.before[place.index])
            var own = insider.key(for: key)
            // The header names the other's key; the signature is good.
            let item = try insider.line("borrowed", under: &own, as: place.entry.header.key)
            return Told(
                start: place.index,
                frames: run.frames(from: place.index, inserting: [item], in: place.item.transcript),
                alarms: [.misbehaved]
            )
        },
    ]

    // MARK: Forms

    /// A lie that changes one field of a key's event and leaves its signature.
    private static func change(
        _ name: String,
        _ change: @escaping @Sendable (inout KeyHeader, HonestRun, inout SplitMix64) -> Void
    ) -> Lie {
        Lie(name) { run, random in
            guard let one = random.pick(run.keys) else { return nil }
            var header = one.key.header
            change(&header, run, &random)
            guard header != one.key.header else { return nil }
            let parts = one.key.parts
            let item = KeyItem.encoded(
                header: header.encoded(),
                wraps: Array(parts.bytes[parts.payload]),
                signature: Array(parts.bytes[parts.signature])
            )
            return Told(
                start: one.index,
                frames: run.frames(from: one.index) { $0 = item },
                alarms: [.forgedLine],
                spoiled: run.texts(under: one.key.key)
            )
        }
    }

    /// A lie that a member's device makes with a key of its own.
    private static func insider(
        _ name: String,
        _ make: @escaping @Sendable (Insider, TranscriptKey) throws -> SenderKey
    ) -> Lie {
        Lie(name) { run, random in
            guard let place = random.pick(run.entries),
                let key = run.before[place.index].readings[place.item.transcript]?.key,
                key.scope != .own,
                let device = LineLies.readers(run, place.index, key).first
            else { return nil }
            let insider = Insider(device, run.before[place.index])
            return Told(
                start: place.index,
                frames: run.frames(
                    from: place.index,
                    inserting: try insider.words("for others", under: make(insider, key)),
                    in: place.item.transcript
                ),
                alarms: [.wrongReaders]
            )
        }
    }
}

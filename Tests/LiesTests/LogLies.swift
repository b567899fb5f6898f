// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// Lies about who is in the room and what runs there.
enum LogLies {
    static let all: [Lie] = course + rosters + devices + sessions + RestoreLies.forged

    /// Records left out, moved and damaged.
    private static let course: [Lie] = [
        Lie("a record is left out") { run, random in
            guard let one = random.pick(Array(run.records.dropLast())) else { return nil }
            var frames = Array(run.frames[one.index...])
            frames.removeFirst()
            return Told(start: one.index, frames: frames, alarms: [.brokenLines], reach: .room)
        },
        Lie("two records change places") { run, random in
            let records = run.records
            let number = 1 + random.below(records.count - 2)
            let (one, next) = (records[number].index, records[number + 1].index)
            var frames = Array(run.frames[one...])
            frames.swapAt(0, next - one)
            return Told(start: one, frames: frames, alarms: [.brokenLines], reach: .room)
        },
        Lie("a record is cut short") { run, random in
            guard let one = random.pick(run.records) else { return nil }
            let bytes = random.below(one.pushed.record.count)
            return Told(
                start: one.index,
                frames: run.frames(from: one.index) { $0 = Array($0.prefix(bytes)) },
                alarms: [.forgedLog],
                reach: .room
            )
        },
        Lie("a record is of a time before") { run, random in
            guard let one = random.pick(Array(run.records.dropFirst())) else { return nil }
            var record = one.record
            record.at = Timestamp(milliseconds: World.start.milliseconds - 1)
            let bytes = record.encoded()
            return Told(
                start: one.index,
                frames: run.frames(from: one.index) { $0 = bytes },
                alarms: [.forgedLog],
                reach: .room
            )
        },
        Lie("a record that others do not see") { run, random in
            // Keys that were made after it show it.
            guard let one = random.pick(shown(run)) else { return nil }
            let extra = RoomRecord(
                at: one.record.at,
                by: run.victim.id,
                event: .attended(Attended(person: run.people[2].id, presence: .phone))
            )
            var told = Told(
                start: one.index,
                frames: run.frames(from: one.index, records: [extra.encoded()]),
                alarms: [.wrongReaders]
            )
            told.spoiled = all(run)
            return told
        },
        Lie("a record is kept from one member") { run, random in
            guard let one = random.pick(shown(run).filter { !$0.record.event.changesReaders })
            else { return nil }
            var told = Told(
                start: one.index,
                frames: run.frames(from: one.index, dropping: one.index),
                alarms: [.wrongReaders, .forgedLog],
                reach: .any
            )
            told.spoiled = all(run)
            return told
        },
        Lie("a going is kept from one member") { run, random in
            let goings = shown(run).filter {
                if case .excluded = $0.record.event { true } else { false }
            }
            guard let one = random.pick(goings) else { return nil }
            return Told(
                start: one.index,
                frames: run.frames(from: one.index, dropping: one.index),
                alarms: [.wrongReaders, .forgedLog],
                reach: .any,
                spoiled: all(run)
            )
        },
    ]

    /// Forged lists of members.
    private static let rosters: [Lie] = [
        Lie("the server lets somebody in") { run, random in
            try roster(run, &random) { members, _ in
                members.append(try Strangers.ghost.member())
                return (try Strangers.ghost.devices[0], run.people[4].devices[0].id)
            }
        },
        Lie("a member who lets nobody in signs somebody in") { run, random in
            try roster(run, &random) { members, random in
                members.append(try Strangers.ghost.member())
                let device = run.people[1 + random.below(2)].devices[0]
                return (device, device.id)
            }
        },
        Lie("a stranger signs somebody in") { run, random in
            try roster(run, &random) { members, _ in
                members.append(try Strangers.ghost.member())
                let device = try Strangers.ghost.devices[0]
                return (device, device.id)
            }
        },
        Lie("the server gives a member another identity") { run, random in
            try roster(run, &random) { members, random in
                let index = random.below(members.count)
                let name = members[index].name
                members[index] = try Strangers.ghost.member(members[index].membership)
                members[index].name = name
                return (try Strangers.ghost.devices[0], run.people[4].devices[0].id)
            }
        },
        altered("names are swapped") { roster, _ in
            guard roster.members.count > 1 else { return }
            let name = roster.members[0].name
            roster.members[0].name = roster.members[1].name
            roster.members[1].name = name
        },
        altered("a peer becomes a facilitator") { roster, _ in
            guard let index = roster.members.firstIndex(where: { $0.membership == .peer })
            else { return }
            roster.members[index].membership = .facilitator
        },
        altered("somebody joins a signed list") { roster, _ in
            roster.members.append(try Strangers.ghost.member())
            roster.members.sort { $0.person < $1.person }
        },
        altered("somebody is missing from a signed list") { roster, random in
            roster.members.remove(at: random.below(roster.members.count))
        },
        Lie("an old list of members comes again") { run, random in
            let olds = run.records.filter {
                if case .rostered = $0.record.event { true } else { false }
            }
            guard let old = random.pick(olds),
                let one = random.pick(run.records.filter { $0.index > old.index })
            else { return nil }
            return Told(
                start: one.index,
                frames: run.frames(from: one.index, records: [late(old.record, one.record)]),
                alarms: [.forgedLog],
                reach: .room
            )
        },
    ]

    /// Forged lists of devices.
    private static let devices: [Lie] = [
        Lie("a device that its owner did not list") { run, random in
            try list(run, &random) { list, _ in
                let ghost = try Strangers.ghost
                list.devices.append(
                    ListedDevice(
                        device: ghost.devices[0].id,
                        signingKey: ghost.devices[0].signing.publicKey,
                        created: Timestamp(milliseconds: 2)
                    )
                )
                list.devices.sort { $0.device < $1.device }
                return ghost.identity
            }
        },
        Lie("a device that another member listed") { run, random in
            try list(run, &random) { _, person in
                let other = run.people[person.number == 1 ? 2 : 1]
                return other.identity
            }
        },
        Lie("a list of devices of somebody who is no member") { run, random in
            guard let one = random.pick(Array(run.records.dropFirst(12))) else { return nil }
            let ghost = try Strangers.ghost.firstList
            let record = RoomRecord(
                at: one.record.at,
                by: nil,
                event: .devicesChanged(DevicesChanged(signed: ghost.signed, list: ghost.list))
            )
            return Told(
                start: one.index,
                frames: run.frames(from: one.index, records: [record.encoded()]),
                alarms: [.forgedLog],
                reach: .room
            )
        },
        Lie("an old list of devices comes again") { run, random in
            let olds = run.records.filter {
                if case .devicesChanged(let changed) = $0.record.event {
                    changed.list.person == run.people[2].id
                } else {
                    false
                }
            }
            guard let old = random.pick(olds),
                let one = random.pick(run.records.filter { $0.index > old.index })
            else { return nil }
            return Told(
                start: one.index,
                frames: run.frames(from: one.index, records: [late(old.record, one.record)]),
                alarms: [.forgedLog],
                reach: .room
            )
        },
        Lie("a signed list of devices is changed") { run, random in
            let lists = run.records.filter {
                if case .devicesChanged = $0.record.event { true } else { false }
            }
            guard let one = random.pick(lists), case .devicesChanged(var changed) = one.record.event
            else { return nil }
            let place = random.below(changed.signed.signature.count)
            changed.signed.signature[place] ^= 1 << UInt8(random.below(8))
            var record = one.record
            record.event = .devicesChanged(changed)
            let bytes = record.encoded()
            return Told(
                start: one.index,
                frames: run.frames(from: one.index) { $0 = bytes },
                alarms: [.forgedLog],
                reach: .room
            )
        },
    ]

    /// Turns that cannot be.
    private static let sessions: [Lie] = [
        turn("a stranger has a place in a turn") { run, pod in
            pod.coaches.append(try Strangers.ghost.id)
        },
        turn("a facilitator has a place in a turn") { run, pod in
            pod.coaches.append(run.people[4].id)
        },
        turn("a stranger is the client of a turn") { run, pod in
            pod.client = try Strangers.ghost.id
        },
        turn("somebody has two places in a turn") { run, pod in
            pod.observers.append(pod.client)
        },
        Lie("a turn begins again with others") { run, random in
            let opened = run.records.compactMap { one -> (Int, RoomRecord, Turn)? in
                guard case .turnOpened(let turn) = one.record.event else { return nil }
                return (one.index, one.record, turn)
            }
            guard let old = random.pick(opened),
                let next = run.records.first(where: { $0.index > old.0 })
            else { return nil }
            return Told(
                start: next.index,
                frames: run.frames(from: next.index, records: [late(old.1, next.record)]),
                alarms: [.forgedLog],
                reach: .room
            )
        },
        Lie("a turn that others do not see") { run, random in
            let opened = run.records.compactMap { one -> (Int, RoomRecord, Turn)? in
                guard case .turnOpened(let turn) = one.record.event else { return nil }
                return (one.index, one.record, turn)
            }
            guard let old = random.pick(opened),
                shown(run).contains(where: { $0.index > old.0 })
            else { return nil }
            var (record, turn) = (old.1, old.2)
            turn.pod.number = 9
            turn.pod.client = run.victim.id
            record.event = .turnOpened(turn)
            let bytes = record.encoded()
            return Told(
                start: old.0,
                frames: run.frames(from: old.0) { $0 = bytes },
                alarms: [.wrongReaders, .forgedLog],
                reach: .any,
                spoiled: all(run)
            )
        },
    ]

    // MARK: Forms

    /// All texts, for lies after which the keys of others fit no more.
    private static func all(_ run: HonestRun) -> Set<String> {
        Set(run.lines.compactMap { $0.line.body?.text })
    }

    /// Records of which a later key of somebody, and a record after that, tells.
    static func shown(
        _ run: HonestRun
    ) -> [(index: Int, pushed: PushedRecord, record: RoomRecord)] {
        let last = run.records.last?.pushed.position ?? 0
        return run.records.filter { one in
            one.pushed.position > 12
                && run.keys.contains {
                    $0.index > one.index && $0.key.header.position >= one.pushed.position
                        && $0.key.header.position < last
                }
        }
    }

    /// A record as it would look if it came with another one.
    private static func late(_ record: RoomRecord, _ other: RoomRecord) -> [UInt8] {
        var record = record
        record.at = other.at
        return record.encoded()
    }

    /// A lie that puts another list of members before a record.
    private static func roster(
        _ run: HonestRun,
        _ random: inout SplitMix64,
        _ change: (inout [RosterMember], inout SplitMix64) throws -> (TestDevice, DeviceID)
    ) throws -> Told? {
        guard let one = random.pick(run.records.filter { $0.pushed.position > 12 }) else {
            return nil
        }
        let room = run.before[one.index].room
        var members = room.roster?.members ?? []
        let (signer, claimed) = try change(&members, &random)
        let roster = Roster(
            room: HonestRun.room,
            version: (room.roster?.version ?? 0) + 1,
            previous: room.rosterHash,
            members: members.sorted { $0.person < $1.person },
            policy: .standard,
            excludedDevices: []
        )
        let signed = try signer.signing.sign(roster)
        let marks = [TranscriptKey.room, .peers].map { TranscriptMark(key: $0, number: 0) }
        let record = RoomRecord(
            at: one.record.at,
            by: run.people[4].id,
            event: .rostered(
                Rostered(
                    signed: signed,
                    signer: claimed,
                    roster: roster,
                    hash: Hashing.hash(signed.body),
                    marks: marks
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

    /// A lie that changes a list of members and leaves its signature.
    private static func altered(
        _ name: String,
        _ change: @escaping @Sendable (inout Roster, inout SplitMix64) throws -> Void
    ) -> Lie {
        Lie(name) { run, random in
            let rosters = run.records.filter {
                if case .rostered = $0.record.event { true } else { false }
            }
            guard let one = random.pick(rosters), case .rostered(var rostered) = one.record.event
            else { return nil }
            try change(&rostered.roster, &random)
            rostered.signed.body = try SignedRoster.body(rostered.roster)
            var record = one.record
            record.event = .rostered(rostered)
            let bytes = record.encoded()
            return Told(
                start: one.index,
                frames: run.frames(from: one.index) { $0 = bytes },
                alarms: [.forgedLog],
                reach: .room
            )
        }
    }

    /// A lie that puts a member's next list of devices before a record, signed by somebody.
    private static func list(
        _ run: HonestRun,
        _ random: inout SplitMix64,
        _ change: (inout DeviceList, TestPerson) throws -> SigningKey
    ) throws -> Told? {
        guard let one = random.pick(run.records.filter { $0.pushed.position > 12 }) else {
            return nil
        }
        let people = run.people.dropFirst().filter {
            run.before[one.index].room.membership(of: $0.id) != nil
        }
        guard let person = random.pick(Array(people)),
            let old = run.before[one.index].lists[person.id]
        else { return nil }
        var list = old.list
        list.version += 1
        list.previous = old.hash
        let signer = try change(&list, person)
        let body = try SignedDeviceList.body(list)
        let signed = SignedBytes(body: body, signature: try signer.sign(.deviceList, body: body))
        let record = RoomRecord(
            at: one.record.at,
            by: nil,
            event: .devicesChanged(DevicesChanged(signed: signed, list: list))
        )
        return Told(
            start: one.index,
            frames: run.frames(from: one.index, records: [record.encoded()]),
            alarms: [.forgedLog],
            reach: .room
        )
    }

    /// A lie that changes who has which place in a turn.
    private static func turn(
        _ name: String,
        _ change: @escaping @Sendable (HonestRun, inout Pod) throws -> Void
    ) -> Lie {
        Lie(name) { run, random in
            let opened = run.records.compactMap { one -> (Int, RoomRecord, Turn)? in
                guard case .turnOpened(let turn) = one.record.event else { return nil }
                return (one.index, one.record, turn)
            }
            guard let old = random.pick(opened) else { return nil }
            var (record, turn) = (old.1, old.2)
            try change(run, &turn.pod)
            record.event = .turnOpened(turn)
            let bytes = record.encoded()
            return Told(
                start: old.0,
                frames: run.frames(from: old.0) { $0 = bytes },
                alarms: [.forgedLog],
                reach: .room
            )
        }
    }
}

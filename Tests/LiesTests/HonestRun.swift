// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// A frame that a room's replica is given.
enum Frame {
    case followed(Followed)
    case opened(OpenTranscript)
    case record(PushedRecord)
    case item(PushedItem)
    case tombstone(Tombstone)

    /// The item in it, if it is one.
    var item: PushedItem? { if case .item(let item) = self { item } else { nil } }

    /// The record in it, if it is one.
    var record: PushedRecord? { if case .record(let record) = self { record } else { nil } }
}

extension RoomReplica {
    /// Takes a frame as the client does.
    mutating func take(_ frame: Frame) -> [RoomHappening] {
        switch frame {
        case .followed(let followed): begin(followed, depth: .everything)
        case .opened(let opened): noteOpening(opened, depth: .everything)
        case .record(let record): take(record)
        case .item(let item): take(item)
        case .tombstone(let tombstone): take(tombstone)
        }
    }
}

/// What the real server sent to one person in a run that follows from a seed, with the person's
/// replica before each frame.
///
/// Five talk in all circles: a group of three peers and a facilitator, one of whom adds devices,
/// has a session, loses a peer and lets them in again. The victim is the first peer.
struct HonestRun {
    static let room = Programme.room

    let people: [TestPerson]
    let victim: TestPerson
    let frames: [Frame]
    /// What each item frame is.
    let items: [Int: ContentItem]
    /// The replica before each frame, and after the last one.
    private(set) var before: [RoomReplica]
    /// The lines that were shown, by the frame that brought them.
    private(set) var lines: [(index: Int, line: ReadEntry)] = []
    /// What an honest run must not have.
    private(set) var mistakes: [String] = []

    init(seed: UInt64) throws {
        var script = try Script(seed: seed)
        frames = try script.play()
        people = script.programme.people
        victim = people[1]
        var items: [Int: ContentItem] = [:]
        for (index, frame) in frames.enumerated() {
            if let item = frame.item { items[index] = try ContentItem.parse(item.item) }
        }
        self.items = items
        before = []
        var replica = Self.replica(of: victim)
        for (index, frame) in frames.enumerated() {
            before.append(replica)
            for happening in replica.take(frame) {
                switch happening {
                case .entry(let line): lines.append((index, line))
                case .alarm(let alarm): mistakes.append("frame \(index): \(alarm.sentence)")
                default: break
                }
            }
        }
        before.append(replica)
        if !replica.hasAll { mistakes.append("not all came") }
        if lines.contains(where: { $0.line.body == nil }) { mistakes.append("a closed line") }
    }

    /// Makes the victim's replica before anything has come.
    static func replica(
        of victim: TestPerson,
        pinned: Bytes32? = nil,
        seen: [SeenHead] = []
    ) -> RoomReplica {
        let device = victim.devices[0]
        return RoomReplica(
            room,
            owner: victim.id,
            keyring: DeviceKeyring(device: device.id, keys: [device.encryption]),
            pinned: pinned,
            seen: seen
        )
    }

    /// The frames of entries.
    var entries: [(index: Int, entry: EntryItem, item: PushedItem)] {
        frames.indices.compactMap { index in
            guard case .entry(let entry)? = items[index], let item = frames[index].item else {
                return nil
            }
            return (index, entry, item)
        }
    }

    /// The frames of key events.
    var keys: [(index: Int, key: KeyItem, item: PushedItem)] {
        frames.indices.compactMap { index in
            guard case .key(let key)? = items[index], let item = frames[index].item else {
                return nil
            }
            return (index, key, item)
        }
    }

    /// The frames of records.
    var records: [(index: Int, pushed: PushedRecord, record: RoomRecord)] {
        frames.indices.compactMap { index in
            guard let pushed = frames[index].record,
                let record = try? RoomRecord(
                    decoding: pushed.record,
                    rosterHash: { Hashing.hash($0) }
                )
            else { return nil }
            return (index, pushed, record)
        }
    }

    /// Who owns a device.
    func person(of device: DeviceID) -> TestPerson? {
        people.first { $0.devices.contains { $0.id == device } }
    }

    /// Whether a later line in the same circle says what it saw at a frame's number: without one
    /// nobody can know.
    func isSeenLater(_ index: Int) -> Bool {
        guard let item = frames[index].item else { return false }
        return entries.contains {
            $0.index > index && $0.item.transcript == item.transcript
                && $0.entry.header.seenNumber >= item.number
        }
    }

    /// The texts of the lines under a key.
    func texts(under key: KeyID) -> Set<String> {
        Set(
            lines.compactMap { index, line in
                guard case .entry(let entry)? = items[index], entry.header.key == key else {
                    return nil
                }
                return line.body?.text
            }
        )
    }

    /// Whether all was there already when the victim came.
    var isLate: Bool {
        guard case .followed(let followed)? = frames.first else { return false }
        return followed.position == before.last?.room.position
    }

    /// The last two lines before each change of who reads.
    ///
    /// Where a liar moved the numbers on, these look as if they came after the change, and stay
    /// closed.
    var textsAtCuts: Set<String> {
        let cuts = before.last?.cuts ?? [:]
        return Set(
            lines.compactMap { _, line in
                let id = TranscriptID(room: Self.room, key: line.key)
                let isAtCut = (cuts[id] ?? []).contains {
                    line.number <= $0.number && line.number + 2 > $0.number
                }
                return isAtCut ? line.body?.text : nil
            }
        )
    }

    /// The text of the line that a frame brought.
    func text(_ index: Int) -> String { lines.first { $0.index == index }?.line.body?.text ?? "" }
}

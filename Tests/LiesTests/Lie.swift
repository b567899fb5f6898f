// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// One kind of lie; it tells one of many by a generator, or none where the run gives no occasion.
struct Lie: Sendable {
    let name: String
    let tell: @Sendable (HonestRun, inout SplitMix64) throws -> Told?

    init(
        _ name: String,
        _ tell: @escaping @Sendable (HonestRun, inout SplitMix64) throws -> Told?
    ) {
        self.name = name
        self.tell = tell
    }
}

/// What the victim is shown instead, and what they must then be told.
struct Told {
    /// How much of the room a lie may end.
    enum Reach {
        /// A line, or those under one key: all others are shown.
        case lines
        /// One circle: what others say elsewhere is shown.
        case circle(TranscriptID)
        /// The room.
        case room
        /// As much as the lie happens to make incredible.
        case any
    }

    /// The frame from which on it is another course.
    var start: Int
    var frames: [Frame]
    /// What it may be named as; one of these must come.
    var alarms: Set<RoomAlarm.Kind>
    var reach: Reach = .lines
    /// Texts that the lie took away or made unreadable.
    var spoiled: Set<String> = []
    /// Texts that somebody of the room really wrote, although others do not see them.
    var genuine: Set<String> = []
    /// Another replica than that of before.
    var replica: RoomReplica?

    /// Tells it, and says what was missed; `nil` where all is as it must be.
    func mistake(_ run: HonestRun) -> String? {
        var replica = self.replica ?? run.before[start]
        var shown = Set(
            self.replica == nil
                ? run.lines.filter { $0.index < start }.compactMap { $0.line.body?.text } : []
        )
        let old = shown
        var found: [RoomAlarm] = []
        for frame in frames {
            for happening in replica.take(frame) {
                switch happening {
                case .alarm(let alarm): found.append(alarm)
                case .entry(let line):
                    guard let text = line.body?.text else { continue }
                    guard shown.insert(text).inserted else { return "\(text) is shown twice" }
                    if let mistake = mistake(line, text, run) { return mistake }
                default: break
                }
            }
        }
        guard found.contains(where: { alarms.contains($0.kind) }) else {
            return "not named; told: \(found.map { "\($0.kind)" })"
        }
        for alarm in found {
            if let mistake = Self.mistake(alarm.sentence) { return mistake }
        }
        return mistake(replica, shown.subtracting(old), run)
    }

    /// Whether a line is shown as its author wrote it.
    private func mistake(_ line: ReadEntry, _ text: String, _ run: HonestRun) -> String? {
        if case .agreed? = line.release { return "\(text) is shown as released" }
        if genuine.contains(text) { return nil }
        guard let honest = run.lines.first(where: { $0.line.body?.text == text })?.line else {
            return "\(text) is shown, which nobody wrote here"
        }
        let isSame =
            honest.key == line.key && honest.author == line.author && honest.kind == line.kind
            && honest.body == line.body && honest.cites == line.cites && honest.about == line.about
        return isSame ? nil : "\(text) is shown otherwise than it was written"
    }

    /// Whether the rest of the room goes on.
    private func mistake(
        _ replica: RoomReplica,
        _ shown: Set<String>,
        _ run: HonestRun
    ) -> String? {
        let expected: [ReadEntry]
        let rest = run.lines.filter { $0.index >= start }
        switch reach {
        case .room:
            return replica.failure == nil ? "the room goes on as if nothing were" : nil
        case .any: return nil
        case .lines: expected = rest.map(\.line)
        case .circle(let id):
            expected = rest.map(\.line).filter {
                TranscriptID(room: HonestRun.room, key: $0.key) != id
            }
        }
        if let failure = replica.failure { return "the whole room ended: \(failure.sentence)" }
        let spoiled = spoiled.union(run.textsAtCuts)
        let missing = expected.compactMap { $0.body?.text }
            .filter { !shown.contains($0) && !spoiled.contains($0) }
        return missing.isEmpty ? nil : "not shown any more: \(missing)"
    }

    /// Whether a sentence is one line that ends with what to do.
    static func mistake(_ sentence: String) -> String? {
        let advice = ["Ask ", "Tell ", "Compare ", "Write nothing", "Update "]
        let isOneLine = !sentence.contains("\n") && sentence.count <= 200
        let isAdvice = advice.contains { sentence.contains(". \($0)") }
        return isOneLine && isAdvice && sentence.hasSuffix(".")
            ? nil : "does not say what to do: \(sentence)"
    }
}

extension HonestRun {
    /// The frames from one on, with others put before it; later numbers of these circles and
    /// later positions are moved, as by a liar who keeps the count.
    func frames(
        from start: Int,
        inserting items: [[UInt8]] = [],
        in transcript: TranscriptID? = nil,
        records: [[UInt8]] = [],
        dropping dropped: Int? = nil
    ) -> [Frame] {
        var out: [Frame] = []
        var isPlaced = items.isEmpty
        var arePlaced = records.isEmpty
        var (numbers, positions) = (Int64(0), Int64(0))
        for index in frames.indices.dropFirst(start) {
            switch frames[index] {
            case .item(var item) where item.transcript == transcript:
                if !isPlaced {
                    for (offset, bytes) in items.enumerated() {
                        var new = item
                        new.number += UInt64(offset)
                        new.item = bytes
                        out.append(.item(new))
                    }
                    numbers += Int64(items.count)
                    isPlaced = true
                }
                if index == dropped {
                    numbers -= 1
                } else {
                    item.number = UInt64(Int64(item.number) + numbers)
                    out.append(.item(item))
                }
            case .record(var record):
                if !arePlaced {
                    for (offset, bytes) in records.enumerated() {
                        var new = record
                        new.position += UInt64(offset)
                        new.record = bytes
                        out.append(.record(new))
                    }
                    positions += Int64(records.count)
                    arePlaced = true
                }
                if index == dropped {
                    positions -= 1
                } else {
                    record.position = UInt64(Int64(record.position) + positions)
                    out.append(.record(record))
                }
            default: out.append(frames[index])
            }
        }
        return out
    }

    /// The frames from one on, with this one changed.
    func frames(from index: Int, changing change: (inout [UInt8]) -> Void) -> [Frame] {
        var out = Array(frames[index...])
        switch out[0] {
        case .item(var item):
            change(&item.item)
            out[0] = .item(item)
        case .record(var record):
            change(&record.record)
            out[0] = .record(record)
        default: break
        }
        return out
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingSeal

extension EntryBody {
    /// The finer kind of a check-in.
    static let checkIn = "check-in"
    /// The finer kind of a page of one's journal.
    static let journal = "journal"
}

/// How somebody was, from 1 (badly) to 5 (well), and in which words.
struct CheckIn: Hashable, Sendable {
    var at: Timestamp
    var scale: UInt8
    var words: String

    /// What a check-in reads as: "4" or "4 tired but curious"; `nil` for anything else.
    static func reading(_ text: String) -> (scale: UInt8, words: String)? {
        let (first, rest) = text.headAndRest
        guard let scale = UInt8(first), EntryBody.scales.contains(scale) else { return nil }
        return (scale, rest)
    }

    /// Takes one's own check-ins out of lines, oldest first.
    static func own(_ lines: [ReadEntry]) -> [CheckIn] {
        lines.filter { $0.isMine && $0.body?.subkind == EntryBody.checkIn }
            .compactMap { line in
                guard let body = line.body, let scale = body.scale else { return nil }
                return CheckIn(at: line.putDownAt, scale: scale, words: body.text)
            }
            .sorted { $0.at < $1.at }
    }
}

/// One's own check-ins as a row and a bar each, and what they tell together.
struct CheckInTrend {
    let checkIns: [CheckIn]
    let now: Timestamp
    var calendar = WallCalendar.local

    /// The lines of the drawing.
    var lines: [String] {
        guard !checkIns.isEmpty else { return ["You have not checked in yet: peercoach feel 4"] }
        let days = checkIns.map {
            "\(Words.day($0.at, now: now, calendar)), \(Words.clock($0.at, calendar))"
        }
        let width = days.map(\.count).max() ?? 0
        let rows = zip(days, checkIns).map { day, one in
            let bar = String(repeating: "#", count: Int(one.scale))
            return "\(Words.padded(day, width))  \(one.scale) \(Words.padded(bar, 5))  \(one.words)"
                .trimmingEnd
        }
        return rows + (summary.map { [$0] } ?? [])
    }

    /// "Of 8: 3.4 on average, the last 4: 4.0."; `nil` under four of them.
    private var summary: String? {
        guard checkIns.count >= 4 else { return nil }
        let last = checkIns.suffix(checkIns.count / 2)
        return "Of \(checkIns.count): \(Self.average(checkIns[...])) on average, "
            + "the last \(last.count): \(Self.average(last))."
    }

    /// The mean with one decimal.
    static func average(_ some: ArraySlice<CheckIn>) -> String {
        guard !some.isEmpty else { return "-" }
        let tenths = (some.reduce(0) { $0 + Int($1.scale) } * 20 / some.count + 1) / 2
        return "\(tenths / 10).\(tenths % 10)"
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingGoals
import CoachingModel
import CoachingReports

/// What the report of a person and that of a group have in common.
enum ReportWords {
    /// Says of which time it is, such as "From 5 Jan 2027 to 26 Jan 2027.".
    static func subtitle(
        since: Timestamp?,
        now: Timestamp,
        _ calendar: WallCalendar
    ) -> String {
        let end = day(now, calendar)
        return since.map { "From \(day($0, calendar)) to \(end)." } ?? "Until \(end)."
    }

    /// "5 Jan 2027".
    static func day(_ instant: Timestamp, _ calendar: WallCalendar) -> String {
        let parts = calendar.parts(of: instant)
        let name = Words.months[max(0, parts.month - 1) % 12].prefix(3)
        return "\(parts.day) \(name) \(parts.year)"
    }

    /// "2: 26 Jan".
    static func day(_ number: Int, _ began: Timestamp, _ calendar: WallCalendar) -> String {
        let day = day(began, calendar).split(separator: " ").prefix(2).joined(separator: " ")
        return "\(number): \(day)"
    }

    /// The sessions that were held in a time, by their number from 1.
    static func sessions(
        of room: Room,
        since: Timestamp?
    ) -> [(number: Int, session: SessionSummary)] {
        room.sessions.enumerated().filter { _, session in
            session.isHeld && since.map { session.began >= $0 } ?? true
        }
        .map { ($0.offset + 1, $0.element) }
    }

    /// Minutes with tenths.
    static func minutes(_ milliseconds: Int64) -> Double {
        (Double(max(0, milliseconds)) / 6_000).rounded() / 10
    }

    /// Whole minutes, or with tenths under ten.
    static func whole(_ minutes: Double) -> String {
        ReportText.number(minutes >= 10 ? minutes.rounded() : minutes)
    }

    /// What became of some undertakings, a bar each; what nothing became is not drawn.
    static func states(of all: [Undertaking], now: Timestamp) -> ReportChart {
        let counts: [(String, Int)] = [
            ("kept", all.count { $0.state == .kept }),
            ("partly kept", all.count { $0.state == .partly }),
            ("missed", all.count { $0.state == .missed }),
            ("dropped", all.count { $0.state == .dropped }),
            ("put off", all.count { $0.state == .renegotiated }),
            ("open", all.count { $0.state == .open }),
        ]
        let rows = counts.filter { $0.1 > 0 }
        return ReportChart(
            .bars,
            title: "What became of them",
            summary: Words.list(rows.map { "\($0.1) \($0.0)" }) + ", of \(all.count).",
            rowTitle: "state",
            columns: ["how many"],
            rows: rows.map { ReportChart.Row($0.0, [Double($0.1)]) }
        )
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingFeedback
import CoachingModel
import CoachingReports

/// How somebody's coaching looks on competencies, to them and to others, over a time.
struct CompetencyReport {
    /// An assessment of one's coaching: of others only what one has opened.
    struct Seen: Hashable, Sendable {
        var at: Timestamp
        var by: Assessor
        var assessment: Assessment
    }

    /// All that there is, in any order.
    var seen: [Seen]
    var calendar = WallCalendar.local

    private static let columns = ["yourself", "clients", "observers"]

    /// What a person can see of their own coaching.
    static func seen(_ desk: FeedbackDesk, in room: Room, since: Timestamp?) -> [Seen] {
        let own = desk.ownAssessments.map {
            Seen(at: $0.at, by: .oneself, assessment: $0.assessment)
        }
        let others = desk.received.filter(\.isOpened).compactMap { given -> Seen? in
            guard let assessment = given.assessment, let by = room.assessor(given) else {
                return nil
            }
            return Seen(at: given.at, by: by, assessment: assessment)
        }
        return (own + others).filter { one in since.map { one.at >= $0 } ?? true }
            .sorted { $0.at < $1.at }
    }

    /// The part of a report; a set is a chart for each of its competencies that was rated.
    var section: ReportSection {
        var charts: [ReportChart] = []
        for set in Self.distinct(seen.map(\.assessment.set)) {
            let ofSet = seen.filter { $0.assessment.set == set }
            let names = Self.distinct(ofSet.flatMap { $0.assessment.ratings.map(\.competency) })
            charts += names.compactMap { chart($0, ofSet) }
        }
        return ReportSection(
            id: "competencies",
            title: "Competencies",
            explanation: "How you see your coaching, and how those see it who were coached or "
                + "watched; of these only what you have opened. Levels are words, not marks: each "
                + "is by one person about one turn.",
            charts: charts,
            notes: charts.isEmpty
                ? ["No competency was named yet: peercoach feedback assess me"] : []
        )
    }

    private func chart(_ name: String, _ ofSet: [Seen]) -> ReportChart? {
        let rated = ofSet.filter { $0.assessment[name] != nil }
        guard let levels = rated.first?.assessment.levels else { return nil }
        let rows = rated.map { one in
            let rating = one.assessment[name]
            let place = Self.column(one.by)
            return ReportChart.Row(
                ReportWords.day(one.at, calendar),
                Self.columns.indices.map { index in
                    index == place ? rating.map { Double($0.level) } : nil
                },
                remark: rating?.evidence ?? ""
            )
        }
        let last = Self.columns.indices.compactMap { index -> String? in
            guard let one = rated.last(where: { Self.column($0.by) == index }),
                let level = one.assessment[name]?.level
            else { return nil }
            return "\(Self.columns[index]): \(one.assessment.word(level))"
        }
        return ReportChart(
            .lines,
            title: name,
            summary: "Last, by " + last.joined(separator: "; ") + ". From 1, "
                + "\(levels.first ?? ""), to \(levels.count), \(levels.last ?? "").",
            rowTitle: "day",
            columns: Self.columns,
            scale: 1...Double(max(2, levels.count)),
            rows: rows
        )
    }

    private static func column(_ by: Assessor) -> Int {
        switch by {
        case .oneself: 0
        case .client: 1
        case .observer: 2
        }
    }

    /// Each once, in the order in which they come.
    private static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}

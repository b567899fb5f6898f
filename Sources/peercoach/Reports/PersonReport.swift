// SPDX-License-Identifier: Apache-2.0
import CoachingGoals
import CoachingListening
import CoachingModel
import CoachingReports

/// What a report says to one person about their time in a room.
struct PersonReport {
    let room: Room
    let roomName: String
    let me: PersonID
    let now: Timestamp
    /// With which instant it begins; `nil` for all.
    let since: Timestamp?
    let undertakings: Undertakings
    let checkIns: [CheckIn]
    let coaching: CoachingView
    let competencies: [CompetencyReport.Seen]
    var calendar = WallCalendar.local

    var report: Report {
        Report(
            title: "\(room.shownName(me)) in \(roomName)",
            subtitle: ReportWords.subtitle(since: since, now: now, calendar)
                + " For you alone.",
            sections: [time, promises, goals, checkIn] + listening
                + [CompetencyReport(seen: competencies, calendar: calendar).section]
        )
    }

    /// The sessions of the time, by their number from 1.
    private var sessions: [(number: Int, session: SessionSummary)] {
        ReportWords.sessions(of: room, since: since)
    }

    private func isMeant(_ at: Timestamp) -> Bool { since.map { at >= $0 } ?? true }

    // MARK: Time

    private var time: ReportSection {
        var sums = [0.0, 0.0, 0.0]
        var rows: [ReportChart.Row] = []
        for (number, session) in sessions {
            var minutes = [0.0, 0.0, 0.0]
            for state in session.turns {
                let place: Int? =
                    switch state.turn.pod.role(of: me) {
                    case .client: 0
                    case .coach: 1
                    case .observer: 2
                    default: nil
                    }
                guard let place else { continue }
                minutes[place] += ReportWords.minutes(state.milliseconds)
            }
            guard minutes.contains(where: { $0 > 0 }) else { continue }
            for place in 0..<3 { sums[place] += minutes[place] }
            rows.append(
                ReportChart.Row(
                    ReportWords.day(number, session.began, calendar),
                    minutes.map { $0 > 0 ? $0 : nil }
                )
            )
        }
        let columns = ["as client", "as coach", "as observer"]
        let summary = zip(columns, sums).map { "\(ReportWords.whole($1)) minutes \($0)" }
        return ReportSection(
            id: "time",
            title: "Time",
            explanation: "The length of the turns in which you had each role, from the room's own "
                + "record. Time in which all were together is not in it.",
            figures: [ReportFigure("sessions", "\(rows.count)")]
                + zip(columns, sums).map {
                    ReportFigure($0, "\(ReportWords.whole($1)) min")
                },
            charts: rows.isEmpty
                ? []
                : [
                    ReportChart(
                        .bars,
                        title: "Minutes in each role",
                        summary: "In \(Words.count(rows.count, "session")): "
                            + Words.list(summary) + ".",
                        rowTitle: "session",
                        columns: columns,
                        unit: "min",
                        rows: rows
                    )
                ],
            notes: rows.isEmpty ? ["You had no turn in a session in this time."] : []
        )
    }

    // MARK: What one set out to do

    private func own(_ kinds: Set<UndertakingKind>) -> [Undertaking] {
        undertakings.all.filter { one in
            guard one.owner == me, kinds.contains(one.kind) else { return false }
            return isMeant(one.madeAt) || one.state.isOpen
                || one.course.contains { isMeant($0.at) }
        }
    }

    private var promises: ReportSection {
        let all = own([.promise, .action])
        return ReportSection(
            id: "promises",
            title: "Promises and tasks",
            explanation: "What you promised or set yourself, and what you said became of it. One "
                + "that was put off is open.",
            figures: all.isEmpty ? [] : [ReportFigure("in all", "\(all.count)")],
            charts: all.isEmpty ? [] : [ReportWords.states(of: all, now: now)],
            notes: all.isEmpty
                ? ["You promised nothing in this time: peercoach commit"]
                : all.filter { $0.state.isOpen }.prefix(10).map { line($0) }
        )
    }

    private var goals: ReportSection {
        let all = own([.goal])
        return ReportSection(
            id: "goals",
            title: "Goals",
            explanation: "Your goals with what you wrote to them: steps on, and setbacks with what "
                + "they taught.",
            notes: all.isEmpty
                ? ["You have no goal here: peercoach goal add"] : all.flatMap(course)
        )
    }

    private func line(_ one: Undertaking) -> String {
        let due = one.due.map { ", by \(Words.lastDay($0, now: now, calendar))" } ?? ""
        let late = one.isOverdue(at: now) ? " (that day is over)" : ""
        return "Open: \(one.text)\(due)\(late)"
    }

    private func course(_ goal: Undertaking) -> [String] {
        var lines = ["\(goal.text): \(UndertakingWords.word(goal.state, .goal))"]
        if let measure = goal.measure { lines[0] += ", measured by \(measure)" }
        for step in goal.course where isMeant(step.at) {
            let day = Words.day(step.at, now: now, calendar)
            switch step.kind {
            case .progress: lines.append("\(day), a step on: \(step.text)")
            case .setback: lines.append("\(day), a setback, and what it taught: \(step.text)")
            default: break
            }
        }
        return lines
    }

    // MARK: Check-ins

    private var checkIn: ReportSection {
        let own = checkIns.filter { isMeant($0.at) }
        let mean = CheckInTrend.average(own[...])
        return ReportSection(
            id: "check-ins",
            title: "How you were",
            explanation: "Your own check-ins from 1 (badly) to 5 (well). Nobody else sees them "
                + "unless you sent one.",
            figures: own.isEmpty ? [] : [ReportFigure("on average", mean)],
            charts: own.isEmpty
                ? []
                : [
                    ReportChart(
                        .lines,
                        title: "Check-ins",
                        summary: "\(Words.count(own.count, "check-in")), \(mean) on average; the "
                            + "first \(own[0].scale), the last \(own[own.count - 1].scale).",
                        rowTitle: "day",
                        columns: ["from 1 to 5"],
                        scale: 1...5,
                        rows: own.map {
                            ReportChart.Row(
                                ReportWords.day($0.at, calendar),
                                [Double($0.scale)],
                                remark: $0.words
                            )
                        }
                    )
                ],
            notes: own.isEmpty ? ["You have not checked in: peercoach feel 4"] : []
        )
    }

    // MARK: How one coached

    private var listening: [ReportSection] {
        let numbers = sessions.map(\.number)
        let trend = ListeningTrend(
            numbers.map { (session: $0, turns: coaching.turns(of: $0).map(\.account)) }
        )
        let rows = trend.rows.compactMap { row in row.numbers.map { (row.session, $0) } }
        var charts: [ReportChart] = []
        func add(
            _ number: ListeningNumber,
            _ title: String,
            _ column: String,
            unit: String = "",
            scale: ClosedRange<Double>? = nil,
            _ value: (ListeningNumbers) -> Double?
        ) {
            guard !coaching.words.off.contains(number) else { return }
            let found = rows.map { session, numbers in
                ReportChart.Row(
                    ReportWords.day(session, room.sessions[session - 1].began, calendar),
                    [value(numbers)]
                )
            }
            let values = found.compactMap { $0.values[0] }
            guard let first = values.first, let last = values.last else { return }
            charts.append(
                ReportChart(
                    .lines,
                    title: title,
                    summary: "\(CoachingWords.explanation(number)) In \(values.count) of your "
                        + "sessions: first \(ReportText.number(first))\(unit), last "
                        + "\(ReportText.number(last))\(unit).",
                    rowTitle: "session",
                    columns: [column],
                    unit: unit,
                    scale: scale,
                    rows: found
                )
            )
        }
        add(.words, "Your share of the words", "percent", unit: "%", scale: 0...100) {
            $0.wordPercent.map(Double.init)
        }
        add(.reflections, "What you said back, for each question", "for a question") {
            $0.isEnglish ? $0.reflectionsPerQuestion.map { Double($0) / 100 } : nil
        }
        add(.advice, "Advice that you gave", "times") {
            $0.isEnglish ? Double($0[.advice]) : $0.given[.advice].map(Double.init)
        }
        return [
            ReportSection(
                id: "coaching",
                title: "How you coached",
                explanation: CoachingWords.limits
                    + " To leave a number out: peercoach coaching off",
                charts: charts,
                notes: charts.isEmpty
                    ? [
                        "Nothing was counted: no typed turn that you coached and can still read. "
                            + "Three questions instead:"
                    ] + CoachingWords.selfAssessment : []
            )
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingGoals
import CoachingModel
import CoachingReports

/// What a group has done together, for its members: from the room's record and from what all in the
/// room read.
struct GroupReview {
    let room: Room
    let roomName: String
    let me: PersonID
    let now: Timestamp
    let since: Timestamp?
    /// Those of lines to the whole room.
    let undertakings: Undertakings
    /// What went well, as it was told to the whole room, oldest first.
    let stories: [String]
    var calendar = WallCalendar.local

    var report: Report {
        Report(
            title: "The group \(roomName)",
            subtitle: ReportWords.subtitle(since: since, now: now, calendar)
                + " For its members.",
            sections: [sessions, balance, agreed, promises, learned]
        )
    }

    private var held: [(number: Int, session: SessionSummary)] {
        ReportWords.sessions(of: room, since: since)
    }

    private var sessions: ReportSection {
        let held = held
        let turns = held.map { $0.session.turns.count(where: \.held) }
        let through = held.count { $0.session.complete }
        return ReportSection(
            id: "sessions",
            title: "Sessions",
            explanation: "Sessions in which somebody had a turn, or which came to their end.",
            figures: [
                ReportFigure("held", "\(held.count)"),
                ReportFigure("turns", "\(turns.reduce(0, +))"),
                ReportFigure("to their last phase", "\(through) of \(held.count)"),
            ],
            charts: held.isEmpty
                ? []
                : [
                    ReportChart(
                        .bars,
                        title: "How many came",
                        summary: "\(Words.count(held.count, "session")) with "
                            + Words.list(held.map { "\($0.session.people.count)" })
                            + " people who had a role.",
                        rowTitle: "session",
                        columns: ["people"],
                        rows: held.map { number, session in
                            ReportChart.Row(
                                ReportWords.day(number, session.began, calendar),
                                [Double(session.people.count)],
                                remark: session.format
                            )
                        }
                    )
                ],
            notes: held.isEmpty ? ["No session was held in this time."] : []
        )
    }

    private var balance: ReportSection {
        let ledger = Ledger(of: held.map(\.session), in: room)
        let rows = ledger.rows.filter { $0.sessions > 0 }
        let own = rows.first { $0.person == me }
        let times = rows.map { ReportWords.minutes($0.asClientFor) }
        let mean = times.isEmpty ? 0 : times.reduce(0, +) / Double(times.count)
        let owed = room.history.owed.values.reduce(0, +)
        var figures = [
            ReportFigure("as client, each on average", "\(ReportWords.whole(mean)) min"),
            ReportFigure("turns that are owed", "\(owed)"),
        ]
        var bars: [ReportChart.Row] = []
        if let own {
            let minutes = ReportWords.minutes(own.asClientFor)
            figures.insert(
                ReportFigure("as client, you", "\(ReportWords.whole(minutes)) min"),
                at: 0
            )
            bars = [ReportChart.Row("you", [minutes]), ReportChart.Row("each", [mean])]
        }
        return ReportSection(
            id: "balance",
            title: "Equal time",
            explanation: "Who was client for how long, of those who came. Names are in peercoach "
                + "ledger alone; nobody is compared with anybody here.",
            figures: figures,
            charts: bars.isEmpty
                ? []
                : [
                    ReportChart(
                        .bars,
                        title: "Minutes as client",
                        summary: "You \(ReportWords.whole(bars[0].values[0] ?? 0)), each on "
                            + "average \(ReportWords.whole(mean)).",
                        rowTitle: "who",
                        columns: ["minutes"],
                        unit: "min",
                        rows: bars
                    )
                ]
        )
    }

    private var agreed: ReportSection {
        var notes: [String] = []
        if let agreement = room.agreementInForce {
            let accepted = room.members.count { room.hasAccepted($0.person) }
            notes.append(
                "Version \(agreement.version) of the agreement holds; \(accepted) of "
                    + "\(room.members.count) have accepted it."
            )
        }
        notes.append(
            RelationshipWords(room: room, me: me) { room.shownName($0) }.standing
        )
        return ReportSection(
            id: "agreement",
            title: "What you agreed",
            explanation: "peercoach agreement shows the text.",
            notes: notes
        )
    }

    private var learned: ReportSection {
        ReportSection(
            id: "stories",
            title: "What went well",
            explanation: "Stories that were told to everyone here: peercoach story.",
            notes: stories.isEmpty ? ["No story was told to the whole room."] : stories
        )
    }

    private var promises: ReportSection {
        let all = undertakings.all.filter { one in
            one.kind == .promise && (since.map { one.madeAt >= $0 } ?? true)
        }
        return ReportSection(
            id: "promises",
            title: "Promises to the room",
            explanation: "Promises that were made to everyone here, all together; those between "
                + "two people or in a turn are not in it.",
            charts: all.isEmpty ? [] : [ReportWords.states(of: all, now: now)],
            notes: all.isEmpty ? ["Nothing was promised to the whole room."] : []
        )
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// The rounds of a session with clock times, pods and roles, as people read them.
struct PlanDrawing: Sendable {
    let format: SessionFormat
    let medium: Medium
    let rounds: [PlannedRound]
    let start: Timestamp
    let end: Timestamp
    /// Gives a person's name.
    let name: @Sendable (PersonID) -> String

    /// Takes the plan of a session that would begin now.
    init(
        preview plan: SessionPlan,
        _ format: SessionFormat,
        _ medium: Medium,
        _ room: Room,
        at now: Timestamp
    ) {
        self.format = format
        self.medium = medium
        start = now
        let table = plan.timetable
        end = now.adding(milliseconds: table.length(rounds: plan.rounds.count))
        rounds = plan.rounds.enumerated().map { index, pods in
            PlannedRound(
                round: index + 1,
                start: now.adding(milliseconds: table.startOfRound(index + 1)),
                end: now.adding(milliseconds: table.startOfRound(index + 2)),
                pods: pods
            )
        }
        name = { room.shownName($0) }
    }

    /// Takes the plan of the session that runs; `nil` where none does.
    init?(running room: Room) {
        guard let session = room.session else { return nil }
        format = session.format
        medium = session.medium
        rounds = room.plannedRounds
        start = session.startedAt
        let closing = session.plan.timetable.closing.reduce(0) { $0 + max(0, $1) }
        let lastEnd = rounds.last?.end ?? room.endOfOpening ?? session.startedAt
        end =
            session.isTogether && session.place.round > 0
            ? session.ends ?? lastEnd : lastEnd.adding(milliseconds: closing)
        name = { room.shownName($0) }
    }

    /// The lines of the plan.
    var lines: [String] {
        var lines = [
            "\(format.title), \(Words.medium(medium)), \(span(start, end))"
        ]
        if let first = rounds.first, first.start > start, let opening = format.opening.first {
            lines.append("  \(clock(start))  \(opening.title), all together")
        }
        if rounds.isEmpty {
            let titles = (format.opening + format.closing).map(\.title).joined(separator: ", ")
            lines.append("  \(clock(start))  All together: \(titles)")
        }
        for round in rounds {
            lines.append("  \(clock(round.start))  Round \(round.round) of \(rounds.count)")
            for pod in round.pods {
                lines.append("         \(Self.sentence(pod, format.labels, name))")
            }
        }
        if let last = rounds.last, last.end < end, let closing = format.closing.first {
            lines.append("  \(clock(last.end))  \(closing.title), all together")
        }
        lines.append("  \(clock(end))  End")
        return lines
    }

    /// The plan as one object a round.
    var objects: [JSON] {
        rounds.map { round in
            [
                "type": "round", "round": JSON(round.round),
                "start": .string(Words.stamp(round.start)),
                "end": .string(Words.stamp(round.end)),
                "pods": .array(
                    round.pods.map { pod in
                        [
                            "client": .string(name(pod.client)),
                            "coaches": JSON(pod.coaches.map(name)),
                            "observers": JSON(pod.observers.map(name)),
                        ]
                    }
                ),
            ]
        }
    }

    /// Says who does what: "Lena is client, Priya coaches, Tom observes".
    static func sentence(
        _ pod: Pod,
        _ labels: RoleLabels?,
        _ name: @escaping (PersonID) -> String
    ) -> String {
        let words = PodWords(labels: labels, name: name)
        return [words.client(pod), words.coaches(pod), words.observers(pod)].compactMap { $0 }
            .joined(separator: ", ")
    }

    private var isShort: Bool { end.milliseconds(since: start) < 20 * 60_000 }

    /// The clock time; with seconds where a session is so short that minutes say too little.
    private func clock(_ instant: Timestamp) -> String {
        isShort ? Words.exactClock(instant) : Words.clock(instant)
    }

    private func span(_ start: Timestamp, _ end: Timestamp) -> String {
        "\(clock(start)) to \(clock(end)), \(Words.span(end.milliseconds(since: start)))"
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// A format as people read it: its phases on a line of time, and what each role does.
struct FormatDrawing {
    let format: SessionFormat
    /// The columns that there are.
    var columns = 80

    /// The columns of the longest phase's bar, where there is room for it.
    private static let barColumnsMost = 24

    /// The lines of the drawing; the bars fit the columns, texts may be longer.
    var lines: [String] {
        let pods = format.pods
        let sizes =
            pods.smallest == pods.largest
            ? "Pods of \(pods.usual)."
            : "Pods of \(pods.usual), from \(pods.smallest) to \(pods.largest)."
        var lines = ["\(format.name): \(format.title)"]
        lines.append(format.hasNoRounds ? "The whole group. " + length : sizes + " " + length)
        if let roles { lines.append(roles) }
        if !format.source.isEmpty { lines.append("From: \(format.source)") }
        lines += section(
            format.hasNoRounds ? "All together" : "Before the rounds, all together",
            format.opening
        )
        lines += section(
            "Each round, \(Words.span(Self.total(format.round))); \(turns)",
            format.round
        )
        lines += section(
            format.hasNoRounds ? "At the end" : "After the rounds, all together",
            format.closing
        )
        return lines
    }

    /// The format as an object.
    var object: JSON {
        [
            "type": "format", "name": .string(format.name), "title": .string(format.title),
            "version": JSON(format.version), "source": .string(format.source),
            "pods": [
                "smallest": JSON(format.pods.smallest), "usual": JSON(format.pods.usual),
                "largest": JSON(format.pods.largest),
            ],
            "coaches": .string(format.seating == .allCoach ? "all" : "one"),
            "rounds": JSON(format.roundsMost),
            "absent": .string(format.absence == .waits ? "waits" : "stand-in"),
            "follows": format.follows.map { .string($0.before) } ?? .null,
            "opens": .string(format.follows?.written == true ? "after-feedback" : "any-time"),
            "labels": .object(
                named.map { JSON.Field(key: $0.role.word, value: .string($0.label)) }
            ),
            "minutesOf": .object(
                people.map {
                    JSON.Field(key: String($0), value: JSON(minutes(people: $0)))
                }
            ),
            "opening": .array(format.opening.map(Self.object)),
            "round": .array(format.round.map(Self.object)),
            "closing": .array(format.closing.map(Self.object)),
        ]
    }

    // MARK: What stands above

    private var named: [(role: Role, label: String)] {
        [Role.client, .coach, .observer].compactMap { role in
            format.labels?[role].map { (role, $0) }
        }
    }

    /// "The client is called presenter. All others coach."
    private var roles: String? {
        var parts = named.map { "The \($0.role.word) is called \($0.label)." }
        if format.seating == .allCoach, !format.hasNoRounds {
            parts.append("All but the \(format.word(for: .client)) coach.")
        }
        if format.absence == .waits {
            parts.append("The clock waits for a facilitator who is not reached.")
        }
        if let grace = format.graceSeconds {
            parts.append("After \(Words.span(Int64(grace) * 1_000)) they count as absent.")
        }
        if let link = format.follows {
            parts.append("It goes on from \(link.before), with the same people in the same roles.")
            if link.written == true {
                parts.append(
                    "It opens once each \(format.word(for: .coach)) has written to theirs."
                )
            }
        }
        if format.visits == true { parts.append("A facilitator may visit, if the client agrees.") }
        if !format.interventions.isEmpty {
            let kinds = Words.list(format.interventions.map { Words.kind($0) }, "or")
            parts.append("Who visits may \(kinds), at any time.")
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private var turns: String {
        guard let most = format.roundsMost else { return "everybody is client once" }
        return "\(Words.count(most, "round")), who has waited longest first"
    }

    private var length: String {
        if format.hasNoRounds { return "It takes \(Words.span(minutes(people: 0) * 60_000))." }
        if let most = format.roundsMost {
            return "\(Words.span(minutes(people: Int(most)) * 60_000)) in all."
        }
        let sizes = people.map { people in
            "\(Words.span(minutes(people: people) * 60_000)) with \(people)"
        }
        return Words.list(sizes) + " people in the largest pod."
    }

    private var people: [Int] {
        let least = max(2, Int(format.pods.smallest))
        return Array(least...max(least, min(Int(format.pods.largest), least + 3)))
    }

    private func minutes(people: Int) -> Int64 {
        let rounds = format.hasNoRounds ? 0 : min(people, Int(format.roundsMost ?? .max))
        return
            (Self.total(format.opening) + Self.total(format.round) * Int64(rounds)
            + Self.total(format.closing)) / 60_000
    }

    private static func total(_ phases: [Phase]) -> Int64 {
        phases.reduce(0) { $0 + Int64($1.seconds) * 1_000 }
    }

    // MARK: Phases

    private func section(_ title: String, _ phases: [Phase]) -> [String] {
        guard !phases.isEmpty else { return [] }
        let all = format.opening + format.round + format.closing
        let longest = Int(all.map(\.seconds).max() ?? 1)
        // Start, span and the spaces between take 19 columns.
        let room = max(8, columns - 20)
        let width = min(all.map(\.title.count).max() ?? 0, room)
        let bars = min(Self.barColumnsMost, room - width)
        let marks = max(9, [Role.client, .coach, .observer].map { called($0).count }.max() ?? 0)
        var lines = ["", title]
        var start: Int64 = 0
        for phase in phases {
            let span = Words.span(Int64(phase.seconds) * 1_000)
            let head =
                "  +\(Words.padded(Self.minute(start), 6)) \(Words.padded(phase.title, width))  "
            let bar = max(1, Int(phase.seconds) * bars / max(1, longest))
            lines.append(
                bars < 4
                    ? head + span
                    : head + Words.padded(span, 7) + String(repeating: "#", count: bar)
            )
            start += Int64(phase.seconds) * 1_000
            if phase.isHeld == true {
                lines.append("          (goes on until who keeps the time ends it)")
            }
            for part in phase.parts {
                lines.append("          \(Words.padded(called(part.role), marks)) \(may(part))")
                if !part.sentence.isEmpty { lines.append("            \(part.sentence)") }
            }
        }
        return lines
    }

    private func called(_ role: Role) -> String {
        role == .everyone ? Words.role(role) : format.word(for: role)
    }

    private func may(_ part: Part) -> String {
        let kinds = part.kinds.map(Words.kind).joined(separator: ", ")
        let needed = part.must.map { $0.map(Words.kind).joined(separator: ", ") }
        let must = needed.map { "; not without \($0)" } ?? ""
        switch part.floor {
        case nil: return kinds.isEmpty ? "listens" : kinds + must
        case .round: return kinds + "; one at a time" + must
        case .questionFirst: return kinds + "; statements answer questions" + must
        }
    }

    private static func minute(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1_000
        let rest = seconds % 60
        return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func object(_ phase: Phase) -> JSON {
        [
            "name": .string(phase.name), "title": .string(phase.title),
            "seconds": JSON(phase.seconds), "held": .bool(phase.isHeld == true),
            "roles": .array(
                phase.parts.map { part in
                    [
                        "role": .string(Words.role(part.role)),
                        "kinds": JSON(part.kinds.map(Words.kind)),
                        "bare": .string(Words.kind(part.bare)),
                        "spoken": .string(Words.kind(part.spoken)),
                        "floor": .string(Words.floor(part.floor)),
                        "must": JSON((part.must ?? []).map(Words.kind)),
                        "sentence": .string(part.sentence),
                    ]
                }
            ),
        ]
    }
}

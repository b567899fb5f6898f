// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// A format as people read it: its phases on a line of time, and what each role does.
struct FormatDrawing {
    let format: SessionFormat

    /// The columns of the longest phase's bar.
    private static let barColumns = 24

    /// The lines of the drawing.
    var lines: [String] {
        let pods = format.pods
        let sizes =
            pods.smallest == pods.largest
            ? "Pods of \(pods.usual)."
            : "Pods of \(pods.usual), from \(pods.smallest) to \(pods.largest)."
        var lines = ["\(format.name): \(format.title)", sizes + " " + length]
        if !format.source.isEmpty { lines.append("From: \(format.source)") }
        lines += section("Before the rounds, all together", format.opening)
        lines += section(
            "Each round, \(Words.span(Self.total(format.round))); everybody is client once",
            format.round
        )
        lines += section("After the rounds, all together", format.closing)
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
            "minutesOf": .object(
                Self.people(format).map {
                    JSON.Field(key: String($0), value: JSON(minutes(people: $0)))
                }
            ),
            "opening": .array(format.opening.map(Self.object)),
            "round": .array(format.round.map(Self.object)),
            "closing": .array(format.closing.map(Self.object)),
        ]
    }

    private var length: String {
        let sizes = Self.people(format).map { people in
            "\(Words.span(minutes(people: people) * 60_000)) with \(people)"
        }
        return Words.list(sizes) + " people in the largest pod."
    }

    private static func people(_ format: SessionFormat) -> [Int] {
        let least = max(2, Int(format.pods.smallest))
        return Array(least...max(least, min(Int(format.pods.largest), least + 3)))
    }

    private func minutes(people: Int) -> Int64 {
        (Self.total(format.opening) + Self.total(format.round) * Int64(people)
            + Self.total(format.closing)) / 60_000
    }

    private static func total(_ phases: [Phase]) -> Int64 {
        phases.reduce(0) { $0 + Int64($1.seconds) * 1_000 }
    }

    private func section(_ title: String, _ phases: [Phase]) -> [String] {
        guard !phases.isEmpty else { return [] }
        let longest = (format.opening + format.round + format.closing).map(\.seconds).max() ?? 1
        let width = phases.map(\.title.count).max() ?? 0
        var lines = ["", title]
        var start: Int64 = 0
        for phase in phases {
            let bar = max(1, Int(phase.seconds) * Self.barColumns / max(1, Int(longest)))
            lines.append(
                "  +\(Words.padded(Self.minute(start), 6)) \(Words.padded(phase.title, width))  "
                    + "\(Words.padded(Words.span(Int64(phase.seconds) * 1_000), 7)) "
                    + String(repeating: "#", count: bar)
            )
            start += Int64(phase.seconds) * 1_000
            for part in phase.parts {
                let kinds = part.kinds.map(Words.kind).joined(separator: ", ")
                lines.append(
                    "          \(Words.padded(Words.role(part.role), 9)) "
                        + "\(kinds.isEmpty ? "listens" : kinds)"
                )
                if !part.sentence.isEmpty { lines.append("            \(part.sentence)") }
            }
        }
        return lines
    }

    private static func minute(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1_000
        let rest = seconds % 60
        return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func object(_ phase: Phase) -> JSON {
        [
            "name": .string(phase.name), "title": .string(phase.title),
            "seconds": JSON(phase.seconds),
            "roles": .array(
                phase.parts.map { part in
                    [
                        "role": .string(Words.role(part.role)),
                        "kinds": JSON(part.kinds.map(Words.kind)),
                        "bare": .string(Words.kind(part.bare)),
                        "spoken": .string(Words.kind(part.spoken)),
                        "sentence": .string(part.sentence),
                    ]
                }
            ),
        ]
    }
}

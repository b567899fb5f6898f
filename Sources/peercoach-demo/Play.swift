// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Plays a dialogue on the stage and keeps the books.
struct Play {
    let stage: Stage
    let transcript: TranscriptFile
    let speed: Double
    /// The format to go through, instead of the dialogue, and how people talk.
    var format: ChosenFormat?
    /// Whose terminal is shown as well.
    var shows: String?
    var views: [String: Child] = [:]
    var tally = Tally()
    private var lastAt: Double?
    var refusals: [String] = []

    /// How fast lines follow each other where the source has no times, in seconds.
    private static let secondsBetween = 4.0

    init(stage: Stage, transcript: TranscriptFile, speed: Double) {
        self.stage = stage
        self.transcript = transcript
        self.speed = speed
    }

    /// Plays all of it; gives the table and whether all is as it must be.
    mutating func run() async throws -> (table: String, isGood: Bool) {
        try await comeIn()
        if let format {
            try await playFormat(format)
            return try await settle()
        }
        switch transcript.form {
        case .scripted: try await playTriad()
        case .pair: try await playPair()
        case .group: try await playGroup()
        }
        return try await settle()
    }

    private mutating func comeIn() async throws {
        let facilitator = try stage.enter(stage.facilitator)
        views[stage.facilitator] = facilitator
        _ = try await facilitator.event("being in the room") { $0.type == "prompt" }
        for peer in stage.peers { views[peer] = try stage.enter(peer) }
        for (person, view) in views where person != stage.facilitator {
            _ = try await view.event("\(person) being let in", within: 60) {
                $0.type == "prompt" && $0.scope != nil
            }
        }
        if let shows { _ = try stage.show(shows) }
        // All have accepted the agreement and are there.
        for peer in stage.peers {
            _ = try await facilitator.event("\(peer) being there", within: 60) {
                $0.type == "attended" && ($0.text ?? "").contains(peer)
            }
        }
    }

    // MARK: Three forms

    private mutating func playTriad() async throws {
        try await start("triad")
        try await playTogether("arrival")
        for _ in 1...stage.peers.count {
            let cast = try await cast()
            let own = transcript.lines.filter { $0.round != nil }
            let rounds = Dictionary(grouping: own) { $0.round ?? 0 }
            guard
                let lines = rounds.values.first(where: { lines in
                    lines.contains { $0.role == "client" && $0.speaker == cast.client }
                })
            else { throw DemoError("No round of the file has \(cast.client) as client.") }
            for phase in Self.phases(of: lines) {
                try await phaseBegins(phase)
                lastAt = nil
                for line in lines where line.phase == phase {
                    try await say(line, as: cast.person(line.role), in: .turn(cast.people))
                }
                views[stage.facilitator]?.type("/skip")
            }
            views[stage.facilitator]?.type("")
        }
        try await playTogether("goodbye")
    }

    private mutating func playTogether(_ phase: String) async throws {
        try await phaseBegins(phase)
        lastAt = nil
        for line in transcript.lines where line.round == nil && line.phase == phase {
            try await say(line, as: line.speaker ?? "", in: .room)
        }
        views[stage.facilitator]?.type("/skip")
    }

    private mutating func playPair() async throws {
        try await start("reciprocal-pair")
        try await phaseBegins("check-in")
        views[stage.facilitator]?.type("/skip")
        let half = (transcript.lines.count + 1) / 2
        let halves = [transcript.lines.prefix(half), transcript.lines.dropFirst(half)]
        for lines in halves {
            let cast = try await cast()
            try await phaseBegins("coaching")
            lastAt = nil
            for line in lines {
                try await say(line, as: cast.person(line.role), in: .turn(cast.people))
            }
            for _ in 0..<3 {
                let seen = marks()
                views[stage.facilitator]?.type("/skip")
                try await anyPhaseBegins(after: seen)
            }
        }
        views[stage.facilitator]?.type("/skip")
    }

    private mutating func playGroup() async throws {
        for line in transcript.lines {
            try await say(line, as: line.speaker ?? "", in: .room)
        }
    }

    // MARK: Steps

    private enum Circle {
        case room
        case turn([String])
    }

    /// Who does what in a round.
    private struct Cast {
        var client: String
        var coach: String
        var observers: [String]
        var people: [String] { [client, coach] + observers }

        func person(_ role: String?) -> String {
            switch role {
            case "client": client
            case "coach": coach
            default: observers.first ?? coach
            }
        }
    }

    private var seenRounds = 0

    private func start(_ format: String) async throws {
        guard let facilitator = views[stage.facilitator] else { return }
        facilitator.type("/start \(format)")
        facilitator.type("/yes")
        for view in views.values {
            _ = try await view.event("the session's start") { $0.type == "sessionStarted" }
        }
    }

    /// Waits for the next round, and learns the roles from it.
    private mutating func cast() async throws -> Cast {
        seenRounds += 1
        let round = seenRounds
        guard let view = stage.peers.first.flatMap({ views[$0] }) else {
            throw DemoError("Nobody is there.")
        }
        let event = try await view.event("round \(round)") {
            $0.type == "round" && $0.round == round
        }
        func own(_ name: String) -> String { name == "you" ? stage.peers[0] : name }
        guard let client = event.client, let coach = event.coaches?.first else {
            throw DemoError("Round \(round) has no roles.")
        }
        return Cast(
            client: own(client),
            coach: own(coach),
            observers: (event.observers ?? []).map(own)
        )
    }

    var seenPhases: [String: Int] = [:]

    /// Waits until every peer's program shows the next phase, which must be this one.
    private mutating func phaseBegins(_ phase: String) async throws {
        for peer in stage.peers {
            guard let view = views[peer] else { continue }
            let start = seenPhases[peer] ?? 0
            _ = try await view.event("phase '\(phase)'", after: start) {
                $0.type == "phase" && $0.phase == phase
            }
            seenPhases[peer] = view.lines.count
        }
    }

    private func marks() -> [String: Int] { views.mapValues { $0.lines.count } }

    private mutating func anyPhaseBegins(after seen: [String: Int]) async throws {
        for peer in stage.peers {
            _ = try await views[peer]?.event("the next phase", after: seen[peer] ?? 0) {
                $0.type == "phase"
            }
        }
    }

    /// Has somebody type a line, at its time, and waits until it was accepted or refused.
    private mutating func say(
        _ line: TranscriptFile.Line,
        as person: String,
        in circle: Circle
    ) async throws {
        try await wait(until: line.at)
        guard let view = views[person] else {
            throw DemoError("Nobody is called '\(person)' here.")
        }
        let seen = view.lines.count
        let text = line.text.replacing("\n", with: " ")
        let readers: [String]
        let scope: String
        switch circle {
        case .room:
            view.type(Self.typed(text, line.kind, "/room"))
            readers = stage.members
            scope = "room"
        case .turn(let people):
            let kind = line.kind ?? (line.role == "coach" ? "ask" : nil)
            view.type(Self.typed(text, kind, "/turn"))
            readers = people
            scope = "turn"
        }
        let answer = try await view.event("an answer to a line", after: seen) {
            $0.type == "sent" || $0.type == "refused" || $0.type == "kept"
        }
        guard answer.type == "sent" else {
            refusals.append("\(person): \(answer.text ?? "") (\(line.kind ?? "a line"))")
            view.type("/drop")
            return
        }
        tally.accepted(scope: scope, author: person, text: text, readers: Set(readers))
    }

    private static func typed(_ text: String, _ kind: String?, _ place: String) -> String {
        switch kind {
        case "ask", "answer", "reflect", "suggest", "offer", "thanks", "commit":
            "/\(kind ?? "") \(text)"
        case "feedback": place == "/turn" ? "/feedback \(text)" : "\(place) \(text)"
        default: "\(place) \(text)"
        }
    }

    private mutating func wait(until at: Double?) async throws {
        let pause: Double
        if let at {
            pause = lastAt.map { max(0, at - $0) } ?? 0
            lastAt = at
        } else {
            pause = Self.secondsBetween
        }
        // A long silence of the recording is not waited out in full.
        let real = min(pause / max(0.1, speed), 5)
        if real > 0.001 { try await Task.sleep(for: .seconds(real)) }
    }

    private static func phases(of lines: [TranscriptFile.Line]) -> [String] {
        lines.compactMap(\.phase).reduce(into: []) { names, name in
            if names.last != name { names.append(name) }
        }
    }

    // MARK: The end

    /// Ends all views and compares the books.
    private mutating func settle() async throws -> (table: String, isGood: Bool) {
        // What is still on its way arrives before the views are closed.
        try await Task.sleep(for: .seconds(1))
        for view in views.values { view.endInput() }
        var trouble: [String] = refusals.map { "refused: \($0)" }
        for (person, view) in views {
            let status = try await view.ended(within: 30)
            if status != 0 { trouble.append("\(person)'s program ended with \(status).") }
            let events = view.events
            let counts = events.last { $0.type == "counts" }
            let isClean = counts?.alarms == 0 && counts?.unreadable == 0
            if !isClean { trouble.append("\(person)'s program was not content with all it got.") }
            for event in events where event.type == "line" {
                guard let scope = event.scope, let from = event.from, let text = event.text else {
                    continue
                }
                let author = from == "you" ? person : from
                tally.received(
                    scope: scope,
                    author: author,
                    text: text,
                    by: person,
                    isChecked: isClean
                )
            }
        }
        try await askAsAdministrator()
        let (table, isGood) = tally.table(
            stage.members + [stage.administrator],
            mayBeEmpty: format != nil
        )
        let all = ([table] + trouble).joined(separator: "\n")
        return (all, isGood && trouble.isEmpty)
    }

    /// The administrator tries to read: whatever her program prints as a line counts against it.
    private mutating func askAsAdministrator() async throws {
        let view = try Child(
            stage.administrator,
            stage.programs + "/peercoach",
            [
                "history", "--json", "--room", stage.room, "--profile",
                stage.profile(stage.administrator),
            ]
        )
        view.endInput()
        _ = try await view.ended(within: 30)
        for event in view.events where event.type == "line" {
            tally.received(
                scope: event.scope ?? "",
                author: event.from ?? "",
                text: event.text ?? "",
                by: stage.administrator,
                isChecked: true
            )
        }
    }
}

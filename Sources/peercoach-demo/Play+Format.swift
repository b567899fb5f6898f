// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A format that is gone through from its first phase to its last.
struct ChosenFormat {
    var name: String
    /// typed or spoken.
    var medium: String
    /// How many people usually work together in it.
    var people: Int
    /// The formats of the meetings from which it goes on, the first one first.
    var before: [String] = []
    /// Whether coaches write to their clients before it opens.
    var opensAfterFeedback = false

    /// Who takes part where no dialogue says it.
    static let names = [
        "Lena", "Priya", "Tom", "Ben", "Noor", "Ida", "Kai", "Mira", "Otto", "Vera",
    ]

    /// Asks the program what the format is.
    init(_ name: String, medium: String, programs: String) async throws {
        let shown = try await Self.shown(name, programs)
        self.name = shown.name
        self.medium = medium
        people = min(shown.pods.usual, Self.names.count)
        opensAfterFeedback = shown.opens == "after-feedback"
        var earlier = shown.follows
        while let name = earlier, before.count < 4 {
            before.insert(name, at: 0)
            earlier = try await Self.shown(name, programs).follows
        }
    }

    private struct Shown: Decodable {
        struct Pods: Decodable { var usual: Int }
        var name: String
        var pods: Pods
        var follows: String?
        var opens: String?
    }

    private static func shown(_ name: String, _ programs: String) async throws -> Shown {
        let child = try Child(
            "formats",
            programs + "/peercoach",
            ["formats", "show", name, "--json"]
        )
        child.endInput()
        let status = try await child.ended(within: 30)
        guard status == 0, let line = child.lines.first,
            let shown = try? JSONDecoder().decode(Shown.self, from: Data(line.utf8))
        else { throw DemoError("There is no format '\(name)': peercoach formats lists them.") }
        return shown
    }
}

/// That a line was accepted, and who was said to read it.
private struct SentLine: Decodable {
    var type: String
    var scope: String?
    var to: [String]?

    init?(_ line: String) {
        guard let sent = try? JSONDecoder().decode(SentLine.self, from: Data(line.utf8)),
            sent.type == "sent"
        else { return nil }
        self = sent
    }
}

extension Play {
    /// Goes through every phase: each peer says what the phase lets them say, then the
    /// facilitator goes on.
    mutating func playFormat(_ format: ChosenFormat) async throws {
        for name in format.before { try await playMeeting(name, format.medium) }
        if format.opensAfterFeedback {
            for (coach, client) in stage.peers.flatMap({ one in stage.peers.map { (one, $0) } })
            where coach != client {
                let text = "\(coach) writes to \(client)"
                try await say(text, as: coach, ["/feedback \(client) "])
                // It is opened by who it is for, never by itself.
                guard let view = views[client] else { continue }
                _ = try await view.event("word of feedback") { $0.text?.contains("/read") == true }
                let seen = view.lines.count
                view.type("/read")
                _ = try await view.event("the feedback", after: seen) {
                    $0.text?.contains(text) == true
                }
            }
        }
        try await playMeeting(format.name, format.medium)
    }

    private mutating func playMeeting(_ name: String, _ medium: String) async throws {
        guard let facilitator = views[stage.facilitator] else { return }
        let seen = views.mapValues { $0.lines.count }
        facilitator.type("/start \(name) \(medium)")
        facilitator.type("/yes")
        for (person, view) in views {
            _ = try await view.event("the session's start", after: seen[person] ?? 0) {
                $0.type == "sessionStarted"
            }
        }
        for number in 1...200 {
            guard try await nextPhase() else { return }
            for peer in stage.peers {
                try await speak("\(peer) says \(name) \(number)", as: peer, in: medium)
            }
            facilitator.type("/skip")
        }
        throw DemoError("The format \(name) does not end.")
    }

    /// Waits until everybody's program shows the next phase; false where the session is over.
    private mutating func nextPhase() async throws -> Bool {
        var isOver = false
        for peer in stage.peers {
            guard let view = views[peer] else { continue }
            let start = seenPhases[peer] ?? 0
            let event = try await view.event("the next phase", after: start) {
                $0.type == "phase" || $0.type == "sessionEnded"
            }
            seenPhases[peer] = view.lines.count
            isOver = event.type == "sessionEnded"
        }
        return !isOver
    }

    /// Has somebody say something in the ways that there are, until one is taken.
    private mutating func speak(_ text: String, as person: String, in medium: String) async throws {
        try await say(text, as: person, medium == "typed" ? ["", "/ask "] : ["/turn ", "/room "])
    }

    private mutating func say(_ text: String, as person: String, _ ways: [String]) async throws {
        guard let view = views[person] else { return }
        for way in ways {
            let seen = view.lines.count
            view.type(way + text)
            let answer = try await view.event("an answer to a line", after: seen) {
                $0.type == "sent" || $0.type == "refused" || $0.type == "kept"
            }
            guard answer.type == "sent" else {
                // Another has the floor, or a question comes first: the rule is said, nothing goes.
                if answer.held == true {
                    let held = view.lines.count
                    view.type("/drop")
                    _ = try await view.event("the end of a held line", after: held) {
                        $0.text?.hasPrefix("Dropped") == true
                    }
                }
                continue
            }
            let sent = view.lines[seen...].lazy.compactMap { SentLine($0) }.first
            tally.accepted(
                scope: sent?.scope ?? "",
                author: person,
                text: text,
                readers: Set(sent?.to ?? [])
            )
            return
        }
    }
}

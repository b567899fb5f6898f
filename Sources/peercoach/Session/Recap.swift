// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct Recap: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The summary of a session again, for you alone."
    )

    @Option(help: "The session's number, or last.")
    var session: String = "last"
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                guard !room.sessions.isEmpty else {
                    throw ClientError(.refused, "No session is over yet.")
                }
                let number =
                    self.session.lowercased() == "last"
                    ? room.sessions.count : Int(self.session) ?? 0
                guard room.sessions.indices.contains(number - 1) else {
                    throw ClientError(
                        .noSuchName,
                        "There is no session '\(self.session)' that is over; there are 1 to "
                            + "\(room.sessions.count)."
                    )
                }
                let summary = room.sessions[number - 1]
                opened.recap(summary, number, session.name, room)
                opened.promises(try await session.lines(), summary, room)
            }
        }
    }
}

extension Opened {
    fileprivate func recap(
        _ summary: SessionSummary,
        _ number: Int,
        _ name: String,
        _ room: Room
    ) {
        let end = summary.complete ? "to its end" : "ended early"
        output.line(
            "Session \(number) of \(name), \(Words.day(summary.began, now: now)), "
                + "\(Words.clock(summary.began)) to \(Words.clock(summary.ended)), \(end). "
                + "This is for you alone.",
            indent: 2
        )
        let roles = summary.turns.compactMap { own($0, room) }
        output.line(
            "Your roles: \(roles.isEmpty ? "none" : roles.joined(separator: "; "))",
            indent: 2
        )
        let clients = Set(summary.turns.map(\.turn.pod.client)).sorted {
            room.shownName($0) < room.shownName($1)
        }
        let minutes = clients.map {
            "\($0 == me ? "you" : room.shownName($0)) "
                + Words.span(summary.millisecondsAsClient($0))
        }
        if !minutes.isEmpty { output.line("Time as client: \(Words.list(minutes)).", indent: 2) }
        let owed = summary.owed.map { $0 == me ? "you" : room.shownName($0) }
        output.line(owed.isEmpty ? "Nobody is owed a turn." : "Owed a turn: \(Words.list(owed)).")
        output.object(
            [
                "type": "recap", "session": JSON(number), "format": .string(summary.format),
                "medium": .string(Words.medium(summary.medium)),
                "began": .string(Words.stamp(summary.began)),
                "ended": .string(Words.stamp(summary.ended)),
                "complete": .bool(summary.complete), "roles": JSON(roles),
                "clients": .array(
                    clients.map {
                        [
                            "name": .string(room.shownName($0)),
                            "seconds": JSON(summary.millisecondsAsClient($0) / 1_000),
                        ]
                    }
                ),
                "owed": JSON(summary.owed.map { room.shownName($0) }),
            ])
    }

    private func own(_ state: TurnState, _ room: Room) -> String? {
        let pod = state.turn.pod
        guard let role = pod.role(of: me) else { return nil }
        let client = room.shownName(pod.client)
        switch role {
        case .client: return "client of \(Words.list(pod.coaches.map { room.shownName($0) }))"
        case .coach: return "coach of \(client)"
        case .observer, .everyone:
            return
                "observer of \(client) with \(Words.list(pod.coaches.map { room.shownName($0) }))"
        }
    }

    /// Lists the promises of a session that one can read.
    fileprivate func promises(_ lines: [ReadEntry], _ summary: SessionSummary, _ room: Room) {
        let span = min(summary.began, summary.ended)...max(summary.began, summary.ended)
        let promises = lines.filter { line in
            guard line.kind == .commit else { return false }
            if case .turn(let id) = line.key { return id.session == summary.id }
            return span.contains(line.at)
        }
        for line in promises {
            let text = line.body?.text ?? "(cannot be read here)"
            let due = line.body?.due.map { ", by \(Words.day($0, now: now))" } ?? ""
            let who = line.isMine ? "You promised" : "\(line.authorName) promised"
            output.put(
                "\(who): \(text)\(due)",
                indent: 2,
                [
                    "type": "promise", "author": .string(line.authorName),
                    "mine": .bool(line.isMine), "text": .string(text),
                    "due": JSON(line.body?.due.map { Words.stamp($0) }),
                ]
            )
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel

extension RoomScreenModel {
    /// What the person can do at this moment, on one screen.
    func help() -> [RoomEffect] {
        var rows: [(usage: String, what: String)] = []
        if stage == .inside {
            rows.append(("TEXT", "goes to \(address.isOwn ? "nobody but you" : address.text)"))
        }
        rows.append(("empty line", "what to do now, how long, what then"))
        let possible = Set(possible)
        for command in SlashCommand.allCases where possible.contains(command) {
            if let what = what(command) { rows.append((command.usage, what)) }
        }
        for (commands, what) in Self.groups {
            let usages = commands.filter(possible.contains).map(\.usage)
            if !usages.isEmpty { rows.append((usages.joined(separator: " "), what)) }
        }
        let width = min(23, rows.map(\.usage.count).max() ?? 0)
        return rows.map { usage, what in
            .show(
                system(
                    "\(Words.padded(usage, width))  \(what)",
                    "help",
                    [.init("usage", .string(usage)), .init("what", .string(what))]
                )
            )
        }
    }

    /// Commands that are told of in one row.
    private static let groups: [([SlashCommand], String)] = [
        ([.q], "questions to ask, for you alone"),
        ([.who, .plan, .members, .history], "who reads what, rounds, who is in, lines"),
        ([.verify], "digits to compare, with one or with all"),
        ([.agreement], "what the group has agreed"),
        ([.start], "shows what it would be, and asks"),
        ([.pause, .resume, .extend, .skip, .back, .end], "the clock, this phase, the session"),
        ([.ready, .pass, .floor], "go on, let the next one speak, ask to speak"),
        ([.stop], "halt; nobody asks why, and it names nobody"),
        ([.come], "asks the facilitator to come to your pod"),
        ([.present, .absent], "who is here"),
        ([.give, .mute], "lets one speak alone, or be silent for this phase"),
        ([.shut], "lets nobody else in, or opens again"),
        ([.move], "puts somebody into another pod, next round"),
        ([.visit], "reads a pod's turn if its client agrees, or ends it"),
        ([.tell], "to all, or to each of one pod alone"),
        ([.handover], "lets somebody else keep the time, or takes it back"),
        ([.admit, .remove], "who is in the room"),
        ([.yes, .no], "answers what was asked"),
        ([.retry, .drop], "sends the line that waits, or throws it away"),
        ([.undo], "takes back the last line that you wrote"),
        ([.assess], "tells one person alone how they coached"),
        ([.read], "opens written feedback that waits"),
        ([.marks], "shows an observer's marks, hands them to the coach"),
        ([.review, .feel, .journal], "old promises; how you are, a page, for you alone"),
        ([.breach], "tells those whom you pick that trust was broken"),
        ([.prompt, .unnamed], "ask all without names, close it, answer so"),
        ([.away, .clear, .quit], "away or back, wipe the screen, close this view"),
    ]

    private func what(_ command: SlashCommand) -> String? {
        switch command {
        case .note: "to yourself"
        case .turn: "to \(address(of: .turn, in: room)?.text ?? "your turn")"
        case .room: "to everyone in \(roomName)"
        case .peers: "to the peers, without \(facilitatorText)"
        case .to: "to one person"
        case .ask: "a question"
        case .answer:
            answerableQuestions.isEmpty
                ? "an answer" : "an answer, to question N or to the last one"
        case .reflect: "saying back what you heard"
        case .suggest: "a suggestion"
        case .offer: "help that you offer"
        case .thanks: "thanks"
        case .feedback: "feedback, to all in the turn or to one person"
        case .commit: "a promise"
        case .file: "a file, to those whom the prompt names"
        default: nil
        }
    }

    private var facilitatorText: String {
        Words.list(room.members.filter { $0.membership == .facilitator }.map(\.name))
    }
}

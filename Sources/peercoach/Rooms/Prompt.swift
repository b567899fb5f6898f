// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct Prompt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask everybody something that is answered without names.",
        discussion: """
            Each who is asked answers once, with peercoach unnamed or /unnamed. The answers are
            kept sealed and apart from who gave them until you close it (--end), all have answered,
            a day is over, the session ends in which you asked, or somebody leaves or changes their
            devices. Then all are shown at once, if there are at least five; else they are thrown
            away. Your question has your name.
            """
    )

    @Option(name: .customLong("to"), help: ArgumentHelp("room or peers.", valueName: "who"))
    var who = "room"
    @Flag(name: .customLong("end"), help: "Close what you asked last.")
    var isEnd = false
    @Argument(help: "The question; - reads the standard input.")
    var text: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            if isEnd { return try await end(opened) }
            let scope: Scope
            switch who.lowercased() {
            case "room": scope = .room
            case "peers": scope = .peers
            default: throw ClientError(.usage, "Without names one asks the room or the peers.")
            }
            let body = try await LineText.body(text, due: nil, now: opened.now)
            try await opened.inRoom { session, room in
                let readers = room.audience(of: scope == .peers ? .peers : .room)
                try await session.prompt(body.text, to: scope, shown: Set(readers))
                let names = readers.filter { $0 != opened.me }.map { room.shownName($0) }.sorted()
                opened.output.put(
                    "Asked \(Words.list(names)). \(readers.count) can answer, you too;"
                        + " shown when it closes, from \(RoomLimits.answersLeast) answers on."
                        + " To close it: peercoach prompt --end",
                    ["type": "asked", "to": .string(Words.scope(scope)), "readers": JSON(names)]
                )
            }
        }
    }

    private func end(_ opened: Opened) async throws {
        try await opened.inRoom { session, room in
            let own = room.openPrompts.last { room.prompts[$0]?.asker == opened.me }
            guard let own else {
                throw ClientError(.refused, "Nothing that you asked without names is open.")
            }
            try await session.endPrompt(own)
            let answers = try await session.state().prompts[own]?.closed?.answers ?? 0
            opened.output.put(
                answers > 0
                    ? "Closed: \(Words.count(answers, "answer")). peercoach history shows them."
                    : "Closed: fewer than \(RoomLimits.answersLeast) answered. The answers were"
                        + " thrown away; nobody has read them.",
                ["type": "promptClosed", "answers": JSON(answers)]
            )
        }
    }
}

struct Unnamed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer, without your name, what was asked so.",
        discussion: """
            It answers what was asked last in the room without names. One answers once, and cannot
            take it back. Without TEXT it shows what is asked and how many can answer: all answers
            are shown at once when it closes, if there are at least five; else they are thrown
            away. How you write may still tell who you are.
            """
    )

    @Argument(help: "The answer; - reads the standard input.")
    var text: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let body = text.isEmpty ? nil : try await LineText.body(text, due: nil, now: opened.now)
            try await opened.inRoom(depth: .everything) { session, room in
                let asked = room.openPrompts.last { prompt in
                    room.key(of: prompt).map { room.isInAudience(of: $0, opened.me) } ?? false
                }
                guard let asked, let state = room.prompts[asked] else {
                    throw ClientError(.refused, "Nothing is asked without names just now.")
                }
                let name = room.shownName(state.asker)
                let until = Words.moment(state.ends, now: opened.now)
                guard let body else {
                    let question = try await session.lines()
                        .first { $0.key == room.key(of: asked) && $0.kind == .ask }
                    let text = question?.body?.text ?? "(cannot be read here)"
                    opened.output.put(
                        "\(name) asks, without names: \(text)",
                        [
                            "type": "asked", "from": .string(name), "text": .string(text),
                            "canAnswer": JSON(state.asked.count),
                            "until": .string(Words.stamp(state.ends)),
                        ]
                    )
                    opened.output.line(
                        "\(state.asked.count) can answer until \(until), once each; shown from"
                            + " \(RoomLimits.answersLeast) answers on: peercoach unnamed TEXT"
                    )
                    return
                }
                try await session.answer(asked, body.text)
                opened.output.put(
                    "Kept sealed, without your name, until what \(name) asked is closed.",
                    ["type": "answered"]
                )
            }
        }
    }
}

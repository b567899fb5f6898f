// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

extension Feedback {
    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What of the last session's feedback is open between you and others.",
            discussion: """
                A session is complete when each client has heard feedback aloud and in writing \
                from who coached, and each coach has a word on how they coached. What is open is \
                seen by the two people alone and holds up nobody.
                """
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    guard !room.sessions.isEmpty else {
                        throw ClientError(.refused, "No session is over yet.")
                    }
                    let given = FeedbackGiven(try await session.lines())
                    let open = room.feedbackOpen(of: opened.me, given)
                    let words = FeedbackWords(open: open, me: opened.me) { room.shownName($0) }
                    let lines = words.lines(.outside)
                    if lines.isEmpty {
                        opened.output.line(
                            room.session == nil
                                ? "Nothing of the last session's feedback is open between you and "
                                    + "others."
                                : "A session runs; what it asks for is shown when it is over."
                        )
                    }
                    for line in lines { opened.output.line(line, indent: 2) }
                    for due in open {
                        opened.output.object([
                            "type": "feedbackOpen", "part": .string(due.part.word),
                            "from": .string(room.shownName(due.from)),
                            "to": .string(room.shownName(due.to)),
                            "mine": .bool(due.from == opened.me),
                        ])
                    }
                }
            }
        }
    }
}

struct Heard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell one member that you heard their feedback, said aloud.",
        discussion: """
            It counts as spoken feedback to you in the last session (or the one that runs), and \
            only the two of you read it.
            """
    )

    @Argument(help: "Whose feedback.")
    var name: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                let person = try opened.member(name, of: room).person
                let given = FeedbackGiven(try await session.lines())
                guard room.canHear(person, opened.me, given) else {
                    throw ClientError(
                        .refused,
                        "There is nothing of \(room.shownName(person)) to hear: they were in no "
                            + "turn of this session whose client you were, or you said so already."
                    )
                }
                var body = EntryBody(text: RoomScreenModel.heardText)
                body.subkind = EntryBody.heard
                try await opened.post(body, .say, to: .between(opened.me, person), session)
            }
        }
    }
}

extension FeedbackGiven {
    /// Makes one of all that a person reads in a room.
    init(_ lines: [ReadEntry]) {
        self.init()
        for line in lines {
            guard let author = line.author else { continue }
            let isHeard = line.body?.subkind == EntryBody.heard
            take(line.kind, in: line.key, by: author, at: line.at, isHeard: isHeard)
        }
    }
}

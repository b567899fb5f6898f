// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

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

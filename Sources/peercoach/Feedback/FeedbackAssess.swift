// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFeedback
import CoachingModel
import CoachingSeal

extension Feedback {
    struct AssessCoach: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "assess",
            abstract: "Say how somebody coached, on named competencies; of yourself with me.",
            discussion: """
                For a turn that they coached and you were in. In a terminal it asks for one \
                competency after the other and saves each for you alone. The competencies are the \
                ICF's eight, or your programme's: competencies.yaml in the profile's folder or in \
                ~/.config/peercoach:
                  name: Our house
                  levels: [not yet, at times, mostly]
                  competencies:
                    Listens: says back what was heard
                With TEXT it is sent at once as one text. Only the two of you read it; of yourself \
                nobody else.
                """
        )

        @Argument(help: "Whom; me for yourself.")
        var name: String?
        @Argument(help: "All of it as one text, sent at once; - reads the standard input.")
        var text: [String] = []
        @Option(
            help: "A competency, its level, and what shows it, such as 'listens=3: you waited'."
        )
        var rate: [String] = []
        @Option(help: "What there is to say in general.")
        var words: String?
        @Option(help: "A file with competencies, in place of the usual ones.", completion: .file())
        var set: String?
        @Flag(help: "Only show the competencies and the levels.")
        var list = false
        @Flag(help: "Only save it as a draft.")
        var later = false
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard list || name != nil else { throw ValidationError("Whose coaching?") }
            guard text.isEmpty || rate.isEmpty && words == nil && !later else {
                throw ValidationError("Give the text as a whole, or levels, not both.")
            }
        }

        func run() async throws {
            if list {
                return try await options.reporting { output in
                    Self.show(try CompetencyChoice.set(options, file: set), output)
                }
            }
            guard let name else { return }
            try await withClient(options) { opened in
                guard text.isEmpty else {
                    return try await opened.assess(name, text)
                }
                let set = try CompetencyChoice.set(options, file: set)
                let ratings = try rate.map { typed throws(ClientError) in
                    try CompetencyChoice.rating(typed, set)
                }
                try await opened.feedback { own in
                    let person =
                        name.lowercased() == "me"
                        ? opened.me : try opened.member(name, of: own.room).person
                    var draft = try own.assessment(of: person, on: set)
                    if !ratings.isEmpty || words != nil {
                        for rating in ratings { draft.assessment?.rate(rating, in: set) }
                        if let words { draft.assessment?.words = words.isEmpty ? nil : words }
                        if !draft.isEmpty { try await own.save(draft) }
                    } else if Asking.isPossible {
                        let interview = FeedbackInterview(own: own)
                        guard let answered = try await interview.levels(draft, set) else {
                            return own.left()
                        }
                        draft = answered
                    } else if draft.isEmpty {
                        throw ClientError(
                            .usage,
                            "There is no level.",
                            hint: "Give some, such as --rate 'listens=3: you waited', or run it in "
                                + "a terminal."
                        )
                    }
                    try await own.finish(draft, later: later)
                }
            }
        }

        private static func show(_ set: CompetencySet, _ output: Output) {
            output.line("\(set.name). Levels: \(set.scale).")
            for (index, one) in set.competencies.enumerated() {
                output.put(
                    "\(index + 1)  \(one.name): \(one.meaning)",
                    indent: 3,
                    [
                        "type": "competency", "number": JSON(index + 1),
                        "name": .string(one.name), "meaning": .string(one.meaning),
                        "levels": JSON(set.levels),
                    ]
                )
            }
        }
    }
}

struct Assess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell one member how they coached; only the two of you read it.",
        discussion: "On named competencies: peercoach feedback assess NAME"
    )

    @Argument(help: "Whom.")
    var name: String
    @Argument(help: "The text; - reads the standard input.")
    var text: [String]
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in try await opened.assess(name, text) }
    }
}

extension Opened {
    /// Sends a word on how somebody coached as one text.
    fileprivate func assess(_ name: String, _ text: [String]) async throws {
        let body = try await LineText.body(text, due: nil, now: now)
        try await inRoom { session, room in
            let key = TranscriptKey.between(me, try other(name, of: room))
            try await post(body, .assess, to: key, session)
        }
    }
}

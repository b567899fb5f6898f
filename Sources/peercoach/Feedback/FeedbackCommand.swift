// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFeedback
import CoachingModel
import CoachingSeal

struct Feedback: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Feedback between two people: what waits and is open, writing, reading, asking.",
        subcommands: [
            Open.self, Write.self, Read.self, Ask.self, AssessCoach.self, Drop.self,
        ],
        defaultSubcommand: Open.self
    )

    struct Write: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write feedback in its parts, now or over days; sent when you say so.",
            discussion: """
                In a terminal it asks for one part after the other and saves each for you alone. \
                Before it is sent it says what is missing; it never holds you up for that. Parts \
                can be given as options or in a file as well:
                  strengths: you let the silence be
                  observed: at 14:23 you said what you would do
                  effect: I leaned back
                  instead: say back what you heard, first
                  goal: you want to say less
                With TEXT it is sent at once as one text. Only its receiver and you can read it.
                """
        )

        @Argument(help: "To whom.")
        var name: String
        @Argument(help: "All of it as one text, sent at once; - reads the standard input.")
        var text: [String] = []
        @Option(help: "What they did that helped.")
        var strengths: String?
        @Option(help: "What you saw or heard.")
        var observed: String?
        @Option(help: "What it did.")
        var effect: String?
        @Option(help: "What they could try instead.")
        var instead: String?
        @Option(help: "For which aim of theirs.")
        var goal: String?
        @Option(help: "A file with the parts; - reads the standard input.", completion: .file())
        var file: String?
        @Flag(help: "Only save it as a draft.")
        var later = false
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard text.isEmpty || given.isEmpty && file == nil && !later else {
                throw ValidationError("Give the text as a whole, or its parts, not both.")
            }
        }

        private var given: [(FeedbackPart, String)] {
            let all: [(FeedbackPart, String?)] = [
                (.strengths, strengths), (.observed, observed), (.effect, effect),
                (.instead, instead), (.goal, goal),
            ]
            return all.compactMap { part, text in text.map { (part, $0) } }
        }

        func run() async throws {
            try await withClient(options) { opened in
                guard text.isEmpty else { return try await whole(opened) }
                var found: FeedbackParts?
                if let file { found = try await Self.parts(file) }
                let read = found
                try await opened.feedback { own in
                    let person = try opened.other(name, of: own.room)
                    var draft = own.draft(for: person, .feedback)
                    let before = draft.parts
                    for part in read?.present ?? [] { draft.parts[part] = read?[part] }
                    for (part, text) in given { draft.parts[part] = text }
                    if !given.isEmpty || read != nil {
                        if draft.parts.isEmpty { return try await own.finish(draft, later: later) }
                        if draft.parts != before { try await own.save(draft) }
                    } else if Asking.isPossible {
                        guard let answered = try await FeedbackInterview(own: own).parts(draft)
                        else { return own.left() }
                        draft = answered
                    } else if draft.isEmpty {
                        throw ClientError(
                            .usage,
                            "There is no text.",
                            hint: "Give parts, such as --strengths TEXT, or run it in a terminal."
                        )
                    }
                    try await own.finish(draft, later: later)
                }
            }
        }

        private func whole(_ opened: Opened) async throws {
            let body = try await LineText.body(text, due: nil, now: opened.now)
            try await opened.inRoom { session, room in
                let key = TranscriptKey.between(opened.me, try opened.other(name, of: room))
                try await opened.post(body, .feedback, to: key, session)
            }
        }

        private static func parts(_ path: String) async throws(ClientError) -> FeedbackParts {
            let text = try await TextFile.read(path, bytesMax: FeedbackText.bytesMax)
            do throws(FeedbackText.Mistake) {
                return try FeedbackText.parse(text)
            } catch {
                throw ClientError(.file, "The parts cannot be read: \(error.sentence)")
            }
        }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask somebody for feedback, best about something you want to learn.",
            discussion: "They see it in peercoach and peercoach feedback until they have written."
        )

        @Argument(help: "Whom.")
        var name: String
        @Argument(help: "About what.")
        var about: [String] = []
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                var words = about
                if words.first?.lowercased() == "about" { words.removeFirst() }
                let text = words.joined(separator: " ").trimmingSpaces
                let request = FeedbackRequest(about: text.isEmpty ? nil : text)
                guard request.isWithinLimits else {
                    throw ClientError(
                        .invalid,
                        "That is too long: \(FeedbackRequest.aboutBytesMax) bytes at most."
                    )
                }
                try await opened.feedback { own in
                    let person = try opened.other(name, of: own.room)
                    try opened.requireWork(with: person, in: own.room)
                    try await opened.post(
                        EntryBody(text: request.text, feedback: FeedbackContent(request: request)),
                        .say,
                        to: .between(opened.me, person),
                        own.session
                    )
                }
            }
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Throw away what you prepared for somebody and did not send."
        )

        @Argument(help: "For whom.")
        var name: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.feedback { own in
                    let person = try opened.member(name, of: own.room).person
                    let drafts = own.desk.drafts.filter { $0.person == person }
                    guard !drafts.isEmpty else {
                        throw ClientError(
                            .noSuchName,
                            "You have no draft for \(own.name(person)) here."
                        )
                    }
                    for draft in drafts { try await own.drop(draft) }
                    opened.output.line("Thrown away.")
                }
            }
        }
    }
}

extension OwnFeedback {
    /// The aims that somebody told so that one reads them, for the link to what they want.
    func aims(of person: PersonID) -> [String] { shownAims[person] ?? [] }

    /// Says that what is saved stays.
    func left() {
        opened.output.line("Left; what you answered is kept for you alone.")
    }
}

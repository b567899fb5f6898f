// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFeedback
import CoachingModel

extension Feedback {
    struct Read: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open what others wrote to you about how you coached or worked.",
            discussion: """
                Before an assessment of your coaching is opened you are asked how you see it \
                yourself, if you have not said so; you can leave that. Then both stand side by side.
                """
        )

        @Argument(help: "By whom; without it of all.")
        var name: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let reader = FeedbackReader(opened: opened, name: name)
                let session = try await reader.sessionToAssess()
                if session != nil { try await reader.assessOneself() }
                try await reader.open()
            }
        }
    }
}

/// Opens what came, after one's own view.
private struct FeedbackReader {
    let opened: Opened
    let name: String?

    private func received(_ own: OwnFeedback) throws(ClientError) -> [GivenFeedback] {
        guard let name else { return own.desk.received }
        let from = try opened.member(name, of: own.room).person
        return own.desk.received.filter { $0.from == from }
    }

    /// The session of an assessment that waits and of which one has not said anything oneself.
    func sessionToAssess() async throws -> SessionID? {
        var found: SessionID?
        try await opened.feedback { own in
            let waiting = try received(own).filter { !$0.isOpened }
            found = own.room.sessionsToAssess(own.desk, waiting).last
        }
        return found
    }

    /// Asks for one's own view first; whoever does not want that goes on.
    func assessOneself() async throws {
        let hint = "How do you see your coaching yourself? peercoach feedback assess me"
        guard Asking.isPossible, !opened.options.isYes else { return opened.output.notice(hint) }
        let question = "Somebody assessed your coaching. Say first how you see it yourself?"
        guard try await opened.asking.confirm(question) else { return }
        let set = try CompetencyChoice.set(opened.options)
        try await opened.feedback { own in
            let draft = try own.assessment(of: opened.me, on: set)
            guard let answered = try await FeedbackInterview(own: own).levels(draft, set),
                !answered.isEmpty
            else { return }
            try await own.finish(answered, later: false)
        }
    }

    /// Prints it, oldest first, and notes for oneself that it was opened.
    func open() async throws {
        try await opened.feedback { own in
            let all = try received(own)
            if all.isEmpty { opened.output.line("There is no written feedback to you.") }
            for given in all {
                show(given, own)
                if !given.isOpened { try await own.noteOpened(given) }
            }
        }
    }

    private func show(_ given: GivenFeedback, _ own: OwnFeedback) {
        let output = opened.output
        let name = own.name(given.from)
        let from = own.room.assessor(given).map { ", \($0.word)" } ?? ""
        let what = given.form == .feedback ? "feedback" : "how you coached"
        output.line("\(Words.moment(given.at, now: opened.now))  \(name)\(from), \(what):")
        for row in FeedbackRows.rows(given) { output.line("  " + row, indent: 4) }
        var both: [String] = []
        if let other = given.assessment, let session = other.session,
            let mine = own.desk.selfAssessment(of: session)
        {
            both = FeedbackRows.sideBySide(own: mine, other: other, name: name)
            output.line("Side by side:")
            for row in both { output.line("  " + row, indent: 4) }
        }
        output.object([
            "type": "feedback", "from": .string(name), "at": .string(Words.stamp(given.at)),
            "form": .string("\(given.form)"), "text": .string(given.text),
            "parts": given.parts.map(FeedbackRows.object) ?? .null,
            "assessment": given.assessment.map(FeedbackRows.object) ?? .null,
            "sideBySide": JSON(both), "new": .bool(!given.isOpened),
        ])
    }
}

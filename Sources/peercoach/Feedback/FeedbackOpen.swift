// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFeedback
import CoachingModel
import CoachingSeal

extension Feedback {
    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What waits for you, what you prepare, what was asked for, what is open.",
            discussion: """
                A session is complete when each client has heard feedback aloud and in writing \
                from who coached, and each coach has a word on how they coached. What is open is \
                seen by the two people alone and holds up nobody.
                """
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.feedback { own in
                    let waits = FeedbackWaits(own)
                    guard !own.room.sessions.isEmpty || !waits.isEmpty else {
                        throw ClientError(.refused, "No session is over yet.")
                    }
                    for line in waits.lines { opened.output.line(line, indent: 2) }
                    for object in waits.objects { opened.output.object(object) }
                    showDue(own, isAlone: waits.isEmpty)
                }
            }
        }

        private func showDue(_ own: OwnFeedback, isAlone: Bool) {
            let (opened, room) = (own.opened, own.room)
            let open = room.feedbackOpen(of: opened.me, own.given)
            let words = FeedbackWords(open: open, me: opened.me) { room.shownName($0) }
            let lines = words.lines(.outside)
            if lines.isEmpty, isAlone {
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

/// What waits for one person of feedback: to open, to go on with, to answer, and what they asked.
struct FeedbackWaits {
    let desk: FeedbackDesk
    let now: Timestamp
    let name: (PersonID) -> String

    init(_ own: OwnFeedback) {
        self.init(desk: own.desk, now: own.opened.now) { own.name($0) }
    }

    init(desk: FeedbackDesk, now: Timestamp, name: @escaping (PersonID) -> String) {
        self.desk = desk
        self.now = now
        self.name = name
    }

    var isEmpty: Bool { desk.unopened.isEmpty && desk.drafts.isEmpty && desk.asked.isEmpty }

    /// What was asked of the person, with how to answer.
    var askedLines: [String] {
        desk.askedOfOwner.map { one in
            let about = one.about.map { " about: \(UndertakingWords.short($0))" } ?? ""
            return "\(name(one.by)) asks you for feedback\(about): "
                + "peercoach feedback write \(Opened.quoted(name(one.by)))"
        }
    }

    /// That something came that was not opened.
    var unopenedLine: String? {
        let names = Set(desk.unopened.map(\.from)).map(name).sorted()
        if names.isEmpty { return nil }
        return "Feedback from \(Words.list(names)) is here, for you alone: peercoach feedback read"
    }

    var lines: [String] {
        var lines = [unopenedLine].compactMap(\.self) + askedLines
        lines += desk.drafts.map { draft in
            let who = draft.person == desk.owner ? "me" : Opened.quoted(name(draft.person))
            let verb = draft.form == .feedback ? "write" : "assess"
            return
                "You prepare for \(draft.person == desk.owner ? "yourself" : name(draft.person)): "
                + "\(FeedbackRows.state(draft)), saved \(Words.moment(draft.savedAt, now: now)): "
                + "peercoach feedback \(verb) \(who)"
        }
        lines += desk.askedByOwner.map { one in
            "You asked \(name(one.of)) for feedback on \(Words.day(one.at, now: now)); it is still "
                + "to come."
        }
        return lines
    }

    var objects: [JSON] {
        desk.unopened.map {
            [
                "type": "feedbackWaits", "from": .string(name($0.from)),
                "form": .string("\($0.form)"), "at": .string(Words.stamp($0.at)),
            ]
        }
            + desk.drafts.map {
                [
                    "type": "feedbackDraft", "to": .string(name($0.person)),
                    "form": .string("\($0.form)"), "state": .string(FeedbackRows.state($0)),
                    "saved": .string(Words.stamp($0.savedAt)), "versions": JSON($0.versions),
                ]
            }
            + desk.asked.map {
                [
                    "type": "feedbackAsked", "by": .string(name($0.by)), "of": .string(name($0.of)),
                    "about": JSON($0.about), "at": .string(Words.stamp($0.at)),
                ]
            }
    }
}

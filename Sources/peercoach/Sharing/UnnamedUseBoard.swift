// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingReports
import CoachingSeal

/// The questions in a room whether its lines may be used outside without names, with the answers
/// that a person knows: all to their own questions, and their own to others'.
struct UnnamedUseBoard {
    /// One question.
    struct Question: Hashable {
        var id: Bytes16
        var asker: PersonID
        var at: Timestamp
        var from: Timestamp?
        var until: Timestamp
        var words: [String]
        /// The last answers, by whose they are; who asks has said yes.
        var answers: [PersonID: Bool]

        /// Who agrees that their lines are used, the one who asks among them.
        var agreed: Set<PersonID> { Set(answers.filter(\.value).keys) }
    }

    /// The questions, oldest first.
    let questions: [Question]

    /// Reads the questions and the answers out of lines.
    ///
    /// A question counts where it stands in the room, an answer where it came to who asked and to
    /// nobody else, from its author; of several by one person the last.
    init(_ lines: [ReadEntry]) {
        var questions: [Question] = []
        var places: [Bytes16: Int] = [:]
        let said = lines.filter { $0.body?.unnamedUse != nil && $0.author != nil }
            .sorted { ($0.at, $0.number) < ($1.at, $1.number) }
        for line in said {
            guard let use = line.body?.unnamedUse, let author = line.author, line.key == .room,
                use.stand == .asked, let until = use.until, places[use.id] == nil
            else { continue }
            places[use.id] = questions.count
            questions.append(
                Question(
                    id: use.id,
                    asker: author,
                    at: line.at,
                    from: use.from,
                    until: min(until, line.at),
                    words: use.words,
                    answers: [author: true]
                )
            )
        }
        for line in said {
            guard let use = line.body?.unnamedUse, let author = line.author, use.stand != .asked,
                let place = places[use.id], author != questions[place].asker,
                line.key == .between(author, questions[place].asker)
            else { continue }
            questions[place].answers[author] = use.stand == .agreed
        }
        self.questions = questions
    }

    /// Gives the lines of the room that may be used: said to the whole room in the time that was
    /// asked for, by people who agreed and about nobody who did not.
    static func usable(_ question: Question, of lines: [ReadEntry]) -> [UnnamedExport.Line] {
        let agreed = question.agreed
        return lines.compactMap { line in
            guard line.key == .room, let author = line.author, let body = line.body,
                kinds.contains(line.kind), body.unnamedUse == nil, body.file == nil,
                body.paper == nil, line.release != .unproved, agreed.contains(author),
                line.at >= question.from ?? .init(milliseconds: .min), line.at < question.until
            else { return nil }
            let concerned = body.concerns + (line.about.map { [$0] } ?? []) + (line.agreed ?? [])
            guard concerned.allSatisfy(agreed.contains) else { return nil }
            return UnnamedExport.Line(author: author, text: body.text)
        }
    }

    /// What people say to each other; promises and feedback belong to somebody.
    private static let kinds: Set<EntryKind> = [
        .say, .ask, .answer, .reflect, .suggest, .offer, .thanks,
    ]
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFeedback
import CoachingModel

/// Asks at the terminal for one part after the other, and saves each before the next.
struct FeedbackInterview {
    let own: OwnFeedback

    private var output: Output { own.opened.output }

    /// What was typed.
    private enum Typed {
        case text(String)
        case keep
        case clear
        case leave
    }

    /// Asks for the parts of feedback.
    ///
    /// - Returns: the draft; `nil` where the person left, which keeps what is saved.
    func parts(_ draft: FeedbackDraft) async throws -> FeedbackDraft? {
        var draft = draft
        begin(draft)
        let aims = own.aims(of: draft.person)
        if !aims.isEmpty {
            output.remark("Their aims that you read: \(aims.joined(separator: "; "))")
        }
        var index = 0
        while index < FeedbackPart.allCases.count {
            let part = FeedbackPart.allCases[index]
            let before = draft.parts[part]
            var next = draft
            switch await asked(FeedbackRows.question(part), before) {
            case .leave: return nil
            case .keep:
                index += 1
                continue
            case .clear: next.parts[part] = nil
            case .text(let text): next.parts[part] = text
            }
            if next.parts[part] != before {
                guard try await saved(next) else { continue }
                draft = next
            }
            index += 1
        }
        return draft
    }

    /// Asks for a level on each competency, and for general words.
    func levels(_ draft: FeedbackDraft, _ set: CompetencySet) async throws -> FeedbackDraft? {
        var draft = draft
        begin(draft)
        output.remark("Levels: \(set.scale). Type a level and what shows it, such as: 3 you waited")
        var index = 0
        while index < set.competencies.count {
            let competency = set.competencies[index]
            let before = draft.assessment?[competency.name]
            let shown = before.map { one in
                "\(one.level)" + (one.evidence.map { " \($0)" } ?? "")
            }
            let question = "\(index + 1)  \(competency.name): \(competency.meaning)"
            var next = draft
            switch await asked(question, shown) {
            case .leave: return nil
            case .keep:
                index += 1
                continue
            case .clear:
                next.assessment?.ratings.removeAll { $0.competency == competency.name }
            case .text(let text):
                do throws(ClientError) {
                    let rating = try CompetencyChoice.rating(of: competency, text, set)
                    next.assessment?.rate(rating, in: set)
                } catch {
                    output.remark(
                        [error.sentence, error.hint].compactMap(\.self).joined(separator: " ")
                    )
                    continue
                }
            }
            guard try await saved(next) else { continue }
            draft = next
            index += 1
        }
        return try await words(draft)
    }

    private func words(_ draft: FeedbackDraft) async throws -> FeedbackDraft? {
        var draft = draft
        while true {
            var next = draft
            switch await asked("What is there to say in general?", draft.assessment?.words) {
            case .leave: return nil
            case .keep: return draft
            case .clear: next.assessment?.words = nil
            case .text(let text): next.assessment?.words = text
            }
            guard try await saved(next) else { continue }
            draft = next
            return draft
        }
    }

    private func begin(_ draft: FeedbackDraft) {
        let state = draft.versions > 0 ? " You go on with what you saved." : ""
        let end =
            draft.person == own.opened.me
            ? "nobody else gets it." : "nothing is sent before you say so."
        output.remark(
            "Each answer is saved for you alone before the next question.\(state) Enter alone "
                + "leaves a part as it is, - empties it, . leaves; \(end)"
        )
    }

    private func asked(_ question: String, _ before: String?) async -> Typed {
        output.remark(question)
        if let before { output.remark("  now: \(FeedbackRows.oneLine(before))") }
        output.prompt("> ")
        guard let line = await Asking.line() else { return .leave }
        switch line.trimmingSpaces {
        case "": return .keep
        case "-": return .clear
        case ".": return .leave
        case let text: return .text(text)
        }
    }

    /// Saves what was typed; where it is over a limit says so, and the question comes again.
    private func saved(_ draft: FeedbackDraft) async throws -> Bool {
        do {
            try await own.save(draft)
            return true
        } catch let error as ClientError where error.code == .invalid {
            output.remark(error.sentence)
            return false
        }
    }
}

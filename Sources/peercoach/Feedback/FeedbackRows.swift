// SPDX-License-Identifier: Apache-2.0
import CoachingFeedback
import CoachingModel

/// Feedback as people read it, row by row.
enum FeedbackRows {
    /// The question for each part, and what it is good for.
    static func question(_ part: FeedbackPart) -> String {
        switch part {
        case .strengths: "What helped: what did they do that they should do again?"
        case .observed: "What did you see or hear? The moment, the words; no \"always\"."
        case .effect: "What did it do, to you or as you saw it?"
        case .instead: "What could they try? One thing, in place of criticism."
        case .goal: "For which aim of theirs is that?"
        }
    }

    /// The parts, or the text, a row each.
    static func rows(_ given: GivenFeedback) -> [String] {
        if let parts = given.parts, !parts.isEmpty { return rows(parts) }
        if let assessment = given.assessment, !assessment.isEmpty { return rows(assessment) }
        return split(given.text)
    }

    static func rows(_ parts: FeedbackParts) -> [String] {
        parts.present.flatMap { part in
            let lines = split(parts[part] ?? "")
            return ["\(part.title): \(lines.first ?? "")"] + lines.dropFirst().map { "  " + $0 }
        }
    }

    static func rows(_ assessment: Assessment) -> [String] {
        split(assessment.words ?? "")
            + assessment.ratings.map { one in
                "\(one.competency): \(assessment.word(one.level))"
                    + (one.evidence.map { " (\($0))" } ?? "")
            }
    }

    /// Two views of one session on the same competencies, side by side: a row each.
    static func sideBySide(own: Assessment, other: Assessment, name: String) -> [String] {
        let names = own.ratings.map(\.competency)
        let more = other.ratings.map(\.competency).filter { !names.contains($0) }
        return (names + more).map { competency in
            func word(_ one: Assessment) -> String {
                one[competency].map { one.word($0.level) } ?? "nothing said"
            }
            return "\(competency): you: \(word(own)); \(name): \(word(other))"
        }
    }

    /// What the check before sending says; nothing where all is there.
    static func check(_ draft: FeedbackDraft) -> [String] {
        switch draft.form {
        case .feedback: return FeedbackBalance(draft.parts).sentences
        case .assessment:
            guard let assessment = draft.assessment, !assessment.isEmpty else { return [] }
            let bare = assessment.ratings.count { $0.evidence == nil }
            return bare == 0
                ? []
                : [
                    "\(Words.count(bare, "level has", "levels have")) no moment that shows it: "
                        + "what did you see or hear?"
                ]
        }
    }

    /// "What helped, What it did; 2 of 5 parts".
    static func state(_ draft: FeedbackDraft) -> String {
        switch draft.form {
        case .feedback:
            return "\(draft.parts.present.count) of \(FeedbackPart.allCases.count) parts"
        case .assessment:
            return Words.count(draft.assessment?.ratings.count ?? 0, "competency", "competencies")
        }
    }

    /// A text's lines, none of them empty.
    static func split(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map(String.init)
    }

    /// A text of several lines in one.
    static func oneLine(_ text: String) -> String { split(text).joined(separator: " / ") }

    static func object(_ assessment: Assessment) -> JSON {
        [
            "set": .string(assessment.set), "levels": JSON(assessment.levels),
            "by": .string(word(assessment.by)), "words": JSON(assessment.words),
            "ratings": .array(
                assessment.ratings.map { one in
                    [
                        "competency": .string(one.competency), "level": JSON(one.level),
                        "name": .string(assessment.word(one.level)),
                        "evidence": JSON(one.evidence),
                    ]
                }
            ),
        ]
    }

    static func object(_ parts: FeedbackParts) -> JSON {
        .object(parts.present.map { .init(key: "\($0)", value: JSON(parts[$0])) })
    }

    /// From where, for a program.
    static func word(_ by: Assessor) -> String {
        switch by {
        case .client: "client"
        case .observer: "observer"
        case .oneself: "self"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// MARK: - What is owed after a session, between two people

extension RoomScreenModel {
    /// Says to somebody that one heard their feedback aloud, which counts as spoken feedback.
    mutating func heardAloud(_ rest: String) -> [RoomEffect] {
        guard case .one(let person, let more) = person(in: rest), more.isEmpty, person != me,
            var shown = address(of: .person(person), in: draft?.room ?? room)
        else { return refuses("Whose feedback did you hear? \(SlashCommand.heard.usage)") }
        guard room.canHear(person, me, feedbackGiven) else {
            return refuses(
                "\(name(person)) was in no turn of this session whose client you were, or you said "
                    + "so already."
            )
        }
        shown.kind = .say
        return send(Self.heardText, to: shown, meaning: .heard)
    }

    /// What the other one reads.
    static let heardText = "I heard your feedback, said aloud."

    /// What is open between oneself and others when a session is over.
    func feedbackOpen() -> [RoomLine] {
        FeedbackWords(open: room.feedbackOpen(of: me, feedbackGiven), me: me, name: { name($0) })
            .lines(.inside).map { system($0, "summary") }
    }
}

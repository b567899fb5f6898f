// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// What somebody stated that a session is for, and what shall be there at its end.
struct StatedPurpose: Hashable, Sendable {
    /// The words: "what for / what shall be there".
    var text: String
    /// Their hash, which the session's start names.
    var hash: Bytes32
    /// When it was stated.
    var at: Timestamp

    /// What parts the two.
    static let between = " / "

    /// Makes the words of the two parts; `nil` where one is missing.
    static func text(_ typed: String) -> String? {
        guard let parting = typed.firstRange(of: between) else { return nil }
        return text(String(typed[..<parting.lowerBound]), String(typed[parting.upperBound...]))
    }

    /// Makes the words of the two parts; `nil` where one is missing.
    static func text(_ purpose: String, _ result: String) -> String? {
        let (purpose, result) = (purpose.trimmingSpaces, result.trimmingSpaces)
        return purpose.isEmpty || result.isEmpty ? nil : purpose + between + result
    }

    /// "For: sort out who does what. At its end: each knows their part"
    static func shown(_ text: String) -> String {
        guard let parting = text.firstRange(of: between) else { return "For: \(text)" }
        return "For: \(text[..<parting.lowerBound]). At its end: \(text[parting.upperBound...])"
    }
}

// MARK: - What the next session is for

extension RoomScreenModel {
    /// What was stated since the last session.
    var statedPurpose: StatedPurpose? {
        guard let purpose else { return nil }
        if let last = room.lastSession, purpose.at <= last.ended { return nil }
        return purpose
    }

    /// Tells everybody what the next session is for.
    mutating func statePurpose(_ rest: String) -> [RoomEffect] {
        guard room.session == nil else {
            return refuses("A session runs. What the next one is for is said when it is over.")
        }
        guard mayStart else { return refuses("Who starts the session says what it is for.") }
        guard let text = StatedPurpose.text(rest) else {
            return refuses("For what, and what shall be there then? \(SlashCommand.purpose.usage)")
        }
        return send(
            text,
            to: address(.room, .paper, in: draft?.room ?? room),
            meaning: .purpose
        )
    }

    /// What it is for, in the plan of a session that has not begun.
    func purposeText(_ purpose: StatedPurpose?) -> RoomLine {
        guard let purpose else {
            return system(
                "Nobody has said what it is for. To say it first: /no, then "
                    + SlashCommand.purpose.usage
            )
        }
        return system(StatedPurpose.shown(purpose.text))
    }

    /// What the session that begins is for, where its words came here.
    func purposeOfSession() -> [RoomLine] {
        guard let hash = room.session?.purpose, let purpose, purpose.hash == hash else { return [] }
        return [system(StatedPurpose.shown(purpose.text), "purpose")]
    }
}

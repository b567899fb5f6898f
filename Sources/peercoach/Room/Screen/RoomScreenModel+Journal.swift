// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// MARK: - For oneself: how one is, and pages

extension RoomScreenModel {
    /// Checks in, for oneself alone unless `turn` or `room` follows the slash command.
    mutating func feel(_ rest: String) -> [RoomEffect] {
        let (first, more) = rest.headAndRest
        var target = LineTarget.note
        var text = rest
        switch first.lowercased() {
        case "turn": (target, text) = (.turn, more)
        case "room": (target, text) = (.room, more)
        default: break
        }
        guard let (scale, words) = CheckIn.reading(text) else {
            return refuses("How are you, from 1 (badly) to 5 (well)? \(SlashCommand.feel.usage)")
        }
        guard var shown = address(of: target, in: draft?.room ?? room) else {
            return refuses("Not sent: you have no turn now. /feel 4 keeps it for you alone.")
        }
        if !shown.isOwn { shown.kind = .say }
        return send(words, to: shown, meaning: .checkIn(scale))
    }

    /// Writes a page of one's journal.
    mutating func journal(_ rest: String) -> [RoomEffect] {
        guard !rest.isEmpty else {
            return refuses(
                "A page for you alone: what did you learn, what will you apply? "
                    + SlashCommand.journal.usage
            )
        }
        guard let shown = address(of: .note, in: room) else { return refuses("Not now.") }
        return send(rest, to: shown, meaning: .journal)
    }
}

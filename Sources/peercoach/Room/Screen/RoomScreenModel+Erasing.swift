// SPDX-License-Identifier: Apache-2.0
import CoachingFeedback
import CoachingGoals
import CoachingModel
import CoachingTerminal

// Lines that are taken back.
extension RoomScreenModel {
    /// The last line that the person wrote, here or elsewhere, and that is still there.
    var lastOwn: HeardLine? {
        past.enumerated()
            .filter {
                $0.element.author == me && $0.element.kind.needsFloor
                    && $0.element.feedback?.isSilent != true
            }
            .max { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }?.element
    }

    /// Takes back the last line.
    func undo() -> [RoomEffect] {
        guard outgoing.isEmpty else {
            return refuses("Not now: a line of yours is on its way. Try again in a moment.")
        }
        guard let line = lastOwn else { return refuses("There is no line of yours to take back.") }
        return [.act(.takeBack(line.key, number: line.number))]
    }

    /// Learns that a line is gone, and forgets its words.
    ///
    /// - Parameters:
    ///   - key: for whom it was.
    ///   - number: its number there.
    ///   - person: who took it back; `nil` where its time was over.
    /// - Returns: what is to be shown.
    mutating func gone(
        _ key: TranscriptKey,
        _ number: UInt64,
        by person: PersonID?
    ) -> [RoomEffect] {
        let author = past.first { $0.key == key && $0.number == number }?.author
        for line in past where line.key == key && line.number == number { tally.forget(line) }
        undertakingLines.removeAll { $0.key == key && $0.number == number }
        feedbackLines.removeAll { $0.key == key && $0.number == number }
        past.removeAll { $0.key == key && $0.number == number }
        forgetQuestion(key, number)
        if links[key]?.number == number { links[key] = nil }
        unopened.removeAll { $0.key == key && $0.number == number }
        guard stage == .inside, let person else { return [] }
        let facts: [JSON.Field] = [
            .init("scope", .string("\(key.scope)")), .init("from", .string(nameOrYou(person))),
            .init("number", JSON(number)),
        ]
        if let author, author != person {
            let text =
                "\(subject(person, "took", "took")) a line of \(author == me ? "yours" : name(author))"
                + " out of the room."
            return [.show(system(text, "gone", facts))]
        }
        guard person == me else {
            return [.show(system("\(name(person)) took back a line\(to(key)).", "gone", facts))]
        }
        let text =
            key.scope == .own
            ? "Taken back: the note is gone."
            : "Taken back: your line\(to(key)) is gone. Whoever read it may remember it."
        return [.show(RoomLine(at: now, lead: .sent, text: text, type: "gone", facts: facts))]
    }

    /// Says why a facilitator took a line out of the room.
    func whyGone(_ line: HeardLine) -> [RoomEffect] {
        guard stage == .inside, let text = line.text, !text.isEmpty, let author = line.author else {
            return []
        }
        let facts: [JSON.Field] = [
            .init("from", .string(nameOrYou(author))), .init("number", JSON(line.number)),
        ]
        return [
            .show(
                RoomLine(
                    at: line.at,
                    lead: .scope("room"),
                    text: "\(name(author)), on what was taken out: \(text)",
                    type: "why",
                    facts: facts
                )
            )
        ]
    }

    private func to(_ key: TranscriptKey) -> String {
        switch key {
        case .own, .programme: ""
        case .direct(let first, let second):
            " between you and \(name(first == me ? second : first))"
        case .turn: " in the turn"
        case .peers, .prompt(_, .peers): " among the peers"
        case .room, .prompt: " in the room"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CoachingModel
import Yams

// Values that are one of a few words.
extension FormatReader {
    mutating func seating(_ node: Node?) -> Seating? {
        choice(
            node,
            at: "coaches",
            ["one": .oneCoach, "all": .allCoach],
            "coaches are 'one', whom the others observe, or 'all' but the client"
        )
    }

    mutating func visits(_ node: Node?) -> Bool? {
        choice(
            node,
            at: "visits",
            ["allowed": true, "never": false],
            "visits are 'allowed', with the client's yes, or 'never'"
        )
    }

    mutating func absence(_ node: Node?) -> Absence? {
        choice(
            node,
            at: "absent",
            ["stand-in": .standIn, "waits": .waits],
            "where the facilitator is absent a 'stand-in' keeps the time, or the clock 'waits'"
        )
    }

    mutating func isHeld(_ node: Node?, at path: String) -> Bool? {
        choice(
            node,
            at: path,
            ["by-itself": false, "held": true],
            "a phase ends 'by-itself', or is 'held' until who keeps the time goes on"
        )
    }

    /// Reads from which meeting one goes on, and what must be there before it opens.
    mutating func link(_ node: Node?, opens: Node?) -> MeetingLink? {
        let written = choice(
            opens,
            at: "opens",
            ["any-time": false, "after-feedback": true],
            "a meeting opens at 'any-time', or 'after-feedback': once each coach has written to "
                + "their client since the one that it follows"
        )
        guard let node else {
            if written == true {
                spoil("opens", "only a meeting that follows another opens after-feedback")
            }
            return nil
        }
        return MeetingLink(before: text(node, at: "follows"), written: written == true ? true : nil)
    }

    private mutating func choice<Value>(
        _ node: Node?,
        at path: String,
        _ words: [String: Value],
        _ sentence: String
    ) -> Value? {
        guard let node else { return nil }
        if let value = words[text(node, at: path)] { return value }
        if !spoiled.contains(path) { spoil(path, sentence) }
        return nil
    }
}

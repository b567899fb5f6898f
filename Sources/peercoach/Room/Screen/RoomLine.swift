// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingTerminal

/// One line of the room view: for people as the screen shows it, for programs as an object.
struct RoomLine: Hashable, Sendable {
    /// When it happened.
    var at: Timestamp
    /// What stands before the text.
    var lead: ScreenLine.Lead
    /// What it says.
    var text: String
    /// What kind of line it is, for programs.
    var type: String
    /// What programs get besides; a `text` in it stands in place of the line's.
    var facts: [JSON.Field] = []

    /// Gives the line as the screen takes it.
    func screenLine(_ calendar: WallCalendar) -> ScreenLine {
        ScreenLine(time: Words.clock(at, calendar), lead, text)
    }

    /// Gives the line as an object.
    var object: JSON {
        var fields: [JSON.Field] = [
            .init(key: "at", value: .string(Words.stamp(at))),
            .init(key: "type", value: .string(type)),
        ]
        fields += facts
        if !facts.contains(where: { $0.key == "text" }) {
            fields.append(.init(key: "text", value: .string(text)))
        }
        return .object(fields)
    }
}

extension JSON.Field {
    /// Makes a field from its parts.
    init(_ key: String, _ value: JSON) { self.init(key: key, value: value) }
}

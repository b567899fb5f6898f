// SPDX-License-Identifier: Apache-2.0
import CoachingModel

// MARK: - When the room meets

extension RoomScreenModel {
    /// Says that a date was set, moved or called off.
    func meetingSet(_ set: MeetingSet, _ before: Room, _ by: String?) -> RoomLine {
        let who = by ?? "The server"
        let old = before.meetings[set.id].map { MeetingWords.span($0, now: now, calendar) }
        guard let meeting = room.meetings[set.id] else {
            return system(
                "\(who) called off: \(old ?? "a date").",
                "meeting",
                [.init("number", JSON(set.id))]
            )
        }
        let new = MeetingWords.span(meeting, now: now, calendar)
        let text =
            old.map { "\(who) moved a date: \(new), was \($0)." } ?? "\(who) set a date: \(new)."
        return system(
            text,
            "meeting",
            [.init("number", JSON(set.id)), .init("start", .string(Words.stamp(meeting.start)))]
        )
    }

    /// Says who comes.
    func coming(_ coming: Coming, by person: PersonID?) -> RoomLine {
        let day = room.meetings[coming.meeting].map { Words.day($0.start, now: now, calendar) }
        let who = person.map { subject($0, "come", "comes") } ?? "Somebody comes"
        let not = person.map { subject($0, "do not come", "does not come") } ?? "Somebody does not"
        return system(
            "\(coming.comes ? who : not) on \(day ?? "a date").",
            "coming",
            [.init("number", JSON(coming.meeting)), .init("comes", .bool(coming.comes))]
        )
    }

    /// The next date, for the end of a session.
    func nextMeeting() -> [RoomLine] {
        guard let meeting = room.meetings(after: now).first(where: { $0.start > now }) else {
            return []
        }
        return [system("Next: \(MeetingWords.span(meeting, now: now, calendar)).", "summary")]
    }
}

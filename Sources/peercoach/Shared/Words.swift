// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Puts days, times, numbers and lists of names into words, the same everywhere.
enum Words {
    /// From Sunday on.
    static let weekdays = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    /// From January on.
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    /// Joins names: "Lena, Priya and Tom".
    static func list(_ names: [String], _ last: String = "and") -> String {
        guard let final = names.last else { return "nobody" }
        if names.count == 1 { return final }
        return names.dropLast().joined(separator: ", ") + " \(last) " + final
    }

    /// Counts: "1 person", "3 people".
    static func count(_ number: some BinaryInteger, _ one: String, _ many: String? = nil) -> String
    {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// Gives the clock time: "14:10".
    static func clock(_ instant: Timestamp, _ calendar: WallCalendar = .local) -> String {
        let parts = calendar.parts(of: instant)
        return two(parts.hour) + ":" + two(parts.minute)
    }

    /// Gives the clock time with seconds, where minutes say too little: "14:10:05".
    static func exactClock(_ instant: Timestamp, _ calendar: WallCalendar = .local) -> String {
        clock(instant, calendar) + ":" + two(calendar.parts(of: instant).second)
    }

    /// Gives the day: "Fri 4 Dec", in another year than now "Tue 5 Jan 2027".
    static func day(
        _ instant: Timestamp,
        now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        let parts = calendar.parts(of: instant)
        let year = parts.year == calendar.parts(of: now).year ? "" : " \(parts.year)"
        let weekday = weekdays[parts.weekday].prefix(3)
        return "\(weekday) \(parts.day) \(months[parts.month - 1].prefix(3))\(year)"
    }

    /// Gives the last day before an instant at which something ends: a term that ends at
    /// midnight ends on the day before.
    static func lastDay(
        _ end: Timestamp,
        now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        day(end.adding(milliseconds: -1), now: now, calendar)
    }

    /// Gives the clock time of today, or day and time: "14:10", "Fri 4 Dec, 14:10".
    static func moment(
        _ instant: Timestamp,
        now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        let isToday = calendar.parts(of: instant).isSameDay(as: calendar.parts(of: now))
        let clock = clock(instant, calendar)
        return isToday ? clock : day(instant, now: now, calendar) + ", " + clock
    }

    /// Writes an instant for programs: "2027-01-05T14:10:00Z".
    static func stamp(_ instant: Timestamp) -> String {
        let parts = WallCalendar { _ in 0 }.parts(of: instant)
        let year = String(repeating: "0", count: max(0, 4 - String(parts.year).count))
        return "\(year)\(parts.year)-\(two(parts.month))-\(two(parts.day))"
            + "T\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))Z"
    }

    /// Gives a span: "90 s", "14 min", "1 h 30 min".
    static func span(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1_000
        if seconds < 120 && seconds % 60 != 0 { return "\(seconds) s" }
        let minutes = (seconds + 30) / 60
        if minutes < 120 { return "\(minutes) min" }
        let rest = minutes % 60
        return "\(minutes / 60) h" + (rest == 0 ? "" : " \(rest) min")
    }

    /// Fills a text with spaces.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// What somebody is in a room.
    static func membership(_ membership: Membership) -> String {
        switch membership {
        case .peer: "peer"
        case .facilitator: "facilitator"
        }
    }

    /// A role in a phase.
    static func role(_ role: Role) -> String {
        switch role {
        case .client: "client"
        case .coach: "coach"
        case .observer: "observer"
        case .everyone: "everybody"
        }
    }

    /// In which order a role speaks, as a format's file says it.
    static func floor(_ floor: Floor?) -> String {
        switch floor {
        case nil: "open"
        case .round: "round"
        case .questionFirst: "question-first"
        }
    }

    /// How people talk.
    static func medium(_ medium: Medium) -> String {
        switch medium {
        case .typed: "typed"
        case .spoken: "spoken"
        }
    }

    /// A line of a kind as a thing that somebody owes: "promise", "feedback".
    static func thing(_ kind: EntryKind) -> String {
        switch kind {
        case .commit: "promise"
        case .ask: "question"
        case .reflect: "reflection"
        case .suggest: "suggestion"
        case .say: "line"
        case .assess: "assessment"
        default: Self.kind(kind)
        }
    }

    /// Who reads a line by its scope, as it stands in brackets before the line.
    static func scope(_ scope: Scope) -> String {
        switch scope {
        case .own: "only you"
        case .direct: "two"
        case .turn: "turn"
        case .peers: "peers"
        case .room: "room"
        case .programme: "programme"
        }
    }

    /// What a line is, by its kind.
    static func kind(_ kind: EntryKind) -> String {
        switch kind {
        case .say: "say"
        case .ask: "ask"
        case .answer: "answer"
        case .reflect: "reflect"
        case .suggest: "suggest"
        case .offer: "offer"
        case .feedback: "feedback"
        case .thanks: "thanks"
        case .commit: "commit"
        case .note: "note"
        case .assess: "assess"
        case .consent: "consent"
        case .withdraw: "withdraw"
        case .grant: "grant"
        case .paper: "paper"
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

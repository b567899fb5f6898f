// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Reads days and clock times as people type them.
struct Moment: Sendable {
    /// The instant that it is now.
    let now: Timestamp
    /// The days and clock times of the place.
    let calendar: WallCalendar

    init(now: Timestamp, calendar: WallCalendar = .local) {
        self.now = now
        self.calendar = calendar
    }

    /// What is accepted as a day, for help and mistakes.
    static let days = "2027-06-30, 30 Jun, fri, tomorrow"
    /// How long after midnight a time is still taken for tonight's, in hours.
    private static let nightHours = 8

    /// Reads when something ends: a clock time today (after midnight, if it is late now), or a
    /// day with a time.
    ///
    /// - Returns: `nil` where the text is neither; a time that is over may come back.
    func time(_ text: String) -> Timestamp? {
        let words = Self.words(text)
        if words.count == 1, let (hour, minute) = Self.clock(words[0]) {
            var parts = calendar.parts(of: now)
            let isLate = parts.hour >= 24 - Self.nightHours && hour < Self.nightHours
            if isLate { parts = calendar.day(parts, plus: 1) }
            (parts.hour, parts.minute, parts.second) = (hour, minute, 0)
            return calendar.instant(parts)
        }
        guard words.count > 1, let last = words.last, let (hour, minute) = Self.clock(last),
            var parts = day(words.dropLast().joined(separator: " "))
        else { return nil }
        (parts.hour, parts.minute) = (hour, minute)
        return calendar.instant(parts)
    }

    /// Reads a day and gives its end, which is the beginning of the next.
    func endOfDay(_ text: String) -> Timestamp? {
        day(text).map { calendar.instant(calendar.day($0, plus: 1)) }
    }

    /// Reads a day; one without a year is the next such day, a weekday the next one after today.
    func day(_ text: String) -> WallCalendar.Parts? {
        var words = Self.words(text)
        if words.first == "by" || words.first == "until" { words.removeFirst() }
        let today = calendar.parts(of: now)
        switch words.count {
        case 1:
            if words[0] == "today" { return calendar.day(today, plus: 0) }
            if words[0] == "tomorrow" { return calendar.day(today, plus: 1) }
            if let weekday = Self.place(of: words[0], in: Words.weekdays) {
                let ahead = (weekday - today.weekday + 6) % 7 + 1
                return calendar.day(today, plus: ahead)
            }
            return Self.written(words[0])
        case 2, 3:
            guard let day = Int(words[0]),
                let month = Self.place(of: words[1], in: Words.months)
            else { return nil }
            if words.count == 3 {
                guard let year = Int(words[2]) else { return nil }
                return Self.existing(year, month + 1, day)
            }
            let isPast = (month + 1, day) < (today.month, today.day)
            return Self.existing(isPast ? today.year + 1 : today.year, month + 1, day)
        default: return nil
        }
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { $0 == " " || $0 == "t" && isDateTime(text) || $0 == "," }
            .map { $0.hasSuffix(".") ? String($0.dropLast()) : String($0) }
    }

    /// Whether the text is written like 2027-06-30T15:30.
    private static func isDateTime(_ text: String) -> Bool {
        let parts = text.lowercased().split(separator: "t", omittingEmptySubsequences: false)
        return parts.count == 2 && written(String(parts[0])) != nil
    }

    private static func clock(_ word: String) -> (hour: Int, minute: Int)? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            let hour = number(parts[0]), let minute = number(parts[1]), hour < 24, minute < 60
        else { return nil }
        return (hour, minute)
    }

    private static func written(_ word: String) -> WallCalendar.Parts? {
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, let year = number(parts[0]),
            let month = number(parts[1]), let day = number(parts[2])
        else { return nil }
        return existing(year, month, day)
    }

    private static func existing(_ year: Int, _ month: Int, _ day: Int) -> WallCalendar.Parts? {
        guard WallCalendar.exists(year, month, day) else { return nil }
        return WallCalendar.Parts(year: year, month: month, day: day)
    }

    private static func number(_ digits: some StringProtocol) -> Int? {
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(digits)
    }

    /// Finds a word among names by its beginning, of three letters at least.
    private static func place(of word: String, in names: [String]) -> Int? {
        guard word.count >= 3 else { return nil }
        return names.firstIndex { $0.lowercased().hasPrefix(word) }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Dates that come again, by the clock of a place: the same clock time also when the clocks change.
struct MeetingSeries: Hashable, Sendable {
    /// After what a date comes again.
    enum Step: Hashable, Sendable {
        /// So many weeks later, on the same weekday.
        case weeks(Int)
        /// So many months later, on the same weekday of the month: the first Tuesday; what would
        /// be the fifth is the last.
        case months(Int)
    }

    let step: Step

    /// What is accepted, for help and mistakes.
    static let forms = "week, 2 weeks, month, 3 months"

    /// Reads "week", "2 weeks", "2w", "month", "3 months".
    init?(_ text: String) {
        let text = text.lowercased().trimmingEnd
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let count = digits.isEmpty ? 1 : Int(digits), (1...52).contains(count) else {
            return nil
        }
        switch unit {
        case "w", "week", "weeks": step = .weeks(count)
        case "m", "month", "months": step = .months(count)
        default: return nil
        }
    }

    /// Gives dates from a first one on, so many, but none later than `last`.
    func dates(
        from first: Timestamp,
        times: Int,
        until last: Timestamp?,
        _ calendar: WallCalendar
    ) -> [Timestamp] {
        let start = calendar.parts(of: first)
        var dates: [Timestamp] = []
        for number in 0..<max(0, times) {
            var day = self.day(start, number, calendar)
            (day.hour, day.minute) = (start.hour, start.minute)
            let date = calendar.instant(day)
            if let last, date > last { break }
            dates.append(date)
        }
        return dates
    }

    private func day(
        _ start: WallCalendar.Parts,
        _ number: Int,
        _ calendar: WallCalendar
    ) -> WallCalendar.Parts {
        switch step {
        case .weeks(let count): return calendar.day(start, plus: 7 * count * number)
        case .months(let count):
            let weekday = calendar.day(start, plus: 0).weekday
            let months = start.year * 12 + start.month - 1 + count * number
            let (year, month) = (months / 12, months % 12 + 1)
            let first = WallCalendar.Parts(year: year, month: month, day: 1)
            let ahead = (weekday - calendar.day(first, plus: 0).weekday + 7) % 7
            var day = 1 + ahead + 7 * ((start.day - 1) / 7)
            while !WallCalendar.exists(year, month, day), day > 7 { day -= 7 }
            return WallCalendar.Parts(year: year, month: month, day: day)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Days and clock times of a place.
///
/// - Source: the days are counted in the proleptic Gregorian calendar.
struct WallCalendar: Sendable {
    /// An instant as people write it.
    struct Parts: Hashable, Sendable {
        var year: Int
        var month: Int
        var day: Int
        var hour = 0
        var minute = 0
        var second = 0
        /// From 0, which is Sunday.
        var weekday = 0

        /// Whether two are on one day.
        func isSameDay(as other: Parts) -> Bool {
            year == other.year && month == other.month && day == other.day
        }
    }

    /// How far the place's clocks are ahead of UTC at an instant, in seconds.
    let offset: @Sendable (_ secondsSince1970: Int64) -> Int64

    /// The place that the process's environment names.
    static let local = WallCalendar { seconds in
        var instant = time_t(seconds)
        var parts = tm()
        guard localtime_r(&instant, &parts) != nil else { return 0 }
        return Int64(parts.tm_gmtoff)
    }

    /// Gives the day and time of an instant, held within the years 1 to 9999.
    func parts(of instant: Timestamp) -> Parts {
        let bound: Int64 = 253_402_214_400
        let seconds = min(
            max(Self.divide(instant.milliseconds, 1_000).quotient, -62_135_510_400),
            bound
        )
        let (days, rest) = Self.divide(seconds + offset(seconds), 86_400)
        var parts = Self.civil(days)
        parts.hour = Int(rest / 3_600)
        parts.minute = Int(rest / 60 % 60)
        parts.second = Int(rest % 60)
        return parts
    }

    /// Gives the instant of a day and time; a time that clocks skip is taken as the one after.
    func instant(_ parts: Parts) -> Timestamp {
        let days = Self.days(parts.year, parts.month, parts.day)
        let wall = days * 86_400 + Int64(parts.hour * 3_600 + parts.minute * 60 + parts.second)
        var seconds = wall - offset(wall)
        seconds = wall - offset(seconds)
        return Timestamp(milliseconds: seconds * 1_000)
    }

    /// Gives the day so many days after another.
    func day(_ parts: Parts, plus days: Int) -> Parts {
        Self.civil(Self.days(parts.year, parts.month, parts.day) + Int64(days))
    }

    /// Tells whether there is such a day in the years 1970 to 9999.
    static func exists(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        guard (1970...9_999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return false }
        let back = civil(days(year, month, day))
        return back.month == month && back.day == day
    }

    private static func divide(_ value: Int64, _ by: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: by)
        return rest < 0 ? (quotient - 1, rest + by) : (quotient, rest)
    }

    /// Counts the days since 1970-01-01.
    ///
    /// A year is taken to begin in March, so that the leap day is its last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let year = Int64(month <= 2 ? year - 1 : year)
        let era = divide(year, 400).quotient
        let ofEra = year - era * 400
        let monthFromMarch = Int64((month + 9) % 12)
        let ofYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    private static func civil(_ days: Int64) -> Parts {
        let shifted = days + 719_468
        let (era, ofEra) = divide(shifted, 146_097)
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = Int(fromMarch < 10 ? fromMarch + 3 : fromMarch - 9)
        return Parts(
            year: Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0),
            month: month,
            day: Int(ofYear - (153 * fromMarch + 2) / 5 + 1),
            weekday: Int(divide(days + 4, 7).rest)
        )
    }
}

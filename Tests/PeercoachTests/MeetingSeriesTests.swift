// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

struct MeetingSeriesTests {
    /// Clocks that are one hour ahead, and two from 28 March 2027 01:00 UTC to 31 October 01:00.
    private static let berlin = WallCalendar { seconds in
        (1_806_195_600..<1_824_944_400).contains(seconds) ? 7_200 : 3_600
    }

    private func at(_ month: Int, _ day: Int, _ hour: Int = 14) -> Timestamp {
        Self.berlin.instant(
            WallCalendar.Parts(year: 2027, month: month, day: day, hour: hour, minute: 0)
        )
    }

    private func texts(_ dates: [Timestamp]) -> [String] {
        dates.map {
            let parts = Self.berlin.parts(of: $0)
            return "\(parts.year)-\(parts.month)-\(parts.day) \(Words.clock($0, Self.berlin))"
        }
    }

    @Test(arguments: [
        ("week", MeetingSeries.Step.weeks(1)), ("2 weeks", .weeks(2)), ("2w", .weeks(2)),
        ("month", .months(1)), ("3 Months", .months(3)), ("1m", .months(1)),
    ])
    func `a series is read as people write it`(text: String, step: MeetingSeries.Step) {
        #expect(MeetingSeries(text)?.step == step)
    }

    @Test(arguments: ["", "0 weeks", "53 weeks", "day", "2", "-1 week", "99999999999999999999w"])
    func `what is no series is refused`(text: String) {
        #expect(MeetingSeries(text) == nil)
    }

    @Test func `the clock time stays when the clocks change`() throws {
        let series = try #require(MeetingSeries("2 weeks"))
        let dates = series.dates(from: at(3, 16), times: 3, until: nil, Self.berlin)
        #expect(texts(dates) == ["2027-3-16 14:00", "2027-3-30 14:00", "2027-4-13 14:00"])
        #expect(dates[1].milliseconds(since: dates[0]) == (14 * 24 - 1) * 3_600_000)
        #expect(dates[2].milliseconds(since: dates[1]) == 14 * 24 * 3_600_000)
    }

    @Test func `a month later is the same weekday of the month, and a fifth one the last`() throws {
        let series = try #require(MeetingSeries("month"))
        let first = series.dates(from: at(1, 5), times: 4, until: nil, Self.berlin)
        #expect(
            texts(first) == [
                "2027-1-5 14:00", "2027-2-2 14:00", "2027-3-2 14:00", "2027-4-6 14:00",
            ]
        )
        let fifth = series.dates(from: at(3, 31), times: 4, until: nil, Self.berlin)
        #expect(
            texts(fifth) == [
                "2027-3-31 14:00", "2027-4-28 14:00", "2027-5-26 14:00", "2027-6-30 14:00",
            ]
        )
        let years = series.dates(from: at(11, 2), times: 3, until: nil, Self.berlin)
        #expect(texts(years).last == "2028-1-4 14:00")
    }

    @Test func `a series ends with its last day or after its times`() throws {
        let series = try #require(MeetingSeries("week"))
        let until = series.dates(from: at(1, 5), times: 104, until: at(1, 20), Self.berlin)
        #expect(until.count == 3)
        #expect(series.dates(from: at(1, 5), times: 0, until: nil, Self.berlin).isEmpty)
    }

    // MARK: - The calendar file

    private func file(_ events: [CalendarFile.Event], title: String = "Meeting") -> String {
        CalendarFile(events: events, title: title, alarmMinutes: 10, now: at(1, 1)).text
    }

    @Test func `a calendar file has an appointment with an alarm, in UTC, and a neutral title`() {
        let event = CalendarFile.Event(id: "r-1@p", start: at(7, 6), end: at(7, 6, 15), moves: 2)
        let lines = file([event]).split(separator: "\r\n").map(String.init)
        #expect(
            lines == [
                "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//peercoach//calendar//EN",
                "CALSCALE:GREGORIAN", "METHOD:PUBLISH", "BEGIN:VEVENT", "UID:r-1@p",
                "DTSTAMP:20270101T130000Z", "SEQUENCE:2", "DTSTART:20270706T120000Z",
                "DTEND:20270706T130000Z", "SUMMARY:Meeting", "CLASS:PRIVATE", "BEGIN:VALARM",
                "ACTION:DISPLAY", "DESCRIPTION:Meeting", "TRIGGER:-PT10M", "END:VALARM",
                "END:VEVENT", "END:VCALENDAR",
            ]
        )
        #expect(file([event]).hasSuffix("END:VCALENDAR\r\n"))
    }

    @Test func `long and strange titles are folded and escaped`() {
        let title = "Besprechung; \u{7}mit, \\ und\n" + String(repeating: "ä€😀", count: 30)
        let event = CalendarFile.Event(id: "x", start: at(1, 5), end: at(1, 6), moves: 0)
        let text = file([event], title: title)
        for line in text.split(separator: "\r\n") { #expect(line.utf8.count <= 75) }
        #expect(text.contains("SUMMARY:Besprechung\\; mit\\, \\\\ und\\n"))
        let joined = text.replacing("\r\n ", with: "")
        #expect(joined.contains(String(repeating: "ä€😀", count: 30)))
    }

    // MARK: - The bell

    @Test func `a date is due from so many minutes ahead until it begins`() {
        let bell = DueBell(room: "north", start: at(1, 5))
        #expect(bell.isDue(at: at(1, 5).adding(milliseconds: -600_000), minutes: 10))
        #expect(!bell.isDue(at: at(1, 5).adding(milliseconds: -600_001), minutes: 10))
        #expect(bell.isDue(at: at(1, 5), minutes: 10))
        #expect(!bell.isDue(at: at(1, 5).adding(milliseconds: 1), minutes: 10))
        let now = at(1, 5).adding(milliseconds: -599_000)
        #expect(bell.sentence(now: now) == "Your session starts in 10 minutes.")
        #expect(bell.sentence(now: at(1, 5)) == "Your session starts now.")
    }

    @Test func `a bell runs the command with what it is about and gives how it ended`() throws {
        let bell = DueBell(room: "north'; exit 9; '", start: at(1, 5))
        let test =
            "[ \"$PEERCOACH_ROOM\" = \"north'; exit 9; '\" ] || exit 1; "
            + "[ \"$PEERCOACH_START\" = 2027-01-05T13:00:00Z ] || exit 2; "
            + "[ \"$PEERCOACH_WHAT\" = 'Your session starts now.' ] || exit 3; "
            + "[ -z \"${PEERCOACH_PASSPHRASE_FILE+x}\" ] || exit 4; exit 7"
        #expect(try bell.ring(test, now: at(1, 5)) == 7)
        #expect(try bell.ring("kill -TERM $$", now: at(1, 5)) == 128 + 15)
    }
}

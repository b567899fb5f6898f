// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// Days and clock times, at a place one hour ahead of UTC in winter and two in summer.
struct MomentTests {
    /// Summer from 2026-03-29 01:00 UTC to 2026-10-25 01:00 UTC.
    private static let place = WallCalendar { seconds in
        (1_774_746_000..<1_792_890_000).contains(seconds) ? 7_200 : 3_600
    }
    private static let utc = WallCalendar { _ in 0 }

    /// Wednesday, 2 December 2026, 14:10 at the place.
    private static let now = Timestamp(milliseconds: 1_796_217_000_000)
    private let moment = Moment(now: MomentTests.now, calendar: MomentTests.place)

    private func shown(_ instant: Timestamp?) -> String? {
        instant.map { Words.stamp($0) }
    }

    @Test func `the test's own clock is what it says`() {
        let parts = Self.place.parts(of: Self.now)
        #expect(Words.day(Self.now, now: Self.now, Self.place) == "Wed 2 Dec")
        #expect((parts.hour, parts.minute) == (14, 10))
    }

    @Test(arguments: [
        ("15:30", "2026-12-02T14:30:00Z"),
        ("9:05", "2026-12-02T08:05:00Z"),
        ("2026-12-03 15:30", "2026-12-03T14:30:00Z"),
        ("2026-12-03T15:30", "2026-12-03T14:30:00Z"),
        ("tomorrow 09:00", "2026-12-03T08:00:00Z"),
        ("fri 8:00", "2026-12-04T07:00:00Z"),
    ])
    func `a time is read as the place has it`(_ text: String, _ wanted: String) {
        #expect(shown(moment.time(text)) == wanted)
    }

    @Test func `late in the evening a small hour is the next day's`() {
        let late = Moment(
            now: Timestamp(milliseconds: Self.now.milliseconds + 9 * 3_600_000),
            calendar: Self.place
        )
        #expect(shown(late.time("0:15")) == "2026-12-02T23:15:00Z")
        #expect(shown(late.time("23:45")) == "2026-12-02T22:45:00Z")
    }

    @Test(arguments: [
        ("today", "2026-12-01T23:00:00Z"), ("yesterday", "2026-11-30T23:00:00Z"),
        ("mon", "2026-11-29T23:00:00Z"), ("wed", "2026-12-01T23:00:00Z"),
        ("3 Mar", "2026-03-02T23:00:00Z"), ("24 dec", "2025-12-23T23:00:00Z"),
        ("2026-06-30", "2026-06-29T22:00:00Z"),
    ])
    func `a day that has been is the last such day`(_ text: String, _ wanted: String) {
        #expect(shown(moment.beginningOfPastDay(text)) == wanted)
    }

    @Test(arguments: ["", "tomorrow", "2027-01-01", "31 feb", "15:30", "24 dec 2026"])
    func `what is no day that has been is none`(_ text: String) {
        #expect(moment.beginningOfPastDay(text) == nil)
    }

    @Test(arguments: ["", "15", "15:3", "24:00", "12:60", "x:10", "-1:10", "+1:10", "1:+1", "fri"])
    func `what is no time is none`(_ text: String) {
        #expect(moment.time(text) == nil)
    }

    @Test(arguments: [
        ("2027-06-30", "2027-06-30T23:00:00Z"),
        ("fri", "2026-12-04T23:00:00Z"),
        ("by friday", "2026-12-04T23:00:00Z"),
        ("wed", "2026-12-09T23:00:00Z"),
        ("today", "2026-12-02T23:00:00Z"),
        ("tomorrow", "2026-12-03T23:00:00Z"),
        ("11 dec", "2026-12-11T23:00:00Z"),
        ("11. December 2027", "2027-12-11T23:00:00Z"),
        ("2 dec", "2026-12-02T23:00:00Z"),
        ("1 dec", "2027-12-01T23:00:00Z"),
        ("2028-02-29", "2028-02-29T23:00:00Z"),
    ])
    func `a day ends when the next begins`(_ text: String, _ wanted: String) {
        #expect(shown(moment.endOfDay(text)) == wanted)
    }

    @Test(arguments: [
        "", "2027-02-29", "2027-13-01", "27-01-01", "31 nov", "0 dec", "fr", "someday",
        "99999999999999999999-01-01", "1 dec 999999999999", "-5 dec", "2027-6-3x", "by",
    ])
    func `what is no day is none`(_ text: String) {
        #expect(moment.endOfDay(text) == nil)
    }

    @Test func `days and instants agree over four hundred years`() {
        var day = WallCalendar.Parts(year: 1970, month: 1, day: 1)
        var seconds: Int64 = 0
        for _ in 0..<146_097 {
            let instant = Timestamp(milliseconds: seconds * 1_000)
            let back = Self.utc.parts(of: instant)
            guard back.isSameDay(as: day), Self.utc.instant(day) == instant else {
                Issue.record("\(back) is not \(day)")
                return
            }
            day = Self.utc.day(day, plus: 1)
            seconds += 86_400
        }
        #expect((day.year, day.month, day.day) == (2370, 1, 1))
    }

    @Test(arguments: [Int64.min, -1, 0, Int64.max])
    func `any instant has a day and a time`(_ milliseconds: Int64) {
        let parts = Self.place.parts(of: Timestamp(milliseconds: milliseconds))
        #expect((1...9_999).contains(parts.year))
        #expect((1...12).contains(parts.month) && (0...6).contains(parts.weekday))
    }

    @Test func `a time that the clocks skip or repeat is still one instant`() {
        var parts = WallCalendar.Parts(year: 2026, month: 3, day: 29)
        (parts.hour, parts.minute) = (2, 30)
        let skipped = Self.place.parts(of: Self.place.instant(parts))
        #expect(skipped.day == 29 && (1...3).contains(skipped.hour))
        parts = WallCalendar.Parts(year: 2026, month: 10, day: 25)
        (parts.hour, parts.minute) = (2, 30)
        let repeated = Self.place.parts(of: Self.place.instant(parts))
        #expect((repeated.day, repeated.hour, repeated.minute) == (25, 2, 30))
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

/// `session schedule`: sets when the room meets.
struct Schedule: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set when the room meets: one date, several, or one that comes again.",
        discussion: """
            Such as: peercoach session schedule "5 jan 14:00" --minutes 90 --every month --times 6
            Times are by the clock of the place that your machine is set to, and stay so when the
            clocks change; everybody sees them by their own. A month later is on the same weekday
            of the month: the first Tuesday.
            """
    )
    @Argument(help: "When, such as \"5 jan 14:00\" or 2027-01-05T14:00; several are several.")
    var dates: [String]
    @Option(help: "How long, in minutes.")
    var minutes: UInt16 = 90
    @Option(help: "When it comes again: \(MeetingSeries.forms).")
    var every: String?
    @Option(help: "How many times, with --every.")
    var times: Int?
    @Option(help: "The last day, with --every.")
    var until: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard RoomLimits.meetingMinutes.contains(minutes) else {
            throw ValidationError("A meeting lasts 10 to 1440 minutes.")
        }
        if let every, MeetingSeries(every) == nil {
            throw ValidationError("--every is one of: \(MeetingSeries.forms).")
        }
        guard (times == nil && until == nil) || every != nil else {
            throw ValidationError("--times and --until need --every.")
        }
        guard (1...RoomLimits.meetingsMax).contains(times ?? 1) else {
            throw ValidationError("--times is 1 to \(RoomLimits.meetingsMax).")
        }
    }

    func run() async throws {
        try await withClient(options) { opened in
            let starts = try starts(opened.now)
            try await opened.inRoom { session, room in
                for start in starts {
                    opened.output.line("  " + Words.moment(start, now: opened.now))
                }
                try await opened.asking.require(
                    "Set \(Words.count(starts.count, "date")) for everybody in \(session.name)?"
                )
                let wishes = starts.map { MeetingWish(id: nil, start: $0, minutes: minutes) }
                try await session.act(.schedule(MeetingWishes(wishes)))
                opened.show(try await session.state(), session.name)
            }
        }
    }

    private func starts(_ now: Timestamp) throws(ClientError) -> [Timestamp] {
        let moment = Moment(now: now)
        var starts: [Timestamp] = []
        for date in dates {
            let start = try Opened.instant(date, now)
            guard let every, let series = MeetingSeries(every) else {
                starts.append(start)
                continue
            }
            var last: Timestamp?
            if let until {
                last = moment.endOfDay(until)
                if last == nil {
                    throw ClientError(
                        .usage,
                        "'\(until)' is no day that can be read.",
                        hint: "Such as \(Moment.days)."
                    )
                }
            }
            let most = until == nil ? 6 : RoomLimits.meetingsMax
            starts += series.dates(from: start, times: times ?? most, until: last, .local)
        }
        return Array(Set(starts)).sorted()
    }
}

/// `session move`: moves one date, or calls it off.
struct MoveMeeting: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Move one date, or call it off."
    )
    @Argument(help: "Its number, as peercoach calendar shows it; next is the next one.")
    var number: String
    @Argument(help: "When instead, such as \"6 jan 15:00\".")
    var date: String?
    @Option(help: "How long, in minutes; as before where it is left out.")
    var minutes: UInt16?
    @Flag(help: "Call it off.")
    var off = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (date != nil) != off else { throw ValidationError("Say when instead, or --off.") }
    }

    func run() async throws {
        try await withClient(options) { opened in
            let start = try date.map { try Opened.instant($0, opened.now) }
            try await opened.inRoom { session, room in
                let meeting = try opened.meeting(number, of: room)
                let wish = MeetingWish(
                    id: meeting.id,
                    start: start,
                    minutes: minutes ?? meeting.minutes
                )
                let before = Words.moment(meeting.start, now: opened.now)
                if off {
                    try await opened.asking.require(
                        "Call the meeting on \(before) off, for everybody?"
                    )
                }
                try await session.act(.schedule(MeetingWishes([wish])))
                opened.show(try await session.state(), session.name)
            }
        }
    }
}

extension Opened {
    /// Reads a day and a clock time.
    static func instant(_ text: String, _ now: Timestamp) throws(ClientError) -> Timestamp {
        guard let start = Moment(now: now).time(text) else {
            throw ClientError(
                .usage,
                "'\(text)' is no day and time that can be read.",
                hint: "Such as \"5 jan 14:00\", \"fri 9:30\" or 2027-01-05T14:00."
            )
        }
        guard start > now else { throw ClientError(.usage, "\(text) is over already.") }
        return start
    }

    /// Finds a meeting by its number, or the next one.
    func meeting(_ text: String, of room: Room) throws(ClientError) -> Meeting {
        let ahead = room.meetings(after: now)
        if text.lowercased() == "next", let next = ahead.first { return next }
        if let id = UInt32(text), let found = ahead.first(where: { $0.id == id }) { return found }
        throw ClientError(
            .noSuchName,
            ahead.isEmpty
                ? "No date is set." : "There is no date '\(text)'.",
            hint: "peercoach calendar lists them."
        )
    }
}

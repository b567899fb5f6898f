// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct CalendarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "When your rooms meet, and who is coming.",
        discussion: """
            With --ics a file that calendar programs read, with a reminder for each date. Its title
            says nothing of who meets or why; whoever sees your calendar sees it.
            """
    )
    @Option(help: "Write the dates to this file; - writes them to the output.")
    var ics: String?
    @Option(help: "What the calendar file calls them.")
    var title = "Meeting"
    @Flag(help: "With --ics: also the days by which you want to have done something.")
    var due = false
    @Option(help: "How many minutes ahead it reminds of them.")
    var alarm = 10
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (0...10_080).contains(alarm) else {
            throw ValidationError("--alarm is 0 to 10080 minutes.")
        }
        guard title.utf8.count <= 200 else { throw ValidationError("The title is too long.") }
    }

    func run() async throws {
        try await withClient(options) { opened in
            var events: [CalendarFile.Event] = []
            let rooms = try await opened.ownRooms()
            for summary in rooms {
                let depth: RoomDepth = due ? .everything : .log
                try await opened.inRoom(summary.name, depth: depth) { session, room in
                    if due, ics != nil {
                        let own = try await OwnUndertakings(opened, session, room)
                        events += own.days(ahead: 366)
                    }
                    for meeting in room.meetings(after: opened.now) {
                        events.append(
                            CalendarFile.Event(
                                id: "\(summary.room)-\(meeting.id)@peercoach",
                                start: meeting.start,
                                end: meeting.end,
                                moves: meeting.moves
                            )
                        )
                    }
                    if ics == nil { opened.show(room, session.name) }
                }
            }
            guard let ics else {
                if rooms.isEmpty { opened.output.line("You are in no room yet.") }
                return
            }
            let file = CalendarFile(
                events: events.sorted { ($0.start, $0.id) < ($1.start, $1.id) },
                title: title,
                alarmMinutes: alarm,
                now: opened.now
            )
            if ics == "-" { return opened.output.file(file.text) }
            try TextFile.replace(ics, file.text)
            opened.output.put(
                "\(Words.count(events.count, "date")) written to \(ics).",
                ["type": "ics", "file": .string(ics), "events": JSON(events.count)]
            )
        }
    }
}

struct ComingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coming",
        abstract: "Tell the group whether you come.",
        discussion: "Everybody in the room sees it, and who runs the server."
    )
    @Argument(help: "yes or no.")
    var answer: YesOrNo
    @Option(help: "Which date: its number, or next.")
    var session = "next"
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom { session, room in
                let meeting = try opened.meeting(self.session, of: room)
                let coming = Coming(meeting: meeting.id, comes: answer == .yes)
                try await session.act(.come(coming))
                opened.show(try await session.state(), session.name)
            }
        }
    }
}

/// An answer as it is typed.
enum YesOrNo: String, ExpressibleByArgument, CaseIterable, Sendable {
    case yes
    case no
}

extension Opened {
    /// The rooms in which one is a member.
    func ownRooms() async throws -> [RoomSummary] {
        let rooms = try await client.rooms().filter { $0.stage == .admitted }
        guard let name = options.room else { return rooms }
        return [try NameMatch.find(name, among: rooms, what: "room") { $0.name }]
    }

    /// Shows when a room meets and who is coming.
    func show(_ room: Room, _ name: String) {
        let meetings = room.meetings(after: now)
        if meetings.isEmpty { output.line("\(name): no date is set.") }
        for meeting in meetings {
            output.put(
                MeetingWords.row(meeting, room, me: me, now: now, roomName: name),
                indent: 4,
                MeetingWords.object(meeting, room, me: me, roomName: name)
            )
        }
    }
}

/// Meetings as people read them.
enum MeetingWords {
    /// "Tue 5 Jan 2027, 14:00 to 15:30".
    static func span(
        _ meeting: Meeting,
        now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        let end = Words.clock(meeting.end, calendar)
        let isOneDay = calendar.parts(of: meeting.start).isSameDay(
            as: calendar.parts(of: meeting.end)
        )
        let until = isOneDay ? end : "\(Words.day(meeting.end, now: now, calendar)), \(end)"
        return "\(Words.day(meeting.start, now: now, calendar)), "
            + "\(Words.clock(meeting.start, calendar)) to \(until)"
    }

    /// A row of the calendar.
    static func row(
        _ meeting: Meeting,
        _ room: Room,
        me: PersonID,
        now: Timestamp,
        roomName: String,
        _ calendar: WallCalendar = .local
    ) -> String {
        var parts = ["\(meeting.id)  \(span(meeting, now: now, calendar))  \(roomName)"]
        let yes = names(meeting, room, me: me, true)
        let no = names(meeting, room, me: me, false)
        if !yes.isEmpty { parts.append("coming: \(yes.joined(separator: ", "))") }
        if !no.isEmpty { parts.append("not coming: \(no.joined(separator: ", "))") }
        if meeting.answers[me] == nil { parts.append("you have not said: peercoach coming yes") }
        return parts.joined(separator: "; ")
    }

    static func object(
        _ meeting: Meeting,
        _ room: Room,
        me: PersonID,
        roomName: String
    ) -> JSON {
        [
            "type": "meeting", "number": JSON(meeting.id), "room": .string(roomName),
            "start": .string(Words.stamp(meeting.start)), "end": .string(Words.stamp(meeting.end)),
            "minutes": JSON(meeting.minutes), "moves": JSON(meeting.moves),
            "coming": JSON(names(meeting, room, me: nil, true)),
            "notComing": JSON(names(meeting, room, me: nil, false)),
            "me": JSON(meeting.answers[me].map { $0 ? "yes" : "no" }),
        ]
    }

    private static func names(
        _ meeting: Meeting,
        _ room: Room,
        me: PersonID?,
        _ comes: Bool
    ) -> [String] {
        meeting.answers.filter { $0.value == comes && room.membership(of: $0.key) != nil }.keys
            .map { $0 == me ? "you" : room.shownName($0) }.sorted()
    }
}

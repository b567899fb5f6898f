// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFeedback
import CoachingGoals
import CoachingModel
import CoachingWire

/// What the bare program says: what goes on, what waits, and one line to paste.
enum WhatNow {
    static func run(_ options: GlobalOptions) async throws {
        let output = options.output
        try await options.reporting { output in
            guard try options.folder().exists else {
                output.put(
                    "You have not enrolled on this device yet.",
                    ["type": "next", "command": "peercoach enrol"]
                )
                output.line("With the invite that you were sent: peercoach enrol")
                return
            }
            try await options.connected(output) { opened in
                let rooms = try await opened.client.rooms()
                let waits = try await opened.whatWaits(in: rooms)
                opened.say(rooms, waits)
            }
        }
        _ = output
    }
}

/// What waits for a person in a room, and when they meet there next.
struct RoomWaits: Hashable, Sendable {
    var room: String
    /// How many lines of others wait for their yes or no.
    var consents = 0
    /// What of the last session's feedback one can write.
    var feedback: [String] = []
    /// Who asked for feedback, and what came of it from others.
    var asked: [String] = []
    /// When the room meets next.
    var next: Meeting?
    /// What one set out to do by a day that is over or comes soon, next first.
    var due: [Undertaking] = []
    /// For how many days ahead one is reminded.
    static let daysAhead: Int64 = 7

    /// What is told of it.
    func lines(me: PersonID, now: Timestamp, _ calendar: WallCalendar = .local) -> [String] {
        var lines: [String] = []
        if let next {
            let answer =
                switch next.answers[me] {
                case true: "you are coming"
                case false: "you are not coming"
                default: "are you coming? peercoach coming yes"
                }
            lines.append("\(room) meets \(MeetingWords.span(next, now: now, calendar)); \(answer)")
        }
        for one in due.prefix(3) {
            let day = one.due.map { Words.lastDay($0, now: now, calendar) } ?? ""
            let lead = one.isOverdue(at: now) ? "was due" : "due"
            lines.append("\(lead) \(day): \(UndertakingWords.short(one.text))")
        }
        if due.count > 3 { lines.append("and \(due.count - 3) more: peercoach due") }
        if consents > 0 {
            let wait = consents == 1 ? "1 line waits" : "\(consents) lines wait"
            lines.append("\(wait) for your yes or no in \(room): peercoach consents")
        }
        lines += asked
        if !feedback.isEmpty {
            lines.append("open for you to write in \(room): \(Words.list(feedback))")
        }
        return lines
    }
}

extension Opened {
    /// In so many rooms at most it is looked what waits.
    private static let roomsLookedInto = 8

    /// Looks what waits in the rooms that one is in; one that cannot be read now says so when it
    /// is gone into.
    fileprivate func whatWaits(in rooms: [RoomSummary]) async throws -> [RoomWaits] {
        var waits: [RoomWaits] = []
        for summary in rooms.filter({ $0.stage == .admitted }).prefix(Self.roomsLookedInto) {
            do {
                let found = try await inRoom(summary.name, depth: .everything) { session, room in
                    var found = RoomWaits(room: summary.name)
                    found.consents = try await session.releases().count { $0.awaits(me) }
                    let read = try await session.lines()
                    let given = FeedbackGiven(read)
                    let end = now.adding(milliseconds: RoomWaits.daysAhead * 86_400_000)
                    found.due = Undertakings(UndertakingLine.read(read, in: room))
                        .due(of: me, until: end)
                    let open = room.feedbackOpen(of: me, given)
                    found.feedback = FeedbackWords(open: open, me: me) { room.shownName($0) }
                        .toWrite(.outside)
                    let desk = FeedbackDesk(of: me, FeedbackLine.read(read, in: room))
                    let waits = FeedbackWaits(desk: desk, now: now) { room.shownName($0) }
                    found.asked = [waits.unopenedLine].compactMap(\.self) + waits.askedLines
                    found.next = room.meetings(after: now).first
                    return found
                }
                waits.append(found)
            } catch is ClientError {}
        }
        return waits
    }

    /// Tells what waits, most urgent last, where it is read.
    fileprivate func say(_ rooms: [RoomSummary], _ waits: [RoomWaits]) {
        output.line("You are \(ready.name)\(ready.administrator ? ", administrator" : "").")
        for room in rooms {
            output.put(
                "  \(room.name): \(Rooms.state(of: room, lobbies: ready.waiting.lobbies))",
                indent: 4,
                Rooms.object(room, lobbies: ready.waiting.lobbies)
            )
        }
        for wait in waits {
            for line in wait.lines(me: me, now: now) { output.line("  " + line, indent: 4) }
            output.object(
                [
                    "type": "waits", "room": .string(wait.room), "consents": JSON(wait.consents),
                    "feedback": JSON(wait.feedback), "feedbackAsked": JSON(wait.asked),
                    "due": JSON(wait.due.map(\.text)),
                    "next": JSON(wait.next.map { Words.stamp($0.start) }),
                ])
        }
        if ready.waiting.devices > 0 {
            output.line("A device of yours waits to be confirmed: peercoach devices")
        }
        if rooms.isEmpty {
            output.line(
                ready.administrator
                    ? "You are in no room yourself."
                    : "You are in no room yet. An administrator "
                        + "puts people into rooms."
            )
        }
        KeyWarning.show(client.folder, output)
        let command = next(rooms)
        output.line()
        output.put("Next: \(command)", ["type": "next", "command": .string(command)])
    }

    private func next(_ rooms: [RoomSummary]) -> String {
        if ready.waiting.devices > 0 { return "peercoach devices" }
        let ordered = rooms.sorted { rank($0) < rank($1) }
        guard let first = ordered.first else {
            return ready.administrator ? "peercoach admin status" : "peercoach privacy"
        }
        let name = Self.quoted(first.name)
        if ready.waiting.lobbies.contains(first.room), !first.running {
            return "peercoach admit --room \(name)"
        }
        return "peercoach room \(name)"
    }

    private func rank(_ room: RoomSummary) -> Int {
        if room.running, room.stage == .admitted { return 0 }
        if room.stage == .founding { return 1 }
        if ready.waiting.lobbies.contains(room.room) { return 2 }
        if room.stage == .proposed { return 3 }
        return room.stage == .admitted ? 4 : 5
    }

    /// A name as it can be pasted into a shell.
    static func quoted(_ name: String) -> String {
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-"
                || $0 == "_" || $0 == "."
        }
        if isPlain { return name }
        return "'"
            + name.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }
}

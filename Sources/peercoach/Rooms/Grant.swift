// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel

struct Grant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give somebody who came later older lines, where the agreement allows it.",
        discussion: """
            Who comes into a room reads nothing from before. Where the group has agreed to it
            (peercoach agreement shows that), any member can give NAME what they may read
            themselves of the room's lines, and of the peers' where both are peers; never turns,
            notes or lines between two people. All in the room see it, and it cannot be taken back.
            It also gives a new device of NAME that asks for it what they read before, when all
            their others are lost; who is in the room just then sees that. Whoever holds their
            recovery kit can ask so: hear from NAME, by another way, that it is theirs.
            With --since only lines from that day on, from the first point at which they can be
            given without those before it.
            """
    )

    @Argument(help: "Who.")
    var name: String
    @Option(help: "From which day on: \(Moment.days). Without it: all that you may read.")
    var since: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            var from: Timestamp?
            if let since {
                from = Moment(now: opened.now).beginningOfPastDay(since)
                guard from != nil else {
                    throw ClientError(
                        .invalid,
                        "'\(since)' is no day that has been.",
                        hint: "As in: \(Moment.days)"
                    )
                }
            }
            try await opened.inRoom(depth: .everything) { session, room in
                let member = try opened.member(name, of: room)
                let day = from.map { " since \(Words.day($0, now: opened.now))" } ?? ""
                try await opened.asking.require(
                    "Give \(member.name) the older lines\(day) that you may read in "
                        + "\(session.name)? All who are in it see that, and it stays so."
                )
                let given = try await session.grant(to: member.person, since: from)
                if given.again > 0 {
                    opened.output.put(
                        "A new device of \(member.name) reads again what they read before.",
                        [
                            "type": "givenAgain", "name": .string(member.name),
                            "keys": JSON(given.again),
                        ]
                    )
                }
                guard !given.spans.isEmpty else { return }
                let circles = given.spans.map(\.scope).sorted { $0.rawValue > $1.rawValue }
                    .map { $0 == .room ? "the room" : "the peers" }
                opened.output.put(
                    "\(member.name) reads the older lines of \(Words.list(circles))\(day) now.",
                    [
                        "type": "given", "name": .string(member.name),
                        "since": JSON(from.map(Words.stamp)),
                        "of": JSON(given.spans.map { Words.scope($0.scope) }),
                        "devices": JSON(given.devices),
                    ]
                )
                if given.devices == 0 {
                    opened.output.line(
                        "No device of theirs can be reached just now; it asks when it comes."
                    )
                }
            }
        }
    }
}

extension Moment {
    /// Reads a day that has been, or today, and gives its beginning; one without a year is the
    /// last such day, a weekday the last one.
    func beginningOfPastDay(_ text: String) -> Timestamp? {
        if text.lowercased() == "yesterday" {
            return calendar.instant(calendar.day(calendar.parts(of: now), plus: -1))
        }
        guard text.lowercased() != "tomorrow", let day = day(text) else { return nil }
        let begins = calendar.instant(calendar.day(day, plus: 0))
        if begins <= now { return begins }
        let digits = text.utf8.count { (48...57).contains($0) }
        let earlier: WallCalendar.Parts
        switch digits {
        case 0: earlier = calendar.day(day, plus: -7)
        case 1, 2:
            guard WallCalendar.exists(day.year - 1, day.month, day.day) else { return nil }
            earlier = WallCalendar.Parts(year: day.year - 1, month: day.month, day: day.day)
        default: return nil
        }
        let begun = calendar.instant(calendar.day(earlier, plus: 0))
        return begun <= now ? begun : nil
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFeedback
import CoachingGoals
import CoachingListening
import CoachingModel
import CoachingReports
import CoachingSeal

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "What became of your time here: as client and coach, promises, check-ins.",
        discussion: """
            Worked out on this device from what you can read, and shown to you alone. Of others it
            says nothing but what they wrote to you. As a page for a browser with --html, which
            needs no network; as text with --markdown; for programs with --json.
            """
    )
    @Argument(help: "The room.")
    var roomName: String?
    @OptionGroup var form: ReportForm
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let words = try options.coachingWords()
        try await withClient(options) { opened in
            let since = try form.beginning(opened.now)
            try await opened.inRoom(roomName, depth: .everything) { session, room in
                let lines = try await session.lines()
                let report = PersonReport(
                    room: room,
                    roomName: session.name,
                    me: opened.me,
                    now: opened.now,
                    since: since,
                    undertakings: Undertakings(UndertakingLine.read(lines, in: room)),
                    checkIns: CheckIn.own(lines),
                    coaching: CoachingView(
                        room: room,
                        roomName: session.name,
                        lines: lines.compactMap { CoachingLine($0) },
                        me: opened.me,
                        now: opened.now,
                        words: words
                    ),
                    competencies: CompetencyReport.seen(
                        FeedbackDesk(of: opened.me, FeedbackLine.read(lines, in: room)),
                        in: room,
                        since: since
                    )
                ).report
                try opened.show(report, form)
            }
        }
    }
}

struct GroupReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review-group",
        abstract: "What your group has done together, for its members.",
        discussion: """
            Counted from the room's own record and from what all in the room can read. It compares
            nobody with anybody: your own row, and the group's together. What two people owe each
            other is not in it.
            """
    )
    @Argument(help: "The room.")
    var roomName: String?
    @OptionGroup var form: ReportForm
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let since = try form.beginning(opened.now)
            try await opened.inRoom(roomName, depth: .everything) { session, room in
                let lines = try await session.lines().filter { $0.key == .room }
                let report = GroupReview(
                    room: room,
                    roomName: session.name,
                    me: opened.me,
                    now: opened.now,
                    since: since,
                    undertakings: Undertakings(UndertakingLine.read(lines, in: room)),
                    stories: Story.all(lines).filter { line in since.map { line.at >= $0 } ?? true }
                        .compactMap { $0.body?.text }
                ).report
                try opened.show(report, form)
            }
        }
    }
}

/// In which form a report is wanted, and of which time.
struct ReportForm: ParsableArguments {
    @Option(help: "From this day on, such as 2027-01-31 or 3mo.")
    var since: String?
    @Option(help: ArgumentHelp("As a page for a browser, in a new file.", valueName: "file"))
    var html: String?
    @Flag(help: "As Markdown.")
    var markdown = false
    @Option(
        help: ArgumentHelp(
            "Leave a part out; can be given again. The parts are named in --json.",
            valueName: "part"
        )
    )
    var without: [String] = []
    @Flag(help: "Put the page in the place of a file that is there.")
    var force = false

    func validate() throws {
        if markdown, html != nil { throw ValidationError("Say --html or --markdown, not both.") }
        if force, html == nil { throw ValidationError("--force belongs to --html.") }
    }

    /// The instant with which the time begins.
    func beginning(
        _ now: Timestamp,
        _ calendar: WallCalendar = .local
    ) throws(ClientError) -> Timestamp? {
        try since.map { (since) throws(ClientError) in
            try Self.beginning(since: since, now, calendar)
        }
    }

    /// Reads the instant with which a time begins that somebody names.
    static func beginning(
        since: String,
        _ now: Timestamp,
        _ calendar: WallCalendar = .local
    ) throws(ClientError) -> Timestamp {
        guard let day = day(since, now, calendar) else {
            throw ClientError(
                .usage,
                "'\(since)' is no day that there is.",
                hint: "Such as 2027-01-31, 31 Jan, 3mo, 2w or 10d."
            )
        }
        let begin = calendar.instant(day)
        guard begin <= now else {
            throw ClientError(
                .usage,
                "\(since) is still to come.",
                hint: "A report is of a time that is over."
            )
        }
        return begin
    }

    /// Reads a day that is over: a day, or how long ago it was; without its year the last such.
    private static func day(
        _ text: String,
        _ now: Timestamp,
        _ calendar: WallCalendar
    ) -> WallCalendar.Parts? {
        let today = calendar.day(calendar.parts(of: now), plus: 0)
        let units: [(String, Int)] = [("mo", 0), ("w", 7), ("d", 1)]
        for (unit, days) in units where text.lowercased().hasSuffix(unit) {
            guard let count = Int(text.dropLast(unit.count)), (0...10_000).contains(count) else {
                continue
            }
            if days > 0 { return calendar.day(today, plus: -count * days) }
            var back = today
            let months = today.year * 12 + today.month - 1 - count
            guard months > 0 else { return nil }
            (back.year, back.month) = (months / 12, months % 12 + 1)
            // Every month has it.
            back.day = min(today.day, 28)
            return calendar.day(back, plus: 0)
        }
        guard let day = Moment(now: now, calendar: calendar).day(text) else { return nil }
        let found = calendar.day(day, plus: 0)
        let isWhole = text.lowercased() == "tomorrow" || text.contains("\(found.year)")
        guard calendar.instant(found) > now, !isWhole else { return found }
        if !text.contains(where: \.isNumber) { return calendar.day(found, plus: -7) }
        var back = found
        back.year -= 1
        return calendar.day(back, plus: 0)
    }
}

extension Opened {
    /// Shows a report as it is wanted.
    fileprivate func show(_ report: Report, _ form: ReportForm) throws(ClientError) {
        var report = report
        let known = report.sections.map(\.id)
        for part in form.without {
            guard known.contains(part.lowercased()) else {
                throw ClientError(
                    .usage,
                    "There is no part '\(part)'.",
                    hint: "There are: \(Words.list(known))."
                )
            }
            report.sections.removeAll { $0.id == part.lowercased() }
        }
        if let path = form.html {
            let page = ReportPage(report).html
            if form.force {
                try TextFile.replace(path, page)
            } else {
                try TextFile.createWhole(
                    path,
                    page,
                    hint: "Name a file that is not there yet, or say --force."
                )
            }
            return output.put(
                "Written to \(path), for you alone to read. It is not sealed: delete it when you "
                    + "need it no more.",
                indent: 0,
                ["type": "report", "file": .string(path)]
            )
        }
        if form.markdown { return output.file(report.markdown) }
        let drawing = ReportDrawing(
            report,
            columns: output.columns ?? 80,
            isPlain: !GlobalOptions.hasUnicode
        )
        for line in drawing.lines { output.line(line, indent: 2) }
        output.object(ReportObject(report).object)
    }
}

extension GlobalOptions {
    /// Whether the terminal is said to take more than ASCII.
    fileprivate static var hasUnicode: Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { variable($0) }
            .first { !$0.isEmpty }
        return locale.map { $0.lowercased().contains("utf") } ?? false
    }
}

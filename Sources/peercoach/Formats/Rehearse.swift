// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFormats
import CoachingModel
import CoachingTerminal

struct Rehearse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a method with pretend members on a clock of its own: no server, no waiting.",
        discussion: """
            Prints the whole course and says where nobody could go on. The members are called
            Ada, Ben, Cleo and so on; --absent Ben never came, --absent Ben@12 goes after 12
            minutes; with --facilitator Zoe runs the session, and can be absent too.
            --as coach (or client, observer) opens the room's own view instead, to try alone:
            the others are pretended, and the clock goes --pace times as fast.
            """
    )

    @Argument(help: "The name of a format, or a YAML file.")
    var format: String
    @Option(help: "How many peers, 2 to 24; otherwise as many as a pod usually has.")
    var members: Int?
    @Option(help: "Who is not there: NAME, or NAME@MINUTES for who goes later.")
    var absent: [String] = []
    @Option(help: "When it would end, such as 15:30; otherwise the format's own minutes.")
    var until: String?
    @Option(help: "How people would talk: typed or spoken.")
    var medium: MediumChoice = .typed
    @Flag(help: "A facilitator runs it.")
    var facilitator = false
    @Option(name: .customLong("as"), help: "Try it in the room's view: coach, client or observer.")
    var role: RehearsedRole?
    @Option(help: "With --as: by how much minutes are divided.")
    var pace: UInt16?
    @Flag(help: "With --as: draw the prompt as rarely as a screen reader needs.")
    var screenReader = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard members.map((RotationPlanner.peopleMin...RotationPlanner.peopleMax).contains) ?? true
        else { throw ValidationError("There are 2 to \(RotationPlanner.peopleMax) members.") }
        guard role != nil || pace == nil else {
            throw ValidationError("--pace belongs to --as; without it nobody waits.")
        }
        guard pace.map(Timetable.paces.contains) ?? true else {
            throw ValidationError("The pace is 1 to \(Timetable.paces.upperBound).")
        }
        guard role == nil || absent.isEmpty else {
            throw ValidationError("With --as everybody is there: leave --absent out.")
        }
    }

    func run() async throws {
        try await options.reporting { output in
            let format = try await FormatChoice.find(format, options, output)
            if let role {
                return try await Self.tryOut(
                    try rehearsal(of: format, at: Self.now),
                    as: role.role,
                    pace: pace ?? Self.usualPace,
                    GoIn.shell(options, untilEnd: false, screenReader)
                )
            }
            let instant = ClientEnvironment.live(program: "peercoach").now()
            let now = Timestamp(milliseconds: instant.milliseconds / 60_000 * 60_000)
            let drawing = RehearsalDrawing(try rehearsal(of: format, at: now))
            for line in drawing.lines {
                output.line(line, indent: line.prefix { $0 == " " }.count + 2)
            }
            output.object(drawing.object)
            let count = drawing.result.deadEnds.count
            guard count == 0 else {
                throw ClientError(
                    .refused,
                    "It cannot be run so: \(Words.count(count, "dead end"))."
                )
            }
        }
    }

    /// How much faster than in life a rehearsal goes where nobody says.
    static let usualPace: UInt16 = 10

    private static var now: Timestamp { ClientEnvironment.live(program: "peercoach").now() }

    /// Runs it in the room's view until it is closed.
    private static func tryOut(
        _ rehearsal: Rehearsal,
        as role: Role,
        pace: UInt16,
        _ opened: (shell: RoomShell, lines: AsyncStream<Void>)
    ) async throws {
        let (tty, source, lines) = (opened.shell.tty, opened.shell.source, opened.lines)
        if source == .keys {
            do { try tty.enterRaw() } catch { throw ClientError(.file, "The terminal refuses.") }
        }
        defer { if source == .keys { tty.leaveRaw() } }
        var room = try RehearsalRoom(opened.shell, rehearsal, as: role, pace: pace)
        let inputs = RoomInputs()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await GoIn.feed(inputs, from: source, tty, lines) }
            group.addTask {
                while !Task.isCancelled {
                    do { try await Task.sleep(for: .seconds(1)) } catch { return }
                    await inputs.put(.tick)
                }
            }
            for await input in inputs.stream {
                room.take(input, at: now)
                if room.shell.isOver { break }
            }
            group.cancelAll()
        }
        try room.shell.end()
    }

    private func rehearsal(
        of format: SessionFormat,
        at now: Timestamp
    ) throws(ClientError) -> Rehearsal {
        let count = members ?? max(Int(format.pods.usual), RotationPlanner.peopleMin)
        var rehearsal = Rehearsal(
            format: format,
            peers: Array(Self.names.prefix(count)),
            facilitator: facilitator ? Self.chair : nil,
            medium: medium.medium,
            from: now
        )
        if let until {
            guard let end = Moment(now: now).time(until), end > now else {
                throw ClientError(
                    .usage,
                    "'\(until)' is no time from now on.",
                    hint: "Such as 15:30."
                )
            }
            rehearsal.until = end
        }
        for one in absent {
            let parts = one.split(separator: "@", maxSplits: 1).map(String.init)
            let there = rehearsal.peers + (facilitator ? [Self.chair] : [])
            guard let typed = parts.first,
                let name = there.first(where: { $0.lowercased() == typed.lowercased() })
            else {
                throw ClientError(
                    .noSuchName,
                    "Nobody in this rehearsal is called '\(one)': \(Words.list(there, "or"))."
                )
            }
            let minutes = parts.count < 2 ? 0 : Int64(parts[1])
            guard let minutes, (0...100_000).contains(minutes) else {
                throw ClientError(
                    .usage,
                    "'\(one)' is not understood.",
                    hint: "\(name) never came; \(name)@12 goes after 12 minutes."
                )
            }
            rehearsal.absences[name] = minutes * 60_000
        }
        return rehearsal
    }

    /// The roles that can be tried.
    enum RehearsedRole: String, ExpressibleByArgument, CaseIterable, Sendable {
        case coach, client, observer

        var role: Role {
            switch self {
            case .coach: .coach
            case .client: .client
            case .observer: .observer
            }
        }
    }

    static let chair = "Zoe"
    static let names = [
        "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gia", "Hugo", "Ines", "Jan", "Kim", "Leo",
        "Mia", "Nils", "Olga", "Paul", "Quinn", "Rosa", "Sam", "Tara", "Uwe", "Vera", "Wim", "Yara",
    ]
}

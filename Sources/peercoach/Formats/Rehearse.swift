// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFormats
import CoachingModel

struct Rehearse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a method with pretend members on a clock of its own: no server, no waiting.",
        discussion: """
            Prints the whole course and says where nobody could go on. The members are called
            Ada, Ben, Cleo and so on; --absent Ben never came, --absent Ben@12 goes after 12
            minutes; with --facilitator Zoe runs the session, and can be absent too.
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
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard members.map((RotationPlanner.peopleMin...RotationPlanner.peopleMax).contains) ?? true
        else { throw ValidationError("There are 2 to \(RotationPlanner.peopleMax) members.") }
    }

    func run() async throws {
        try await options.reporting { output in
            let format = try await FormatChoice.find(format, output)
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

    static let chair = "Zoe"
    static let names = [
        "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gia", "Hugo", "Ines", "Jan", "Kim", "Leo",
        "Mia", "Nils", "Olga", "Paul", "Quinn", "Rosa", "Sam", "Tara", "Uwe", "Vera", "Wim", "Yara",
    ]
}

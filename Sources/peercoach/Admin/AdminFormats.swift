// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFormats
import CoachingModel

struct AdminFormats: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "formats",
        abstract: "The programme's own methods: list them, add one for everybody, remove one.",
        discussion: """
            Everybody finds a format that is added by its name: peercoach formats, /start NAME in
            the room, peercoach session start NAME. The server keeps it and can read it, so a
            format holds no names of people. The same name again puts another version in its
            place; a session that runs goes on with the one that it began with.
            """,
        subcommands: [List.self, Add.self, Remove.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The programme's own formats.")
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let formats = try await opened.client.formats()
                for format in formats { opened.output.put(format) }
                if formats.isEmpty { opened.output.line("The programme has none of its own.") }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a format for everybody, or another version of it."
        )
        @Argument(help: "A YAML file; - reads the standard input.", completion: .file())
        var file: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let format = try await FormatChoice.read(file, opened.output)
                guard try FormatChoice.builtIn(format.name) == nil else {
                    throw ClientError(
                        .refused,
                        "'\(format.name)' comes with the program. Give yours another name."
                    )
                }
                let before = try await opened.client.formats().first { $0.name == format.name }
                if before != format { try await opened.client.addFormat(format) }
                let what =
                    before == nil
                    ? "is there for everybody now"
                    : before == format ? "is there already, as it is" : "has another version now"
                opened.output.put(
                    "\(format.name), version \(format.version), \(what). "
                        + "/start \(format.name) begins a session.",
                    [
                        "type": "added", "name": .string(format.name),
                        "version": JSON(format.version),
                    ]
                )
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a format; sessions that run go on with it."
        )
        @Argument(help: "The name of the format.")
        var name: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let formats = try await opened.client.formats()
                let format = try NameMatch.find(name, among: formats, what: "format") { $0.name }
                try await opened.asking.require("Remove \(format.name) for everybody?")
                try await opened.client.removeFormat(named: format.name)
                opened.output.put(
                    "Removed: \(format.name). Sessions that run go on with it.",
                    ["type": "removed", "name": .string(format.name)]
                )
            }
        }
    }
}

extension Output {
    /// Prints a format's name and title.
    func put(_ format: SessionFormat, isOwn: Bool = true) {
        put(
            "\(Words.padded(format.name, 18)) \(format.title)",
            [
                "type": "format", "name": .string(format.name), "title": .string(format.title),
                "version": JSON(format.version), "programme": .bool(isOwn),
            ]
        )
    }
}

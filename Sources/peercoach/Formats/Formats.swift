// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFormats
import CoachingModel

struct Formats: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The methods: list them, draw one, check your own.",
        discussion: """
            A format of your own is a YAML file. Begin with one that is there:
            peercoach formats show triad --yaml > ours.yaml, change it, peercoach formats check
            ours.yaml, then peercoach session start ours.yaml, or /start ours.yaml in the room.
            """,
        subcommands: [List.self, Show.self, Check.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The formats that come with the program, and the programme's own."
        )

        @OptionGroup var options: GlobalOptions

        /// Lists the programme's own formats, where one belongs to a programme.
        private func listOwn(_ output: Output) async {
            do {
                let formats = try await FormatChoice.ofProgramme(options, output)
                guard !formats.isEmpty else { return }
                output.line()
                output.line("The programme's own:")
                for format in formats { output.put(format) }
            } catch {
                output.notice("The programme's own formats are not to be had now.")
            }
        }

        func run() async throws {
            try await options.reporting { output in
                for name in BuiltInFormats.names {
                    guard let format = try FormatChoice.builtIn(name) else { continue }
                    output.put(format, isOwn: false)
                }
                await listOwn(output)
                output.line()
                output.line("peercoach formats show \(BuiltInFormats.names[0])")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw a format on a line of time."
        )

        @Argument(help: "The name of a format, or a YAML file.")
        var format: String
        @Flag(help: "Print the YAML, to make your own of it.")
        var yaml = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await options.reporting { output in
                if yaml, let text = BuiltInFormats.yaml(named: format.lowercased()) {
                    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                        output.line(String(line))
                    }
                    output.object(["type": "yaml", "text": .string(text)])
                    return
                }
                if yaml, !FormatChoice.isFile(format) {
                    throw ClientError(
                        .noSuchName,
                        "No format that comes with the program is called \(format).",
                        hint: "Of a format that was added to the programme there is no YAML here."
                    )
                }
                let drawing = FormatDrawing(
                    format: try await FormatChoice.find(format, options, output),
                    columns: output.columns ?? 80
                )
                for line in drawing.lines {
                    output.line(line, indent: line.prefix { $0 == " " }.count)
                }
                output.object(drawing.object)
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check your own format: every mistake with its line."
        )

        @Argument(help: "A YAML file; - reads the standard input.", completion: .file())
        var file: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await options.reporting { output in
                let format = try await FormatChoice.read(file, output)
                output.put(
                    "\(format.name), version \(format.version), can be run.",
                    [
                        "type": "checked", "name": .string(format.name),
                        "version": JSON(format.version),
                    ]
                )
            }
        }
    }
}

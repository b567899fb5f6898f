// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFormats
import CoachingModel

struct Formats: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The methods: list them, draw one, check your own.",
        subcommands: [List.self, Show.self, Check.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The formats that come with the program."
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await options.reporting { output in
                for name in BuiltInFormats.names {
                    guard let format = try FormatChoice.builtIn(name) else { continue }
                    output.put(
                        "\(Words.padded(format.name, 18)) \(format.title)",
                        [
                            "type": "format", "name": .string(format.name),
                            "title": .string(format.title), "version": JSON(format.version),
                        ]
                    )
                }
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
                let drawing = FormatDrawing(format: try await FormatChoice.find(format))
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
                let text = try await TextFile.read(file, bytesMax: FormatParser.bytesMax + 1)
                do throws(FormatError) {
                    let format = try FormatParser.parse(yaml: text)
                    output.put(
                        "\(format.name), version \(format.version), can be run.",
                        [
                            "type": "checked", "name": .string(format.name),
                            "version": JSON(format.version),
                        ]
                    )
                } catch {
                    for mistake in error.mistakes {
                        output.put(
                            "\(file): \(mistake)",
                            indent: 2,
                            [
                                "type": "mistake", "line": JSON(mistake.line),
                                "column": JSON(mistake.column),
                                "sentence": .string(mistake.sentence),
                            ]
                        )
                    }
                    throw ClientError(
                        .file,
                        "\(file) cannot be run: \(Words.count(error.mistakes.count, "mistake"))."
                    )
                }
            }
        }
    }
}

/// Finds a format by what was typed.
enum FormatChoice {
    /// Gives a format that comes with the program.
    static func builtIn(_ name: String) throws(ClientError) -> SessionFormat? {
        do {
            return try BuiltInFormats.format(named: name)
        } catch {
            throw ClientError(.file, "The format \(name) of this program is damaged.")
        }
    }

    /// Gives the format of a name, or the one in a file.
    static func find(_ typed: String) async throws(ClientError) -> SessionFormat {
        if let format = try builtIn(typed.lowercased()) { return format }
        let isPath = typed == "-" || typed.contains("/") || typed.contains(".")
        guard isPath else {
            let name = try NameMatch.find(typed, among: BuiltInFormats.names, what: "format") {
                $0
            }
            guard let format = try builtIn(name) else {
                throw ClientError(.noSuchName, "No format is called \(typed).")
            }
            return format
        }
        let text = try await TextFile.read(typed, bytesMax: FormatParser.bytesMax + 1)
        do {
            return try FormatParser.parse(yaml: text)
        } catch {
            let first = error.mistakes.first.map(\.description) ?? ""
            throw ClientError(
                .file,
                "The format in \(typed) cannot be run. \(first)",
                hint: "peercoach formats check \(typed) names every mistake."
            )
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFormats
import CoachingModel

/// Finds a format by what was typed: a name, or a file of one's own.
enum FormatChoice {
    /// Whether a file is meant: names have neither a suffix nor a slash.
    static func isFile(_ typed: String) -> Bool {
        let lowered = typed.lowercased()
        return typed.contains("/") || lowered.hasSuffix(".yaml") || lowered.hasSuffix(".yml")
    }

    /// Gives a format that comes with the program.
    static func builtIn(_ name: String) throws(ClientError) -> SessionFormat? {
        do {
            return try BuiltInFormats.format(named: name)
        } catch {
            throw ClientError(.file, "The format \(name) of this program is damaged.")
        }
    }

    /// Gives the format of a name, or the one in a file; every mistake of a file is printed.
    ///
    /// Only for a name that is none of this program's the server is asked, where one belongs to
    /// a programme.
    static func find(
        _ typed: String,
        _ options: GlobalOptions,
        _ output: Output
    ) async throws -> SessionFormat {
        if typed == "-" || isFile(typed) { return try await read(typed, output) }
        if let format = try builtIn(typed.lowercased()) { return format }
        let fitting = BuiltInFormats.names.filter { $0.hasPrefix(typed.lowercased()) }
        guard fitting.isEmpty else { return try find(typed, among: []) }
        return try find(typed, among: try await ofProgramme(options, output))
    }

    /// Gives the format of a name where one is connected, or the one in a file.
    static func find(_ typed: String, _ opened: Opened) async throws -> SessionFormat {
        if typed == "-" || isFile(typed) { return try await read(typed, opened.output) }
        if let format = try builtIn(typed.lowercased()) { return format }
        return try find(typed, among: try await opened.client.formats())
    }

    private static func find(
        _ typed: String,
        among own: [SessionFormat]
    ) throws(ClientError) -> SessionFormat {
        let names = BuiltInFormats.names + own.map(\.name)
        let name = try NameMatch.find(typed, among: names, what: "format") { $0 }
        guard let format = try builtIn(name) ?? own.first(where: { $0.name == name }) else {
            throw ClientError(.noSuchName, "No format is called \(typed).")
        }
        return format
    }

    /// Gives the programme's own formats; none where one belongs to no programme.
    static func ofProgramme(
        _ options: GlobalOptions,
        _ output: Output
    ) async throws -> [SessionFormat] {
        guard try options.folder().exists else { return [] }
        let (formats, found) = AsyncStream.makeStream(of: [SessionFormat].self)
        try await options.connected(output) { opened in
            found.yield(try await opened.client.formats())
            found.finish()
        }
        var iterator = formats.makeAsyncIterator()
        return await iterator.next() ?? []
    }

    /// Looks a format up by its name while a room is open.
    static func inRoom(_ typed: String, _ client: Client) async -> FormatReading {
        do throws(ClientError) {
            let formats = try await client.formats()
            return formats.first { $0.name == typed.lowercased() }.map(FormatReading.format)
                ?? .unknown
        } catch {
            return .unreadable(error.sentence)
        }
    }

    /// Reads a format from a file; every mistake is printed.
    static func read(_ path: String, _ output: Output) async throws(ClientError) -> SessionFormat {
        let text = try await TextFile.read(path, bytesMax: FormatParser.bytesMax)
        do {
            return try FormatParser.parse(yaml: text)
        } catch {
            for mistake in error.mistakes {
                output.put(
                    "\(path): \(mistake)",
                    indent: 2,
                    [
                        "type": "mistake", "line": JSON(mistake.line),
                        "column": JSON(mistake.column), "sentence": .string(mistake.sentence),
                    ]
                )
            }
            throw ClientError(
                .file,
                "\(path) cannot be run: \(Words.count(error.mistakes.count, "mistake"))."
            )
        }
    }

    /// Reads a format while a room is open: what could keep the room waiting is refused.
    static func readInRoom(_ typed: String) -> FormatReading {
        let path = expanded(typed)
        do throws(ClientError) {
            let text = try TextFile.readOrdinary(path, bytesMax: FormatParser.bytesMax)
            do throws(FormatError) {
                return .format(try FormatParser.parse(yaml: text))
            } catch {
                return .mistakes(error.mistakes.map(\.description))
            }
        } catch {
            return .unreadable(error.sentence)
        }
    }

    /// No shell is there that would do it.
    private static func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = GlobalOptions.variable("HOME") else { return path }
        return home + path.dropFirst()
    }
}

/// What became of a file that should hold a format, or of a name that is none of the program's.
enum FormatReading: Hashable, Sendable {
    case format(SessionFormat)
    /// Every mistake with its line and column.
    case mistakes([String])
    /// Why the file cannot be read.
    case unreadable(String)
    /// No format has this name.
    case unknown
}

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
    static func find(
        _ typed: String,
        _ output: Output
    ) async throws(ClientError) -> SessionFormat {
        if typed == "-" || isFile(typed) { return try await read(typed, output) }
        let name = try NameMatch.find(typed, among: BuiltInFormats.names, what: "format") { $0 }
        guard let format = try builtIn(name) else {
            throw ClientError(.noSuchName, "No format is called \(typed).")
        }
        return format
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

/// What became of a file that should hold a format.
enum FormatReading: Hashable, Sendable {
    case format(SessionFormat)
    /// Every mistake with its line and column.
    case mistakes([String])
    /// Why the file cannot be read.
    case unreadable(String)
}

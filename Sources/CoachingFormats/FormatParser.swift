// SPDX-License-Identifier: Apache-2.0

public import CoachingModel
import Yams

/// Reads formats from YAML.
///
/// 1. ``FormatScan`` refuses what a format has no use for and what could make parsing costly:
///    anchors, aliases, tags, merge keys, deep nesting.
/// 2. The YAML parser makes nodes of the rest.
/// 3. ``FormatReader`` makes a format of the nodes, and the rules that the server holds too
///    (``SessionFormat/mistakes``) are asked; their answers are shown at their places in the file.
///
/// - Source: DESIGN.md D18.
public enum FormatParser {
    /// The longest file, in bytes of UTF-8.
    public static let bytesMax = 65_536

    /// Reads a format and checks that it can be run.
    ///
    /// - Parameter yaml: the whole file.
    /// - Returns: a format whose ``SessionFormat/mistakes`` are empty.
    /// - Throws: ``FormatError`` with all mistakes that were found.
    public static func parse(yaml: String) throws(FormatError) -> SessionFormat {
        var reader = FormatReader()
        let format = reader.format(from: try node(of: yaml))
        reader.check(format)
        if let error = reader.found.error { throw error }
        return format
    }

    /// Scans a file and makes nodes of it.
    static func node(of yaml: String) throws(FormatError) -> Node {
        guard yaml.utf8.count <= bytesMax else {
            throw single(1, 1, "the file is too long, at most \(bytesMax / 1_024) KiB are allowed")
        }
        // Some editors begin a file with this mark; the YAML parser does not know it.
        var yaml = yaml
        if yaml.unicodeScalars.first == "\u{FEFF}" { yaml.unicodeScalars.removeFirst() }
        var scan = FormatScan()
        scan.read(yaml)
        if let error = scan.found.error { throw error }
        return try compose(yaml)
    }

    private static func compose(_ yaml: String) throws(FormatError) -> Node {
        do {
            if let root = try Yams.compose(yaml: yaml) { return root }
        } catch let error as YamlError {
            throw located(error)
        } catch {
            throw single(1, 1, "the file cannot be read")
        }
        throw single(1, 1, "the file is empty")
    }

    private static func located(_ error: YamlError) -> FormatError {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _):
            single(
                mark.line,
                mark.column,
                "this cannot be read as YAML: look at the indentation, and put a text with a "
                    + "colon or with brackets in quotes"
            )
        case .composer(_, _, let mark, _):
            single(mark.line, mark.column, "one file holds one format")
        case .duplicatedKeysInMapping(let names, let context):
            single(
                context.mark.line,
                context.mark.column,
                "'\(clipped(names.first ?? ""))' stands twice in this part"
            )
        default: single(1, 1, "the file cannot be read")
        }
    }

    private static func single(_ line: Int, _ column: Int, _ sentence: String) -> FormatError {
        FormatError(
            mistakes: [FormatFileMistake(line: line, column: column, sentence: sentence)])
    }
}

/// Shortens a text from a file for a message about it, and shows what would steer a terminal.
func clipped(_ text: String) -> String {
    var short = ""
    for scalar in text.unicodeScalars.prefix(40) {
        short.unicodeScalars.append(scalar.hidesOrSteersText ? "\u{FFFD}" : scalar)
    }
    return text.unicodeScalars.count <= 40 ? short : short + "..."
}

// SPDX-License-Identifier: Apache-2.0

/// Reads feedback in its parts from a plain text.
///
/// A line begins a part with its name and a colon: `strengths`, `observed`, `effect`, `instead`,
/// `goal`. Lines that follow belong to it. Each part stands once.
///
/// - Limits: ``bytesMax`` bytes, a part ``FeedbackParts/partBytesMax``.
public enum FeedbackText {
    /// The longest text, in bytes.
    public static let bytesMax = 8_000

    /// What is wrong with it, and in which line.
    public struct Mistake: Error, Hashable {
        /// The line, from 1.
        public var line: Int
        /// The column, from 1.
        public var column: Int
        /// What is wrong, without the place.
        public var what: String

        /// The whole as a sentence.
        public var sentence: String { "line \(line), column \(column): \(what)." }
    }

    /// Reads it.
    ///
    /// - Throws: ``Mistake``, the first one.
    public static func parse(_ text: String) throws(Mistake) -> FeedbackParts {
        var parts = FeedbackParts()
        var seen: [FeedbackPart: Int] = [:]
        var current: FeedbackPart?
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            if let (part, rest) = head(line) {
                guard seen[part] == nil else {
                    throw Mistake(
                        line: index + 1,
                        column: 1,
                        what: "\(part) stands here a second time"
                    )
                }
                seen[part] = index + 1
                parts[part] = String(rest)
                current = part
            } else if let part = current {
                parts[part] = (parts[part].map { $0 + "\n" } ?? "") + line
            } else if !line.allSatisfy(\.isWhitespace) {
                throw Mistake(
                    line: index + 1,
                    column: 1 + line.prefix(while: \.isWhitespace).count,
                    what: "a part begins with its name and a colon; there are: "
                        + FeedbackPart.allCases.map { "\($0)" }.joined(separator: ", ")
                )
            }
        }
        if let part = parts.tooLong, let line = seen[part] {
            throw Mistake(
                line: line,
                column: 1,
                what: "\(part) is too long: \(FeedbackParts.partBytesMax) bytes at most"
            )
        }
        return parts
    }

    private static func head(_ line: Substring) -> (FeedbackPart, Substring)? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let name = line[..<colon].lowercased()
        guard let part = FeedbackPart.allCases.first(where: { "\($0)" == name }) else { return nil }
        return (part, line[line.index(after: colon)...])
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a format's file, all that was found at once.
///
/// - Limits: at most ``mistakesMax`` mistakes, so that a hostile file has a short answer.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The most mistakes that are listed.
    public static let mistakesMax = 20

    /// The mistakes in the order of the file, at least one.
    public let mistakes: [FormatFileMistake]

    /// Lists the mistakes, one a line.
    public var description: String { mistakes.map(\.description).joined(separator: "\n") }
}

/// One mistake in a format's file.
public struct FormatFileMistake: Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The column, from 1, in Unicode scalars.
    public let column: Int
    /// One sentence that says what is wrong and what is allowed.
    public let sentence: String

    /// Gives place and sentence.
    public var description: String { "line \(line), column \(column): \(sentence)" }
}

/// Collects mistakes up to the limit.
struct MistakeList {
    private(set) var mistakes: [FormatFileMistake] = []

    mutating func add(_ line: Int, _ column: Int, _ sentence: String) {
        guard mistakes.count < FormatError.mistakesMax else { return }
        mistakes.append(FormatFileMistake(line: line, column: column, sentence: sentence))
    }

    /// The error, where anything was found.
    var error: FormatError? {
        if mistakes.isEmpty { return nil }
        return FormatError(
            mistakes: mistakes.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        )
    }
}

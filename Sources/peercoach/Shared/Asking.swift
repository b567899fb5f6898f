// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingTerminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Asks the person at the terminal.
///
/// Questions go to the standard error, so that results can be redirected. Without a terminal
/// nothing is asked: `--yes` says yes to all, else the command ends and nothing is done.
struct Asking: Sendable {
    let output: Output
    /// Whether every question counts as answered with yes.
    let isYes: Bool

    /// Whether somebody can answer.
    static var isPossible: Bool { isatty(0) == 1 && isatty(2) == 1 }

    /// Asks a question whose answer is yes or no; no is what an empty line means.
    ///
    /// - Throws: ``ClientError`` with `usage` where nobody can answer.
    func confirm(_ question: String) async throws(ClientError) -> Bool {
        if isYes { return true }
        guard Self.isPossible else {
            throw ClientError(
                .usage,
                "This asks first: \(question)",
                hint: "Run it in a terminal, or give --yes."
            )
        }
        for _ in 0..<3 {
            output.prompt(question + " [y/N] ")
            guard let answer = await Self.line()?.lowercased() else { return false }
            switch answer.filter({ !$0.isWhitespace }) {
            case "y", "yes": return true
            case "", "n", "no": return false
            default: output.notice("Type y or n.")
            }
        }
        return false
    }

    /// Asks a question and throws where the answer is no.
    func require(_ question: String) async throws(ClientError) {
        guard try await confirm(question) else {
            throw ClientError(.notWanted, "Nothing was done.")
        }
    }

    /// Asks for a word to be typed, where a slip would be too dear, and throws where it is not.
    func require(_ question: String, typing word: String) async throws(ClientError) {
        if isYes { return }
        guard Self.isPossible else {
            throw ClientError(
                .usage,
                "This asks first: \(question)",
                hint: "Run it in a terminal, or give --yes."
            )
        }
        output.prompt("\(question) Type \(word): ")
        guard let answer = await Self.line(),
            answer.filter({ !$0.isWhitespace }).lowercased()
                == word.filter({ !$0.isWhitespace }).lowercased()
        else { throw ClientError(.notWanted, "Nothing was done.") }
    }

    /// Reads one line that is typed; `nil` at the end of the input.
    ///
    /// What is typed ahead stays with the terminal, which hands over one line at a time.
    static func line() async -> String? {
        var lines = LineInput(descriptor: 0, lineBytesMax: 8_192).makeAsyncIterator()
        guard let line = await lines.next() else { return nil }
        switch line {
        case .line(let text): return text
        case .tooLong: return ""
        }
    }

    /// Reads all of the standard input.
    ///
    /// - Throws: ``ClientError`` where there is more than `bytesMax`.
    static func all(bytesMax: Int) async throws(ClientError) -> String {
        var text: [String] = []
        var bytes = 0
        for await line in LineInput(descriptor: 0, lineBytesMax: bytesMax) {
            switch line {
            case .line(let line):
                bytes += line.utf8.count + 1
                text.append(line)
            case .tooLong: bytes = bytesMax + 2
            }
            guard bytes <= bytesMax + 1 else {
                throw ClientError(.file, "The input is too long: \(bytesMax) bytes at most.")
            }
        }
        return text.joined(separator: "\n")
    }
}

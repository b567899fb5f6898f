// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingSeal

/// Gets a recovery kit that somebody types or has in a file.
enum KitInput {
    private static let bytesMax = 8_192
    private static let linesMax = 24

    /// Reads the kit from a file, the standard input (`-`), or asks for it.
    static func read(_ file: String?, _ output: Output) async throws(ClientError) -> RecoveryKit {
        if let file {
            let text = try await TextFile.read(file, bytesMax: bytesMax)
            return try parse(kitLines(in: text))
        }
        guard Asking.isPossible else {
            throw ClientError(
                .usage,
                "This asks for your recovery kit.",
                hint: "Run it in a terminal, or name a file with --kit."
            )
        }
        output.prompt("Type your recovery kit, in as many lines as you like: ")
        var text = ""
        for _ in 0..<linesMax {
            guard let line = await Asking.line(), !line.allSatisfy(\.isWhitespace) else { break }
            text += line + "\n"
            do throws(RecoveryKitError) {
                return try RecoveryKit(reading: text)
            } catch {
                if case .wrongCount(let found) = error, found < 60 { continue }
                throw ClientError(error)
            }
        }
        return try parse(text)
    }

    private static func parse(_ text: String) throws(ClientError) -> RecoveryKit {
        do throws(RecoveryKitError) {
            return try RecoveryKit(reading: text)
        } catch {
            throw ClientError(error)
        }
    }

    /// Finds the kit in a page that ``KitPage`` wrote; the text itself where it is no such page.
    static func kitLines(in text: String) -> String {
        var kit = ""
        for row in text.split(whereSeparator: \.isNewline) {
            let words = row.split(whereSeparator: \.isWhitespace)
            if words.count == 6, words.allSatisfy({ $0.count == 5 }) { kit += row + "\n" }
        }
        return kit.isEmpty ? text : kit
    }
}

/// A recovery kit as it is written down.
enum KitPage {
    /// The kit's groups, in two lines.
    static func lines(_ kit: RecoveryKit) -> [String] {
        let groups = kit.groups
        return [groups.prefix(6), groups.dropFirst(6)].map { $0.joined(separator: " ") }
    }

    /// The page, with whose it is and what it is for.
    static func text(_ kit: RecoveryKit, name: String, server: String) -> String {
        """
        peercoach recovery kit of \(name), at \(server)

            \(lines(kit).joined(separator: "\n    "))

        \(uses.joined(separator: "\n"))

        """
    }

    /// What it is for, and what it means to have it.
    static let uses = [
        "With it you add a device when yours is lost, and end the lost one.",
        "Whoever has it can become you and, with an old backup, read your own old notes.",
        "Keep it on paper or where nobody else looks, and not on this machine.",
    ]
}

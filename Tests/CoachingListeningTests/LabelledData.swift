// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Dialogues that people labelled; they stand beside the project and are no part of it.
enum LabelledData {
    /// One line of a dialogue.
    struct Line: Decodable {
        var session: String
        var role: String?
        var text: String
        var label: String?
        var speaker: String?
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/data").standardizedFileURL

    /// Whether both files with labels are there.
    static var isThere: Bool {
        ["icsi", "mathdial"].allSatisfy {
            FileManager.default.fileExists(atPath: folder.appending(path: "\($0).jsonl").path)
        }
    }

    /// Reads the dialogues of a source, in their order.
    static func dialogues(_ source: String) throws -> [[Line]] {
        let file = folder.appending(path: "\(source).jsonl")
        let text = try String(contentsOf: file, encoding: .utf8)
        var dialogues: [[Line]] = []
        for row in text.split(separator: "\n") {
            let line = try JSONDecoder().decode(Line.self, from: Data(row.utf8))
            if dialogues.last?.first?.session == line.session {
                dialogues[dialogues.count - 1].append(line)
            } else {
                dialogues.append([line])
            }
        }
        return dialogues
    }
}

/// How often a guess and a person agreed on one class.
struct Agreement {
    var both = 0
    var guessOnly = 0
    var personOnly = 0

    var precision: Double { ratio(both, both + guessOnly) }
    var recall: Double { ratio(both, both + personOnly) }
    var f1: Double { ratio(2 * both, 2 * both + guessOnly + personOnly) }

    mutating func take(guess: Bool, person: Bool) {
        switch (guess, person) {
        case (true, true): both += 1
        case (true, false): guessOnly += 1
        case (false, true): personOnly += 1
        case (false, false): break
        }
    }

    static func + (one: Agreement, other: Agreement) -> Agreement {
        Agreement(
            both: one.both + other.both,
            guessOnly: one.guessOnly + other.guessOnly,
            personOnly: one.personOnly + other.personOnly
        )
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) : 0
    }
}

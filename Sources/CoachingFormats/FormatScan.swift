// SPDX-License-Identifier: Apache-2.0

import CoachingModel

/// Refuses, before anything is parsed, the parts of YAML that a format has no use for.
///
/// What is left is a small subset in which every line can be judged by itself: a quoted text ends
/// in its line, and so do brackets. So the scan and the YAML parser cannot differ on what is
/// quoted, and no alias can hide in what looks like a text here.
///
/// - Limits: brackets 3 deep, 32 columns of indentation, 2 dashes a line: with these no file can
///   nest deeper than about 35 levels.
struct FormatScan {
    private static let bracketsMax = 3
    private static let indentationMax = 32
    private static let dashesMax = 2

    private(set) var found = MistakeList()

    mutating func read(_ yaml: String) {
        var line: [Unicode.Scalar] = []
        var number = 1
        for scalar in yaml.unicodeScalars {
            if scalar == "\n" {
                if line.last == "\r" { line.removeLast() }
                judge(line, number)
                line.removeAll(keepingCapacity: true)
                number += 1
            } else {
                line.append(scalar)
            }
        }
        judge(line, number)
    }

    private mutating func judge(_ line: [Unicode.Scalar], _ number: Int) {
        if !readable(line, number) { return }
        let indentation = line.prefix { $0 == " " }.count
        if indentation > Self.indentationMax, indentation < line.count {
            found.add(
                number,
                indentation + 1,
                "at most \(Self.indentationMax) columns of indentation are allowed"
            )
            return
        }
        if line.first == "%" {
            found.add(number, 1, "YAML directives are not allowed")
            return
        }
        var tokens = LineTokens(line: line, number: number)
        while let refusal = tokens.refusalInNextToken(
            brackets: Self.bracketsMax,
            dashes: Self.dashesMax
        ) {
            if let (column, sentence) = refusal {
                found.add(number, column + 1, sentence)
                return
            }
        }
    }

    private mutating func readable(_ line: [Unicode.Scalar], _ number: Int) -> Bool {
        for (column, scalar) in line.enumerated() {
            let sentence: String
            if scalar == "\t" {
                sentence = "use spaces, not tabs"
            } else if scalar == "\u{FFFD}" {
                sentence = "this character is damaged: save the file as UTF-8"
            } else if scalar.hidesOrSteersText {
                sentence = "control and text direction characters are not allowed"
            } else {
                continue
            }
            found.add(number, column + 1, sentence)
            return false
        }
        return true
    }
}

/// Walks through one line.
private struct LineTokens {
    typealias Refusal = (column: Int, sentence: String)

    let line: [Unicode.Scalar]
    let number: Int
    private var place = 0
    private var depth = 0
    private var dashes = 0
    /// Whether a text or a bracket could begin here.
    private var isStart = true

    init(line: [Unicode.Scalar], number: Int) {
        self.line = line
        self.number = number
    }

    /// Steps on: `nil` at the end of the line, else what is refused here, if anything.
    mutating func refusalInNextToken(brackets: Int, dashes dashesMax: Int) -> Refusal?? {
        guard place < line.count else {
            if depth == 0 { return nil }
            depth = 0
            return .some((line.count, "brackets end in the line in which they begin"))
        }
        let here = place
        place += 1
        switch line[here] {
        case " ": return .some(nil)
        case "#" where here == 0 || line[here - 1] == " ":
            place = line.count
            return .some(nil)
        case "&", "*", "!":
            if canBeginToken(here) {
                return .some(
                    (here, "anchors, aliases and tags (& * !) are not allowed; quote such a text")
                )
            }
        case "'", "\"":
            if isStart { return .some(quoted(from: here)) }
            if depth > 0, canBeginToken(here) {
                return .some((here, "within brackets the whole text stands in quotes"))
            }
        case "[", "{":
            if isStart || depth > 0 { return .some(opened(at: here, most: brackets)) }
        case "]", "}":
            depth = max(0, depth - 1)
        case ",":
            isStart = depth > 0
            return .some(nil)
        case ":" where depth > 0 || isBlank(here + 1):
            isStart = true
            return .some(nil)
        case "-" where isStart && depth == 0 && isBlank(here + 1):
            dashes += 1
            return dashes > dashesMax
                ? .some((here, "lists within lists are not allowed")) : .some(nil)
        case "-" where here == 0 && line.starts(with: "---".unicodeScalars) && isBlank(3):
            place = 3
            return .some(nil)
        case "?" where isStart && (depth > 0 || isBlank(here + 1)):
            return .some((here, "keys are single words"))
        case "|", ">":
            if isStart {
                return .some((here, "texts over several lines (| >) are not allowed"))
            }
        case "<" where isStart && here + 1 < line.count && line[here + 1] == "<":
            return .some((here, "merge keys (<<) are not allowed"))
        default: break
        }
        isStart = false
        return .some(nil)
    }

    private mutating func opened(at here: Int, most: Int) -> Refusal? {
        depth += 1
        isStart = true
        return depth > most ? (here, "brackets are nested too deeply") : nil
    }

    /// Skips a quoted text.
    private mutating func quoted(from start: Int) -> Refusal? {
        let quote = line[start]
        while place < line.count {
            let scalar = line[place]
            place += 1
            if quote == "\"", scalar == "\\" {
                place += 1
            } else if scalar == quote {
                guard quote == "'", place < line.count, line[place] == "'" else {
                    isStart = false
                    return nil
                }
                place += 1
            }
        }
        return (start, "a text in quotes ends in the line in which it begins")
    }

    private func isBlank(_ place: Int) -> Bool { place >= line.count || line[place] == " " }

    /// Whether the YAML parser could see the beginning of a new token here: never within a word.
    private func canBeginToken(_ place: Int) -> Bool {
        guard place > 0 else { return true }
        return " [{]},:-?'\"|>".unicodeScalars.contains(line[place - 1])
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Swift code without its words: comments, strings and raw identifiers are blanks of the same
/// length, so that lines and columns stay.
///
/// What stands in `\(…)` is code and is kept.
struct SwiftCode {
    private enum Place {
        /// Code; within a string, with the parentheses that are open.
        case code(open: Int)
        case string(hashes: Int, quotes: Int)
    }

    private let bytes: Data

    init(_ source: String) { bytes = Self.blanked(Array(source.utf8)) }

    /// The code's lines.
    var lines: [Substring] {
        String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func blanked(_ source: [UInt8]) -> Data {
        var result = source
        var places: [Place] = [.code(open: 0)]
        var index = 0
        func starts(_ text: StaticString, at start: Int) -> Bool {
            text.withUTF8Buffer { source[min(start, source.count)...].starts(with: $0) }
        }
        func blank(_ count: Int) {
            for _ in 0..<count where index < source.count {
                if source[index] != UInt8(ascii: "\n") { result[index] = UInt8(ascii: " ") }
                index += 1
            }
        }
        func run(of byte: UInt8, at start: Int) -> Int {
            source[min(start, source.count)...].prefix { $0 == byte }.count
        }
        while index < source.count {
            switch places[places.count - 1] {
            case .code(let open):
                let hashes = run(of: UInt8(ascii: "#"), at: index)
                if starts("//", at: index) {
                    while index < source.count, source[index] != UInt8(ascii: "\n") { blank(1) }
                } else if starts("/*", at: index) {
                    var depth = 0
                    repeat {
                        if starts("/*", at: index) {
                            depth += 1
                            blank(2)
                        } else if starts("*/", at: index) {
                            depth -= 1
                            blank(2)
                        } else {
                            blank(1)
                        }
                    } while depth > 0 && index < source.count
                } else if starts("\"", at: index + hashes) {
                    let quotes = starts("\"\"\"", at: index + hashes) ? 3 : 1
                    places.append(.string(hashes: hashes, quotes: quotes))
                    blank(hashes + quotes)
                } else if starts("`", at: index) {
                    blank(1)
                    while index < source.count, source[index] != UInt8(ascii: "`") { blank(1) }
                    blank(1)
                } else if places.count > 1, starts("(", at: index) {
                    places[places.count - 1] = .code(open: open + 1)
                    index += 1
                } else if places.count > 1, starts(")", at: index) {
                    if open == 0 {
                        places.removeLast()
                        blank(1)
                    } else {
                        places[places.count - 1] = .code(open: open - 1)
                        index += 1
                    }
                } else {
                    index += max(1, hashes)
                }
            case .string(let hashes, let quotes):
                let ends = run(of: UInt8(ascii: "\""), at: index) >= quotes
                if ends, run(of: UInt8(ascii: "#"), at: index + quotes) >= hashes {
                    places.removeLast()
                    blank(quotes + hashes)
                } else if starts("\\", at: index),
                    run(of: UInt8(ascii: "#"), at: index + 1) >= hashes
                {
                    let isCode = starts("(", at: index + 1 + hashes)
                    blank(2 + hashes)
                    if isCode { places.append(.code(open: 0)) }
                } else {
                    blank(1)
                }
            }
        }
        return Data(result)
    }

    /// The numbers of the lines, from 1, on which a text stands with no word's letter before it
    /// nor, where the text ends in one, after it.
    func lineNumbers(of word: String) -> [Int] {
        var numbers: [Int] = []
        for place in places(of: word) where numbers.last != line(of: place.lowerBound) {
            numbers.append(line(of: place.lowerBound))
        }
        return numbers
    }

    private func places(of word: String) -> [Range<Int>] {
        let wanted = Data(word.utf8)
        guard let first = wanted.first, let last = wanted.last else { return [] }
        var found: [Range<Int>] = []
        var start = 0
        while let place = bytes.range(of: wanted, in: start..<bytes.count) {
            start = place.upperBound
            let begins = place.lowerBound == 0 || !Self.isLetter(first)
            let ends = place.upperBound == bytes.count || !Self.isLetter(last)
            if begins || !Self.isLetter(bytes[place.lowerBound - 1]),
                ends || !Self.isLetter(bytes[place.upperBound])
            {
                found.append(place)
            }
        }
        return found
    }

    private func line(of index: Int) -> Int {
        bytes[..<index].count { $0 == UInt8(ascii: "\n") } + 1
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    /// The calls of a function: the number of each one's first line, and what stands between its
    /// parentheses.
    func calls(of name: String) -> [(line: Int, arguments: String)] {
        places(of: name + "(").map { place in
            var open = 1
            let arguments = bytes[place.upperBound...].prefix { byte in
                if byte == UInt8(ascii: "(") { open += 1 }
                if byte == UInt8(ascii: ")") { open -= 1 }
                return open > 0
            }
            return (line(of: place.lowerBound), String(decoding: arguments, as: UTF8.self))
        }
    }

    /// The modules that the file imports, with the numbers of their lines.
    var imports: [(line: Int, module: String)] {
        lines.enumerated().compactMap { index, line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
                words[..<keyword].allSatisfy({ Self.mayPrecedeImport($0) })
            else { return nil }
            let kinds = ["class", "enum", "func", "let", "protocol", "struct", "typealias", "var"]
            let named = words[keyword + 1]
            let path = kinds.contains(String(named)) ? words.last ?? named : named
            return (index + 1, String(path.split(separator: ".")[0]))
        }
    }

    private static func mayPrecedeImport(_ word: Substring) -> Bool {
        ["public", "package", "internal", "fileprivate", "private"].contains(String(word))
            || word.hasPrefix("@")
    }
}

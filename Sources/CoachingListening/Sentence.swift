// SPDX-License-Identifier: Apache-2.0

/// One sentence: its words in small letters, and how it ends.
public struct Sentence: Hashable, Sendable {
    /// The words without marks; apostrophes are straight.
    public var words: [String]
    /// Whether it ends with a question mark of any script.
    public var isMarked: Bool
    /// Whether it holds a digit or an equals sign.
    public var hasNumbers = false

    /// Makes a sentence.
    public init(words: [String], isMarked: Bool, hasNumbers: Bool = false) {
        self.words = words
        self.isMarked = isMarked
        self.hasNumbers = hasNumbers
    }

    /// Takes a text apart.
    ///
    /// A full stop ends a sentence only before a space or the end, so "3.5" stays whole.
    ///
    /// - Limits: ``bytesMax`` bytes of the text are read; the rest says nothing.
    /// - Complexity: linear.
    public static func all(in text: String) -> [Sentence] {
        var sentences: [Sentence] = []
        var current = Sentence(words: [], isMarked: false)
        var word = ""
        func endWord() {
            if !word.isEmpty { current.words.append(word) }
            word = ""
        }
        func end(marked: Bool) {
            endWord()
            if marked { current.isMarked = true }
            if !current.words.isEmpty || current.isMarked { sentences.append(current) }
            current = Sentence(words: [], isMarked: false)
        }
        var scalars = Array(text.utf8.prefix(bytesMax).withDecodedScalars)
        scalars.append("\n")
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : "\n"
            switch scalar {
            case "?", "\u{FF1F}", "\u{061F}", "\u{037E}", "\u{055E}", "\u{1367}", "\u{2047}",
                "\u{2048}", "\u{2049}":
                // Several marks end one sentence.
                if current.words.isEmpty, word.isEmpty, let last = sentences.indices.last {
                    sentences[last].isMarked = true
                } else {
                    end(marked: true)
                }
            case "!", "\u{3002}", "\u{FF01}", "\u{0964}", "\n", "\r", "\u{2026}", ";":
                end(marked: false)
            case "." where next.properties.isWhitespace || next == ".":
                end(marked: false)
            case "'", "\u{2019}":
                if !word.isEmpty, next.properties.isAlphabetic { word += "'" } else { endWord() }
            case "=":
                current.hasNumbers = true
                endWord()
            default:
                if scalar.standsAlone {
                    endWord()
                    current.words.append(String(scalar))
                } else if scalar.properties.isAlphabetic || scalar.isMark {
                    word += scalar.properties.lowercaseMapping
                } else if scalar.properties.numericType != nil {
                    current.hasNumbers = true
                    word.unicodeScalars.append(scalar)
                } else {
                    endWord()
                }
            }
        }
        return sentences
    }

    /// How much of one text is read.
    public static let bytesMax = 65_536

    /// Counts the words of a text; in scripts without spaces between them, the letters.
    public static func words(in text: String) -> Int {
        all(in: text).reduce(0) { $0 + $1.words.count }
    }
}

extension Sequence<UInt8> {
    fileprivate var withDecodedScalars: String.UnicodeScalarView {
        String(decoding: Array(self), as: UTF8.self).unicodeScalars
    }
}

extension Unicode.Scalar {
    /// Whether it is written without spaces beside it, so that a letter counts as a word.
    fileprivate var standsAlone: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2FA1F:
            properties.isAlphabetic
        default: false
        }
    }

    /// Whether it belongs to the letter before it.
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}

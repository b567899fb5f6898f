// SPDX-License-Identifier: Apache-2.0

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Pieces of text that have made trouble somewhere.
    static let pieces = [
        "a", "word", " ", "   ", "14:10 * ", "= Sent", "\u{1B}[2J", "\u{1B}]0;x\u{07}", "\r",
        "\n", "\r\n", "\u{2028}", "\u{202E}", "\u{2066}", "\u{200F}", "\u{061C}", "\u{200B}",
        "\u{200D}", "\u{FE0F}", "\u{301}", "\u{0}", "\u{9B}31m", "\u{85}", "本", "語", "e\u{301}",
        "👩‍👩‍👧‍👦", "👍🏽", "🇩🇪", "🇩", "❤️", "1️⃣", "क्षि", "각", "\u{1161}", "ไม้", "שלום",
        "\u{E0041}", "\u{AD}", "\u{FEFF}", "\u{34F}", "\u{115F}", "\u{E000}", "\u{378}", "\u{600}",
        "\u{30A}\u{30B}\u{30C}\u{30D}\u{30E}\u{30F}", "\u{1F3FD}", "\t", "🫨", "\u{20DD}",
    ]

    /// Gives a text of up to so many pieces and some scalars of any kind.
    mutating func text(piecesMax: Int) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...piecesMax, using: &self) {
            if Int.random(in: 0..<6, using: &self) == 0 {
                let value = UInt32.random(in: 0...0x10FFFF, using: &self)
                text.unicodeScalars.append(Unicode.Scalar(value) ?? "x")
            } else {
                text += Self.pieces.randomElement(using: &self) ?? ""
            }
        }
        return text
    }
}

// SPDX-License-Identifier: Apache-2.0

import CoachingTerminal
import Testing

@Suite struct TextFilterTests {
    @Test(arguments: [
        ("plain", "plain"), ("Grüße, 本語, שלום", "Grüße, 本語, שלום"),
        ("a\u{1B}[31mred", "a\u{FFFD}[31mred"), ("x\u{9B}2J", "x\u{FFFD}2J"),
        ("a\u{202E}b\u{2066}c\u{200F}", "abc"), ("pay\u{200B}pal\u{AD}\u{FEFF}", "paypal"),
        ("one\ntwo", "one / two"), ("one\r\n\r\ntwo\n", "one / two"), ("\n14:10 * x", "14:10 * x"),
        ("a\rb", "a / b"), ("a\u{2028}b", "a / b"), ("a\tb", "a b"),
        ("\u{301}x", "\u{25CC}\u{301}x"), ("👩‍🚀", "👩‍🚀"), ("a\u{200D}b", "ab"), ("❤️", "❤️"),
        ("a\u{FE0F}", "a"), ("1️⃣", "1️⃣"), ("🇩🇪", "🇩🇪"), ("\u{E0041}a\u{E007F}", "a"),
        ("👩🏽‍🚀", "👩🏽‍🚀"), ("\u{E000}", "\u{FFFD}"), ("", ""), ("  two  ", "  two  "),
    ])
    func `what a peer wrote is printed without what it must not do`(
        written: String,
        shown: String
    ) {
        #expect(Array(TextFilter.clean(written).unicodeScalars) == Array(shown.unicodeScalars))
    }

    @Test func `a base carries four marks at most`() {
        let piled = "a" + String(repeating: "\u{301}", count: 500) + "b"
        #expect(TextFilter.clean(piled).unicodeScalars.count == 6)
        let jamo = "\u{1100}" + String(repeating: "\u{1161}", count: 500)
        #expect(TextFilter.clean(jamo).unicodeScalars.count == 5)
    }

    @Test func `an emoji holds nine joiners at most, skin tones or not`() {
        for link in ["👩\u{200D}", "👩🏽\u{200D}"] {
            let chain = String(repeating: link, count: 500) + "👩"
            let longest = TextFilter.clean(chain).map(\.unicodeScalars.count).max() ?? 0
            #expect(longest <= 3 * (TextFilter.joinersMax + 1))
        }
    }

    @Test func `50,000 random strings come out harmless, and the same when cleaned twice`() {
        let seed: UInt64 = 0x7465_726D
        var random = Seeded(seed: seed)
        for number in 0..<50_000 {
            let text: String
            if number.isMultiple(of: 2) {
                text = random.text(piecesMax: 12)
            } else {
                let count = Int.random(in: 0...40, using: &random)
                let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                text = String(decoding: bytes, as: UTF8.self)
            }
            let clean = TextFilter.clean(text)
            let bad = clean.unicodeScalars.first(where: Self.isHarmful)
            let again = TextFilter.clean(clean)
            guard bad == nil, again.unicodeScalars.elementsEqual(clean.unicodeScalars) else {
                Issue.record(
                    "seed \(seed), string \(number): \(text.debugDescription) became \(clean.debugDescription)"
                )
                return
            }
        }
    }

    /// Says it in other words than the filter: by number, not by category.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x180E: true
        case 0x200B, 0x200C, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        case 0xE000...0xF8FF, 0xE0000...0xE0FFF, 0xF0000...0x10FFFF: true
        default: false
        }
    }

    @Test(arguments: ["Lena", "Jürgen", "本田", "O'Neil-Smith", "Zoë e\u{301}", "שרה", "👩‍🚀"])
    func `a name of letters and signs is taken as it is`(name: String) throws {
        #expect(try TextFilter.name(name) == name)
    }

    @Test(arguments: [
        ("", NameFault.empty), (" Lena", .edgeSpace), ("Lena\u{A0}", .edgeSpace),
        ("\u{2800}", .edgeSpace), ("Le\nna", .control), ("Le\u{1B}na", .control),
        ("Le\u{202E}na", .direction), ("Le\u{200B}na", .unprintable),
        ("Le\u{378}na", .unprintable), ("\u{301}a", .unprintable),
        (String(repeating: "ä", count: 33), .tooLong(bytes: 66, bytesMax: 64)),
    ])
    func `a name that could mislead is refused with its reason`(name: String, fault: NameFault) {
        #expect(throws: fault) { try TextFilter.name(name) }
    }
}

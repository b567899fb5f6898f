// SPDX-License-Identifier: Apache-2.0

import CoachingTerminal
import Testing

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("a", 1, 1), ("ä", 1, 1), ("e\u{301}", 1, 1), ("本", 2, 2), ("👍", 2, 2), ("👍🏽", 2, 4),
        ("👩‍👩‍👧‍👦", 2, 8), ("🇩🇪", 2, 2), ("❤️", 2, 2), ("\u{301}", 0, 0), ("\u{7}", 0, 0),
    ])
    func `a cluster has a likely width and a greatest one`(text: String, likely: Int, most: Int) {
        #expect(DisplayWidth.columns(of: text) == likely)
        #expect(DisplayWidth.columnsMax(of: text) >= most)
        #expect(DisplayWidth.columnsMax(of: text) >= DisplayWidth.columns(of: text))
    }

    @Test func `rows break at spaces and further ones are set in`() {
        #expect(
            DisplayWidth.wrap("14:10 * the quick brown fox", columns: 20, indent: 3)
                == ["14:10 * the quick", "   brown fox"]
        )
        #expect(DisplayWidth.wrap("", columns: 20) == [""])
        #expect(DisplayWidth.wrap("abcdefgh", columns: 4) == ["abcd", "efgh"])
        #expect(DisplayWidth.wrap("本本本", columns: 5) == ["本本", "本"])
    }

    @Test func `nothing that a person writes begins a further row at the left edge`() {
        let spaces = String(repeating: " ", count: 300)
        let rows = DisplayWidth.wrap(
            "14:10 [turn] Eve: \(spaces)14:11 * You\(spaces)are out",
            columns: 80,
            indent: 6
        )
        #expect(rows.count > 1)
        for row in rows.dropFirst() {
            #expect(row.hasPrefix("      ") && !row.hasPrefix("       "))
        }
    }

    @Test func `random text is cut and broken within the columns`() {
        let seed: UInt64 = 77
        var random = Seeded(seed: seed)
        for number in 0..<3_000 {
            let text = TextFilter.clean(random.text(piecesMax: 30))
            let columns = Int.random(in: 8...40, using: &random)
            let rows = DisplayWidth.wrap(text, columns: columns, indent: 6)
            let kept = rows.joined().unicodeScalars.filter { $0 != " " }
            let cut = DisplayWidth.truncate(text, columnsMax: columns)
            guard rows.allSatisfy({ DisplayWidth.columnsMax(of: $0) <= columns }),
                kept.elementsEqual(text.unicodeScalars.filter { $0 != " " }),
                DisplayWidth.columnsMax(of: cut) <= columns
            else {
                Issue.record("seed \(seed), text \(number), columns \(columns): \(rows)")
                return
            }
        }
    }
}

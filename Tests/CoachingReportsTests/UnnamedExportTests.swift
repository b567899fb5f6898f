// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import CoachingReports

/// What was said, without what tells who said it.
struct UnnamedExportTests {
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    private static let names = [
        "Lena Hofmann", "Priya Raman", "Tom Becker", "Li Bo", "Zoë O'Neill", "Mark van Dyk",
    ]
    private static let said = [
        "I say yes to every extra project", "What would happen if you did not",
        "We never talk about that in the audit", "thank you", "It was the same for me last year",
        "who decides that", "my team waits for it", "I would simply ask",
    ]

    private func person(_ number: Int) -> PersonID {
        PersonID(Bytes16(high: 9, low: UInt64(number)))
    }

    private func export(
        _ lines: [UnnamedExport.Line],
        words: [String] = [],
        seed: UInt64 = 1
    ) -> Result<UnnamedExport, UnnamedExport.Refusal> {
        Result { () throws(UnnamedExport.Refusal) in
            var numbers = Numbers(state: seed)
            return try UnnamedExport(lines, names: Self.names, words: words, using: &numbers)
        }
    }

    @Test func `there is none with words of fewer than five people`() throws {
        for people in 0..<5 {
            let lines = (0..<people * 4).map {
                UnnamedExport.Line(author: person($0 % max(1, people)), text: "I waited \($0)")
            }
            #expect(export(lines) == .failure(.tooFew(people: people)))
        }
        var lines = (0..<5).map { UnnamedExport.Line(author: person($0), text: Self.said[$0]) }
        #expect(try export(lines).get().texts.count == 5)
        // Who said nothing but a sign is nobody whose words are in it.
        lines[4].text = " ... "
        #expect(export(lines) == .failure(.tooFew(people: 4)))
    }

    @Test func `who said what, and in which order, changes nothing in it`() throws {
        var numbers = Numbers(state: 42)
        for round in 0..<500 {
            let count = 5 + Int(numbers.next() % 20)
            var lines = (0..<count).map { index in
                UnnamedExport.Line(
                    author: person(index % 5),
                    text: "\(Self.said[Int(numbers.next() % 8)]) \(numbers.next() % 100)"
                )
            }
            let seed = numbers.next()
            let first = try export(lines, seed: seed).get()
            // The same words by other people, in another order.
            let authors = lines.map(\.author).shuffled(using: &numbers)
            for index in lines.indices { lines[index].author = authors[index] }
            lines.shuffle(using: &numbers)
            #expect(try export(lines, seed: seed).get() == first, "round \(round)")
            #expect(first.texts.count == count)
        }
        // The seed decides on the order, and no two lines stay together by who said them.
        let lines = (0..<40).map {
            UnnamedExport.Line(author: person($0 / 8), text: "word \($0 / 10)\($0 % 10)")
        }
        let orders = Set((0..<20).map { try? export(lines, seed: UInt64($0)).get().texts })
        #expect(orders.count == 20)
    }

    @Test func `no name of the group is left in it, however it is written`() throws {
        let hider = NameHider(names: Self.names, words: ["Acme", "Finance Europe"])
        var numbers = Numbers(state: 7)
        let forms: [(String) -> String] = [
            { $0 }, { $0.uppercased() }, { $0.lowercased() }, { "\($0)'s" }, { "\($0)s" },
            { "(\($0))" }, { "\($0)," }, { "\"\($0)\"" }, { "\($0)-Marie" }, { "@\($0)" },
            { "\($0)@acme.example" }, { "https://x.example/\($0)" }, { "*\($0)*:" }, { "\($0)/x" },
        ]
        let pieces = Self.names.flatMap { $0.split { !$0.isLetter } }.map(String.init)
            .filter { $0.count > 1 && $0.first?.isUppercase == true }
        for _ in 0..<2_000 {
            var words = Self.said[Int(numbers.next() % 8)].split(separator: " ").map(String.init)
            let name = pieces[Int(numbers.next() % UInt64(pieces.count))]
            // A short name in small letters is a word.
            let form = name.count < 4 ? forms[0] : forms[Int(numbers.next() % UInt64(forms.count))]
            words.insert(form(name), at: Int(numbers.next() % UInt64(words.count + 1)))
            let hidden = hider.hidden(words.joined(separator: " "))
            let left = Set(hidden.lowercased().split { !$0.isLetter }.map(String.init))
            #expect(!left.contains(name.lowercased()), "\(hidden)")
            #expect(!left.contains(name.lowercased() + "s"), "\(hidden)")
            #expect(hidden.contains("["))
        }
    }

    @Test(arguments: [
        ("Lena Hofmann, what do you think?", "[somebody], what do you think?"),
        ("I met Mark van Dyk.", "I met [somebody]."),
        ("li was there, and Li too", "li was there, and [somebody] too"),
        ("write to lena@acme.example or www.acme.example/x", "write to [address] or [address]"),
        ("at 14:30 on 5.1.2027", "at [time] on [day]"), ("until 14h30", "until [time]"),
        ("on 4 December, then Dec 11", "on [day] December, then Dec [day]"),
        ("2027-01-05: call +49 170 1234567", "[day]: call +49 170 [number]"),
        ("Acme pays, and FINANCE knows", "[something] pays, and [something] knows"),
        ("two of 12 in 30 minutes, 3 times", "two of 12 in 30 minutes, 3 times"),
        ("line one\nline two\u{202e}", "line one line two"), ("", ""),
    ])
    func `names, addresses, days, times and numbers are taken out`(
        _ text: String,
        _ hidden: String
    ) {
        let hider = NameHider(names: Self.names, words: ["Acme", "Finance"])
        #expect(hider.hidden(text) == hidden)
    }

    @Test func `the page has a line for each, and nothing in it is markup`() throws {
        let hostile = [
            "# title", "- a\n- b", "<b>x</b>", "[x](http://x.example)", "| a |", "`code`", "*a*",
        ]
        let lines = hostile.enumerated().map {
            UnnamedExport.Line(author: person($0.offset), text: $0.element)
        }
        let page = try export(lines).get().markdown(period: "October to November 2026")
        let items = page.split(separator: "\n").filter { $0.hasPrefix("- ") }
        #expect(items.count == hostile.count)
        #expect(page.split(separator: "\n").count { $0.hasPrefix("#") } == 1)
        #expect(!page.contains("<b>") && !page.contains("](http"))
        #expect(page.contains("Said in October to November 2026"))
    }
}

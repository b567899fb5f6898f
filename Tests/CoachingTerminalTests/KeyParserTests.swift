// SPDX-License-Identifier: Apache-2.0

import CoachingTerminal
import Testing

@Suite struct KeyParserTests {
    private func keys(_ text: String) -> [Key] {
        var parser = KeyParser()
        return parser.feed(Array(text.utf8))
    }

    @Test(arguments: [
        ("a", Key.text("a")), ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace),
        ("\u{8}", .backspace), ("\u{1B}[3~", .delete), ("\u{1B}[D", .left), ("\u{1B}OD", .left),
        ("\u{1B}[C", .right), ("\u{1B}[A", .up), ("\u{1B}[B", .down), ("\u{1B}[H", .home),
        ("\u{1B}[1~", .home), ("\u{1}", .home), ("\u{1B}[F", .end), ("\u{1B}OF", .end),
        ("\u{5}", .end), ("\u{15}", .killToStart), ("\u{B}", .killToEnd), ("\u{17}", .killWordLeft),
        ("\u{1B}\u{7F}", .killWordLeft), ("\u{1B}d", .killWordRight), ("\u{1B}b", .wordLeft),
        ("\u{1B}f", .wordRight), ("\u{1B}[1;5D", .wordLeft), ("\u{1B}[1;5C", .wordRight),
        ("\u{C}", .clearScreen), ("\u{3}", .interrupt), ("\u{4}", .endOfInput), ("\u{19}", .yank),
        ("\u{1A}", .suspend), ("本é👩‍🚀", .text("本é👩‍🚀")),
    ])
    func `a key is known by its bytes, however they are cut`(bytes: String, key: Key) {
        #expect(keys(bytes) == [key])
        var parser = KeyParser()
        var text = ""
        var found: [Key] = []
        for byte in bytes.utf8 {
            for key in parser.feed([byte]) {
                if case .text(let part) = key {
                    text.unicodeScalars.append(contentsOf: part.unicodeScalars)
                } else {
                    found.append(key)
                }
            }
        }
        #expect(text.isEmpty ? found == [key] : .text(text) == key)
    }

    @Test func `a return with a line feed is one enter`() {
        #expect(keys("a\r\nb\n\n") == [.text("a"), .enter, .text("b"), .enter, .enter])
    }

    @Test func `a paste never submits`() {
        #expect(
            keys("\u{1B}[200~one\rtwo\r\nthree\n\tx\u{1B}]b\u{1B}[A\u{3}\u{1B}[201~\r")
                == [.text("one two three  x]b"), .enter]
        )
    }

    @Test func `a paste that never ends is left by Ctrl-C`() {
        var parser = KeyParser()
        #expect(parser.feed(Array("\u{1B}[200~x\r".utf8)) == [.text("x ")])
        #expect(parser.flush().isEmpty)
        #expect(parser.feed([0x03]) == [.interrupt])
        #expect(parser.feed([0x0D]) == [.enter])
    }

    @Test func `the end of a paste is found although the read paused within it`() {
        var parser = KeyParser()
        #expect(parser.feed(Array("\u{1B}[200~x\u{1B}[20".utf8)) == [.text("x")])
        #expect(parser.flush().isEmpty)
        #expect(parser.feed(Array("1~\r".utf8)) == [.enter])
    }

    @Test func `a lone ESC is Escape after a pause only`() {
        var parser = KeyParser()
        #expect(parser.feed([0x1B]).isEmpty)
        #expect(parser.isWaiting)
        #expect(parser.flush() == [.escape])
        #expect(parser.flush().isEmpty)
        #expect(parser.feed([0x1B]).isEmpty)
        #expect(parser.feed(Array("[D".utf8)) == [.left])
    }

    @Test func `what a terminal reports by itself is no text`() {
        #expect(keys("a\u{1B}]11;rgb:0/0/0\u{1B}\\b") == [.text("ab")])
        #expect(keys("\u{1B}P1$r0m\u{1B}\\\u{1B}[?62;c\u{1B}[[Ax") == [.text("x")])
    }

    @Test func `bytes that are not UTF-8 become replacement characters`() {
        var parser = KeyParser()
        #expect(parser.feed([0xFF, 0x61, 0xC3, 0x28]) == [.text("\u{FFFD}a\u{FFFD}(")])
        #expect(parser.feed([0xE6, 0x9C]).isEmpty)
        #expect(parser.flush() == [.text("\u{FFFD}")])
        #expect(parser.feed([0xC2, 0x9B, 0x41]) == [.text("A")])
    }

    @Test func `random bytes never trap, and what is kept stays small`() {
        let seed: UInt64 = 0x6B65_7973
        var random = Seeded(seed: seed)
        var parser = KeyParser()
        let starts: [[UInt8]] = [Array("\u{1B}[".utf8), Array("\u{1B}]".utf8), [0x1B], [0xF0], []]
        for _ in 0..<20_000 {
            var bytes = starts.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                bytes.append(UInt8.random(in: 0...255, using: &random))
            }
            let keys = parser.feed(bytes)
            let scalars = keys.reduce(0) {
                if case .text(let text) = $1 { $0 + text.unicodeScalars.count } else { $0 + 1 }
            }
            // One unfinished scalar or escape from before may come out with this feed.
            guard scalars <= bytes.count + 1 else {
                Issue.record("seed \(seed): \(scalars) from \(bytes)")
                return
            }
            if Int.random(in: 0..<4, using: &random) == 0 { _ = parser.flush() }
        }
        var long = KeyParser()
        #expect(long.feed(Array("\u{1B}[".utf8) + Array(repeating: 0x31, count: 1_000_000)).isEmpty)
        #expect(String(reflecting: long).utf8.count < 2_000)
        #expect(long.feed(Array("~x".utf8)) == [.text("x")])
        let string = Array("\u{1B}]".utf8) + Array(repeating: 0x31, count: KeyParser.skippedMax)
        #expect(long.feed(string + Array("x".utf8)) == [.text("x")])
    }
}

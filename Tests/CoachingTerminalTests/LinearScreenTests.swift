// SPDX-License-Identifier: Apache-2.0

import CoachingTerminal
import Testing

@Suite struct LinearScreenTests {
    /// A screen, the keys for it and the terminal it is shown on.
    private struct Room {
        var screen: LinearScreen
        var parser = KeyParser()
        var model: ScreenModel
        var written: [UInt8] = []

        init(
            columns: Int = 80,
            rows: Int = 24,
            style: LinearScreen.Style = .live,
            widths: ScreenModel.Widths = .clusters,
            prompt: String = "[only you] until 14:26> "
        ) {
            screen = LinearScreen(style: style, columns: columns)
            model = ScreenModel(columns: columns, rows: rows, widths: widths)
            screen.setPrompt(prompt)
            show()
        }

        mutating func show() {
            written = screen.takeOutput()
            model.write(written)
        }

        @discardableResult
        mutating func type(_ keys: String) -> [LineEdit] {
            let edits = parser.feed(Array(keys.utf8)).map { screen.press($0) }
            show()
            return edits
        }

        mutating func emit(_ line: ScreenLine) {
            screen.emit(line)
            show()
        }

        mutating func setPrompt(_ prompt: String) {
            screen.setPrompt(prompt)
            show()
        }
    }

    @Test func `a row that is hidden before a stop is drawn again whole`() {
        var room = Room()
        room.type("half a line")
        room.screen.hide()
        room.show()
        #expect(room.model.screen.allSatisfy { !$0.contains("half") })
        // Whatever comes before it is drawn again, such as the shell's words.
        room.model.write(Array("[1]+  Stopped\r\n".utf8))
        room.screen.redraw()
        room.show()
        #expect(room.model.screen.contains("[only you] until 14:26> half a line"))
        #expect(room.model.screen.contains("[1]+  Stopped"))
    }

    @Test func `a turn looks as it was drawn, at 80 by 24`() {
        var room = Room(prompt: "[Lena, Tom] until 14:12> ")
        room.emit(
            ScreenLine(time: "14:10", .system, "Agree on the aim, until 14:12. You: ask Lena.")
        )
        room.type("Tom, please watch whe")
        room.emit(ScreenLine(time: "14:10", .scope("turn"), "Tom, observer: gladly\u{1B}[2J\nyes"))
        #expect(room.type("ther I advise too early\r").last == .submitted(Self.asked))
        room.emit(ScreenLine(time: "14:11", .sent, "Sent to Lena, Tom."))
        room.type("half a li")
        room.setPrompt("[only you] until 14:26> ")
        room.emit(
            ScreenLine(
                time: "14:22",
                .refused,
                "Not sent: Ben was let in just now and would read it too. /retry sends it, /drop does not."
            )
        )
        #expect(
            room.model.screen.filter { !$0.isEmpty } == [
                "14:10 * Agree on the aim, until 14:12. You: ask Lena.",
                "14:10 [turn] Tom, observer: gladly\u{FFFD}[2J / yes",
                "[Lena, Tom] until 14:12> Tom, please watch whether I advise too early",
                "14:11 = Sent to Lena, Tom.",
                "14:22 ! Not sent: Ben was let in just now and would read it too. /retry sends",
                "      it, /drop does not.",
                "[only you] until 14:26> half a li",
            ]
        )
        #expect(room.model.cursorColumn == 33)
        #expect(room.screen.editor.text == "half a li")
        #expect(room.model.unknown.isEmpty)
    }

    private static let asked = "Tom, please watch whether I advise too early"

    @Test func `at 20 by 5 a long prompt has rows of its own and the line scrolls`() {
        var room = Room(columns: 20, rows: 5)
        #expect(room.model.above == ["[only you] until", "  14:26>"])
        #expect(room.model.current == ">")
        room.type("she slowed down after the silence")
        #expect(room.model.current == "> <e silence")
        room.emit(ScreenLine(time: "14:25", .system, "1 minute left."))
        #expect(
            room.model.screen == [
                "[only you] until", "  14:26>", "14:25 * 1 minute", "     left.",
                "> <e silence",
            ]
        )
        room.type("\r")
        #expect(
            room.model.screen == [
                "[only you] until", "  14:26> she slowed", "  down after the", "  silence", ">",
            ]
        )
        #expect(room.model.scrolledOff.last == "     left.")
    }

    @Test func `typing at the end writes only what was typed`() {
        var room = Room()
        room.type("a")
        #expect(room.written == Array("a".utf8))
        room.type("本é")
        #expect(room.written == Array("本é".utf8))
        room.type("xy")
        room.type("\u{7F}")
        #expect(room.written == Array("\u{8}\u{1B}[K".utf8))
        room.type("\u{1B}[D")
        #expect(room.model.current == "[only you] until 14:26> a本éx")
        room.type("\u{1B}[A")
        #expect(room.written.isEmpty)
    }

    @Test func `with a screen reader the prompt is not drawn again until a key or a new prompt`() {
        var room = Room(style: .quiet)
        room.type("half")
        room.emit(ScreenLine(time: "14:20", .system, "One."))
        room.emit(ScreenLine(time: "14:21", .system, "Two."))
        #expect(room.model.above == ["14:20 * One.", "14:21 * Two."])
        #expect(room.model.current == "")
        room.type("-typed")
        #expect(room.model.current == "[only you] until 14:26> half-typed")
        room.emit(ScreenLine(time: "14:22", .system, "Three."))
        room.setPrompt("[only you] until 14:26> ")
        #expect(room.written.isEmpty)
        room.setPrompt("[Lena] until 14:30> ")
        #expect(room.model.current == "[Lena] until 14:30> half-typed")
    }

    @Test func `the plain style knows no escape sequence`() {
        var screen = LinearScreen(style: .plain, columns: 20)
        screen.setPrompt("[Lena] until 14:30> ")
        screen.emit(
            ScreenLine(time: "14:20", .scope("turn"), "Lena: \u{1B}[31mhello, this is long")
        )
        for key in [Key.text("x"), .enter, .clearScreen] { _ = screen.press(key) }
        screen.resize(columns: 10)
        screen.wipe()
        screen.redraw()
        screen.finish()
        #expect(
            String(decoding: screen.takeOutput(), as: UTF8.self)
                == "[Lena] until 14:30> \n14:20 [turn] Lena: \u{FFFD}[31mhello, this is long\n"
        )
    }

    @Test func `the style follows the terminal`() {
        typealias Style = LinearScreen.Style
        #expect(Style(isTTY: true, term: "xterm", screenReader: false) == .live)
        #expect(Style(isTTY: true, term: "xterm", screenReader: true) == .quiet)
        #expect(Style(isTTY: true, term: "dumb", screenReader: false) == .plain)
        #expect(Style(isTTY: true, term: nil, screenReader: true) == .plain)
        #expect(Style(isTTY: false, term: "xterm", screenReader: false) == .plain)
    }

    @Test func `leads are bold only where that is wanted`() {
        var screen = LinearScreen(style: .live, columns: 80, isEmphatic: true)
        screen.emit(ScreenLine(time: "14:20", .system, "Hello."))
        #expect(
            String(decoding: screen.takeOutput(), as: UTF8.self)
                == "\u{1B}[1m14:20 * \u{1B}[0mHello.\r\n"
        )
    }

    @Test func `clearing leaves the prompt and the line, wiping also clears what scrolled off`() {
        var room = Room(rows: 3)
        for number in 0..<5 { room.emit(ScreenLine(time: "14:20", .system, "Line \(number).")) }
        room.type("sent\rhalf")
        room.type("\u{C}")
        #expect(room.model.screen[0] == "[only you] until 14:26> half")
        #expect(!room.model.scrolledOff.isEmpty)
        room.screen.wipe()
        room.show()
        #expect(room.model.above.isEmpty && room.model.below.isEmpty)
        #expect(room.model.current == "[only you] until 14:26> half")
        #expect(room.type("\u{1B}[A") == [.unchanged])
    }

    @Test func `choices of a completion are offered as a line`() {
        var room = Room()
        room.type("/st")
        #expect(room.type("\t") == [.completing(room.screen.editor.completionQuery)])
        room.screen.complete(with: ["/stop", "/start"])
        room.show()
        #expect(room.model.above == ["? /stop  /start"])
        #expect(room.model.current == "[only you] until 14:26> /st")
        room.type("o")
        room.screen.complete(with: ["/stop", "/start"])
        room.show()
        #expect(room.model.current == "[only you] until 14:26> /stop")
        #expect(room.model.cursorColumn == 30)
    }

    @Test func `a half-typed line survives a new size`() {
        var room = Room()
        room.emit(ScreenLine(time: "14:20", .system, "Short."))
        room.type("a line that is longer than the narrow screen 本語\u{1B}[D")
        for columns in [40, 20, 30, 80] {
            room.model.resize(columns: columns)
            room.screen.resize(columns: columns)
            room.show()
            #expect(room.model.scrolledOff.isEmpty && room.model.below.isEmpty)
            #expect(room.model.above.first == "14:20 * Short.")
            #expect(room.model.current.contains("本>") || room.model.current.contains("本語"))
        }
        #expect(
            room.model.current
                == "[only you] until 14:26> a line that is longer than the narrow screen 本語"
        )
        #expect(room.model.cursorColumn == 71)
    }

    @Test func `finishing leaves an empty row`() {
        var room = Room()
        room.type("half")
        room.screen.finish()
        room.show()
        #expect(room.model.current == "" && room.model.cursorColumn == 0)
    }

    /// Runs random keys, lines and prompts against a terminal and compares all that stands there.
    @Test(arguments: [ScreenModel.Widths.clusters, .scalars], [LinearScreen.Style.live, .quiet])
    func `no incoming line ever tears the row`(
        widths: ScreenModel.Widths,
        style: LinearScreen.Style
    ) {
        for seed in UInt64(1)...40 {
            var random = Seeded(seed: seed)
            let columns = Int.random(in: 20...80, using: &random)
            var room = Room(columns: columns, rows: 5, style: style, widths: widths, prompt: "> ")
            var expected: [String] = []
            let keys = [
                "\u{7F}", "\u{1B}[D", "\u{1B}[C", "\u{1}", "\u{5}", "\u{1B}[A", "\u{17}", "b",
            ]
            for step in 0..<60 {
                switch Int.random(in: 0..<8, using: &random) {
                case 0, 1:
                    let text = random.text(piecesMax: 20)
                    room.emit(ScreenLine(time: "14:20", .scope("turn"), text))
                    expected += DisplayWidth.wrap(
                        "14:20 [turn] " + TextFilter.clean(text),
                        columns: columns,
                        indent: 6
                    )
                case 2:
                    let typed = room.screen.editor.text
                    let isWhole = room.screen.editor.render(prompt: "> ", columns: columns).isWhole
                    room.type("\r")
                    expected +=
                        isWhole
                        ? ["> " + typed]
                        : DisplayWidth.wrap("> " + typed, columns: columns, indent: 2)
                case 3, 4: room.type(keys.randomElement(using: &random) ?? "")
                default:
                    _ = room.screen.press(.text(random.text(piecesMax: 5)))
                    room.show()
                }
                let row = room.screen.editor.render(prompt: "> ", columns: columns)
                let isDrawn = style == .live || room.model.current != ""
                let left = row.left.unicodeScalars.reduce(0) { $0 + DisplayWidth.columns(of: $1) }
                let column = widths == .clusters ? row.cursorColumn : left
                let matches =
                    Self.same(room.model.above, expected) && room.model.below.isEmpty
                    && (!isDrawn
                        || Self.same([room.model.current], [row.text])
                            && room.model.cursorColumn == column)
                guard matches, room.model.unknown.isEmpty else {
                    Issue.record(
                        """
                        seed \(seed), step \(step), columns \(columns), cursor \
                        \(room.model.cursorColumn) for \(column), unknown \(room.model.unknown):
                        \(room.model.above.suffix(3).map(\.debugDescription)) for \
                        \(expected.suffix(3).map(\.debugDescription))
                        \(room.model.current.debugDescription) for \(row.text.debugDescription)
                        """
                    )
                    return
                }
            }
        }
    }

    /// Compares scalar by scalar, without the spaces at the ends.
    private static func same(_ left: [String], _ right: [String]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { pair in
                trimmed(pair.0).elementsEqual(trimmed(pair.1))
            }
    }

    private static func trimmed(_ text: String) -> [Unicode.Scalar] {
        var scalars = Array(text.unicodeScalars)
        while scalars.last == " " { scalars.removeLast() }
        return scalars
    }
}

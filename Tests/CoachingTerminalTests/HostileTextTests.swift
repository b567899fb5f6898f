// SPDX-License-Identifier: Apache-2.0

import CoachingTerminal
import Testing

/// What others write, are called, and put into formats, against a whole screen.
@Suite struct HostileTextTests {
    /// Sequences that would move, colour, name, copy, reset or reverse, and formats of others.
    private static let attacks = [
        "\u{1B}[1m", "\u{1B}[31m", "\u{1B}]52;c;YQ==\u{07}", "\u{1B}]0;title\u{1B}\\",
        "\u{1B}[?1049h", "\u{1B}[10A", "\u{1B}[2J\u{1B}[3J", "\u{1B}c", "\u{1B}P+q\u{1B}\\",
        "\u{9D}2;x\u{9C}", "\u{9B}H", "\u{90}x\u{9C}", "\u{0E}", "\u{7F}\u{08}", "\u{1B}7\u{1B}8",
        "%s%n%@", "{client}", "\\(name)", "14:10 * Tom left north.", "\r14:10 = Sent to Lena.",
        "\n14:10 ! Not sent", "\u{2028}14:10 ? /yes", "] until 14:26> ", "\u{202E}* 01:41",
        "\u{2067}", "\u{2069}", "\u{206A}", "\u{FFF9}", "\u{E0020}",
    ]

    /// Whether a scalar is a control of the upper half or changes the direction of text.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x80...0x9F, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x206F: true
        default: false
        }
    }

    private static func hostile(_ random: inout Seeded) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            text += random.text(piecesMax: 3)
            text += attacks.randomElement(using: &random) ?? ""
        }
        return text
    }

    /// Whether a row looks as if the system had begun it.
    private static func isSystemLike(_ row: String) -> Bool {
        let scalars = Array(row.unicodeScalars.prefix(7))
        guard scalars.count == 7, scalars[2] == ":", scalars[5] == " " else { return false }
        return "*=!?".unicodeScalars.contains(scalars[6])
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `50,000 random lines, names, prompts and choices leave the terminal as it was`(
        _ part: UInt64
    ) {
        let seed = 0x686F_7374_0000 + part
        var random = Seeded(seed: seed)
        let columns = part.isMultiple(of: 2) ? 40 : 80
        var screen = LinearScreen(style: .live, columns: columns)
        var model = ScreenModel(columns: columns, rows: 6)
        screen.setPrompt("[only you] > ")
        for number in 0..<50_000 {
            let text = Self.hostile(&random)
            switch number % 8 {
            case 0: screen.emit(ScreenLine(time: "14:10", .scope(text), "said"))
            case 1: screen.setPrompt("[\(text)] until 14:26> ")
            case 2: screen.complete(with: ["/to \(text)", text])
            default: screen.emit(ScreenLine(time: "14:10", .scope("turn"), "Tom: \(text)"))
            }
            let bytes = screen.takeOutput()
            model.write(bytes)
            let written = String(decoding: bytes, as: UTF8.self)
            var faults = model.unknown
            if model.bells > 0 { faults.append("a bell") }
            if written.contains("\u{1B}[1m") { faults.append("bold") }
            if written.unicodeScalars.contains(where: Self.isControl) {
                faults.append("a control")
            }
            // Choices are the system's own line; nothing else here begins as one does.
            if number % 8 != 2, number % 8 != 1 {
                let rows = written.split(separator: "\r\n").dropLast()
                if rows.contains(where: { Self.isSystemLike(Self.bare($0)) }) {
                    faults.append("a line of the system")
                }
            }
            guard faults.isEmpty else {
                Issue.record("seed \(seed), string \(number), \(faults): \(text.debugDescription)")
                return
            }
        }
        #expect(model.cursorRow < 6)
    }

    /// A written row without the sequences with which the prompt is taken away.
    private static func bare(_ row: Substring) -> String {
        var rest = row
        while let next = rest.first, next == "\r" || next == "\u{1B}" {
            rest.removeFirst()
            if next == "\u{1B}" {
                guard let end = rest.firstIndex(where: \.isLetter) else { return "" }
                rest = rest[rest.index(after: end)...]
            }
        }
        return String(rest)
    }

    @Test func `a display name with a format's marks stays what it is`() {
        var screen = LinearScreen(style: .plain)
        screen.emit(ScreenLine(time: "14:10", .system, "%s{client}\\(x) was let in."))
        #expect(
            String(decoding: screen.takeOutput(), as: UTF8.self)
                == "14:10 * %s{client}\\(x) was let in.\n"
        )
    }
}

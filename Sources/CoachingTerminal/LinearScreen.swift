// SPDX-License-Identifier: Apache-2.0

/// The room view as a line printer with one live row at the bottom.
///
/// Lines are printed once, from top to bottom, and never touched again, which is what a screen
/// reader can follow. Only the last row, with the prompt and the line being typed, is drawn
/// again, and only when it changed. Changes gather until ``takeOutput()``.
///
/// - Isolation: a value; one loop owns it, feeds it keys and lines, and writes what it gives.
public struct LinearScreen: Sendable {
    /// How the screen may be drawn.
    public enum Style: Hashable, Sendable {
        /// A terminal: the prompt is drawn again below each new line.
        case live
        /// A terminal with a screen reader: after new lines the prompt is not drawn (and so not
        /// read out) again until a key is pressed or its own words change.
        case quiet
        /// No terminal, or one that knows no sequences: lines only, no escape sequence ever.
        case plain

        /// Chooses the style for an output.
        ///
        /// - Parameters:
        ///   - isTTY: whether both input and output are terminals.
        ///   - term: the environment's `TERM`.
        ///   - screenReader: whether the person asked for the quiet style.
        public init(isTTY: Bool, term: String?, screenReader: Bool) {
            let isAble = isTTY && term != nil && term != "" && term != "dumb"
            self = isAble ? (screenReader ? .quiet : .live) : .plain
        }
    }

    /// How the screen is drawn.
    public let style: Style
    /// Whether leads are bold; leave it off where `NO_COLOR` is set.
    public let isEmphatic: Bool
    /// The columns of the terminal.
    public private(set) var columns: Int
    /// What stands before the line being typed: its readers, until when.
    public private(set) var prompt: String?
    /// The line being typed.
    public private(set) var editor: LineEditor

    private var output: [UInt8] = []
    /// The row on the screen; nothing when the cursor stands at the start of an empty row.
    private var drawn: EditorRow?
    /// Whether the row may be drawn where it is not.
    private var isWanted = true
    /// The prompt that was printed as lines because it leaves too few columns.
    private var announced: String?

    /// Starts with an empty row and no prompt; nothing is drawn before ``setPrompt(_:)``.
    public init(
        style: Style,
        columns: Int = 80,
        isEmphatic: Bool = false,
        editor: LineEditor = LineEditor()
    ) {
        self.style = style
        self.columns = max(columns, 8)
        self.isEmphatic = isEmphatic
        self.editor = editor
    }

    /// Prints lines above the row being typed.
    public mutating func emit(_ lines: [ScreenLine]) {
        guard !lines.isEmpty else { return }
        eraseRow()
        for line in lines {
            if style == .plain {
                print([line.row])
                continue
            }
            var rows = DisplayWidth.wrap(line.row, columns: columns, indent: line.indent)
            if isEmphatic, let first = rows.first, first.hasPrefix(line.head) {
                rows[0] = "\u{1B}[1m\(line.head)\u{1B}[0m\(first.dropFirst(line.head.count))"
            }
            print(rows)
        }
        isWanted = style == .live
    }

    /// Prints one line above the row being typed.
    public mutating func emit(_ line: ScreenLine) { emit([line]) }

    /// Changes what stands before the line being typed; the line itself stays.
    ///
    /// In the plain style the new prompt is printed as a line, so that its readers are known.
    public mutating func setPrompt(_ text: String) {
        let next = TextFilter.clean(text)
        guard next != prompt else { return }
        prompt = next
        isWanted = true
        if style == .plain { print([next]) }
    }

    /// Gives a key to the line being typed and shows what it did.
    ///
    /// A submitted line stays on the screen as it was typed, with the prompt of that moment.
    /// Ctrl-L clears the screen here; everything else is for the caller to act on.
    public mutating func press(_ key: Key) -> LineEdit {
        isWanted = true
        if key == .enter { commitRow() }
        let edit = editor.press(key)
        show(edit)
        return edit
    }

    /// Completes the word before the cursor, or offers the choices as a line.
    public mutating func complete(with candidates: [String]) {
        isWanted = true
        let edit = editor.complete(with: candidates)
        if case .choices(let choices) = edit {
            emit(ScreenLine(.offer, choices.joined(separator: "  ")))
            isWanted = true
        }
        show(edit)
    }

    /// Replaces the line being typed, such as by a held line that is to be changed.
    public mutating func setText(_ text: String) {
        isWanted = true
        show(editor.replace(with: text))
    }

    /// Takes the terminal's new width; printed lines stay as they are.
    ///
    /// A terminal that breaks rows anew may leave a piece of the old row above: nothing is
    /// erased upwards, where it could be somebody's words.
    public mutating func resize(columns: Int) {
        guard max(columns, 8) != self.columns else { return }
        self.columns = max(columns, 8)
        redraw()
    }

    /// Draws the row again, wherever the cursor is now, such as after a stop.
    public mutating func redraw() {
        isWanted = true
        guard style != .plain else { return }
        write("\r\u{1B}[J")
        drawn = nil
    }

    /// Takes the row away until it is drawn again or a key comes, such as before a stop.
    public mutating func hide() {
        eraseRow()
        isWanted = false
    }

    /// Clears the screen and what scrolled off it, and forgets the history of lines.
    ///
    /// First the screen and then what scrolled off: tmux puts what is cleared into its history,
    /// and empties that for the last sequence (tried with tmux 3.3). A terminal may keep copies
    /// that no sequence reaches, such as a log.
    public mutating func wipe() {
        editor.forget()
        clear(scrollback: true)
    }

    /// Ends with an empty row, so that what the shell prints next stands alone.
    public mutating func finish() {
        eraseRow()
        prompt = nil
    }

    /// Draws the row if it changed, and gives the bytes to write since the last call.
    public mutating func takeOutput() -> [UInt8] {
        drawRow()
        defer { output = [] }
        return output
    }

    private mutating func show(_ edit: LineEdit) {
        guard style != .plain else { return }
        switch edit {
        case .full: output.append(0x07)
        case .clearScreen: clear(scrollback: false)
        case .unchanged, .edited, .submitted, .completing, .choices, .interrupted, .endOfInput,
            .suspended:
            break
        }
    }

    private mutating func clear(scrollback: Bool) {
        guard style != .plain else { return }
        write("\u{1B}[H\u{1B}[2J" + (scrollback ? "\u{1B}[3J" : ""))
        drawn = nil
        announced = nil
        isWanted = true
    }
}

extension LinearScreen {
    /// The prompt as it fits before a line, with room left to type.
    private var rowPrompt: String? {
        guard let prompt else { return nil }
        return isTall ? "> " : prompt
    }

    /// Whether the prompt stands on rows of its own because it leaves too few columns.
    private var isTall: Bool {
        DisplayWidth.columnsMax(of: prompt ?? "") > columns - 1 - min(20, columns / 2)
    }

    private mutating func commitRow() {
        guard style != .plain, let prompt else { return }
        drawRow()
        guard let drawn else { return }
        if drawn.isWhole {
            write("\r\n")
        } else {
            eraseRow()
            print(DisplayWidth.wrap(prompt + editor.text, columns: columns, indent: 2))
        }
        self.drawn = nil
    }

    private mutating func eraseRow() {
        guard drawn != nil else { return }
        write("\r\u{1B}[K")
        drawn = nil
    }

    private mutating func drawRow() {
        guard style != .plain, let prompt, drawn != nil || isWanted else { return }
        if isTall, announced != prompt {
            eraseRow()
            print(DisplayWidth.wrap(prompt, columns: columns, indent: 2))
            announced = prompt
        }
        let row = editor.render(prompt: rowPrompt ?? "", columns: columns)
        if let drawn {
            write(RowChange.bytes(from: drawn, to: row))
        } else {
            write(RowChange.whole(row))
        }
        drawn = row
    }

    private mutating func print(_ rows: [String]) {
        let end = style == .plain ? "\n" : "\r\n"
        for row in rows { write(row + end) }
    }

    private mutating func write(_ text: String) { output.append(contentsOf: text.utf8) }
}

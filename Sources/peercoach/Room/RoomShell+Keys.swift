// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingTerminal

/// What the person does at the terminal.
extension RoomShell {
    mutating func take(_ event: TTYEvent) {
        switch event {
        case .bytes(let bytes): takeKeys(bytes)
        case .paused: for key in parser.flush() { press(key) }
        case .resized(let size): display.resize(columns: size.columns)
        case .continued: display.redraw()
        case .interrupted: interrupt()
        case .terminated, .endOfInput:
            // Nobody is there any more who could decide.
            model?.wasWarnedOfLoss = true
            quit()
        }
    }

    /// Takes what was typed.
    mutating func takeKeys(_ bytes: [UInt8]) {
        for key in parser.feed(bytes) { press(key) }
    }

    mutating func press(_ key: Key) {
        if key != .interrupt { wasInterrupted = false }
        let edit = display.press(key)
        switch edit {
        case .submitted(let line): submit(line)
        case .completing(let query):
            display.complete(with: model?.completions(before: query.before, word: query.word) ?? [])
        case .interrupted: interrupt()
        case .endOfInput: quit()
        case .suspended:
            // What the shell says then has a row of its own; going on draws this one again.
            display.hide()
            try? display.flush()
            tty.suspend()
        case .unchanged, .edited, .choices, .full, .clearScreen: break
        }
        if case .submitted = edit { return }
        model?.drafting(display.text)
    }

    /// The first interrupt drops what is being typed, or asks; a second one closes.
    mutating func interrupt() {
        guard !wasInterrupted, let model else { return quit() }
        wasInterrupted = true
        guard !display.text.isEmpty else {
            return perform([.show(model.offer("/quit closes this view, or once more Ctrl-C."))])
        }
        display.dropText()
        self.model?.drafting("")
        perform([
            .show(
                model.system(
                    "The line that you were typing is dropped; nothing of it was sent. Once more "
                        + "Ctrl-C closes this view."
                )
            )
        ])
    }

    mutating func submit(_ line: String) {
        guard let effects = model?.submit(line) else { return }
        perform(effects)
        model?.drafting(display.text)
    }

    mutating func take(_ line: InputLine?) {
        isLineAwaited = false
        switch line {
        case nil: isInputOver = true
        case .line(let text): submit(text)
        case .tooLong(let bytesMax):
            guard let model else { return }
            perform([.show(model.refusal("Not sent: a line has \(bytesMax) bytes at most."))])
        }
        if source != .script, isInputOver { quit() }
    }
}

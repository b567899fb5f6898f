// SPDX-License-Identifier: Apache-2.0

/// What to write so that one row becomes another, in as few characters as is safe.
///
/// Typing at the end writes only what was typed, so a screen reader speaks that and not the
/// whole row. Steps are counted in columns only over ASCII, where every terminal agrees;
/// elsewhere the row is drawn anew and the terminal itself remembers where the cursor belongs.
enum RowChange {
    /// Gives the text that turns the row on the screen into the new one.
    static func bytes(from old: EditorRow, to new: EditorRow) -> String {
        if old == new { return "" }
        if old.text == new.text, old.text.unicodeScalars.elementsEqual(new.text.unicodeScalars) {
            return move(from: old, to: new) ?? "\r" + whole(new)
        }
        guard old.right.isEmpty, new.right.isEmpty else { return "\r" + whole(new) }
        if let added = rest(of: new.left, after: old.left) { return added }
        if let gone = rest(of: old.left, after: new.left), isPlain(gone) {
            return String(repeating: "\u{08}", count: gone.utf8.count) + "\u{1B}[K"
        }
        return "\r" + whole(new)
    }

    /// Gives the text that draws a row from the left edge.
    static func whole(_ row: EditorRow) -> String {
        row.right.isEmpty
            ? row.left + "\u{1B}[K" : "\(row.left)\u{1B}7\(row.right)\u{1B}[K\u{1B}8"
    }

    private static func move(from old: EditorRow, to new: EditorRow) -> String? {
        if let passed = rest(of: new.left, after: old.left), isPlain(passed) {
            return "\u{1B}[\(passed.utf8.count)C"
        }
        if let passed = rest(of: old.left, after: new.left), isPlain(passed) {
            return "\u{1B}[\(passed.utf8.count)D"
        }
        return nil
    }

    /// Gives what follows the start, if the text begins with it scalar by scalar.
    private static func rest(of text: String, after start: String) -> String? {
        guard text.utf8.count > start.utf8.count, text.utf8.starts(with: start.utf8) else {
            return nil
        }
        return String(decoding: text.utf8.dropFirst(start.utf8.count), as: UTF8.self)
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CTerminal

/// Measures text in terminal columns.
///
/// Terminals disagree about emoji sequences, so there are two measures: the likely width, for
/// showing a cursor column, and the greatest width on any terminal, for keeping a row whole.
///
/// - Units: columns, never characters or bytes.
public enum DisplayWidth {
    /// Gives the columns of one scalar: 0 for controls and combining marks, else 1 or 2.
    public static func columns(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x7F { return scalar.value < 0x20 ? 0 : 1 }
        let known = Int(cterminal_width(scalar.value))
        if known >= 0 { return known }
        // Newer than the C library, or not printable at all.
        switch scalar.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        let wide = scalar.properties.isEmojiPresentation || scalar.value >= 0x20000
        return wide && scalar.value < 0x40000 ? 2 : 1
    }

    /// Gives the likely columns of one grapheme cluster; an emoji sequence is 2.
    public static func columns(of cluster: Character) -> Int {
        isEmojiSequence(cluster) ? 2 : sum(of: cluster)
    }

    /// Gives the columns that one grapheme cluster takes at most, whatever the terminal makes of
    /// sequences that it may not know.
    public static func columnsMax(of cluster: Character) -> Int {
        let sum = sum(of: cluster)
        return isEmojiSequence(cluster) ? max(2, sum) : sum
    }

    /// Gives the likely columns of a text without line breaks.
    public static func columns(of text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + columns(of: $1) }
    }

    /// Gives the columns that a text without line breaks takes at most.
    public static func columnsMax(of text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + columnsMax(of: $1) }
    }

    /// Cuts a text to so many columns, ending with an ellipsis where something was cut.
    ///
    /// - Limits: `columnsMax` is held on every terminal.
    public static func truncate(_ text: String, columnsMax: Int) -> String {
        guard self.columnsMax(of: text) > columnsMax else { return text }
        guard columnsMax > 0 else { return "" }
        var kept = ""
        var used = 1
        for cluster in text {
            let width = self.columnsMax(of: cluster)
            if used + width > columnsMax { break }
            kept.append(cluster)
            used += width
        }
        return kept + "…"
    }

    /// Breaks a text into rows of so many columns, at spaces where there are any.
    ///
    /// Every row but the first begins with `indent` spaces, so that a long text cannot put words
    /// of its author's choice at the left edge, where the system's lines begin.
    ///
    /// - Parameters:
    ///   - text: the text, without line breaks.
    ///   - columns: the columns of a row; fewer than 2 count as 2.
    ///   - indent: the spaces before each further row, a quarter of the columns at most.
    /// - Returns: one row at least; no row is wider than `columns` on any terminal.
    public static func wrap(_ text: String, columns: Int, indent: Int = 0) -> [String] {
        var wrapping = Wrapping(columns: max(2, columns), indent: max(0, indent))
        for cluster in text {
            if columnsMax(of: cluster) > wrapping.columns - wrapping.indent.count {
                // Wider than a whole row: its scalars one by one.
                for scalar in cluster.unicodeScalars { wrapping.add(Character(scalar)) }
            } else {
                wrapping.add(cluster)
            }
        }
        return wrapping.finished()
    }

    private static func sum(of cluster: Character) -> Int {
        if let ascii = cluster.asciiValue { return ascii < 0x20 || ascii == 0x7F ? 0 : 1 }
        return cluster.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
    }

    private static func isEmojiSequence(_ cluster: Character) -> Bool {
        guard let first = cluster.unicodeScalars.first, first.properties.isEmoji else {
            return false
        }
        return cluster.unicodeScalars.dropFirst().contains {
            $0.value == 0x200D || $0.value == 0xFE0F || $0.properties.isEmojiModifier
        }
    }
}

/// The rows of a text while it is broken.
private struct Wrapping {
    let columns: Int
    let indent: String
    var rows: [String] = []
    var row = ""
    var used = 0
    /// Where the row may be broken: what stands before the last run of spaces.
    var head: String?
    /// What stands after the last run of spaces.
    var tail = ""
    var tailColumns = 0

    init(columns: Int, indent: Int) {
        self.columns = columns
        self.indent = String(repeating: " ", count: min(indent, columns / 4))
    }

    mutating func add(_ cluster: Character) {
        let width = DisplayWidth.columnsMax(of: cluster)
        if used + width > columns {
            if cluster == " " {
                begin(with: "", columns: 0)
                return
            }
            if let head, tailColumns + width <= columns - indent.count {
                let (moved, movedColumns) = (tail, tailColumns)
                row = head
                begin(with: moved, columns: movedColumns)
            } else {
                begin(with: "", columns: 0)
            }
        }
        if cluster == " " {
            // A further row does not begin with spaces of the text's own.
            if !rows.isEmpty, used == indent.count { return }
            if !row.hasSuffix(" ") { head = row }
            tail = ""
            tailColumns = 0
        } else {
            tail.append(cluster)
            tailColumns += width
        }
        row.append(cluster)
        used += width
    }

    mutating func begin(with moved: String, columns movedColumns: Int) {
        rows.append(row)
        row = indent + moved
        used = indent.count + movedColumns
        head = nil
        tail = moved
        tailColumns = movedColumns
    }

    func finished() -> [String] {
        used > indent.count || rows.isEmpty ? rows + [row] : rows
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The row in which a line is edited, as it stands on the screen.
public struct EditorRow: Hashable, Sendable {
    /// The prompt and the visible part of the line up to the cursor.
    public let left: String
    /// The visible part of the line from the cursor on.
    public let right: String
    /// The likely column of the cursor, from 0.
    public let cursorColumn: Int
    /// Whether the whole line is visible.
    public let isWhole: Bool

    /// The whole row.
    public var text: String { left + right }
}

extension LineEditor {
    /// Lays the line out in one row, scrolled sideways so that the cursor is visible.
    ///
    /// The last column stays free, so the row never wraps. `<` and `>` stand for hidden text.
    /// The window moves by half its width: while one types at the end, what stands there mostly
    /// stays where it is.
    ///
    /// - Parameters:
    ///   - prompt: what stands before the line, short enough to leave some columns.
    ///   - columns: the columns of the terminal.
    /// - Returns: the row, cut where the cursor stands.
    public func render(prompt: String, columns: Int) -> EditorRow {
        let room = max(4, columns - 1 - DisplayWidth.columnsMax(of: prompt))
        let widths = clusters.map { DisplayWidth.columnsMax(of: $0) }
        if widths.reduce(0, +) <= room {
            return row(prompt, 0..<clusters.count, isCutLeft: false, isCutRight: false)
        }
        // Room for both marks.
        let window = room - 2
        var start = 0
        var before = widths[..<cursor].reduce(0, +)
        while before > window {
            var passed = 0
            while start < cursor, passed < (window + 1) / 2 {
                passed += widths[start]
                start += 1
            }
            before -= passed
        }
        var end = start
        var used = 0
        while end < clusters.count, used + widths[end] <= window {
            used += widths[end]
            end += 1
        }
        return row(
            prompt,
            start..<max(end, cursor),
            isCutLeft: start > 0,
            isCutRight: max(end, cursor) < clusters.count
        )
    }

    private func row(
        _ prompt: String,
        _ visible: Range<Int>,
        isCutLeft: Bool,
        isCutRight: Bool
    ) -> EditorRow {
        let left =
            prompt + (isCutLeft ? "<" : "") + String(clusters[visible.lowerBound..<cursor])
        let right = String(clusters[cursor..<visible.upperBound]) + (isCutRight ? ">" : "")
        return EditorRow(
            left: left,
            right: right,
            cursorColumn: DisplayWidth.columns(of: left),
            isWhole: !isCutLeft && !isCutRight
        )
    }
}

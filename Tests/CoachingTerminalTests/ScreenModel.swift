// SPDX-License-Identifier: Apache-2.0

import CoachingTerminal

/// A terminal that understands what the room view writes, and names what it does not.
struct ScreenModel {
    /// How a terminal counts the columns of sequences.
    enum Widths {
        /// Each scalar by itself, as older terminals do.
        case scalars
        /// Whole grapheme clusters.
        case clusters
    }

    private struct Cell {
        var text: String
        var columns: Int
    }

    let widths: Widths
    private(set) var columns: Int
    private(set) var rows: Int
    /// Rows that scrolled off the top.
    private(set) var scrolledOff: [String] = []
    private(set) var cursorRow = 0
    private(set) var cursorColumn = 0
    private(set) var unknown: [String] = []
    private(set) var bells = 0
    private var grid: [[Cell]]
    private var wrapWaits = false
    private var saved = (row: 0, column: 0)
    private var pending = ""

    init(columns: Int, rows: Int, widths: Widths = .clusters) {
        self.columns = columns
        self.rows = rows
        self.widths = widths
        grid = Array(repeating: [], count: rows)
    }

    /// The rows on the screen, without the spaces at their ends.
    var screen: [String] { (0..<rows).map(text(ofRow:)) }

    /// Everything above the cursor's row, scrolled off or not.
    var above: [String] { scrolledOff + (0..<cursorRow).map(text(ofRow:)) }

    /// The cursor's row.
    var current: String { text(ofRow: cursorRow) }

    /// What stands below the cursor's row, without empty rows.
    var below: [String] {
        ((cursorRow + 1)..<max(rows, cursorRow + 1)).map(text(ofRow:)).filter { !$0.isEmpty }
    }

    /// Cuts or widens the rows, as a terminal does that does not break them anew.
    mutating func resize(columns: Int) {
        self.columns = columns
        for row in grid.indices {
            while grid[row].reduce(0, { $0 + $1.columns }) > columns { grid[row].removeLast() }
        }
        cursorColumn = min(cursorColumn, columns - 1)
        wrapWaits = false
    }

    mutating func write(_ bytes: [UInt8]) {
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if pending.isEmpty {
                take(scalar)
            } else {
                pending.unicodeScalars.append(scalar)
                takeSequence()
            }
        }
    }

    private func text(ofRow row: Int) -> String {
        var text = grid[row].map(\.text).joined()
        while text.unicodeScalars.last == " " { text.unicodeScalars.removeLast() }
        return text
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x1B: pending = "\u{1B}"
        case 0x07: bells += 1
        case 0x08: move(to: cursorColumn - 1)
        case 0x0A: lineFeed()
        case 0x0D: move(to: 0)
        case 0x00...0x1F, 0x7F...0x9F: unknown.append("control \(scalar.value)")
        default: put(scalar)
        }
    }

    private mutating func takeSequence() {
        let sequence = pending
        guard let last = sequence.unicodeScalars.last, sequence.unicodeScalars.count > 1 else {
            return
        }
        if sequence.hasPrefix("\u{1B}["), !(0x40...0x7E).contains(last.value) || last == "[" {
            return
        }
        pending = ""
        let count = Int(sequence.dropFirst(2).dropLast()) ?? 1
        switch sequence {
        case "\u{1B}7": saved = (cursorRow, cursorColumn)
        case "\u{1B}8":
            cursorRow = saved.row
            move(to: saved.column)
        case "\u{1B}[K": erase(fromColumn: cursorColumn)
        case "\u{1B}[J":
            erase(fromColumn: cursorColumn)
            for row in (cursorRow + 1)..<max(rows, cursorRow + 1) { grid[row] = [] }
        case "\u{1B}[H":
            cursorRow = 0
            move(to: 0)
        case "\u{1B}[2J": grid = Array(repeating: [], count: rows)
        case "\u{1B}[3J": scrolledOff = []
        case "\u{1B}[0m", "\u{1B}[1m": break
        case "\u{1B}[\(count)C": move(to: cursorColumn + count)
        case "\u{1B}[\(count)D": move(to: cursorColumn - count)
        default: unknown.append(sequence.debugDescription)
        }
    }

    private mutating func move(to column: Int) {
        cursorColumn = min(max(column, 0), columns - 1)
        wrapWaits = false
    }

    private mutating func lineFeed() {
        wrapWaits = false
        if cursorRow < rows - 1 {
            cursorRow += 1
            return
        }
        scrolledOff.append(text(ofRow: 0))
        grid.removeFirst()
        grid.append([])
    }

    private mutating func erase(fromColumn column: Int) {
        let index = cell(at: column)
        grid[cursorRow].removeSubrange(index...)
    }

    /// Gives the index of the cell that begins at the column, filling up with spaces before it.
    private mutating func cell(at column: Int) -> Int {
        var start = 0
        for (index, cell) in grid[cursorRow].enumerated() {
            if start >= column { return index }
            start += cell.columns
        }
        while start < column {
            grid[cursorRow].append(Cell(text: " ", columns: 1))
            start += 1
        }
        return grid[cursorRow].count
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if joins(scalar) { return }
        let width = max(DisplayWidth.columns(of: scalar), 0)
        if wrapWaits || cursorColumn + width > columns {
            lineFeed()
            cursorColumn = 0
        }
        let index = cell(at: cursorColumn)
        var covered = 0
        while covered < width, index < grid[cursorRow].count {
            covered += grid[cursorRow].remove(at: index).columns
        }
        for _ in width..<max(covered, width) {
            grid[cursorRow].insert(Cell(text: " ", columns: 1), at: index)
        }
        grid[cursorRow].insert(Cell(text: String(scalar), columns: width), at: index)
        advance(width)
    }

    /// Adds a scalar to the cell before the cursor if it belongs there.
    private mutating func joins(_ scalar: Unicode.Scalar) -> Bool {
        let column = wrapWaits ? columns : cursorColumn
        guard column > 0 else { return false }
        let index = cell(at: column) - 1
        guard grid[cursorRow].indices.contains(index) else { return false }
        let joined = grid[cursorRow][index].text + String(scalar)
        switch widths {
        case .scalars:
            guard DisplayWidth.columns(of: scalar) == 0 else { return false }
            grid[cursorRow][index].text = joined
        case .clusters:
            guard joined.count == 1 || DisplayWidth.columns(of: scalar) == 0 else { return false }
            let before = grid[cursorRow][index].columns
            let width = DisplayWidth.columns(of: joined)
            grid[cursorRow][index] = Cell(text: joined, columns: width)
            for _ in before..<max(before, width) where index + 1 < grid[cursorRow].count {
                grid[cursorRow].remove(at: index + 1)
            }
            advance(width - before)
        }
        return true
    }

    private mutating func advance(_ count: Int) {
        guard count != 0 else { return }
        let column = (wrapWaits ? columns : cursorColumn) + count
        wrapWaits = column >= columns
        cursorColumn = min(column, columns - 1)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingTerminal

/// The rows that a terminal shows of what the room view writes; it knows the few sequences that
/// the view uses and scrolls without end.
struct RoomPicture {
    let columns: Int
    private(set) var rows: [[Character]] = [[]]
    private var column = 0
    private var saved = 0
    /// Whether anything was written that this picture does not know.
    private(set) var isUnknown = false

    init(columns: Int) { self.columns = columns }

    mutating func write(_ bytes: [UInt8]) {
        var rest = Array(String(decoding: bytes, as: UTF8.self))[...]
        while let next = rest.popFirst() {
            switch next {
            case "\r\n":
                rows.append([])
                column = 0
            case "\r": column = 0
            case "\u{08}": column = max(0, column - 1)
            case "\u{1B}": escape(&rest)
            default: put(next)
            }
        }
    }

    private mutating func escape(_ rest: inout ArraySlice<Character>) {
        switch rest.popFirst() {
        case "7": saved = column
        case "8": column = saved
        case "[":
            var digits = ""
            while rest.first?.isNumber == true { digits.append(rest.removeFirst()) }
            switch rest.popFirst() {
            case "K": rows[rows.count - 1] = Array(rows[rows.count - 1].prefix(column))
            case "C": column += Int(digits) ?? 1
            case "D": column = max(0, column - (Int(digits) ?? 1))
            default: isUnknown = true
            }
        default: isUnknown = true
        }
    }

    private mutating func put(_ character: Character) {
        while rows[rows.count - 1].count < column { rows[rows.count - 1].append(" ") }
        if column < rows[rows.count - 1].count {
            rows[rows.count - 1][column] = character
        } else {
            rows[rows.count - 1].append(character)
        }
        column += DisplayWidth.columns(of: character)
    }

    /// The rows as text.
    var text: [String] { rows.map { String($0) } }

    /// The widest row.
    var widest: Int { rows.map { DisplayWidth.columns(of: String($0)) }.max() ?? 0 }
}

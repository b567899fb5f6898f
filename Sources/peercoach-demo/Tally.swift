// SPDX-License-Identifier: Apache-2.0

/// Who was entitled to what, and who received what: the demo's own books.
///
/// What the authors were told when their lines were accepted is set against what everybody else's
/// program received. A line is known by its scope, its author and its words; where the same words
/// come twice they are counted twice.
struct Tally {
    private struct Line: Hashable {
        var scope: String
        var author: String
        var text: String
    }

    private var entitled: [String: [Line: Int]] = [:]
    private var received: [String: [Line: Int]] = [:]
    private var checked: [String: Int] = [:]

    /// Notes a line that the server has accepted, with the people who may read it.
    mutating func accepted(scope: String, author: String, text: String, readers: Set<String>) {
        let line = Line(scope: scope, author: author, text: text)
        for person in readers where person != author {
            entitled[person, default: [:]][line, default: 0] += 1
        }
    }

    /// Notes that somebody's program showed a line, and whether it was content with all it got.
    mutating func received(
        scope: String,
        author: String,
        text: String,
        by person: String,
        isChecked: Bool
    ) {
        let line = Line(scope: scope, author: author, text: text)
        received[person, default: [:]][line, default: 0] += 1
        if isChecked { checked[person, default: 0] += 1 }
    }

    /// One person's row.
    struct Row {
        var person: String
        var entitled: Int
        var received: Int
        var checked: Int
        var notForThem: Int
        var isGood: Bool { entitled == received && received == checked && notForThem == 0 }
    }

    func row(_ person: String) -> Row {
        let due = entitled[person] ?? [:]
        let got = received[person] ?? [:]
        let fitting = got.reduce(0) { $0 + min($1.value, due[$1.key] ?? 0) }
        let all = got.values.reduce(0, +)
        return Row(
            person: person,
            entitled: due.values.reduce(0, +),
            received: fitting,
            checked: min(fitting, checked[person] ?? 0),
            notForThem: all - fitting
        )
    }

    /// The table and whether all is as it must be.
    ///
    /// Where a format has all listen nobody is entitled to anything.
    func table(_ people: [String], mayBeEmpty: Bool) -> (text: String, isGood: Bool) {
        let rows = people.map { row($0) }
        let width = max(12, people.map(\.count).max() ?? 0) + 2
        func cells(_ name: String, _ values: [String]) -> String {
            let padded = values.map { String(repeating: " ", count: max(1, 14 - $0.count)) + $0 }
            return name + String(repeating: " ", count: max(1, width - name.count))
                + padded.joined()
        }
        var lines = [cells("lines of others", ["entitled", "received", "checked", "not for them"])]
        for row in rows {
            let numbers = [row.entitled, row.received, row.checked, row.notForThem]
            lines.append(
                cells(row.person, numbers.map { String($0) }) + (row.isGood ? "" : "   WRONG")
            )
        }
        let isGood = rows.allSatisfy(\.isGood) && (mayBeEmpty || rows.contains { $0.entitled > 0 })
        return (lines.joined(separator: "\n"), isGood)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Who was entitled to what, and who received what: the demo's own books.
///
/// An entry is known by its transcript's name and its number there. What the authors were told
/// when their entries were accepted is set against what everybody else's program received.
struct Tally {
    /// An accepted entry.
    struct Entry: Hashable {
        var place: String
        var number: Int
    }

    private(set) var readers: [Entry: Set<String>] = [:]
    private(set) var received: [String: Set<Entry>] = [:]
    private(set) var checked: [String: Set<Entry>] = [:]
    private(set) var doubled: [String: Int] = [:]

    /// Notes an entry that the server has accepted, with the people who may read it.
    mutating func accepted(_ entry: Entry, readers people: Set<String>) {
        readers[entry] = people
    }

    /// Notes that somebody's program showed an entry, and whether it had checked it.
    mutating func received(_ entry: Entry, by person: String, isChecked: Bool) {
        if !received[person, default: []].insert(entry).inserted {
            doubled[person, default: 0] += 1
        }
        if isChecked { checked[person, default: []].insert(entry) }
    }

    /// One person's row.
    struct Row {
        var person: String
        var entitled: Int
        var received: Int
        var checked: Int
        var doubled: Int
        var notEntitled: Int
        var isGood: Bool {
            entitled == received && received == checked && doubled == 0 && notEntitled == 0
        }
    }

    func row(_ person: String) -> Row {
        let entitled = Set(readers.filter { $0.value.contains(person) }.keys)
        let got = received[person] ?? []
        return Row(
            person: person, entitled: entitled.count, received: got.intersection(entitled).count,
            checked: (checked[person] ?? []).intersection(entitled).count,
            doubled: doubled[person] ?? 0, notEntitled: got.subtracting(entitled).count)
    }

    /// The table and whether all is as it must be.
    func table(_ people: [String]) -> (text: String, isGood: Bool) {
        let rows = people.map(row)
        let width = max(12, people.map(\.count).max() ?? 0) + 2
        func cells(_ name: String, _ values: [String]) -> String {
            name + String(repeating: " ", count: max(1, width - name.count))
                + values.map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }
                .joined()
        }
        var lines = [
            cells("", ["entitled", "received", "checked", "doubled", "not for them"])
        ]
        for row in rows {
            lines.append(
                cells(
                    row.person,
                    [row.entitled, row.received, row.checked, row.doubled, row.notEntitled].map {
                        String($0)
                    }) + (row.isGood ? "" : "   WRONG"))
        }
        return (lines.joined(separator: "\n"), !rows.isEmpty && rows.allSatisfy(\.isGood))
    }
}

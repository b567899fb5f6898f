// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Finds what a person means by a typed name.
///
/// In this order, letter case aside: the whole name; the beginning of the name or of a word in
/// it. The first rule that fits anything decides.
public enum NameMatch {
    /// Finds the one thing that a typed name means.
    ///
    /// - Parameters:
    ///   - typed: what was typed.
    ///   - things: what it can mean.
    ///   - what: what they are, for the sentence: person, room, device.
    ///   - name: gives a thing's name.
    /// - Returns: what was meant.
    /// - Throws: ``ClientError/Code/noSuchName``, ``ClientError/Code/ambiguousName``.
    public static func find<Thing>(
        _ typed: String,
        among things: some Sequence<Thing>,
        what: String = "person",
        name: (Thing) -> String
    ) throws(ClientError) -> Thing {
        let key = PersonName.key(typed)
        let named = things.map { ($0, name($0)) }
        let whole = named.filter { PersonName.key($0.1) == key }
        let found = whole.isEmpty ? named.filter { begins($0.1, with: key) } : whole
        guard let first = found.first else {
            let all = named.map(\.1).sorted()
            throw ClientError(
                .noSuchName,
                "No \(what) here is called \(typed).",
                hint: all.isEmpty || all.count > 12 ? nil : "There is " + list(all) + ".",
                candidates: all
            )
        }
        guard found.count == 1 else {
            let names = found.map(\.1).sorted()
            throw ClientError(
                .ambiguousName,
                "\(typed) could be " + list(names, "or") + ".",
                hint: "Type more of the name.",
                candidates: names
            )
        }
        return first.0
    }

    private static func begins(_ name: String, with key: String) -> Bool {
        guard !key.isEmpty else { return false }
        let name = PersonName.key(name)
        if name.hasPrefix(key) { return true }
        let words = name.split { !$0.isLetter && !$0.isNumber }
        return words.contains { $0.hasPrefix(key) }
    }

    private static func list(_ names: [String], _ last: String = "and") -> String {
        guard names.count > 1, let end = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " \(last) " + end
    }
}

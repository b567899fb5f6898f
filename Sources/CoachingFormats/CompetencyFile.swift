// SPDX-License-Identifier: Apache-2.0
public import CoachingFeedback
import Yams

/// Reads a programme's own competencies from YAML.
///
/// ```yaml
/// name: Our house
/// levels: [not yet, at times, mostly]
/// competencies:
///   Listens: says back what was heard, before anything else
///   Asks short: one question at a time
/// ```
///
/// `levels` may be missing; then they are ``CompetencySet/standardLevels``. The same small part of
/// YAML as in formats is taken.
///
/// - Limits: 64 KiB, and those of ``CompetencySet``.
public enum CompetencyFile {
    /// The longest file, in bytes of UTF-8.
    public static let bytesMax = FormatParser.bytesMax

    /// Reads a file.
    ///
    /// - Throws: ``FormatError`` with all mistakes that were found.
    public static func parse(yaml: String) throws(FormatError) -> CompetencySet {
        let root = try FormatParser.node(of: yaml)
        var reader = Reader()
        let set = reader.set(root)
        if let error = reader.found.error { throw error }
        return set
    }

    private struct Reader {
        var found = MistakeList()

        mutating func set(_ root: Node) -> CompetencySet {
            var set = CompetencySet(name: "", competencies: [])
            guard let mapping = root.mapping else {
                add(root, "this takes name, competencies and, where you like, levels")
                return set
            }
            for (key, value) in mapping {
                switch key.scalar?.string ?? "" {
                case "name": set.name = name(value, "the set's name") ?? ""
                case "levels": set.levels = levels(value)
                case "competencies": set.competencies = competencies(value)
                case let other:
                    add(
                        key,
                        "'\(clipped(other))' is nothing of a competency file; there are: name, "
                            + "levels, competencies"
                    )
                }
            }
            for needed in ["name", "competencies"] where mapping[Node(needed)] == nil {
                add(root, "\(needed) is missing")
            }
            return set
        }

        private mutating func levels(_ node: Node) -> [String] {
            guard let items = node.sequence, (2...CompetencySet.levelsMax).contains(items.count)
            else {
                add(node, "levels are a list of 2 to \(CompetencySet.levelsMax) names")
                return []
            }
            var levels: [String] = []
            for item in items {
                guard let name = name(item, "a level") else { continue }
                if Int(name) != nil {
                    add(item, "a level has a name; its number is its place in the list")
                }
                if levels.contains(where: { $0.lowercased() == name.lowercased() }) {
                    add(item, "this level stands here twice")
                }
                levels.append(name)
            }
            return levels
        }

        private mutating func competencies(_ node: Node) -> [Competency] {
            guard let mapping = node.mapping,
                (1...CompetencySet.competenciesMax).contains(mapping.count)
            else {
                add(
                    node,
                    "competencies are 1 to \(CompetencySet.competenciesMax) names, each with a "
                        + "colon and what it means"
                )
                return []
            }
            var all: [Competency] = []
            for (key, value) in mapping {
                guard let name = name(key, "a competency") else { continue }
                if Int(name) != nil {
                    add(key, "a competency has a name; its number is its place in the list")
                }
                if all.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                    add(key, "this competency stands here twice")
                }
                let meaning = value.scalar?.string ?? ""
                guard (1...CompetencySet.meaningMax).contains(meaning.count),
                    !meaning.allSatisfy(\.isWhitespace), !meaning.contains(where: \.isNewline)
                else {
                    add(
                        value,
                        "what it means is one line of 1 to \(CompetencySet.meaningMax) characters"
                    )
                    continue
                }
                all.append(Competency(name: name, meaning: meaning))
            }
            return all
        }

        private mutating func name(_ node: Node, _ what: String) -> String? {
            let text = node.scalar?.string ?? ""
            guard (1...CompetencySet.nameBytesMax).contains(text.utf8.count),
                !text.allSatisfy(\.isWhitespace), !text.contains(where: \.isNewline),
                !text.contains("=")
            else {
                add(
                    node,
                    "\(what) is a text of 1 to \(CompetencySet.nameBytesMax) bytes in one line, "
                        + "without ="
                )
                return nil
            }
            return text
        }

        private mutating func add(_ node: Node, _ sentence: String) {
            found.add(node.mark?.line ?? 1, node.mark?.column ?? 1, sentence)
        }
    }
}

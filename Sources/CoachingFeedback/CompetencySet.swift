// SPDX-License-Identifier: Apache-2.0

/// Something that who coaches can be good at.
public struct Competency: Hashable, Sendable {
    /// What it is called.
    public var name: String
    /// What it means, in one line.
    public var meaning: String

    /// Makes a competency.
    public init(name: String, meaning: String) {
        self.name = name
        self.meaning = meaning
    }
}

/// The competencies on which coaching is looked at, and the levels by their names.
///
/// - Limits: ``competenciesMax`` competencies, 2 to ``levelsMax`` levels; names of ``nameBytesMax``
///   bytes, no two the same.
public struct CompetencySet: Hashable, Sendable {
    /// The most competencies.
    public static let competenciesMax = 16
    /// The most levels.
    public static let levelsMax = 7
    /// The longest name of a set, a competency or a level, in bytes.
    public static let nameBytesMax = 64
    /// The longest meaning, in characters.
    public static let meaningMax = 160

    /// What the set is called.
    public var name: String
    /// The levels from the lowest; the first is level 1.
    public var levels: [String]
    /// The competencies in their order.
    public var competencies: [Competency]

    /// Makes a set.
    public init(name: String, levels: [String] = standardLevels, competencies: [Competency]) {
        self.name = name
        self.levels = levels
        self.competencies = competencies
    }

    /// How often something was seen; no marks, and no school report.
    public static let standardLevels = [
        "not seen yet", "seen at moments", "seen mostly", "seen throughout",
    ]

    /// The eight core competencies that the International Coaching Federation names, with what they
    /// mean in our own words.
    public static let icf = CompetencySet(
        name: "ICF core competencies",
        competencies: [
            Competency(
                name: "Demonstrates Ethical Practice",
                meaning: "keeps to what was agreed, keeps confidences, knows where coaching ends"
            ),
            Competency(
                name: "Embodies a Coaching Mindset",
                meaning: "stays open and curious, works on themself, leaves choices to the client"
            ),
            Competency(
                name: "Establishes and Maintains Agreements",
                meaning: "settles what this talk is for, and comes back to it"
            ),
            Competency(
                name: "Cultivates Trust and Safety",
                meaning: "makes it possible to say what is hard to say, and respects it"
            ),
            Competency(
                name: "Maintains Presence",
                meaning: "is all there, bears silence and not knowing"
            ),
            Competency(
                name: "Listens Actively",
                meaning: "hears words, tone and what is left out, and says back what was heard"
            ),
            Competency(
                name: "Evokes Awareness",
                meaning: "asks so that the client sees something new themself"
            ),
            Competency(
                name: "Facilitates Client Growth",
                meaning: "helps to turn what was seen into steps that are the client's own"
            ),
        ]
    )

    /// Gives a competency by its place, from 1, or by its name or the beginning of a word of it.
    ///
    /// - Returns: all that fit, which is one where it is plain what is meant.
    public func competencies(called typed: String) -> [Competency] {
        if let place = Int(typed) {
            return competencies.indices.contains(place - 1) ? [competencies[place - 1]] : []
        }
        let wanted = typed.lowercased()
        guard !wanted.isEmpty else { return [] }
        let whole = competencies.filter { $0.name.lowercased() == wanted }
        if !whole.isEmpty { return whole }
        return competencies.filter { one in
            let name = one.name.lowercased()
            return name.hasPrefix(wanted)
                || name.split(separator: " ").contains { $0.hasPrefix(wanted) }
        }
    }

    /// Gives a level by its number, from 1, or by its name; `nil` outside the scale.
    public func level(_ typed: String) -> UInt8? {
        if let number = Int(typed) {
            return levels.indices.contains(number - 1) ? UInt8(exactly: number) : nil
        }
        let index = levels.firstIndex { $0.lowercased() == typed.lowercased() }
        return index.flatMap { UInt8(exactly: $0 + 1) }
    }

    /// "1 not seen yet, 2 seen at moments ...".
    public var scale: String {
        levels.enumerated().map { "\($0.offset + 1) \($0.element)" }.joined(separator: ", ")
    }

    /// Tells whether it is within its limits.
    public var isWithinLimits: Bool {
        let names = competencies.map { $0.name.lowercased() }
        return (1...Self.competenciesMax).contains(competencies.count)
            && (2...Self.levelsMax).contains(levels.count)
            && Set(names).count == names.count && Set(levels).count == levels.count
            && ([name] + levels + competencies.map(\.name)).allSatisfy {
                (1...Self.nameBytesMax).contains($0.utf8.count)
            }
    }
}

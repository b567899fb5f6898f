// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingModel

/// From where somebody looks at how coaching was done.
public enum Assessor: UInt8, CaseIterable, Hashable, Sendable {
    /// Who was coached.
    case client = 1
    /// Who watched.
    case observer = 2
    /// Who coached, about themself.
    case oneself = 3
}

/// How somebody coached on one competency.
public struct Rating: Hashable, Sendable {
    /// The competency's name.
    public var competency: String
    /// The level, from 1.
    public var level: UInt8
    /// What was seen or heard that shows it.
    public var evidence: String?

    /// Makes a rating.
    public init(competency: String, level: UInt8, evidence: String? = nil) {
        self.competency = competency
        self.level = level
        self.evidence = evidence
    }
}

/// How somebody coached, on named competencies, by who was there.
///
/// It carries the names of its set and levels, so that it is read without the set.
///
/// - Shape: `{0: set, 1: [levels], 2: by, 3: [[competency, level, evidence]], ?4: words,
///   ?5: session}`; unknown keys are skipped.
/// - Limits: those of ``CompetencySet``; ``evidenceBytesMax`` and ``wordsBytesMax`` bytes; the whole
///   as text ``textBytesMax``.
public struct Assessment: Hashable, Sendable {
    /// The longest evidence of a rating, in bytes.
    public static let evidenceBytesMax = 400
    /// The longest general words, in bytes.
    public static let wordsBytesMax = 1_200
    /// The longest text of the whole, in bytes.
    public static let textBytesMax = 8_000

    /// The name of the set.
    public var set: String
    /// The levels by name, the lowest first.
    public var levels: [String]
    /// From where.
    public var by: Assessor
    /// The ratings, in the set's order; what was not rated is not there.
    public var ratings: [Rating]
    /// What there is to say in general.
    public var words: String?
    /// The session that it is about.
    public var session: SessionID?

    /// Makes one that says nothing yet.
    public init(on set: CompetencySet, by: Assessor, session: SessionID? = nil) {
        self.set = set.name
        levels = set.levels
        self.by = by
        ratings = []
        self.session = session
    }

    /// Whether nothing is said.
    public var isEmpty: Bool { ratings.isEmpty && (words ?? "").isEmpty }

    /// Puts a rating in the place of an earlier one on the same competency, in the set's order.
    public mutating func rate(_ rating: Rating, in set: CompetencySet) {
        ratings.removeAll { $0.competency == rating.competency }
        ratings.append(rating)
        let order = set.competencies.map(\.name)
        func place(_ one: Rating) -> Int { order.firstIndex(of: one.competency) ?? order.count }
        ratings = ratings.enumerated().sorted {
            (place($0.element), $0.offset) < (place($1.element), $1.offset)
        }.map(\.element)
    }

    /// Whether the same is looked at from the same place, so that one can go on with it.
    public func goesOn(as other: Assessment) -> Bool {
        session == other.session && set == other.set && levels == other.levels && by == other.by
    }

    /// Gives the rating on a competency.
    public subscript(competency: String) -> Rating? {
        ratings.first { $0.competency == competency }
    }

    /// The name of a level; its number where the scale has none.
    public func word(_ level: UInt8) -> String {
        let index = Int(level) - 1
        return levels.indices.contains(index) ? levels[index] : "\(level)"
    }

    /// Tells whether it is within its limits.
    public var isWithinLimits: Bool {
        let names = ratings.map(\.competency)
        return names.count <= CompetencySet.competenciesMax && Set(names).count == names.count
            && (2...CompetencySet.levelsMax).contains(levels.count)
            && ([set] + levels + names).allSatisfy {
                (1...CompetencySet.nameBytesMax).contains($0.utf8.count)
            }
            && ratings.allSatisfy {
                $0.level >= 1 && $0.level <= levels.count
                    && ($0.evidence?.utf8.count ?? 0) <= Self.evidenceBytesMax
            }
            && (words?.utf8.count ?? 0) <= Self.wordsBytesMax
            && text.utf8.count <= Self.textBytesMax
    }

    /// The whole as people read it.
    public var text: String {
        let rows = ratings.map { one in
            "\(one.competency): \(word(one.level))"
                + (one.evidence.map { " (\($0))" } ?? "")
        }
        return ((words.map { [$0] } ?? []) + rows).joined(separator: "\n")
    }
}

extension Assessment: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        writer.map(4 + [words != nil, session != nil].count { $0 })
        writer.key(0)
        writer.text(set)
        writer.key(1)
        writer.array(levels.count)
        for level in levels { writer.text(level) }
        writer.key(2)
        writer.uint(UInt64(by.rawValue))
        writer.key(3)
        writer.array(ratings.count)
        for rating in ratings {
            writer.array(3)
            writer.text(rating.competency)
            writer.uint(UInt64(rating.level))
            writer.text(rating.evidence ?? "")
        }
        if let words {
            writer.key(4)
            writer.text(words)
        }
        if let session {
            writer.key(5)
            writer.fixed16(session.value.high, session.value.low)
        }
    }

    /// Reads the map, skips what is unknown, and refuses what is over a limit.
    public init(from reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        let name = try reader.text(maxBytes: CompetencySet.nameBytesMax)
        try fields.expect(1, &reader)
        let count = try reader.array()
        guard (2...CompetencySet.levelsMax).contains(count) else {
            throw CBORError(.invalidValue, offset: start)
        }
        var levels: [String] = []
        for _ in 0..<count {
            levels.append(try reader.text(maxBytes: CompetencySet.nameBytesMax))
        }
        try fields.expect(2, &reader)
        guard let by = UInt8(exactly: try reader.uint()).flatMap(Assessor.init) else {
            throw CBORError(.invalidValue, offset: start)
        }
        self.init(on: CompetencySet(name: name, levels: levels, competencies: []), by: by)
        try fields.expect(3, &reader)
        let rated = try reader.array()
        guard rated <= CompetencySet.competenciesMax else {
            throw CBORError(.invalidValue, offset: start)
        }
        for _ in 0..<rated {
            try reader.array(count: 3)
            let competency = try reader.text(maxBytes: CompetencySet.nameBytesMax)
            let level: UInt8 = try reader.integer()
            let evidence = try reader.text(maxBytes: Self.evidenceBytesMax)
            ratings.append(
                Rating(
                    competency: competency,
                    level: level,
                    evidence: evidence.isEmpty ? nil : evidence
                )
            )
        }
        while let key = try fields.next(&reader) {
            switch key {
            case 4: words = try reader.text(maxBytes: Self.wordsBytesMax)
            case 5:
                let (high, low) = try reader.fixed16()
                session = SessionID(Bytes16(high: high, low: low))
            default: try reader.skip()
            }
        }
        guard isWithinLimits else { throw CBORError(.invalidValue, offset: start) }
    }
}

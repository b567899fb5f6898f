// SPDX-License-Identifier: Apache-2.0

/// Something in a format that keeps it from being run, with where it stands.
public struct FormatMistake: Hashable, Sendable, CustomStringConvertible {
    /// Which rule is broken.
    public enum Rule: UInt8, Hashable, Sendable, CaseIterable {
        /// Names are 1 to 32 of a-z, 0-9 and hyphen.
        case name = 1
        /// Titles, sources and sentences are short and can be shown as they are.
        case text = 2
        /// Versions count from 1.
        case version = 3
        /// Pods have 2 to 10 people, smallest, usual and largest in this order.
        case podSizes = 4
        /// The number of phases is bounded.
        case phaseCount = 5
        /// No two phases of one list share a name.
        case phaseName = 6
        /// Phases last 10 s to 3 h.
        case seconds = 7
        /// A role has no part although it exists in the phase.
        case roleMissing = 8
        /// A role has two parts in one phase.
        case roleTwice = 9
        /// A role has a part where it does not exist.
        case roleOutOfPlace = 10
        /// Kinds are ascending, each once, and are such that the floor decides on.
        case kinds = 11
        /// The kind of a bare line is `note` or one of the part's kinds.
        case bareKind = 12
        /// A sentence names `{somebody}` who does not exist there.
        case placeholder = 13
        /// The rounds are bounded where there are rounds, and by less than what is possible.
        case rounds = 14
        /// Labels are short words, each for a role that exists in the rounds.
        case label = 15
        /// An order of speaking is for a role that speaks, and questions come before answers.
        case floor = 16
        /// What must be there before a phase ends is what the role may put down.
        case must = 17
        /// The time after which a facilitator counts as absent is bounded.
        case grace = 18
        /// A meeting goes on from one of another format.
        case follows = 19
        /// A facilitator puts something in where they may visit, of kinds that are for all to read.
        case interventions = 20
    }

    /// Where it stands, such as `round[1].parts[0].kinds`.
    public var path: String
    /// Which rule is broken.
    public var rule: Rule
    /// One sentence that says what is wrong and what is allowed.
    public var sentence: String

    /// Makes a mistake.
    public init(path: String, rule: Rule, sentence: String) {
        self.path = path
        self.rule = rule
        self.sentence = sentence
    }

    /// Gives the path and the sentence.
    public var description: String { "\(path): \(sentence)" }
}

/// The bounds that the check of formats holds.
public enum FormatLimits {
    /// The longest name, in bytes.
    public static let nameBytesMax = 32
    /// The longest title, source or sentence, in bytes of UTF-8.
    public static let textBytesMax = 200
    /// The most phases in a round.
    public static let roundPhasesMax = 12
    /// The most phases before the first round, and after the last.
    public static let groupPhasesMax = 8
    /// How long a phase may be, in seconds.
    public static let phaseSeconds: ClosedRange<UInt32> = 10...10_800
    /// How many people a pod may have.
    public static let podPeople: ClosedRange<UInt8> = 2...10
    /// The longest label of a role, in bytes of UTF-8.
    public static let labelBytesMax = 24
    /// After how many seconds a facilitator may count as absent.
    public static let graceSeconds: ClosedRange<UInt32> = 30...3_600
}

extension SessionFormat {
    /// Lists what keeps this format from being run; empty where it can be.
    ///
    /// Server and client ask the same question of a format, whoever made it.
    ///
    /// - Limits: looks at no more phases than are allowed, so the list is bounded.
    /// - Source: DESIGN.md D18.
    public var mistakes: [FormatMistake] {
        var check = FormatCheck()
        check.name(name, at: "name")
        check.text(title, at: "title")
        check.text(source, at: "source", mayBeEmpty: true)
        if version < 1 { check.note("version", .version, "the version counts from 1") }
        check.sizes(pods)
        let group: [Role] = [.everyone]
        check.phases(opening, in: "opening", 0...FormatLimits.groupPhasesMax, roles: group)
        check.phases(
            round,
            in: "round",
            0...FormatLimits.roundPhasesMax,
            roles: turnRoles
        )
        check.rounds(of: self)
        check.labels(of: self)
        check.grace(of: self)
        check.follows(of: self)
        check.interventions(of: self)
        check.phases(closing, in: "closing", 0...FormatLimits.groupPhasesMax, roles: group)
        return check.found
    }
}

/// Collects the mistakes of one format.
private struct FormatCheck {
    var found: [FormatMistake] = []

    mutating func note(_ path: String, _ rule: FormatMistake.Rule, _ sentence: String) {
        found.append(FormatMistake(path: path, rule: rule, sentence: sentence))
    }

    mutating func name(_ name: String, at path: String) {
        let allowed = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        if !allowed || !(1...FormatLimits.nameBytesMax).contains(name.utf8.count) {
            note(path, .name, "a name is 1 to 32 small letters a-z, digits and hyphens")
        }
    }

    mutating func text(_ text: String, at path: String, mayBeEmpty: Bool = false) {
        if text.isEmpty, !mayBeEmpty {
            note(path, .text, "this text is missing")
        } else if text.utf8.count > FormatLimits.textBytesMax {
            note(
                path,
                .text,
                "this text has \(text.utf8.count) bytes, at most "
                    + "\(FormatLimits.textBytesMax) are allowed"
            )
        } else if text.unicodeScalars.contains(where: \.hidesOrSteersText) {
            note(path, .text, "control and text direction characters are not allowed")
        }
    }

    mutating func sizes(_ pods: PodSizes) {
        let allowed = FormatLimits.podPeople
        if pods.smallest < allowed.lowerBound || pods.largest > allowed.upperBound
            || pods.smallest > pods.usual || pods.usual > pods.largest
        {
            note(
                "pods",
                .podSizes,
                "a pod has \(allowed.lowerBound) to \(allowed.upperBound) people: smallest at most "
                    + "usual, usual at most largest"
            )
        }
    }

    mutating func rounds(of format: SessionFormat) {
        if format.hasNoRounds, format.opening.isEmpty {
            note("round", .phaseCount, "a format without rounds has phases in its opening")
        }
        guard let most = format.roundsMost else { return }
        if format.hasNoRounds {
            note("rounds", .rounds, "this format has no phases in a round, so it has no rounds")
        } else if most < 1 || most >= format.pods.largest {
            note(
                "rounds",
                .rounds,
                "rounds are at least 1 and fewer than the largest pod has people; without this "
                    + "key each is client once"
            )
        }
    }

    mutating func grace(of format: SessionFormat) {
        if let grace = format.graceSeconds, !FormatLimits.graceSeconds.contains(grace) {
            note("grace", .grace, "a facilitator is waited for from 30 seconds to 60 minutes")
        }
    }

    mutating func follows(of format: SessionFormat) {
        guard let link = format.follows else { return }
        name(link.before, at: "follows")
        if link.before == format.name {
            note("follows", .follows, "a meeting goes on from one of another format, not its own")
        } else if link.written == true, format.hasNoRounds {
            note("follows", .follows, "only coaches and clients of rounds write to each other")
        }
    }

    mutating func interventions(of format: SessionFormat) {
        for (list, phases) in [
            ("opening", format.opening), ("round", format.round), ("closing", format.closing),
        ] {
            for (index, phase) in phases.prefix(FormatLimits.roundPhasesMax).enumerated() {
                guard let kinds = phase.interventions else { continue }
                let path = "\(list)[\(index)].interventions"
                let ascending = zip(kinds, kinds.dropFirst()).allSatisfy {
                    $0.rawValue < $1.rawValue
                }
                if list != "round" {
                    note(path, .interventions, "outside the rounds a facilitator speaks anyway")
                } else if format.visits != true {
                    note(path, .interventions, "only where visits are allowed can anybody put in")
                } else if kinds.isEmpty || !ascending
                    || !kinds.allSatisfy({ $0.needsFloor && $0 != .note && $0 != .assess })
                {
                    note(
                        path,
                        .interventions,
                        "who visits puts in lines that all in the turn read: no notes, no assessment"
                    )
                }
            }
        }
    }

    mutating func labels(of format: SessionFormat) {
        guard let labels = format.labels else { return }
        for role in [Role.client, .coach, .observer] {
            guard let label = labels[role] else { continue }
            let path = "labels.\(role.word)"
            let plain = label.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == " " }
            if label.isEmpty || label.utf8.count > FormatLimits.labelBytesMax || !plain
                || label.hasPrefix(" ") || label.hasSuffix(" ")
            {
                note(
                    path,
                    .label,
                    "a label is one or two words of letters, at most "
                        + "\(FormatLimits.labelBytesMax) bytes"
                )
            }
            if format.hasNoRounds || !format.turnRoles.contains(role) {
                note(path, .label, "\(role.word) does not exist in this format")
            }
        }
    }

    mutating func phases(
        _ phases: [Phase],
        in list: String,
        _ count: ClosedRange<Int>,
        roles: [Role]
    ) {
        if !count.contains(phases.count) {
            note(
                list,
                .phaseCount,
                "\(phases.count) phases, but it takes \(count.lowerBound) to \(count.upperBound)"
            )
        }
        var names: Set<String> = []
        for (index, phase) in phases.prefix(count.upperBound).enumerated() {
            let path = "\(list)[\(index)]"
            name(phase.name, at: "\(path).name")
            if !names.insert(phase.name).inserted {
                note("\(path).name", .phaseName, "another phase here has this name")
            }
            text(phase.title, at: "\(path).title")
            if !FormatLimits.phaseSeconds.contains(phase.seconds) {
                note("\(path).seconds", .seconds, "a phase lasts from 10 seconds to 180 minutes")
            }
            parts(of: phase, at: path, roles: roles)
        }
    }

    private mutating func parts(of phase: Phase, at path: String, roles: [Role]) {
        var seen: Set<Role> = []
        for (index, part) in phase.parts.prefix(2 * Role.allCases.count).enumerated() {
            let here = "\(path).parts[\(index)]"
            if !seen.insert(part.role).inserted {
                note(here, .roleTwice, "\(part.role.word) has two parts in this phase")
            }
            if !roles.contains(part.role) {
                note(here, .roleOutOfPlace, "\(part.role.word) does not exist in this phase")
            }
            kinds(of: part, at: here)
            floor(of: part, in: phase, at: "\(here).floor")
            must(of: part, at: "\(here).must")
            text(part.sentence, at: "\(here).sentence")
            placeholders(in: part.sentence, at: "\(here).sentence", roles: roles)
        }
        for role in roles where !seen.contains(role) {
            note(path, .roleMissing, "nothing says what \(role.word) does in this phase")
        }
        if phase.parts.count > 2 * Role.allCases.count {
            note(path, .roleTwice, "there are more parts than roles")
        }
    }

    private mutating func floor(of part: Part, in phase: Phase, at path: String) {
        switch part.floor {
        case nil: return
        case .round:
            if part.kinds.isEmpty { note(path, .floor, "a role that listens has no turn to speak") }
        case .questionFirst:
            if part.kinds.allSatisfy({ $0 == .ask }) {
                note(path, .floor, "this role makes no statement that could answer a question")
            } else if !phase.parts.contains(where: { $0.kinds.contains(.ask) }) {
                note(path, .floor, "nobody may ask in this phase, so nothing could be answered")
            }
        }
    }

    private mutating func must(of part: Part, at path: String) {
        guard let must = part.must else { return }
        let ascending = zip(must, must.dropFirst()).allSatisfy { $0.rawValue < $1.rawValue }
        let isPossible = must.allSatisfy { part.kinds.contains($0) && $0 != .note }
        if must.isEmpty || !ascending || !isPossible {
            note(path, .must, "what must be there is of kinds that this role may post, notes aside")
        }
    }

    private mutating func kinds(of part: Part, at path: String) {
        let ascending = zip(part.kinds, part.kinds.dropFirst()).allSatisfy {
            $0.rawValue < $1.rawValue
        }
        if !ascending {
            note("\(path).kinds", .kinds, "each kind stands once, in the order of their numbers")
        }
        if !part.kinds.allSatisfy(\.needsFloor) {
            note("\(path).kinds", .kinds, "a format says nothing of consents, papers and the like")
        }
        for (kind, field) in [(part.bare, "bare"), (part.spoken, "spoken")]
        where kind != .note && !part.kinds.contains(kind) {
            note(
                "\(path).\(field)",
                .bareKind,
                "a bare line is a note for oneself or of a kind that the part allows"
            )
        }
    }

    private mutating func placeholders(in sentence: String, at path: String, roles: [Role]) {
        guard sentence.utf8.count <= FormatLimits.textBytesMax else { return }
        let known = roles.contains(.everyone) ? [] : roles.map(\.word)
        for rest in sentence.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            let end = rest.firstIndex(of: "}")
            if let end, known.contains(String(rest[..<end])) { continue }
            let names = known.map { "{\($0)}" }.joined(separator: ", ")
            note(
                path,
                .placeholder,
                known.isEmpty
                    ? "outside the rounds a sentence cannot name a role in { }"
                    : "only \(names) stand for people"
            )
            return
        }
    }
}

extension Role {
    /// The role's name in English, as it stands in formats and sentences.
    package var word: String {
        switch self {
        case .client: "client"
        case .coach: "coach"
        case .observer: "observer"
        case .everyone: "everyone"
        }
    }
}

extension Unicode.Scalar {
    /// Whether a terminal would obey or hide it instead of showing it: controls, line and
    /// paragraph separators, direction marks and tags.
    package var hidesOrSteersText: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        default: break
        }
        switch value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF,
            0xE0000...0xE007F:
            return true
        default: return false
        }
    }
}

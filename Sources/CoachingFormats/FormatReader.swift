// SPDX-License-Identifier: Apache-2.0

import CoachingModel
import Yams

/// Makes a format of YAML nodes and remembers where everything stood.
///
/// Goes on after a mistake with a harmless value, so that one reading finds all mistakes.
struct FormatReader {
    private(set) var found = MistakeList()
    /// Where the values stand, by the paths that ``FormatMistake`` uses.
    private var marks: [String: Mark] = [:]
    /// Paths for which a mistake was already noted; the rules are not asked again.
    private(set) var spoiled: Set<String> = []
    /// What the shares of phases are of.
    private var shares = PhaseShares()

    /// The keys of a format, of its pods, its labels, a phase and a part, as the schema has them.
    static let formatKeys = [
        "name", "title", "source", "version", "length", "pods", "coaches", "rounds", "labels",
        "visits", "absent", "grace", "follows", "opens", "opening", "round", "closing",
    ]
    static let podsKeys = ["smallest", "usual", "largest"]
    static let labelsKeys = ["client", "coach", "observer"]
    static let phaseKeys = ["name", "title", "minutes", "share", "ends", "intervene"] + roles
    static let partKeys = ["may", "must", "bare", "spoken", "floor", "now"]
    private static let roles = ["client", "coach", "observer", "everyone"]
    static let openFloor = "open"
    static let floors: [String: Floor] = ["round": .round, "question-first": .questionFirst]
    static let kinds: [String: EntryKind] = [
        "say": .say, "ask": .ask, "answer": .answer, "reflect": .reflect, "suggest": .suggest,
        "offer": .offer, "feedback": .feedback, "thanks": .thanks, "commit": .commit,
        "note": .note, "assess": .assess,
    ]

    mutating func format(from root: Node) -> SessionFormat {
        let fields = fields(
            of: root,
            at: "",
            known: Self.formatKeys,
            required: ["name", "title", "version", "pods", "round"]
        )
        let pods = pods(fields["pods"])
        let rounds = number(fields["rounds"], at: "rounds", as: UInt8.self)
        shares.rounds = max(1, rounds ?? pods.usual)
        shares.whole = fields["length"].map { seconds($0, at: "length") }
        defer { checkShares() }
        return SessionFormat(
            name: text(fields["name"], at: "name"),
            title: text(fields["title"], at: "title"),
            source: text(fields["source"], at: "source"),
            version: number(fields["version"], at: "version", as: UInt32.self) ?? 1,
            pods: pods,
            opening: phases(
                fields["opening"],
                at: "opening",
                most: FormatLimits.groupPhasesMax
            ),
            round: phases(fields["round"], at: "round", most: FormatLimits.roundPhasesMax),
            closing: phases(fields["closing"], at: "closing", most: FormatLimits.groupPhasesMax),
            roundsMost: rounds,
            seating: seating(fields["coaches"]),
            labels: labels(fields["labels"]),
            visits: visits(fields["visits"]),
            absence: absence(fields["absent"]),
            graceSeconds: fields["grace"].map { seconds($0, at: "grace") },
            follows: link(fields["follows"], opens: fields["opens"])
        )
    }

    /// Asks the rules of the model and notes their answers at their places in the file.
    mutating func check(_ format: SessionFormat) {
        for mistake in format.mistakes where !isSpoiled(mistake.path) {
            note(mistake.path, mistake.sentence)
        }
    }

    // MARK: Parts of a format

    private mutating func pods(_ node: Node?) -> PodSizes {
        let fields = fields(
            of: node,
            at: "pods",
            known: Self.podsKeys,
            required: Self.podsKeys
        )
        let sizes = Self.podsKeys.map {
            number(fields[$0], at: "pods.\($0)", as: UInt8.self)
        }
        guard let smallest = sizes[0], let usual = sizes[1], let largest = sizes[2] else {
            spoiled.insert("pods")
            return PodSizes(smallest: 2, usual: 2, largest: 2)
        }
        return PodSizes(smallest: smallest, usual: usual, largest: largest)
    }

    private mutating func labels(_ node: Node?) -> RoleLabels? {
        guard let node else { return nil }
        let fields = fields(of: node, at: "labels", known: Self.labelsKeys, required: [])
        func label(_ key: String) -> String? {
            fields[key].map { text($0, at: "labels.\(key)") }
        }
        return RoleLabels(
            client: label("client"),
            coach: label("coach"),
            observer: label("observer")
        )
    }

    private mutating func phases(_ node: Node?, at path: String, most: Int) -> [Phase] {
        guard let node else { return [] }
        marks[path] = node.mark
        guard let items = node.sequence else {
            spoil(path, "this is a list of phases, each beginning with a dash")
            return []
        }
        if items.count > most {
            spoil(path, "\(items.count) phases, at most \(most) are allowed")
        }
        return items.prefix(most).enumerated().map { index, item in
            phase(item, at: "\(path)[\(index)]")
        }
    }

    private mutating func phase(_ node: Node, at path: String) -> Phase {
        let isShare = node.mapping?.contains { $0.key.scalar?.string == "share" } == true
        let fields = fields(
            of: node,
            at: path,
            known: Self.phaseKeys,
            required: ["name", "title"] + (isShare ? [] : ["minutes"])
        )
        var parts: [Part] = []
        for (word, role) in zip(Self.roles, [Role.client, .coach, .observer, .everyone]) {
            guard let node = fields[word] else { continue }
            parts.append(part(node, of: role, at: "\(path).parts[\(parts.count)]"))
        }
        return Phase(
            name: text(fields["name"], at: "\(path).name"),
            title: text(fields["title"], at: "\(path).title"),
            seconds: length(fields["minutes"], share: fields["share"], at: "\(path).seconds"),
            parts: parts,
            isHeld: isHeld(fields["ends"], at: "\(path).ends"),
            interventions: fields["intervene"].map { kindList($0, at: "\(path).interventions") }
        )
    }

    private mutating func part(_ node: Node, of role: Role, at path: String) -> Part {
        let fields = fields(
            of: node,
            at: path,
            known: Self.partKeys,
            required: ["now"]
        )
        return Part(
            role: role,
            kinds: kindList(fields["may"], at: "\(path).kinds"),
            bare: kind(fields["bare"], at: "\(path).bare"),
            spoken: kind(fields["spoken"], at: "\(path).spoken"),
            sentence: text(fields["now"], at: "\(path).sentence"),
            floor: floor(fields["floor"], at: "\(path).floor"),
            must: fields["must"].map { kindList($0, at: "\(path).must") }
        )
    }

    private mutating func floor(_ node: Node?, at path: String) -> Floor? {
        guard let node else { return nil }
        let word = text(node, at: path)
        if word == Self.openFloor { return nil }
        if let floor = Self.floors[word] { return floor }
        if !spoiled.contains(path) {
            spoil(
                path,
                "the floor is 'open', 'round' (one at a time) or 'question-first' (statements "
                    + "answer questions)"
            )
        }
        return nil
    }

    // MARK: Lengths

    private mutating func length(_ minutes: Node?, share: Node?, at path: String) -> UInt32 {
        guard let share else { return seconds(minutes, at: path) }
        let word = text(share, at: path)
        guard minutes == nil else {
            spoil(path, "a phase has minutes or a share, not both")
            return 0
        }
        guard !spoiled.contains(path) else { return 0 }
        do throws(PhaseShares.Mistake) {
            return try shares.seconds(word, isInRound: path.hasPrefix("round["))
        } catch {
            spoil(path, error.sentence)
            return 0
        }
    }

    private mutating func checkShares() {
        guard !spoiled.contains("length"), let mistake = shares.mistake else { return }
        spoil("length", mistake)
    }

    // MARK: Values

    private mutating func fields(
        of node: Node?,
        at path: String,
        known: [String],
        required: [String]
    ) -> [String: Node] {
        guard let node else { return [:] }
        marks[path] = node.mark
        guard let mapping = node.mapping else {
            spoil(path, "this takes keys with a colon: \(known.joined(separator: ", "))")
            return [:]
        }
        var fields: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            if known.contains(name) {
                fields[name] = value
            } else {
                found.add(
                    key.mark?.line ?? 1,
                    key.mark?.column ?? 1,
                    "unknown key '\(clipped(name))'; here are: \(known.joined(separator: ", "))"
                )
            }
        }
        let missing = required.filter { fields[$0] == nil }
        if !missing.isEmpty {
            note(path, "missing here: \(missing.joined(separator: ", "))")
            let prefix = path.isEmpty ? "" : "\(path)."
            for name in missing { spoiled.insert(prefix + (Self.modelNames[name] ?? name)) }
        }
        return fields
    }

    /// Keys that the model's paths call otherwise.
    private static let modelNames = ["minutes": "seconds", "may": "kinds", "now": "sentence"]

    mutating func text(_ node: Node?, at path: String) -> String {
        guard let node else { return "" }
        marks[path] = node.mark
        guard let scalar = node.scalar else {
            spoil(path, "this is a text")
            return ""
        }
        return scalar.string
    }

    private mutating func number<Number: FixedWidthInteger>(
        _ node: Node?,
        at path: String,
        as type: Number.Type
    ) -> Number? {
        guard let node else { return nil }
        let digits = text(node, at: path)
        guard digits.utf8.allSatisfy(isDigit), let number = Number(digits) else {
            if !spoiled.contains(path) { spoil(path, "this is a whole number") }
            return nil
        }
        return number
    }

    /// Reads `2`, `1.5` (minutes) or `30s`.
    private mutating func seconds(_ node: Node?, at path: String) -> UInt32 {
        guard let node else { return 0 }
        let value = text(node, at: path)
        if let seconds = Self.seconds(in: value) { return seconds }
        if !spoiled.contains(path) {
            spoil(path, "write minutes as 2 or 1.5, or seconds as 30s; they come to whole seconds")
        }
        return 0
    }

    private static func seconds(in value: String) -> UInt32? {
        let isSeconds = value.hasSuffix("s")
        let parts = value.dropLast(isSeconds ? 1 : 0)
            .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.joined().utf8
        guard parts.allSatisfy({ (1...6).contains($0.utf8.count) }), digits.allSatisfy(isDigit),
            let whole = parts.first.flatMap({ UInt64($0) })
        else { return nil }
        if isSeconds { return parts.count == 1 ? UInt32(whole) : nil }
        guard parts.count == 2, let fraction = UInt64(parts[1]) else { return UInt32(whole * 60) }
        let scale = parts[1].utf8.reduce(UInt64(1)) { scale, _ in scale * 10 }
        guard fraction * 60 % scale == 0 else { return nil }
        return UInt32(whole * 60 + fraction * 60 / scale)
    }

    private mutating func kindList(_ node: Node?, at path: String) -> [EntryKind] {
        guard let node else { return [] }
        marks[path] = node.mark
        guard let items = node.sequence else {
            spoil(path, "this is a list such as [say, ask]")
            return []
        }
        var kinds: Set<EntryKind> = []
        for item in items.prefix(EntryKind.allCases.count) {
            guard let kind = known(item.scalar?.string) else {
                spoiled.insert(path)
                add(item.mark, Self.kindSentence(item.scalar?.string))
                continue
            }
            if !kinds.insert(kind).inserted { add(item.mark, "this kind stands twice") }
        }
        if items.count > EntryKind.allCases.count { spoil(path, "these are more than all kinds") }
        return kinds.sorted { $0.rawValue < $1.rawValue }
    }

    private mutating func kind(_ node: Node?, at path: String) -> EntryKind {
        guard let node else { return .note }
        marks[path] = node.mark
        if let kind = known(node.scalar?.string) { return kind }
        spoil(path, Self.kindSentence(node.scalar?.string))
        return .note
    }

    private func known(_ word: String?) -> EntryKind? { word.flatMap { Self.kinds[$0] } }

    private static func kindSentence(_ word: String?) -> String {
        let all = kinds.sorted { $0.value.rawValue < $1.value.rawValue }.map(\.key)
        return "'\(clipped(word ?? ""))' is no kind; there are: \(all.joined(separator: ", "))"
    }

    // MARK: Places

    mutating func spoil(_ path: String, _ sentence: String) {
        spoiled.insert(path)
        note(path, sentence)
    }

    private mutating func note(_ path: String, _ sentence: String) {
        add(mark(of: path), sentence)
    }

    private mutating func add(_ mark: Mark?, _ sentence: String) {
        found.add(mark?.line ?? 1, mark?.column ?? 1, sentence)
    }

    private func isSpoiled(_ path: String) -> Bool {
        if spoiled.contains(path) { return true }
        // The rules look at bare kinds through the list of kinds.
        guard let dot = path.lastIndex(of: ".") else { return false }
        let parent = path[..<dot]
        return spoiled.contains(String(parent))
            || (path.hasSuffix("bare") || path.hasSuffix("spoken"))
                && spoiled.contains("\(parent).kinds")
    }

    /// Finds where a path stands, or else the nearest part around it.
    private func mark(of path: String) -> Mark? {
        var path = path[...]
        while true {
            if let mark = marks[String(path)] { return mark }
            guard let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) else {
                return marks[""]
            }
            path = path[..<cut]
        }
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

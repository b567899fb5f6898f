// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Takes out of a text what tells who said it, about whom and when: names, addresses, numbers, dates
/// and times of day.
///
/// It knows names only as they are spelled in the room; who somebody is can still be told from what
/// they say.
struct NameHider {
    /// What stands in the place of a name.
    static let somebody = "[somebody]"
    /// What stands in the place of another word that is to be taken out.
    static let something = "[something]"
    static let address = "[address]"
    static let number = "[number]"
    static let day = "[day]"
    static let time = "[time]"

    /// Shorter names are only hidden where they begin with a capital: "Li", not "li".
    private static let surelyNameLetters = 4
    private static let months: Set<String> = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
        "sept", "oct", "nov", "dec", "januar", "februar", "märz", "mai", "juni", "juli", "oktober",
        "dezember", "okt", "dez",
    ]

    private let names: Set<String>
    private let words: Set<String>

    /// Makes one that knows these names, and words to take out beside them.
    init(names: [String], words: [String]) {
        self.names = Set(names.flatMap(Self.pieces).filter { $0.count > 1 })
        self.words = Set(words.flatMap(Self.pieces).filter { !$0.isEmpty })
    }

    /// Gives a text on one line without what tells who, whom and when.
    func hidden(_ text: String) -> String {
        let plain = ReportText.plain(text)
        let tokens = plain.split { $0.isWhitespace }.map(String.init)
        var kept: [String] = []
        for (index, token) in tokens.enumerated() {
            let piece = replaced(
                token,
                before: index > 0 ? tokens[index - 1] : nil,
                after: index + 1 < tokens.count ? tokens[index + 1] : nil
            )
            // "Mark van Dyk," is one person.
            if kept.last == Self.somebody, names.contains(token.lowercased()) { continue }
            if let last = kept.last, last.first == "[", last.last == "]", piece.hasPrefix(last) {
                kept.removeLast()
            }
            kept.append(piece)
        }
        return kept.joined(separator: " ")
    }

    private func replaced(_ token: String, before: String?, after: String?) -> String {
        let head = token.prefix { !Self.isPart($0) }
        let rest = token.dropFirst(head.count)
        let tail = rest.reversed().prefix { !Self.isPart($0) }.reversed()
        let core = rest.dropLast(tail.count)
        guard !core.isEmpty else { return token }
        let neighbours = [before, after].compactMap { $0.map(Self.word) }
        guard let instead = instead(of: String(core), neighbours) else { return token }
        return head + instead + String(tail)
    }

    private func instead(of core: String, _ neighbours: [String]) -> String? {
        let lower = core.lowercased()
        if core.contains("@") || lower.contains("://") || lower.hasPrefix("www.") {
            return Self.address
        }
        let digits = core.count(where: \.isNumber)
        if digits > 0 {
            let parts = core.split { !$0.isNumber }
            let signs = Set(core.filter { !$0.isNumber })
            if parts.count == 2, parts.allSatisfy({ $0.count <= 2 }),
                signs.isSubset(of: [":", "h"])
            {
                return Self.time
            }
            if parts.count == 3, signs.isSubset(of: [".", "-", "/"]) { return Self.day }
            if digits >= 5 { return Self.number }
            if parts.count == 1, digits <= 2, neighbours.contains(where: Self.months.contains) {
                return Self.day
            }
        }
        for piece in Self.split(core) {
            let lower = piece.lowercased()
            if words.contains(lower) { return Self.something }
            let isSure = piece.count >= Self.surelyNameLetters || piece.first?.isUppercase == true
            if isSure, names.contains(lower) || names.contains(Self.owner(lower)) {
                return Self.somebody
            }
        }
        return nil
    }

    /// "Lenas brief", "Lena's brief".
    private static func owner(_ word: String) -> String {
        word.hasSuffix("s") ? String(word.dropLast()) : word
    }

    private static func word(_ token: String) -> String {
        token.lowercased().filter { $0.isLetter }
    }

    private static func isPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "@"
    }

    private static func split(_ text: String) -> [Substring] {
        text.split { !$0.isLetter && !$0.isNumber }
    }

    private static func pieces(_ text: String) -> [String] {
        split(text).map { $0.lowercased() }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What people of a group said, for use outside of it: without names, affiliations, order or times.
///
/// It depends on nothing but the words and a seed: not on who said them, nor on when or in which order.
///
/// - Source: the Chatham House rule; CAPABILITIES.md U6.
public struct UnnamedExport: Hashable, Sendable {
    /// From how many people on it hides who said what.
    public static let leastPeople = 5

    /// One line, by who said it.
    public struct Line: Hashable, Sendable {
        /// Who said it.
        public var author: PersonID
        /// The words.
        public var text: String

        /// Makes a line.
        public init(author: PersonID, text: String) {
            self.author = author
            self.text = text
        }
    }

    /// Why there is none.
    public enum Refusal: Error, Hashable, Sendable {
        /// It has words of so few people that each could be told.
        case tooFew(people: Int)
    }

    /// The words, in no order.
    public let texts: [String]

    /// Makes one of lines whose authors all agreed.
    ///
    /// - Parameters:
    ///   - lines: what they said.
    ///   - names: the names of everybody who is or was in the group.
    ///   - words: what else is taken out, such as what a department is called.
    ///   - generator: mixes the lines.
    /// - Throws: ``Refusal`` where it has words of fewer than ``leastPeople`` people.
    public init(
        _ lines: [Line],
        names: [String],
        words: [String],
        using generator: inout some RandomNumberGenerator
    ) throws(Refusal) {
        let hider = NameHider(names: names, words: words)
        let cleaned = lines.map { (author: $0.author, text: hider.hidden($0.text)) }
            .filter { $0.text.contains { $0.isLetter || $0.isNumber } }
        let people = Set(cleaned.map(\.author)).count
        guard people >= Self.leastPeople else { throw .tooFew(people: people) }
        // Sorted first, so that the order in which they came leaves no trace.
        texts = cleaned.map(\.text).sorted().shuffled(using: &generator)
    }

    /// Gives it as Markdown.
    ///
    /// - Parameter period: when it was said, in months: "October to November 2026".
    /// - Returns: a title, what it is, and an item for each line.
    public func markdown(period: String) -> String {
        var lines = [
            "# What was said, without names", "",
            "Said in \(ReportText.plain(period)) in a group of people who coach each other. At least "
                + "\(Self.leastPeople) of them said it, and each agreed to this use of their own words. "
                + "Names, addresses, days and times are taken out, and the lines stand in no order. Please "
                + "use what you read, and do not try to find out who said it.",
            "",
        ]
        lines += texts.map { "- " + Report.escaped($0) }
        return lines.joined(separator: "\n") + "\n"
    }
}

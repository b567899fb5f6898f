// SPDX-License-Identifier: Apache-2.0

/// Guesses what sentences do, by rules for English.
///
/// 1. A question that gives advice ("have you tried …?") is advice.
/// 2. A question mark, or the order of words of a question, or an invitation to tell: question.
/// 3. Beginnings that say back ("it sounds like", "you feel"), unless they go on as advice, or
///    half of the words that matter are the other's own: reflection.
/// 4. Beginnings that tell somebody what to do: advice.
/// 5. A statement with numbers, of five words or more with a verb, or of nine: information.
/// 6. Everything else: other.
///
/// Of another language only question marks are seen: ``isEnglish(_:)`` says which it is.
///
/// - Isolation: pure; nothing is learnt and nothing is kept.
public enum Utterance {
    /// Guesses what one sentence does.
    ///
    /// - Parameters:
    ///   - sentence: the sentence.
    ///   - heard: the words that the other said just before, in small letters.
    ///   - english: whether the rules for English may be asked; else only the mark is.
    /// - Returns: one class; ``UtteranceKind/other`` where no rule fits.
    public static func kind(
        of sentence: Sentence,
        after heard: Set<String> = [],
        english: Bool = true
    ) -> UtteranceKind {
        guard english else { return sentence.isMarked ? .question : .other }
        let all = sentence.words
        let words = withoutFillers(all)
        if begins(words, Phrases.adviceAsked) || begins(all, Phrases.adviceAsked) { return .advice }
        if sentence.isMarked { return .question }
        if isAcknowledgement(all) { return .other }
        if asks(words) || begins(words, Phrases.invitations) || begins(all, Phrases.invitations) {
            return .question
        }
        if begins(all, Phrases.advice) || begins(words, Phrases.advice) { return .advice }
        if begins(words, Phrases.reflections) || begins(all, Phrases.reflections) {
            return .reflection
        }
        if echoes(words, heard) { return .reflection }
        if let first = words.first, words.count > 1, Phrases.imperatives.contains(first) {
            return .advice
        }
        if sentence.hasNumbers { return .information }
        let states = words.count >= 9 || words.contains { Phrases.verbs.contains($0) }
        return words.count >= 5 && states ? .information : .other
    }

    /// Guesses which form a question has; `nil` where the sentence is none.
    public static func form(of sentence: Sentence) -> QuestionForm? {
        guard kind(of: sentence) == .question else { return nil }
        let words = withoutFillers(sentence.words)
        if begins(words, Phrases.invitations) { return .open }
        guard let first = words.first else { return .closed }
        if first == "how", let second = words.dropFirst().first,
            ["many", "much", "often", "long", "far", "old", "big"].contains(second)
        {
            return .closed
        }
        if ["what", "how", "why", "what's", "how's"].contains(first) { return .open }
        // "Tom, what do you want?": the word of the question stands a little later.
        if words.prefix(4).contains(where: { ["what", "how", "why"].contains($0) }) {
            return .open
        }
        return .closed
    }

    /// Tells whether words are English enough for the rules: of at least ``wordsLeast`` words a
    /// quarter are among the small words that every English text is made of.
    public static func isEnglish(_ words: [String]) -> Bool {
        guard words.count >= wordsLeast else {
            return words.isEmpty || words.contains { Phrases.common.contains($0) }
        }
        return words.count { Phrases.common.contains($0) } * 4 >= words.count
    }

    /// How many words say which language it is.
    public static let wordsLeast = 12

    // MARK: What is looked at

    private static func withoutFillers(_ words: [String]) -> [String] {
        let rest = words.drop { Phrases.fillers.contains($0) }
        return rest.isEmpty ? words : Array(rest)
    }

    private static func begins(_ words: [String], _ phrases: [[String]]) -> Bool {
        phrases.contains { words.starts(with: $0) }
    }

    private static func isAcknowledgement(_ words: [String]) -> Bool {
        words.count <= 6 && words.allSatisfy { Phrases.acknowledgements.contains($0) }
    }

    private static func asks(_ words: [String]) -> Bool {
        guard let first = words.first, words.count > 1 else {
            return words.first.map(Phrases.asking.contains) ?? false
        }
        let second = words[1]
        if Phrases.asking.contains(first) {
            // "what happened is …" and "when I come home …" state something.
            if first.hasSuffix("'s") { return true }
            return Phrases.auxiliaries.contains(second)
                && !words.dropFirst(2).prefix(2).contains("is")
        }
        if first == "don't" || first == "have" { return second == "you" || second == "they" }
        return Phrases.auxiliaries.contains(first) && Phrases.subjects.contains(second)
            && words.count > 2
    }

    /// Whether at least half of the words that matter, and two of them, were the other's own.
    private static func echoes(_ words: [String], _ heard: Set<String>) -> Bool {
        let content = words.filter(Phrases.isContent)
        let same = content.count { heard.contains($0) }
        return same >= 2 && same * 2 >= content.count && words.count <= 20
            && words.contains { ["you", "your", "you're", "yours", "you've"].contains($0) }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension LineEditor {
    /// The candidates that are listed at most.
    public static let choicesMax = 40

    /// The word before the cursor and what stands before it.
    public var completionQuery: CompletionQuery {
        let start = clusters[..<cursor].lastIndex { $0.isWhitespace }.map { $0 + 1 } ?? 0
        return CompletionQuery(
            before: String(clusters[..<start]),
            word: String(clusters[start..<cursor])
        )
    }

    /// Completes the word before the cursor as far as the fitting candidates agree.
    ///
    /// Upper and lower case are the same in the comparison; the candidate's spelling is taken.
    ///
    /// - Parameter candidates: whole words; those that do not begin with the word are left out.
    /// - Returns: the choices when the word cannot be completed further.
    public mutating func complete(with candidates: [String]) -> LineEdit {
        let word = completionQuery.word
        let start = word.lowercased()
        let fitting = candidates.filter { $0.lowercased().hasPrefix(start) }
        guard let first = fitting.first else { return .unchanged }
        var common = Array(first)
        for other in fitting.dropFirst() {
            let agreed = zip(common, other).prefix { $0.lowercased() == $1.lowercased() }
            common = Array(common.prefix(agreed.count))
        }
        if fitting.count == 1 {
            let isFollowed = cursor < clusters.count && clusters[cursor].isWhitespace
            return replace(word, by: isFollowed ? first : first + " ")
        }
        if common.count > word.count { return replace(word, by: String(common)) }
        return .choices(Array(fitting.prefix(Self.choicesMax)))
    }

    private mutating func replace(_ word: String, by completed: String) -> LineEdit {
        for _ in word { _ = press(.backspace) }
        return insert(completed)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What one sentence does in a conversation.
public enum UtteranceKind: String, CaseIterable, Hashable, Sendable {
    /// Asks, or invites to tell.
    case question
    /// Says back what the other said or may feel.
    case reflection
    /// Says what to do, also as a question ("why don't you …").
    case advice
    /// States something about the matter.
    case information
    /// Greetings, thanks, praise, "mm", and all that nothing can be said about.
    case other
}

/// Which answers a question leaves room for; for the table alone, nobody is shown it.
///
/// - Source: the rules come to less than two people agree on (see `Tests/README.md`), so no share
///   of open questions is made of this.
public enum QuestionForm: String, CaseIterable, Hashable, Sendable {
    /// More than yes, no, or one of what was named.
    case open
    /// Yes, no, or one of what was named.
    case closed
}

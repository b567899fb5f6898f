// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// One line of a typed turn, as who coached it can read it.
public struct TurnLine: Hashable, Sendable {
    /// Who wrote it, seen from who coached.
    public enum Author: Hashable, Sendable, CaseIterable {
        /// The coach whose numbers are made.
        case me
        /// The client.
        case client
        /// Another coach or an observer.
        case other
    }

    /// Who wrote it.
    public var author: Author
    /// Which kind of line it was sent as.
    public var kind: EntryKind
    /// The words.
    public var text: String
    /// When it was sent.
    public var at: Timestamp

    /// Makes a line.
    public init(author: Author, kind: EntryKind, text: String, at: Timestamp) {
        self.author = author
        self.kind = kind
        self.text = text
        self.at = at
    }

    /// Whether it is part of the conversation: not feedback about it, nor a paper.
    public var isConversation: Bool {
        switch kind {
        case .say, .ask, .answer, .reflect, .suggest, .offer, .thanks, .commit: true
        case .feedback, .note, .assess, .consent, .withdraw, .grant, .paper: false
        }
    }

    /// What the person said that the line does; `nil` where the kind does not say it.
    ///
    /// A bare line is sent as what the phase makes of it, which for a coach is a question or a
    /// statement; so only the kinds that nobody sends by accident say it for sure.
    public var given: UtteranceKind? {
        switch kind {
        case .reflect: .reflection
        case .suggest: .advice
        case .offer: .information
        case .thanks, .commit: .other
        default: nil
        }
    }
}

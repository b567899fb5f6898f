// SPDX-License-Identifier: Apache-2.0
import CoachingGoals
import CoachingModel
import CoachingSeal

/// What somebody wrote, as it arrives.
struct HeardLine: Hashable, Sendable {
    /// Which text of the room it is.
    enum Paper: Hashable, Sendable {
        case agreement(version: UInt32)
        case purpose(hash: Bytes32)
        case link
        case reason
    }

    /// Where it stands.
    var key: TranscriptKey
    /// Its number there.
    var number: UInt64
    /// When the server accepted it.
    var at: Timestamp
    /// Who wrote it; `nil` where that cannot be said.
    var author: PersonID?
    /// What kind of thing it is.
    var kind: EntryKind
    /// The words; `nil` where they cannot be read.
    var text: String?
    /// When what was promised is due.
    var due: Timestamp?
    /// Which text of the room it is, if it is one.
    var paper: Paper?
    /// By whose yes it stands here, where it was released.
    var agreed: [PersonID]?
    /// When it was said first, where a restored server had lost it.
    var saidBefore: Timestamp?
    /// The number of the question that it answers.
    var cites: UInt64?
    /// The file that it hands over.
    var file: HandedFile?
    /// The goal, task or promise that it is about.
    var undertaking: UndertakingNote?
    /// What stands in it about feedback, besides its words.
    var feedback: FeedbackContent?
    /// How somebody is, from 1 to 5, where it is a check-in.
    var scale: UInt8?
    /// Whether it raises a breach of trust.
    var isBreach = false
    /// Whether it says that the other's feedback was heard.
    var isHeard = false
}

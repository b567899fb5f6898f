// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Where somebody wants their lines to go.
enum LineTarget: Hashable, Sendable {
    case note
    case turn
    case room
    case peers
    case person(PersonID)
}

/// Where a line goes, and who would read it there.
struct LineAddress: Hashable, Sendable {
    /// The place.
    var key: TranscriptKey
    /// The kind of a bare line.
    var kind: EntryKind
    /// Who reads it, oneself included; ascending.
    var readers: [PersonID]
    /// The readers in words, without oneself: "Lena, Tom", "only you", "everyone in north".
    var text: String

    /// Whether nobody else reads it.
    var isOwn: Bool { key.scope == .own }

    /// Whether a line for one would mean the same in the other.
    func means(_ other: LineAddress) -> Bool { key == other.key && kind == other.kind }
}

/// What was shown when the line began that is being typed.
struct Draft: Hashable, Sendable {
    /// Where a bare line would go.
    var address: LineAddress
    /// The room as it was then, with all who would read.
    var room: Room
    /// Whether the person was told that the line keeps its readers.
    var isNoted = false
}

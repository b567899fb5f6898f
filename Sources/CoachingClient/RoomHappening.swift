// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
public import CoachingSeal

/// Something that a room's screen may show, in the order in which it happened here.
public enum RoomHappening: Sendable {
    /// A checked record of the room's log. Who folds all of them with `Room.evolve` has the room
    /// as it was after each. `isNew` is false for what was there before one came in.
    case record(RoomRecord, isNew: Bool)
    /// A checked line, opened where this device can open it; it comes once more if it is opened
    /// later.
    case entry(ReadEntry)
    /// A line that is gone, and who took it back; `nil` where its time was over.
    case erased(TranscriptKey, number: UInt64, by: PersonID?)
    /// All that was there before has been handed over; what follows is new.
    case caughtUp
    /// Lines of one more circle of readers can be read from now on.
    case opened(TranscriptKey)
    /// Something that an honest server and honest devices never do.
    case alarm(RoomAlarm)
    /// Somebody asked for the release of a line, or something came of it.
    case release(ReleaseChange)
    /// A member gave a new device of somebody what that person had read before.
    case givenAgain(GivenAgain)
}

/// A member's deed for a new device of somebody, such as after all their others were lost.
public struct GivenAgain: Hashable, Sendable {
    /// Which circle of readers' lines.
    public var key: TranscriptKey
    /// Who gave them.
    public var by: PersonID
    /// Whose device it is.
    public var to: PersonID
    /// Whether it came after ``RoomHappening/caughtUp``.
    public var isNew: Bool

    /// Makes a description.
    public init(key: TranscriptKey, by: PersonID, to: PersonID, isNew: Bool) {
        self.key = key
        self.by = by
        self.to = to
        self.isNew = isNew
    }
}

/// A line as it was read: checked, opened, not yet cleaned for a terminal.
public struct ReadEntry: Hashable, Sendable {
    /// For whom it is.
    public var key: TranscriptKey
    /// Its number there.
    public var number: UInt64
    /// When the server took it.
    public var at: Timestamp
    /// Who wrote it; `nil` where no name stands with it.
    public var author: PersonID?
    /// Their name in the room; empty where it is not known.
    public var authorName: String
    /// The device that wrote it.
    public var device: DeviceID
    /// What kind of line.
    public var kind: EntryKind
    /// What stands inside; `nil` where it cannot be opened.
    public var body: EntryBody?
    /// Whether this person wrote it.
    public var isMine: Bool
    /// Whether it came after ``RoomHappening/caughtUp``.
    public var isNew: Bool
    /// The number of the line that it answers.
    public var cites: UInt64?
    /// Whom it concerns.
    public var about: PersonID?
    /// The further numbers that it takes back.
    public var alsoCites: [UInt64] = []
    /// Whether it came before, when this device could not open it yet.
    public var isReopened = false
    /// By whose yes it stands here, where it says that it was released.
    public var release: ReleaseStanding?
}

/// What is wrong with a room, in words for people.
public struct RoomAlarm: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Kind: Hashable, Sendable {
        /// The log of the room is not what its members signed or agreed on.
        case forgedLog
        /// The room begins otherwise than when it was first seen.
        case otherBeginning
        /// The server has less than it had, or something else in its place.
        case setBack
        /// Lines are missing, changed or in another order.
        case brokenLines
        /// A line is not signed by whom it names.
        case forgedLine
        /// A line was removed that nobody may have removed, or was to be by who may not.
        case wrongErasure
        /// A line was meant for other readers than the log says.
        case wrongReaders
        /// Members were shown different histories.
        case forked
        /// The server sent more than can be kept.
        case flooded
        /// A device of the room did something that it must not.
        case misbehaved
        /// A member may not be who they were: other keys stand behind the name.
        case otherIdentity
        /// A line claims to be released by people who did not agree, or somebody asks for what
        /// they may not ask.
        case forgedRelease
        /// Answers without names are not what was given, or could tell who wrote which.
        case wrongAnswers
    }

    /// What is wrong.
    public var kind: Kind
    /// A sentence for people.
    public var sentence: String
    /// Whether nothing more of this room is taken from the server.
    public var isFatal: Bool

    /// Makes an alarm.
    public init(_ kind: Kind, _ sentence: String, isFatal: Bool) {
        self.kind = kind
        self.sentence = sentence
        self.isFatal = isFatal
    }
}

/// How much of a room a process needs.
public enum RoomDepth: UInt8, Comparable, Sendable {
    /// The log alone: who is in, what runs. Enough to post.
    case log = 0
    /// The log and all lines that one may read.
    case everything = 1

    /// Orders by how much comes.
    public static func < (left: RoomDepth, right: RoomDepth) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// One who reads, as a prompt shows them.
public struct Reader: Hashable, Sendable {
    /// Who.
    public var person: PersonID
    /// Their name in the room.
    public var name: String
    /// Peer or facilitator.
    public var membership: Membership
    /// Whether it is oneself.
    public var isMe: Bool
}

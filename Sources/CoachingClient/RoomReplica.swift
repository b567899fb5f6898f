// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// A room as this device has checked it: the log folded from its beginning, and its transcripts.
///
/// The server is believed in nothing that can be checked: rosters must be signed by a keeper of
/// the version before, device lists by their person, keys must be made for exactly the readers
/// whom this log names, and every chain must hold. After a fatal alarm nothing more is taken.
///
/// - Isolation: a value; it does no input or output and knows no clock.
/// - Source: DESIGN.md D1 to D4, D8, D12, D20; SEALING.md 3.3.
struct RoomReplica: Sendable {
    /// How many past states are kept for checking keys.
    static let pastMax = 4_096
    /// How many items of one transcript wait for the log to come up with them.
    static let heldMax = 1_024

    /// The room's state at a position at which its readers changed.
    struct Past: Sendable {
        var position: UInt64
        var room: Room
    }

    /// A transcript that is being read.
    struct Reading: Sendable {
        var key: TranscriptKey
        var reader: TranscriptReader
        var opening: Opening
        /// Items whose key was made at a later position than the log has reached here.
        var held: [HeldFrame] = []
        /// Who wrote what, and what is gone by whose right.
        var erasures = ErasureLedger()
        /// When the server took the latest item that was read.
        var lastAt: Timestamp?
        /// Up to where the server said it goes when it was followed.
        var target: UInt64
        /// The first number that is read, and the head of the chain before it.
        var first: UInt64
        var headBefore: Bytes32
        /// Between which numbers each key was used.
        var keySpans: [KeyID: KeySpan] = [:]
        /// Whether it cannot be read on.
        var isBroken = false
        /// Who has already shown that they see other lines: said once for each.
        var forkedBy: Set<DeviceID> = []
        /// What was read, for reading it again.
        var index = ReadIndex()
        /// Lines that were said before and posted again, by their first name and author.
        var again: [SaidAgain: UInt64] = [:]
        /// Under which key the lines stand that were read and are not gone, by number.
        var standing: [UInt64: KeyID] = [:]
        /// The answers of a prompt's transcript.
        var answers = PromptReading()
    }

    /// A change of a circle of readers: lines after the number need a key that knows of it.
    struct Cut: Sendable {
        var number: UInt64
        var position: UInt64
        /// From when on it counts; at once where the room's log names the number.
        var since: Timestamp?
    }

    /// A frame that waits.
    enum HeldFrame: Sendable {
        case item(PushedItem)
        case tombstone(Tombstone)

        var number: UInt64 {
            switch self {
            case .item(let item): item.number
            case .tombstone(let tombstone): tombstone.number
            }
        }

        /// When the server took it; nobody asks that of what was erased.
        var at: Timestamp {
            switch self {
            case .item(let item): item.at
            case .tombstone: Timestamp(milliseconds: 0)
            }
        }
    }

    /// Whose replica it is.
    let owner: PersonID
    /// The room as far as the log was read.
    var room: Room
    /// The heads of the log, by position.
    var heads: [Bytes32]
    /// Device lists as signed, for their chains.
    var lists: [PersonID: SignedDeviceList] = [:]
    /// The genesis until its signer's device list has come.
    var unproved: Rostered?
    /// The hash of the first signed roster.
    var genesis: Bytes32?
    /// What the genesis must be, if the room was seen before.
    var pinned: Bytes32?
    /// Where logs ended when they were last seen.
    var seen: [StreamID: SeenHead]
    var past: [Past] = []
    /// Where the readers of each circle changed, oldest first.
    var cuts: [TranscriptID: [Cut]] = [:]
    /// At which position the keys were made that lines stand under.
    var keyPositions: [KeyID: UInt64] = [:]
    /// When the server took their key events.
    var keyTimes: [KeyID: Timestamp] = [:]
    /// At which numbers the keys stand.
    var keyNumbers: [KeyID: UInt64] = [:]
    var readings: [TranscriptID: Reading] = [:]
    /// What was read before a transcript was begun anew from further back.
    var readBefore: [TranscriptID: ReadBefore] = [:]
    /// Whether the server must be asked anew from where one is.
    var mustFollow = false
    var verifiers: [DeviceID: VerifyingKey] = [:]
    /// Who stood under a name last, however the case.
    var carriers: [String: PersonID] = [:]
    /// Who stands under a name that was another's before.
    var changes: [PersonID: IdentityChange] = [:]
    /// What this device knows about people from outside the room.
    var knowledge = IdentityKnowledge()
    /// Of whom it was said that they may not be who they were.
    var doubted: Set<PersonID> = []
    /// The room's texts by the hash of their words.
    var papers: [Bytes32: EntryBody] = [:]
    /// What was last said that a session is for, and when.
    var lastPurpose: (text: String, at: Timestamp)?
    /// The time, as the client knows it; before it is told nothing is over.
    var now = Timestamp(milliseconds: 0)
    /// Whether what comes is new to the owner.
    var isCaughtUp = false
    /// The position up to which the server said the log goes.
    var target: UInt64?
    /// How many transcripts the server has still to name before all that there is is known.
    var openingsLeft: UInt32 = 0
    /// What ended it.
    var failure: RoomAlarm?
    /// The private keys of this device.
    var keyring: DeviceKeyring
    /// Sender keys that this device has opened, now or earlier.
    var kept: [KeyID: KeptKey] = [:]
    /// Those of them that are not in the profile's folder yet.
    var unsaved: [KeptKey] = []
    /// What does not open here.
    var exchange = KeyExchange()
    /// Releases that somebody asked for.
    var releases = ReleaseLedger()
    /// What this device remembers of the room from before.
    var memory: RememberedRoom
    /// Where the server's past is another one than was seen.
    var differences: [PastDifference] = []
    /// Where transcripts end, as the server said last.
    var lasts: [TranscriptID: UInt64] = [:]
    /// A restore that was taken over and not told yet.
    var adopted: AdoptedRestore?
    /// Whether the owner is about to give their word for what the server has now.
    var acceptsRestored = false
    /// Lines of this device that must be there, as the folder keeps them.
    var sent: [SentLine] = []

    init(
        _ id: RoomID,
        owner: PersonID,
        keyring: DeviceKeyring,
        pinned: Bytes32?,
        seen: [SeenHead],
        kept: [KeptKey] = []
    ) {
        self.owner = owner
        self.keyring = keyring
        memory = RememberedRoom(room: id)
        for key in kept { self.kept[key.key] = key }
        self.pinned = pinned
        room = Room(id: id)
        heads = [RoomChain.start(id)]
        self.seen = [:]
        for head in seen { self.seen[head.stream] = head }
    }

    /// The head of the log.
    var head: Bytes32 { heads.last ?? .zero }

    /// Ends everything with an alarm.
    mutating func fail(_ kind: RoomAlarm.Kind, _ sentence: String) -> RoomHappening {
        let alarm = RoomAlarm(kind, sentence, isFatal: true)
        failure = alarm
        return .alarm(alarm)
    }

    /// Tells whether all that was there when it was followed has been read.
    var hasAll: Bool {
        guard let target, failure == nil, openingsLeft == 0 else { return false }
        return room.position >= target
            && readings.values.allSatisfy { $0.isBroken || $0.reader.number >= $0.target }
    }

    /// Says that all is there, once.
    mutating func announceCaughtUp() -> [RoomHappening] {
        guard !isCaughtUp else { return [] }
        // Nothing that still comes can make this right.
        if failure == nil, isUnaccepted, !acceptsRestored, room.position >= target ?? .max {
            return [fail(.setBack, Self.setBack.sentence)]
        }
        guard hasAll else { return [] }
        noteMissingLines()
        guard let settled = settleDifferences() else {
            return [fail(.setBack, Self.setBack.sentence)]
        }
        isCaughtUp = true
        return retryEarly() + identityAlarms() + settled + findMissingAnswers() + [.caughtUp]
    }

    /// Gives where everything ends, for the profile.
    var ends: [SeenHead] {
        guard failure == nil, room.position > 0, unproved == nil, !isUnaccepted else { return [] }
        let restores = generation == 0 ? nil : generation
        var ends = [
            SeenHead(
                stream: StreamID(room.id),
                number: room.position,
                head: head,
                restores: restores
            )
        ]
        for (id, reading) in readings where !reading.isBroken && reading.reader.number > 0 {
            ends.append(
                SeenHead(
                    stream: StreamID(id),
                    number: reading.reader.number,
                    head: reading.reader.head,
                    restores: restores
                )
            )
        }
        return ends
    }

    /// Gives where one is, to follow on from there.
    func follow(_ depth: RoomDepth) -> Follow {
        let places = readings.map { id, reading in
            TranscriptPosition(transcript: id, number: reading.reader.number)
        }
        return Follow(
            room: room.id,
            position: room.position,
            transcripts: places.sorted { $0.transcript < $1.transcript },
            rest: depth == .everything
        )
    }

    /// The room at a position, as far back as is known.
    func room(at position: UInt64) -> Room? {
        guard position <= room.position else { return nil }
        return past.last { $0.position <= position }?.room
    }

    func verifier(_ device: DeviceID) -> VerifyingKey? {
        if let known = verifiers[device] { return known }
        return room.signingKey(of: device).flatMap { try? VerifyingKey($0) }
    }

    /// Names a device's person, for sentences.
    func name(_ device: DeviceID?) -> String {
        device.flatMap { room.author(of: $0) }.flatMap { room.name(of: $0) } ?? "Somebody"
    }
}

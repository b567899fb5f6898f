// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
public import CoachingSeal
public import CoachingWire

/// A room that a process is in: its happenings, and what one can do there.
///
/// It goes on by itself after a lost connection, where it was. Let it go with ``leave()``.
public struct RoomSession: Sendable {
    /// The client.
    public let client: Client
    /// The room.
    public let room: RoomID
    /// The room's name.
    public let name: String
    /// What happens; for one consumer, who reads on: too much unread is an alarm.
    public let happenings: AsyncStream<RoomHappening>

    /// Gives the room as its log tells it now.
    public func state() async throws(ClientError) -> Room { try await client.roomState(room) }

    /// Waits until all that was there before has come.
    public func caughtUp() async throws(ClientError) { try await client.awaitCaughtUp(room) }

    /// Gives who reads a circle of readers now, oneself included, by name; for the prompt.
    public func readers(of key: TranscriptKey) async throws(ClientError) -> [Reader] {
        try await client.readers(of: key, in: room)
    }

    /// Asks something of the room: presence, agreement, session, clock, membership.
    ///
    /// Returns when this process's own view of the room shows it too.
    public func act(_ act: RoomAct) async throws(ClientError) {
        try await client.act(act, in: room)
    }

    /// Sends a line, once, whatever becomes of the connection meanwhile.
    ///
    /// - Parameters:
    ///   - body: what stands inside.
    ///   - kind: what kind of line.
    ///   - key: for whom.
    ///   - shown: who was shown as reader when it was typed.
    ///   - cites: the number of the line that it answers.
    ///   - about: whom it concerns.
    /// - Returns: its number.
    /// - Throws: ``ClientError/Code/held`` where somebody else would read it, `refused`,
    ///   `notReached` where it was not sent, `uncertain` where nobody knows.
    @discardableResult
    public func post(
        _ body: EntryBody,
        kind: EntryKind,
        to key: TranscriptKey,
        shown: Set<PersonID>,
        cites: UInt64? = nil,
        about: PersonID? = nil
    ) async throws(ClientError) -> UInt64 {
        let draft = try LineDraft(body, kind: kind, cites: cites, about: about)
        return try await client.post(draft, to: key, shown: shown, in: room)
    }

    /// Seals a file, sends it in chunks and then the line that hands it over.
    ///
    /// Lines go between its chunks. Without the line nobody gets anything of it, and the server
    /// erases what it has after an hour.
    ///
    /// - Parameters:
    ///   - file: the file; it must stay as it is meanwhile.
    ///   - kind: what kind of line.
    ///   - key: for whom.
    ///   - shown: who was shown as reader.
    ///   - cites: the number of the line that it answers.
    /// - Returns: the line's number.
    /// - Throws: as posting does, and ``ClientError/Code/file``.
    @discardableResult
    public func send(
        _ file: OutgoingFile,
        kind: EntryKind,
        to key: TranscriptKey,
        shown: Set<PersonID>,
        cites: UInt64? = nil
    ) async throws(ClientError) -> UInt64 {
        try await client.send(file, kind: kind, to: key, shown: shown, cites: cites, in: room)
    }

    /// Gets a file that a line hands over, opens and checks it, and stores it under a safe name.
    ///
    /// - Parameters:
    ///   - file: what the line says.
    ///   - key: for whom the line is.
    ///   - folder: where it is stored; nothing that is there is written over.
    /// - Returns: the path.
    /// - Throws: ``ClientError/Code/file``, `refused` where it is gone, `alarm` where the server
    ///   gives something else.
    public func save(
        _ file: HandedFile,
        of key: TranscriptKey,
        into folder: String
    ) async throws(ClientError) -> String {
        try await client.save(file, of: key, into: folder, in: room)
    }

    /// How many lines are taken back at once.
    public static let withdrawnMax = EntryHeader.citesMax

    /// Takes lines of one's own back or, as a facilitator, somebody's out of the room.
    ///
    /// The server keeps nothing of them, and programs that have them forget them. Everybody who
    /// could read them sees that, and by whom.
    ///
    /// - Parameters:
    ///   - numbers: the lines' numbers, at most ``withdrawnMax`` of them.
    ///   - key: for whom they were; it must have been read here.
    ///   - reason: why, for all who read there; empty for lines of one's own.
    ///   - shown: who was shown as its readers.
    /// - Throws: `refused` for what somebody else wrote, unless one is a facilitator and it was
    ///   for the room; or for what is gone already.
    public func withdraw(
        _ numbers: [UInt64],
        from key: TranscriptKey,
        because reason: String = "",
        shown: Set<PersonID> = []
    ) async throws(ClientError) {
        let sorted = Set(numbers).sorted()
        guard let first = sorted.first, sorted.count <= EntryHeader.citesMax else {
            throw ClientError(.invalid, "Too many lines at once, or none.")
        }
        var draft = try LineDraft(
            EntryBody(text: reason),
            kind: .withdraw,
            cites: first,
            alsoCites: Array(sorted.dropFirst())
        )
        draft.tellsWhy = !reason.isEmpty
        _ = try await client.post(draft, to: key, shown: shown, in: room)
    }

    /// Gives the agreement in force and the proposed one, with their texts as far as one has them.
    public func agreements() async throws(ClientError) -> Agreements {
        try await client.agreements(in: room)
    }

    /// Proposes a text as the next version of the agreement: posts it and names its hash.
    public func proposeAgreement(_ text: String) async throws(ClientError) {
        try await client.proposeAgreement(text, in: room)
    }

    /// Accepts a version of the agreement.
    public func acceptAgreement(_ version: AgreementVersion) async throws(ClientError) {
        try await act(.acceptAgreement(version))
    }

    /// Gives lines from before, asked of the server again: the newest, or those before a place.
    ///
    /// Only lines that came to this process since it went into the room, each checked to be the
    /// very one that was read then.
    ///
    /// - Parameters:
    ///   - place: where the page before began; `nil` for the newest.
    ///   - count: how many at most.
    /// - Returns: the lines, oldest first, and from where to go on.
    /// - Throws: ``ClientError/Code/alarm`` where the server shows something else, and what every
    ///   request throws.
    public func lines(
        before place: LinePlace?,
        count: Int
    ) async throws(ClientError) -> LinePage {
        try await client.lines(before: place, count: max(1, count), in: room)
    }

    /// Ends following; the stream of happenings ends.
    public func leave() async { await client.leaveView(room) }
}

/// The texts by which a room goes.
public struct Agreements: Hashable, Sendable {
    /// A version with its text.
    public struct Text: Hashable, Sendable {
        /// The version and the hash of its text.
        public var version: AgreementVersion
        /// The text; `nil` where no line with this hash has come to this device.
        public var text: String?
        /// Whether oneself has accepted it.
        public var isAccepted: Bool
    }

    /// What holds.
    public var inForce: Text?
    /// What is proposed and not yet accepted by all.
    public var proposed: Text?
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// A line before it is sealed.
struct LineDraft: Sendable {
    /// What is padded and sealed.
    var plaintext: [UInt8]
    var kind: EntryKind
    var cites: UInt64?
    var about: PersonID?
    /// The further numbers that a withdrawal takes back.
    var alsoCites: [UInt64] = []
    /// Whether a withdrawal says why.
    var tellsWhy = false
    /// What was sent before and is posted again.
    var again: SentLine?
    /// The file that it hands over, as the server knows it.
    var file: Bytes32?

    /// Takes what a person wrote.
    init(
        _ body: EntryBody,
        kind: EntryKind,
        cites: UInt64? = nil,
        about: PersonID? = nil,
        alsoCites: [UInt64] = []
    ) throws(ClientError) {
        do {
            plaintext = try body.encoded()
        } catch {
            throw ClientError(
                .invalid,
                "The line is too long.",
                hint: "At most \(EntryBody.textBytesMax) bytes."
            )
        }
        (self.kind, self.cites, self.about) = (kind, cites, about)
        self.alsoCites = alsoCites
    }

    /// Takes what is said about the release of a line.
    init(_ body: ReleaseBody, cites: UInt64) throws(SealError) {
        plaintext = try body.encoded()
        kind = .consent
        self.cites = cites
    }

    /// Takes what a device says about keys.
    init(_ body: GrantBody) throws(SealError) {
        plaintext = try body.encoded()
        kind = .grant
    }

    /// Takes a line that was sent before.
    init(
        again line: SentLine,
        plaintext: [UInt8],
        cites: UInt64?,
        about: PersonID?,
        alsoCites: [UInt64] = []
    ) {
        self.plaintext = plaintext
        kind = line.kind
        again = line
        (self.cites, self.about, self.alsoCites) = (cites, about, alsoCites)
    }
}

extension Client {
    /// How often a line is sealed anew before it is given up.
    private static let sealingsMax = 8

    /// Sends a line once (see ``RoomSession``).
    ///
    /// One line of a circle of readers at a time, in the order of the calls, so that counters
    /// never have to be guessed. What was sent is never sealed anew before the server has said
    /// that it does not have it.
    func post(
        _ draft: LineDraft,
        to key: TranscriptKey,
        shown: Set<PersonID>,
        in room: RoomID
    ) async throws(ClientError) -> UInt64 {
        let ticket = try await takeTurn(of: key, in: room)
        defer { endTurn(ticket, of: key, in: room) }
        for _ in 0..<Self.sealingsMax {
            try await settleView(of: room)
            // Taking something back says nothing to anybody, unless it says why.
            if draft.kind != .withdraw || draft.tellsWhy,
                let names = newReaders(of: key, beyond: shown, in: try roomState(room))
            {
                throw ClientError(held: names)
            }
            try checkIdentities(of: key, in: room)
            let place = SenderPlace(key, draft.kind)
            guard let held = try await sender(for: place, in: room) else { continue }
            guard let post = try seal(draft, place, held, room) else { continue }
            let readers = try roomState(room).audience(of: key)
            switch try await deliver(post, held.sender) {
            case .accepted(let number):
                noteSent(draft, post, as: number, readers)
                return number
            case .again: continue
            }
        }
        throw ClientError(
            .tryLater,
            "The readers keep changing just now.",
            hint: "Try again in a moment."
        )
    }

    /// Waits until nothing else is on its way to a circle of readers.
    func takeTurn(of key: TranscriptKey, in room: RoomID) async throws(ClientError) -> UInt64 {
        _ = try following(room)
        tickets += 1
        let ticket = tickets
        rooms[room]?.queues[key, default: []].append(ticket)
        let isFirst = await until(ticks: 240) {
            guard let queue = rooms[room]?.queues[key] else { return true }
            return queue.first == ticket
        }
        guard isFirst else {
            endTurn(ticket, of: key, in: room)
            throw Task.isCancelled ? .cancelled : .timedOut
        }
        return ticket
    }

    /// Lets the next one have its turn.
    func endTurn(_ ticket: UInt64, of key: TranscriptKey, in room: RoomID) {
        rooms[room]?.queues[key]?.removeAll { $0 == ticket }
        changed.fire()
    }

    /// Names who would read and was not shown; `nil` where there is nobody.
    func newReaders(
        of key: TranscriptKey,
        beyond shown: Set<PersonID>,
        in room: Room
    ) -> [String]? {
        let new = room.audience(of: key).filter { !shown.contains($0) && $0 != keys.person }
        return new.isEmpty ? nil : new.map { room.name(of: $0) ?? "Somebody" }.sorted()
    }

    /// Waits until the room is followed and read up to where the server was.
    func settleView(of room: RoomID) async throws(ClientError) {
        guard wire?.ready != nil else { throw Self.whyOffline(state) }
        let isThere = await until(ticks: 60) {
            guard let following = rooms[room] else { return true }
            let replica = following.replica
            return failure(of: following) != nil || wire?.ready == nil
                || following.isFollowing && replica.room.position >= replica.target ?? .max
        }
        let replica = try following(room).replica
        guard wire?.ready != nil else { throw Self.whyOffline(state) }
        guard isThere else { throw Task.isCancelled ? .cancelled : .timedOut }
        if replica.isUnaccepted { throw .setBack }
    }

    // MARK: Lines

    private func seal(
        _ draft: LineDraft,
        _ place: SenderPlace,
        _ held: HeldSender,
        _ room: RoomID
    ) throws(ClientError) -> SealedPost? {
        var next = held.sender
        let transcript = next.transcript
        let reader = rooms[room]?.replica.readings[transcript]?.reader
        var generator = environment.generator
        let counter = next.nextCounter
        do {
            let item = try next.seal(
                draft.plaintext,
                kind: draft.kind,
                seenNumber: reader?.number ?? 0,
                seenHead: reader?.head ?? TranscriptChain.start(transcript),
                cites: draft.cites,
                about: draft.about,
                alsoCites: draft.alsoCites,
                using: &generator
            )
            rooms[room]?.senders[place]?.sender = next
            return SealedPost(
                pending: PendingPost(
                    room: room,
                    transcript: transcript,
                    key: next.id,
                    counter: counter,
                    item: item,
                    keyEvent: held.event
                ),
                place: place,
                file: draft.file
            )
        } catch .keyUsedUp {
            rooms[room]?.senders[place] = nil
            return nil
        } catch {
            throw ClientError(.invalid, "The line is too long.")
        }
    }

    private enum Delivery {
        case accepted(UInt64)
        /// Not accepted: look at the readers and seal anew.
        case again
    }

    /// Sends a sealed line until it is known what became of it.
    private func deliver(
        _ post: SealedPost,
        _ sender: SenderKey
    ) async throws(ClientError) -> Delivery {
        let pending = post.pending
        try keep(pending)
        var isUncertain = false
        while true {
            do {
                if isUncertain {
                    let number = try await accepted(pending)
                    if number > 0 { return settle(pending, number) }
                    // The server does not have it, and takes these bytes at most once.
                    isUncertain = false
                }
                return settle(pending, try await send(pending.item, pending.room, post.file))
            } catch {
                if error.isCut {
                    isUncertain = true
                    cut(error)
                    try await reconnect(orThrow: .uncertain)
                    continue
                }
                // Nothing was said about the line itself: it stays in the journal.
                if error.refusal == nil { throw error }
                return try await decide(error, post, sender)
            }
        }
    }

    /// Decides what a refusal means for a line; it is certain now that it was not accepted.
    private func decide(
        _ error: ClientError,
        _ post: SealedPost,
        _ sender: SenderKey
    ) async throws(ClientError) -> Delivery {
        let (room, place) = (post.pending.room, post.place)
        forget(post.pending)
        if error.refusal == .outOfStep {
            rooms[room]?.senders[place]?.sender.rewind(to: error.detail)
            if rooms[room]?.senders[place]?.sender.nextCounter != error.detail {
                rooms[room]?.senders[place] = nil
            }
            return .again
        }
        switch error.roomRule {
        case .staleAudience:
            rooms[room]?.senders[place] = nil
            try await awaitChange(after: sender.header.position, in: room)
            return .again
        case .keyUnknown:
            rooms[room]?.senders[place] = nil
            return .again
        default:
            rooms[room]?.senders[place]?.sender.rewind(to: post.pending.counter)
            throw error
        }
    }

    private func settle(_ pending: PendingPost, _ number: UInt64) -> Delivery {
        forget(pending)
        return .accepted(number)
    }

    func send(
        _ item: [UInt8],
        _ room: RoomID,
        _ file: Bytes32? = nil
    ) async throws(ClientError) -> UInt64 {
        let post = Post(room: room, item: item, file: file)
        guard case .posted(let number) = try await ask(.post(post)), number > 0 else {
            throw .unexpectedAnswer
        }
        return number
    }

    private func accepted(_ pending: PendingPost) async throws(ClientError) -> UInt64 {
        let reference = EntryReference(
            room: pending.room,
            transcript: pending.transcript,
            key: pending.key,
            counter: pending.counter
        )
        guard case .posted(let number) = try await ask(.posted(reference)) else {
            throw .unexpectedAnswer
        }
        return number
    }

    /// Waits for the next connection.
    func reconnect(orThrow error: ClientError) async throws(ClientError) {
        while wire?.ready == nil || wire?.hasEnded == true {
            if case .ended = state { throw error }
            guard !Task.isCancelled else { throw error }
            await changed.wait()
        }
    }

    // MARK: The journal

    private func keep(_ pending: PendingPost) throws(ClientError) {
        if journal == nil {
            journal = try PendingJournal.begin(in: folder, name: environment.bytes16())
        }
        unanswered.append(pending)
        try write()
    }

    private func forget(_ pending: PendingPost) {
        unanswered.removeAll { $0.key == pending.key && $0.counter == pending.counter }
        // What stays behind is only asked about once more.
        try? write()
    }

    private func write() throws(ClientError) {
        do {
            try journal?.keep(unanswered)
        } catch {
            throw folder.unusable(error)
        }
    }

    /// Looks into lines of processes that are gone: sent or not, they are told of once.
    ///
    /// A line that the server does not have is not sent now: much may have happened since. Its
    /// words are shown, so that they can be sent again.
    func settleAbandoned() async {
        for (journal, posts) in PendingJournal.abandoned(in: folder) {
            for post in posts {
                guard let number = try? await accepted(post) else { return }
                if number == 0 { tellUnsent(post) }
            }
            journal.remove()
        }
    }

    private func tellUnsent(_ post: PendingPost) {
        if case .entry(let entry)? = try? ContentItem.parse(post.item),
            entry.header.kind == .withdraw
        {
            return show(
                "Not taken back, the connection was lost: peercoach withdraw",
                needsOwner: true
            )
        }
        let text = words(of: post)
        show(
            "Not sent, the connection was lost: \(text ?? "a line")",
            needsOwner: true
        )
    }

    /// Opens a line of a process that is gone, by what was wrapped for this device.
    private func words(of post: PendingPost) -> String? {
        guard case .key(let event)? = try? ContentItem.parse(post.keyEvent),
            let key = try? event.verified(by: keys.signing.verifyingKey)
        else { return nil }
        var opening = Opening(transcript: post.transcript)
        try? opening.add(key, with: keys.keyring)
        return (try? opening.open(post.item, signedBy: keys.signing.verifyingKey))
            .flatMap { try? EntryBody.decoded($0) }?.text
    }
}

/// A sealed line with its readers.
struct SealedPost: Sendable {
    var pending: PendingPost
    var place: SenderPlace
    /// The file that it hands over.
    var file: Bytes32?
}

extension ClientError {
    /// Whether it is not known what became of the request.
    var isCut: Bool {
        let cuts: [Code] = [.notReached, .timedOut, .goodbye, .notTrusted, .tryLater]
        return refusal == nil && cuts.contains(code)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// A line before it is sealed.
struct LineDraft: Sendable {
    var body: EntryBody
    var kind: EntryKind
    var cites: UInt64?
    var about: PersonID?
    /// The further numbers that a withdrawal takes back.
    var alsoCites: [UInt64] = []
}

extension Client {
    /// How often a line is sealed anew before it is given up.
    private static let sealingsMax = 8
    /// For how long one key seals.
    private static let senderMillisecondsMax: Int64 = 24 * 3_600_000

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
        let plaintext: [UInt8]
        do {
            plaintext = try draft.body.encoded()
        } catch {
            throw ClientError(
                .invalid,
                "The line is too long.",
                hint: "At most \(EntryBody.textBytesMax) bytes."
            )
        }
        _ = try following(room)
        tickets += 1
        let ticket = tickets
        rooms[room]?.queues[key, default: []].append(ticket)
        defer {
            rooms[room]?.queues[key]?.removeAll { $0 == ticket }
            changed.fire()
        }
        let isFirst = await until(ticks: 240) {
            guard let queue = rooms[room]?.queues[key] else { return true }
            return queue.first == ticket
        }
        guard isFirst else { throw Task.isCancelled ? .cancelled : .timedOut }
        for _ in 0..<Self.sealingsMax {
            try await settleView(of: room)
            // Taking something back says nothing to anybody.
            if draft.kind != .withdraw,
                let names = newReaders(of: key, beyond: shown, in: try roomState(room))
            {
                throw ClientError(held: names)
            }
            try checkIdentities(of: key, in: room)
            guard let sender = try await sender(for: key, in: room) else { continue }
            guard let post = try seal(plaintext, draft, key, sender, room) else { continue }
            switch try await deliver(post, sender) {
            case .accepted(let number): return number
            case .again: continue
            }
        }
        throw ClientError(
            .tryLater,
            "The readers keep changing just now.",
            hint: "Try again in a moment."
        )
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
    private func settleView(of room: RoomID) async throws(ClientError) {
        guard wire?.ready != nil else { throw Self.whyOffline(state) }
        let isThere = await until(ticks: 60) {
            guard let following = rooms[room] else { return true }
            let replica = following.replica
            return failure(of: following) != nil || wire?.ready == nil
                || following.isFollowing && replica.room.position >= replica.target ?? .max
        }
        _ = try following(room)
        guard wire?.ready != nil else { throw Self.whyOffline(state) }
        guard isThere else { throw Task.isCancelled ? .cancelled : .timedOut }
    }

    // MARK: Keys

    /// Gives the key for a transcript's readers as they are; makes and announces one if needed.
    ///
    /// - Returns: `nil` where the server knows of a change that has not come here yet: then it
    ///   has been waited for, and the readers must be looked at again.
    private func sender(
        for key: TranscriptKey,
        in room: RoomID
    ) async throws(ClientError) -> SenderKey? {
        let replica = try following(room).replica
        guard let changed = replica.room.lastAudienceChange(of: key) else {
            throw ClientError(.refused, "It is over; nothing can be added there now.")
        }
        let now = environment.now()
        if let held = rooms[room]?.senders[key], held.sender.header.position >= changed,
            now.milliseconds(since: held.made) < Self.senderMillisecondsMax
        {
            return held.sender
        }
        rooms[room]?.senders[key] = nil
        let transcript = TranscriptID(room: room, key: key)
        let position = replica.room.position
        let sender = SenderKey(
            secret: environment.bytes32(),
            signer: keys.signing,
            room: room,
            key: key,
            audience: AudienceDigest.compute(
                transcript: transcript,
                position: position,
                head: replica.head,
                devices: replica.room.readerDevices(of: key)
            ),
            position: position,
            epoch: changed
        )
        let item: [UInt8]
        do {
            item = try sender.announcement()
        } catch {
            throw ClientError(.profile, "The keys in this profile are damaged.")
        }
        do {
            _ = try await send(item, room)
        } catch {
            if error.isCut {
                // Nothing but the key was sent, and nobody needs that one.
                cut(error)
                try await reconnect(orThrow: error)
                return nil
            }
            guard error.roomRule == .staleAudience else { throw error }
            try await awaitChange(after: position, in: room)
            return nil
        }
        rooms[room]?.senders[key] = HeldSender(sender: sender, made: now)
        return sender
    }

    /// Waits for a change of the log that the server has and this device not yet.
    private func awaitChange(
        after position: UInt64,
        in room: RoomID
    ) async throws(ClientError) {
        let came = await until(ticks: 30) {
            guard let following = rooms[room] else { return true }
            return following.replica.room.position > position || !following.isFollowing
                || failure(of: following) != nil
        }
        _ = try following(room)
        guard came else { throw Task.isCancelled ? .cancelled : .timedOut }
    }

    // MARK: Lines

    private func seal(
        _ plaintext: [UInt8],
        _ draft: LineDraft,
        _ key: TranscriptKey,
        _ sender: SenderKey,
        _ room: RoomID
    ) throws(ClientError) -> SealedPost? {
        let transcript = sender.transcript
        let reader = rooms[room]?.replica.readings[transcript]?.reader
        var next = sender
        let counter = next.nextCounter
        do {
            let item = try next.seal(
                plaintext,
                kind: draft.kind,
                seenNumber: reader?.number ?? 0,
                seenHead: reader?.head ?? TranscriptChain.start(transcript),
                cites: draft.cites,
                about: draft.about,
                alsoCites: draft.alsoCites
            )
            rooms[room]?.senders[key]?.sender = next
            return SealedPost(
                pending: PendingPost(
                    room: room,
                    transcript: transcript,
                    key: sender.id,
                    counter: counter,
                    item: item
                ),
                audience: key
            )
        } catch .keyUsedUp {
            rooms[room]?.senders[key] = nil
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
                return settle(pending, try await send(pending.item, pending.room))
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
        let (room, key) = (post.pending.room, post.audience)
        forget(post.pending)
        if error.refusal == .outOfStep {
            rooms[room]?.senders[key]?.sender.rewind(to: error.detail)
            if rooms[room]?.senders[key]?.sender.nextCounter != error.detail {
                rooms[room]?.senders[key] = nil
            }
            return .again
        }
        switch error.roomRule {
        case .staleAudience:
            rooms[room]?.senders[key] = nil
            try await awaitChange(after: sender.header.position, in: room)
            return .again
        case .keyUnknown:
            rooms[room]?.senders[key] = nil
            return .again
        default:
            rooms[room]?.senders[key]?.sender.rewind(to: post.pending.counter)
            throw error
        }
    }

    private func settle(_ pending: PendingPost, _ number: UInt64) -> Delivery {
        forget(pending)
        return .accepted(number)
    }

    private func send(_ item: [UInt8], _ room: RoomID) async throws(ClientError) -> UInt64 {
        guard case .posted(let number) = try await ask(.post(Post(room: room, item: item))),
            number > 0
        else { throw .unexpectedAnswer }
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
    private func reconnect(orThrow error: ClientError) async throws(ClientError) {
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
        var text: String?
        if case .entry(let entry)? = try? ContentItem.parse(post.item),
            entry.header.kind == .withdraw
        {
            return show(
                "Not taken back, the connection was lost: peercoach withdraw",
                needsOwner: true
            )
        }
        if case .entry(let entry)? = try? ContentItem.parse(post.item),
            let plaintext = try? Padding.unpad(entry.sealed)
        {
            text = (try? EntryBody.decoded(plaintext))?.text
        }
        show(
            "Not sent, the connection was lost: \(text ?? "a line")",
            needsOwner: true
        )
    }
}

/// A sealed line with its readers.
struct SealedPost: Sendable {
    var pending: PendingPost
    var audience: TranscriptKey
}

extension ClientError {
    /// Whether it is not known what became of the request.
    var isCut: Bool {
        let cuts: [Code] = [.notReached, .timedOut, .goodbye, .notTrusted, .tryLater]
        return refusal == nil && cuts.contains(code)
    }
}

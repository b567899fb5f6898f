// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingSeal
import CoachingWire

/// A room that the client follows.
///
/// - Isolation: confined to the client.
struct RoomFollowing {
    var replica: RoomReplica
    var depth: RoomDepth
    var name = ""
    /// Whether the server sends it on the present connection.
    var isFollowing = false
    /// How many parts of the process are in it.
    var uses = 0
    let sink: AsyncStream<RoomHappening>.Continuation
    let happenings: AsyncStream<RoomHappening>
    /// Sender keys by transcript, made by this process.
    var senders: [SenderPlace: HeldSender] = [:]
    /// Lines that are on their way or wait for their turn, by transcript, oldest first.
    var queues: [TranscriptKey: [UInt64]] = [:]
    /// Why it could not be followed.
    var refusal: ClientError?

    /// How many happenings may wait to be read.
    static let unreadMax = 65_536

    init(replica: RoomReplica, depth: RoomDepth) {
        self.replica = replica
        self.depth = depth
        (happenings, sink) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Self.unreadMax)
        )
    }
}

/// What a sender key is used for.
///
/// A room's own texts stay when the lines beside them go: they have a key of their own, so that
/// the key of the lines can go.
struct SenderPlace: Hashable, Sendable {
    var key: TranscriptKey
    var isForTexts: Bool

    init(_ key: TranscriptKey, _ kind: EntryKind) {
        self.key = key
        isForTexts = Retention.outlives(kind, in: key.scope)
    }
}

/// A sender key with its age.
struct HeldSender {
    var sender: SenderKey
    var made: Timestamp
    /// The key event as it was posted.
    var event: [UInt8]
}

extension Client {
    // MARK: Going in

    /// Goes into a room that one belongs to, and follows it across lost connections.
    ///
    /// A process may be in a room several times; the happenings go to the first. The room is as the
    /// log tells it only after ``RoomSession/caughtUp()``.
    public func enter(
        _ room: RoomID,
        depth: RoomDepth = .everything
    ) async throws(ClientError) -> RoomSession {
        if rooms[room] == nil {
            let pinned = profile.rooms.first { $0.room == room }?.genesis
            let (seen, memory) = (try folder.seen(), try folder.remembered(room))
            rooms[room] = RoomFollowing(
                replica: RoomReplica(
                    room,
                    owner: keys.person,
                    keyring: keys.keyring,
                    pinned: pinned,
                    seen: seen,
                    kept: depth == .everything ? folder.keptKeys() : []
                ),
                depth: depth
            )
            rooms[room]?.replica.knowledge = IdentityKnowledge(profile)
            rooms[room]?.replica.memory = memory
            rooms[room]?.replica.acceptsRestored = restoring.contains(room)
            flushSent()
            rooms[room]?.replica.sent = folder.sentLines().lines.filter { $0.room == room }
        }
        rooms[room]?.uses += 1
        if let following = rooms[room], following.depth < depth {
            rooms[room]?.depth = depth
            for key in folder.keptKeys() { rooms[room]?.replica.kept[key.key] = key }
            rooms[room]?.isFollowing = false
            rooms[room]?.replica.isCaughtUp = false
            rooms[room]?.replica.target = nil
        }
        _ = try await ready()
        if let wire, rooms[room]?.isFollowing == false { follow(room, wire) }
        _ = await until(ticks: 60) {
            rooms[room]?.isFollowing != false || rooms[room]?.refusal != nil
                || rooms[room]?.replica.failure != nil
        }
        guard let following = rooms[room] else { throw .cancelled }
        if let error = failure(of: following) {
            dropView(room)
            throw error
        }
        guard following.isFollowing else {
            dropView(room)
            throw Task.isCancelled ? .cancelled : Self.whyOffline(state)
        }
        return RoomSession(
            client: self,
            room: room,
            name: following.name,
            happenings: following.happenings
        )
    }

    func failure(of following: RoomFollowing) -> ClientError? {
        if let refusal = following.refusal { return refusal }
        guard let alarm = following.replica.failure else { return nil }
        if alarm.kind == .setBack { return .setBack }
        return ClientError(.alarm, alarm.sentence)
    }

    /// Leaves a view of a room; the last one ends following.
    func leaveView(_ room: RoomID) async {
        if rooms[room]?.uses == 1 {
            await exchangeKeys(in: room)
            await healRestored(in: room)
            await settleReleases(in: room)
            // What a chore has begun to say about keys is said before the room is left.
            _ = await until(ticks: 20) {
                !chores.exchanging.contains(room) && !chores.releasing.contains(room)
                    && !chores.healing.contains(room)
                    || wire?.ready == nil
            }
        }
        guard dropView(room) else { return }
        _ = try? await ask(.unfollow(room))
    }

    @discardableResult
    func dropView(_ room: RoomID) -> Bool {
        guard let uses = rooms[room]?.uses else { return false }
        rooms[room]?.uses = uses - 1
        guard uses <= 1 else { return false }
        noteHeads()
        rooms.removeValue(forKey: room)?.sink.finish()
        return true
    }

    /// Asks the server to send a room from where one is.
    func follow(_ room: RoomID, _ wire: Wire) {
        guard let following = rooms[room], following.replica.failure == nil else { return }
        rooms[room]?.isFollowing = false
        rooms[room]?.refusal = nil
        let follow = following.replica.follow(following.depth)
        _ = try? wire.begin(.follow(follow), ticks: 60)
    }

    // MARK: What one sees

    func following(_ room: RoomID) throws(ClientError) -> RoomFollowing {
        guard let following = rooms[room] else {
            throw ClientError(.invalid, "This room is not open here.")
        }
        if let error = failure(of: following) { throw error }
        return following
    }

    func roomState(_ room: RoomID) throws(ClientError) -> Room {
        try following(room).replica.room
    }

    func awaitCaughtUp(_ room: RoomID) async throws(ClientError) {
        let isThere = await until(ticks: 240) {
            guard let following = rooms[room] else { return true }
            return following.replica.isCaughtUp || failure(of: following) != nil
        }
        _ = try following(room)
        guard isThere else { throw Task.isCancelled ? .cancelled : .timedOut }
    }

    func readers(of key: TranscriptKey, in room: RoomID) throws(ClientError) -> [Reader] {
        let state = try roomState(room)
        return state.audience(of: key).map { person in
            Reader(
                person: person,
                name: state.name(of: person) ?? "",
                membership: state.membership(of: person) ?? .peer,
                isMe: person == keys.person
            )
        }
    }

    func act(_ act: RoomAct, in room: RoomID) async throws(ClientError) {
        guard case .done(let position) = try await ask(.room(RoomRequest(room: room, act: act)))
        else { throw .unexpectedAnswer }
        _ = await until(ticks: 20) {
            guard let following = rooms[room] else { return true }
            return following.replica.room.position >= position || failure(of: following) != nil
        }
    }

    // MARK: What comes

    func begin(_ followed: Followed, _ room: RoomID) {
        guard let depth = rooms[room]?.depth else { return }
        rooms[room]?.name = followed.name
        rooms[room]?.isFollowing = true
        hand(rooms[room]?.replica.begin(followed, depth: depth) ?? [], room)
    }

    func open(_ transcript: OpenTranscript, in room: RoomID) {
        guard let depth = rooms[room]?.depth else { return }
        hand(rooms[room]?.replica.noteOpening(transcript, depth: depth) ?? [], room)
    }

    func take(_ record: PushedRecord) {
        let happenings = rooms[record.room]?.replica.take(record) ?? []
        // A session begins under new keys.
        if happenings.contains(where: \.beginsSession) { rooms[record.room]?.senders = [:] }
        hand(happenings, record.room)
        if rooms[record.room]?.replica.mustFollow == true, let wire {
            rooms[record.room]?.replica.mustFollow = false
            follow(record.room, wire)
        }
        pinGenesis(record.room)
    }

    func take(_ item: PushedItem) {
        if collect(item) { return }
        for room in rooms.keys where rooms[room]?.replica.readings[item.transcript] != nil {
            rooms[room]?.replica.now = environment.now()
            hand(rooms[room]?.replica.take(item) ?? [], room)
        }
    }

    func take(_ tombstone: Tombstone) {
        if collect(tombstone) { return }
        for room in rooms.keys where rooms[room]?.replica.readings[tombstone.transcript] != nil {
            rooms[room]?.replica.now = environment.now()
            hand(rooms[room]?.replica.take(tombstone) ?? [], room)
        }
    }

    private func hand(_ happenings: [RoomHappening], _ room: RoomID) {
        noteErased(happenings, in: room)
        tellAdopted(in: room, happenings)
        let happenings = happenings + triedAgain(room)
        if happenings.contains(where: \.changesFloor) { rooms[room]?.replica.releases.retry() }
        if let replica = rooms[room]?.replica, replica.isCaughtUp,
            replica.exchange.isDirty || replica.releases.isDue(for: keys.person)
                || happenings.contains(where: \.opensRoom)
        {
            chores.asked += 1
            changed.fire()
        }
        guard let sink = rooms[room]?.sink else { return }
        for happening in happenings {
            if case .dropped = sink.yield(happening) {
                _ = rooms[room]?.replica.fail(
                    .flooded,
                    "More came in this room than was read. Open it again."
                )
                sink.finish()
                return
            }
        }
    }

    /// Keeps how a room begins, the first time that it is seen.
    private func pinGenesis(_ room: RoomID) {
        guard let replica = rooms[room]?.replica, replica.pinned == nil, replica.failure == nil,
            replica.unproved == nil, let genesis = replica.genesis
        else { return }
        rooms[room]?.replica.pinned = genesis
        if let invited = profile.invitedGenesis, invited != genesis,
            !profile.rooms.contains(where: { $0.genesis == invited })
        {
            let alarm = RoomAlarm(
                .otherBeginning,
                "This is not the room that your invite names. Ask who invited you.",
                isFatal: false
            )
            hand([.alarm(alarm)], room)
        }
        try? change { profile in
            guard !profile.rooms.contains(where: { $0.room == room }) else { return }
            profile.rooms.append(KnownRoom(room: room, genesis: genesis))
        }
    }

    func noteAdmitted(_ room: RoomID) {
        chores.admitted.insert(room)
        changed.fire()
    }

    /// Keeps where everything ends.
    func noteHeads() {
        let ends = rooms.values.flatMap(\.replica.ends)
        try? folder.note(ends)
        for room in rooms.keys {
            guard let memory = rooms[room]?.replica.refreshMemory() else { continue }
            try? folder.remember([memory])
        }
        flushSent()
        keepOpenedKeys()
    }
}

extension RoomHappening {
    /// Whether more may be written after it than before.
    fileprivate var changesFloor: Bool {
        guard case .record(let record, _) = self else { return false }
        switch record.event {
        case .phaseStarted, .sessionEnded: return true
        default: return false
        }
    }

    /// Whether those who wait can be let in again.
    fileprivate var opensRoom: Bool {
        guard case .record(let record, let isNew) = self, case .shut(let shut) = record.event
        else { return false }
        return isNew && !shut.isShut
    }

    fileprivate var beginsSession: Bool {
        guard case .record(let record, let isNew) = self, case .sessionStarted = record.event else {
            return false
        }
        return isNew
    }
}

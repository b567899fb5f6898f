// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

extension Client {
    /// For how long one key seals.
    private static let senderMillisecondsMax: Int64 = 24 * 3_600_000
    /// The longest key event that fits a frame.
    private static let eventBytesMax = 68_000

    /// Gives the key for a transcript's readers as they are; makes and announces one if needed.
    ///
    /// - Returns: `nil` where the server knows of a change that has not come here yet: then it
    ///   has been waited for, and the readers must be looked at again.
    func sender(
        for place: SenderPlace,
        in room: RoomID
    ) async throws(ClientError) -> HeldSender? {
        let key = place.key
        guard let changed = try roomState(room).lastAudienceChange(of: key) else {
            throw ClientError(.refused, "It is over; nothing can be added there now.")
        }
        if let error = try following(room).replica.returnedReader(of: key) { throw error }
        let now = environment.now()
        if let held = rooms[room]?.senders[place], held.sender.header.position >= changed,
            now.milliseconds(since: held.made) < Self.senderMillisecondsMax
        {
            return held
        }
        rooms[room]?.senders[place] = nil
        try await renewEncryptionKey()
        let announced = try await announcedKeys(in: room)
        let replica = try following(room).replica
        // The readers may have changed while the keys came: then these are not all.
        guard replica.room.lastAudienceChange(of: key) == changed else { return nil }
        let recipients = recipients(of: key, replica, announced)
        let position = replica.room.position
        let sender = SenderKey(
            secret: environment.bytes32(),
            signer: keys.signing,
            room: room,
            key: key,
            audience: AudienceDigest.compute(
                transcript: TranscriptID(room: room, key: key),
                position: position,
                head: replica.head,
                devices: replica.room.readerDevices(of: key)
            ),
            position: position,
            epoch: changed
        )
        let event: [UInt8]
        do {
            event = try sender.announcement(to: recipients)
        } catch {
            throw ClientError(.profile, "The keys in this profile are damaged.")
        }
        guard event.count <= Self.eventBytesMax else {
            throw ClientError(
                .refused,
                "There are too many devices here to write to.",
                hint: "Ask people to end devices that they use no more."
            )
        }
        do {
            _ = try await send(event, room)
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
        tellLeftOut(of: key, in: replica.room, recipients)
        let held = HeldSender(sender: sender, made: now, event: event)
        rooms[room]?.senders[place] = held
        return held
    }

    /// Waits for a change of the log that the server has and this device not yet.
    func awaitChange(after position: UInt64, in room: RoomID) async throws(ClientError) {
        let came = await until(ticks: 30) {
            guard let following = rooms[room] else { return true }
            return following.replica.room.position > position || !following.isFollowing
                || failure(of: following) != nil
        }
        _ = try following(room)
        guard came else { throw Task.isCancelled ? .cancelled : .timedOut }
    }

    // MARK: To whom

    /// Asks for the encryption keys of a room's devices, as signed.
    func announcedKeys(in room: RoomID) async throws(ClientError) -> [SignedBytes] {
        guard case .keys(let members) = try await ask(.keys(room)) else {
            throw .unexpectedAnswer
        }
        return members.flatMap(\.encryptionKeys)
    }

    /// Names every device that reads now and has a key which it signed and which is not over.
    ///
    /// The signing keys are those of the room's own log, so the server can leave a device out and
    /// can put none in. One's own device is taken from the profile.
    func recipients(
        of key: TranscriptKey,
        _ replica: RoomReplica,
        _ announced: [SignedBytes]
    ) -> [KeyRecipient] {
        let known = encryptionKeys(announced, replica)
        return replica.room.readerDevices(of: key).compactMap { device in
            if let publicKey = known[device] {
                return KeyRecipient(id: device, publicKey: publicKey)
            }
            guard case .own(let person) = key,
                let recovery = replica.room.deviceList(of: person)?.recoveryKey,
                DeviceID(recoveryKey: recovery) == device
            else { return nil }
            return KeyRecipient(recoveryKey: recovery)
        }
    }

    func encryptionKeys(
        _ announced: [SignedBytes],
        _ replica: RoomReplica
    ) -> [DeviceID: [UInt8]] {
        let now = environment.now()
        var known: [DeviceID: [UInt8]] = [:]
        for signed in announced {
            guard let device = EncryptionKeyAnnouncement.claimedDevice(signed),
                let key = replica.verifier(device),
                let announcement = try? EncryptionKeyAnnouncement.verified(signed, by: key),
                announcement.suite == .p256, now < announcement.notAfter
            else { continue }
            known[device] = announcement.encryptionKey
        }
        known[keys.device] = keys.encryptionKey
        return known
    }

    /// Says who of those that were shown as readers has no device to which could be wrapped.
    private func tellLeftOut(
        of key: TranscriptKey,
        in room: Room,
        _ recipients: [KeyRecipient]
    ) {
        let reached = Set(recipients.map(\.id))
        for person in room.audience(of: key) where person != keys.person {
            guard reached.isDisjoint(with: room.devices(of: person)) else { continue }
            tellOnce(
                "\(room.name(of: person) ?? "Somebody") cannot read what you write just now: no"
                    + " device of theirs has a key that holds. It is sent again when they ask."
            )
        }
    }

    // MARK: One's own keys

    /// Announces another encryption key after 30 days, and deletes those whose time is over.
    ///
    /// The new key is kept before anybody is told of it, so that nothing is ever wrapped to a key
    /// that a crash has lost.
    func renewEncryptionKey() async throws(ClientError) {
        guard profile.stage == .active else { return }
        let (signing, now) = (keys.signing, environment.now())
        let prepared = profile.preparedKey(signing)
        if prepared != nil || profile.needsEncryptionKey(signing, at: now) {
            if prepared == nil {
                let next = try newEncryptionKey(signing, now)
                try change { $0.prepare(next, signing) }
                try readKeys()
            }
            if let next = profile.preparedKey(signing) {
                try await done(.directory(.announceKey(next.announcement)))
                try change { $0.adopt(next, signing) }
                try readKeys()
            }
        }
        let before = profile.spareKeys
        try change { $0.forgetEncryptionKeys(signing, at: now) }
        if before != profile.spareKeys { try readKeys() }
    }

    private func newEncryptionKey(
        _ signing: SigningKey,
        _ now: Timestamp
    ) throws(ClientError) -> SpareEncryptionKey {
        let version = Profile.read(profile.announcement, signing)?.version ?? 0
        var generator = environment.generator
        do {
            let key = try EncryptionKey(using: &generator)
            return SpareEncryptionKey(
                key: key.rawBytes,
                announcement: try Profile.announcement(
                    of: key,
                    version: version &+ 1,
                    by: signing,
                    at: now
                )
            )
        } catch {
            throw ClientError(.invalid, "No keys could be made on this machine.")
        }
    }

    func readKeys() throws(ClientError) {
        keys = try DeviceKeys(profile, at: environment.now())
        for room in rooms.keys { rooms[room]?.replica.keyring = keys.keyring }
    }

    // MARK: What does not open

    /// Tries what does not open with the keys as another process may have left them.
    func triedAgain(_ room: RoomID) -> [RoomHappening] {
        guard rooms[room]?.replica.exchange.hasUntried == true else { return [] }
        if let fresh = try? folder.load(), let keys = try? DeviceKeys(fresh, at: environment.now())
        {
            profile = fresh
            self.keys = keys
        }
        return rooms[room]?.replica.tryClosed(
            with: keys.keyring,
            completeSince: keys.keysCompleteSince
        ) ?? []
    }

    /// Asks for keys that do not open here, and gives those that others ask for.
    func exchangeKeys(in room: RoomID) async {
        guard rooms[room]?.depth == .everything, wire?.ready != nil,
            !chores.exchanging.contains(room),
            let due = rooms[room]?.replica.takeDue()
        else { return }
        tellHeldBack(in: room)
        guard !due.isEmpty else { return }
        chores.exchanging.insert(room)
        defer {
            chores.exchanging.remove(room)
            changed.fire()
        }
        let announced = (try? await announcedKeys(in: room)) ?? []
        for one in due {
            guard let replica = rooms[room]?.replica else { return }
            let known = encryptionKeys(announced, replica)
            let grants = one.answers.compactMap { wish -> KeyGrant? in
                guard let publicKey = known[wish.device] else { return nil }
                let recipient = KeyRecipient(id: wish.device, publicKey: publicKey)
                return try? replica.opening(of: wish.key)?.grant(wish.key, to: recipient)
            }
            for body in GrantBody.bodies(asks: one.asks, grants: grants) {
                guard let draft = try? LineDraft(body) else { continue }
                let shown = Set(replica.room.audience(of: one.place))
                _ = try? await post(draft, to: one.place, shown: shown, in: room)
            }
            tell(one, grants, replica)
        }
    }

    /// Says that a new device of somebody asks for what they read before.
    private func tellHeldBack(in room: RoomID) {
        guard let replica = rooms[room]?.replica, replica.room.policy.historyForNewcomers else {
            return
        }
        for person in Set(replica.exchange.held.compactMap { replica.room.person(of: $0.device) }) {
            let name = replica.room.name(of: person) ?? "Somebody"
            tellOnce(
                "A new device of \(name) asks for older lines of \(rooms[room]?.name ?? "a room")."
                    + " If \(name) says, by another way, that it is theirs: peercoach grant \(name)"
            )
        }
    }

    private func tell(_ due: DueExchange, _ grants: [KeyGrant], _ replica: RoomReplica) {
        if !due.asks.isEmpty {
            tellOnce(
                "Some lines in \(rooms[replica.room.id]?.name ?? "this room") cannot be read here."
                    + " This device has asked for their keys."
            )
        }
        for device in Set(grants.map(\.wrap.device)).sorted() {
            let name = replica.name(device)
            tellOnce("A device of \(name) could not read lines here; it has their keys now.")
        }
    }
}

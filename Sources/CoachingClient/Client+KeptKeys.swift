// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import CoachingWire

/// Keys that a device has opened go with what stands under them.
///
/// - Source: SEALING.md 3.7.
extension Client {
    /// Erases what is over before anything is shown, also without a connection: by the rules of
    /// each room as they were last read.
    ///
    /// - Returns: the profile after it; `nil` where the folder could not be written.
    static func erasingOver(_ folder: ProfileFolder, at now: Timestamp) -> Profile? {
        do throws(ClientError) {
            let last = try folder.eraseOver(at: now)
            return try folder.update { profile in
                guard let signing = try? SigningKey(rawBytes: profile.signingKey) else { return }
                profile.forgetEncryptionKeys(signing, at: now)
                if let last { profile.retireKeys(madeUntil: last, signing) }
            }
        } catch {
            return nil
        }
    }

    /// Keeps the sender keys that were opened, so that their lines stay readable here, and erases
    /// those whose lines are gone.
    func keepOpenedKeys() {
        for room in rooms.keys.sorted() {
            guard let replica = rooms[room]?.replica else { continue }
            let policy = replica.room.policy
            if !replica.unsaved.isEmpty, (try? folder.keep(replica.unsaved, under: policy)) != nil {
                rooms[room]?.replica.unsaved = []
            }
            guard replica.failure == nil, replica.isCaughtUp else { continue }
            eraseOver(in: room, under: policy)
            let needless = replica.needlessKeys
            if !needless.isEmpty, (try? folder.eraseKeys(needless, of: room)) != nil {
                rooms[room]?.replica.forget(needless)
            }
        }
    }

    private func eraseOver(in room: RoomID, under policy: RoomPolicy) {
        let now = environment.now()
        rooms[room]?.replica.now = now
        guard let last = try? folder.eraseOver(at: now, in: room, under: policy) else { return }
        for other in rooms.keys {
            guard let over = rooms[other]?.replica.overKeys else { continue }
            rooms[other]?.replica.forget(over)
        }
        let signing = keys.signing
        try? change { $0.retireKeys(madeUntil: last, signing) }
        if profile.retiring != nil {
            chores.asked += 1
            changed.fire()
        }
    }

    /// Lets the keys of the texts of a room end, of which one is a member no more.
    func noteLeft(_ room: RoomID) {
        let policy = rooms[room]?.replica.room.policy ?? .standard
        guard let end = Retention.end(of: environment.now(), in: .room, under: policy) else {
            return
        }
        try? folder.endPapers(of: room, at: end)
    }

    // MARK: Encryption keys

    /// Makes this device unable to open what it has just erased: another encryption key is
    /// announced at once, and the one before is deleted as soon as nothing else needs it.
    public func renewAfterErasing() async throws(ClientError) {
        let signing = keys.signing
        try change { $0.retireKeys(madeUntil: Timestamp(milliseconds: .max), signing) }
        try await retireEncryptionKeys()
    }

    /// Deletes encryption keys ahead of their time, where what is erased could be opened with
    /// them: first the next one is announced, then all rooms are read to their end, so that what
    /// others have wrapped to the old ones stays readable here.
    ///
    /// What cannot be read now keeps the old keys until their time is over.
    func retireEncryptionKeys() async throws(ClientError) {
        guard profile.retiring != nil, wire?.ready != nil, !chores.isRetiring else { return }
        chores.isRetiring = true
        defer { chores.isRetiring = false }
        try await renewEncryptionKey()
        for summary in try await allRooms() where summary.stage == .admitted {
            if let open = rooms[summary.room], open.depth != .everything { return }
            let session = try await enter(summary.room)
            do throws(ClientError) {
                try await session.caughtUp()
            } catch {
                await session.leave()
                throw error
            }
            rooms[summary.room]?.replica.keepYoungKeys()
            keepOpenedKeys()
            let isKept = rooms[summary.room]?.replica.unsaved.isEmpty == true
            await session.leave()
            guard isKept else { return }
        }
        let signing = keys.signing
        try change { $0.deleteRetired(signing) }
        try readKeys()
    }
}

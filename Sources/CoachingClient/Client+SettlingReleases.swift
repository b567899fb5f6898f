// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import CoachingWire

extension Client {
    // MARK: What came of what was asked

    /// Looks, once on each connection, what came of the releases that this device asked for.
    func lookForReleases() async {
        guard chores.lookedForReleases != connections else { return }
        chores.lookedForReleases = connections
        for room in Set((profile.releases ?? []).map(\.room)).sorted() {
            do throws(ClientError) {
                let session = try await enter(room)
                do throws(ClientError) {
                    try await session.caughtUp()
                    rooms[room]?.replica.releases.retry()
                    await settleReleases(in: room)
                } catch {
                    tellOnce(error.sentence)
                }
                await session.leave()
            } catch {
                // Who is no member any more releases nothing there.
                guard error.code == .refused else { continue }
                try? forget((profile.releases ?? []).filter { $0.room == room })
            }
        }
    }

    /// Releases what all have agreed to, and forgets what nothing can come of.
    func settleReleases(in room: RoomID) async {
        guard let replica = rooms[room]?.replica, replica.isCaughtUp, replica.failure == nil,
            rooms[room]?.depth == .everything, wire?.ready != nil,
            !chores.releasing.contains(room), replica.releases.isDirty
        else { return }
        let mine = replica.releases.all.filter { $0.asker == keys.person }
        rooms[room]?.replica.releases.isDirty = false
        forgetClosed(mine, in: room)
        let due = mine.filter { $0.isReady && isForThisDevice($0, replica.room) }
        guard !due.isEmpty, let lock = folder.releaseLock() else { return }
        chores.releasing.insert(room)
        defer {
            chores.releasing.remove(room)
            withExtendedLifetime(lock) {}
            changed.fire()
        }
        for request in due {
            do throws(ClientError) {
                try await settle(request, in: room)
            } catch {
                // Tried again when something changes or at the next connection.
                if !error.isCut { tellOnce("Not released yet: \(error.sentence)") }
            }
        }
    }

    /// The device that asked releases, or any other one once that one counts no more.
    private func isForThisDevice(_ request: ReleaseRequest, _ room: Room) -> Bool {
        request.device == keys.device
            || !room.devices(of: keys.person).contains(request.device)
    }

    private func settle(_ request: ReleaseRequest, in room: RoomID) async throws(ClientError) {
        let asked = AskedRelease(room: room, digest: request.digest)
        // Another process of this device may have been faster.
        if request.device == keys.device,
            try folder.load().releases?.contains(asked) != true
        {
            return
        }
        let outcome: Settled
        if let programme = request.programme {
            outcome = try await inProgramme(programme) { () async throws(ClientError) in
                try await self.settleLine(request, in: room)
            }
        } else {
            outcome = try await settleLine(request, in: room)
        }
        switch outcome {
        case .waits: return
        case .isGone: return try forget([asked])
        case .stands: break
        }
        try forget([asked])
        _ = try await say(.released, on: request.number, in: request.key, room)
        let others = request.persons.filter { $0 != keys.person }
        let state = try roomState(room)
        let names = others.map { state.name(of: $0) ?? "somebody" }
        show(
            "Released to \(Self.words(for: request.target)), with the yes of"
                + " \(names.joined(separator: ", "))."
        )
    }

    private static func words(for target: TranscriptKey) -> String {
        switch target {
        case .peers: "the peers"
        case .programme: "the programme's administrators"
        default: "the room"
        }
    }

    private enum Settled: Sendable {
        /// It stands where it was released to.
        case stands
        /// It cannot be now.
        case waits
        /// The line is gone.
        case isGone
    }

    /// Posts what all have agreed to where it is to stand, unless it stands there.
    private func settleLine(
        _ request: ReleaseRequest,
        in room: RoomID
    ) async throws(ClientError) -> Settled {
        let place = ReleasePlace(room: request.programme ?? room, key: request.target)
        let there = try following(place.room).replica.releases
        guard !there.ownReleased.contains(request.digest) else { return .stands }
        guard let line = try await original(request.line, of: request.key, in: room) else {
            return .isGone
        }
        let plan = try plan(line, to: request.target, by: keys.person, in: room)
        guard plan.persons == request.persons,
            try digest(plan, request.salt) == request.digest
        else {
            throw ClientError(.refused, "More people would have to agree now. Ask again.")
        }
        let state = try roomState(place.room)
        // Where the floor does not allow it now, it waits for the next phase.
        guard (try? state.mayPost(plan.kind, in: place.key, by: keys.person)) != nil else {
            return .waits
        }
        // A yes may have been taken back meanwhile.
        guard let now = try following(room).replica.releases[request.key, request.number],
            now.isReady
        else { return .waits }
        let proof = try proof(plan, now.salt, now.answers, place, in: room)
        let readers = Set(state.audience(of: place.key))
        _ = try await post(plan, proof, to: place, shown: readers)
        return .stands
    }

    /// Forgets what this device asked for and what is over.
    private func forgetClosed(_ mine: [ReleaseRequest], in room: RoomID) {
        let open = Set(mine.filter(\.isOpen).map(\.digest))
        let over = (profile.releases ?? []).filter { $0.room == room && !open.contains($0.digest) }
        if !over.isEmpty { try? forget(over) }
    }
}

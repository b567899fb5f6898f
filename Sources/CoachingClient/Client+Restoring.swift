// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingSeal
import CoachingWire

/// What a server that was set back does not have any more, as this device remembers it.
public struct MissingPast: Hashable, Sendable {
    /// How many steps of the room's own course (who is in, sessions, phases).
    public var steps: UInt64
    /// How many lines that one could read.
    public var lines: UInt64

    /// Makes a count.
    public init(steps: UInt64 = 0, lines: UInt64 = 0) {
        self.steps = steps
        self.lines = lines
    }
}

/// How a room stands after a restore, as this device sees it.
public struct RestoredRoom: Hashable, Sendable {
    /// Whether the server has another past than this device has seen, and nobody has accepted it.
    public var isSetBack: Bool
    /// Who accepted the latest restore, by name; `nil` where there was none.
    public var acceptedBy: String?
    /// When.
    public var acceptedAt: Timestamp?
    /// Who can accept it, by name.
    public var admitters: [String]
}

/// Going on after the operator has restored a backup (D20).
///
/// Nothing is posted in a room whose past is another one than was seen, until one who admits there
/// signs that it goes on. Every device checks that, goes on by itself, and posts again what of its
/// own lines is missing.
extension Client {
    private static let acceptingTriesMax = 5

    /// Tells how a room stands, by reading all of it.
    ///
    /// What this device has to put right there it does meanwhile.
    public func restored(_ room: RoomID) async throws(ClientError) -> RestoredRoom {
        restoring.insert(room)
        defer { restoring.remove(room) }
        let session = try await goIn(room)
        do throws(ClientError) {
            try await session.caughtUp()
            let standing = standing(of: room)
            await session.leave()
            return standing
        } catch {
            await session.leave()
            throw error
        }
    }

    /// Tells whether the server has another past of a room than this device has seen, and nobody
    /// who admits there has accepted it.
    public func isSetBack(_ room: RoomID) async throws(ClientError) -> Bool {
        try await restored(room).isSetBack
    }

    /// Gives one's word for all that the room goes on from what the server has of it now.
    ///
    /// It is checked like any other past: signatures and chains must hold, and its beginning must
    /// be the known one. The word is signed, so that every device takes it.
    ///
    /// - Returns: what is missing of what this device had seen.
    /// - Throws: ``ClientError/Code/refused`` for who does not let people in there.
    public func acceptRestored(_ room: RoomID) async throws(ClientError) -> MissingPast {
        restoring.insert(room)
        defer { restoring.remove(room) }
        let session = try await goIn(room)
        do throws(ClientError) {
            try await session.caughtUp()
            let missing = rooms[room]?.replica.missingPast ?? MissingPast()
            try await signAcceptance(in: room)
            await session.leave()
            return missing
        } catch {
            await session.leave()
            throw error
        }
    }

    private func goIn(_ room: RoomID) async throws(ClientError) -> RoomSession {
        guard rooms[room] == nil else {
            throw ClientError(.invalid, "This room is open here.", hint: "Close it first.")
        }
        return try await enter(room)
    }

    private func standing(of room: RoomID) -> RestoredRoom {
        let state = rooms[room]?.replica.room
        let last = state?.restores.last
        return RestoredRoom(
            isSetBack: rooms[room]?.replica.isUnaccepted ?? false,
            acceptedBy: last.map { state?.name(of: $0.person) ?? "Somebody" },
            acceptedAt: last?.at,
            admitters: state?.keepers.map { state?.name(of: $0) ?? "Somebody" } ?? []
        )
    }

    private func signAcceptance(in room: RoomID) async throws(ClientError) {
        for _ in 0..<Self.acceptingTriesMax {
            let replica = try following(room).replica
            guard replica.room.isKeeper(keys.person) else {
                let names = replica.room.keepers.compactMap { replica.room.name(of: $0) }
                throw ClientError(
                    .refused,
                    "Only who lets people in here can accept this: "
                        + names.joined(separator: ", ") + "."
                )
            }
            let position = replica.room.position
            let signed: SignedBytes
            do {
                signed = try keys.signing.sign(replica.acceptance(environment.bytes16()))
            } catch {
                throw ClientError(.alarm, "What the server has of this room does not hold.")
            }
            do {
                try await act(.acceptRestore(signed), in: room)
                return
            } catch {
                guard error.refusal == .conflict || error.roomRule == .restoreConflict else {
                    throw error
                }
                _ = await until(ticks: 10) {
                    (try? roomState(room).position) != position
                }
            }
        }
        throw ClientError(.tryLater, "The room goes on just now.", hint: "Try again in a moment.")
    }

    // MARK: Going on

    /// Says once that a restore was taken over, and has done what follows from it.
    func tellAdopted(in room: RoomID, _ happenings: [RoomHappening]) {
        if let adopted = rooms[room]?.replica.adopted {
            rooms[room]?.replica.adopted = nil
            let state = rooms[room]?.replica.room
            let who =
                adopted.accepted.person == keys.person
                ? "You" : state?.name(of: adopted.accepted.person) ?? "Somebody"
            show(
                "\(who) accepted on \(adopted.accepted.at.calendarText) that"
                    + " \(rooms[room]?.name ?? "this room") was restored from a backup. You go on"
                    + " from there. Of what this device had seen \(adopted.missing.text).",
                needsOwner: true
            )
            chores.endsUsedInvites = true
            chores.asked += 1
            changed.fire()
        } else if happenings.contains(where: \.isCaughtUp), needsHealing(room) {
            chores.asked += 1
            changed.fire()
        }
    }

    private func needsHealing(_ room: RoomID) -> Bool {
        guard let replica = rooms[room]?.replica, !replica.room.restores.isEmpty else {
            return false
        }
        return !replica.returnedPeople.isEmpty || !replica.returnedDevices.isEmpty
            || !replica.missingLines.isEmpty
    }

    /// Puts right what a restored server has forgotten: who and what had ended ends again, and
    /// missing lines of this device are posted again.
    func healRestored(in room: RoomID) async {
        guard wire?.ready != nil, !chores.healing.contains(room),
            let replica = rooms[room]?.replica, replica.isCaughtUp, replica.failure == nil,
            !replica.isUnaccepted, !replica.room.restores.isEmpty
        else { return }
        chores.healing.insert(room)
        defer {
            chores.healing.remove(room)
            changed.fire()
        }
        if chores.endsUsedInvites { await endUsedInvites() }
        await endAgain(in: room)
        if rooms[room]?.depth == .everything { await postAgain(in: room) }
    }

    /// Ends again the places and devices that only the restored backup brought back; for who lets
    /// people in.
    private func endAgain(in room: RoomID) async {
        guard let replica = rooms[room]?.replica, replica.room.isKeeper(keys.person) else { return }
        for person in replica.returnedPeople where person != keys.person {
            let name = replica.room.name(of: person) ?? "Somebody"
            do throws(ClientError) {
                try await act(.exclude(person), in: room)
                show("\(name) was not in \(roomName(room)) any more: removed again.")
            } catch {
                tellOnce("\(name) could not be removed again: \(error.sentence)")
            }
        }
        let devices = rooms[room]?.replica.returnedDevices ?? []
        guard !devices.isEmpty, let state = rooms[room]?.replica.room, var roster = state.roster,
            roster.version < .max
        else { return }
        roster.version += 1
        roster.previous = state.rosterHash
        roster.members = state.members
        roster.excludedDevices = Set(roster.excludedDevices + devices).sorted()
        guard let signed = try? keys.signing.sign(roster) else { return }
        do throws(ClientError) {
            try await act(.admit(signed), in: room)
            let names = Set(devices.compactMap { replica.room.author(of: $0) })
                .compactMap { state.name(of: $0) }.sorted()
            show(
                "Devices of \(names.joined(separator: ", ")) that had ended read nothing in"
                    + " \(roomName(room)) from here on."
            )
        } catch {
            // Somebody else was faster, or it is tried again with the next opening of the room.
            guard error.refusal != .conflict, error.roomRule != .rosterConflict else { return }
            tellOnce("A device that had ended counts again: \(error.sentence)")
        }
    }

    /// Ends invites that were used already, should the server have forgotten that.
    private func endUsedInvites() async {
        chores.endsUsedInvites = false
        for invite in profile.usedInvites ?? [] {
            // Refused for all that the server still knows as used, or does not know at all.
            guard (try? await done(.directory(.revokeInvite(invite)))) != nil else { continue }
            tellOnce(
                "A line of yours with which somebody had come would have worked again: it was ended."
                    + " Who came with it needs a new one."
            )
        }
    }

    func roomName(_ room: RoomID) -> String { rooms[room]?.name ?? "this room" }
}

extension RoomReplica {
    /// What one who admits signs to go on from here: the log's end, and where the transcripts end
    /// whose numbers every member may know.
    func acceptance(_ nonce: Bytes16) -> RestoreAcceptance {
        let ends = [TranscriptKey.room, .peers].compactMap { key -> TranscriptEnd? in
            let id = TranscriptID(room: room.id, key: key)
            guard let reading = readings[id], !reading.isBroken, reading.reader.number > 0,
                key == .room || !room.hasFacilitator
            else { return nil }
            return TranscriptEnd(
                transcript: id,
                number: reading.reader.number,
                head: reading.reader.head
            )
        }
        return RestoreAcceptance(
            room: room.id,
            position: room.position,
            head: head,
            transcripts: ends.sorted { $0.transcript < $1.transcript },
            nonce: nonce
        )
    }
}

extension RoomHappening {
    fileprivate var isCaughtUp: Bool {
        if case .caughtUp = self { true } else { false }
    }
}

extension MissingPast {
    /// What is missing, in words.
    var text: String {
        func count(_ number: UInt64, _ word: String) -> String {
            "\(number) \(word)\(number == 1 ? "" : "s")"
        }
        return
            "\(count(lines, "line")) and \(count(steps, "step")) of the room's course are missing"
    }
}

extension Timestamp {
    /// The day and the time, the same everywhere: "2026-11-23, 14:10 UTC".
    var calendarText: String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = max(0, milliseconds) / 60_000
        let days = minutes / 1_440
        // Counted from 0000-03-01, so that a leap day ends its year.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let day = shifted % 146_097
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let ofYear = day - (365 * year + year / 4 - year / 100)
        let third = (5 * ofYear + 2) / 153
        let month = third < 10 ? third + 3 : third - 9
        let of = ofYear - (153 * third + 2) / 5 + 1
        let count = year + era * 400 + (month <= 2 ? 1 : 0)
        return
            "\(count)-\(two(month))-\(two(of)), \(two(minutes / 60 % 24)):\(two(minutes % 60)) UTC"
    }
}

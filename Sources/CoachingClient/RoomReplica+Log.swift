// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingWire

extension RoomReplica {
    /// Takes the next record of the log.
    mutating func take(_ pushed: PushedRecord) -> [RoomHappening] {
        guard failure == nil, pushed.room == room.id, pushed.position > room.position else {
            return []
        }
        guard pushed.position == room.position + 1 else {
            return [
                fail(
                    .brokenLines,
                    "The server left out a part of this room's course. \(Self.askOthers)"
                )
            ]
        }
        let record: RoomRecord
        do {
            record = try RoomRecord(decoding: pushed.record) { Hashing.hash($0) }
        } catch {
            return [
                fail(
                    .forgedLog,
                    "The server sent a course of this room that is damaged. \(Self.askOthers)"
                )
            ]
        }
        if let alarm = objection(to: record) {
            failure = alarm
            return [.alarm(alarm)]
        }
        let isLive = isCaughtUp && hasAll
        room.evolve(record)
        heads.append(
            RoomChain.next(head, number: room.position, event: pushed.record)
        )
        var happenings = note(record, isLive: isLive)
        if let alarm = proveGenesis() {
            failure = alarm
            return [.alarm(alarm)]
        }
        compareWithSeen()
        happenings.append(.record(record, isNew: isCaughtUp))
        if isCaughtUp, case .restoreAccepted = record.event {
            happenings += settleDifferences() ?? []
        }
        if isCaughtUp { happenings += identityAlarms() }
        if case .historyGranted(let granted) = record.event { happenings += note(granted) }
        happenings += takeHeld()
        return happenings + announceCaughtUp()
    }

    // MARK: Checks

    /// Says why a record cannot be; `nil` where it can.
    private func objection(to record: RoomRecord) -> RoomAlarm? {
        if case .promptClosed(let closed) = record.event,
            1..<RoomLimits.answersLeast ~= Int(closed.answers)
        {
            return Self.tooFewAnswers
        }
        if unproved != nil {
            guard case .devicesChanged = record.event else { return Self.forgedBeginning }
        }
        do {
            try room.check(record)
        } catch {
            return RoomAlarm(
                .forgedLog,
                "The server shows something in this room that cannot have happened."
                    + " \(Self.askOthers)",
                isFatal: true
            )
        }
        switch record.event {
        case .rostered(let rostered): return objection(to: rostered)
        case .devicesChanged(let changed): return objection(to: changed)
        case .restoreAccepted(let accepted): return objection(to: accepted)
        case .historyGranted(let granted): return objection(to: granted)
        case .turnChanged(let changed): return objection(to: changed)
        default: return nil
        }
    }

    private func objection(to rostered: Rostered) -> RoomAlarm? {
        guard room.roster != nil else { return nil }
        guard let key = verifier(rostered.signer),
            let signed = try? SignedRoster.verified(rostered.signed, by: key),
            signed.roster == rostered.roster, signed.hash == rostered.hash
        else {
            return RoomAlarm(
                .forgedLog,
                "The server changed who is in this room without the word of who lets people in."
                    + " \(Self.askOthers)",
                isFatal: true
            )
        }
        return nil
    }

    private func objection(to changed: TurnChanged) -> RoomAlarm? {
        guard let key = verifier(changed.signer),
            let signed = try? SignedVisitYes.verified(changed.signed, by: key),
            signed.yes == changed.yes, signed.signer == changed.signer
        else {
            return RoomAlarm(
                .forgedLog,
                "The server lets somebody visit a turn without the word of who is coached there."
                    + " \(Self.askOthers)",
                isFatal: true
            )
        }
        return nil
    }

    private func objection(to changed: DevicesChanged) -> RoomAlarm? {
        let person = changed.list.person
        let forged = RoomAlarm(
            .forgedLog,
            "The server shows devices of \(room.name(of: person) ?? "somebody")"
                + " that are not theirs. \(Self.askOthers)",
            isFatal: true
        )
        guard let member = room.member(person),
            let key = try? VerifyingKey(member.identityKey),
            let list = try? SignedDeviceList.verified(changed.signed, by: key),
            list.list == changed.list, list.list.person == person
        else { return forged }
        if let before = lists[person], list.hash != before.hash,
            UInt64(list.list.version) == UInt64(before.list.version) + 1
        {
            guard (try? list.checkSuccessor(of: before)) != nil else { return forged }
        }
        return nil
    }

    /// Notes what a record that was taken in leaves behind for later checks.
    private mutating func note(_ record: RoomRecord, isLive: Bool) -> [RoomHappening] {
        switch record.event {
        case .rostered(let rostered):
            if genesis == nil {
                genesis = rostered.hash
                unproved = rostered
            }
            noteNames(of: rostered.roster, by: record.by)
        case .devicesChanged(let changed):
            if let list = try? SignedDeviceList.introduced(changed.signed) {
                lists[changed.list.person] = list
            }
            for listed in changed.list.devices where verifiers[listed.device] == nil {
                guard room.signingKey(of: listed.device) == listed.signingKey else { continue }
                verifiers[listed.device] = try? VerifyingKey(listed.signingKey)
            }
        case .restoreAccepted(let accepted): memory.learn(accepted.hash)
        default: break
        }
        guard record.event.changesReaders else { return [] }
        let happenings = noteCuts(record.event.marks, isLive: isLive)
        past.append(Past(position: room.position, room: room))
        if past.count > Self.pastMax { past.removeFirst(Self.pastMax / 2) }
        return happenings
    }

    static let askOthers =
        "Write nothing here, and ask the others, by another way, what they see."

    private static let forgedBeginning = RoomAlarm(
        .forgedLog,
        "The server shows a beginning of this room that no member signed."
            + " \(askOthers)",
        isFatal: true
    )

    /// Checks the genesis as soon as the device that signed it is known.
    private mutating func proveGenesis() -> RoomAlarm? {
        guard let rostered = unproved else { return nil }
        if let pinned, rostered.hash != pinned {
            return RoomAlarm(
                .otherBeginning,
                "This room begins otherwise than when this device first saw it."
                    + " Ask the others before you write here.",
                isFatal: true
            )
        }
        guard let key = verifiers[rostered.signer] else { return nil }
        guard let signed = try? SignedRoster.verified(rostered.signed, by: key),
            signed.roster == rostered.roster, signed.hash == rostered.hash,
            let signer = room.person(of: rostered.signer),
            rostered.roster.keepers.contains(signer)
        else { return Self.forgedBeginning }
        unproved = nil
        return nil
    }

    /// Compares the log with where it ended when it was last seen.
    private mutating func compareWithSeen() {
        guard let known = seen[StreamID(room.id)], known.number == room.position,
            known.head != head
        else { return }
        differ(known, missing: 0)
    }

    static let setBack = RoomAlarm(
        .setBack,
        "The server has another past of this room than this device has seen: nothing is posted"
            + " here. Ask who runs the server whether a backup was restored.",
        isFatal: true
    )
}

extension RoomEvent {
    /// Where the lines stood of those for whom it changes who reads.
    var marks: [TranscriptMark] {
        switch self {
        case .rostered(let rostered): rostered.marks
        case .excluded(let excluded): excluded.marks
        case .devicesChanged(let changed): changed.marks
        case .turnChanged(let changed): [changed.mark]
        case .visitEnded(let ended) where ended.number > 0: [ended.mark]
        default: []
        }
    }

    /// Whether it can change who reads something.
    var changesReaders: Bool {
        switch self {
        case .rostered, .devicesChanged, .excluded, .turnOpened, .promptOpened, .turnChanged,
            .visitEnded:
            true
        default: false
        }
    }
}

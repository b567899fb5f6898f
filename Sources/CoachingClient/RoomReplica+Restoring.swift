// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal

/// Where the server's past is another one than this device has seen.
struct PastDifference: Hashable, Sendable {
    /// The room's log or a transcript.
    var known: SeenHead
    /// How many numbers are missing, as far as that can be counted.
    var missing: UInt64

    /// How many acceptances were known when the other past was seen.
    var restores: UInt32 { known.restores ?? 0 }
}

/// The name by which a line that was posted again is known: its first entry's, and its author.
struct SaidAgain: Hashable, Sendable {
    var author: PersonID
    var key: KeyID
    var counter: UInt64
}

/// A restore that was taken over on the word of one who admits.
struct AdoptedRestore: Hashable, Sendable {
    var accepted: AcceptedRestore
    var missing: MissingPast
}

/// A server that was set back is noticed here, and taken over only where one who admits has
/// signed that it was restored (D20).
///
/// A difference is covered by an acceptance that this device learnt of later than what it had
/// seen: so an acceptance from before covers nothing, and a server that is set back behind one is
/// noticed again.
extension RoomReplica {
    /// Which of the acceptances that this device knows stands last in the log, from 1.
    var generation: UInt32 { room.restores.last.map { memory.number(of: $0.hash) } ?? 0 }

    /// Whether the server was set back and nobody who admits has accepted that.
    var isUnaccepted: Bool { differences.contains { generation <= $0.restores } }

    /// What is missing, as far as it can be counted.
    var missingPast: MissingPast {
        differences.reduce(into: MissingPast()) { sum, difference in
            if difference.known.stream == StreamID(room.id) {
                sum.steps += difference.missing
            } else {
                sum.lines += difference.missing
            }
        }
    }

    /// How the room's own course differs from what was seen.
    private var logDifference: PastDifference? {
        differences.first { $0.known.stream == StreamID(room.id) }
    }

    /// Notes that a stream goes otherwise than it was seen.
    mutating func differ(_ known: SeenHead, missing: UInt64) {
        guard !differences.contains(where: { $0.known.stream == known.stream }) else { return }
        differences.append(PastDifference(known: known, missing: missing))
    }

    /// Takes the server's past over where that was accepted.
    ///
    /// - Returns: `nil` where it was not.
    mutating func settleDifferences() -> [RoomHappening]? {
        if let alarm = otherThanAccepted() {
            failure = alarm
            return [.alarm(alarm)]
        }
        guard !differences.isEmpty else { return [] }
        guard !isUnaccepted, let accepted = room.restores.last else {
            return acceptsRestored ? [] : nil
        }
        // What is missing of lines is taken over where lines are read.
        let read = Set(readings.keys.map { StreamID($0) } + [StreamID(room.id)])
        differences.removeAll { !read.contains($0.known.stream) }
        guard !differences.isEmpty else { return [] }
        let missing = missingPast
        noteReturned()
        let lost = differences.map(\.known).filter { $0.head != .zero }
        memory.before = (memory.before + lost).suffix(RememberedRoom.beforeMax)
        differences = []
        for end in ends { seen[end.stream] = end }
        adopted = AdoptedRestore(accepted: accepted, missing: missing)
        return []
    }

    // MARK: Acceptances

    /// Says why an acceptance is none; `nil` where it is one.
    func objection(to accepted: RestoreAccepted) -> RoomAlarm? {
        guard let key = verifier(accepted.signer),
            let signed = try? SignedRestoreAcceptance.verified(accepted.signed, by: key),
            signed.acceptance == accepted.acceptance, signed.hash == accepted.hash,
            accepted.acceptance.head == head
        else {
            return RoomAlarm(
                .forgedLog,
                "The server says that somebody accepted a restored backup here who did not."
                    + " \(Self.askOthers)",
                isFatal: true
            )
        }
        guard !memory.accepted.contains(accepted.hash),
            let signer = room.person(of: accepted.signer),
            isRemembered(signer, accepted.signer)
        else { return nil }
        return RoomAlarm(
            .forgedLog,
            "\(room.name(of: signer) ?? "Somebody"), whose place or device here had ended, says that"
                + " a backup was restored. \(Self.askOthers)",
            isFatal: true
        )
    }

    /// Whether this device remembers that a person's place or a device had ended, and the log
    /// that comes now does not say so.
    private func isRemembered(_ person: PersonID, _ device: DeviceID) -> Bool {
        if memory.revoked.contains(device) { return true }
        // Only another past than the known one can have forgotten.
        let known = seen[StreamID(room.id)]
        guard room.position < known?.number ?? 0 || logDifference != nil
        else { return false }
        if memory.excluded.contains(device) { return true }
        guard let gone = memory.gone.first(where: { $0.person == person }) else { return false }
        let last = room.lastExclusion(of: person) ?? 0
        let since = room.restores.first { memory.number(of: $0.hash) > known?.restores ?? 0 }
        return last < gone.position && last <= since?.position ?? .max
    }

    /// Says that less, or something else, is shown of what all read than was there when the
    /// restore was accepted.
    private func otherThanAccepted() -> RoomAlarm? {
        for end in room.restores.last?.transcripts ?? [] {
            guard let reading = readings[end.transcript], !reading.isBroken,
                room.isInAudience(of: reading.key, owner)
            else { continue }
            if reading.reader.number < end.number
                || reading.reader.check(head: end.head, at: end.number) != nil
            {
                return Self.otherThanAccepted
            }
        }
        return nil
    }

    private static let otherThanAccepted = RoomAlarm(
        .setBack,
        "The server shows something else than what was accepted when a backup was restored."
            + " \(askOthers)",
        isFatal: true
    )

    // MARK: What stays gone

    /// Notes who and what came back only by the restore.
    private mutating func noteReturned() {
        guard let log = logDifference else { return }
        let since = room.restores.first { memory.number(of: $0.hash) > log.restores }?.position
        for gone in memory.gone where room.membership(of: gone.person) != nil {
            let last = room.lastExclusion(of: gone.person) ?? 0
            guard last < gone.position, last <= since ?? .max,
                !memory.returned.contains(where: { $0.person == gone.person })
            else { continue }
            memory.returned.append(.init(person: gone.person, position: since ?? 0))
        }
        for device in memory.excluded where room.person(of: device) != nil {
            guard !memory.returnedDevices.contains(device) else { continue }
            memory.returnedDevices.append(device)
        }
    }

    /// Whether somebody is a member only because the server was set back.
    func isReturned(_ person: PersonID) -> Bool {
        guard room.membership(of: person) != nil,
            let returned = memory.returned.first(where: { $0.person == person })
        else { return false }
        return room.lastExclusion(of: person) ?? 0 <= returned.position
    }

    /// Whether a device counts only because the server was set back.
    func isReturned(_ device: DeviceID) -> Bool {
        guard let person = room.person(of: device) else { return false }
        return memory.revoked.contains(device) || memory.returnedDevices.contains(device)
            || isReturned(person)
    }

    /// Who is a member only because the server was set back.
    var returnedPeople: [PersonID] { memory.returned.map(\.person).filter { isReturned($0) } }

    /// Which devices of members who rightly are ones count only because the server was set back.
    var returnedDevices: [DeviceID] {
        (memory.revoked + memory.returnedDevices).filter { device in
            isReturned(device) && room.person(of: device).map { !isReturned($0) } ?? false
        }
    }

    /// Says why nothing goes to some readers: one of them is back only by the restore.
    func returnedReader(of key: TranscriptKey) -> ClientError? {
        if let person = room.audience(of: key).first(where: { isReturned($0) }) {
            return ClientError(returned: room.name(of: person) ?? "Somebody", asDevice: false)
        }
        if let device = room.audienceDevices(of: key).first(where: { isReturned($0) }) {
            return ClientError(returned: name(device), asDevice: true)
        }
        return nil
    }

    /// Brings what is remembered up to the log; `nil` where it is not to be believed yet.
    mutating func refreshMemory() -> RememberedRoom? {
        guard failure == nil, unproved == nil, isCaughtUp, !isUnaccepted else { return nil }
        memory.gone = room.formerMembers.map {
            RememberedRoom.Gone(person: $0, position: room.lastExclusion(of: $0) ?? 0)
        }
        let revoked = Set(memory.revoked).union(room.revokedDevices)
        memory.revoked = Array(revoked.sorted().suffix(RememberedRoom.devicesMax))
        memory.returned = memory.returned.filter { isReturned($0.person) }
        memory.returnedDevices = memory.returnedDevices.filter { room.person(of: $0) != nil }
        memory.excluded = room.roster?.excludedDevices ?? []
        return memory
    }

    // MARK: Lines that come again

    /// Whether a line was read before: posted again, though its first place or another one is
    /// there too.
    mutating func isDouble(_ line: ReadEntry) -> Bool {
        guard let said = said(line) else { return false }
        let id = TranscriptID(room: room.id, key: line.key)
        if isShownElsewhere(line) { return true }
        if readings[id]?.again.count ?? .max < ReadIndex.itemsMax {
            readings[id]?.again[said] = line.number
        }
        return false
    }

    /// Whether the same words stand, or stood, in another place that was read before.
    func isShownElsewhere(_ line: ReadEntry) -> Bool {
        guard let said = said(line) else { return false }
        let reading = readings[TranscriptID(room: room.id, key: line.key)]
        if let number = reading?.again[said] { return number != line.number }
        guard let first = reading?.reader.keys[said.key] else { return false }
        return first.counter >= said.counter && room.author(of: first.device) == said.author
    }

    private func said(_ line: ReadEntry) -> SaidAgain? {
        guard let mark = line.body?.saidBefore, let author = line.author else { return nil }
        return SaidAgain(author: author, key: mark.key, counter: mark.counter)
    }

    /// Notes where lines of this device are missing that the server had taken.
    mutating func noteMissingLines() {
        for line in sent where line.held == nil && line.restores >= generation {
            let isRead = readings[line.transcript] != nil
            guard isRead ? isMissing(line) : line.number > lasts[line.transcript] ?? .max
            else { continue }
            let known = SeenHead(
                stream: StreamID(line.transcript),
                number: line.number,
                head: .zero,
                restores: line.restores
            )
            differ(known, missing: 0)
        }
    }

    /// Whether a line of this device is not where the server took it.
    func isMissing(_ line: SentLine) -> Bool {
        guard let reading = readings[line.transcript] else { return true }
        guard !reading.isBroken else { return false }
        if line.number > reading.reader.number { return true }
        guard let item = reading.index[line.number] else { return false }
        return item.digest != line.digest
    }
}

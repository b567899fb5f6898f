// SPDX-License-Identifier: Apache-2.0

import CoachingModel

/// A room of pretend members in which one session runs.
struct RehearsalStage {
    private let rehearsal: Rehearsal
    private var group: RehearsalGroup
    private var now: Timestamp
    private var result: RehearsedSession
    private var leaving: [(at: Timestamp, person: PersonID)]

    private static let kinds = EntryKind.allCases.filter { $0.needsFloor && $0 != .note }

    init(_ rehearsal: Rehearsal) {
        self.rehearsal = rehearsal
        now = rehearsal.from
        result = RehearsedSession(ended: rehearsal.from)
        group = RehearsalGroup(peers: rehearsal.peers, facilitator: rehearsal.facilitator)
        leaving = group.names.compactMap { person, name in
            rehearsal.absences[name].map {
                (rehearsal.from.adding(milliseconds: max(0, $0)), person)
            }
        }
        leaving.sort { ($0.at, $0.person) < ($1.at, $1.person) }
    }

    mutating func play() -> RehearsedSession {
        do throws(RoomRejection) {
            try gather()
            _ = try group.holdMeeting(before: rehearsal.format, rehearsal.medium, at: now)
            try start()
        } catch {
            result.deadEnds.append(.noStart(error))
            return result
        }
        var steps = 0
        while let session = room.session {
            steps += 1
            guard steps <= Rehearsal.stepsMax, note(session), goOn(session) else {
                add(.noEnd(phase: session.phase?.title ?? ""))
                break
            }
        }
        result.ended = now
        lookBack()
        return result
    }

    // MARK: Who is there

    private var room: Room { group.room }
    private var names: [PersonID: String] { group.names }
    private var chair: PersonID? { group.chair }

    private mutating func gather() throws(RoomRejection) {
        let absent = Set(leaving.filter { $0.at <= now }.map(\.person))
        _ = try group.gather(at: now, absent: absent)
        leaving.removeAll { $0.at <= now }
    }

    private mutating func start() throws(RoomRejection) {
        let starter = chair ?? room.present.first ?? RehearsalGroup.person(0)
        let start = SessionStart(
            session: SessionID(Bytes16(high: 4, low: 4)),
            format: rehearsal.format,
            medium: rehearsal.medium,
            until: rehearsal.until,
            pace: 1,
            purpose: nil,
            shown: nil
        )
        try ask(.start(start), by: starter)
    }

    private mutating func ask(
        _ command: RoomCommand,
        by person: PersonID?
    ) throws(RoomRejection) {
        try group.ask(command, by: person, at: now)
    }

    // MARK: The course

    /// Goes to what happens next; `false` where nothing can happen any more.
    private mutating func goOn(_ session: RunningSession) -> Bool {
        guard let wake = room.nextWake else { return endHeldPhase(session) }
        if let next = leaving.first, next.at < wake {
            leaving.removeFirst()
            now = max(now, next.at)
            return (try? ask(.attend(next.person, .away), by: next.person)) != nil
        }
        now = max(now, wake)
        guard (try? ask(.wake, by: nil)) != nil else { return false }
        // Where the phase is held it is over for the clock, and goes on.
        return room.session.map { $0.place != session.place || $0.clock.isHeld } ?? true
    }

    /// Lets who keeps the time go on where a phase is held for them.
    private mutating func endHeldPhase(_ session: RunningSession) -> Bool {
        guard session.clock.isHeld, let charge = room.timekeepers.first,
            (try? ask(.skip, by: charge)) != nil
        else { return false }
        return room.session.map { $0.place != session.place } ?? true
    }

    /// Puts down what the phase asks for, each as soon as they have the floor.
    private mutating func meetNeeds() {
        for person in names.keys.sorted() {
            for need in room.needs(with: person) where need.person == person {
                if (try? ask(.meet(need), by: nil)) == nil { return }
            }
        }
    }

    /// Takes down where the session stands, and lets everybody try every kind of line.
    private mutating func note(_ session: RunningSession) -> Bool {
        guard let phase = session.phase else { return false }
        let pods = session.openTurns.map(\.pod)
        let ran = RehearsedPhase(
            start: now,
            end: session.ends ?? now,
            round: session.isTogether ? nil : Int(session.place.round),
            rounds: session.plan.rounds.count,
            phase: phase,
            pods: pods.map {
                RehearsedPod(
                    client: name($0.client),
                    coaches: $0.coaches.map(name),
                    observers: $0.observers.map(name)
                )
            }
        )
        let isSame =
            result.phases.last.map {
                $0.phase == phase && $0.round == ran.round && $0.end == ran.end
            }
            ?? false
        if !isSame {
            result.phases.append(ran)
            speakInTurn(phase)
            meetNeeds()
        }
        for turn in session.openTurns {
            let speaks = phase.parts.contains { part in
                !part.kinds.isEmpty
                    && turn.pod.people.contains { turn.pod.role(of: $0) == part.role }
            }
            if !phase.isSilent, !speaks { add(.nobodySpeaks(phase: phase.title)) }
            if session.medium == .typed { tryLines(turn, phase) }
        }
        if session.isTogether, session.medium == .typed { tryLines(phase) }
        return true
    }

    private mutating func tryLines(_ turn: Turn, _ phase: Phase) {
        for person in turn.pod.people {
            let part = turn.pod.role(of: person).flatMap { phase.part(of: $0) }
            tryLines(of: person, in: .turn(turn.id), phase, allowed: taken(from: person, part))
        }
    }

    private mutating func tryLines(_ phase: Phase) {
        for person in room.present where room.membership(of: person) == .peer {
            let part = phase.part(of: .everyone)
            tryLines(of: person, in: .room, phase, allowed: taken(from: person, part))
        }
    }

    /// What the format takes from a person now: nothing while somebody else has the floor.
    private func taken(from person: PersonID, _ part: Part?) -> [EntryKind] {
        guard let part else { return [] }
        let holder = room.floor(of: person)?.holder
        return part.floor != .round || holder == nil || holder == person ? part.kinds : []
    }

    /// Lets the floor go round: each who speaks one at a time has it once and passes.
    private mutating func speakInTurn(_ phase: Phase) {
        guard phase.parts.contains(where: { $0.floor == .round }) else { return }
        let speakers = names.keys.sorted().filter { person in
            room.floor(of: person) != nil && room.part(of: person)?.part?.floor == .round
                && room.presence(of: person) != .away
        }
        var had: [PersonID] = []
        for _ in 0..<names.count {
            let holders = Set(speakers.compactMap { room.floor(of: $0)?.holder }).sorted()
            if holders.isEmpty { break }
            for turn in room.session?.openTurns ?? [] where rehearsal.medium == .typed {
                tryLines(turn, phase)
            }
            if room.session?.isTogether == true, rehearsal.medium == .typed { tryLines(phase) }
            for holder in holders {
                had.append(holder)
                let call = FloorCall(wish: .pass, person: holder)
                if (try? ask(.floor(call), by: holder)) == nil {
                    add(.otherFloor(phase: phase.title, name: name(holder), kind: .say))
                }
            }
        }
        for speaker in speakers where had.count(where: { $0 == speaker }) != 1 {
            add(.noFloor(phase: phase.title, name: name(speaker)))
        }
    }

    private mutating func tryLines(
        of person: PersonID,
        in key: TranscriptKey,
        _ phase: Phase,
        allowed: [EntryKind]
    ) {
        for kind in Self.kinds {
            result.linesTried += 1
            let isTaken = (try? room.mayPost(kind, in: key, by: person)) != nil
            if isTaken != allowed.contains(kind) {
                add(.otherFloor(phase: phase.title, name: name(person), kind: kind))
            }
        }
    }

    /// Finds who and what was left out, once the session is over.
    private mutating func lookBack() {
        guard let summary = room.lastSession else { return }
        var clients: [PersonID] = []
        for state in summary.turns where !clients.contains(state.turn.pod.client) {
            clients.append(state.turn.pod.client)
        }
        result.clients = clients.map { (name($0), summary.millisecondsAsClient($0)) }
        let format = rehearsal.format
        guard !format.hasNoRounds else { return }
        let roles = Set(
            summary.turns.flatMap { state in
                state.turn.pod.people.compactMap { state.turn.pod.role(of: $0) }
            }
        )
        for role in format.turnRoles where !roles.contains(role) {
            let speaks = format.round.contains { $0.part(of: role)?.kinds.isEmpty == false }
            guard speaks else { continue }
            let least = role == .observer ? 3 : 2
            let isUsual = rehearsal.peers.count - rehearsal.absences.count >= format.pods.usual
            if format.pods.largest < least || isUsual && format.pods.usual >= least {
                add(.roleOfNobody(role))
            } else {
                result.rolesOfNobody.append(role)
            }
        }
        let seated = Set(summary.turns.flatMap(\.turn.pod.people))
        for person in names.keys.sorted()
        where person != chair && !seated.contains(person)
            && rehearsal.absences[name(person)] == nil
        {
            add(.noTurn(name(person)))
        }
    }

    private mutating func add(_ deadEnd: DeadEnd) {
        if !result.deadEnds.contains(deadEnd), result.deadEnds.count < 20 {
            result.deadEnds.append(deadEnd)
        }
    }

    private func name(_ person: PersonID) -> String { names[person] ?? "?" }
}

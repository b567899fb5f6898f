// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel

/// A room in which everybody but one person is pretended.
///
/// Who they are, what they say, and what the rules of a room make of it; without a terminal, a
/// server or a clock of its own.
struct PretendMembers {
    /// Something that happened.
    enum Happening {
        case record(RoomRecord)
        case line(HeardLine)
    }

    /// How often somebody speaks.
    static let gapMilliseconds: Int64 = 4_000
    /// How many lines a pretend member has in one phase.
    static let linesMost = 3
    /// The lines that are kept for looking back.
    static let linesKept = 1_000

    private(set) var group: RehearsalGroup
    /// Who is no pretend member.
    private(set) var me = RehearsalGroup.person(0)
    /// The lines that the person may read, oldest first.
    private(set) var lines: [HeardLine] = []
    private var numbers: [TranscriptKey: UInt64] = [:]
    private var questions: [TranscriptKey: (number: UInt64, by: PersonID)] = [:]
    private var spoken: [PersonID: Int] = [:]
    private var place: PhasePlace?
    private var nextSpeech = Timestamp(milliseconds: 0)
    private var speaker = 0

    var room: Room { group.room }

    init(peers: [String], facilitator: String?) {
        group = RehearsalGroup(peers: peers, facilitator: facilitator)
    }

    // MARK: The beginning

    /// Lets everybody in, and has held what a meeting of the format goes on from.
    mutating func gather(
        for start: SessionStart,
        at now: Timestamp
    ) throws(RoomRejection) -> [RoomRecord] {
        let records = try group.gather(at: now)
        return records + (try group.holdMeeting(before: start.format, start.medium, at: now))
    }

    /// Gives the person the first place of a role that the plan has; `nil` where it has none.
    ///
    /// Where the method has no rounds all have the same place.
    mutating func take(_ role: Role, of start: SessionStart, at now: Timestamp) -> PersonID? {
        if start.format.hasNoRounds { return me }
        let plan = try? room.preview(
            format: start.format,
            until: start.until,
            pace: start.pace,
            at: now,
            medium: start.medium
        )
        for round in plan?.rounds ?? [] {
            for pod in round {
                guard let found = pod.people.first(where: { pod.role(of: $0) == role }) else {
                    continue
                }
                me = found
                return found
            }
        }
        return nil
    }

    /// Starts the session: whoever facilitates, else the person, who then keeps the time.
    mutating func start(
        _ start: SessionStart,
        at now: Timestamp
    ) throws(RoomRejection)
        -> [Happening]
    {
        nextSpeech = now.adding(milliseconds: Self.gapMilliseconds)
        return try group.ask(.start(start), by: group.chair ?? me, at: now).map { .record($0) }
    }

    // MARK: The person

    /// Takes a line of the person's, or refuses it by the rule that a room would name.
    mutating func post(
        _ line: OutgoingLine,
        at now: Timestamp
    ) throws(RoomRejection)
        -> [Happening]
    {
        try room.mayPost(line.kind, in: line.key, by: me)
        if room.mustCite(line.kind, in: line.key, by: me), line.cites == nil {
            throw .questionNotCited
        }
        let heard = HeardLine(
            key: line.key,
            number: number(in: line.key),
            at: now,
            author: me,
            kind: line.kind,
            text: line.text,
            due: line.due,
            paper: line.meaning == .link ? .link : nil,
            cites: line.cites,
            isBreach: line.meaning == .breach,
            isHeard: line.meaning == .heard
        )
        keep(heard)
        return [.line(heard)] + met(heard, at: now)
    }

    /// Notes, as a server would, that a line is one that the phase asks for.
    private mutating func met(_ line: HeardLine, at now: Timestamp) -> [Happening] {
        guard let author = line.author, room.isNeeded(line.kind, in: line.key, by: author),
            let records = try? group.ask(
                .meet(NeedMet(person: author, kind: line.kind)),
                by: nil,
                at: now
            )
        else { return [] }
        return records.map { .record($0) }
    }

    /// Does what the person asks of the room; `nil` for what a rehearsal has not.
    mutating func act(_ deed: RoomDeed, at now: Timestamp) throws(RoomRejection) -> [Happening]? {
        guard let command = command(deed) else { return nil }
        var happened = try group.ask(command, by: me, at: now).map { Happening.record($0) }
        // Who is awaited by nobody but pretend members does not wait for them.
        if case .floor(let call) = deed, call.wish == .ready { happened += othersReady(at: now) }
        return happened
    }

    private func command(_ deed: RoomDeed) -> RoomCommand? {
        switch deed {
        case .attend(let person, let presence): .attend(person, presence)
        case .pause: .pause
        case .resume: .resume
        case .extend(let milliseconds): .extend(milliseconds)
        case .skip: .skip
        case .end: .end
        case .back: .back
        case .stop: .stop
        case .floor(let call): .floor(call)
        case .handOver(let person): .handOver(person)
        case .mute(let person, let isMuted): .mute(person, isMuted)
        case .shut(let isShut): .shut(isShut)
        case .move(let person, let pod): .move(person, pod: pod)
        default: nil
        }
    }

    private mutating func othersReady(at now: Timestamp) -> [Happening] {
        var happened: [Happening] = []
        for person in room.unready(with: me) where person != me {
            let call = FloorCall(wish: .ready, person: person)
            guard let records = try? group.ask(.floor(call), by: person, at: now) else { continue }
            happened += records.map { .record($0) }
        }
        return happened
    }

    // MARK: The others

    /// Lets the time go on: phases end, and now and then somebody speaks.
    mutating func advance(to now: Timestamp) -> [Happening] {
        var happened: [Happening] = []
        for _ in 0..<64 {
            guard let wake = room.nextWake, wake <= now,
                let records = try? group.ask(.wake, by: nil, at: now), !records.isEmpty
            else { break }
            happened += records.map { .record($0) }
        }
        guard let session = room.session, session.ends != nil || session.clock.isHeld,
            nextSpeech <= now
        else { return happened }
        nextSpeech = now.adding(milliseconds: Self.gapMilliseconds)
        if place != session.place {
            place = session.place
            spoken = [:]
        }
        return happened + speak(at: now)
    }

    /// Lets the next one who may say a line, or passes the floor on for who said enough.
    private mutating func speak(at now: Timestamp) -> [Happening] {
        let people = group.names.keys.sorted().filter { $0 != me && $0 != group.chair }
        for offset in people.indices {
            let person = people[(speaker + offset) % people.count]
            guard isHeard(person), let said = line(of: person, at: now) else { continue }
            speaker = (speaker + offset + 1) % people.count
            spoken[person, default: 0] += 1
            keep(said)
            var happened: [Happening] = reads(said.key) ? [.line(said)] : []
            happened += met(said, at: now)
            if room.floor(of: person)?.holder == person {
                let call = FloorCall(wish: .pass, person: person)
                let records = try? group.ask(.floor(call), by: person, at: now)
                happened += (records ?? []).map { .record($0) }
            }
            return happened
        }
        return []
    }

    /// Whether the person would read what somebody says now.
    private func isHeard(_ person: PersonID) -> Bool {
        room.presence(of: person) != .away && spoken[person, default: 0] < Self.linesMost
            && (room.session?.isTogether == true || room.sharesFloor(of: person, with: me))
    }

    private func line(of person: PersonID, at now: Timestamp) -> HeardLine? {
        let key: TranscriptKey = room.turn(of: person).map { .turn($0.turn.id) } ?? .room
        guard let part = room.part(of: person)?.part else { return nil }
        // Where one speaks at a time the others wait for their turn.
        if part.floor == .round, room.floor(of: person)?.holder != person { return nil }
        let bare = part.bare == .note ? [] : [part.bare]
        let needed = room.needs(with: person).filter { $0.person == person }.map(\.kind)
        for kind in needed + bare + part.kinds where kind != .note && kind != .feedback {
            guard (try? room.mayPost(kind, in: key, by: person)) != nil else { continue }
            var cites: UInt64?
            if room.mustCite(kind, in: key, by: person) {
                guard let asked = questions[key], asked.by != person else { continue }
                cites = asked.number
            }
            let said = spoken[person, default: 0]
            return HeardLine(
                key: key,
                number: nextNumber(in: key),
                at: now,
                author: person,
                kind: kind,
                text: PretendWords.line(kind, said + Int(person.value.low)),
                cites: cites
            )
        }
        return nil
    }

    // MARK: Lines

    private func reads(_ key: TranscriptKey) -> Bool { room.audience(of: key).contains(me) }

    private func nextNumber(in key: TranscriptKey) -> UInt64 { numbers[key, default: 0] + 1 }

    private func number(in key: TranscriptKey) -> UInt64 { nextNumber(in: key) }

    private mutating func keep(_ line: HeardLine) {
        numbers[line.key] = line.number
        if line.kind == .ask, let author = line.author {
            questions[line.key] = (line.number, author)
        }
        guard reads(line.key) else { return }
        lines.append(line)
        if lines.count > Self.linesKept { lines.removeFirst() }
    }
}

/// What pretend members say.
enum PretendWords {
    static func line(_ kind: EntryKind, _ number: Int) -> String {
        let lines = lines(kind)
        return lines[number % lines.count]
    }

    private static func lines(_ kind: EntryKind) -> [String] {
        switch kind {
        case .ask:
            [
                "What would you like to have at the end of this?",
                "What have you tried so far, and what came of it?",
                "What is it that makes this hard for you?",
                "What would be a first small step?",
            ]
        case .answer:
            [
                "I had not looked at it that way. I think it is about time.",
                "I tried to talk about it twice, and both times I gave up early.",
                "The first step would be to ask for half an hour.",
            ]
        case .reflect:
            [
                "You say that you want to talk about it, and that you put it off.",
                "I hear that this matters to you more than you let on.",
            ]
        case .suggest:
            [
                "You could begin with the part that you can decide alone.",
                "You could write down the three sentences that have to be said.",
            ]
        case .offer: ["I could be there when you try it.", "I can read your draft."]
        case .thanks: ["Thank you for listening.", "Thank you, that helped."]
        case .commit: ["I ask for the half hour on Monday."]
        default:
            [
                "I want to talk about handing work over; I keep too much of it.",
                "It has been going on since the spring.",
                "I notice that I avoid one conversation.",
            ]
        }
    }
}

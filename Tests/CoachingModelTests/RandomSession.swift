// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// A session of a random format with random people, to which things happen at random.
struct RandomSession {
    let seed: UInt64
    /// What is wrong; empty where all holds.
    private(set) var faults: [String] = []
    private(set) var commands = 0
    private(set) var refused: [RoomRejection: Int] = [:]
    private(set) var held = 0
    private var stage: RoomStage
    private var numbers: SeededNumbers
    private var gone: Set<Int> = []
    private let people: [Int]
    /// Who was muted in the phase that runs.
    private var silent: Set<PersonID> = []
    /// How long the clock of each pod went in each round, as it was measured here.
    private var ran: [UInt8: [UInt8: Int64]] = [:]
    /// Since when the session goes on, and how long all clocks stood.
    private var began: Timestamp
    private var stood: Int64 = 0

    init(seed: UInt64) throws {
        self.seed = seed
        var numbers = SeededNumbers(seed: seed)
        let peers = Int(2 + numbers.next() % 9)
        let chairs = Int(numbers.next() % 2)
        stage = try RoomStage.ready(peers: peers, facilitators: chairs)
        people = Array(1...peers) + (0..<chairs).map { 90 + $0 }
        began = stage.now
        self.numbers = numbers
    }

    /// Runs to the end, whatever happens meanwhile.
    mutating func play() {
        let format = Self.format(&numbers)
        guard format.mistakes.isEmpty else { return fault("format: \(format.mistakes)") }
        let medium: Medium = numbers.next() % 4 == 0 ? .spoken : .typed
        let starter = people.last { $0 >= 90 } ?? 1
        give(stage.start(1, medium: medium, format: format), starter)
        guard stage.room.session != nil else { return }
        began = stage.now
        for _ in 0..<numbers.next() % 60 where stage.room.session != nil {
            let places = silent.map { ($0, phase(of: $0)) }
            happen()
            for (person, place) in places where phase(of: person) != place {
                silent.remove(person)
            }
            checkFloor()
            checkSilence()
            checkPlan()
        }
        finish()
        checkTimes()
    }

    /// The phase in which somebody can be muted: that of their pod, of all, or of those in no pod.
    private func phase(of person: PersonID) -> [Int] {
        guard let session = stage.room.session, let place = stage.room.course(of: person)?.place
        else { return [] }
        let pod = stage.room.turn(of: person).map { Int($0.turn.pod.number) }
        let inRound = pod == nil && !session.isTogether
        return [Int(place.round), inRound ? 0 : Int(place.phase), pod ?? -1]
    }

    // MARK: What happens

    private mutating func happen() {
        let number = people[Int(numbers.next() % UInt64(people.count))]
        let person = RoomStage.person(number)
        switch numbers.next() % 28 {
        case 25...: meetOrLose(person)
        case 20...: moderate()
        case 0..<4: pass(milliseconds: Int64(numbers.next() % 90_000))
        case 4..<6: wake()
        case 6..<9: give(.floor(FloorCall(wish: .pass, person: person)), number)
        case 9: give(.floor(FloorCall(wish: .pass, person: person)), inCharge ?? number)
        case 10..<12: give(.floor(FloorCall(wish: .ask, person: person)), number)
        case 12..<15: everybodyReady()
        case 15: give(.attend(person, numbers.next() % 2 == 0 ? .away : .here), number)
        case 16:
            let actor = numbers.next() % 4 == 0 ? number : inCharge ?? number
            give(numbers.next() % 2 == 0 ? .pause : .resume, actor)
        case 17 where numbers.next() % 2 == 0: give(.stop, number)
        case 17: give(.extend(Int64(1 + numbers.next() % 60_000)), inCharge ?? number)
        case 18:
            let command: RoomCommand = numbers.next() % 2 == 0 ? .back : .skip
            give(numbers.next() % 4 == 0 ? .end : command, inCharge ?? number)
        default:
            guard numbers.next() % 3 == 0, people.count - gone.count > 1 else { return }
            let marks = stage.marks(excluding: person)
            give(.exclude(person, .left, marks: marks), number)
            if stage.room.membership(of: person) == nil { gone.insert(number) }
        }
    }

    /// Somebody puts down what their phase asks for, or a facilitator is lost, or back.
    private mutating func meetOrLose(_ person: PersonID) {
        if let chair = people.last(where: { $0 >= 90 }), numbers.next() % 4 == 0 {
            give(.reach(RoomStage.person(chair), numbers.next() % 2 == 0), nil)
        }
        for need in stage.room.needs(with: person) where numbers.next() % 3 != 0 {
            give(.meet(need), nil)
        }
    }

    private mutating func everybodyReady() {
        for number in people where numbers.next() % 5 != 0 {
            give(.floor(FloorCall(wish: .ready, person: RoomStage.person(number))), number)
        }
    }

    /// Somebody moderates: mostly a facilitator, where there is one.
    private mutating func moderate() {
        if numbers.next() % 4 == 0 { return visit() }
        let other = people[Int(numbers.next() % UInt64(people.count))]
        let person = RoomStage.person(other)
        let chair = people.last { $0 >= 90 && !gone.contains($0) }
        let actor = numbers.next() % 6 == 0 ? other : chair ?? inCharge ?? other
        let command: RoomCommand
        switch numbers.next() % 10 {
        case 0..<3: command = .floor(FloorCall(wish: .give, person: person))
        case 3: command = .floor(FloorCall(wish: .take, person: person))
        case 4..<7: command = .mute(person, numbers.next() % 3 != 0)
        case 7: command = .shut(numbers.next() % 2 == 0)
        default: command = .move(person, pod: UInt8(numbers.next() % 5))
        }
        let before = stage.log.count
        give(command, actor)
        let records = stage.log[before...]
        if actor < 90, records.contains(where: { $0.by != nil }) {
            fault("\(actor) moderates and is no facilitator")
        }
        if case .mute(_, let isMuted) = command, records.last?.event.kind == 75 {
            if isMuted { silent.insert(person) } else { silent.remove(person) }
        }
        if case .floor(let call) = command, call.wish == .give, records.last?.event.kind == 60,
            stage.room.floor(of: person)?.holder != person
        {
            fault("the floor was given and not had")
        }
    }

    /// A facilitator asks to visit, a client answers, or one of them ends it.
    private mutating func visit() {
        let open = stage.room.session?.openTurns ?? []
        guard let turn = open.first(where: { _ in numbers.next() % 2 == 0 }) ?? open.first else {
            return
        }
        let client = RoomStage.number(of: turn.pod.client)
        let any = people[Int(numbers.next() % UInt64(people.count))]
        let chair = people.last { $0 >= 90 && !gone.contains($0) } ?? any
        switch numbers.next() % 5 {
        case 0, 1: give(.askVisit(turn.id), numbers.next() % 6 == 0 ? any : chair)
        case 2, 3:
            let by = numbers.next() % 4 == 0 ? any : client
            guard !gone.contains(by) else { return }
            give(.allowVisit(stage.visitYes(turn.id, by: by)), by)
        default: give(.endVisit(turn.id), numbers.next() % 2 == 0 ? client : chair)
        }
        if numbers.next() % 3 == 0 {
            let before = stage.log.count
            give(.callFacilitator(turn.id), any)
            let called = stage.log[before...].contains { $0.event.kind == 85 }
            if called, turn.pod.role(of: RoomStage.person(any)) == nil || any >= 90 {
                fault("\(any) calls to a turn without a role in it")
            }
        }
    }

    private var inCharge: Int? { people.first { stage.room.isInCharge(RoomStage.person($0)) } }

    /// Lets time pass, waking the room wherever a phase ends.
    private mutating func pass(milliseconds: Int64) {
        let end = stage.now.adding(milliseconds: milliseconds)
        while let next = stage.room.nextWake, next <= end { wake() }
        measure(until: end)
    }

    private mutating func wake() {
        guard let next = stage.room.nextWake else { return }
        measure(until: max(stage.now, next))
        let count = stage.log.count
        give(.wake, nil)
        if stage.log.count == count { fault("a wake did nothing") }
    }

    private mutating func measure(until end: Timestamp) {
        let span = end.milliseconds(since: stage.now)
        if let session = stage.room.session {
            var goes = false
            for turn in session.openTurns {
                let clock = session.course(ofPod: turn.pod.number).clock
                guard clock.ends != nil || clock.isHeld else { continue }
                ran[turn.round, default: [:]][turn.pod.number, default: 0] += span
                goes = true
            }
            if !goes, !session.isTogether || session.ends == nil { stood += span }
        }
        stage.now = end
    }

    private mutating func give(_ command: RoomCommand, _ number: Int?) {
        commands += 1
        do throws(RoomRejection) {
            try stage.ask(command, as: number.map { stage.actor($0) } ?? .server)
        } catch { refused[error, default: 0] += 1 }
    }

    /// Ends the session as a group would: goes on where the clock stands, and waits.
    private mutating func finish() {
        var steps = 0
        while let session = stage.room.session {
            steps += 1
            guard steps < 2_000 else { return fault("it does not come to an end") }
            if session.hasStandingClock {
                guard let charge = inCharge else { return fault("nobody can go on") }
                let count = stage.log.count
                give(.resume, charge)
                if stage.log.count == count { return fault("it cannot go on") }
            } else {
                wake()
            }
        }
    }

    // MARK: What must hold

    private mutating func fault(_ text: String) { faults.append("seed \(seed): \(text)") }

    /// Nobody may write but who the phase and the floor let.
    private mutating func checkFloor() {
        guard let session = stage.room.session else { return }
        var holders: [UInt8: Set<PersonID>] = [:]
        for number in people {
            let person = RoomStage.person(number)
            guard stage.room.membership(of: person) == .peer else { continue }
            let turn = stage.room.turn(of: person)?.turn
            let key = turn.map { TranscriptKey.turn($0.id) } ?? .room
            let part = stage.room.part(of: person)?.part
            let state = stage.room.floor(of: person)
            if let holder = state?.holder {
                holders[turn?.pod.number ?? .max, default: []].insert(holder)
                let own = stage.room.part(of: holder)?.part
                if own?.floor != .round, state?.isGiven != true || own?.givesFloor != true {
                    fault("the floor is held without the right")
                }
                if silent.contains(holder) { fault("who is muted has the floor") }
                if stage.room.presence(of: holder) == .away { fault("who is away has the floor") }
                if state?.passed.contains(holder) == true { fault("who passed has the floor") }
                if stage.room.floorQueue(of: person).contains(holder) {
                    fault("who has the floor waits for it")
                }
            }
            guard session.medium == .typed, turn != nil || session.isTogether else { continue }
            for kind in EntryKind.allCases where kind.needsFloor && kind != .note {
                let isMine = state?.holder == nil || state?.holder == person
                let isOrdered = part?.floor == .round || state?.isGiven == true
                let expected =
                    part?.kinds.contains(kind) == true && (!isOrdered || isMine)
                    && !silent.contains(person)
                let isTaken = (try? stage.room.mayPost(kind, in: key, by: person)) != nil
                if isTaken != expected { fault("\(kind) by \(number) is \(isTaken)") }
            }
        }
        for (pod, holders) in holders where holders.count > 1 {
            fault("pod \(pod) has two holders")
        }
    }

    /// Who is muted is told so, keeps notes, lines to one person and the clock, until the phase
    /// ends.
    private mutating func checkSilence() {
        guard stage.room.session != nil else { return }
        silent = silent.filter { stage.room.membership(of: $0) != nil }
        if Set(stage.room.mutedPeople) != silent { fault("others are muted than were") }
        for person in silent {
            let other = RoomStage.person(people.first { RoomStage.person($0) != person } ?? 1)
            let turn = stage.room.turn(of: person).map { TranscriptKey.turn($0.turn.id) } ?? .room
            if refusal(.say, turn, person) != .muted { fault("who is muted is not told so") }
            if refusal(.say, .room, person) != .muted { fault("who is muted speaks to the room") }
            if refusal(.note, .own(person), person) != nil { fault("who is muted cannot note") }
            if stage.room.membership(of: other) != nil,
                refusal(.say, .between(person, other), person) != nil
            {
                fault("who is muted cannot say it to anybody")
            }
            let number = RoomStage.number(of: person)
            if stage.room.course(of: person)?.clock.ends != nil,
                stage.room.floor(of: person) != nil,
                stage.room.presence(of: person) != .away,
                stage.refusal(.stop, by: number) != nil
            {
                fault("who is muted cannot stop the clock")
            }
        }
    }

    private func refusal(
        _ kind: EntryKind,
        _ key: TranscriptKey,
        _ person: PersonID
    ) -> RoomRejection? {
        do throws(RoomRejection) {
            try stage.room.mayPost(kind, in: key, by: person)
            return nil
        } catch { return error }
    }

    /// Nobody sits twice in a round or is client twice, every pod has a coach, and a facilitator,
    /// whatever they did, sits nowhere and reads no turn.
    private mutating func checkPlan() {
        guard let session = stage.room.session else { return }
        for round in session.plan.rounds {
            let seated = round.flatMap(\.people)
            if Set(seated).count != seated.count { fault("somebody sits twice") }
            if round.contains(where: \.coaches.isEmpty) { fault("a pod has no coach") }
        }
        let clients = session.plan.rounds.joined().map(\.client)
        if Set(clients).count != clients.count { fault("somebody is to be client twice") }
        // Who visits by the log alone: the client's yes, and no end since.
        var visits: [TurnID: Set<PersonID>] = [:]
        for record in stage.log {
            switch record.event {
            case .turnChanged(let changed):
                let turn = stage.room.turnState(changed.yes.turn)?.turn
                if record.by != turn?.pod.client { fault("a visit without the client's yes") }
                visits[changed.yes.turn, default: []].insert(changed.yes.visitor)
            case .visitEnded(let ended): visits[ended.turn]?.remove(ended.person)
            case .turnClosed(let closed):
                let turn = TurnID(session: closed.session, round: closed.round, pod: closed.pod)
                if visits[turn]?.isEmpty == false { fault("a visit outlasts its turn") }
            default: break
            }
        }
        for chair in people.map(RoomStage.person) where RoomStage.number(of: chair) >= 90 {
            for turn in session.openTurns {
                let reads = stage.room.isInAudience(of: .turn(turn.id), chair)
                if reads != (visits[turn.id]?.contains(chair) == true) {
                    fault("a facilitator reads a turn: \(reads)")
                }
                // By the format alone; every phase of a round has one index in the list.
                let place = stage.room.course(of: turn.pod.client)?.place
                let phase = place.map { session.format.round[Int($0.phase)] }
                let may = reads && phase?.interventions?.contains(.say) == true
                if may != (refusal(.say, .turn(turn.id), chair) == nil) {
                    fault("a visitor writes: \(!may)")
                }
            }
        }
    }

    /// Every turn lasted as long as the clock ran in it, and all is within the session.
    private mutating func checkTimes() {
        guard let summary = stage.room.lastSession else { return }
        if summary.isHeld { held += 1 }
        let length = summary.ended.milliseconds(since: began) - stood
        let rounds = ran.values.compactMap { $0.values.max() }
        if rounds.reduce(0, +) > length { fault("the rounds are longer than the session") }
        for state in summary.turns {
            let round = ran[state.turn.round]?[state.turn.pod.number] ?? 0
            if state.milliseconds > round { fault("a turn is longer than its round") }
            let isWhole = gone.isDisjoint(with: state.turn.pod.people.map(RoomStage.number))
            if isWhole, state.milliseconds != round {
                fault("a turn of \(state.milliseconds) ms in a round of \(round)")
            }
        }
        let clients = summary.turns.filter(\.held).map(\.turn.pod.client)
        if Set(clients).count != clients.count { fault("somebody was client twice") }
        if let most = stage.room.history.owed.values.max(), most > 1 { fault("\(most) turns owed") }
    }

    // MARK: Formats

    private static func format(_ numbers: inout SeededNumbers) -> SessionFormat {
        let smallest = UInt8(2 + numbers.next() % 2)
        let largest = smallest + UInt8(numbers.next() % 4)
        var format = RoomStage.format
        format.pods = PodSizes(smallest: smallest, usual: smallest, largest: largest)
        format.seating = numbers.next() % 2 == 0 ? .allCoach : nil
        if numbers.next() % 5 == 0 { format.visits = nil }
        if numbers.next() % 3 == 0 { format.absence = .waits }
        let rounds = Int(numbers.next() % 5)
        if rounds > 0, numbers.next() % 3 == 0 {
            format.roundsMost = UInt8(1 + numbers.next() % UInt64(largest - 1))
        }
        format.opening = phases(Int(numbers.next() % 3), [.everyone], &numbers)
        format.round = phases(rounds, format.turnRoles, &numbers)
        format.closing = phases(Int(numbers.next() % 3), [.everyone], &numbers)
        for index in format.round.indices where format.visits == true && numbers.next() % 2 == 0 {
            format.round[index].interventions = numbers.next() % 3 == 0 ? [.ask] : [.say, .ask]
        }
        if format.hasNoRounds, format.opening.isEmpty {
            format.opening = phases(1, [.everyone], &numbers)
        }
        return format
    }

    private static func phases(
        _ count: Int,
        _ roles: [Role],
        _ numbers: inout SeededNumbers
    ) -> [Phase] {
        (0..<count).map { index in
            var parts = roles.map { role in
                let kinds = [EntryKind.say, .ask, .answer, .reflect, .feedback, .thanks]
                    .filter { _ in numbers.next() % 3 == 0 }
                return Part(role: role, kinds: kinds, bare: kinds.first ?? .note, sentence: "Do.")
            }
            let isAsked = parts.contains { $0.kinds.contains(.ask) }
            for place in parts.indices where !parts[place].kinds.isEmpty {
                let speaks = parts[place].kinds.contains { $0 != .ask }
                switch numbers.next() % 3 {
                case 0: parts[place].floor = .round
                case 1 where isAsked && speaks: parts[place].floor = .questionFirst
                default: break
                }
            }
            for place in parts.indices where numbers.next() % 5 == 0 {
                let must = parts[place].kinds.filter { _ in numbers.next() % 2 == 0 }
                if !must.isEmpty { parts[place].must = must }
            }
            let seconds = UInt32(10 + numbers.next() % 300)
            var phase = Phase(name: "p\(index)", title: "Phase", seconds: seconds, parts: parts)
            if numbers.next() % 6 == 0 { phase.isHeld = true }
            return phase
        }
    }
}

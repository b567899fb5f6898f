// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Plays random histories of a room against ``NaiveRoom``.
///
/// A failure prints its seed, which `PEERCOACH_SEED` plays again.
struct RoomHistoriesTests {
    static let seeds: [UInt64] = {
        if let given = getenv("PEERCOACH_SEED"), let seed = UInt64(String(cString: given)) {
            return [seed]
        }
        return Array(1...8)
    }()

    @Test(arguments: seeds)
    func `random histories obey the scopes, replay, and end their sessions`(seed: UInt64) throws {
        var history = RandomHistory(seed: seed)
        try history.begin()
        for _ in 0..<900 { history.step() }
        history.checkPosts()
        history.checkReplay()
        RoomInvariants.checkThatItEnds(history.stage)
        #expect(history.leaks == [], "seed \(seed)")
        #expect(history.naive.posts.count > 60, "seed \(seed): \(history.counts)")
        #expect(history.stage.room.sessions.count > 3, "seed \(seed): \(history.counts)")
        #expect(history.readmissions > 0, "seed \(seed): \(history.counts)")
        // Each prompt that delivered anything did so by at least five who could all read it then.
        for state in history.stage.room.prompts.values {
            let answers = state.closed?.answers ?? 0
            #expect(answers == 0 || (5...state.asked.count).contains(answers), "seed \(seed)")
        }
    }

    @Test(arguments: seeds)
    func `any records in any order are taken in without harm`(seed: UInt64) throws {
        var history = RandomHistory(seed: seed)
        try history.begin()
        for _ in 0..<300 { history.step() }
        var numbers = SeededNumbers(seed: seed)
        var log = history.stage.log
        log.shuffle(using: &numbers)
        var room = Room(id: RoomStage.roomID)
        var at = Timestamp(milliseconds: .min)
        for var record in log {
            if numbers.next() % 8 == 0 {
                record.at = Timestamp(milliseconds: Int64(bitPattern: numbers.next()))
            }
            if case .phaseStarted(var phase) = record.event, numbers.next() % 2 == 0 {
                phase.ends = Timestamp(milliseconds: Int64(bitPattern: numbers.next()))
                phase.place = PhasePlace(
                    round: UInt8(truncatingIfNeeded: numbers.next()),
                    phase: UInt8(truncatingIfNeeded: numbers.next())
                )
                phase.pod = numbers.next() % 2 == 0 ? nil : 1
                record.event = .phaseStarted(phase)
            }
            if case .clockSet(var clock) = record.event, numbers.next() % 2 == 0 {
                clock.left = Int64(bitPattern: numbers.next())
                clock.ends = Timestamp(milliseconds: Int64(bitPattern: numbers.next()))
                record.event = .clockSet(clock)
            }
            room.evolve(record)
            at = max(at, room.lastAt)
            #expect(room.lastAt == at, "seed \(seed)")
            let signed = Set(room.roster?.members.map(\.person) ?? [])
            for key in history.keys {
                #expect(signed.isSuperset(of: room.audience(of: key)), "seed \(seed)")
                _ = room.lastAudienceChange(of: key)
            }
            _ = room.plannedRounds
            for person in signed { _ = room.part(of: person) }
            for command: RoomCommand in [.wake, .awoke(awaySince: at)] {
                _ = try? room.decide(command, by: .server, at: Timestamp(milliseconds: .max))
            }
        }
        #expect(room.position == UInt64(log.count))
    }
}

/// A room to which things happen at random, as the server would let them.
struct RandomHistory {
    let seed: UInt64
    var stage = RoomStage()
    var naive = NaiveRoom()
    var counts: [String: Int] = [:]
    var readmissions = 0
    /// Who was ever given a whole turn of somebody else's.
    var givenTurns: Set<PersonID> = []
    /// How often somebody was given older posts.
    var given = 0
    /// Whether only the scopes are held against the naive room, some of them after each record:
    /// for very many commands.
    let isLean: Bool
    /// How many commands were given, and how many of them the rules refused.
    private(set) var commands = 0
    /// What a scope let somebody read who must not, or kept from somebody who may.
    var leaks: [String] = []
    var numbers: SeededNumbers
    private var sessions = 0
    private var asked: [PromptID] = []
    private var deviceVersions: [Int: (version: UInt32, devices: Set<Int>, revoked: Set<Int>)] = [:]
    private var lastSeen: [TranscriptKey: (people: Set<PersonID>, devices: Set<DeviceID>)] = [:]

    static let people = [1, 2, 3, 4, 5, 6, 90, 91]

    init(seed: UInt64, isLean: Bool = false) {
        self.seed = seed
        self.isLean = isLean
        numbers = SeededNumbers(seed: seed)
        for number in RandomHistory.people { deviceVersions[number] = (1, [0], []) }
    }

    mutating func begin() throws {
        let moderated = numbers.next() % 2 == 0
        let members = [1, 2, 3].map { RoomStage.member($0) }
        let all = moderated ? members + [RoomStage.member(90, .facilitator)] : members
        let first = moderated ? 90 : 1
        take(stage.admission(all, by: first), as: stage.actor(first))
        take(.proposeAgreement(RoomStage.agreement(1)), as: stage.actor(first))
        try #require(stage.room.agreementInForce != nil)
    }

    /// Every transcript that there is or could be.
    var keys: [TranscriptKey] {
        let people = RandomHistory.people.map { RoomStage.person($0) }
        var keys: [TranscriptKey] = [.room, .peers] + people.map { .own($0) }
        for one in people {
            for other in people where one < other { keys.append(.direct(one, other)) }
        }
        keys += naive.prompts.sorted { $0.key < $1.key }.map { .prompt($0.key, $0.value.scope) }
        return keys + naive.turnList.map { .turn($0) }
    }

    mutating func step() {
        stage.now = stage.now.adding(milliseconds: Int64(numbers.next() % 40_000) - 4_000)
        if let next = stage.room.nextWake, next <= stage.now { take(.wake, as: .server) }
        switch numbers.next() % 100 {
        case 0..<33: post()
        case 33..<36: prompt()
        case 36..<38: answerOrClose()
        case 38..<40: give()
        case 40..<43: admit()
        case 43..<45: exclude()
        case 45: agreeOnHistory()
        case 90..<93: keepTime()
        case 93..<95: moderate()
        case 95: visit()
        case 46..<50: changeDevices()
        case 50..<52: propose()
        case 52..<62: acceptAndAttend()
        case 62..<72: start()
        case 72..<75: away()
        case 75..<88: clock()
        case 88..<90: agree()
        default:
            if let next = stage.room.nextWake { stage.now = max(stage.now, next) }
            take(.wake, as: .server)
        }
    }

    // MARK: What happens

    private mutating func post() {
        let members = stage.room.members
        guard let author = members.randomElement(using: &numbers)?.person else { return }
        var keys: [TranscriptKey] = [.room, .peers, .own(author)]
        if let other = members.randomElement(using: &numbers)?.person, other != author {
            keys.append(.between(author, other))
        }
        keys += naive.turnList.suffix(6).map { .turn($0) }
        if let prompt = asked.randomElement(using: &numbers) {
            keys += stage.room.key(of: prompt).map { [$0] } ?? []
        }
        if let turn = stage.room.turn(of: author)?.turn {
            keys += [.turn(turn.id), .turn(turn.id), .turn(turn.id)]
        }
        guard let key = keys.randomElement(using: &numbers),
            let kind = EntryKind.allCases.randomElement(using: &numbers)
        else { return }
        commands += 1
        do throws(RoomRejection) {
            try stage.room.mayPost(kind, in: key, by: author)
        } catch {
            count("refused \(error)")
            return
        }
        if !naive.readers(of: key).contains(author) { leaks.append("\(author) in \(key)") }
        count("posted")
        let number = (stage.numbers[key] ?? 0) + 1
        stage.numbers[key] = number
        naive.post(in: key, number: number, by: author)
    }

    /// Hands the keeping of time over, changes the rota, or loses who keeps time.
    private mutating func keepTime() {
        let members = stage.room.members.map(\.person)
        guard let person = members.randomElement(using: &numbers),
            let other = members.randomElement(using: &numbers)
        else { return }
        let actor = stage.actor(RoomStage.number(of: person))
        switch numbers.next() % 6 {
        case 4:
            let ahead = stage.now.adding(milliseconds: Int64(numbers.next() % 100_000) - 9_000)
            let id = numbers.next() % 2 == 0 ? nil : UInt32(numbers.next() % 9)
            let wish = MeetingWish(
                id: id,
                start: numbers.next() % 4 == 0 ? nil : ahead,
                minutes: UInt16(numbers.next() % 60)
            )
            take(.schedule(MeetingWishes([wish])), as: actor)
        case 5:
            let coming = Coming(meeting: UInt32(numbers.next() % 9), comes: true)
            take(.come(coming), as: actor)
        case 0: take(.handOver(numbers.next() % 3 == 0 ? nil : other), as: actor)
        case 1: take(.setRota(stage.room.rota.shuffled(using: &numbers)), as: actor)
        default: take(.reach(other, numbers.next() % 2 == 0), as: .server)
        }
        // The clock is never in the hands of somebody who is not of the room, or not there.
        for keeper in stage.room.timekeepers where stage.room.presence(of: keeper) == .away {
            leaks.append("\(keeper) is away and keeps time")
        }
        if stage.room.session != nil, !members.contains(where: { stage.room.isInCharge($0) }) {
            leaks.append("nobody is in charge")
        }
    }

    /// Asks something that is answered without names.
    private mutating func prompt() {
        guard let person = stage.room.members.randomElement(using: &numbers)?.person else { return }
        let prompt = PromptID(Bytes16(high: 0x9a, low: numbers.next()))
        let scopes: [Scope] = [.room, .room, .peers, .turn]
        let opening = PromptOpening(
            prompt: prompt,
            scope: scopes.randomElement(using: &numbers) ?? .room,
            milliseconds: numbers.next() % 3 == 0 ? nil : Int64(numbers.next() % 90_000)
        )
        take(.openPrompt(opening), as: stage.actor(RoomStage.number(of: person)))
        if stage.room.prompts[prompt] != nil { asked.append(prompt) }
    }

    /// Answers one without a name, or ends it.
    private mutating func answerOrClose() {
        guard let prompt = asked.suffix(4).randomElement(using: &numbers),
            let key = stage.room.key(of: prompt),
            let number = RandomHistory.people.randomElement(using: &numbers)
        else { return }
        let person = RoomStage.person(number)
        guard numbers.next() % 3 != 0 else {
            let answers = Int(numbers.next() % 9)
            let actor = numbers.next() % 2 == 0 ? .server : stage.actor(number)
            return take(.closePrompt(prompt, answers: answers), as: actor)
        }
        commands += 1
        do throws(RoomRejection) {
            try stage.room.mayAnswer(key, by: person)
        } catch {
            count("refused \(error)")
            return
        }
        if !naive.readers(of: key).contains(person) { leaks.append("\(person) answers \(key)") }
        count("answered")
    }

    private mutating func admit() {
        guard let signer = stage.room.keepers.randomElement(using: &numbers),
            let number = RandomHistory.people.randomElement(using: &numbers)
        else { return }
        let person = RoomStage.person(number)
        var members = stage.room.members
        if let place = members.firstIndex(where: { $0.person == person }) {
            guard numbers.next() % 3 == 0 else { return }
            if numbers.next() % 2 == 0, members.count > 2 {
                members.remove(at: place)
            } else {
                members[place].membership =
                    members[place].membership == .peer ? .facilitator : .peer
            }
        } else {
            if stage.room.isFormerMember(person) { readmissions += 1 }
            members.append(RoomStage.member(number, number >= 90 ? .facilitator : .peer))
        }
        let new = members.filter { stage.room.membership(of: $0.person) == nil }
        let by = RoomStage.number(of: signer)
        let rostered = stage.rostered(stage.roster(members), by: by)
        let lists = new.map { RoomStage.changed(list(RoomStage.number(of: $0.person))) }
        take(.admit(rostered, newLists: lists), as: stage.actor(by))
    }

    /// The group agrees that newcomers may be given older posts, or no more.
    private mutating func agreeOnHistory() {
        guard let signer = stage.room.keepers.randomElement(using: &numbers) else { return }
        var policy = stage.room.policy
        policy.historyForNewcomers = numbers.next() % 4 != 0
        let by = RoomStage.number(of: signer)
        let next = stage.rostered(stage.roster(stage.room.members, policy: policy), by: by)
        take(.admit(next, newLists: []), as: stage.actor(by))
    }

    /// Somebody gives somebody older posts, or tries to give what is not theirs to give.
    private mutating func give() {
        if !stage.room.policy.historyForNewcomers, numbers.next() % 2 == 0 { agreeOnHistory() }
        let members = stage.room.members
        guard let giver = members.randomElement(using: &numbers)?.person,
            let person = members.filter({ stage.room.newcomersSpan(.room, of: $0.person) != nil })
                .randomElement(using: &numbers)?.person
                ?? members.randomElement(using: &numbers)?.person
        else { return }
        var spans: [GrantedSpan] = []
        for (scope, key) in [(Scope.peers, TranscriptKey.peers), (.room, .room)] {
            guard numbers.next() % 3 != 0 else { continue }
            let own = stage.room.newcomersSpan(key, of: person)
            guard own != nil || numbers.next() % 8 == 0 else { continue }
            var until = own.map { $0.lowerBound - 1 } ?? stage.numbers[key] ?? 0
            if numbers.next() % 8 == 0 { until = until &+ numbers.next() % 3 &- 1 }
            let mine = stage.room.readable(key, by: giver).last?.lowerBound ?? 1
            let from =
                numbers.next() % 3 == 0
                ? mine : numbers.next() % (max(until, 1) &+ (until == .max ? 0 : 1))
            spans.append(GrantedSpan(scope: scope, from: from, until: until))
        }
        if numbers.next() % 16 == 0 { spans.reverse() }
        if numbers.next() % 16 == 0 {
            spans.append(GrantedSpan(scope: .turn, from: 1, until: 9))
        }
        let granted = stage.granted(
            spans,
            to: RoomStage.number(of: person),
            by: RoomStage.number(of: giver),
            roster: numbers.next() % 16 == 0 ? RoomStage.text : nil
        )
        let by = numbers.next() % 16 == 0 ? person : giver
        let before = stage.room.position
        take(.grantHistory(granted), as: stage.actor(RoomStage.number(of: by)))
        if stage.room.position > before { given += 1 }
        leaks += naive.wrongGrants
        naive.wrongGrants = []
    }

    private func list(_ number: Int) -> DeviceList {
        let known = deviceVersions[number] ?? (1, [0], [])
        return RoomStage.deviceList(
            number,
            version: known.version,
            devices: Array(known.devices),
            revoked: Array(known.revoked)
        )
    }

    /// People change their devices also while they are no members.
    private mutating func changeDevices() {
        guard let number = RandomHistory.people.randomElement(using: &numbers),
            var known = deviceVersions[number]
        else { return }
        if known.devices.count > 1, numbers.next() % 2 == 0, let gone = known.devices.min() {
            known.devices.remove(gone)
            known.revoked.insert(gone)
        } else {
            guard known.devices.count + known.revoked.count < 20 else { return }
            known.devices.insert(known.devices.count + known.revoked.count)
        }
        known.version += 1
        deviceVersions[number] = known
        take(.changeDevices(RoomStage.changed(list(number))), as: .server)
    }

    private mutating func exclude() {
        let members = stage.room.members
        guard members.count > 2, let person = members.randomElement(using: &numbers)?.person
        else { return }
        let marks = stage.marks(excluding: person)
        if numbers.next() % 2 == 0 {
            take(
                .exclude(person, .left, marks: marks),
                as: stage.actor(RoomStage.number(of: person))
            )
        } else {
            take(.exclude(person, .administrator, marks: marks), as: .administrator)
        }
    }

    private mutating func propose() {
        guard let keeper = stage.room.keepers.randomElement(using: &numbers) else { return }
        let last = stage.room.agreementProposed ?? stage.room.agreementInForce
        take(
            .proposeAgreement(RoomStage.agreement((last?.version ?? 0) + 1)),
            as: stage.actor(RoomStage.number(of: keeper))
        )
    }

    private mutating func acceptAndAttend() {
        for member in stage.room.members where numbers.next() % 4 != 0 {
            let actor = stage.actor(RoomStage.number(of: member.person))
            for version in [stage.room.agreementInForce, stage.room.agreementProposed] {
                if let version { take(.acceptAgreement(version), as: actor) }
            }
            let presence: Presence = numbers.next() % 5 == 0 ? .phone : .here
            take(.attend(member.person, presence), as: actor)
        }
    }

    private mutating func away() {
        guard let person = stage.room.members.randomElement(using: &numbers)?.person else { return }
        take(.attend(person, .away), as: stage.actor(RoomStage.number(of: person)))
    }

    private mutating func start() {
        if stage.room.session == nil, numbers.next() % 2 == 0 { acceptAndAttend() }
        guard let person = stage.room.members.randomElement(using: &numbers)?.person else { return }
        sessions += 1
        let format = numbers.next() % 2 == 0 ? RoomStage.format : RoomStage.rounds
        take(
            stage.start(
                sessions,
                medium: numbers.next() % 3 == 0 ? .spoken : .typed,
                format: format,
                pace: UInt16(1 + numbers.next() % 30)
            ),
            as: stage.actor(RoomStage.number(of: person))
        )
    }

    private mutating func clock() {
        let acting = stage.room.members.filter { stage.room.isInCharge($0.person) }
        let actor = acting.randomElement(using: &numbers).map {
            stage.actor(RoomStage.number(of: $0.person))
        }
        guard let actor else { return }
        switch numbers.next() % 20 {
        case 0..<3: take(.pause, as: actor)
        case 3..<10: take(.resume, as: actor)
        case 10..<12: take(.extend(Int64(numbers.next() % 60_000)), as: actor)
        case 12..<18: take(.skip, as: actor)
        case 18: take(.end, as: actor)
        default:
            // Nothing is decided while the server is away.
            let since = max(stage.now, stage.room.lastAt)
            stage.now = since.adding(milliseconds: Int64(numbers.next() % 200_000))
            take(.awoke(awaySince: since), as: .server)
        }
    }

    // MARK: What must hold

    private mutating func count(_ what: String) { counts[what, default: 0] += 1 }

    mutating func take(_ command: RoomCommand, as actor: RoomActor) {
        commands += 1
        let before = isLean ? nil : stage.room
        let records: [RoomRecord]
        do throws(RoomRejection) {
            records = try stage.room.decide(
                command,
                by: actor,
                at: stage.now,
                marks: stage.visitMarks
            )
        } catch {
            if !isLean { count("\(error)") }
            return
        }
        if isLean { return takeLean(records) }
        for record in records {
            do throws(RoomRejection) {
                try stage.room.check(record)
            } catch {
                Issue.record("seed \(seed): a client refuses \(record.event.kind): \(error)")
            }
            stage.room.evolve(record)
            stage.log.append(record)
            naive.see(record.event)
            checkAudiences()
        }
        guard !records.isEmpty else { return }
        count("taken")
        if let before { RoomInvariants.check(stage.room, after: before) }
        if stage.log.count % 97 == 0 {
            checkReplay()
            checkPosts()
            RoomInvariants.checkThatItEnds(stage)
        }
    }

    /// Takes records in and holds some scopes against the naive room.
    private mutating func takeLean(_ records: [RoomRecord]) {
        for record in records {
            stage.room.evolve(record)
            naive.see(record.event)
        }
        guard records.contains(where: { $0.event.changesScopes }) else { return }
        let people = RandomHistory.people.map { RoomStage.person($0) }
        var keys: [TranscriptKey] = [.room, .peers]
        if let one = people.randomElement(using: &numbers) { keys.append(.own(one)) }
        if let one = people.randomElement(using: &numbers),
            let other = people.randomElement(using: &numbers), one != other
        {
            keys.append(.between(one, other))
        }
        if let turn = naive.turnList.suffix(8).randomElement(using: &numbers) {
            keys.append(.turn(turn))
        }
        for prompt in asked.suffix(3) { keys += stage.room.key(of: prompt).map { [$0] } ?? [] }
        for key in keys where Set(stage.room.audience(of: key)) != naive.readers(of: key) {
            leaks.append("\(key) at \(stage.room.position)")
        }
    }

    /// Who reads which post now, of whom that was true when it was accepted.
    mutating func checkReading() {
        for post in naive.posts {
            for number in RandomHistory.people {
                let person = RoomStage.person(number)
                let reads = stage.room.readable(post.key, by: person).contains {
                    $0.contains(post.number)
                }
                if reads != (naive.members.contains(person) && post.readers.contains(person)) {
                    let how = reads ? "reads" : "is kept from"
                    leaks.append("\(person) \(how) \(post.key) \(post.number)")
                }
            }
        }
        naive.posts = []
    }

    /// Audiences are those of the naive room, and whenever one changes its position moves.
    private mutating func checkAudiences() {
        let room = stage.room
        for key in keys {
            let people = naive.readers(of: key)
            #expect(Set(room.audience(of: key)) == people, "seed \(seed): \(key)")
            let devices = naive.devices(of: key)
            let listed = room.audienceDevices(of: key)
            // Between a roster and the device lists behind it newcomers have no devices.
            #expect(Set(listed).isSubset(of: devices), "seed \(seed): \(key)")
            #expect(listed.strictlyAscending, "seed \(seed): \(key)")
            let seen = lastSeen[key]
            if seen == nil || seen?.people != people || seen?.devices != Set(listed) {
                lastSeen[key] = (people, Set(listed))
                let changed = room.lastAudienceChange(of: key)
                let isSound = changed == room.position || (people.isEmpty && changed == nil)
                #expect(isSound, "seed \(seed): \(key) \(people)")
            }
        }
        let once = naive.clients.filter { !givenTurns.contains($0) }
        #expect(Set(once).count == once.count, "seed \(seed): client twice")
    }

    /// Rules 1 and 2: a member reads a post if and only if they were among its readers when it
    /// was accepted; who is no member reads nothing.
    func checkPosts() {
        let room = stage.room
        for post in naive.posts {
            for number in RandomHistory.people {
                let person = RoomStage.person(number)
                let reads = room.readable(post.key, by: person).contains {
                    $0.contains(post.number)
                }
                let should = naive.members.contains(person) && post.readers.contains(person)
                #expect(reads == should, "seed \(seed): \(person) \(post.key) \(post.number)")
            }
        }
    }

    func checkReplay() {
        var room = Room(id: RoomStage.roomID)
        for record in stage.log { room.evolve(record) }
        #expect(room == stage.room, "seed \(seed)")
        for (earlier, later) in zip(stage.log, stage.log.dropFirst()) {
            #expect(earlier.at <= later.at, "seed \(seed)")
        }
    }
}

extension Array where Element: Comparable {
    fileprivate var strictlyAscending: Bool { zip(self, dropFirst()).allSatisfy { $0 < $1 } }
}

extension RoomEvent {
    /// Whether it can change who reads something.
    fileprivate var changesScopes: Bool {
        switch self {
        case .rostered, .devicesChanged, .excluded, .turnOpened, .turnClosed, .sessionStarted,
            .sessionEnded, .promptOpened, .turnChanged, .visitEnded:
            true
        default: false
        }
    }
}

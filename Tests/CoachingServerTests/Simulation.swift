// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire

/// People who do anything at any time, over lines that break, with a store that fails and a
/// server that is killed; all of it follows from a seed.
///
/// - Source: DESIGN.md D9.
final class Simulation {
    private var random: SplitMix64
    private let programme: Programme
    private let world: World
    private let players: [Player]
    private var sessions: UInt64 = 0
    private var versions: UInt32 = 1
    private(set) var mistakes: [String] = []
    private let room = Programme.room

    var trace: Trace { world.trace }
    var entries: Int { players.reduce(0) { $0 + $1.accepted.count } }
    private(set) var erased = 0
    /// How many answers without names were delivered.
    private(set) var delivered = 0
    private var asked: UInt64 = 0
    private var answers = 0

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        var configuration = ServerConfiguration()
        configuration.pageBytes = 2_000
        configuration.requestsBurst = 200
        configuration.requestsPerSecond = 50
        configuration.roomIdleMilliseconds = 5_000
        let people = 3 + random.below(4)
        programme = try Programme.founded(
            people,
            facilitators: random.below(2),
            configuration: configuration
        )
        world = programme.world
        players = programme.clients.dropFirst().map { Player($0) }
    }

    func run(steps: Int) throws {
        world.commitsAtOnce = false
        world.readsAtOnce = false
        for _ in 0..<steps { try step() }
        try heal()
        try check()
    }

    // MARK: Steps

    private func step() throws {
        switch random.below(100) {
        case 0..<36: try act()
        case 36..<60: store()
        case 60..<74: world.readNext(failing: random.percent(1) ? .unavailable(.locked) : nil)
        case 74..<84:
            world.pass(milliseconds: Int64(random.below(2_000)))
            world.step(.tick)
        case 84..<87: try random.pick(players)?.cut()
        case 87..<93:
            if let player = random.pick(players.filter { !$0.client.isConnected }) {
                try player.connect()
            }
        case 93..<96: stall()
        case 96: if random.percent(25) { try crash() }
        case 97:
            if random.percent(20) {
                world.pass(milliseconds: Int64(random.below(200_000)) - 80_000)
            }
        default: try administrate()
        }
        for player in players { try player.goOn() }
    }

    private func store() {
        if random.percent(4) {
            world.commitNext(failing: .unavailable(.diskFull))
        } else {
            world.commitNext()
        }
    }

    private func stall() {
        guard let link = random.pick(players)?.client.link, !link.isClosed else { return }
        if link.isStalled {
            world.unstall(link)
        } else {
            link.isStalled = true
            link.framesMax = 3 + random.below(20)
        }
    }

    private func crash() throws {
        // The last commit may be durable although nobody heard of it.
        if random.percent(50) { world.commitNext(isAnswered: false) }
        try world.restart(away: Int64(random.below(100_000)))
        try programme.administrator.connect()
    }

    private func administrate() throws {
        let admin = programme.administrator
        if !admin.isConnected { try admin.connect() }
        guard let player = random.pick(players), admin.ready != nil else { return }
        let participant = player.client.person.participant
        if random.percent(70) {
            try admin.begin(
                .directory(
                    .propose(
                        RoomProposal(
                            room: room,
                            participant: participant,
                            membership: .peer,
                            until: nil
                        )
                    )
                )
            )
        } else if random.percent(15) {
            try admin.begin(
                .directory(
                    .withdrawProposal(RoomPlace(room: room, participant: participant))
                )
            )
        }
    }

    // MARK: What people do

    private func act() throws {
        guard let player = random.pick(players) else { return }
        if random.percent(12) { return try withdraw(player) }
        if random.percent(25), try askAround() { return }
        if random.percent(70) {
            guard let key = transcript(player) else { return }
            let kind = random.percent(60) ? EntryKind.say : random.pick(EntryKind.allCases) ?? .say
            return try player.post(
                key,
                key.scope == .own ? .note : kind,
                isLost: random.percent(3)
            )
        }
        guard player.isConnected, let copy = player.copy else { return }
        if random.percent(10) {
            let transcript = random.pick(copy.transcripts.keys.sorted())
            guard let transcript, player.client.histories.isEmpty else { return }
            try player.client.begin(
                .history(
                    HistoryPage(
                        room: room,
                        transcript: transcript,
                        before: copy.transcripts[transcript].map { $0.number + 1 } ?? 1,
                        limit: UInt32(random.below(6))
                    )
                )
            )
            return
        }
        if random.percent(10) {
            try player.client.begin(.directory(.accept(room)))
            return
        }
        guard let act = try roomAct(player, copy.room) else { return }
        try player.client.begin(.room(RoomRequest(room: room, act: act)))
    }

    /// Somebody asks without names, or somebody answers so; gives whether there was an occasion.
    private func askAround() throws -> Bool {
        guard let player = random.pick(players), player.isConnected, let copy = player.copy,
            copy.room.members.count >= 5
        else { return false }
        let me = player.client.person.id
        guard let prompt = copy.room.openPrompts.first, let key = copy.room.key(of: prompt),
            let state = copy.room.prompts[prompt]
        else {
            asked += 1
            let opening = PromptOpening(
                prompt: PromptID(Bytes16(high: 0x9a, low: asked)),
                scope: random.percent(70) ? .room : .peers,
                milliseconds: random.percent(50) ? nil : Int64(1_000 + random.below(60_000))
            )
            let act = RoomAct.openPrompt(opening)
            try player.client.begin(.room(RoomRequest(room: room, act: act)))
            return true
        }
        if state.asker == me, player.client.rooms[room]?.keys[key] == nil {
            try player.post(key, .ask, isLost: false)
        } else if state.asker == me, random.percent(5) {
            let act = RoomAct.closePrompt(prompt)
            try player.client.begin(.room(RoomRequest(room: room, act: act)))
        } else {
            for player in players where random.percent(60) {
                answers += 1
                try player.answer(key, "answer \(answers)")
            }
        }
        return true
    }

    /// Takes back one's own, another's, a key, what is gone or what never was.
    private func withdraw(_ player: Player) throws {
        let author = random.percent(85) ? player : random.pick(players) ?? player
        guard let one = random.pick(author.accepted) else { return }
        var numbers = [one.number]
        for other in author.accepted
        where other.transcript == one.transcript && random.percent(20) {
            numbers.append(other.number)
        }
        if random.percent(5) { numbers.append(UInt64(random.below(60))) }
        let cites = Array(Set(numbers).sorted().prefix(EntryHeader.citesMax))
        try player.post(one.key, .withdraw, isLost: random.percent(3), cites: cites)
    }

    private func transcript(_ player: Player) -> TranscriptKey? {
        let me = player.client.person.id
        switch random.below(10) {
        case 0: return .own(me)
        case 1, 2:
            guard let other = random.pick(players)?.client.person.id, other != me else {
                return nil
            }
            return .between(me, other)
        case 3: return .peers
        case 4, 5, 6:
            return (player.copy?.room.session?.openTurns).flatMap { random.pick($0) }
                .map { .turn($0.id) } ?? .room
        default: return .room
        }
    }

    private func roomAct(_ player: Player, _ copy: Room) throws -> RoomAct? {
        let me = player.client.person.id
        switch random.below(24) {
        case 0...3:
            return .attend(
                Attended(person: me, presence: random.pick([.here, .here, .phone, .away]) ?? .here)
            )
        case 4...6:
            sessions += 1
            return .start(
                SessionStart.sample(
                    Bytes16(high: 0x5e, low: sessions),
                    medium: random.percent(50) ? .typed : .spoken,
                    pace: random.percent(50) ? 10 : 60
                )
            )
        case 7: return .pause
        case 8, 9: return .resume
        case 10: return .extend(Int64(random.below(60_000)))
        case 11, 12: return .skip
        case 13: return .end
        case 14:
            versions += 1
            return .proposeAgreement(
                AgreementVersion(
                    version: (copy.agreementInForce?.version ?? 0) + 1,
                    hash: Bytes32(UInt64(versions), 2, 2, 2)
                )
            )
        case 15, 16:
            return (copy.agreementProposed ?? copy.agreementInForce).map {
                .acceptAgreement($0)
            }
        case 17:
            return random.percent(30)
                ? .exclude(random.pick(players)?.client.person.id ?? me) : nil
        default:
            guard copy.isKeeper(me) else { return nil }
            return .admit(
                try Programme.roster(
                    players.map(\.client.person).filter {
                        copy.membership(of: $0.id) != nil || random.percent(60)
                    }.map { $0.member(copy.membership(of: $0.id) ?? .peer) },
                    by: player.client
                )
            )
        }
    }

    // MARK: The end

    /// Lets everything work again until nobody waits for anything.
    private func heal() throws {
        for player in players {
            if let link = player.client.link, !link.isClosed { world.unstall(link) }
            player.client.link?.framesMax = 100_000
        }
        world.commitsAtOnce = true
        world.readsAtOnce = true
        world.commitNext()
        world.readNext()
        for _ in 0..<40 {
            world.pass(milliseconds: 1_000)
            world.step(.tick)
            for player in players {
                if !player.client.isConnected { try player.connect() }
                try player.goOn()
            }
        }
        for player in players where !player.isFollowing {
            try player.client.follow(room)
        }
        for player in players { try player.goOn() }
    }

    /// Lets everybody's machine be new: it gets all that is left, and nothing that is gone.
    private func checkLate(_ oracle: Oracle) throws {
        for player in players where oracle.room.membership(of: player.client.person.id) != nil {
            let person = player.client.person
            let late = TestClient(world, person)
            try player.client.cut()
            try late.connect()
            try late.follow(room)
            world.live(seconds: 1)
            try late.read()
            mistakes += late.findings.map { "late \($0)" }
            guard let copy = late.rooms[room] else {
                mistakes.append("late \(person.name): no room")
                continue
            }
            for (id, transcript) in copy.transcripts {
                let before = player.copy?.transcripts[id]
                if let head = before?.head, transcript.number == before?.number,
                    let lateHead = transcript.head, lateHead != head
                {
                    mistakes.append("late \(person.name): another head")
                }
                for number in transcript.live
                where (transcript.items[number] == nil) != (oracle.gone[id]?[number] != nil) {
                    mistakes.append("late \(person.name): \(number) is not as it must be")
                }
            }
        }
    }

    private func check() throws {
        let oracle = Oracle(world.journal)
        mistakes += oracle.mistakes
        erased = oracle.gone.values.reduce(0) { $0 + $1.count }
        for player in players {
            mistakes += player.client.findings
            let name = player.client.person.name
            if !player.pending.isEmpty { mistakes.append("\(name): something was never answered") }
            checkAccepted(player, oracle, name)
            checkReceived(player, oracle, name)
        }
        delivered = oracle.delivered.values.reduce(0) { $0 + $1.count }
        checkAnswers(oracle)
        for (id, counters) in oracle.entries {
            for (counter, numbers) in counters where numbers.count != 1 {
                mistakes.append("entry \(id) \(counter) stands at \(numbers)")
            }
        }
        try checkLate(oracle)
    }

    /// What was acknowledged of a prompt that delivered is there, and one answer a person.
    private func checkAnswers(_ oracle: Oracle) {
        for (id, key) in oracle.keys {
            guard case .prompt(let prompt, _) = key,
                let end = oracle.room.prompts[prompt]?.closed
            else { continue }
            let delivered = oracle.delivered[id] ?? []
            if delivered.count != end.answers { mistakes.append("another number of answers") }
            guard end.answers > 0 else { continue }
            for player in players {
                let own = player.given.filter { $0.value == id }.map(\.key)
                if own.count > 1 { mistakes.append("\(player.client.person.name) answered twice") }
                if !own.allSatisfy({ delivered.contains($0) }) {
                    mistakes.append("\(player.client.person.name): an answer is missing")
                }
            }
        }
    }

    private func checkAccepted(_ player: Player, _ oracle: Oracle, _ name: String) {
        for one in player.accepted
        where oracle.entries[one.id]?[one.counter] != [one.number] {
            mistakes.append(
                "\(name): entry \(one.counter) was acknowledged as \(one.number) and stands at "
                    + "\(oracle.entries[one.id]?[one.counter] ?? [])"
            )
        }
    }

    private func checkReceived(_ player: Player, _ oracle: Oracle, _ name: String) {
        let me = player.client.person.id
        guard let copy = player.copy else { return mistakes.append("\(name): no room") }
        for (id, transcript) in copy.transcripts {
            for number in transcript.live + transcript.pages
            where oracle.entitled[id]?[number]?.contains(me) != true {
                mistakes.append("\(name): got \(number), which was not for them")
            }
            for (number, by) in oracle.gone[id] ?? [:]
            where by <= transcript.number && transcript.items[number] != nil {
                mistakes.append("\(name): still has \(number), which is gone")
            }
        }
        guard oracle.room.membership(of: me) != nil else { return }
        if copy.room.position != oracle.room.position || copy.head != oracle.head {
            mistakes.append("\(name): has another log")
        }
        if copy.room != oracle.room { mistakes.append("\(name): knows another room") }
        for (id, tail) in oracle.tails {
            guard let key = oracle.keys[id], let span = oracle.room.readable(key, by: me).last,
                span.lowerBound <= min(tail, span.upperBound)
            else { continue }
            let expected = Array(max(1, span.lowerBound)...min(tail, span.upperBound))
            let got = (copy.transcripts[id]?.live ?? []).filter { $0 >= span.lowerBound }
            if got != expected {
                mistakes.append("\(name): \(key.scope) should be \(expected) and is \(got)")
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingWire

/// A script did not go on.
struct Stuck: Error {
    let what: String
}

/// The course of an honest run.
struct Script {
    let programme: Programme
    private let room = Programme.room
    private var random: SplitMix64
    private var said = 0
    private var present: [Int] = [1, 2, 3, 4]
    /// Whether the victim comes only when all is over.
    private let isLate: Bool

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed &* 7_919)
        isLate = seed % 2 == 0
        programme = try Programme.founded(4, facilitators: 1, configuration: .unhurried)
    }

    /// Plays it, and gives what the victim was sent.
    mutating func play() throws -> [Frame] {
        try talk(8)
        try programme.enrolDevices(of: 2)
        try talk(6)
        try meet()
        try goAndComeBack()
        try talk(6)
        try act(4, .attend(Attended(person: programme.people[4].id, presence: .phone)))
        // The last words are from all the others in all circles: what is withheld after the last
        // word of anybody cannot be known.
        for number in [2, 3, 4] {
            try say(number, .room)
            try say(number, .between(programme.people[1].id, programme.people[number].id))
            if number < 4 { try say(number, .peers) }
        }
        try say(1, .own(programme.people[1].id))
        try act(4, .attend(Attended(person: programme.people[4].id, presence: .here)))
        let client = programme.clients[1]
        try client.read()
        guard isLate else { return Self.frames(client) }
        let late = try TestClient(programme.world, programme.people[1]).connect()
        guard case .answer(.followed) = try late.follow(room) else { throw NoReply() }
        try late.read()
        return Self.frames(late)
    }

    static func frames(_ client: TestClient) -> [Frame] {
        var frames: [Frame] = []
        for reply in client.replies.values {
            if case .answer(.followed(let followed)) = reply { frames.append(.followed(followed)) }
        }
        for push in client.pushes {
            switch push {
            case .item(let item): frames.append(.item(item))
            case .record(let record): frames.append(.record(record))
            case .opened(_, let opened): frames.append(.opened(opened))
            default: break
            }
        }
        return frames
    }

    // MARK: What people do

    private func act(_ number: Int, _ act: RoomAct) throws {
        let reply = try programme.clients[number].act(room, act)
        guard reply.isDone else { throw Stuck(what: "\(act): \(reply)") }
    }

    private mutating func say(_ number: Int, _ key: TranscriptKey, _ kind: EntryKind = .say) throws
    {
        said += 1
        let kind = key.scope == .own ? EntryKind.note : kind
        _ = try programme.clients[number].post(room, key, kind, "line \(said)")
    }

    private mutating func talk(_ count: Int) throws {
        for _ in 0..<count {
            guard let number = random.pick(present) else { return }
            try say(number, circle(of: number))
        }
    }

    private mutating func circle(of number: Int) -> TranscriptKey {
        let (me, victim) = (programme.people[number].id, programme.people[1].id)
        switch random.below(10) {
        case 0...3: return .room
        case 4...6: return number == 4 ? .room : .peers
        case 7, 8: return .between(victim, number == 1 ? programme.people[2].id : me)
        default: return .own(me)
        }
    }

    private mutating func meet() throws {
        try act(
            4,
            .start(
                SessionStart.sample(Bytes16(high: 0x5e, low: random.next()))
            )
        )
        try talk(3)
        for _ in 0..<3 {
            try act(4, .skip)
            let turns = programme.clients[1].rooms[room]?.room.session?.openTurns ?? []
            let kinds: [EntryKind] = [.say, .ask, .answer, .reflect, .feedback, .thanks]
            for _ in 0..<9 {
                guard let turn = random.pick(turns), let kind = random.pick(kinds),
                    let person = random.pick(turn.pod.people),
                    let number = programme.people.firstIndex(where: { $0.id == person })
                else { continue }
                try say(number, .turn(turn.id), kind)
            }
            try talk(2)
        }
        try act(4, .end)
        try talk(3)
    }

    private mutating func goAndComeBack() throws {
        let gone = programme.people[3]
        try act(4, .exclude(gone.id))
        present = [1, 2, 4]
        try talk(5)
        try programme.propose(3)
        try programme.accept(3)
        let members = (1...4).map { programme.people[$0].member($0 == 4 ? .facilitator : .peer) }
        guard try programme.admit(members, by: 4).isDone else {
            throw Stuck(what: "letting in again")
        }
        guard case .answer(.followed) = try programme.clients[3].follow(room) else {
            throw Stuck(what: "following again")
        }
        present = [1, 2, 3, 4]
        try talk(5)
    }
}

extension ServerConfiguration {
    /// A server that lets everybody ask as fast as they like.
    static var unhurried: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.requestsBurst = 1_000_000
        return configuration
    }
}

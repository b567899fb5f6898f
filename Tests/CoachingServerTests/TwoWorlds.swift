// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingWire

/// Two servers that live through the same, but for what one observer may not see: how many lines,
/// of which kinds and lengths, others write where the observer does not read.
///
/// What is sent to the observer must be the same bytes. The clock is the same, and so are all
/// requests that the observer can know of. Entries carry no true signature: a server does not
/// check them.
///
/// - Source: SECURITY.md F2.
final class TwoWorlds {
    /// Who looks.
    enum Observer: CaseIterable {
        /// A peer of the room.
        case peer
        /// The facilitator, who does not read what is among the peers.
        case facilitator
        /// Somebody who was let go.
        case formerMember
        /// The administrator, who is in no room.
        case administrator
    }

    /// A key of somebody in one world.
    private struct Sender {
        var key: SenderKey
        var counter: UInt64 = 0
    }

    private struct Place: Hashable {
        var author: Int
        var key: TranscriptKey
    }

    private let pair: [Programme]
    private let observer: Int
    private let room = Programme.room
    private let others: [Int]
    private var random: SplitMix64
    private var senders: [[Place: Sender]] = [[:], [:]]
    private var next: [[Int: UInt64]] = [[:], [:]]
    private var secrets: UInt64 = 0
    /// Who tells how the room's log goes; they read no lines.
    private let scouts: [TestClient]
    /// How many lines were written that the observer may not see.
    private(set) var hidden = 0
    /// How many bytes the observer got.
    private(set) var seen = 0

    init(_ kind: Observer, seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        var configuration = ServerConfiguration()
        configuration.requestsBurst = 100_000_000
        pair = try (0..<2).map { _ in
            try Programme.founded(6, facilitators: 1, configuration: configuration)
        }
        let observer =
            switch kind {
            case .peer: 1
            case .facilitator: 6
            case .formerMember: 5
            case .administrator: 0
            }
        self.observer = observer
        others = [2, 3, 4] + [1, 6].filter { $0 != observer }
        let scout = others[0]
        scouts = try pair.map { try TestClient($0.world, $0.people[scout]).connect() }
        for scout in scouts { try scout.follow(room, rest: false) }
        for programme in pair where kind == .formerMember {
            guard try programme.clients[6].act(room, .exclude(programme.people[5].id)).isDone
            else { throw NoReply() }
        }
        for programme in pair {
            for client in programme.clients { _ = client.link?.takeFrames() }
        }
    }

    /// Does so many things; gives what differs, if anything does.
    func play(commands: Int) throws -> String? {
        for _ in 0..<commands { try step() }
        try lookAgain()
        let frames = pair.map { $0.clients[observer].link?.takeFrames() ?? [] }
        seen += frames[0].reduce(0) { $0 + $1.count }
        for programme in pair {
            for client in programme.clients where client.person.number != observer {
                _ = client.link?.takeFrames()
            }
        }
        if frames[0] == frames[1] { return nil }
        let first = zip(frames[0], frames[1]).enumerated().first { $0.element.0 != $0.element.1 }
        return "frames \(frames[0].count) and \(frames[1].count),"
            + " the first that differs: \(first?.offset ?? min(frames[0].count, frames[1].count))"
    }

    /// Lets the observer ask something in one world only, as a control.
    func tellOne() throws { try send(.rooms, observer, 0) }

    // MARK: Steps

    private func step() throws {
        switch random.below(20) {
        case 0...9: try hide()
        case 10...14: try show()
        case 15: try random.percent(50) ? meet() : askWithoutNames()
        case 16:
            let milliseconds = Int64(random.below(3_000))
            for programme in pair {
                programme.world.pass(milliseconds: milliseconds)
                programme.world.step(.tick)
            }
        default: try look()
        }
    }

    /// Somebody writes where the observer reads: the same in both.
    private func show() throws {
        guard let author = random.pick(others) else { return }
        let person = pair[0].people
        let (me, you) = (person[author].id, person[observer].id)
        let isReader = observer == 1 || observer == 6
        guard isReader else { return try hide() }
        var keys: [TranscriptKey] = [.room, .between(me, you)]
        if observer == 1, author != 6 { keys.append(.peers) }
        guard let key = random.pick(keys) else { return }
        let (kind, length) = (kind(), 288 + 256 * random.below(4))
        let payload = [UInt8](repeating: UInt8(random.below(256)), count: length)
        if senders[0][Place(author: author, key: key)] == nil {
            let made = try makeKey(author, key)
            let event = try event(of: made, key)
            for world in 0..<2 { try announce(made, event, author, key, world) }
        }
        for world in 0..<2 { try write(kind, payload, author, key, world) }
    }

    /// Others write where the observer does not read: not the same.
    private func hide() throws {
        for world in 0..<2 {
            for _ in 0..<random.below(3) {
                guard let author = random.pick(others), let key = try hiddenPlace(author)
                else { continue }
                if senders[world][Place(author: author, key: key)] == nil {
                    let made = try makeKey(author, key)
                    try announce(made, event(of: made, key), author, key, world)
                }
                let length = 288 + 256 * random.below(20)
                let payload = [UInt8](repeating: UInt8(random.below(256)), count: length)
                try write(kind(), payload, author, key, world)
                hidden += 1
            }
        }
    }

    /// A place where the observer does not read.
    private func hiddenPlace(_ author: Int) throws -> TranscriptKey? {
        let people = pair[0].people
        let isOutside = observer == 0 || observer == 5
        var keys: [TranscriptKey] = [.own(people[author].id)]
        if let other = random.pick(others), other != author {
            keys.append(.between(people[author].id, people[other].id))
        }
        if author != 6, observer != 1 { keys.append(.peers) }
        if isOutside { keys.append(.room) }
        let turns = try copy().room.session?.openTurns ?? []
        for turn in turns where turn.pod.role(of: people[author].id) != nil {
            guard turn.pod.role(of: people[observer].id) == nil else { continue }
            keys += [.turn(turn.id), .turn(turn.id)]
        }
        return random.pick(keys)
    }

    private func kind() -> EntryKind {
        random.pick([.say, .ask, .answer, .reflect, .feedback, .thanks, .note]) ?? .say
    }

    /// The session goes on, or another one begins: the same in both, for all in the room see it.
    private func meet() throws {
        let act: RoomAct
        if try copy().room.session == nil {
            act = .start(
                SessionStart.sample(Bytes16(high: 0x77, low: random.next()))
            )
        } else {
            act = random.percent(90) ? .skip : .end
        }
        for world in 0..<2 {
            _ = try ask(.room(RoomRequest(room: room, act: act)), 6, world)
        }
    }

    /// Somebody asks without names, and others answer.
    ///
    /// The same is answered in both, by other people and in another order. The observer, where they answer, says the same.
    private func askWithoutNames() throws {
        let people = pair[0].people
        let scope: Scope = random.percent(70) ? .room : .peers
        let copy = try copy()
        let asked = copy.room.audience(of: scope == .peers ? .peers : .room)
        let givers = (1...6).filter { asked.contains(people[$0].id) && $0 != observer }
        guard let asker = random.pick(givers) else { return }
        secrets += 1
        let prompt = PromptID(Bytes16(high: 0x9a, low: secrets))
        let key = TranscriptKey.prompt(prompt, scope)
        let open = RoomAct.openPrompt(PromptOpening(prompt: prompt, scope: scope))
        for world in 0..<2 {
            _ = try ask(.room(RoomRequest(room: room, act: open)), asker, world)
        }
        guard try self.copy().room.prompts[prompt]?.isOpen == true else { return }
        let made = try makeKey(asker, key)
        let event = try event(of: made, key)
        for world in 0..<2 { try announce(made, event, asker, key, world) }
        let ownAnswer = asked.contains(people[observer].id) && random.percent(50)
        let count = random.below(givers.count + 1)
        let answers = (0...count).map { _ in self.answer(made) }
        for world in 0..<2 {
            let chosen = Array(givers.shuffled(using: &random).prefix(count))
            let given = Array(answers.dropFirst().shuffled(using: &random))
            for (person, item) in zip(chosen, given) {
                _ = try ask(.post(Post(room: room, item: item)), person, world)
                if random.percent(30) {
                    // The reply was lost: the same again, or a second answer, which is refused.
                    let again = random.percent(50) ? item : answer(made)
                    _ = try ask(.post(Post(room: room, item: again)), person, world)
                }
            }
            if ownAnswer { try send(.post(Post(room: room, item: answers[0])), observer, world) }
            hidden += chosen.count
        }
        let close = RoomAct.closePrompt(prompt)
        for world in 0..<2 {
            _ = try ask(.room(RoomRequest(room: room, act: close)), asker, world)
        }
    }

    private func answer(_ made: SenderKey) -> [UInt8] {
        let header = EntryHeader.unattributed(
            transcript: made.transcript,
            key: made.id,
            kind: .answer
        )
        let sealed = (0..<UnattributedAnswer.sealedBytes).map { _ in UInt8(random.below(256)) }
        return EntryItem.encoded(header: header.encoded(), sealed: sealed, signature: [])
    }

    /// The observer asks for things.
    private func look() throws {
        let keys: [TranscriptKey] = [
            .room, .peers, .between(pair[0].people[2].id, pair[0].people[3].id),
            .own(pair[0].people[2].id),
        ]
        guard let key = random.pick(keys) else { return }
        let transcript = TranscriptID(room: room, key: key)
        let requests: [Request] = [
            .history(
                HistoryPage(
                    room: room,
                    transcript: transcript,
                    before: UInt64(random.below(40)),
                    limit: UInt32(random.below(9))
                )
            ),
            .posted(
                EntryReference(
                    room: room,
                    transcript: transcript,
                    key: KeyID(Bytes16(high: 1, low: 2)),
                    counter: 1
                )
            ),
            .rooms, .keys(room), .lobby(room), .status, .people, .unfollow(room),
            .post(Post(room: room, item: [0x80])),
            .follow(Follow(room: room, position: 0, transcripts: [], rest: random.percent(50))),
        ]
        guard let request = random.pick(requests) else { return }
        for world in 0..<2 { try send(request, observer, world) }
    }

    /// The observer follows from the beginning, as who comes back with nothing.
    private func lookAgain() throws {
        for world in 0..<2 {
            try send(.unfollow(room), observer, world)
            try send(
                .follow(Follow(room: room, position: 0, transcripts: [], rest: true)),
                observer,
                world
            )
        }
    }

    // MARK: Lines

    /// The room as it is.
    private func copy() throws -> RoomCopy {
        try scouts[0].read()
        guard let copy = scouts[0].rooms[room] else { throw NoReply() }
        return copy
    }

    private func makeKey(_ author: Int, _ key: TranscriptKey) throws -> SenderKey {
        let copy = try copy()
        secrets += 1
        return SenderKey(
            secret: Bytes32(secrets, 5, 5, 5),
            signer: pair[0].people[author].devices[0].signing,
            room: room,
            key: key,
            audience: AudienceDigest.compute(
                transcript: TranscriptID(room: room, key: key),
                position: copy.room.position,
                head: copy.head,
                devices: copy.room.readerDevices(of: key)
            ),
            position: copy.room.position,
            epoch: secrets
        )
    }

    private func event(of made: SenderKey, _ key: TranscriptKey) throws -> [UInt8] {
        try made.announcement(to: Cast.recipients(copy().room.readerDevices(of: key)))
    }

    private func announce(
        _ made: SenderKey,
        _ event: [UInt8],
        _ author: Int,
        _ key: TranscriptKey,
        _ world: Int
    ) throws {
        if case .reply = try ask(.post(Post(room: room, item: event)), author, world) {
            senders[world][Place(author: author, key: key)] = Sender(key: made)
        }
    }

    private func write(
        _ kind: EntryKind,
        _ payload: [UInt8],
        _ author: Int,
        _ key: TranscriptKey,
        _ world: Int
    ) throws {
        let place = Place(author: author, key: key)
        guard var sender = senders[world][place] else { return }
        let header = EntryHeader(
            transcript: sender.key.transcript,
            key: sender.key.id,
            device: sender.key.header.device,
            counter: sender.counter + 1,
            kind: key.scope == .own ? .note : kind,
            seenNumber: 0,
            seenHead: TranscriptChain.start(sender.key.transcript)
        )
        let item = EntryItem.encoded(
            header: header.encoded(),
            sealed: payload,
            signature: [UInt8](repeating: 7, count: EnvelopeLimits.signatureBytes)
        )
        switch try ask(.post(Post(room: room, item: item)), author, world) {
        case .reply:
            sender.counter += 1
            senders[world][place] = sender
        case .refusal(_, let refusal) where refusal.code == RefusalCode(.staleAudience):
            senders[world][place] = nil
        default: break
        }
    }

    // MARK: Requests

    private func send(_ request: Request, _ number: Int, _ world: Int) throws {
        guard let link = pair[world].clients[number].link else { throw NoReply() }
        let id = next[world][number, default: 1_000_000]
        next[world][number] = id + 1
        let frame = try ClientMessage.request(id: id, request, after: nil).frame()
        pair[world].world.receive(frame, on: link)
    }

    /// Asks for somebody else than the observer, and gives the answer.
    private func ask(_ request: Request, _ number: Int, _ world: Int) throws -> ServerMessage {
        guard let link = pair[world].clients[number].link else { throw NoReply() }
        _ = link.takeFrames()
        try send(request, number, world)
        for message in try link.takeMessages() {
            switch message {
            case .reply, .refusal: return message
            default: continue
            }
        }
        throw NoReply()
    }
}

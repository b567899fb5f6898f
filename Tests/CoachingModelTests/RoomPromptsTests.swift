// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// Questions that are answered without names: who asks, answers, reads, and when they end.
struct RoomPromptsTests {
    typealias Stage = RoomStage

    private let prompt = PromptID(Bytes16(high: 0x9a, low: 1))
    private var key: TranscriptKey { .prompt(prompt, .room) }
    private var peersKey: TranscriptKey { .prompt(prompt, .peers) }

    private func opening(_ scope: Scope = .room, _ milliseconds: Int64? = nil) -> RoomCommand {
        .openPrompt(PromptOpening(prompt: prompt, scope: scope, milliseconds: milliseconds))
    }

    private func rejection(
        _ body: () throws -> Void
    ) -> RoomRejection? {
        do {
            try body()
            return nil
        } catch { return error as? RoomRejection }
    }

    @Test func `all who read a scope are asked, and nobody who comes later`() throws {
        var stage = try Stage.ready(peers: 5, facilitators: 1)
        try stage.ask(opening(.peers), by: 2)
        let peers = (1...5).map { Stage.person($0) }
        #expect(stage.room.audience(of: peersKey) == peers)
        #expect(stage.room.audience(of: key) == [], "It is the peers' alone.")
        #expect(
            rejection { try stage.room.mayAnswer(peersKey, by: Stage.person(90)) } == .notInScope
        )
        for peer in peers {
            #expect(rejection { try stage.room.mayAnswer(peersKey, by: peer) } == nil)
            #expect(stage.room.readable(peersKey, by: peer) == [1...UInt64.max])
        }
        try stage.ask(stage.admission(stage.room.members + [Stage.member(6)], by: 90), by: 90)
        #expect(stage.room.audience(of: peersKey) == peers)
        #expect(!stage.room.hasChangedReaders(prompt), "A newcomer changes nothing.")
        #expect(
            rejection { try stage.room.mayAnswer(peersKey, by: Stage.person(6)) } == .notInScope
        )
        #expect(stage.room.readable(peersKey, by: Stage.person(6)) == [])
    }

    @Test func `nothing is asked where fewer than five could answer`() throws {
        var stage = try Stage.ready(peers: 4, facilitators: 1)
        #expect(stage.refusal(opening(.peers), by: 1) == .tooFewToHide)
        #expect(stage.refusal(opening(.room), by: 1) == nil)
        #expect(stage.refusal(opening(.peers), by: 90) == .notInScope)
        for scope in [Scope.own, .direct, .turn, .programme] {
            #expect(stage.refusal(opening(scope), by: 1) == .outOfBounds)
        }
        for milliseconds in [Int64.min, 0, 999, RoomLimits.promptMillisecondsMax + 1, .max] {
            #expect(stage.refusal(opening(.room, milliseconds), by: 1) == .outOfBounds)
        }
        #expect(stage.refusal(opening(), as: .server) == .notAMember)
        try stage.ask(opening(), by: 1)
        #expect(stage.refusal(opening(), by: 2) == .outOfBounds, "Its name is taken.")
    }

    @Test func `only so many are open at once`() throws {
        var stage = try Stage.ready(peers: 5)
        for number in 0..<RoomLimits.promptsOpenMax {
            let id = PromptID(Bytes16(high: 1, low: UInt64(number)))
            try stage.ask(.openPrompt(PromptOpening(prompt: id, scope: .room)), by: 1)
        }
        #expect(stage.refusal(opening(), by: 2) == .tooManyPrompts)
        let first = PromptID(Bytes16(high: 1, low: 0))
        try stage.ask(.closePrompt(first, answers: 0), by: 1)
        #expect(stage.refusal(opening(), by: 2) == nil)
    }

    @Test func `it delivers five answers or more, or none`() throws {
        var stage = try Stage.ready(peers: 6)
        try stage.ask(opening(), by: 1)
        for answers in [1, 2, 3, 4] {
            let close = RoomCommand.closePrompt(prompt, answers: answers)
            #expect(stage.refusal(close, as: .server) == .tooFewToHide)
        }
        let seven = RoomCommand.closePrompt(prompt, answers: 7)
        #expect(stage.refusal(seven, as: .server) == .outOfBounds)
        let close = RoomCommand.closePrompt(prompt, answers: 6)
        #expect(stage.refusal(close, by: 2) == .notAsker)
        try stage.ask(close, by: 1)
        #expect(stage.room.prompts[prompt]?.closed?.answers == 6)
        #expect(stage.room.prompts[prompt]?.closed?.at == stage.now)
        #expect(stage.refusal(close, by: 1) == .scopeClosed)
        #expect(rejection { try stage.room.mayAnswer(key, by: Stage.person(2)) } == .scopeClosed)
        #expect(stage.room.isInAudience(of: key, Stage.person(2)), "It stays readable.")
    }

    @Test func `under a name only the question is posted, and later its withdrawal`() throws {
        var stage = try Stage.ready(peers: 5)
        try stage.ask(opening(), by: 1)
        let (asker, other) = (Stage.person(1), Stage.person(2))
        for isOpen in [true, false] {
            for kind in EntryKind.allCases {
                let expected: RoomRejection? =
                    switch kind {
                    case .ask: isOpen ? nil : .scopeClosed
                    case .withdraw: isOpen ? .scopeClosed : nil
                    default: .kindNotHere
                    }
                #expect(rejection { try stage.room.mayPost(kind, in: key, by: asker) } == expected)
                let others: RoomRejection =
                    kind == .ask || kind == .withdraw ? .notAsker : .kindNotHere
                #expect(rejection { try stage.room.mayPost(kind, in: key, by: other) } == others)
            }
            #expect(rejection { try stage.room.mayPostKey(in: key, by: asker) } == nil)
            #expect(rejection { try stage.room.mayPostKey(in: key, by: other) } == .notAsker)
            if isOpen { try stage.ask(.closePrompt(prompt, answers: 0), by: 1) }
        }
        let stranger = Stage.person(7)
        #expect(rejection { try stage.room.mayPostKey(in: key, by: stranger) } == .notAMember)
        let unknown = TranscriptKey.prompt(PromptID(.zero), .room)
        #expect(rejection { try stage.room.mayPostKey(in: unknown, by: asker) } == .notInScope)
        #expect(rejection { try stage.room.mayAnswer(.room, by: asker) } == .notInScope)
    }

    @Test(arguments: [0, 1, 2, 3])
    func `after any change of its readers nothing is delivered any more`(_ change: Int) throws {
        var stage = try Stage.ready(peers: 6, facilitators: 1)
        try stage.ask(opening(.peers), by: 1)
        switch change {
        case 0: try stage.exclude(3)
        case 1:
            let list = Stage.deviceList(3, version: 2, devices: [0, 1])
            try stage.ask(.changeDevices(Stage.changed(list)), as: .server)
        case 2:
            var members = stage.room.members
            members[2].membership = .facilitator
            try stage.ask(stage.admission(members, by: 90), by: 90)
        default:
            let members = stage.room.members.filter { $0.person != Stage.person(3) }
            try stage.ask(stage.admission(members, by: 90), by: 90)
        }
        #expect(stage.room.hasChangedReaders(prompt))
        let five = RoomCommand.closePrompt(prompt, answers: 5)
        #expect(stage.refusal(five, as: .server) == .staleAudience)
        try stage.ask(.closePrompt(prompt, answers: 0), as: .server)
        #expect(stage.room.audience(of: peersKey).contains(Stage.person(3)) == (change == 1))
        // Who comes back does not read it again.
        guard change != 1 else { return }
        let back = stage.room.members.filter { $0.person != Stage.person(3) } + [Stage.member(3)]
        try stage.ask(stage.admission(back, by: 90), by: 90)
        #expect(stage.room.membership(of: Stage.person(3)) == .peer)
        #expect(stage.room.readable(peersKey, by: Stage.person(3)) == [])
    }

    @Test func `it is due when its time is up or its session is over`() throws {
        var stage = try Stage.ready(peers: 5)
        try stage.ask(opening(.room, 60_000), by: 1)
        #expect(stage.room.nextPromptEnd == stage.now.adding(milliseconds: 60_000))
        #expect(!stage.room.isDue(prompt, at: stage.now.adding(milliseconds: 59_999)))
        #expect(stage.room.isDue(prompt, at: stage.now.adding(milliseconds: 60_000)))
        let second = PromptID(Bytes16(high: 0x9a, low: 2))
        try stage.ask(stage.start(1), by: 1)
        try stage.ask(.openPrompt(PromptOpening(prompt: second, scope: .room)), by: 1)
        #expect(!stage.room.isDue(second, at: stage.now))
        try stage.ask(.end, by: 1)
        #expect(stage.room.isDue(second, at: stage.now))
        try stage.ask(.closePrompt(second, answers: 0), as: .server)
        #expect(!stage.room.isDue(second, at: stage.now))
    }

    @Test func `a client believes no prompt that asks others than who reads there`() throws {
        var stage = try Stage.ready(peers: 6)
        let at = stage.now.adding(milliseconds: 5_000)
        let all = (1...6).map { Stage.person($0) }
        func refusal(
            _ audience: [PersonID],
            by person: PersonID? = Stage.person(1),
            scope: Scope = .room,
            lasts: Int64 = 9_000
        ) -> RoomRejection? {
            let opened = PromptOpened(
                prompt: prompt,
                scope: scope,
                audience: audience,
                ends: at.adding(milliseconds: lasts)
            )
            let record = RoomRecord(at: at, by: person, event: .promptOpened(opened))
            return rejection { try stage.room.check(record) }
        }
        #expect(refusal(all) == nil)
        #expect(refusal(Array(all.dropLast())) == .planChanged)
        #expect(refusal(all + [Stage.person(9)]) == .planChanged)
        #expect(refusal(all.reversed()) == .planChanged)
        #expect(refusal(all, by: nil) == .notInScope)
        #expect(refusal(all, by: Stage.person(9)) == .notInScope)
        #expect(refusal(all, scope: .turn) == .outOfBounds)
        #expect(refusal(all, lasts: 0) == .outOfBounds)
        #expect(refusal(all, lasts: RoomLimits.promptMillisecondsMax + 1) == .outOfBounds)
        try stage.ask(opening(), by: 1)
        #expect(refusal(all) == .outOfBounds)
        func closing(_ answers: UInt16) -> RoomRejection? {
            let event = RoomEvent.promptClosed(PromptClosed(prompt: prompt, answers: answers))
            let record = RoomRecord(at: at, by: nil, event: event)
            return rejection { try stage.room.check(record) }
        }
        #expect(
            (0...8).map { closing($0) } == [nil] + Array(repeating: .tooFewToHide, count: 4)
                + [nil, nil, .outOfBounds, .outOfBounds]
        )
    }

    @Test func `every order of five steps keeps a prompt sound`() throws {
        let start = try Stage.ready(peers: 6, facilitators: 1)
        let steps: [(inout Stage) throws -> Void] = [
            { [prompt] in
                try $0.ask(.openPrompt(PromptOpening(prompt: prompt, scope: .peers)), by: 1)
            },
            { [prompt] in try $0.ask(.closePrompt(prompt, answers: 5), as: .server) },
            { [prompt] in try $0.ask(.closePrompt(prompt, answers: 0), by: 1) },
            { try $0.exclude(3) },
            { stage in
                let members = stage.room.members.filter { $0.person != Stage.person(3) }
                try stage.ask(stage.admission(members + [Stage.member(3)], by: 90), by: 90)
            },
            { try $0.exclude(1) },
        ]
        var frontier = [start]
        for _ in 1...5 {
            var next: [Stage] = []
            for before in frontier {
                for step in steps {
                    var stage = before
                    stage.pass(seconds: 1)
                    guard (try? step(&stage)) != nil else { continue }
                    check(stage)
                    next.append(stage)
                }
            }
            frontier = next
        }
        #expect(frontier.count > 50)
    }

    private func check(_ stage: Stage) {
        var replayed = Room(id: Stage.roomID)
        for record in stage.log {
            #expect(throws: Never.self) { try replayed.check(record) }
            replayed.evolve(record)
        }
        #expect(replayed == stage.room)
        guard let state = stage.room.prompts[prompt] else { return }
        let peers = Set(stage.room.members.filter { $0.membership == .peer }.map(\.person))
        #expect(peers.isSuperset(of: state.audience))
        #expect(Set(state.asked).isSuperset(of: state.audience))
        #expect(state.closed.map { $0.answers == 0 || $0.answers == 5 } ?? true)
    }
}

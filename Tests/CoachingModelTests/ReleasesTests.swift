// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// Who may have what released, where, and whose yes it needs: every case.
struct ReleasesTests {
    typealias Stage = RoomStage

    /// Three peers in a turn, a fourth who came late, and a facilitator.
    private func stage() throws -> (stage: Stage, turn: Turn) {
        var stage = try Stage.ready(peers: 4, facilitators: 1)
        try stage.ask(.attend(Stage.person(4), .away), by: 4)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 90)
        let turn = try #require(stage.room.session?.openTurns.first)
        #expect(turn.pod.people.count == 3)
        return (stage, turn)
    }

    private func outcome(
        _ room: Room,
        kind: EntryKind = .say,
        _ key: TranscriptKey,
        _ target: TranscriptKey,
        author: PersonID,
        asker: PersonID? = nil,
        about: PersonID? = nil,
        others: [PersonID] = [],
        former: [PersonID] = []
    ) -> Result<[PersonID], ReleaseRefusal> {
        Result { () throws(ReleaseRefusal) in
            try room.mayRelease(
                kind,
                from: key,
                to: target,
                author: author,
                asker: asker ?? author,
                about: about,
                concerning: others,
                releasedBy: former
            )
        }
    }

    @Test func `a line needs the yes of all whom it says that it concerns`() throws {
        let (stage, _) = try stage()
        let people = [1, 2, 3].map { Stage.person($0) }
        #expect(
            outcome(
                stage.room,
                .peers,
                .programme(people[0]),
                author: people[0],
                others: [people[2]]
            ) == .success([people[0], people[2]])
        )
        #expect(
            outcome(stage.room, .own(people[0]), .room, author: people[0], others: [people[1]])
                == .failure(.concernsOthers([people[1]]))
        )
        let many = (1...Room.concernedMax).map { Stage.person(100 + $0) }
        #expect(
            outcome(stage.room, .peers, .room, author: people[0], others: many)
                == .failure(.concernsTooMany)
        )
    }

    @Test func `only the author asks, of every line, to everywhere`() throws {
        let (stage, turn) = try stage()
        let everybody = [1, 2, 3, 4, 90, 66].map { Stage.person($0) }
        let keys: [TranscriptKey] = [
            .own(Stage.person(1)), .between(Stage.person(1), Stage.person(2)), .turn(turn.id),
            .peers, .room, .programme(Stage.person(1)), .programme(Stage.person(2)),
        ]
        var taken = 0
        for key in keys {
            for target in keys {
                for author in everybody {
                    for asker in everybody {
                        for about in [nil] + everybody.map(Optional.some) {
                            let outcome = outcome(
                                stage.room,
                                key,
                                target,
                                author: author,
                                asker: asker,
                                about: about
                            )
                            let expected = expected(
                                stage.room,
                                turn,
                                key,
                                target,
                                author,
                                asker,
                                about
                            )
                            #expect(outcome == expected, "\(key) to \(target)")
                            if case .success = outcome { taken += 1 }
                        }
                    }
                }
            }
        }
        #expect(taken > 50)
    }

    /// The same by the words of the design, written apart from the rules.
    private func expected(
        _ room: Room,
        _ turn: Turn,
        _ key: TranscriptKey,
        _ target: TranscriptKey,
        _ author: PersonID,
        _ asker: PersonID,
        _ about: PersonID?
    ) -> Result<[PersonID], ReleaseRefusal> {
        guard author == asker else { return .failure(.notAuthor) }
        let narrow: Set<Scope> = [.own, .direct, .turn]
        let isWider =
            target == .peers && narrow.contains(key.scope)
            || target == .room && (narrow.contains(key.scope) || key == .peers)
            || target.scope == .programme && key.scope != .programme
        guard isWider else { return .failure(.notWider) }
        let peers = Set([1, 2, 3, 4].map { Stage.person($0) })
        let readers: Set<PersonID> =
            switch key {
            case .own(let person): [person]
            case .direct(let first, let second): [first, second]
            case .turn: Set(turn.pod.people)
            case .peers: peers
            default: peers.union([Stage.person(90)])
            }
        let there: Set<PersonID> =
            switch target {
            case .peers: peers
            // Only what one releases oneself, and who is there is for the programme's room to say.
            case .programme(let owner): [owner]
            default: peers.union([Stage.person(90)])
            }
        guard readers.contains(author), there.contains(author) else {
            return .failure(.notWritable)
        }
        var needed: Set<PersonID> = [author]
        if case .direct = key { needed = readers }
        if case .turn = key { needed.insert(turn.pod.client) }
        if let about { needed.insert(about) }
        let absent = needed.subtracting(readers)
        return absent.isEmpty
            ? .success(needed.sorted()) : .failure(.concernsOthers(absent.sorted()))
    }

    @Test func `what people write is released, and nothing else`() throws {
        let (stage, turn) = try stage()
        for kind in EntryKind.allCases {
            let outcome = outcome(
                stage.room,
                kind: kind,
                .turn(turn.id),
                .room,
                author: turn.pod.client
            )
            switch kind {
            case .consent, .withdraw, .grant, .paper: #expect(outcome == .failure(.notALine))
            default: #expect(outcome == .success([turn.pod.client]))
            }
        }
        #expect(EntryKind.note.released == .say && EntryKind.assess.released == .say)
        #expect(EntryKind.commit.released == .commit)
    }

    @Test func `the turn's client must agree also when the turn is long over`() throws {
        var (stage, turn) = try stage()
        let coach = try #require(turn.pod.people.first { turn.pod.role(of: $0) == .coach })
        let both = [coach, turn.pod.client].sorted()
        try stage.ask(.end, by: 90)
        #expect(outcome(stage.room, .turn(turn.id), .room, author: coach) == .success(both))
        try stage.exclude(Stage.number(of: turn.pod.client))
        // Who left cannot be asked, and without their yes nothing is released.
        #expect(
            outcome(stage.room, .turn(turn.id), .room, author: coach)
                == .failure(.concernsOthers([turn.pod.client]))
        )
    }

    @Test func `who agreed before is asked again when it goes further`() throws {
        let (stage, _) = try stage()
        let people = [1, 2].map { Stage.person($0) }
        #expect(
            outcome(stage.room, .peers, .room, author: Stage.person(1), former: people)
                == .success(people)
        )
        let many = (1...Room.concernedMax).map { Stage.person(100 + $0) }
        #expect(
            outcome(stage.room, .peers, .room, author: Stage.person(1), former: many)
                == .failure(.concernsTooMany)
        )
    }

    @Test func `a consent may come from any reader at any time, and from nobody else`() throws {
        var (stage, turn) = try stage()
        let key = TranscriptKey.turn(turn.id)
        func refusal(_ number: Int) -> RoomRejection? {
            do throws(RoomRejection) {
                try stage.room.mayPost(.consent, in: key, by: Stage.person(number))
                return nil
            } catch { return error }
        }
        let inside = Set(turn.pod.people.map { Stage.number(of: $0) })
        for isOver in [false, true] {
            if isOver { try stage.ask(.end, by: 90) }
            for number in [1, 2, 3, 4, 90, 66] {
                #expect((refusal(number) == nil) == inside.contains(number))
            }
        }
    }
}

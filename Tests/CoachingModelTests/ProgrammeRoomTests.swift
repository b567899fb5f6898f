// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

private typealias Stage = RoomStage

/// The programme's room: what one releases is read by the administrators and oneself, no more.
struct ProgrammeRoomTests {
    /// A programme's room of administrators 90, 91 … and of people who release something.
    private func programme(_ administrators: Int, _ authors: [Int] = []) throws -> RoomStage {
        var stage = RoomStage()
        let first = [Stage.member(90, .facilitator)]
        try sign(first, by: 90, &stage)
        let members =
            (0..<administrators).map { Stage.member(90 + $0, .facilitator) }
            + authors.map { Stage.member($0) }
        if members.count > 1 { try sign(members, by: 90, &stage) }
        return stage
    }

    private func admission(
        _ members: [RosterMember],
        by number: Int,
        _ stage: RoomStage,
        isProgramme: Bool = true
    ) -> RoomCommand {
        var roster = stage.roster(members)
        roster.isProgramme = isProgramme
        let lists = members.filter { stage.room.membership(of: $0.person) == nil }.map { member in
            stage.room.deviceList(of: member.person)
                ?? Stage.deviceList(Stage.number(of: member.person))
        }
        return .admit(
            stage.rostered(roster, by: number),
            newLists: lists.map { Stage.changed($0) }
        )
    }

    private func sign(
        _ members: [RosterMember],
        by number: Int,
        _ stage: inout RoomStage
    ) throws {
        try stage.ask(admission(members, by: number, stage), by: number)
    }

    private func of(_ number: Int) -> TranscriptKey { .programme(Stage.person(number)) }

    private func refusal(
        _ stage: RoomStage,
        _ kind: EntryKind,
        _ key: TranscriptKey,
        _ number: Int
    ) -> RoomRejection? {
        do throws(RoomRejection) {
            try stage.room.mayPost(kind, in: key, by: Stage.person(number))
            return nil
        } catch { return error }
    }

    @Test func `what one releases is read by the administrators and oneself`() throws {
        let stage = try programme(2, [1, 2])
        for author in [1, 2] {
            let readers = [author, 90, 91].map { Stage.person($0) }.sorted()
            #expect(stage.room.audience(of: of(author)) == readers)
            for person in [1, 2, 90, 91, 66] {
                let reads = readers.contains(Stage.person(person))
                #expect(stage.room.isInAudience(of: of(author), Stage.person(person)) == reads)
                #expect(!stage.room.readable(of(author), by: Stage.person(person)).isEmpty == reads)
            }
        }
        // An administrator's own releases are read by the others and by no contributor.
        #expect(stage.room.audience(of: of(90)) == [90, 91].map { Stage.person($0) })
        #expect(stage.room.audience(of: of(66)) == [])
    }

    @Test func `there is nothing else in it`() throws {
        let stage = try programme(1, [1, 2])
        let pair = TranscriptKey.between(Stage.person(1), Stage.person(2))
        for key in [TranscriptKey.room, .peers, pair] {
            #expect(stage.room.audience(of: key) == [])
            for number in [1, 90] {
                #expect(refusal(stage, .say, key, number) == .notInScope)
                #expect(!stage.room.isInAudience(of: key, Stage.person(number)))
                #expect(stage.room.readable(key, by: Stage.person(number)) == [])
            }
            #expect(stage.room.lastAudienceChange(of: key) == nil)
        }
        let commands: [RoomCommand] = [
            .proposeAgreement(Stage.agreement(1)), .attend(Stage.person(1), .here),
            stage.start(1), .pause, .end,
            .openPrompt(PromptOpening(prompt: PromptID(.zero), scope: .room)),
        ]
        for command in commands {
            #expect(stage.refusal(command, by: 90) == .programmeOnly)
        }
        let record = RoomRecord(
            at: stage.now,
            by: Stage.person(90),
            event: .agreementProposed(Stage.agreement(1))
        )
        #expect(throws: RoomRejection.programmeOnly) { try stage.room.check(record) }
    }

    @Test func `an ordinary room has nothing of the programme's`() throws {
        let stage = try Stage.ready(peers: 2, facilitators: 1)
        #expect(stage.room.audience(of: of(1)) == [])
        #expect(stage.room.lastAudienceChange(of: of(1)) == nil)
        #expect(stage.room.readable(of(1), by: Stage.person(1)) == [])
        #expect(!stage.room.marksNeeded(excluding: nil).contains { $0.scope == .programme })
    }

    @Test func `the author writes what people write, the readers only hand over keys`() throws {
        let stage = try programme(1, [1, 2])
        for kind in EntryKind.allCases {
            let isAllowed = kind.released == kind || kind == .withdraw || kind == .grant
            #expect((refusal(stage, kind, of(1), 1) == nil) == isAllowed, "\(kind)")
            #expect((refusal(stage, kind, of(1), 90) == nil) == (kind == .grant), "\(kind)")
            #expect(refusal(stage, kind, of(1), 2) == .notInScope)
        }
        #expect(throws: RoomRejection.notInScope) {
            try stage.room.mayPostKey(in: of(1), by: Stage.person(2))
        }
    }

    @Test func `only administrators let people in, also when the last one is gone`() throws {
        var stage = try programme(2, [1])
        var members = stage.room.members + [Stage.member(3)]
        #expect(stage.refusal(admission(members, by: 1, stage), by: 1) == .notAKeeper)
        for number in [90, 91] {
            try stage.exclude(number, .administrator, as: .administrator)
        }
        #expect(stage.room.keepers == [])
        members = stage.room.members + [Stage.member(3)]
        #expect(stage.refusal(admission(members, by: 1, stage), by: 1) == .notAKeeper)
        #expect(stage.room.audience(of: of(1)) == [Stage.person(1)])
        // A beginning without an administrator is none.
        let empty = RoomStage()
        #expect(
            empty.refusal(admission([Stage.member(1)], by: 1, empty), by: 1) == .notAKeeper
        )
    }

    @Test func `no room becomes the programme's, nor the programme's another`() throws {
        let stage = try programme(1, [1])
        let next = admission(stage.room.members, by: 90, stage, isProgramme: false)
        #expect(stage.refusal(next, by: 90) == .rosterConflict)
        let other = try Stage.ready(peers: 1, facilitators: 1)
        let made = admission(other.room.members, by: 90, other)
        #expect(other.refusal(made, by: 90) == .rosterConflict)
    }

    @Test func `many more people can release than come into a room`() throws {
        var stage = try programme(1)
        stage.limits = .standard
        let members = [Stage.member(90, .facilitator)] + (1...60).map { Stage.member($0) }
        try sign(members, by: 90, &stage)
        #expect(stage.room.members.count == 61)
    }

    @Test func `the flag is signed`() throws {
        let stage = try programme(1, [1])
        let roster = try #require(stage.room.roster)
        #expect(roster.isProgramme)
        #expect(try Roster(body: roster.body) == roster)
        var other = roster
        other.isProgramme = false
        #expect(other.body != roster.body)
        #expect(try Roster(body: other.body) == other)
        // There is one way only to say that a room is not the programme's.
        var body = roster.body
        body[body.count - 1] = 0xf4
        #expect(throws: (any Error).self) { try Roster(body: body) }
    }

    // MARK: Who reads what of before

    /// Who may read which numbers, as one would count it by hand.
    private struct Tally {
        var readers: Set<Int> = [90]
        var authors: Set<Int> = []
        var readable: [Int: [Int: Set<UInt64>]] = [:]

        mutating func post(_ author: Int, _ number: UInt64) {
            for reader in readers.union([author]) {
                readable[author, default: [:]][reader, default: []].insert(number)
            }
        }
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `who comes reads what comes after, who goes what was before`(_ seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        var stage = try programme(1)
        var tally = Tally()
        for step in 0..<80 {
            let author = Int.random(in: 1...4, using: &numbers)
            let reader = Int.random(in: 91...93, using: &numbers)
            var members = stage.room.members
            switch Int.random(in: 0..<10, using: &numbers) {
            case 0 where !tally.authors.contains(author):
                members.append(Stage.member(author))
                try sign(members, by: 90, &stage)
                tally.authors.insert(author)
            case 1 where tally.authors.contains(author):
                try stage.exclude(author, .left)
                tally.authors.remove(author)
            case 2 where !tally.readers.contains(reader):
                members.append(Stage.member(reader, .facilitator))
                try sign(members, by: 90, &stage)
                tally.readers.insert(reader)
            case 3 where tally.readers.contains(reader):
                if Bool.random(using: &numbers) {
                    try stage.exclude(reader, .administrator, as: .administrator)
                } else {
                    members.removeAll { $0.person == Stage.person(reader) }
                    try sign(members, by: 90, &stage)
                }
                tally.readers.remove(reader)
            default:
                for author in tally.authors.union(tally.readers) {
                    guard refusal(stage, .say, of(author), author) == nil else {
                        Issue.record("seed \(seed), step \(step): \(author) cannot write")
                        return
                    }
                    let number = (stage.numbers[of(author)] ?? 0) + 1
                    stage.numbers[of(author)] = number
                    tally.post(author, number)
                }
            }
            for author in [1, 2, 3, 4, 90, 91, 92, 93] {
                for person in [1, 2, 3, 4, 90, 91, 92, 93] {
                    expectReading(author, person, stage, tally, "seed \(seed), step \(step)")
                }
            }
        }
    }

    private func expectReading(
        _ author: Int,
        _ person: Int,
        _ stage: RoomStage,
        _ tally: Tally,
        _ place: String
    ) {
        let isThere = tally.readers.union(tally.authors).contains(person)
        let spans = stage.room.readable(of(author), by: Stage.person(person))
        let last = stage.numbers[of(author)] ?? 0
        var actual: Set<UInt64> = []
        for number in 1..<(last + 2) where spans.contains(where: { $0.contains(number) }) {
            actual.insert(number)
        }
        var expected = isThere ? tally.readable[author]?[person] ?? [] : []
        let reads = stage.room.isInAudience(of: of(author), Stage.person(person))
        if reads { expected.insert(last + 1) }
        #expect(actual == expected, "\(place): \(person) of \(author)")
        let isReader = tally.readers.contains(person) || author == person
        let isAuthor = stage.room.isInAudience(of: of(author), Stage.person(90))
        #expect(reads == (isThere && isReader && isAuthor), "\(place)")
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct LedgerTests {
    typealias Stage = RoomStage
    private static let minute: Int64 = 60_000

    private func person(_ number: Int) -> PersonID { Stage.person(number) }

    /// A session of three that ran to its end, one opening and one closing minute around three
    /// rounds of agreeing 2, coaching 10 and feedback 3 minutes.
    private func wholeSession() throws -> Stage {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1), by: 1)
        while stage.room.session != nil { try stage.wake() }
        return stage
    }

    @Test func `the floor of a session adds up to its length and is equal among three`() throws {
        let stage = try wholeSession()
        let floor = try #require(stage.room.lastSession?.floor)
        #expect(floor.total == 47 * Self.minute)
        #expect(floor.silence == 0)
        // As client and coach 6 each; all three in feedback (1 each of 3 rounds), 2/3 together.
        for number in 1...3 { #expect(floor[person(number)] == 47 * Self.minute / 3) }
        #expect(floor[person(9)] == 0)
    }

    @Test func `a ledger counts roles, turns and times of all sessions`() throws {
        var stage = try wholeSession()
        try stage.ask(stage.start(2), by: 2)
        while stage.room.session != nil { try stage.wake() }
        let ledger = Ledger(of: stage.room.sessions, in: stage.room)
        #expect(ledger.total == 94 * Self.minute)
        #expect(ledger.rows.map(\.person) == (1...3).map(person))
        for row in ledger.rows {
            #expect((row.sessions, row.asClient, row.missed) == (2, 2, 0))
            #expect((row.asCoach, row.asObserver) == (2, 2))
            #expect(row.asClientFor == 30 * Self.minute)
            #expect(ledger.imbalance(of: row.person) == nil)
        }
        #expect(ledger.rows.reduce(0) { $0 + $1.floor } + ledger.silence == ledger.total)
    }

    @Test func `a turn that was cut short shows who is far under the others`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        while stage.room.session?.place.round != 3 { try stage.wake() }
        let last = try #require(stage.room.session?.pods(of: 3).first?.client)
        stage.pass(seconds: 60)
        try stage.ask(.end, by: 1)
        let ledger = Ledger(of: stage.room.sessions, in: stage.room)
        #expect(ledger.expected(of: last) == 15 * Self.minute)
        #expect(ledger.imbalance(of: last) == -14 * Self.minute)
        let row = try #require(ledger.rows.first { $0.person == last })
        #expect((row.asClient, row.missed, row.asClientFor) == (0, 1, 60_000))
        // The other two had 15 minutes each where on average there were 8 for the others.
        for row in ledger.rows where row.person != last {
            #expect(ledger.imbalance(of: row.person) == 7 * Self.minute)
        }
    }

    @Test func `a small difference is not spoken of`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        try stage.ask(.extend(4 * Self.minute), by: 1)
        while stage.room.session != nil { try stage.wake() }
        let ledger = Ledger(of: stage.room.sessions, in: stage.room)
        #expect(ledger.imbalance(of: person(1)) == nil)
        #expect(ledger.imbalance(of: person(2)) == nil)
    }

    @Test func `while the clock stands nobody has the floor`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1), by: 1)
        stage.pass(seconds: 20)
        try stage.ask(.pause, by: 1)
        stage.pass(seconds: 500)
        try stage.ask(.resume, by: 1)
        while stage.room.session != nil { try stage.wake() }
        #expect(stage.room.lastSession?.floor.total == 47 * Self.minute)
    }

    @Test func `who comes into the opening has no part in what was before`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(.attend(person(3), .away), by: 3)
        try stage.ask(stage.start(1), by: 1)
        stage.pass(seconds: 30)
        try stage.ask(.attend(person(3), .here), by: 3)
        stage.pass(seconds: 15)
        try stage.ask(.attend(person(1), .away), by: 1)
        try stage.wake()
        let floor = try #require(stage.room.session?.floor)
        #expect(floor[person(1)] == 15_000 + 5_000)
        #expect(floor[person(2)] == 15_000 + 5_000 + 7_500)
        #expect(floor[person(3)] == 5_000 + 7_500)
    }

    @Test func `a phase in which all listen belongs to nobody`() throws {
        var format = Stage.rounds
        for index in format.round[1].parts.indices {
            format.round[1].parts[index].kinds = []
            format.round[1].parts[index].bare = .note
        }
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1, format: format), by: 1)
        while stage.room.session != nil { try stage.wake() }
        let ledger = Ledger(of: stage.room.sessions, in: stage.room)
        #expect(ledger.silence == 20 * Self.minute)
        #expect(ledger.total == 30 * Self.minute)
    }

    @Test func `where one speaks at a time the time is whose turn it is`() throws {
        var format = Stage.format
        format.opening[0].parts[0].floor = .round
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: format), by: 1)
        var held: [PersonID: Int64] = [:]
        for seconds in [10, 25] as [Int64] {
            let holder = try #require(stage.room.floor(of: person(1))?.holder)
            held[holder, default: 0] += seconds * 1_000
            stage.pass(seconds: seconds)
            let pass = FloorCall(wish: .pass, person: holder)
            try stage.ask(.floor(pass), by: Stage.number(of: holder))
        }
        let last = try #require(stage.room.floor(of: person(1))?.holder)
        #expect(held[last] == nil)
        held[last] = Self.minute - 35_000
        try stage.wake()
        #expect(stage.room.session?.floor.people == held)
    }

    @Test func `who has left the room keeps the row of their turns`() throws {
        var stage = try wholeSession()
        try stage.exclude(3)
        let ledger = Ledger(of: stage.room.sessions, in: stage.room)
        #expect(ledger.rows.map(\.person) == (1...3).map(person))
        #expect(Ledger(of: [], in: stage.room).rows.map(\.person) == (1...2).map(person))
    }

    /// Adds up by a cursor that moves along the log, knowing nothing of how rooms count.
    @Test(arguments: RoomHistoriesTests.seeds)
    func `in random histories every millisecond of the clock is somebody's`(seed: UInt64) throws {
        var history = RandomHistory(seed: seed)
        try history.begin()
        for _ in 0..<900 { history.step() }
        var room = Room(id: Stage.roomID)
        var cursor = Timestamp(milliseconds: 0)
        var sum: Int64 = 0
        var compared = 0
        for record in history.stage.log {
            let now = max(room.lastAt, record.at)
            let had = room.session
            if let session = room.session {
                var stop = now
                if let ends = session.ends {
                    stop = min(stop, ends)
                    if case .clockSet(let set) = record.event, set.ends == nil, let left = set.left
                    {
                        stop = min(stop, ends.adding(milliseconds: -left))
                    }
                    let groups = session.isTogether ? 1 : session.openTurns.count
                    // An interruption takes back what was counted while the server was away.
                    sum += stop.milliseconds(since: cursor) * Int64(groups)
                    cursor = stop
                }
            }
            room.evolve(record)
            if had == nil || had?.ends == nil { cursor = now }
            if had != nil, room.session == nil {
                let floor = try #require(room.lastSession?.floor)
                #expect(floor.total == sum, "seed \(seed), record \(room.position)")
                let turns = room.lastSession?.turns.reduce(0) { $0 + $1.milliseconds } ?? 0
                #expect(floor.total >= turns, "seed \(seed), record \(room.position)")
                sum = 0
                compared += 1
            }
        }
        #expect(compared > 3, "seed \(seed)")
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// Older entries that a member gives to somebody who came later.
struct RoomHistoryTests {
    typealias Stage = RoomStage

    /// Peers 1 and 2 and facilitator 90 from the beginning, 4 as a peer from the tenth of `peers`
    /// and the twentieth of `room`, 3 from the thirtieth and the fortieth.
    private func stage(allowed: Bool = true) throws -> Stage {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        if allowed { try stage.allowHistory(true, by: 90) }
        stage.numbers = [.peers: 10, .room: 20]
        try stage.ask(stage.admission(stage.room.members + [Stage.member(4)], by: 90), by: 90)
        stage.numbers = [.peers: 30, .room: 40]
        try stage.ask(stage.admission(stage.room.members + [Stage.member(3)], by: 90), by: 90)
        stage.numbers = [.peers: 50, .room: 60]
        return stage
    }

    private func span(_ scope: Scope, _ from: UInt64, _ until: UInt64) -> GrantedSpan {
        GrantedSpan(scope: scope, from: from, until: until)
    }

    private func reads(_ stage: Stage, _ number: Int, _ key: TranscriptKey) -> [ClosedRange<UInt64>]
    {
        stage.room.readable(key, by: Stage.person(number))
    }

    @Test func `who is given older entries reads them, and nobody else does`() throws {
        var stage = try stage()
        let before = stage.room
        #expect(reads(stage, 3, .room) == [41...(.max)])
        let given = stage.granted([span(.peers, 1, 30), span(.room, 5, 40)], to: 3, by: 1)
        let events = try stage.ask(.grantHistory(given), by: 1)
        #expect(events == [.historyGranted(given)])
        #expect(reads(stage, 3, .room) == [5...(.max)])
        #expect(reads(stage, 3, .peers) == [1...(.max)])
        for number in [1, 2, 4, 90] {
            for key in [TranscriptKey.room, .peers] {
                #expect(
                    stage.room.readable(key, by: Stage.person(number))
                        == before.readable(key, by: Stage.person(number))
                )
            }
        }
        for key in [TranscriptKey.room, .peers] {
            #expect(stage.room.audience(of: key) == before.audience(of: key))
            #expect(stage.room.lastAudienceChange(of: key) == before.lastAudienceChange(of: key))
        }
        #expect(stage.room.newcomersSpan(.peers, of: Stage.person(3)) == nil)
        #expect(stage.room.newcomersSpan(.room, of: Stage.person(3)) == 5...(.max))
    }

    @Test func `what was given stays when the policy changes and when one leaves and comes back`()
        throws
    {
        var stage = try stage()
        try stage.ask(.grantHistory(stage.granted([span(.room, 5, 40)], to: 3, by: 1)), by: 1)
        try stage.allowHistory(false, by: 90)
        #expect(reads(stage, 3, .room) == [5...(.max)])
        try stage.exclude(3)
        #expect(reads(stage, 3, .room) == [])
        stage.numbers = [.peers: 70, .room: 80]
        try stage.ask(stage.admission(stage.room.members + [Stage.member(3)], by: 90), by: 90)
        #expect(reads(stage, 3, .room) == [5...60, 81...(.max)])
        try stage.allowHistory(true, by: 90)
        // Up to what they read before, and over it.
        try stage.ask(.grantHistory(stage.granted([span(.room, 70, 80)], to: 3, by: 1)), by: 1)
        #expect(reads(stage, 3, .room) == [5...60, 70...(.max)])
        try stage.ask(.grantHistory(stage.granted([span(.room, 61, 69)], to: 3, by: 1)), by: 1)
        #expect(reads(stage, 3, .room) == [5...(.max)])
        try stage.ask(.grantHistory(stage.granted([span(.room, 2, 4)], to: 3, by: 2)), by: 2)
        #expect(reads(stage, 3, .room) == [2...(.max)])
    }

    @Test func `only while the group's policy allows it`() throws {
        var stage = try stage(allowed: false)
        let spans = [span(.room, 1, 40)]
        let command = RoomCommand.grantHistory(stage.granted(spans, to: 3, by: 1))
        #expect(stage.refusal(command, by: 1) == .historyNotAgreed)
        try stage.allowHistory(true, by: 90)
        #expect(stage.refusal(command, by: 1) == .rosterConflict, "signed under another roster")
        let good = RoomCommand.grantHistory(stage.granted(spans, to: 3, by: 1))
        #expect(stage.refusal(good, by: 1) == nil)
        try stage.allowHistory(false, by: 90)
        #expect(stage.refusal(good, by: 1) == .rosterConflict)
    }

    @Test func `nobody gives what they do not read, nor to whom it is not to be given`() throws {
        let stage = try stage()
        func refusal(
            _ spans: [GrantedSpan],
            to person: Int = 3,
            by giver: Int = 1,
            as asking: Int? = nil
        ) -> RoomRejection? {
            stage.refusal(
                .grantHistory(stage.granted(spans, to: person, by: giver)),
                by: asking ?? giver
            )
        }
        #expect(refusal([span(.room, 21, 40)], by: 4) == nil)
        #expect(refusal([span(.room, 20, 40)], by: 4) == .notInScope, "from before the giver came")
        #expect(refusal([span(.peers, 1, 30)], by: 90) == .notInScope, "the peers' alone")
        #expect(refusal([span(.peers, 1, 30)], to: 90) == .grantInvalid, "to no peer")
        #expect(refusal([span(.room, 1, 40)], by: 1, as: 2) == .grantInvalid, "as another")
        #expect(refusal([span(.room, 1, 40)], to: 3, by: 3) == .grantInvalid, "to oneself")
        #expect(refusal([span(.room, 1, 40)], to: 7) == .notAMember)
        #expect(refusal([span(.room, 1, 40)], by: 7) == .notAMember)
        #expect(refusal([span(.room, 1, 40)], to: 2) == .grantInvalid, "reads all there is")
        #expect(refusal([]) == .grantInvalid)
        let ends: [(UInt64, UInt64)] = [(0, 40), (1, 39), (1, 41), (41, 40), (40, 39), (1, .max)]
        for (from, until) in ends {
            #expect(refusal([span(.room, from, until)]) == .grantInvalid, "\(from) to \(until)")
        }
        #expect(refusal([span(.room, 1, 40), span(.peers, 1, 30)]) == .grantInvalid, "order")
        #expect(refusal([span(.room, 1, 40), span(.room, 1, 40)]) == .grantInvalid, "twice")
        for scope in [Scope.own, .direct, .turn, .programme] {
            #expect(refusal([span(scope, 1, 40)]) == .grantInvalid, "\(scope)")
        }
        let elsewhere = stage.granted(
            [span(.room, 1, 40)],
            to: 3,
            by: 1,
            room: RoomID(Bytes16(high: 1, low: 1))
        )
        #expect(stage.refusal(.grantHistory(elsewhere), by: 1) == .rosterConflict)
        let administrator = RoomCommand.grantHistory(
            stage.granted([span(.room, 1, 40)], to: 3, by: 1)
        )
        #expect(stage.refusal(administrator, as: .administrator) == .notAMember)
        #expect(stage.refusal(administrator, as: .server) == .notAMember)
    }

    @Test func `a grant counts once, and not for who left meanwhile`() throws {
        var stage = try stage()
        let given = stage.granted([span(.room, 21, 40)], to: 3, by: 1)
        try stage.ask(.grantHistory(given), by: 1)
        #expect(stage.refusal(.grantHistory(given), by: 1) == .grantInvalid)
        let more = stage.granted([span(.room, 1, 20)], to: 3, by: 1)
        try stage.exclude(3)
        #expect(stage.refusal(.grantHistory(more), by: 1) == .notAMember)
        try stage.exclude(1)
        #expect(stage.refusal(.grantHistory(more), by: 1) == .notAMember)
    }

    @Test func `a client refuses a record of a grant that does not follow, and none widens`() throws
    {
        let stage = try stage()
        var off = stage
        try off.allowHistory(false, by: 90)
        let good = stage.granted([span(.room, 1, 40)], to: 3, by: 1)
        #expect(throws: Never.self) { try stage.room.check(record(good, by: 1, stage)) }
        let wrong: [(Stage, HistoryGranted, Int?)] = [
            (stage, good, 2), (stage, good, nil),
            (off, off.granted([span(.room, 1, 40)], to: 3, by: 1), 1),
            (stage, stage.granted([span(.room, 20, 40)], to: 3, by: 4), 4),
            (stage, stage.granted([span(.room, 1, 60)], to: 3, by: 1), 1),
            (stage, stage.granted([span(.turn, 1, 40)], to: 3, by: 1), 1),
            (stage, stage.granted([span(.room, 1, 40)], to: 3, by: 7), 7),
        ]
        for (index, (stage, granted, by)) in wrong.enumerated() {
            let record = record(granted, by: by, stage)
            #expect(throws: RoomRejection.self, "\(index)") { try stage.room.check(record) }
            guard index > 1 else { continue }
            var room = stage.room
            room.evolve(record)
            for key in [TranscriptKey.room, .peers] {
                for number in [1, 2, 3, 4, 90] {
                    let person = Stage.person(number)
                    #expect(room.readable(key, by: person) == stage.room.readable(key, by: person))
                }
            }
        }
    }

    private func record(_ granted: HistoryGranted, by: Int?, _ stage: Stage) -> RoomRecord {
        RoomRecord(
            at: stage.room.lastAt,
            by: by.map { Stage.person($0) },
            event: .historyGranted(granted)
        )
    }
}

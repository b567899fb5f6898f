// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct MeetingTests {
    typealias Stage = RoomStage

    private static let day: Int64 = 86_400_000

    private func wish(
        _ days: Int64?,
        id: UInt32? = nil,
        minutes: UInt16 = 90,
        in stage: Stage
    ) -> MeetingWish {
        MeetingWish(
            id: id,
            start: days.map { stage.now.adding(milliseconds: $0 * Self.day) },
            minutes: minutes
        )
    }

    private func schedule(_ wishes: [MeetingWish]) -> RoomCommand {
        .schedule(MeetingWishes(wishes))
    }

    @Test func `dates are set, moved and called off, and numbers are never used again`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(schedule([wish(7, in: stage), wish(3, in: stage)]), by: 1)
        #expect(stage.room.meetings(after: stage.now).map(\.id) == [2, 1])
        try stage.ask(schedule([wish(2, id: 1, in: stage), wish(nil, id: 2, in: stage)]), by: 2)
        let left = stage.room.meetings(after: stage.now)
        #expect(left.map(\.id) == [1])
        #expect(left[0].moves == 1)
        try stage.ask(schedule([wish(9, in: stage)]), by: 1)
        #expect(stage.room.meetings(after: stage.now).map(\.id) == [1, 3])
        #expect(try stage.ask(schedule([wish(9, id: 3, in: stage)]), by: 1) == [])
    }

    @Test func `what is out of bounds is refused, and then nothing of it happens`() throws {
        let stage = try Stage.ready(peers: 2)
        let good = wish(1, in: stage)
        for (wrong, rejection) in [
            (wish(-1, in: stage), RoomRejection.outOfBounds), (wish(732, in: stage), .outOfBounds),
            (wish(1, minutes: 9, in: stage), .outOfBounds),
            (wish(1, minutes: 1_441, in: stage), .outOfBounds),
            (wish(nil, in: stage), .outOfBounds), (wish(2, id: 7, in: stage), .meetingUnknown),
            (wish(nil, id: 7, in: stage), .meetingUnknown),
        ] {
            #expect(stage.refusal(schedule([good, wrong]), by: 1) == rejection)
        }
        #expect(stage.refusal(schedule([]), by: 1) == .outOfBounds)
        let most = Array(repeating: good, count: RoomLimits.meetingsMax)
        #expect(stage.refusal(schedule(most), by: 1) == nil)
        #expect(stage.refusal(schedule(most + [good]), by: 1) == .outOfBounds)
        var full = stage
        try full.ask(schedule(most), by: 1)
        #expect(full.refusal(schedule([good]), by: 1) == .outOfBounds)
    }

    @Test func `the facilitator sets dates, and where there is none every peer`() throws {
        let stage = try Stage.ready(peers: 2, facilitators: 1)
        #expect(stage.refusal(schedule([wish(1, in: stage)]), by: 1) == .notInCharge)
        #expect(stage.refusal(schedule([wish(1, in: stage)]), by: 90) == nil)
        #expect(
            stage.refusal(schedule([wish(1, in: stage)]), as: .administrator) == .notAMember
        )
        let peers = try Stage.ready(peers: 2)
        #expect(peers.refusal(schedule([wish(1, in: peers)]), by: 2) == nil)
    }

    @Test func `who comes is kept, and forgotten when the time is another`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(schedule([wish(1, in: stage)]), by: 1)
        let yes = RoomCommand.come(Coming(meeting: 1, comes: true))
        #expect(try stage.ask(yes, by: 2).count == 1)
        #expect(try stage.ask(yes, by: 2) == [])
        try stage.ask(.come(Coming(meeting: 1, comes: false)), by: 3)
        #expect(
            stage.room.meetings[1]?.answers == [Stage.person(2): true, Stage.person(3): false]
        )
        try stage.ask(schedule([wish(1, id: 1, minutes: 60, in: stage)]), by: 1)
        #expect(stage.room.meetings[1]?.answers.count == 2)
        try stage.ask(schedule([wish(2, id: 1, minutes: 60, in: stage)]), by: 1)
        #expect(stage.room.meetings[1]?.answers == [:])
        let other = RoomCommand.come(Coming(meeting: 2, comes: true))
        #expect(stage.refusal(other, by: 2) == .meetingUnknown)
        stage.pass(seconds: 3 * 86_400)
        #expect(stage.refusal(yes, by: 2) == .meetingUnknown)
        #expect(stage.room.meetings(after: stage.now).isEmpty)
    }

    @Test func `a log full of dates keeps a bounded number of them`() throws {
        var stage = try Stage.ready(peers: 2)
        for number in 1...1_000 as ClosedRange<UInt32> {
            let set = MeetingSet(
                id: number,
                start: stage.now.adding(milliseconds: Int64(number)),
                minutes: 60
            )
            stage.room.evolve(RoomRecord(at: stage.now, by: nil, event: .meetingSet(set)))
        }
        #expect(stage.room.meetings.count == 2 * RoomLimits.meetingsMax)
        #expect(stage.room.meetings[1_000] != nil)
        let coming = Coming(meeting: 1_000, comes: true)
        let stranger = Stage.person(9)
        stage.room.evolve(RoomRecord(at: stage.now, by: stranger, event: .coming(coming)))
        #expect(stage.room.meetings[1_000]?.answers == [:])
    }
}

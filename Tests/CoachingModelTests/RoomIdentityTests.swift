// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// Who admits, and as whom.
struct RoomIdentityTests {
    typealias Stage = RoomStage

    @Test func `a roster that a keeper signed is taken from a keeper alone`() throws {
        let stage = try Stage.ready(peers: 2, facilitators: 1)
        let more = stage.admission(stage.room.members + [Stage.member(3)], by: 90)
        #expect(stage.refusal(more, by: 1) == .notAKeeper)
        #expect(stage.refusal(more, by: 90) == nil)
    }

    @Test func `a member keeps the identity under which they came in`() throws {
        let stage = try Stage.ready(peers: 2)
        let others = stage.room.members.map { member in
            var member = member
            if member.person == Stage.person(2) { member.identityKey = Stage.key(7) }
            return member
        }
        let swapped = stage.admission(others, by: 1)
        #expect(stage.refusal(swapped, by: 1) == .rosterConflict)
        guard case .admit(let rostered, _) = swapped else { return }
        let record = RoomRecord(at: stage.now, by: Stage.person(1), event: .rostered(rostered))
        #expect(throws: RoomRejection.rosterConflict) { try stage.room.check(record) }
    }
}

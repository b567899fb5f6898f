// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// When what was said is over.
@Suite struct RetentionTests {
    private let policy = RoomPolicy(
        turnDays: 2,
        roomDays: 5,
        historyForNewcomers: false,
        namesToAdministrators: false
    )
    private let day: Int64 = 86_400_000
    private let said = Timestamp(milliseconds: 1_700_000_000_000)

    @Test func `each scope has its span, and one's own has none`() {
        let days: [Scope: Int64] = [.direct: 2, .turn: 2, .peers: 5, .room: 5]
        for scope in Scope.allCases {
            let end = days[scope].map { said.adding(milliseconds: $0 * day) }
            #expect(Retention.end(of: said, in: scope, under: policy) == end)
            let late = Timestamp(milliseconds: .max)
            #expect(
                Retention.isOver(said, in: scope, under: policy, at: late) == (end != nil)
            )
            guard let end else { continue }
            let before = end.adding(milliseconds: -1)
            #expect(!Retention.isOver(said, in: scope, under: policy, at: before))
            #expect(Retention.isOver(said, in: scope, under: policy, at: end))
        }
    }

    @Test func `no policy makes a span of nothing, or one that cannot be counted`() {
        for days in [0, 1, UInt32.max] {
            var odd = policy
            odd.turnDays = days
            let span = Retention.milliseconds(of: .turn, under: odd)
            #expect(span == (days < 2 ? day : Int64(Retention.daysMax) * day))
            let last = Timestamp(milliseconds: .max)
            #expect(Retention.end(of: last, in: .turn, under: odd) == last)
        }
    }

    @Test func `only the room's own texts outlive it`() {
        for scope in Scope.allCases {
            for kind in EntryKind.allCases {
                #expect(
                    Retention.outlives(kind, in: scope) == (kind == .paper && scope == .room)
                )
            }
        }
    }

    @Test func `a room without a roster goes by the first agreement`() {
        #expect(Room(id: RoomID(Bytes16(high: 1, low: 1))).policy == .standard)
    }
}

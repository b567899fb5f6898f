// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

struct WorkedTogetherTests {
    private static let people = (1...4).map { PersonID(Bytes16(high: 7, low: UInt64($0))) }

    private func turn(_ session: UInt64, _ round: UInt8, _ pod: [Int]) -> TurnState {
        TurnState(
            turn: Turn(
                session: SessionID(Bytes16(high: 1, low: session)),
                round: round,
                pod: Pod(
                    number: 1,
                    client: Self.people[pod[0]],
                    coaches: [Self.people[pod[1]]],
                    observers: pod.dropFirst(2).map { Self.people[$0] }
                )
            ),
            openedAt: UInt64(round)
        )
    }

    private func room(_ sessions: [[TurnState]]) -> Room {
        var room = Room(id: RoomID(Bytes16(high: 9, low: 9)))
        for (index, turns) in sessions.enumerated() {
            room.sessions.append(
                SessionSummary(
                    id: SessionID(Bytes16(high: 1, low: UInt64(index + 1))),
                    format: "triad",
                    medium: .typed,
                    began: Timestamp(milliseconds: 0),
                    ended: Timestamp(milliseconds: 1),
                    complete: true,
                    turns: turns,
                    owed: [],
                    floor: FloorTime()
                )
            )
        }
        return room
    }

    @Test func `two have worked together where one turn had both, whatever they were in it`() {
        let people = Self.people
        let room = room([[turn(1, 1, [0, 1, 2])], [turn(2, 1, [3, 0])]])
        for (one, other, together) in [
            (0, 1, true), (1, 2, true), (0, 2, true), (0, 3, true), (1, 3, false), (2, 3, false),
        ] {
            #expect(room.haveWorkedTogether(people[one], people[other]) == together)
            #expect(room.haveWorkedTogether(people[other], people[one]) == together)
        }
        #expect(people.allSatisfy { !room.haveWorkedTogether($0, $0) })
        #expect(!self.room([]).haveWorkedTogether(people[0], people[1]))
    }

    @Test func `whose coaching one can look at, and from where, is that of the last turn`() {
        let people = Self.people
        let room = room([
            [turn(1, 1, [0, 1, 2]), turn(1, 2, [1, 2, 0])], [turn(2, 1, [2, 1, 3])],
        ])
        let last = SessionID(Bytes16(high: 1, low: 2))
        let first = SessionID(Bytes16(high: 1, low: 1))
        func shared(_ coach: Int, _ person: Int) -> SharedTurn? {
            room.lastCoaching(by: people[coach], seenBy: people[person])
        }
        #expect(shared(1, 2) == SharedTurn(session: last, role: .client))
        #expect(shared(1, 0) == SharedTurn(session: first, role: .client))
        #expect(shared(1, 3) == SharedTurn(session: last, role: .observer))
        #expect(shared(1, 1) == SharedTurn(session: last, role: .coach))
        #expect(shared(2, 0) == SharedTurn(session: first, role: .observer))
        #expect(
            room.lastCoaching(by: people[1], seenBy: people[1], in: first)
                == SharedTurn(session: first, role: .coach)
        )
        #expect(room.lastCoaching(by: people[1], seenBy: people[3], in: first) == nil)
        #expect(shared(0, 1) == nil && shared(2, 3) == nil && shared(3, 3) == nil)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

struct FeedbackDueTests {
    private static let people = (1...4).map { PersonID(Bytes16(high: 7, low: UInt64($0))) }
    private static let session = SessionID(Bytes16(high: 1, low: 1))

    private func at(_ minutes: Int64) -> Timestamp {
        Timestamp(milliseconds: minutes * 60_000)
    }

    private func turn(
        _ round: UInt8,
        client: Int,
        coaches: [Int],
        observers: [Int] = [],
        held: Bool = true
    ) -> TurnState {
        let people = Self.people
        var state = TurnState(
            turn: Turn(
                session: Self.session,
                round: round,
                pod: Pod(
                    number: 1,
                    client: people[client],
                    coaches: coaches.map { people[$0] },
                    observers: observers.map { people[$0] }
                )
            ),
            openedAt: UInt64(round)
        )
        state.isClosed = true
        state.held = held
        return state
    }

    /// A triad in which each is client once.
    private var triad: [TurnState] {
        [
            turn(1, client: 0, coaches: [1], observers: [2]),
            turn(2, client: 1, coaches: [2], observers: [0]),
            turn(3, client: 2, coaches: [0], observers: [1]),
        ]
    }

    @Test func `each client is owed feedback twice by who coached, each coach an assessment`() {
        let people = Self.people
        #expect(
            triad.feedbackDues(of: people[0]) == [
                FeedbackDue(.spoken, from: people[1], to: people[0]),
                FeedbackDue(.written, from: people[1], to: people[0]),
                FeedbackDue(.assessment, from: people[0], to: people[1]),
                FeedbackDue(.spoken, from: people[0], to: people[2]),
                FeedbackDue(.written, from: people[0], to: people[2]),
                FeedbackDue(.assessment, from: people[2], to: people[0]),
            ]
        )
        #expect(triad.feedbackDues(of: people[3]).isEmpty)
    }

    @Test func `a due is one of the two people's alone, and the two see the same`() {
        let all = Self.people.map { Set(triad.feedbackDues(of: $0)) }
        for (index, dues) in all.enumerated() {
            for due in dues {
                let person = Self.people[index]
                #expect(due.from == person || due.to == person)
                let other = due.from == person ? due.to : due.from
                let theirs = Self.people.firstIndex(of: other).map { all[$0] }
                #expect(theirs?.contains(due) == true)
            }
        }
        #expect(Set(all.flatMap(\.self)).count == 9)
    }

    @Test func `a turn that was not held asks for nothing, and two turns of a pair ask once`() {
        let people = Self.people
        let turns = [
            turn(1, client: 0, coaches: [1]), turn(2, client: 0, coaches: [1]),
            turn(3, client: 1, coaches: [0], held: false),
        ]
        #expect(turns.feedbackDues(of: people[0]).count == 3)
        #expect(turns.feedbackDues(of: people[1]).count == 3)
        #expect([turn(1, client: 0, coaches: [1, 2, 3])].feedbackDues(of: people[0]).count == 9)
    }

    private func has(_ given: FeedbackGiven, _ due: FeedbackDue) -> Bool {
        given.has(due, of: triad, since: at(100))
    }

    /// Every line that counts for a part counts for that one alone, and in its time.
    @Test func `what was given counts for its part, its two people and its session`() {
        let people = Self.people
        let (client, coach) = (people[0], people[1])
        let between = TranscriptKey.between(client, coach)
        let first = TurnID(session: Self.session, round: 1, pod: 1)
        let second = TurnID(session: Self.session, round: 2, pod: 1)
        let other = TurnID(session: SessionID(Bytes16(high: 1, low: 2)), round: 1, pod: 1)
        let lines: [(EntryKind, TranscriptKey, PersonID, Bool, Int64, FeedbackDue.Part?)] = [
            (.feedback, between, coach, false, 110, .written),
            (.feedback, between, client, false, 110, nil),
            (.feedback, between, coach, false, 99, nil),
            (.feedback, between, coach, false, 200, .written),
            (.assess, between, client, false, 110, .assessment),
            (.assess, between, coach, false, 110, nil),
            (.say, between, client, true, 110, .spoken),
            (.say, between, coach, true, 110, nil),
            (.say, between, client, false, 110, nil),
            (.feedback, .turn(first), coach, false, 110, .spoken),
            (.feedback, .turn(second), coach, false, 110, nil),
            (.feedback, .turn(other), coach, false, 110, nil),
            (.say, .turn(first), coach, false, 110, nil),
            (.feedback, .room, coach, false, 110, nil),
            (.assess, .between(client, people[2]), client, false, 110, nil),
            (.feedback, .between(coach, people[2]), coach, false, 110, nil),
        ]
        let dues = [
            FeedbackDue(.spoken, from: coach, to: client),
            FeedbackDue(.written, from: coach, to: client),
            FeedbackDue(.assessment, from: client, to: coach),
        ]
        for (kind, key, author, isHeard, minute, part) in lines {
            var given = FeedbackGiven()
            given.take(kind, in: key, by: author, at: at(minute), isHeard: isHeard)
            for due in dues {
                #expect(
                    has(given, due) == (due.part == part),
                    "\(kind) at \(minute) in \(key) for \(due.part)"
                )
            }
        }
    }

    @Test func `only the newest lines are remembered`() {
        let people = Self.people
        let between = TranscriptKey.between(people[0], people[1])
        var given = FeedbackGiven()
        given.take(.feedback, in: between, by: people[1], at: at(110))
        let due = FeedbackDue(.written, from: people[1], to: people[0])
        #expect(has(given, due))
        for _ in 0..<FeedbackGiven.recordsMax * 3 {
            given.take(.assess, in: between, by: people[0], at: at(111))
        }
        #expect(!has(given, due))
        #expect(has(given, FeedbackDue(.assessment, from: people[0], to: people[1])))
    }

    @Test func `one hears who was there while one was client`() {
        let people = Self.people
        #expect(triad.metAsClient(people[0], people[1]))
        #expect(triad.metAsClient(people[0], people[2]))
        #expect(!triad.metAsClient(people[0], people[3]))
        #expect(!triad.metAsClient(people[3], people[0]))
        #expect(!triad.metAsClient(people[0], people[0]))
    }
}

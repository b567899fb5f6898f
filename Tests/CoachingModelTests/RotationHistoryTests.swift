// SPDX-License-Identifier: Apache-2.0

import CoachingModel
import Foundation
import Testing

struct RotationHistoryTests {
    private let three = RotationSamples.people(3)

    @Test func `a turn that took place counts for all its roles and repays a debt`() {
        var history = RotationHistory()
        history.recordMissed(by: three[0])
        history.recordMissed(by: three[0])
        history.recordCompleted(
            Pod(number: 0, client: three[0], coaches: [three[1]], observers: [three[2]])
        )
        #expect(history[three[0]].asClient == 1)
        #expect(history[three[1]].asCoach == 1)
        #expect(history[three[2]].asObserver == 1)
        #expect(history.times(coach: three[1], client: three[0]) == 1)
        #expect(history.times(coach: three[0], client: three[1]) == 0)
        #expect(history.owed == [three[0]: 1])
    }

    @Test func `a session counts once for each who came`() {
        var history = RotationHistory()
        history.recordAttendance(of: three + three)
        #expect(history.people.map(\.sessions) == [1, 1, 1])
    }

    @Test func `who left the room leaves no trace`() {
        var history = RotationHistory()
        history.recordAttendance(of: three)
        history.recordCompleted(
            Pod(number: 0, client: three[0], coaches: [three[1]], observers: [three[2]])
        )
        history.forget(three[1])
        #expect(history.people.map(\.person) == [three[0], three[2]])
        #expect(history.pairs == [])
    }

    @Test func `the same turns in another order have the same bytes`() throws {
        var random = RotationSamples.Numbers(seed: 3)
        let turns = (0..<30).map { _ in
            let order = RotationSamples.people(6).shuffled(using: &random)
            return Pod(number: 0, client: order[0], coaches: [order[1]], observers: [order[2]])
        }
        func bytes(_ turns: [Pod]) throws -> Data {
            var history = RotationHistory()
            for turn in turns { history.recordCompleted(turn) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return try encoder.encode(history)
        }
        #expect(try bytes(turns) == bytes(turns.shuffled(using: &random)))
    }

    @Test func `a history reads back as it was written`() throws {
        var random = RotationSamples.Numbers(seed: 4)
        let history = RotationSamples.randomHistory(of: RotationSamples.people(9), &random)
        let data = try JSONEncoder().encode(history)
        #expect(try JSONDecoder().decode(RotationHistory.self, from: data) == history)
    }

    @Test func `a history whose lists do not ascend is refused`() throws {
        struct Forged: Encodable {
            var people: [PersonTally]
            var pairs: [PairTally]
            enum CodingKeys: Int, CodingKey {
                case people = 0
                case pairs = 1
            }
        }
        let twice = [PersonTally(person: three[0]), PersonTally(person: three[0])]
        let data = try JSONEncoder().encode(Forged(people: twice, pairs: []))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(RotationHistory.self, from: data)
        }
        let pairs = [(1, 0), (0, 1)].map {
            PairTally(coach: three[$0.0], client: three[$0.1], count: 1)
        }
        let other = try JSONEncoder().encode(Forged(people: [], pairs: pairs))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(RotationHistory.self, from: other)
        }
    }
}

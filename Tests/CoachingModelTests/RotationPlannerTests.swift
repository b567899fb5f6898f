// SPDX-License-Identifier: Apache-2.0

import CoachingModel
import ProcessorTime
import Testing

struct RotationPlannerTests {
    static let triads = PodSizes(smallest: 2, usual: 3, largest: 4)
    static let pairs = PodSizes(smallest: 2, usual: 2, largest: 3)
    static let fours = PodSizes(smallest: 3, usual: 4, largest: 5)

    @Test(arguments: 2...24)
    func `everyone is client once and in one pod a round`(count: Int) throws {
        for sizes in [Self.triads, Self.pairs, Self.fours] where count >= Int(sizes.smallest) {
            let people = RotationSamples.people(count)
            let rounds = try RotationPlanner.plan(
                present: people,
                format: sizes,
                history: RotationHistory()
            )
            expectSound(rounds, people: people, sizes: sizes)
        }
    }

    @Test(arguments: [
        (2, [2]), (3, [3]), (4, [4]), (5, [3, 2]), (6, [3, 3]), (7, [4, 3]), (8, [3, 3, 2]),
        (24, [Int](repeating: 3, count: 8)),
    ])
    func `triads take one pod of four or one pair for those left over`(
        count: Int,
        expected: [Int]
    ) throws {
        #expect(try RotationPlanner.podSizes(for: count, format: Self.triads) == expected)
    }

    @Test(arguments: [(2, [2]), (3, [3]), (4, [2, 2]), (5, [3, 2]), (9, [3, 2, 2, 2])])
    func `pairs take one pod of three for who is left over`(
        count: Int,
        expected: [Int]
    ) throws {
        #expect(try RotationPlanner.podSizes(for: count, format: Self.pairs) == expected)
    }

    @Test func `people who cannot be divided within the sizes form a larger pod`() throws {
        let strict = PodSizes(smallest: 3, usual: 3, largest: 3)
        #expect(try RotationPlanner.podSizes(for: 5, format: strict) == [5])
        #expect(try RotationPlanner.podSizes(for: 7, format: strict) == [4, 3])
    }

    @Test func `sizes that make no sense still give a sound plan`() throws {
        for sizes in [
            PodSizes(smallest: 0, usual: 0, largest: 0),
            PodSizes(smallest: 2, usual: 9, largest: 1),
            PodSizes(smallest: 2, usual: 255, largest: 255),
        ] {
            for count in [2, 3, 11, 24] {
                let people = RotationSamples.people(count)
                let rounds = try RotationPlanner.plan(
                    present: people,
                    format: sizes,
                    history: RotationHistory()
                )
                expectSound(rounds, people: people, sizes: nil)
            }
        }
    }

    @Test func `too few and too many people are refused with the number that is needed`() {
        #expect(throws: PlanRefusal.tooFewPeople(present: 1, least: 2)) {
            try RotationPlanner.plan(
                present: RotationSamples.people(1),
                format: Self.triads,
                history: RotationHistory()
            )
        }
        #expect(throws: PlanRefusal.tooFewPeople(present: 2, least: 3)) {
            try RotationPlanner.plan(
                present: RotationSamples.people(2) + RotationSamples.people(2),
                format: Self.fours,
                history: RotationHistory()
            )
        }
        #expect(throws: PlanRefusal.tooManyPeople(present: 25, most: 24)) {
            try RotationPlanner.plan(
                present: RotationSamples.people(25),
                format: Self.triads,
                history: RotationHistory()
            )
        }
    }

    @Test func `in a pod everyone coaches once and the roles of a triad are held once each`() throws
    {
        for count in 2...12 {
            let people = RotationSamples.people(count)
            let rounds = try RotationPlanner.plan(
                present: people,
                format: Self.triads,
                history: RotationHistory()
            )
            for person in people {
                let roles = rounds.joined().compactMap { $0.role(of: person) }
                #expect(roles.count { $0 == .coach } == 1)
                if roles.count == 3 { #expect(Set(roles) == [.client, .coach, .observer]) }
            }
        }
    }

    @Test func `the order in which people are named does not matter`() throws {
        for seed in 1...20 {
            var random = RotationSamples.Numbers(seed: UInt64(seed))
            let people = RotationSamples.people(2 + Int(random.next() % 23))
            let history = RotationSamples.randomHistory(of: people, &random)
            let plan = try RotationPlanner.plan(
                present: people,
                format: Self.triads,
                history: history
            )
            let shuffled = people.shuffled(using: &random)
            let again = try RotationPlanner.plan(
                present: shuffled + shuffled.prefix(2),
                format: Self.triads,
                history: history
            )
            #expect(plan == again, "seed \(seed)")
        }
    }

    @Test func `who is owed a turn is client first, in order of debt`() throws {
        for seed in 1...60 {
            var random = RotationSamples.Numbers(seed: UInt64(seed))
            let people = RotationSamples.people(3 + Int(random.next() % 16))
            let sizes = try RotationPlanner.podSizes(for: people.count, format: Self.triads)
            var history = RotationSamples.randomHistory(of: people, &random, owing: false)
            let owed = people.shuffled(using: &random).prefix(sizes.count)
            for (debt, person) in owed.enumerated() {
                for _ in 0...debt { history.recordMissed(by: person) }
            }
            let rounds = try RotationPlanner.plan(
                present: people,
                format: Self.triads,
                history: history
            )
            #expect(Set(rounds[0].map(\.client)) == Set(owed), "seed \(seed)")
        }
    }

    @Test func `more people owed than pods are client in the order of their debts`() throws {
        var history = RotationHistory()
        let people = RotationSamples.people(6)
        for (place, person) in people.enumerated() {
            for _ in 0..<(place + 1) { history.recordMissed(by: person) }
        }
        let rounds = try RotationPlanner.plan(
            present: people,
            format: Self.triads,
            history: history
        )
        #expect(Set(rounds[0].map(\.client)) == Set(people[4...]))
        #expect(Set(rounds[1].map(\.client)) == Set(people[2...3]))
    }

    @Test func `over a series with absences everyone gets a turn each time they come`() throws {
        for seed in 1...12 {
            var random = RotationSamples.Numbers(seed: UInt64(seed))
            let all = RotationSamples.people(4 + Int(random.next() % 9))
            var history = RotationHistory()
            for _ in 1...12 {
                let present = all.filter { _ in random.next() % 5 > 0 }
                if present.count > 1 { try hold(present, Self.triads, &history) }
            }
            for tally in history.people {
                #expect(tally.asClient == tally.sessions, "seed \(seed)")
                #expect(tally.asCoach == tally.sessions, "seed \(seed)")
            }
        }
    }

    @Test func `over a series that is cut short turns stay even and debts come first`() throws {
        for seed in 1...20 {
            var random = RotationSamples.Numbers(seed: UInt64(seed))
            let all = RotationSamples.people(3 + Int(random.next() % 10))
            var history = RotationHistory()
            for _ in 1...12 {
                let rounds = try RotationPlanner.plan(
                    present: all,
                    format: Self.triads,
                    history: history
                )
                let debtors = Set(history.owed.keys)
                if debtors.count <= rounds[0].count {
                    #expect(debtors.isSubset(of: rounds[0].map(\.client)), "seed \(seed)")
                }
                history.recordAttendance(of: all)
                // One session in three ends before its last round.
                let cut = random.next() % 3 == 0 ? rounds.count - 1 : rounds.count
                for turn in rounds[..<cut].joined() { history.recordCompleted(turn) }
                for turn in rounds[cut...].joined() { history.recordMissed(by: turn.client) }
                let turns = all.map { Int(history[$0].asClient) }
                #expect((turns.max() ?? 0) - (turns.min() ?? 0) <= 1, "seed \(seed)")
            }
        }
    }

    @Test func `who was absent in between is still client first where a turn is owed`() throws {
        for seed in 1...20 {
            var random = RotationSamples.Numbers(seed: UInt64(seed))
            let all = RotationSamples.people(4 + Int(random.next() % 9))
            var history = RotationHistory()
            for _ in 1...12 {
                let present = all.filter { _ in random.next() % 5 > 0 }
                guard present.count > 1 else { continue }
                let rounds = try RotationPlanner.plan(
                    present: present,
                    format: Self.triads,
                    history: history
                )
                expectSound(rounds, people: present, sizes: Self.triads)
                let debtors = present.filter { history[$0].owed > 0 }
                let first = rounds[0].map(\.client)
                #expect(
                    first.count { debtors.contains($0) } == min(debtors.count, first.count),
                    "seed \(seed)"
                )
                history.recordAttendance(of: present)
                let cut = random.next() % 2 == 0 ? rounds.count - 1 : rounds.count
                for turn in rounds[..<cut].joined() { history.recordCompleted(turn) }
                for turn in rounds[cut...].joined() { history.recordMissed(by: turn.client) }
            }
        }
    }

    @Test(arguments: 2...12)
    func `everyone who always comes holds each role equally often, give or take one`(
        count: Int
    ) throws {
        let people = RotationSamples.people(count)
        var history = RotationHistory()
        for _ in 1...12 { try hold(people, Self.triads, &history) }
        for role in [\PersonTally.asClient, \.asCoach, \.asObserver] {
            let counts = people.map { Int(history[$0][keyPath: role]) }
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        }
    }

    @Test(arguments: [3, 4, 6, 9, 12])
    func `over enough sessions everyone has coached everyone`(count: Int) throws {
        let people = RotationSamples.people(count)
        var history = RotationHistory()
        for _ in 1...(2 * count) { try hold(people, Self.triads, &history) }
        let coached = people.flatMap { coach in
            people.filter { $0 != coach }.map { history.times(coach: coach, client: $0) }
        }
        #expect(coached.allSatisfy { $0 > 0 })
    }

    @Test(arguments: [6, 9, 12])
    func `two sessions repeat no pair of coach and client`(count: Int) throws {
        var history = RotationHistory()
        for _ in 1...2 { try hold(RotationSamples.people(count), Self.triads, &history) }
        #expect(history.pairs.count == 2 * count)
        #expect(history.pairs.allSatisfy { $0.count == 1 })
    }

    @Test func `for few people no other division repeats fewer pairs`() throws {
        for seed in 1...20 {
            var random = RotationSamples.Numbers(seed: UInt64(seed))
            let people = RotationSamples.people(6)
            let history = RotationSamples.randomHistory(
                of: people,
                &random,
                owing: false,
                observing: false
            )
            let rounds = try RotationPlanner.plan(
                present: people,
                format: Self.triads,
                history: history
            )
            let planned = repeats(of: rounds.joined().map { ($0.coaches[0], $0.client) }, history)
            #expect(planned == cheapestTriads(people, history), "seed \(seed)")
        }
    }

    @Test func `the largest group is planned in little time`() throws {
        var random = RotationSamples.Numbers(seed: 7)
        let people = RotationSamples.people(24)
        let history = RotationSamples.randomHistory(of: people, &random)
        let time = try processorTime {
            _ = try RotationPlanner.plan(present: people, format: Self.triads, history: history)
        }
        #expect(time < .seconds(5))
    }

    // MARK: Checks

    private func hold(
        _ people: [PersonID],
        _ sizes: PodSizes,
        _ history: inout RotationHistory
    ) throws {
        let rounds = try RotationPlanner.plan(present: people, format: sizes, history: history)
        history.recordAttendance(of: people)
        for turn in rounds.joined() { history.recordCompleted(turn) }
    }

    private func expectSound(_ rounds: [[Pod]], people: [PersonID], sizes: PodSizes?) {
        #expect(rounds.joined().map(\.client).sorted() == people.sorted())
        for round in rounds {
            let seated = round.flatMap(\.people)
            #expect(Set(seated).count == seated.count)
            #expect(round.map(\.number) == round.map(\.number).sorted())
            for pod in round {
                #expect(pod.coaches.count == 1)
                #expect(rounds[0].contains { Set($0.people) == Set(pod.people) })
                if let sizes {
                    let allowed = Int(sizes.smallest)...Int(sizes.largest)
                    #expect(allowed.contains(pod.people.count))
                }
            }
        }
        #expect(rounds[0].flatMap(\.people).sorted() == people.sorted())
    }

    private func cheapestTriads(_ people: [PersonID], _ history: RotationHistory) -> Int {
        var best = Int.max
        for order in permutations(people) {
            let pairs = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)].map {
                (order[$0.0], order[$0.1])
            }
            best = min(best, repeats(of: pairs, history))
        }
        return best
    }

    private func repeats(
        of pairs: [(coach: PersonID, client: PersonID)],
        _ history: RotationHistory
    ) -> Int {
        pairs.reduce(0) { $0 + 2 * Int(history.times(coach: $1.coach, client: $1.client)) + 1 }
    }

    private func permutations(_ people: [PersonID]) -> [[PersonID]] {
        if people.count < 2 { return [people] }
        return people.indices.flatMap { index in
            var rest = people
            let head = rest.remove(at: index)
            return permutations(rest).map { [head] + $0 }
        }
    }
}

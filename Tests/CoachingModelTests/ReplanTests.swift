// SPDX-License-Identifier: Apache-2.0

import CoachingModel
import Testing

struct ReplanTests {
    private func plan(_ count: Int) throws -> [[Pod]] {
        try RotationPlanner.plan(
            present: RotationSamples.people(count),
            format: RotationPlannerTests.triads,
            history: RotationHistory()
        )
    }

    @Test func `who comes late observes in the smallest pod from the next round and is owed`()
        throws
    {
        let rounds = try plan(7)
        let late = RotationSamples.people(8)[7]
        let changed = RotationPlanner.replan(rounds: rounds, next: 1, late: [late], gone: [])
        #expect(changed.rounds[0] == rounds[0])
        #expect(changed.owed == [late])
        for round in changed.rounds[1...2] {
            let pod = round.first { $0.role(of: late) != nil }
            #expect(pod?.role(of: late) == .observer)
            #expect(pod?.people.count == 4)
        }
        #expect(changed.rounds.joined().allSatisfy { $0.client != late })
    }

    @Test func `several who come late are spread over the pods`() throws {
        let rounds = try plan(6)
        let late = Array(RotationSamples.people(10)[6...])
        let changed = RotationPlanner.replan(rounds: rounds, next: 0, late: late, gone: [])
        #expect(changed.rounds.allSatisfy { $0.map(\.people.count) == [5, 5] })
        #expect(changed.owed == late)
    }

    @Test func `a pod whose client is gone goes on with its next client`() throws {
        let rounds = try plan(3)
        let gone = rounds[1][0].client
        let changed = RotationPlanner.replan(rounds: rounds, next: 1, late: [], gone: [gone])
        #expect(changed.rounds.count == 2)
        #expect(changed.rounds[1][0].client == rounds[2][0].client)
        #expect(changed.rounds[1][0].coaches == [rounds[0][0].client])
        #expect(changed.rounds[1][0].observers == [])
        #expect(changed.owed == [gone])
    }

    @Test func `a coach who is gone is replaced by who has coached least`() throws {
        let rounds = try plan(4)
        let gone = rounds[1][0].coaches[0]
        let changed = RotationPlanner.replan(rounds: rounds, next: 1, late: [], gone: [gone])
        let pod = changed.rounds[1][0]
        #expect(pod.coaches.count == 1)
        #expect(pod.coaches != rounds[0][0].coaches)
        #expect(!pod.people.contains(gone))
        #expect(pod.people.count == 3)
    }

    @Test func `who is left alone observes in another pod and is owed their turn`() throws {
        let rounds = try plan(5)
        let pair = try #require(rounds[0].first { $0.people.count == 2 })
        let alone = pair.coaches[0]
        let changed = RotationPlanner.replan(
            rounds: rounds,
            next: 1,
            late: [],
            gone: [pair.client]
        )
        #expect(changed.owed == [alone])
        for round in changed.rounds[1...] {
            #expect(round.count == 1)
            #expect(round[0].role(of: alone) == .observer)
        }
    }

    @Test func `people whose pods are all gone work together`() throws {
        let rounds = try RotationPlanner.plan(
            present: RotationSamples.people(4),
            format: RotationPlannerTests.pairs,
            history: RotationHistory()
        )
        let gone = rounds[0].map(\.client)
        let changed = RotationPlanner.replan(rounds: rounds, next: 1, late: [], gone: gone)
        let left = Set(RotationSamples.people(4)).subtracting(gone)
        #expect(changed.rounds.count == 3)
        #expect(Set(changed.rounds[1...].joined().map(\.client)) == left)
        #expect(changed.owed == [])
    }

    @Test func `nothing that anyone can do to a plan breaks it`() throws {
        for seed in 1...100 {
            var random = RotationSamples.Numbers(seed: UInt64(seed))
            let all = RotationSamples.people(24)
            let present = Array(all.shuffled(using: &random).prefix(2 + Int(random.next() % 12)))
            var rounds = try RotationPlanner.plan(
                present: present,
                format: RotationPlannerTests.triads,
                history: RotationHistory()
            )
            var gone: Set<PersonID> = []
            var there = Set(present)
            for next in 0...3 {
                let late = all.filter { _ in random.next() % 8 == 0 }
                let leaving = all.filter { _ in random.next() % 6 == 0 }
                let changed = RotationPlanner.replan(
                    rounds: rounds,
                    next: next,
                    late: late,
                    gone: leaving
                )
                let begun = min(next, rounds.count)
                #expect(Array(changed.rounds[..<begun]) == Array(rounds[..<begun]))
                there.formUnion(late)
                gone.formUnion(leaving)
                gone.subtract(late.filter { !leaving.contains($0) })
                rounds = changed.rounds
                for round in rounds[begun...] {
                    let seated = round.flatMap(\.people)
                    #expect(Set(seated).count == seated.count, "seed \(seed)")
                    #expect(gone.isDisjoint(with: seated), "seed \(seed)")
                    #expect(there.isSuperset(of: seated), "seed \(seed)")
                    #expect(round.allSatisfy { !$0.coaches.isEmpty }, "seed \(seed)")
                    #expect(!round.isEmpty, "seed \(seed)")
                }
                let clients = rounds.joined().map(\.client)
                #expect(Set(clients).count == clients.count, "seed \(seed)")
                #expect(Set(clients).isDisjoint(with: changed.owed), "seed \(seed)")
            }
        }
    }

    @Test func `a round outside the plan changes nothing that has begun`() throws {
        let rounds = try plan(3)
        let changed = RotationPlanner.replan(
            rounds: rounds,
            next: 99,
            late: RotationSamples.people(4),
            gone: [RotationSamples.people(1)[0]]
        )
        #expect(changed.rounds == rounds)
        #expect(changed.owed == [RotationSamples.people(4)[3]])
        #expect(
            RotationPlanner.replan(rounds: rounds, next: -1, late: [], gone: []).rounds == rounds
        )
    }
}

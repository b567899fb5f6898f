// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// Another pod from the next round on.
struct MoveTests {
    private let people = RotationSamples.people(12)

    private func plan(_ count: Int, _ sizes: PodSizes) throws -> [[Pod]] {
        try RotationPlanner.plan(
            present: RotationSamples.people(count),
            format: sizes,
            history: RotationHistory()
        )
    }

    private func pods(_ rounds: some Sequence<[Pod]>) -> [UInt8: Set<PersonID>] {
        rounds.joined().reduce(into: [:]) { $0[$1.number, default: []].formUnion($1.people) }
    }

    @Test(arguments: [
        RotationPlannerTests.triads, RotationPlannerTests.pairs, RotationPlannerTests.fours,
    ])
    func `any wish in any plan keeps the sizes, or is refused by name`(sizes: PodSizes) throws {
        var (moved, refused) = (0, Set<MoveRefusal>())
        for count in Int(sizes.smallest)...12 {
            let rounds = try plan(count, sizes)
            for next in 0...rounds.count {
                let before = pods(rounds[next...])
                for person in RotationSamples.people(count + 1) {
                    for target in 0...UInt8(before.count) {
                        do throws(MoveRefusal) {
                            let after = try RotationPlanner.move(
                                person,
                                to: target,
                                rounds: rounds,
                                next: next,
                                sizes: sizes
                            )
                            check(after, rounds, next, person, target, sizes)
                            if after != rounds { moved += 1 }
                        } catch {
                            refused.insert(error)
                            expect(error, before, person, target, sizes)
                        }
                    }
                }
            }
        }
        #expect(moved > 20)
        #expect(refused == Set(MoveRefusal.allCases))
    }

    private func expect(
        _ error: MoveRefusal,
        _ before: [UInt8: Set<PersonID>],
        _ person: PersonID,
        _ target: UInt8,
        _ sizes: PodSizes
    ) {
        let source = before.first { $0.value.contains(person) }
        switch error {
        case .noSuchPod: #expect(before[target] == nil)
        case .noPlace: #expect(source == nil && before[target] != nil)
        case .size:
            #expect(
                before[target]?.count ?? 0 >= Int(sizes.largest)
                    || source?.value.count ?? 0 <= Int(sizes.smallest)
            )
        }
    }

    private func check(
        _ after: [[Pod]],
        _ rounds: [[Pod]],
        _ next: Int,
        _ person: PersonID,
        _ target: UInt8,
        _ sizes: PodSizes
    ) {
        #expect(Array(after[..<next]) == Array(rounds[..<next]))
        #expect(after.count <= rounds.count)
        let (old, new) = (pods(rounds[next...]), pods(after[next...]))
        guard old[target]?.contains(person) != true else { return #expect(after == rounds) }
        let source = old.first { $0.value.contains(person) }?.key
        #expect(new[target] == old[target]?.union([person]))
        for (pod, there) in old where pod != target && pod != source {
            #expect(new[pod] == there)
            let turns = rounds[next...].joined().filter { $0.number == pod }
            #expect(Array(after[next...].joined().filter { $0.number == pod }) == Array(turns))
        }
        for round in after[next...] {
            let seated = round.flatMap(\.people)
            #expect(Set(seated).count == seated.count)
            for pod in round where pod.number == target || pod.number == source {
                #expect(!pod.coaches.isEmpty)
                #expect((Int(sizes.smallest)...Int(sizes.largest)).contains(pod.people.count))
            }
        }
        let (were, are) = (rounds.joined().map(\.client), after.joined().map(\.client))
        #expect(Set(are).count == are.count)
        #expect(Set(were).subtracting(are).isSubset(of: [person]))
        #expect(Set(are).isSubset(of: were))
    }

    @Test func `who was to be client brings the turn along where a round is free`() throws {
        let rounds = try plan(5, RotationPlannerTests.triads)
        let three = try #require(pods(rounds).first { $0.value.count == 3 })
        let two = try #require(pods(rounds).first { $0.value.count == 2 })
        let last = try #require(rounds.last?.first { $0.number == three.key }?.client)
        let after = try RotationPlanner.move(
            last,
            to: two.key,
            rounds: rounds,
            next: 1,
            sizes: RotationPlannerTests.triads
        )
        let own = try #require(after.joined().first { $0.client == last })
        #expect(own.number == two.key)
        #expect(own.coaches.count == 1 && own.observers.count == 1)
        #expect(after.last == [own])
    }
}

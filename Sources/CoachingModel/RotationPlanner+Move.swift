// SPDX-License-Identifier: Apache-2.0

/// Why somebody cannot work in another pod.
public enum MoveRefusal: Error, Hashable, Sendable, CaseIterable {
    /// There is no such pod in the rounds to come.
    case noSuchPod
    /// The person has no place in the rounds to come.
    case noPlace
    /// The pod that they leave would have too few people, or the one that they join too many.
    case size
}

extension RotationPlanner {
    /// Puts somebody into another pod for the rounds that have not begun.
    ///
    /// They observe there. Where they were to be client in one of these rounds, that turn falls
    /// out of the pod that they leave; they have it at the end of the new pod's where that fits
    /// into the rounds that there are, else they are owed one. A coach who goes is replaced by who
    /// has coached least. Pods that are neither left nor joined stay as they are.
    ///
    /// - Parameters:
    ///   - person: who moves.
    ///   - target: the pod's number.
    ///   - rounds: the running plan.
    ///   - next: the place in `rounds` of the first round that has not begun.
    ///   - sizes: how many people a pod may have.
    /// - Returns: the whole plan again; the same one where they work there already.
    /// - Throws: why the wish cannot be granted.
    public static func move(
        _ person: PersonID,
        to target: UInt8,
        rounds: [[Pod]],
        next: Int,
        sizes: PodSizes
    ) throws(MoveRefusal) -> [[Pod]] {
        let next = min(max(0, next), rounds.count)
        let begun = Array(rounds[..<next].joined())
        let planned = Array(rounds[next...].joined())
        guard planned.contains(where: { $0.number == target }) else { throw .noSuchPod }
        let own = planned.filter { $0.role(of: person) != nil }
        guard !own.isEmpty else { throw .noPlace }
        let sources = Set(own.map(\.number)).subtracting([target])
        guard !sources.isEmpty else { return rounds }
        func people(_ pod: UInt8) -> Set<PersonID> {
            Set(planned.filter { $0.number == pod }.flatMap(\.people)).subtracting([person])
        }
        guard people(target).count < Int(sizes.largest),
            sources.allSatisfy({ people($0).count >= Int(sizes.smallest) })
        else { throw .size }
        let isOwed = own.contains { $0.client == person && $0.number != target }
        let wasClient = begun.contains { $0.client == person }
        let pods = Set(planned.map(\.number)).sorted().map { number in
            var turns = planned.filter { $0.number == number }
            if number == target {
                turns = turns.map { $0.with(person) }
                let fits = turns.count < rounds.count - next
                if isOwed, !wasClient, fits, !turns.contains(where: { $0.client == person }) {
                    let turn = Pod(
                        number: number,
                        client: person,
                        coaches: [],
                        observers: people(number).sorted()
                    )
                    turns.append(turn.coached(after: begun + turns))
                }
            } else if sources.contains(number) {
                turns.removeAll { $0.client == person }
                for index in turns.indices {
                    let before = begun.filter { $0.number == number } + turns[..<index]
                    turns[index] = turns[index].without(person).coached(after: before)
                }
            }
            return turns
        }
        let count = pods.map(\.count).max() ?? 0
        return Array(rounds[..<next])
            + (0..<count).map { round in
                pods.compactMap { round < $0.count ? $0[round] : nil }
            }
    }
}

extension Pod {
    fileprivate func with(_ person: PersonID) -> Pod {
        var pod = self
        if role(of: person) == nil { pod.observers.append(person) }
        return pod
    }

    fileprivate func without(_ person: PersonID) -> Pod {
        var pod = self
        pod.coaches.removeAll { $0 == person }
        pod.observers.removeAll { $0 == person }
        return pod
    }

    /// The same with a coach, where it lost all: the observer who has coached least.
    fileprivate func coached(after done: [Pod]) -> Pod {
        guard coaches.isEmpty else { return self }
        func times(_ person: PersonID) -> Int { done.count { $0.coaches.contains(person) } }
        let coach = observers.min { (times($0), $0) < (times($1), $1) }
        var pod = self
        pod.coaches = coach.map { [$0] } ?? []
        pod.observers.removeAll { $0 == coach }
        return pod
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A running plan after people came or went, and who did not get their turn by it.
public struct ReplannedRounds: Hashable, Sendable {
    /// All rounds: those that have begun as they were, and those that remain.
    public var rounds: [[Pod]]
    /// Who came late, lost their turn or left before it, ascending; each is owed one more turn.
    public var owed: [PersonID]

    /// Makes the result.
    public init(rounds: [[Pod]], owed: [PersonID]) {
        self.rounds = rounds
        self.owed = owed
    }
}

extension RotationPlanner {
    /// Changes what remains of a plan because people came late or left for good.
    ///
    /// Rounds that have begun stay as they are. Who is gone is taken out; a pod whose client is
    /// gone goes on with its next client; a coach who is gone is replaced by the observer who has
    /// coached least; who is left alone joins the smallest other pod as an observer, and so does
    /// who comes late, never in a turn that has begun.
    ///
    /// - Parameters:
    ///   - rounds: the running plan.
    ///   - next: the place in `rounds` of the first round that has not begun.
    ///   - late: who came; whoever still has a place in the plan is left where they are.
    ///   - gone: who left for good; whoever is in both lists is gone.
    /// - Returns: the whole plan again, and who is owed a turn now.
    public static func replan(
        rounds: [[Pod]],
        next: Int,
        late: [PersonID],
        gone: [PersonID]
    ) -> ReplannedRounds {
        let next = min(max(0, next), rounds.count)
        var rest = RemainingRounds(
            begun: Array(rounds[..<next]),
            planned: Array(rounds[next...]),
            gone: Set(gone)
        )
        rest.seatThoseAlone()
        rest.seat(late: Set(late).subtracting(gone).sorted())
        return ReplannedRounds(rounds: rest.rounds, owed: rest.owed.sorted())
    }
}

/// The turns of one pod that have not begun.
private struct RemainingPod {
    let number: UInt8
    var people: [PersonID]
    var turns: [Pod]
}

/// The part of a plan that can still be changed.
private struct RemainingRounds {
    let begun: [[Pod]]
    var pods: [RemainingPod] = []
    var owed: Set<PersonID> = []
    private let wereClient: Set<PersonID>
    private let gone: Set<PersonID>

    init(begun: [[Pod]], planned: [[Pod]], gone: Set<PersonID>) {
        self.begun = begun
        self.gone = gone
        wereClient = Set(begun.joined().map(\.client))
        for number in Set(planned.joined().map(\.number)).sorted() {
            let turns = planned.joined().filter { $0.number == number }
            for turn in turns where gone.contains(turn.client) { owed.insert(turn.client) }
            let people = Set(turns.flatMap(\.people)).subtracting(gone).sorted()
            guard !people.isEmpty else { continue }
            var pod = RemainingPod(number: number, people: people, turns: [])
            for turn in turns where !gone.contains(turn.client) && people.count > 1 {
                pod.turns.append(turnWithout(turn, people: people, before: pod.turns))
            }
            pods.append(pod)
        }
        owed.subtract(wereClient)
    }

    /// The whole plan again, without rounds in which nothing is left to do.
    var rounds: [[Pod]] {
        let count = pods.map(\.turns.count).max() ?? 0
        return begun
            + (0..<count).map { round in
                pods.compactMap { round < $0.turns.count ? $0.turns[round] : nil }
            }
    }

    private func turnWithout(_ turn: Pod, people: [PersonID], before: [Pod]) -> Pod {
        var turn = turn
        turn.coaches.removeAll(where: gone.contains)
        turn.observers.removeAll(where: gone.contains)
        guard turn.coaches.isEmpty else { return turn }
        let done = begun.joined().filter { $0.number == turn.number } + before
        let free = people.filter { $0 != turn.client }
        let coach = free.min { left, right in
            let times = { (person: PersonID) in done.count { $0.coaches.contains(person) } }
            return (times(left), left) < (times(right), right)
        }
        if let coach {
            turn.coaches = [coach]
            turn.observers.removeAll { $0 == coach }
        }
        return turn
    }

    /// Places people whose pod has nobody else any more.
    mutating func seatThoseAlone() {
        let alone = pods.filter { $0.people.count == 1 }
        guard let first = alone.first else { return }
        pods.removeAll { $0.people.count == 1 }
        let people = alone.flatMap(\.people)
        if pods.contains(where: { !$0.turns.isEmpty }) || people.count == 1 {
            owed.formUnion(Set(people).subtracting(wereClient))
            for person in people { seatAsObserver(person) }
        } else {
            pods.append(together(people, number: first.number))
        }
    }

    /// Lets people whose pods are gone work together: who was not yet client is client in turn.
    private func together(_ people: [PersonID], number: UInt8) -> RemainingPod {
        var turns: [Pod] = []
        for (place, client) in people.enumerated() where !wereClient.contains(client) {
            let others = (1..<people.count).map { people[(place + $0) % people.count] }
            turns.append(
                Pod(
                    number: number,
                    client: client,
                    coaches: Array(others.prefix(1)),
                    observers: Array(others.dropFirst())
                )
            )
        }
        return RemainingPod(number: number, people: people, turns: turns)
    }

    /// Places people who came after the plan was made.
    mutating func seat(late: [PersonID]) {
        for person in late {
            let planned = pods.contains { $0.people.contains(person) }
            if planned { continue }
            if !wereClient.contains(person) { owed.insert(person) }
            seatAsObserver(person)
        }
    }

    private mutating func seatAsObserver(_ person: PersonID) {
        let open = pods.indices.filter { !pods[$0].turns.isEmpty }
        let smallest = open.min {
            (pods[$0].people.count, pods[$0].number) < (pods[$1].people.count, pods[$1].number)
        }
        guard let smallest else { return }
        pods[smallest].people.append(person)
        for turn in pods[smallest].turns.indices {
            pods[smallest].turns[turn].observers.append(person)
        }
    }
}

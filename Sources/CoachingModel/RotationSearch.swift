// SPDX-License-Identifier: Apache-2.0

/// Looks for the best division of people into pods.
///
/// People are numbers, their places in the ascending list; a pod is a set of bits. The cost of a
/// division is the sum of its pods' costs, so that a pod is judged once.
///
/// 1. Up to 12 people: the cheapest division, by trying every pod for the first person who has
///    none, and remembering what is known about the rest.
/// 2. Above: several starts, and from each exchanges of two people as long as one helps.
struct RotationSearch {
    private static let exactPeopleMax = 12
    private static let exactCycleMax = 5
    private static let starts = 8
    private static let passesMax = 64
    /// Counts from a history are held to this, so that no sum in here can overflow.
    private static let countMax = 1_000_000

    private let people: [PersonID]
    /// Turns owed, by person.
    private let owed: [Int]
    /// How much more a person has observed than their turns as client let expect.
    private let watched: [Int]
    /// How often (coach, client) worked together, at `coach * people.count + client`.
    private let coached: [Int]
    /// How many turns a person lacks for the sessions that they came to, beyond the luckiest.
    private let lacking: [Int]
    /// People by priority: the most owed first, then who was client least.
    private let rank: [Int]

    private var pods: [UInt32: JudgedPod] = [:]
    private var divisions: [Remainder: Division] = [:]

    init(people: [PersonID], history: RotationHistory, usual: Int) {
        func held(_ count: UInt32) -> Int { min(Int(count), Self.countMax) }
        let tallies = people.map { history[$0] }
        self.people = people
        owed = tallies.map { held($0.owed) }
        watched = tallies.map { held($0.asObserver) - (usual - 2) * held($0.asClient) }
        coached = people.flatMap { coach in
            people.map { client in held(history.times(coach: coach, client: client)) }
        }
        // Measured against the sessions they came to, so that a newcomer has no head start.
        let lacking = tallies.map { max(0, held($0.sessions) - held($0.asClient)) }
        let least = lacking.min() ?? 0
        self.lacking = lacking.map { $0 - least }
        let order = people.indices.sorted { left, right in
            let (one, other) = (tallies[left], tallies[right])
            return (other.owed, lacking[right], one.asClient, left)
                < (one.owed, lacking[left], other.asClient, right)
        }
        var rank = people.map { _ in 0 }
        for (place, person) in order.enumerated() { rank[person] = place }
        self.rank = rank
    }

    /// Divides all people into pods of these sizes, which add up to their number.
    mutating func pods(of sizes: [Int]) -> [UInt32] {
        if people.count <= Self.exactPeopleMax {
            let all = UInt32((1 << people.count) - 1)
            return best(Remainder(people: all, sizes: sizes.sorted())).pods
        }
        var found: Division?
        for start in 0..<Self.starts {
            let division = improved(from: started(start, sizes: sizes))
            if found.map({ division.cost < $0.cost }) ?? true { found = division }
        }
        return found?.pods ?? []
    }

    /// Gives a pod's turns: clients by priority, coaches by the cheapest cycle, the rest observe.
    mutating func turns(of pod: UInt32) -> [Pod] {
        let cycle = judged(pod).cycle
        let clients = cycle.sorted { rank[$0] < rank[$1] }
        return clients.map { client in
            let place = cycle.firstIndex(of: client) ?? 0
            // The observers stand in the order of the cycle, the next coach first.
            let others = (1..<cycle.count).map { people[cycle[(place + $0) % cycle.count]] }
            return Pod(
                number: 0,
                client: people[client],
                coaches: Array(others.prefix(1)),
                observers: Array(others.dropFirst())
            )
        }
    }

    // MARK: One pod

    private mutating func judged(_ pod: UInt32) -> JudgedPod {
        if let known = pods[pod] { return known }
        let members = people.indices.filter { pod & 1 << UInt32($0) != 0 }
        var cost = RotationCost()
        let waiting = members.map { owed[$0] }.filter { $0 > 0 }.sorted(by: >)
        for (round, debt) in waiting.enumerated() { cost.waiting += round * debt }
        // Should the session end early, its last client loses the turn.
        let last = members.max { rank[$0] < rank[$1] }
        cost.risk = last.map { lacking[$0] } ?? 0
        for member in members {
            let after = watched[member] + max(0, members.count - 2)
            cost.uneven += after * after - watched[member] * watched[member]
        }
        let (cycle, repeats) = cheapestCycle(of: members)
        cost.repeats = repeats
        let judged = JudgedPod(cost: cost, cycle: cycle)
        pods[pod] = judged
        return judged
    }

    /// Finds the order in which each is coached by the next, with the fewest repetitions.
    private func cheapestCycle(of members: [Int]) -> (cycle: [Int], cost: Int) {
        guard let head = members.first else { return ([], 0) }
        var best = members
        var bestCost = cost(ofCycle: members)
        if members.count <= Self.exactCycleMax {
            // The head stays where it is, since turning a cycle does not change it.
            var tail = Array(members.dropFirst())
            while tail.formNextPermutation() {
                let cost = cost(ofCycle: [head] + tail)
                if cost < bestCost { (best, bestCost) = ([head] + tail, cost) }
            }
            return (best, bestCost)
        }
        var improves = true
        var passes = 0
        while improves, passes < Self.passesMax {
            improves = false
            passes += 1
            for left in 1..<best.count {
                for right in (left + 1)..<max(left + 1, best.count) {
                    var other = best
                    other.swapAt(left, right)
                    let cost = cost(ofCycle: other)
                    if cost < bestCost { (best, bestCost, improves) = (other, cost, true) }
                }
            }
        }
        return (best, bestCost)
    }

    /// Weighs a repetition the more the more often it was: the step between two squares.
    private func cost(ofCycle cycle: [Int]) -> Int {
        var cost = 0
        for (place, client) in cycle.enumerated() {
            let coach = cycle[(place + 1) % cycle.count]
            cost += 2 * coached[coach * people.count + client] + 1
        }
        return cost
    }

    // MARK: Few people

    private mutating func best(_ rest: Remainder) -> Division {
        if rest.people == 0 { return Division() }
        if let known = divisions[rest] { return known }
        var found: Division?
        let head = UInt32(1) << UInt32(rest.people.trailingZeroBitCount)
        var tried = 0
        for (place, size) in rest.sizes.enumerated() where size != tried {
            tried = size
            var smaller = rest
            smaller.sizes.remove(at: place)
            for others in subsets(of: rest.people & ~head, count: size - 1) {
                smaller.people = rest.people & ~(head | others)
                let pod = judged(head | others)
                var division = best(smaller)
                division.cost.add(pod.cost)
                if found.map({ division.cost < $0.cost }) ?? true {
                    division.pods.append(head | others)
                    found = division
                }
            }
        }
        let division = found ?? Division()
        divisions[rest] = division
        return division
    }

    private func subsets(of set: UInt32, count: Int) -> [UInt32] {
        if count == 0 { return [0] }
        if set.nonzeroBitCount < count { return [] }
        let head = UInt32(1) << UInt32(set.trailingZeroBitCount)
        let rest = set & ~head
        return subsets(of: rest, count: count - 1).map { $0 | head }
            + subsets(of: rest, count: count)
    }

    // MARK: Many people

    /// Deals people out by priority, so that those who are owed most sit in different pods.
    private func started(_ start: Int, sizes: [Int]) -> [UInt32] {
        var order = people.indices.sorted { rank[$0] < rank[$1] }
        let shift = min(order.count, max(sizes.count, owed.count { $0 > 0 }))
        let tail = order[shift...]
        let turn = tail.isEmpty ? 0 : start * 5 % tail.count
        order = Array(order[..<shift] + tail.dropFirst(turn) + tail.prefix(turn))
        var pods = sizes.map { _ in UInt32(0) }
        var place = 0
        for person in order {
            while pods[place].nonzeroBitCount >= sizes[place] { place = (place + 1) % sizes.count }
            pods[place] |= 1 << UInt32(person)
            place = (place + 1) % sizes.count
        }
        return pods
    }

    private mutating func improved(from pods: [UInt32]) -> Division {
        var pods = pods
        var costs = pods.map { judged($0).cost }
        var improves = true
        var passes = 0
        while improves, passes < Self.passesMax {
            improves = false
            passes += 1
            for (left, right, one, other) in exchanges(between: pods) {
                // An exchange before this one may have moved either of the two.
                guard pods[left] & one != 0, pods[right] & other != 0 else { continue }
                let changed = (pods[left] ^ one ^ other, pods[right] ^ one ^ other)
                let after = (judged(changed.0).cost, judged(changed.1).cost)
                if after.0.adding(after.1) < costs[left].adding(costs[right]) {
                    (pods[left], pods[right]) = changed
                    (costs[left], costs[right]) = after
                    improves = true
                }
            }
        }
        return Division(cost: costs.reduce(RotationCost()) { $0.adding($1) }, pods: pods)
    }

    private func exchanges(between pods: [UInt32]) -> [(Int, Int, UInt32, UInt32)] {
        let bits = people.indices.map { UInt32(1) << UInt32($0) }
        return pods.indices.flatMap { left in
            pods.indices.dropFirst(left + 1).flatMap { right in
                bits.filter { pods[left] & $0 != 0 }.flatMap { one in
                    bits.filter { pods[right] & $0 != 0 }.map { (left, right, one, $0) }
                }
            }
        }
    }
}

/// What is wrong with a pod or a division; the first number that differs decides.
private struct RotationCost: Comparable {
    /// Rounds for which people who are owed a turn must wait, times what they are owed.
    var waiting = 0
    /// Turns that the clients of the last rounds lack already, as they may lose another.
    var risk = 0
    /// How far the pod moves its people away from having observed equally often.
    var uneven = 0
    /// How often its coaches have coached its clients before.
    var repeats = 0

    mutating func add(_ other: RotationCost) {
        waiting += other.waiting
        risk += other.risk
        uneven += other.uneven
        repeats += other.repeats
    }

    func adding(_ other: RotationCost) -> RotationCost {
        var sum = self
        sum.add(other)
        return sum
    }

    static func < (left: RotationCost, right: RotationCost) -> Bool {
        (left.waiting, left.risk, left.uneven, left.repeats)
            < (right.waiting, right.risk, right.uneven, right.repeats)
    }
}

private struct JudgedPod {
    let cost: RotationCost
    /// Each is coached by the next, the last by the first.
    let cycle: [Int]
}

private struct Division {
    var cost = RotationCost()
    var pods: [UInt32] = []
}

/// Who is still to be divided, and into pods of which sizes.
private struct Remainder: Hashable {
    var people: UInt32
    var sizes: [Int]
}

extension Array where Element == Int {
    /// Goes to the next order in the dictionary of orders; tells whether there was one.
    fileprivate mutating func formNextPermutation() -> Bool {
        guard let pivot = indices.dropLast().last(where: { self[$0] < self[$0 + 1] }) else {
            return false
        }
        guard let swap = indices.last(where: { self[$0] > self[pivot] }) else { return false }
        swapAt(pivot, swap)
        self[(pivot + 1)...].reverse()
        return true
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Divides the people of a session into pods and rounds.
///
/// In one session each is client once. Over sessions, in this order of weight: whoever is owed a
/// turn is client first; role counts stay even; everyone coaches everyone. A group that always comes
/// whole follows a design in which everybody meets everybody soonest. The plan follows from the set
/// of people and the history alone, so that whoever computes it again gets the same.
///
/// - Source: DESIGN.md, Sessions, formats, rotation; CAPABILITIES.md U4.
public enum RotationPlanner {
    /// The fewest people with whom a session can be held.
    public static let peopleMin = 2
    /// The most people who can be planned for.
    public static let peopleMax = 24

    /// Plans all rounds of a session.
    ///
    /// Each pod of k people has k rounds: each member is client once and coaches once, the others
    /// observe. A pod smaller than the largest has no turn in the last rounds.
    ///
    /// - Complexity: the best division for up to 12 people, a good one above.
    /// - Parameters:
    ///   - present: who is there, in any order; repeated names count once.
    ///   - format: how large the format's pods are; held to 2 and more.
    ///   - history: what these people have done so far.
    /// - Returns: for every round its pods, by number.
    /// - Throws: ``PlanRefusal/tooFewPeople(present:least:)`` or
    ///   ``PlanRefusal/tooManyPeople(present:most:)``.
    public static func plan(
        present: [PersonID],
        format: PodSizes,
        history: RotationHistory
    ) throws(PlanRefusal) -> [[Pod]] {
        let people = Set(present).sorted()
        let sizes = try podSizes(for: people.count, format: format)
        let usual = usual(of: format)
        let turns =
            RotationCourse.nextTurns(of: people, sizes: sizes, usual: usual, after: history)
            ?? search(people, sizes, usual, history)
        let pods = turns.sorted { first(of: $0) < first(of: $1) }
        let rounds = pods.map(\.count).max() ?? 0
        return (0..<rounds).map { round in
            pods.enumerated().compactMap { number, turns in
                guard round < turns.count else { return nil }
                var turn = turns[round]
                turn.number = UInt8(clamping: number)
                return turn
            }
        }
    }

    private static func search(
        _ people: [PersonID],
        _ sizes: [Int],
        _ usual: Int,
        _ history: RotationHistory
    ) -> [[Pod]] {
        var search = RotationSearch(people: people, history: history, usual: usual)
        return search.pods(of: sizes).map { members in search.turns(of: members) }
    }

    /// Chooses how many pods of which sizes a number of people form, the largest first.
    ///
    /// Takes the sizes closest to the usual one, and among equals the shorter session. Where the
    /// people cannot be divided within the format's bounds, pods may be larger, never smaller:
    /// a further observer does no harm, a missing coach does.
    ///
    /// - Throws: ``PlanRefusal``, see ``plan(present:format:history:)``.
    public static func podSizes(
        for count: Int,
        format: PodSizes
    ) throws(PlanRefusal) -> [Int] {
        let smallest = max(peopleMin, Int(format.smallest))
        guard count >= smallest else {
            throw .tooFewPeople(present: count, least: smallest)
        }
        guard count <= peopleMax else { throw .tooManyPeople(present: count, most: peopleMax) }
        let usual = usual(of: format)
        var largest = min(max(usual, Int(format.largest)), count)
        while true {
            let best = divisions(of: count, smallest: smallest, largest: largest)
                .min { cost(of: $0, usual: usual) < cost(of: $1, usual: usual) }
            if let best { return best }
            // Ends at the latest with one pod of all: count is at least smallest.
            largest += 1
        }
    }

    private static func usual(of format: PodSizes) -> Int {
        max(peopleMin, Int(format.smallest), Int(format.usual))
    }

    private static func cost(of sizes: [Int], usual: Int) -> (Int, Int) {
        (sizes.reduce(0) { $0 + ($1 - usual) * ($1 - usual) }, sizes.first ?? 0)
    }

    /// Lists all ways to write a number as a sum of sizes that do not grow.
    private static func divisions(of count: Int, smallest: Int, largest: Int) -> [[Int]] {
        if count == 0 { return [[]] }
        var found: [[Int]] = []
        for size in stride(from: min(largest, count), through: smallest, by: -1) {
            for rest in divisions(of: count - size, smallest: smallest, largest: size) {
                found.append([size] + rest)
            }
        }
        return found
    }

    private static func first(of turns: [Pod]) -> PersonID {
        turns.map(\.client).min() ?? PersonID(.zero)
    }
}

/// Why a session cannot be planned; a refusal names the rule and what would be allowed.
public enum PlanRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Fewer people than the format works with.
    case tooFewPeople(present: Int, least: Int)
    /// More people than one session can have.
    case tooManyPeople(present: Int, most: Int)
    /// The time until the end is too short even with all phases at a third.
    case tooShort(minutesLeast: Int64)
    /// The time until the end is longer than all phases at three times their minutes.
    case tooLong(minutesMost: Int64)
    /// The pace is not a whole number from 1.
    case pace(most: UInt16)
    /// The number of rounds is not within what can be planned.
    case rounds(most: Int)

    /// Gives one sentence for the person who asked.
    public var description: String {
        switch self {
        case .tooFewPeople(let present, let least):
            "this needs at least \(least) people, \(present) are here"
        case .tooManyPeople(let present, let most):
            "this works with at most \(most) people, \(present) are here"
        case .tooShort(let minutes): "this needs at least \(minutes) minutes"
        case .tooLong(let minutes): "this takes at most \(minutes) minutes"
        case .pace(let most): "the pace is a whole number from 1 to \(most)"
        case .rounds(let most): "a session has 1 to \(most) rounds"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension RotationPlanner {
    /// Plans the rounds of a session as its format wants them.
    ///
    /// Beside ``plan(present:format:history:)``: a format without rounds has none; where all but
    /// the client coach, nobody observes; and where a session has fewer rounds than people, each
    /// pod begins with who has waited longest, then with who was client least.
    ///
    /// - Parameters:
    ///   - present: who is there, in any order; repeated names count once.
    ///   - format: whose ``SessionFormat/mistakes`` are empty.
    ///   - history: what these people have done so far.
    /// - Returns: for every round its pods, by number; no round where the format has none.
    /// - Throws: ``PlanRefusal/tooFewPeople(present:least:)`` or
    ///   ``PlanRefusal/tooManyPeople(present:most:)``.
    public static func plan(
        present: [PersonID],
        of format: SessionFormat,
        history: RotationHistory
    ) throws(PlanRefusal) -> [[Pod]] {
        if format.hasNoRounds {
            let count = Set(present).count
            let least = max(peopleMin, Int(format.pods.smallest))
            guard count >= least else { throw .tooFewPeople(present: count, least: least) }
            return []
        }
        let rounds = try plan(present: present, format: format.pods, history: history)
        guard let most = format.roundsMost else { return format.shaped(rounds) }
        return format.shaped(inOrderOfWaiting(rounds, history), most: Int(most))
    }

    /// Puts the turns of each pod into the order in which their clients have waited.
    private static func inOrderOfWaiting(
        _ rounds: [[Pod]],
        _ history: RotationHistory
    ) -> [[Pod]] {
        func rank(_ turn: Pod) -> (UInt32, UInt32, PersonID) {
            let tally = history[turn.client]
            return (.max - tally.owed, tally.asClient, turn.client)
        }
        let numbers = Set(rounds.joined().map(\.number)).sorted()
        let pods = numbers.map { number in
            rounds.joined().filter { $0.number == number }.sorted { rank($0) < rank($1) }
        }
        return rounds.indices.map { round in
            pods.compactMap { round < $0.count ? $0[round] : nil }
        }
    }
}

extension SessionFormat {
    /// Gives planned rounds the roles that this format has: where all but the client coach, who
    /// would observe coaches too.
    func shaped(_ rounds: [[Pod]], most: Int = .max) -> [[Pod]] {
        let rounds = Array(rounds.prefix(most))
        guard seating == .allCoach else { return rounds }
        return rounds.map { pods in
            pods.map { pod in
                var pod = pod
                pod.coaches += pod.observers
                pod.observers = []
                return pod
            }
        }
    }
}

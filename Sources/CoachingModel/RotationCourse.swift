// SPDX-License-Identifier: Apache-2.0

/// Follows a design over sessions, as long as all of its people have come to all of them.
///
/// A search that looks at one session at a time divides people well now and badly for the session
/// after. A design looks at all sessions: everybody meets everybody as soon as can be. It holds only
/// for people who have done nothing but follow it, so their history is compared with what the
/// design would have made of it; where the two differ, ``RotationSearch`` takes over.
enum RotationCourse {
    /// The longest history that is compared.
    private static let sessionsMax: UInt32 = 240

    /// Gives the next session's turns for each pod; `nil` where there is no design to follow.
    ///
    /// The people ascend, the sizes descend.
    static func nextTurns(
        of people: [PersonID],
        sizes: [Int],
        usual: Int,
        after history: RotationHistory
    ) -> [[Pod]]? {
        let held = people.first.map { history[$0].sessions } ?? 0
        guard held <= sessionsMax, people.allSatisfy({ history[$0].sessions == held }),
            let design = RotationDesign.sessions(of: sizes), !design.isEmpty,
            // Again from the start, the same people would sit in the larger pods again.
            Set(sizes).count == 1 || Int(held) < design.count
        else { return nil }
        var past = RotationHistory()
        for session in 0..<Int(held) {
            let pods = turns(of: people, design[session % design.count], usual, after: past)
            past.recordAttendance(of: people)
            for turn in pods.joined() { past.recordCompleted(turn) }
        }
        guard isSame(past, history, for: people) else { return nil }
        return turns(of: people, design[Int(held) % design.count], usual, after: past)
    }

    private static func turns(
        of people: [PersonID],
        _ pods: [UInt32],
        _ usual: Int,
        after history: RotationHistory
    ) -> [[Pod]] {
        var search = RotationSearch(people: people, history: history, usual: usual)
        return pods.map { search.turns(of: $0) }
    }

    private static func isSame(
        _ one: RotationHistory,
        _ other: RotationHistory,
        for people: [PersonID]
    ) -> Bool {
        people.allSatisfy { person in
            one[person] == other[person]
                && people.allSatisfy {
                    one.times(coach: person, client: $0) == other.times(coach: person, client: $0)
                }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingTestKit
import Testing

/// What a person may not see changes not one byte of what they are sent.
///
/// `PEERCOACH_PAIRS=n` compares so many pairs of runs (`make scopes`: 20,000).
struct TwoWorldsTests {
    /// Pairs in a row over the same two servers: each ends with what a newcomer would be sent.
    private static let perWorld = 25
    private static let commands = 50

    @Test func `what one may not see changes nothing that one is sent`() async throws {
        let pairs = Seeds.number("PEERCOACH_PAIRS", usual: 200)
        let kinds = TwoWorlds.Observer.allCases
        let rounds = (pairs + Self.perWorld - 1) / Self.perWorld
        let sums = try await withThrowingTaskGroup(of: (Int, Int, Int).self) { group in
            for worker in 0..<2 {
                group.addTask {
                    var (differing, hidden, seen) = (0, 0, 0)
                    for round in stride(from: worker, to: rounds, by: 2) {
                        let kind = kinds[round % kinds.count]
                        let worlds = try TwoWorlds(kind, seed: UInt64(round + 1))
                        for pair in 0..<min(Self.perWorld, pairs - round * Self.perWorld) {
                            guard let mistake = try worlds.play(commands: Self.commands) else {
                                continue
                            }
                            differing += 1
                            Issue.record("\(kind), round \(round), pair \(pair): \(mistake)")
                            break
                        }
                        hidden += worlds.hidden
                        seen += worlds.seen
                    }
                    return (differing, hidden, seen)
                }
            }
            var sums = (0, 0, 0)
            for try await (differing, hidden, seen) in group {
                sums = (sums.0 + differing, sums.1 + hidden, sums.2 + seen)
            }
            return sums
        }
        print("scopes pairs=\(pairs) differing=\(sums.0) hidden=\(sums.1) bytes=\(sums.2)")
        #expect(sums.1 > pairs * 10, "Hardly anything was hidden.")
        #expect(sums.2 > pairs * 1_000, "The observers saw hardly anything.")
    }

    @Test(arguments: TwoWorlds.Observer.allCases)
    func `the comparison notices a difference that may be seen`(_ kind: TwoWorlds.Observer) throws {
        let worlds = try TwoWorlds(kind, seed: 7)
        try worlds.tellOne()
        #expect(try worlds.play(commands: 5) != nil)
    }
}

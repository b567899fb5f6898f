// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Very many commands at random, of which none lets anybody read what is not theirs.
///
/// `PEERCOACH_COMMANDS=n` gives so many commands (`make scopes`: 10 million).
struct ScopesTests {
    /// How many things happen in one room before the next one.
    private static let steps = 600
    /// After so many steps it is asked who reads what was posted meanwhile.
    private static let stepsBetween = 200

    private static func commands() -> Int {
        getenv("PEERCOACH_COMMANDS").flatMap { Int(String(cString: $0)) } ?? 20_000
    }

    @Test func `no command lets anybody read what is not theirs`() async throws {
        let wanted = Self.commands()
        let clock = ContinuousClock()
        let begun = clock.now
        let sums = try await withThrowingTaskGroup(of: (Int, Int, Int).self) { group in
            for worker in 0..<2 {
                group.addTask {
                    var (commands, leaks, given) = (0, 0, 0)
                    var seed = UInt64(worker)
                    while commands < wanted / 2 {
                        seed += 2
                        var history = RandomHistory(seed: seed, isLean: true)
                        try history.begin()
                        for step in 1...Self.steps {
                            history.step()
                            if step % Self.stepsBetween == 0 { history.checkReading() }
                        }
                        // Other tests share these threads.
                        await Task.yield()
                        commands += history.commands
                        leaks += history.leaks.count
                        given += history.given
                        if let first = history.leaks.first {
                            Issue.record("seed \(seed): \(first)")
                        }
                    }
                    return (commands, leaks, given)
                }
            }
            var sums = (commands: 0, leaks: 0, given: 0)
            for try await (commands, leaks, given) in group {
                sums = (sums.commands + commands, sums.leaks + leaks, sums.given + given)
            }
            return sums
        }
        let seconds = max(1, (clock.now - begun).components.seconds)
        print(
            "scopes commands=\(sums.commands) leaks=\(sums.leaks)"
                + " given=\(sums.given)"
                + " per-second=\(sums.commands / Int(seconds))"
        )
        #expect(sums.leaks == 0)
        #expect(sums.given > 0, "nobody was given older posts")
        #expect(sums.commands >= wanted - 1)
    }
}

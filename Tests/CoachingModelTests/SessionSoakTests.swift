// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Random sessions of random formats, of which none gets stuck.
///
/// `PEERCOACH_SESSIONS=n` runs so many (`make soak-sessions`: 100,000).
struct SessionSoakTests {
    private static func sessions() -> Int {
        getenv("PEERCOACH_SESSIONS").flatMap { Int(String(cString: $0)) } ?? 1_000
    }

    @Test func `no session gets stuck, no floor is held without the right, time sums up`()
        async throws
    {
        let wanted = Self.sessions()
        let sums = try await withThrowingTaskGroup(
            of: (commands: Int, held: Int, faults: [String], refused: Set<RoomRejection>).self
        ) { group in
            for worker in 0..<2 {
                group.addTask {
                    var sum = (0, 0, [String](), Set<RoomRejection>())
                    for seed in stride(from: worker, to: wanted, by: 2) {
                        var session = try RandomSession(seed: UInt64(seed))
                        session.play()
                        sum.0 += session.commands
                        sum.1 += session.held
                        sum.2 += session.faults.prefix(5)
                        sum.3.formUnion(session.refused.keys)
                        if sum.2.count > 20 { break }
                        // Other tests share these threads.
                        await Task.yield()
                    }
                    return sum
                }
            }
            var sums = (commands: 0, held: 0, faults: [String](), refused: Set<RoomRejection>())
            for try await (commands, held, faults, refused) in group {
                sums.commands += commands
                sums.held += held
                sums.faults += faults
                sums.refused.formUnion(refused)
            }
            return sums
        }
        print("sessions \(wanted) commands=\(sums.commands) held=\(sums.held)")
        #expect(sums.faults.prefix(10) == [])
        // A test that ends every session at once, or is refused everything, would prove nothing.
        #expect(sums.held > wanted / 5)
        #expect(
            sums.refused.isSuperset(of: [
                .notInCharge, .notAMember, .noFloorToPass, .noRoleNow, .notYourFloor,
                .tooFewPresent,
                .alreadyPaused, .notPaused, .outOfBounds,
                .facilitatorOnly, .muted, .podUnfit, .hasPassed,
            ])
        )
    }
}

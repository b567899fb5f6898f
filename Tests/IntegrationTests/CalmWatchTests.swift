// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import CoachingDaemon

@Suite
struct CalmWatchTests {
    private var watch = CalmWatch(at: Self.at(0))

    private static func at(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_800_000_000_000 + milliseconds)
    }

    /// Gives at which of these instants it was calm.
    private mutating func calm(at instants: [Int64]) -> [Int64] {
        instants.filter { watch.isCalm(at: Self.at($0)) }
    }

    @Test
    mutating func `the first quiet second after the start is told once`() {
        let calm = calm(at: [0, 999, 1_000, 1_200, 5_000])
        #expect(calm == [1_000])
    }

    @Test
    mutating func `a wave of logins is over when nobody has come for a second`() {
        let first = calm(at: [1_000])
        for number in 1...100 { watch.arrived(at: Self.at(1_000 + Int64(number) * 10)) }
        let second = calm(at: [2_000, 2_900, 3_000, 9_000])
        #expect(first == [1_000])
        #expect(second == [3_000])
    }

    @Test
    mutating func `a few logins are no wave until they have become many`() {
        let first = calm(at: [1_000])
        for number in 1..<CalmWatch.wave { watch.arrived(at: Self.at(Int64(number) * 10_000)) }
        let few = calm(at: [10_000_000])
        watch.arrived(at: Self.at(10_000_000))
        let many = calm(at: [10_000_999, 10_001_000])
        #expect(first == [1_000])
        #expect(few.isEmpty)
        #expect(many == [10_001_000])
    }
}

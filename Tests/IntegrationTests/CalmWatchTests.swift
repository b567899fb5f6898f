// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import CoachingDaemon

@Suite
struct CalmWatchTests {
    private static func at(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_800_000_000_000 + milliseconds)
    }

    @Test
    func `the first quiet second after the start is told once`() {
        var watch = CalmWatch(at: Self.at(0))
        #expect(!watch.isCalm(at: Self.at(999)))
        #expect(watch.isCalm(at: Self.at(1_000)))
        #expect(!watch.isCalm(at: Self.at(5_000)))
    }

    @Test
    func `a wave of logins is over when nobody has come for a second`() {
        var watch = CalmWatch(at: Self.at(0))
        #expect(watch.isCalm(at: Self.at(1_000)))
        for number in 1...100 { watch.arrived(at: Self.at(1_000 + Int64(number) * 10)) }
        #expect(!watch.isCalm(at: Self.at(2_900)))
        #expect(watch.isCalm(at: Self.at(3_000)))
        #expect(!watch.isCalm(at: Self.at(9_000)))
    }

    @Test
    func `a few logins are no wave, until they have become many`() {
        var watch = CalmWatch(at: Self.at(0))
        #expect(watch.isCalm(at: Self.at(1_000)))
        for number in 1..<CalmWatch.wave { watch.arrived(at: Self.at(Int64(number) * 10_000)) }
        #expect(!watch.isCalm(at: Self.at(10_000_000)))
        watch.arrived(at: Self.at(10_000_000))
        #expect(watch.isCalm(at: Self.at(10_001_000)))
    }
}

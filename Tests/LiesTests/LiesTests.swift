// SPDX-License-Identifier: Apache-2.0
import CoachingTestKit
import Testing

@testable import CoachingClient

/// A server that lies is named, what it lies about is not shown, and the rest goes on.
///
/// `PEERCOACH_LIES=n` tells each lie n times (`make lies`: 200).
struct LiesTests {
    private static let each = Seeds.number("PEERCOACH_LIES", usual: 12)
    /// How many lies of a kind are told over one honest run.
    private static let perRun = 10

    @Test func `each lie of a server is named and none is believed`() throws {
        let kinds =
            LineLies.all + KeyLies.all + LogLies.all + MomentLies.all + CutLies.all
            + ReleaseLies.all + HistoryLies.all
        #expect(Set(kinds.map(\.name)).count == kinds.count)
        var told = [Int](repeating: 0, count: kinds.count)
        var missed: [String: Int] = [:]
        var detected = 0
        var seed: UInt64 = 0
        while told.contains(where: { $0 < Self.each }) {
            seed += 1
            let run = try HonestRun(seed: seed)
            #expect(run.mistakes == [], "An honest run is believed; seed \(seed).")
            for (index, kind) in kinds.enumerated() {
                for number in 0..<Self.perRun where told[index] < Self.each {
                    var random = SplitMix64(seed: seed &* 1_000 &+ UInt64(number))
                    guard let lie = try kind.tell(run, &random) else { continue }
                    told[index] += 1
                    guard let mistake = lie.mistake(run) else {
                        detected += 1
                        continue
                    }
                    missed[kind.name, default: 0] += 1
                    if missed[kind.name] == 1 {
                        Issue.record("\(kind.name), run \(seed) lie \(number): \(mistake)")
                    }
                }
            }
            let idle = kinds.indices.filter { told[$0] == 0 }
            try #require(seed < 20 || idle.isEmpty, "never told: \(idle.map { kinds[$0].name })")
        }
        for (kind, name) in EnrolmentLies.names.enumerated() {
            for seed in 1...UInt64(Self.each) {
                var random = SplitMix64(seed: seed)
                if let mistake = try EnrolmentLies.mistake(kind, &random) {
                    missed[name, default: 0] += 1
                    if missed[name] == 1 { Issue.record("\(name), seed \(seed): \(mistake)") }
                } else {
                    detected += 1
                }
            }
        }
        let count = kinds.count + EnrolmentLies.names.count
        print(
            "lies kinds=\(count) each=\(Self.each) detected=\(detected)"
                + " missed=\(missed.values.reduce(0, +))"
        )
        #expect(detected == count * Self.each)
    }

    @Test func `a release with the yes of all is believed`() throws {
        let run = try HonestRun(seed: 3)
        let people = [run.people[4].id, run.people[2].id].sorted()
        #expect(try ReleaseLies.honest(run) == .agreed(people))
    }

    @Test func `the same frame twice is shown once and alarms nobody`() throws {
        let run = try HonestRun(seed: 1)
        var replica = HonestRun.replica(of: run.victim)
        var shown = 0
        for frame in run.frames {
            for _ in 0..<2 {
                for happening in replica.take(frame) {
                    switch happening {
                    case .entry: shown += 1
                    case .alarm(let alarm): Issue.record("\(alarm.sentence)")
                    default: break
                    }
                }
            }
        }
        #expect(shown == run.lines.count)
    }
}

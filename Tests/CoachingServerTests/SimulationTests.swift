// SPDX-License-Identifier: Apache-2.0
import CoachingTestKit
import Testing

/// `PEERCOACH_SEED=n` replays one run, `PEERCOACH_SEEDS=n` runs so many.
struct SimulationTests {
    private static let chunks: [[UInt64]] = {
        let seeds = Seeds.chosen(usual: 120)
        return stride(from: 0, to: seeds.count, by: 10).map {
            Array(seeds[$0..<min($0 + 10, seeds.count)])
        }
    }()

    @Test(arguments: chunks)
    func `whatever happens, all get what is theirs, once and in order`(_ seeds: [UInt64]) throws {
        var entries = 0
        var erased = 0
        var delivered = 0
        for seed in seeds {
            let simulation = try Simulation(seed: seed)
            try simulation.run(steps: 250)
            #expect(
                simulation.mistakes == [],
                "PEERCOACH_SEED=\(seed) replays this."
            )
            entries += simulation.entries
            erased += simulation.erased
            delivered += simulation.delivered
        }
        #expect(seeds.first != 1 || seeds.count < 10 || delivered >= 5, "No answers came.")
        #expect(erased > seeds.count / 2, "Hardly anything was taken back.")
        #expect(entries > seeds.count * 5, "The simulations hardly did anything.")
    }

    @Test(arguments: Seeds.chosen(usual: 6))
    func `the same seed gives the same run`(_ seed: UInt64) throws {
        let runs = try (0..<2).map { _ in
            let simulation = try Simulation(seed: seed)
            try simulation.run(steps: 250)
            return simulation.trace
        }
        #expect(runs[0].count == runs[1].count)
        #expect(runs[0].value == runs[1].value)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Numbers that follow from a seed alone.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Gives a number below a bound.
    package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    /// Says yes so many times in a hundred.
    package mutating func percent(_ share: Int) -> Bool { below(100) < share }

    package mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }
}

/// The seeds that a simulation runs with.
package enum Seeds {
    /// Gives how much of something a variable of the environment asks for.
    package static func number(_ variable: String, usual: Int) -> Int {
        let environment = ProcessInfo.processInfo.environment
        return max(1, environment[variable].flatMap { Int($0) } ?? usual)
    }

    /// `PEERCOACH_SEED` replays one; `PEERCOACH_SEEDS` asks for more than usual.
    package static func chosen(usual: Int) -> [UInt64] {
        let environment = ProcessInfo.processInfo.environment
        if let one = environment["PEERCOACH_SEED"].flatMap({ UInt64($0) }) { return [one] }
        let count = environment["PEERCOACH_SEEDS"].flatMap { Int($0) } ?? usual
        return (1...UInt64(max(1, count))).map { $0 }
    }
}

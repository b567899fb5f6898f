// SPDX-License-Identifier: Apache-2.0

import CoachingModel

/// People, histories and numbers for the tests of rotation and timetables.
enum RotationSamples {
    /// Makes people whose identifiers ascend but are not close to each other.
    static func people(_ count: Int) -> [PersonID] {
        (0..<count).map { PersonID(Bytes16(high: UInt64($0 + 1) << 56, low: UInt64($0 * 31 % 7))) }
    }

    static func randomHistory(
        of people: [PersonID],
        _ random: inout Numbers,
        owing: Bool = true,
        observing: Bool = true
    ) -> RotationHistory {
        var history = RotationHistory()
        for _ in 0..<(people.count * 4) {
            let three = people.shuffled(using: &random).prefix(3)
            guard three.count > 1 else { continue }
            history.recordCompleted(
                Pod(
                    number: 0,
                    client: three[0],
                    coaches: [three[1]],
                    observers: observing ? Array(three.dropFirst(2)) : []
                )
            )
        }
        if !observing {
            // As many turns observed as had, so that only the pairs make a difference.
            for person in people {
                for _ in 0..<history[person].asClient {
                    history.recordCompleted(
                        Pod(number: 0, client: PersonID(.zero), coaches: [], observers: [person])
                    )
                }
            }
        }
        if owing, let person = people.randomElement(using: &random) {
            history.recordMissed(by: person)
        }
        return history
    }

    /// Gives the same numbers for the same seed (SplitMix64).
    struct Numbers: RandomNumberGenerator {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }
}

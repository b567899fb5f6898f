// SPDX-License-Identifier: Apache-2.0
import CoachingStore
import Synchronization

/// What was appended while programmes were set up, so that each is set up once.
final class Chapters: Sendable {
    private let made = Mutex<[[Int]: [AppendGroup]]>([:])

    func get(
        _ people: Int,
        _ facilitators: Int,
        _ make: () throws -> [AppendGroup]
    ) throws -> [AppendGroup] {
        let place = [people, facilitators]
        if let known = made.withLock({ $0[place] }) { return known }
        let journal = try make()
        made.withLock { $0[place] = journal }
        return journal
    }
}

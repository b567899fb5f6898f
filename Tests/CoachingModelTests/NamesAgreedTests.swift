// SPDX-License-Identifier: Apache-2.0

import CoachingModel
import Testing

/// Who came to a session is for administrators, by name, only where the group agreed so.
///
/// - Source: SEALING.md decision 3.
struct NamesAgreedTests {
    /// Says by which list, before, in the middle of and after a session, names are agreed to.
    private func names(before: Bool, within: Bool, after: Bool) throws -> [String]? {
        var stage = try RoomStage.ready(peers: 3)
        try stage.allowNames(before, by: 1)
        try stage.ask(stage.start(1), by: 1)
        while stage.room.session?.openTurns.isEmpty == true { try stage.wake() }
        try stage.allowNames(within, by: 1)
        try stage.allowNames(before, by: 1)
        try stage.ask(.end, by: 1)
        try stage.allowNames(after, by: 1)
        return stage.room.namesForAdministrators
    }

    @Test func `names are for administrators where it held all the time and holds now`() throws {
        for mask in 0..<8 {
            let (before, within, after) = (mask & 1 != 0, mask & 2 != 0, mask & 4 != 0)
            let names = try names(before: before, within: within, after: after)
            if before, within, after {
                #expect(names?.count == 3)
            } else {
                #expect(names == nil, "\(before) \(within) \(after)")
            }
        }
    }

    @Test func `who left since is not named`() throws {
        var stage = try RoomStage.ready(peers: 3)
        try stage.allowNames(true, by: 1)
        #expect(stage.room.namesForAdministrators == nil)
        try stage.ask(stage.start(1), by: 1)
        while stage.room.session?.openTurns.isEmpty == true { try stage.wake() }
        try stage.ask(.end, by: 1)
        try stage.exclude(3)
        let left = stage.room.name(of: RoomStage.person(3))
        let names = try #require(stage.room.namesForAdministrators)
        #expect(names.count == 2)
        #expect(!names.contains { $0 == left })
    }
}

extension RoomStage {
    fileprivate mutating func allowNames(_ isAllowed: Bool, by number: Int) throws(RoomRejection) {
        var policy = room.policy
        policy.namesToAdministrators = isAllowed
        let next = rostered(roster(room.members, policy: policy), by: number)
        try ask(.admit(next, newLists: []), by: number)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import Testing

@testable import peercoach

/// Older lines, and what the group keeps, in the room view and beside it.
@Suite struct RoomGivingTests {
    private func scene(me: Int, allowed: Bool = true) throws -> RoomScene {
        var scene = try RoomScene(["Lena", "Priya"], me: me, at: RoomScene.at(14, 0))
        var policy = RoomPolicy.standard
        policy.historyForNewcomers = allowed
        if allowed { try scene.keep(policy, by: 1) }
        scene.lines = 12
        try scene.admit(3, "Tom", by: 1)
        _ = scene.news()
        return scene
    }

    @Test func `all see who was given older lines, by whom and since when`() throws {
        let since = RoomScene.zone.instant(WallCalendar.Parts(year: 2026, month: 11, day: 3))
        let wanted = [
            1: "You gave Tom the older lines since Tue 3 Nov. Tom reads what was written here "
                + "before they came.",
            2: "Lena gave Tom the older lines since Tue 3 Nov. Tom reads what was written here "
                + "before they came.",
            3: "Lena gave you the older lines since Tue 3 Nov. /history shows them.",
        ]
        for (me, text) in wanted {
            var scene = try scene(me: me)
            try scene.give(to: 3, since: since, by: 1)
            #expect(scene.news() == ["14:00 * " + text])
        }
        var scene = try scene(me: 2)
        try scene.give(to: 3, since: nil, by: 2)
        #expect(scene.news().first?.hasPrefix("14:00 * You gave Tom the older lines. Tom") == true)
        #expect(scene.room.readable(.room, by: RoomScene.person(3)) == [1...(.max)])
    }

    @Test func `who is there sees what is given to a new device`() throws {
        let wanted = [
            1: "You gave a new device of Tom what they read before.",
            2: "Lena gave a new device of Tom what they read before.",
            3: "Lena gave a new device of yours what you read before.",
        ]
        for (me, text) in wanted {
            var scene = try scene(me: me)
            for isNew in [false, true] {
                let deed = GivenAgain(
                    key: .room,
                    by: RoomScene.person(1),
                    to: RoomScene.person(3),
                    isNew: isNew
                )
                scene.perform(scene.view.givenAgain(deed))
            }
            #expect(scene.news() == ["14:00 * " + text])
        }
    }

    @Test func `all see what is kept otherwise than before`() throws {
        var scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 0))
        _ = scene.news()
        let changes: [(RoomPolicy, [String])] = [
            (
                RoomPolicy(
                    turnDays: 30,
                    roomDays: 365,
                    historyForNewcomers: true,
                    namesToAdministrators: false
                ),
                [
                    "Turns, and lines between two people, are kept 30 days now.",
                    "Who comes later can be given older lines now, by any member who may read "
                        + "them; all see it.",
                ]
            ),
            (
                RoomPolicy(
                    turnDays: 30,
                    roomDays: 1,
                    historyForNewcomers: false,
                    namesToAdministrators: true
                ),
                [
                    "Lines to the room and the peers are kept 1 day now.",
                    "Who comes later cannot be given older lines any more.",
                    "Administrators may see who came to a session, by name, now.",
                ]
            ),
            (
                RoomPolicy(
                    turnDays: 30,
                    roomDays: 1,
                    historyForNewcomers: false,
                    namesToAdministrators: false
                ), ["Administrators may not see any more who came to a session by name."]
            ),
        ]
        for (policy, sentences) in changes {
            try scene.keep(policy, by: 1)
            #expect(
                scene.news()
                    == sentences.map { "14:00 * Lena changed what the group keeps: \($0)" }
            )
        }
        try scene.keep(scene.room.policy, by: 1)
        #expect(scene.news() == [])
    }

    @Test func `a newcomer is told whether older lines can be given`() throws {
        for allowed in [true, false] {
            let scene = try scene(me: 3, allowed: allowed)
            #expect(scene.view.aboutOlderLines().count == 1)
            let text = RoomScreenModel.olderLines(scene.room.policy)
            #expect(text.contains("peercoach grant") == allowed)
        }
        // Who was there from the beginning reads all there is.
        #expect(try scene(me: 1).view.aboutOlderLines().isEmpty)
    }

    @Test func `since when somebody reads is earlier once they were given older lines`() throws {
        var scene = try scene(me: 1)
        let came = scene.view.admissions.since(RoomScene.person(3), .room)
        let since = RoomScene.zone.instant(WallCalendar.Parts(year: 2026, month: 11, day: 3))
        try scene.give(to: 3, since: since, by: 1)
        let log = scene.view.admissions
        #expect(came == RoomScene.at(14, 0))
        #expect(log.since(RoomScene.person(3), .room) == since)
        #expect(log.since(RoomScene.person(3), .peers) == came)
    }

    @Test func `who opens a room is shown what is set for new rooms where it is not the usual`() {
        var model = RoomScreenModel(
            roomName: "north",
            me: RoomScene.person(1),
            room: Room(id: RoomID(Bytes16(high: 1, low: 1))),
            stage: .founding,
            now: RoomScene.at(14, 0)
        )
        func question() -> String {
            var model = model
            guard case .show(let line)? = model.opening().first else { return "" }
            return line.text
        }
        #expect(!question().contains("new rooms"))
        model.firstPolicy.turnDays = 30
        model.firstPolicy.historyForNewcomers = true
        #expect(
            question().contains(
                "what is set for new rooms (turns kept 30 days, the room's lines 365 days, older "
                    + "lines for who comes later: a member can give them, who came by name for "
                    + "administrators: no), which the group can change."
            )
        )
    }
}

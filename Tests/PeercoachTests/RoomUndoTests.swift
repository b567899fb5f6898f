// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// Taking lines back in the room view.
@Suite struct RoomUndoTests {
    private func scene() throws -> RoomScene {
        var scene = try RoomScene(["Lena", "Priya", "Tom"], me: 2, at: RoomScene.at(14, 0))
        try scene.start("triad", .typed, by: 1)
        scene.printed = []
        return scene
    }

    private func asked(_ scene: inout RoomScene) -> [RoomDeed] {
        defer { scene.asked = [] }
        return scene.asked.compactMap { if case .act(let deed) = $0 { deed } else { nil } }
    }

    @Test func `undo takes back one's own last line, wherever it went`() throws {
        var scene = try scene()
        scene.type("/undo")
        #expect(scene.news().last?.contains("! ") == true)
        scene.type("/room first")
        scene.type("/note second")
        scene.hear(1, .room, .say, "Lena's")
        scene.asked = []
        scene.type("/undo")
        #expect(asked(&scene) == [.takeBack(.own(scene.view.me), number: 1)])
        scene.printed = []
        scene.perform(scene.view.gone(.own(scene.view.me), 1, by: scene.view.me))
        #expect(scene.news() == ["14:00 = Taken back: the note is gone."])
        scene.type("/undo")
        #expect(asked(&scene) == [.takeBack(.room, number: 1)])
    }

    @Test func `what another takes back is said, forgotten and counted no more`() throws {
        var scene = try scene()
        scene.hear(1, .room, .commit, "tell the board")
        #expect(scene.view.tally.promises.count == 1)
        #expect(scene.view.tally.roomLines == 1)
        scene.printed = []
        scene.perform(scene.view.gone(.room, 1, by: RoomScene.person(1)))
        #expect(scene.news() == ["14:00 * Lena took back a line in the room."])
        #expect(scene.view.tally.promises.isEmpty)
        #expect(scene.view.tally.roomLines == 0)
        scene.type("/history")
        #expect(!scene.news().contains { $0.contains("board") })
        // What is over goes without a word.
        scene.hear(1, .room, .say, "old")
        scene.printed = []
        scene.perform(scene.view.gone(.room, 2, by: nil))
        #expect(scene.news() == [])
        #expect(scene.view.past.isEmpty)
    }
}

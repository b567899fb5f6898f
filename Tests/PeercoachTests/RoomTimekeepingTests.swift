// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

struct RoomTimekeepingTests {
    private func scene(me: Int = 2) throws -> RoomScene {
        var scene = try RoomScene(
            ["Lena", "Priya", "Tom"],
            facilitators: ["Jonas"],
            me: me,
            at: RoomScene.at(14, 8)
        )
        try scene.start("triad", .spoken, by: 91)
        scene.printed = []
        return scene
    }

    private func lost(_ person: Int, _ isReached: Bool, _ scene: inout RoomScene) throws {
        try scene.askAsServer(.reach(RoomScene.person(person), isReached))
    }

    @Test func `all are told when the facilitator is lost and who keeps the time then`() throws {
        var scene = try scene()
        try lost(91, false, &scene)
        #expect(
            scene.news() == [
                "14:08 * Jonas's connection is lost. Lena keeps the time until Jonas is back."
            ]
        )
        try lost(91, true, &scene)
        #expect(scene.news() == ["14:08 * Jonas is back and keeps the time again."])
    }

    @Test func `who keeps the time instead learns what they can do`() throws {
        var scene = try scene(me: 1)
        try lost(91, false, &scene)
        #expect(
            scene.news() == [
                "14:08 * Jonas's connection is lost. You keep the time until Jonas is back: /pause, "
                    + "/extend, /skip, /end."
            ]
        )
        #expect(scene.view.possible.contains(.pause))
    }

    @Test func `a facilitator hands the keeping of time over and takes it back`() throws {
        var scene = try scene(me: 91)
        scene.type("/handover tom")
        #expect(scene.asked == [.act(.handOver(RoomScene.person(3)))])
        try scene.ask(.handOver(RoomScene.person(3)), by: 91)
        #expect(
            scene.news() == ["14:08 * You gave the keeping of time to Tom, in this session."]
        )
        scene.asked = []
        scene.type("/handover")
        #expect(scene.asked == [.act(.handOver(nil))])
        try scene.ask(.handOver(nil), by: 91)
        #expect(scene.news() == ["14:08 * You took the keeping of time back."])
    }

    @Test func `who is not in charge cannot hand over, and is told who can`() throws {
        var scene = try scene()
        scene.type("/handover tom")
        #expect(scene.asked == [])
        #expect(
            scene.news().last == "14:08 ! Not done: Jonas can hand over the keeping of time here."
        )
    }

    @Test func `a changed rota is shown with the name of who changed it`() throws {
        var scene = try scene()
        try scene.ask(.setRota([3, 2, 1].map { RoomScene.person($0) }), by: 1)
        #expect(
            scene.news() == [
                "14:08 * Lena changed who keeps the time: next Tom, then you, then Lena."
            ]
        )
    }
}

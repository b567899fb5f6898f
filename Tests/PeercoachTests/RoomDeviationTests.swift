// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// What two agree about their time as client, as the room asks and tells it.
struct RoomDeviationTests {
    private let terms = Deviation(
        less: RoomScene.person(1),
        more: RoomScene.person(2),
        minutes: 10,
        once: false
    )

    private func scene(me: Int) throws -> RoomScene {
        var scene = try RoomScene(["Lena", "Priya", "Tom"], me: me, at: RoomScene.at(14, 0))
        try scene.ask(.proposeDeviation(terms), by: 1)
        return scene
    }

    @Test func `who was proposed it is asked, and yes agrees`() throws {
        var scene = try scene(me: 2)
        #expect(scene.news().contains { $0.contains("do you agree?") })
        scene.type("/yes")
        #expect(scene.asked == [.act(.agreeDeviation(terms))])
        try scene.ask(.agreeDeviation(terms), by: 2)
        #expect(scene.news().last?.contains("Lena gives you 10 minutes of their time") == true)
    }

    @Test func `no ends it, and who proposed it is told`() throws {
        var scene = try scene(me: 2)
        scene.type("/no")
        #expect(scene.asked == [.act(.endDeviation(terms))])
        var other = try self.scene(me: 1)
        other.printed = []
        try other.ask(.endDeviation(terms), by: 2)
        #expect(other.news().last?.contains("Priya ends what was proposed or agreed") == true)
    }

    @Test func `others see it and are asked nothing; what was taken back is over`() throws {
        var scene = try scene(me: 3)
        let told = scene.news()
        #expect(told.contains { $0.contains("Lena proposes to Priya") })
        #expect(!told.contains { $0.contains("do you agree?") })
        var late = try self.scene(me: 2)
        try late.ask(.endDeviation(terms), by: 1)
        late.printed = []
        late.type("/yes")
        #expect(late.asked.isEmpty)
    }
}

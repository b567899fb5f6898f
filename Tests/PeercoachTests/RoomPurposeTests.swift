// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

struct RoomPurposeTests {
    private let hash = Bytes32(4, 3, 2, 1)

    private func scene(me: Int = 1) throws -> RoomScene {
        try RoomScene(["Lena", "Priya", "Tom"], me: me, at: RoomScene.at(14, 8))
    }

    private func stated(_ text: String, in scene: inout RoomScene) {
        scene.perform(
            scene.view.heard(
                HeardLine(
                    key: .room,
                    number: 1,
                    at: scene.now,
                    author: RoomScene.person(2),
                    kind: .paper,
                    text: text,
                    paper: .purpose(hash: hash)
                )
            )
        )
    }

    @Test func `what a session is for goes to the room, with what shall be there at its end`()
        throws
    {
        var scene = try scene()
        scene.type("/purpose find out who does what /  each knows their part ")
        let line = try #require(scene.posted.last)
        #expect(line.text == "find out who does what / each knows their part")
        #expect(line.kind == .paper && line.key == .room && line.meaning == .purpose)
        #expect(line.readers.count == 3)
        for text in ["/purpose", "/purpose only this", "/purpose a / ", "/purpose  / b"] {
            let before = scene.posted.count
            scene.type(text)
            #expect(scene.posted.count == before)
            #expect(scene.news().last?.contains("what shall be there then?") == true)
        }
    }

    @Test func `a plan and the session's beginning say what it is for`() throws {
        var scene = try scene()
        scene.type("/start triad spoken")
        #expect(scene.news().contains { $0.contains("Nobody has said what it is for.") })
        scene.type("/no")
        stated("find out who does what / each knows their part", in: &scene)
        scene.printed = []
        scene.type("/start triad spoken")
        let words = "For: find out who does what. At its end: each knows their part"
        #expect(scene.news().contains { $0.hasSuffix(words) })
        scene.type("/yes")
        guard
            case .act(.start(let offer))? = scene.asked.last(where: { effect in
                if case .act(.start) = effect { true } else { false }
            })
        else { throw Unseen() }
        #expect(offer.purpose?.hash == hash)
    }

    @Test func `what the last session was for is not the next one's`() throws {
        var scene = try scene()
        stated("old / old", in: &scene)
        #expect(scene.view.statedPurpose != nil)
        try scene.start("triad", .spoken, by: 1)
        #expect(!scene.view.possible.contains(.purpose))
        for _ in 0..<60 where scene.room.session != nil { try scene.wake() }
        #expect(scene.room.session == nil && scene.view.statedPurpose == nil)
        #expect(scene.view.possible.contains(.purpose))
    }

    private struct Unseen: Error {}
}

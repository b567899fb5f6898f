// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import Testing

@testable import peercoach

struct RoomCallTests {
    private func scene() throws -> RoomScene {
        try RoomScene(["Lena", "Priya", "Tom"], me: 2, at: RoomScene.at(14, 0))
    }

    private func intoRound(_ scene: inout RoomScene, _ medium: Medium) throws {
        try scene.start("triad", medium, by: 2)
        while scene.room.turn(of: scene.view.me) == nil { try scene.wake() }
    }

    @Test func `where one talks is said to the room, and shown where one is placed`() throws {
        var scene = try scene()
        scene.type("/call")
        #expect(scene.news().last?.contains("Nobody has said where. /call LINK says it") == true)
        scene.type("/call https://meet.example/north")
        let line = try #require(scene.posted.last)
        #expect(line.key == .room && line.kind == .paper && line.meaning == .link)
        #expect(line.meaning?.paper == .link)
        try intoRound(&scene, .spoken)
        let news = scene.news().joined(separator: " ")
        #expect(news.contains("Talk here: https://meet.example/north (only"))
        #expect(news.contains("Is the call recorded or transcribed? Switch it off first."))
    }

    @Test func `a pod's own link is for its people and comes before the room's`() throws {
        var scene = try scene()
        scene.hear(1, .room, .paper, "https://meet.example/north", paper: .link)
        #expect(scene.news().last?.contains("Talk here: https://meet.example/north") == true)
        try intoRound(&scene, .typed)
        _ = scene.news()
        scene.type("/call https://meet.example/n-7f2k")
        let line = try #require(scene.posted.last)
        #expect(line.key == scene.turn && line.kind == .paper)
        #expect(line.readers.count == 3)
        _ = scene.news()
        scene.type("/call")
        let shown = scene.news()
        #expect(shown.last?.contains("https://meet.example/n-7f2k (only you three have") == true)
        // Another one says it anew: it counts from then on.
        scene.hear(1, scene.turn, .paper, "https://meet.example/other", paper: .link)
        #expect(scene.news().last?.contains("Talk here: https://meet.example/other") == true)
        // What was said to others is none of this turn's.
        scene.hear(3, .room, .paper, "https://meet.example/late", paper: .link)
        _ = scene.news()
        scene.type("/call")
        #expect(scene.news().last?.contains("https://meet.example/other") == true)
    }

    @Test func `a link that was taken back counts no more, and one too long does not go`() throws {
        var scene = try scene()
        scene.type("/call here, third floor, room 12")
        #expect(scene.posted.last?.text == "here, third floor, room 12")
        scene.perform(scene.view.gone(.room, 1, by: scene.view.me))
        _ = scene.news()
        scene.type("/call")
        #expect(scene.news().last?.contains("Nobody has said where") == true)
        let sent = scene.posted.count
        scene.type("/call " + String(repeating: "x", count: 501))
        #expect(scene.posted.count == sent)
        #expect(scene.news().last?.contains("too long") == true)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// Questions without names in the room view.
@Suite struct RoomPromptsTests {
    private let prompt = PromptID(Bytes16(high: 0x9a, low: 1))
    private var key: TranscriptKey { .prompt(prompt, .room) }

    private func scene(_ peers: Int = 5, me: Int = 2) throws -> RoomScene {
        let names = ["Lena", "Priya", "Tom", "Ben", "Ada"].prefix(peers).map(\.self)
        return try RoomScene(names, me: me, at: RoomScene.at(14, 0))
    }

    private func asked(_ scene: inout RoomScene) -> [RoomDeed] {
        defer { scene.asked = [] }
        return scene.asked.compactMap { if case .act(let deed) = $0 { deed } else { nil } }
    }

    private func open(_ scene: inout RoomScene, by number: Int) throws {
        try scene.ask(.openPrompt(PromptOpening(prompt: prompt, scope: .room)), by: number)
        scene.hear(number, key, .ask, "What does nobody say?")
    }

    @Test func `one is told how many can answer and what becomes of it before one writes`() throws {
        var scene = try scene()
        scene.type("/unnamed too early")
        #expect(scene.news().last?.contains("! Nothing is asked") == true)
        try open(&scene, by: 1)
        let news = scene.news().joined(separator: " ")
        #expect(news.contains("14:00 [room] Lena, asks, without names: What does nobody say?"))
        #expect(news.contains("? /unnamed TEXT answers once, without your name, until"))
        #expect(news.contains("5 can answer; shown all at once when it closes, if at least 5 did."))
        #expect(news.contains("It cannot be taken back."))
        scene.type("/unnamed that we are tired")
        #expect(asked(&scene) == [.answer(prompt, "that we are tired")])
        scene.perform(scene.view.done(.answer(prompt, "that we are tired")))
        #expect(
            scene.news() == [
                "14:00 = Kept sealed, without your name, until what Lena asked is closed."
            ]
        )
        scene.type("/unnamed and more")
        #expect(asked(&scene) == [])
        #expect(scene.news().last?.contains("that you have not answered") == true)
    }

    @Test func `answers are shown without a name, or all are told that there were too few`() throws
    {
        for answers in [5, 0] {
            var scene = try scene()
            try open(&scene, by: 1)
            _ = scene.news()
            try scene.ask(.closePrompt(prompt, answers: answers), by: 1)
            guard answers > 0 else {
                #expect(
                    scene.news().joined(separator: " ").contains(
                        "* Closed: fewer than 5 answered what Lena asked. The answers were thrown"
                    )
                )
                continue
            }
            scene.hear(nil, key, .answer, "that we are tired")
            #expect(
                scene.news() == [
                    "14:00 * Closed: 5 answers to what Lena asked, in no order of time:",
                    "14:00 [room, without a name] that we are tired",
                ]
            )
        }
    }

    @Test func `asking names nobody, needs five, and ends by a word`() throws {
        var scene = try scene(4)
        scene.type("/prompt what now?")
        #expect(asked(&scene) == [])
        #expect(scene.news().last?.contains("! ") == true)
        scene = try self.scene()
        scene.type("/prompt")
        scene.type("/prompt end")
        scene.type("/prompt --to lena what now?")
        #expect(asked(&scene) == [])
        let all = (1...5).map { RoomScene.person($0) }
        scene.type("/prompt what now?")
        #expect(asked(&scene) == [.prompt("what now?", .room, readers: all)])
        scene.type("/prompt --to peers what now?")
        #expect(asked(&scene) == [.prompt("what now?", .peers, readers: all)])
        try open(&scene, by: 2)
        _ = scene.news()
        scene.perform(scene.view.done(.prompt("what now?", .room, readers: all)))
        let said = scene.news().joined(separator: " ")
        #expect(said.contains("= Asked everyone in north without names: 5 can answer, you too"))
        scene.type("/prompt end")
        #expect(asked(&scene) == [.endPrompt(prompt)])
        scene.type("/help")
        #expect(scene.news().contains { $0.contains("/unnamed") })
    }
}

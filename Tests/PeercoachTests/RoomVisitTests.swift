// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// A facilitator visits a pod: what the client is asked, and what everybody sees.
struct RoomVisitTests {
    /// Lena, Priya and Tom in a triad that Jonas facilitates, in its first round.
    private func scene(
        as role: Role?,
        _ format: String = "triad"
    ) throws -> (RoomScene, Turn) {
        func scene(me: Int) throws -> RoomScene {
            var scene = try RoomScene(
                ["Lena", "Priya", "Tom", "Yusuf"].dropLast(format == "triad" ? 1 : 0),
                facilitators: ["Jonas"],
                me: me,
                at: RoomScene.at(14, 0)
            )
            try scene.start(format, .typed, by: 91)
            while scene.room.session?.openTurns.isEmpty != false { try scene.wake() }
            _ = scene.news()
            _ = scene.sent()
            return scene
        }
        let turn = try #require(try scene(me: 91).room.session?.openTurns.first)
        let person: PersonID? =
            switch role {
            case .client: turn.pod.client
            case .coach: turn.pod.coaches.first
            default: RoomScene.person(91)
            }
        return (try scene(me: Int(try #require(person).value.low)), turn)
    }

    private func allow(_ turn: Turn, _ scene: inout RoomScene) throws {
        let request = try #require(scene.room.visitRequest(turn.id))
        let number = Int(turn.pod.client.value.low)
        let yes = VisitYes(
            room: scene.room.id,
            turn: turn.id,
            visitor: request.visitor,
            asked: request.position,
            number: 0
        )
        let changed = TurnChanged(
            signed: SignedBytes(body: yes.body, signature: [6]),
            signer: RoomScene.device(number),
            yes: yes
        )
        try scene.ask(.allowVisit(changed), by: number)
    }

    @Test func `the client is asked, and says yes or no for themselves`() throws {
        for (line, deed) in [("/yes", true), ("/no", false)] {
            var (scene, turn) = try scene(as: .client)
            scene.view.answersYes = true
            try scene.ask(.askVisit(turn.id), by: 91)
            let news = scene.news().joined(separator: " ")
            #expect(news.contains("Jonas, facilitator, asks to visit"))
            #expect(news.contains("nothing from before"))
            #expect(scene.asked.isEmpty, "--yes does not answer it")
            scene.type(line)
            #expect(scene.asked == [.act(deed ? .allowVisit(turn.id) : .endVisit(turn.id))])
        }
    }

    @Test func `the pod sees who reads along, and the prompt names them`() throws {
        var (scene, turn) = try scene(as: .coach)
        try scene.ask(.askVisit(turn.id), by: 91)
        #expect(scene.news().joined().contains("Jonas asks to visit the turn of"))
        #expect(scene.view.questions.isEmpty)
        try allow(turn, &scene)
        let news = scene.news().joined(separator: " ")
        #expect(news.contains("Jonas visits, "))
        #expect(news.contains("has said yes"))
        #expect(news.contains("Typed lines now go to"))
        #expect(scene.view.address.text.contains("Jonas"))
        try scene.ask(.endVisit(turn.id), by: Int(turn.pod.client.value.low))
        #expect(scene.news().first?.contains("The visit is over: Jonas reads nothing") == true)
        #expect(!scene.view.address.text.contains("Jonas"))
    }

    @Test func `who visits puts in what the method lets them, and the pod sees who it is`() throws {
        var (scene, turn) = try scene(as: nil, "questions-first")
        try scene.ask(.askVisit(turn.id), by: 91)
        try allow(turn, &scene)
        let news = scene.news().joined(separator: " ")
        #expect(news.contains("from here on, and ask there where the phase lets you."))
        #expect(scene.view.address.isOwn)
        #expect(scene.view.possible.contains(.ask))
        #expect(!scene.view.possible.contains(.suggest))
        scene.type("/ask what have you not said yet?")
        let line = try #require(scene.sent().first)
        #expect(line.key == .turn(turn.id))
        #expect(line.kind == .ask)
        scene.type("/turn and who else?")
        #expect(scene.sent().first?.kind == .ask)
        // What the phase does not let them the server refuses, with the reason.
        scene.type("/suggest write it down")
        #expect(scene.sent().first?.kind == .suggest)

        (scene, turn) = try self.scene(as: .client, "questions-first")
        try scene.ask(.askVisit(turn.id), by: 91)
        #expect(
            scene.news().joined(separator: " ")
                .contains("nothing from before, and to ask there where the phase lets them.")
        )
    }

    @Test func `a pod calls the facilitator, who is told what to do`() throws {
        var (scene, turn) = try scene(as: .coach)
        #expect(scene.view.possible.contains(.come))
        scene.type("/come")
        #expect(scene.asked == [.act(.callFacilitator(turn.id))])
        let coach = Int(try #require(turn.pod.coaches.first).value.low)
        try scene.ask(.callFacilitator(turn.id), by: coach)
        #expect(scene.news().last?.hasSuffix("You ask the facilitator to come.") == true)
        scene.asked = []
        scene.type("/come")
        #expect(scene.asked.isEmpty)
        #expect(scene.news().last?.hasSuffix("You have called already.") == true)

        (scene, turn) = try self.scene(as: nil)
        #expect(!scene.view.possible.contains(.come))
        try scene.ask(.callFacilitator(turn.id), by: coach)
        let called = scene.news().joined(separator: " ")
        #expect(called.contains("asks you to come to pod 1 (Lena, Priya and Tom)."))
        #expect(called.contains("/visit 1 asks to read along, /tell 1 TEXT answers each of them."))
        scene.type("")
        #expect(scene.news().joined(separator: " ").contains("asks you to come to pod 1"))
        try scene.wake()
        _ = scene.news()
        scene.type("")
        #expect(!scene.news().joined(separator: " ").contains("asks you to come"))

        var alone = try RoomScene(["Lena", "Priya", "Tom"], me: 1, at: RoomScene.at(14, 0))
        try alone.start("triad", .typed, by: 1)
        try alone.wake()
        #expect(!alone.view.possible.contains(.come))
    }

    @Test func `a line that was begun before waits when somebody comes to visit`() throws {
        var (scene, turn) = try scene(as: .coach)
        try scene.ask(.askVisit(turn.id), by: 91)
        scene.view.drafting("what do you")
        try allow(turn, &scene)
        _ = scene.news()
        scene.perform(scene.view.submit("what do you want?"))
        #expect(scene.sent().isEmpty)
        #expect(scene.news().joined().contains("Not sent"))
    }

    @Test func `a facilitator asks for a pod, and ends it`() throws {
        var (scene, turn) = try scene(as: nil)
        scene.type("/visit")
        #expect(scene.news().first?.hasPrefix("14:02 ! Which pod? 1 (") == true)
        scene.type("/visit 1")
        #expect(scene.asked == [.act(.askVisit(turn.id))])
        try scene.ask(.askVisit(turn.id), by: 91)
        #expect(scene.news().joined().contains("You ask to visit the turn of"))
        try allow(turn, &scene)
        #expect(scene.news().joined().contains("You visit the turn of"))
        #expect(scene.view.address.isOwn)
        scene.asked = []
        scene.type("/visit")
        #expect(scene.asked == [.act(.endVisit(turn.id))])
        try scene.ask(.endVisit(turn.id), by: 91)
        #expect(scene.news().joined().contains("The visit is over: You read nothing"))
    }

    @Test func `a method without visits, and people without the right, are told so`() throws {
        var (scene, _) = try scene(as: .coach)
        scene.type("/visit 1")
        #expect(scene.news().first?.contains("a facilitator visits") == true)
        #expect(!scene.view.possible.contains(.visit))
        scene = try RoomScene(
            ["Lena", "Priya", "Tom", "Yusuf"],
            facilitators: ["Jonas"],
            me: 91,
            at: RoomScene.at(14, 0)
        )
        try scene.start("hot-seat", .typed, by: 91)
        while scene.room.session?.openTurns.isEmpty == true { try scene.wake() }
        _ = scene.news()
        scene.type("/visit 1")
        #expect(scene.news().last?.contains("this method takes no visits") == true)
        #expect(scene.asked.isEmpty)
    }
}

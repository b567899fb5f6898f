// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel
import Testing

@testable import peercoach

/// What the view says of the floor: Priya's, in a hot seat of four and in questions first.
struct RoomFloorTests {
    private static let names = ["Lena", "Priya", "Tom", "Yusuf"]

    private func scene(_ format: String, _ medium: Medium = .typed) throws -> RoomScene {
        var scene = try RoomScene(Self.names, me: 2, at: RoomScene.at(14, 0))
        try scene.start(format, medium, by: 1)
        return scene
    }

    private func pass(_ number: Int) -> RoomCommand {
        .floor(FloorCall(wish: .pass, person: RoomScene.person(number)))
    }

    @Test func `whose turn it is to speak is told, and lines stay with oneself until then`() throws
    {
        var scene = try scene("hot-seat")
        let news = scene.news().joined(separator: "\n")
        #expect(news.contains("Lena has the floor, then you, Tom and Yusuf."))
        #expect(scene.view.prompt.hasPrefix("[only you]"))
        scene.type("/say")
        _ = scene.news()
        try scene.ask(pass(1), by: 1)
        let next = scene.news()
        #expect(
            next.first
                == "14:00 * Lena has passed. You have the floor, then Tom and Yusuf. /pass when you are done."
        )
        #expect(next.contains("14:00 * Typed lines now go to everyone in north."))
        scene.type("I won a customer")
        #expect(scene.sent().map(\.kind) == [.say])
        scene.type("/pass")
        #expect(
            scene.asked.last == .act(.floor(FloorCall(wish: .pass, person: RoomScene.person(2))))
        )
        try scene.ask(pass(2), by: 2)
        #expect(scene.news().contains("14:00 * Typed lines now stay with you alone."))
        scene.type("/floor")
        #expect(
            scene.asked.last == .act(.floor(FloorCall(wish: .ask, person: RoomScene.person(2))))
        )
        scene.type("/pass")
        #expect(scene.news().last == "14:00 ! There is no floor that you could pass on now.")
        scene.type("/pass tom")
        #expect(scene.news().last?.contains("can pass for others") == true)
    }

    @Test func `who is ready is told, and who is awaited`() throws {
        var scene = try scene("hot-seat")
        _ = scene.news()
        scene.type("/ready")
        let ready = FloorCall(wish: .ready, person: RoomScene.person(2))
        #expect(scene.asked.last == .act(.floor(ready)))
        try scene.ask(.floor(ready), by: 2)
        #expect(
            scene.news() == [
                "14:00 * You are ready to go on. Not yet: Lena, Tom and Yusuf. The phase ends when all are."
            ]
        )
        #expect(!scene.view.possible.contains(.ready))
        for number in [1, 3, 4] {
            try scene.ask(
                .floor(FloorCall(wish: .ready, person: RoomScene.person(number))),
                by: number
            )
        }
        #expect(scene.news().contains { $0.contains("The pitch") })
    }

    @Test func `a statement goes with the question that it answers, and waits where there is none`()
        throws
    {
        var scene = try scene("questions-first")
        try scene.wake()
        #expect(scene.room.session?.phase?.name == "questions")
        _ = scene.news()
        scene.type("/answer we have no time")
        #expect(scene.news().last?.contains("here a statement answers a question") == true)
        #expect(scene.sent().isEmpty)
        scene.type("/drop")
        scene.hear(3, scene.turn, .ask, "What would you need?")
        scene.type("/answer an hour a week")
        let sent = scene.sent()
        #expect(sent.map(\.kind) == [.answer])
        #expect(sent.map(\.cites) == [1])
    }

    private func questions() throws -> RoomScene {
        var scene = try scene("questions-first")
        try scene.wake()
        _ = scene.news()
        scene.hear(3, scene.turn, .ask, "What would you need?")
        scene.hear(4, scene.turn, .ask, "Who could help?")
        return scene
    }

    @Test func `questions show their number, and an answer goes to the one of a number`() throws {
        var scene = try questions()
        let news = scene.news()
        #expect(news.contains { $0.hasSuffix("asks (1): What would you need?") })
        #expect(news.contains { $0.hasSuffix("asks (2): Who could help?") })
        scene.type("/answer 1 3 hours a week")
        scene.type("/answer Lena")
        let sent = scene.sent()
        #expect(sent.map(\.text) == ["3 hours a week", "Lena"])
        #expect(sent.map(\.cites) == [1, 2])
        #expect(scene.view.completions(before: "/answer", word: "") == ["2", "1"])
        scene.type("/help")
        #expect(scene.news().joined().contains("to question N or to the last one"))
    }

    @Test func `an answer to a question that is not there is refused, and nothing goes`() throws {
        var scene = try questions()
        _ = scene.news()
        scene.type("/answer 9 because")
        #expect(
            scene.news().last
                == "14:03 ! Not sent: nobody has asked you a question 9 here. You can answer 1 or 2; /answer without a number answers the last."
        )
        scene.type("/answer 99999999999999999999999 because")
        #expect(scene.news().last?.contains("nobody has asked you a question 999") == true)
        scene.type("/answer 1")
        #expect(scene.news().last == "14:03 ! Type it all: /answer 1 TEXT")
        _ = scene.view.gone(scene.turn, 1, by: RoomScene.person(3))
        scene.type("/answer 1 because")
        #expect(scene.news().last?.contains("You can answer 2;") == true)
        #expect(scene.sent().isEmpty)
        #expect(scene.view.held.isEmpty)
    }

    @Test func `a line that waits answers the question that it was typed for`() throws {
        var scene = try questions()
        _ = scene.view.linked(.offline)
        scene.type("hello")
        scene.type("/answer 1 an hour")
        #expect(scene.view.held.last?.line.cites == 1)
        _ = scene.view.gone(scene.turn, 1, by: RoomScene.person(3))
        _ = scene.view.linked(.online)
        while scene.view.held.count > 1 { scene.type("/drop") }
        scene.type("/retry")
        #expect(scene.news().last?.contains("question 1, which it answers, is gone") == true)
        #expect(scene.sent().isEmpty)
    }

    @Test func `where no question need be answered a number is a word`() throws {
        var scene = try scene("action-learning")
        try scene.wake()
        for _ in 0..<6 where !scene.view.possible.contains(.answer) { try scene.wake() }
        #expect(scene.view.answerableQuestions.isEmpty)
        scene.type("/answer 3 hours")
        #expect(scene.sent().allSatisfy { $0.cites == nil && $0.text == "3 hours" })
    }

    @Test func `in a spoken session the floor is shown and lines go where they went`() throws {
        var scene = try scene("hot-seat", .spoken)
        #expect(scene.news().joined().contains("Lena has the floor"))
        #expect(!scene.view.hasToWait(in: scene.room))
        scene.type("/floor")
        #expect(scene.news().last?.contains("Lena has the floor, then you") == true)
    }

    @Test func `everybody can stop the clock, nobody is named, and everybody can go on`() throws {
        var scene = try scene("hot-seat")
        _ = scene.news()
        scene.type("/pause")
        #expect(scene.news() == ["14:00 ! Not done: Lena keeps the time. /stop is everybody's."])
        scene.type("/stop")
        #expect(scene.asked.last == .act(.stop))
        try scene.ask(.stop, by: 3)
        #expect(
            scene.news() == [
                "14:00 * The clock was stopped; no reason is asked. 10 min of Wins and promises kept are left. /resume when it is right to go on."
            ]
        )
        scene.type("/resume")
        #expect(scene.asked.last == .act(.resume))
        try scene.ask(.resume, by: 2)
        #expect(scene.news().first?.hasPrefix("14:00 * The clock goes on") == true)
    }

    @Test func `roles have the names of their method`() throws {
        var scene = try scene("hot-seat")
        _ = scene.news()
        try scene.wake()
        let round = scene.news().first { $0.contains("Round 1 of 2") }
        #expect(round?.contains("is seat holder") == true)
        #expect(round?.contains("are members") == true)
    }
}

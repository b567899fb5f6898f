// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

struct RoomFeedbackTests {
    private func scene(me: Int = 2) throws -> RoomScene {
        try RoomScene(["Lena", "Priya", "Tom"], me: me, at: RoomScene.at(14, 8))
    }

    private var betweenLenaAndPriya: TranscriptKey {
        .between(RoomScene.person(1), RoomScene.person(2))
    }

    @Test func `written feedback is announced and printed when its receiver opens it`() throws {
        var scene = try scene()
        scene.hear(1, betweenLenaAndPriya, .feedback, "you advised too early")
        #expect(
            scene.news() == [
                "14:08 * Feedback from Lena is here, for you alone. /read opens it, now or later."
            ]
        )
        scene.hear(1, betweenLenaAndPriya, .assess, "and your silence helped")
        #expect(scene.news().allSatisfy { !$0.contains("silence") })
        #expect(scene.view.possible.contains(.read))
        scene.type("/read tom")
        #expect(scene.news() == ["14:08 ! Nothing of theirs waits to be opened."])
        scene.type("/read")
        let read = scene.news()
        #expect(read.count == 2)
        #expect(read[0].hasSuffix("Lena, feedback: you advised too early"))
        #expect(read[1].hasSuffix("Lena, on the coaching: and your silence helped"))
        scene.type("/read")
        #expect(scene.news().last?.contains("No feedback waits") == true)
    }

    @Test func `looking back does not open what waits`() throws {
        var scene = try scene()
        scene.hear(1, betweenLenaAndPriya, .feedback, "not yet")
        let line = try #require(scene.view.unopened.first)
        var other = line
        other.number += 1
        other.kind = .say
        other.text = "said before"
        scene.printed = []
        scene.perform(scene.view.recalled([line, other], hasOlder: false))
        let news = scene.news()
        #expect(news.count == 1 && news[0].contains("said before"))
    }

    @Test func `what others say to one is shown at once, and feedback in a turn too`() throws {
        var scene = try scene()
        scene.hear(1, betweenLenaAndPriya, .say, "hello")
        #expect(scene.news().last?.contains("hello") == true)
        scene.hear(1, .room, .feedback, "to all of you")
        #expect(scene.news().last?.contains("to all of you") == true)
    }

    @Test func `a word on the coaching goes to one person alone`() throws {
        var scene = try scene()
        scene.type("/assess tom you gave me time")
        #expect(scene.posted.isEmpty)
        #expect(scene.news().last?.contains("in no turn together") == true)
        try scene.start("triad", .spoken, by: 1)
        for _ in 0..<30 where scene.room.turn(of: scene.view.me) == nil { try scene.wake() }
        scene.type("/assess tom you gave me time")
        let line = try #require(scene.posted.last)
        #expect(line.kind == .assess && line.text == "you gave me time")
        #expect(line.key == .between(RoomScene.person(2), RoomScene.person(3)))
        scene.type("/assess")
        #expect(scene.news().last?.contains("/assess NAME [TEXT]") == true)
    }

    // MARK: Marks

    /// A triad in which the person who looks observes.
    private func observing() throws -> RoomScene {
        var scene = try scene()
        try scene.start("triad", .spoken, by: 1)
        for _ in 0..<30 {
            if scene.room.turn(of: scene.view.me)?.role == .observer { return scene }
            try scene.wake()
        }
        throw Unseen()
    }

    private struct Unseen: Error {}

    @Test func `marks stay with the observer until they are handed to the coach`() throws {
        var scene = try observing()
        let turn = try #require(scene.room.turn(of: scene.view.me)?.turn)
        for text in ["+o what would you do?", "+o", "+r", "+a just quit", "+s", "+c"] {
            scene.type(text)
        }
        #expect(scene.posted.allSatisfy { $0.key == .own(scene.view.me) && $0.kind == .note })
        #expect(scene.posted.map(\.text).first == "+o what would you do?")
        scene.printed = []
        scene.type("/marks")
        #expect(scene.news().last?.contains("open questions 2, closed 1, said back 1") == true)
        scene.type("/marks give")
        #expect(scene.news().last?.contains("still goes on") == true)
        while scene.room.turnState(turn.id)?.isClosed == false { try scene.wake() }
        let before = scene.posted.count
        scene.type("/marks give")
        let given = scene.posted.dropFirst(before)
        #expect(given.count == turn.pod.coaches.count)
        let line = try #require(given.first)
        #expect(line.kind == .assess)
        #expect(line.key == .between(scene.view.me, turn.pod.coaches[0]))
        #expect(line.text.contains("open questions 2, closed 1, said back 1, silences 1, advice 1"))
        #expect(line.text.contains("open questions: what would you do?"))
        scene.type("/marks")
        #expect(scene.news().last?.contains("There are no marks.") == true)
    }

    @Test func `who does not observe makes no marks, and other lines are lines`() throws {
        var scene = try scene()
        scene.type("+o why?")
        #expect(scene.posted.isEmpty)
        #expect(scene.news().last?.contains("Marks are the observer's.") == true)
        for text in ["+x why?", "+1", "+open", "+ o", "o"] {
            #expect(CoachingMark.reading(text) == nil)
        }
    }

    @Test func `marks of a long turn fit one line`() throws {
        let scene = try observing()
        let turn = try #require(scene.room.turn(of: scene.view.me)?.turn)
        var marks = TurnMarks(turn: turn)
        for _ in 0..<TurnMarks.marksMax {
            marks.marks.append(
                TurnMarks.Mark(
                    at: scene.now,
                    mark: .open,
                    quote: String(repeating: "ä", count: 100)
                )
            )
        }
        let text = marks.text(RoomScene.zone)
        #expect(text.utf8.count <= RoomScreenModel.textBytesMax)
        #expect(text.contains("open questions 500"))
    }
}

/// What is owed after a session: between two people, and nobody else's.
struct RoomOwedTests {
    private static let people = [1: "Lena", 2: "Priya", 3: "Tom"]

    /// A triad that came to its end, looked at by one of them.
    private func over(me: Int) throws -> RoomScene {
        var scene = try RoomScene(["Lena", "Priya", "Tom"], me: me, at: RoomScene.at(14, 8))
        try scene.start("triad", .spoken, by: 1)
        for _ in 0..<60 where scene.room.session != nil { try scene.wake() }
        #expect(scene.room.session == nil)
        return scene
    }

    @Test func `the summary says what one can write, to whom, and that nobody else sees it`() throws
    {
        var scene = try over(me: 2)
        let last = try #require(scene.room.lastSession)
        let me = scene.view.me
        let client = try #require(last.turns.first { $0.turn.pod.coaches == [me] }).turn.pod.client
        let coach = try #require(last.turns.first { $0.turn.pod.client == me }).turn.pod.coaches[0]
        let names = [client, coach].map { scene.room.shownName($0) }
        let news = scene.news().joined(separator: "\n")
        #expect(news.contains("feedback to \(names[0]) (/feedback \(names[0]))"))
        #expect(news.contains("how \(names[1]) coached (/assess \(names[1]))"))
        #expect(news.contains("Only the two of you see that it is open."))
        #expect(news.contains("Did you hear it aloud from \(names[1])?"))
        // One writes, hears and is written to: less is open.
        #expect(scene.view.feedbackOpen().count == 5)
        let number = { (person: PersonID) in Int(person.value.low) }
        scene.hear(2, .between(me, client), .feedback, "clear questions")
        scene.hear(2, .between(me, coach), .assess, "you waited")
        scene.hear(number(coach), .between(me, coach), .feedback, "well said")
        scene.hear(number(client), .between(me, client), .assess, "thank you")
        #expect(scene.view.feedbackOpen().count == 2)
        scene.hear(
            number(client),
            .between(me, client),
            .say,
            RoomScreenModel.heardText,
            isHeard: true
        )
        scene.type("/heard \(names[1])")
        let line = try #require(scene.posted.last)
        #expect(line.meaning == .heard && line.kind == .say && line.key == .between(me, coach))
        #expect(line.readers == [me, coach].sorted())
        scene.hear(2, .between(me, coach), .say, RoomScreenModel.heardText, isHeard: true)
        #expect(scene.view.feedbackOpen().isEmpty)
        scene.type("/heard \(names[1])")
        #expect(scene.news().last?.contains("or you said so already") == true)
    }

    @Test func `nobody ticks what they did not hear`() throws {
        var scene = try RoomScene(["Lena", "Priya", "Tom"], me: 2, at: RoomScene.at(14, 8))
        #expect(!scene.view.possible.contains(.heard))
        scene.type("/heard tom")
        #expect(scene.posted.isEmpty)
        #expect(scene.news().last?.contains("was in no turn") == true)
        scene.type("/heard")
        #expect(scene.news().last?.contains("/heard NAME") == true)
        scene.type("/heard priya")
        #expect(scene.posted.isEmpty)
    }
}

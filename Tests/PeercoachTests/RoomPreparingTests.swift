// SPDX-License-Identifier: Apache-2.0
import CoachingFeedback
import CoachingModel
import Testing

@testable import peercoach

/// Feedback that is prepared in the room, part by part.
struct RoomPreparingTests {
    private static let me = RoomScene.person(2)

    /// A triad of Lena, Priya and Tom, seen by Priya, in its first turn.
    private func scene() throws -> RoomScene {
        var scene = try RoomScene(["Lena", "Priya", "Tom", "Ida"], me: 2, at: RoomScene.at(14, 8))
        try scene.ask(.attend(RoomScene.person(4), .away), by: 4)
        try scene.start("triad", .spoken, by: 1)
        for _ in 0..<30 where scene.room.turn(of: scene.view.me) == nil { try scene.wake() }
        _ = scene.news()
        return scene
    }

    @Test func `each part is saved for oneself alone before the next question`() throws {
        var scene = try scene()
        scene.type("/feedback tom")
        #expect(scene.view.prompt.hasPrefix("[only you, for Tom, 1 of 5]"))
        #expect(scene.news().last?.contains("What helped") == true)
        scene.type("you waited")
        scene.type("")
        scene.type("I found the word")
        #expect(scene.posted.count == 2)
        #expect(scene.posted.allSatisfy { $0.key == .own(Self.me) && $0.readers == [Self.me] })
        #expect(scene.posted.last?.feedback?.parts?[.effect] == "I found the word")
        #expect(Set(scene.posted.map(\.feedback?.note?.id)).count == 1)
        scene.type(".")
        #expect(scene.view.preparing == nil)
        #expect(!scene.view.prompt.contains("for Tom"))
        #expect(scene.view.desk.drafts.map(\.versions) == [2])
        // Going on shows what is there.
        scene.type("/feedback tom")
        #expect(scene.news().last?.contains("Now: you waited") == true)
        scene.type("")
        scene.type("at 14:20 you said nothing")
        #expect(scene.view.desk.drafts.first?.parts[.strengths] == "you waited")
        #expect(scene.view.desk.drafts.map(\.versions) == [3])
    }

    @Test func `the check names what is missing and holds up nothing`() throws {
        var scene = try scene()
        scene.type("/feedback tom")
        scene.type("you waited")
        for _ in 0..<4 { scene.type("") }
        let news = scene.news()
        #expect(news.contains { $0.contains("What they could try is missing") })
        #expect(news.last?.contains("Send it to Tom as it is? /yes or /no") == true)
        scene.type("/no")
        #expect(scene.view.desk.drafts.count == 1)
        scene.type("/feedback tom")
        for _ in 0..<5 { scene.type("") }
        scene.type("/yes")
        let line = try #require(scene.posted.last)
        #expect(line.kind == .feedback && line.key == .between(Self.me, RoomScene.person(3)))
        #expect(line.text == "What helped: you waited" && line.feedback?.note?.step == .sent)
        #expect(scene.view.desk.drafts.isEmpty && scene.view.desk.sent.count == 1)
    }

    @Test func `where nothing is said nothing is sent`() throws {
        var scene = try scene()
        scene.type("/feedback tom")
        for _ in 0..<5 { scene.type("  ") }
        #expect(scene.news().last?.contains("nothing to send") == true)
        #expect(scene.posted.isEmpty && scene.view.preparing == nil && scene.view.questions.isEmpty)
    }

    @Test func `commands go on working, and nothing that is typed goes to anybody else`() throws {
        var scene = try scene()
        scene.type("/feedback tom")
        scene.type("+o was that a mark?")
        scene.type("//slash")
        scene.type("/note for me")
        #expect(scene.posted.allSatisfy { $0.key == .own(Self.me) })
        #expect(scene.view.desk.drafts.first?.parts[.strengths] == "+o was that a mark?")
        #expect(scene.view.preparing?.step == 1)
    }

    @Test func `a part over its limit is asked again`() throws {
        var scene = try scene()
        scene.type("/feedback tom")
        scene.type(String(repeating: "x", count: FeedbackParts.partBytesMax + 1))
        #expect(scene.posted.isEmpty && scene.view.preparing?.step == 0)
        #expect(scene.news().contains { $0.contains("bytes at most") })
    }

    @Test func `who never was in a turn with somebody writes nothing about their work`() throws {
        var scene = try scene()
        for line in ["/feedback ida well done", "/assess ida well done"] {
            scene.type(line)
            #expect(scene.news().last?.contains("in no turn together") == true)
        }
        scene.type("/assess ida")
        #expect(scene.news().last?.contains("coached in no turn") == true)
        // One may prepare it before the meeting; it does not go.
        scene.type("/feedback ida")
        scene.type("thank you for coming")
        for _ in 0..<4 { scene.type("") }
        #expect(scene.news().last?.contains("kept as a draft") == true)
        #expect(scene.posted.allSatisfy { $0.key == .own(Self.me) })
    }

    @Test func `an assessment asks for levels of the scale, and goes to who coached`() throws {
        var scene = try scene()
        let coach = try #require(scene.room.turn(of: Self.me)?.turn.pod.coaches.first)
        guard coach != Self.me else {
            scene.type("/assess me")
            scene.type("9")
            #expect(scene.news().contains { $0.contains("no level of the scale") })
            scene.type("3 I waited")
            #expect(scene.view.preparing?.draft.assessment?.by == .oneself)
            return
        }
        scene.type("/assess \(scene.view.name(coach))")
        scene.type("9")
        #expect(scene.news().contains { $0.contains("no level of the scale") })
        #expect(scene.view.preparing?.step == 0)
        scene.type("3 you kept to it")
        for _ in 0..<7 { scene.type("") }
        scene.type("thank you")
        scene.type("/yes")
        let line = try #require(scene.posted.last)
        #expect(line.kind == .assess && line.key == .between(Self.me, coach))
        #expect(line.feedback?.assessment?.ratings.map(\.level) == [3])
        #expect(line.feedback?.assessment?.session == scene.room.session?.id)
    }

    @Test func `one's own view is asked for first, may be left, and then stands beside it`() throws
    {
        var scene = try scene()
        for _ in 0..<90 {
            if scene.room.lastCoaching(by: Self.me, seenBy: Self.me) != nil { break }
            try scene.wake()
        }
        let shared = try #require(scene.room.lastCoaching(by: Self.me, seenBy: Self.me))
        var theirs = Assessment(on: .icf, by: .client, session: shared.session)
        theirs.rate(Rating(competency: "Listens Actively", level: 4), in: .icf)
        let between = TranscriptKey.between(RoomScene.person(1), Self.me)
        let content = FeedbackContent(assessment: theirs)
        scene.hear(1, between, .assess, theirs.text, feedback: content)
        _ = scene.news()
        scene.type("/read")
        #expect(scene.news().last?.contains("How do you see it yourself? /assess me") == true)
        scene.type("/assess me")
        for _ in 0..<5 { scene.type("") }
        scene.type("2")
        for _ in 0..<3 { scene.type("") }
        #expect(scene.view.desk.selfAssessment(of: shared.session)?.ratings.map(\.level) == [2])
        _ = scene.news()
        scene.type("/read")
        let news = scene.news()
        #expect(news.contains { $0.contains("Listens Actively: seen throughout") })
        #expect(
            news.contains {
                $0.contains("Listens Actively: you: seen at moments; Lena: seen throughout")
            }
        )
        #expect(scene.view.desk.unopened.isEmpty && scene.view.unopened.isEmpty)
        // Of a session that one did not coach nothing is asked.
        theirs.session = SessionID(Bytes16(high: 77, low: 77))
        scene.hear(1, between, .assess, theirs.text, feedback: FeedbackContent(assessment: theirs))
        scene.type("/read")
        #expect(scene.view.unopened.isEmpty)
    }

    @Test func `who does not want to say how they see it opens it by a second read`() throws {
        var scene = try scene()
        for _ in 0..<90 {
            if scene.room.lastCoaching(by: Self.me, seenBy: Self.me) != nil { break }
            try scene.wake()
        }
        let shared = try #require(scene.room.lastCoaching(by: Self.me, seenBy: Self.me))
        let theirs = Assessment(on: .icf, by: .client, session: shared.session)
        let content = FeedbackContent(assessment: theirs)
        let between = TranscriptKey.between(RoomScene.person(1), Self.me)
        scene.hear(1, between, .assess, "thank you", feedback: content)
        scene.type("/read")
        #expect(scene.view.unopened.count == 1)
        scene.type("/read")
        #expect(scene.view.unopened.isEmpty)
    }

    @Test func `what came before the view was opened is read too, and once`() throws {
        var scene = try scene()
        let line = HeardLine(
            key: .between(RoomScene.person(1), Self.me),
            number: 1,
            at: scene.now,
            author: RoomScene.person(1),
            kind: .feedback,
            text: "you waited"
        )
        scene.view.remember(line)
        scene.type("/read")
        #expect(scene.news().last?.contains("Lena, feedback: you waited") == true)
        scene.type("/read")
        #expect(scene.news().last?.contains("No feedback waits") == true)
    }

    @Test func `what is asked for is seen as that, and waits until one has written`() throws {
        var scene = try scene()
        let between = TranscriptKey.between(RoomScene.person(3), Self.me)
        let request = FeedbackRequest(about: "my questions")
        let content = FeedbackContent(request: request)
        scene.hear(3, between, .say, request.text, feedback: content)
        #expect(scene.news().last?.contains("asks: I ask you for feedback about: my") == true)
        let waits = FeedbackWaits(desk: scene.view.desk, now: scene.now) { scene.view.name($0) }
        #expect(
            waits.lines == [
                "Tom asks you for feedback about: my questions: peercoach feedback write Tom"
            ]
        )
        scene.type("/feedback tom thank you for asking")
        #expect(scene.view.desk.asked.isEmpty)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// A breach of trust goes to those who were picked and shown, to nobody by itself, at any time.
@Suite struct RoomBreachTests {
    /// Lena 1, Priya 2, Tom 3, Jonas 91 the facilitator; Priya looks on.
    private func scene(_ medium: Medium? = nil) throws -> RoomScene {
        var scene = try RoomScene(
            ["Lena", "Priya", "Tom"],
            facilitators: ["Jonas"],
            me: 2,
            at: RoomScene.at(14, 0)
        )
        if let medium { try scene.start("triad", medium, by: 91) }
        _ = scene.news()
        _ = scene.sent()
        return scene
    }

    private func keys(_ numbers: [Int]) -> [TranscriptKey] {
        numbers.map { .between(RoomScene.person(2), RoomScene.person($0)) }
    }

    @Test func `without names it asks to whom and sends nothing`() throws {
        var scene = try scene()
        for line in ["/breach", "/breach it went further", "/breach :", "/breach : it went out"] {
            scene.type(line)
        }
        #expect(scene.view.questions.isEmpty)
        #expect(scene.sent().isEmpty)
        let news = scene.news().joined(separator: "\n")
        #expect(news.contains("Who shall know"))
        #expect(news.contains("/breach facilitator: TEXT"))
    }

    @Test func `it shows the readers and goes to each of them alone after a yes`() throws {
        var scene = try scene()
        scene.type("/breach lena, Jonas: my story was told at lunch: twice")
        #expect(scene.sent().isEmpty)
        let asked = scene.news().joined(separator: " ")
        #expect(asked.contains("Lena and Jonas, to each of them alone"))
        scene.type("/yes")
        let sent = scene.sent()
        #expect(sent.map(\.key) == keys([1, 91]))
        #expect(sent.map(\.readers.count) == [2, 2])
        for line in sent {
            #expect(line.meaning == .breach && line.kind == .say)
            #expect(line.text == "my story was told at lunch: twice")
        }
        let news = scene.news().filter { $0.contains(" = ") }
        #expect(news == ["14:00 = Sent to Lena.", "14:00 = Sent to Jonas."])
    }

    @Test func `a no sends it to nobody, and a newer one takes its place`() throws {
        var scene = try scene()
        scene.type("/breach lena: one")
        scene.type("/breach tom: two")
        scene.type("/no")
        scene.type("/yes")
        #expect(scene.sent().isEmpty)
        let news = scene.news().joined(separator: "\n")
        #expect(news.contains("Not sent to anybody."))
        #expect(news.contains("Nothing was asked."))
    }

    @Test func `names that fit nobody, several or oneself are refused`() throws {
        var scene = try scene()
        try scene.admit(4, "Lena Marie", by: 91)
        _ = scene.news()
        for (line, answer) in [
            ("/breach nobody: text", "Nobody here is called"),
            ("/breach l: text", "Which one: Lena or Lena Marie?"),
            ("/breach priya: text", "Not to yourself"),
            ("/breach , : text", "To whom?"),
        ] {
            scene.type(line)
            let news = scene.news().joined(separator: " ")
            #expect(news.contains(answer), "\(line): \(news)")
        }
        #expect(scene.sent().isEmpty)
    }

    @Test(arguments: [Medium.typed, .spoken])
    func `it is possible in every phase, whoever has the floor`(_ medium: Medium) throws {
        var scene = try scene(medium)
        var phases = 0
        while scene.room.session != nil, phases < 40 {
            phases += 1
            scene.type("/breach facilitator: now")
            scene.type("/yes")
            scene.type("/breach room: now")
            scene.type("/yes")
            let sent = scene.sent()
            #expect(sent.first?.key == keys([91])[0])
            let rest = sent.dropFirst().map(\.key)
            #expect(rest == [.room] || rest == keys([1, 3, 91]))
            for line in sent {
                do throws(RoomRejection) {
                    try scene.room.mayPost(line.kind, in: line.key, by: RoomScene.person(2))
                } catch { Issue.record("\(line.key): \(error) in phase \(phases)") }
            }
            try scene.wake()
        }
        #expect(phases > 3)
    }

    @Test func `in the room it is one line to those who were shown`() throws {
        var scene = try scene()
        scene.type("/breach room: it went out")
        let asked = scene.news().joined(separator: " ")
        #expect(asked.contains("everyone in north, that is to Lena, Tom and Jonas"))
        try scene.admit(4, "Ben", by: 91)
        _ = scene.news()
        scene.type("/yes")
        #expect(scene.sent().isEmpty)
        let news = scene.news().joined(separator: " ")
        #expect(news.contains("Not sent: Ben would read it too by now. /retry or /drop"))
        scene.type("/retry")
        #expect(scene.sent().map(\.meaning) == [.breach])
    }

    @Test func `who gets it is told what one can do, and cannot take it for another's words`()
        throws
    {
        var scene = try scene()
        scene.hear(1, .between(RoomScene.person(1), RoomScene.person(2)), .say, "It went out.")
        #expect(scene.news().count == 1)
        scene.hear(
            1,
            .between(RoomScene.person(1), RoomScene.person(2)),
            .say,
            "It went out.",
            isBreach: true
        )
        let news = scene.news().joined(separator: " ")
        #expect(news.contains("Lena, raises a breach: It went out."))
        #expect(news.contains("* TAKE TIME FOR THIS: Lena told you alone"))
        for way in ["/to Lena", "/members", "peercoach leave", "peercoach guide breach"] {
            #expect(news.contains(way))
        }
        #expect(!news.contains("/remove"), "she lets nobody in")
    }

    @Test func `what came while the view was closed is told when it is opened`() throws {
        var scene = try scene()
        let key = TranscriptKey.between(RoomScene.person(1), RoomScene.person(2))
        for (number, daysAgo) in [(1, 20), (2, 3)] as [(UInt64, Int64)] {
            scene.view.remember(
                HeardLine(
                    key: key,
                    number: number,
                    at: scene.now.adding(milliseconds: -daysAgo * 86_400_000),
                    author: RoomScene.person(1),
                    kind: .say,
                    text: "line \(number)",
                    isBreach: true
                )
            )
        }
        scene.perform(scene.view.entered())
        let news = scene.news().joined(separator: "\n")
        #expect(news.contains("line 2") && news.contains("TAKE TIME"))
        #expect(!news.contains("line 1"))
    }

    @Test func `the guide fits the screen and names the ways`() {
        #expect(GuideTopic.breach.lines.allSatisfy { $0.count <= 78 })
        #expect(GuideTopic.breach.lines.contains { $0.contains("/breach NAMES") })
    }
}

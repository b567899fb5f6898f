// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingSeal
import Testing

@testable import peercoach

/// Digits, members and readers in the room view.
@Suite struct RoomVerifyTests {
    private func scene(me: Int = 2) throws -> RoomScene {
        try RoomScene(["Lena", "Priya", "Tom"], me: me, at: RoomScene.at(14, 0))
    }

    private func number(readAloud: Timestamp? = nil) -> RoomNumber {
        RoomNumber(
            number: SafetyNumber(room: .zero, identityKeys: [RoomScene.key(1)]),
            readAloud: readAloud
        )
    }

    @Test func `both sides of a pair are shown the same digits and asked whether they match`()
        throws
    {
        var mine = try scene(me: 2)
        mine.type("/verify tom")
        var theirs = try scene(me: 3)
        theirs.type("/verify priya")
        let shown = mine.news()
        #expect(shown.first == "14:00 * Your digits and those of Tom:")
        #expect(shown[1...2] == theirs.news()[1...2])
        #expect(shown[1].split(separator: " ").count == 8)
        #expect(shown.last == "14:00 ? Did they match? /yes or /no")
        mine.type("/yes")
        #expect(mine.asked == [.act(.compared(RoomScene.person(3), matched: true))])
        theirs.type("/no")
        #expect(theirs.asked == [.act(.compared(RoomScene.person(2), matched: false))])
        #expect(theirs.news().last?.contains("CAREFUL: then somebody may stand between") == true)
    }

    @Test func `yes to everything does not answer what only eyes can see`() throws {
        var scene = try scene()
        scene.view.answersYes = true
        scene.type("/verify tom")
        #expect(scene.asked == [])
        #expect(scene.news().last == "14:00 ? Did they match? /yes or /no")
    }

    @Test func `the room's digits are shown when a session begins, until they were read aloud`()
        throws
    {
        var scene = try scene()
        scene.view.identified(number(), [:])
        try scene.start("triad", .typed, by: 2)
        let news = scene.news()
        #expect(news.contains("14:00 * They are new since you read them aloud together: /verify"))
        var read = try self.scene()
        read.view.identified(number(readAloud: RoomScene.at(13, 0)), [:])
        try read.start("triad", .typed, by: 2)
        #expect(!read.news().contains { $0.contains("digits") })
        scene.type("/verify")
        #expect(scene.news().contains("14:00 * The digits of north: \(number().number)"))
        scene.type("/yes")
        #expect(scene.asked.last == .act(.readAloud))
    }

    @Test func `members says who let whom in, how they are known, and odd numbers of devices`()
        throws
    {
        var scene = try scene()
        scene.clock(14, 20)
        try scene.admit(4, "Ben", by: 1)
        scene.view.identified(
            number(),
            [RoomScene.person(4): .otherThanBefore, RoomScene.person(3): .matched(at: scene.now)]
        )
        _ = scene.news()
        scene.type("/members")
        let news = scene.news()
        let ben = try #require(news.first { $0.contains("Ben") })
        #expect(ben.contains("let in by Lena, on their own word, 14:20"))
        #expect(ben.contains("OTHER KEYS THAN BEFORE"))
        let tom = try #require(news.first { $0.contains("Tom ") })
        #expect(tom.contains("digits were the same"))
    }

    @Test func `who says person by person who reads what, and since when`() throws {
        var scene = try scene()
        scene.clock(14, 20)
        try scene.admit(4, "Ben", by: 1)
        _ = scene.news()
        scene.type("/who")
        let news = scene.news()
        #expect(news.first == "14:20 * /note   only you   (bare lines now)")
        #expect(news.last?.hasPrefix("14:20 * /room   ") == true)
        #expect(news.last?.contains("; Ben since 14:20") == true)
    }

    @Test func `clearing wipes the screen and what could be taken back`() throws {
        var scene = try scene()
        scene.hear(1, .room, .say, "a secret")
        _ = scene.news()
        scene.type("/clear")
        #expect(scene.asked == [.wipe])
        _ = scene.news()
        #expect(scene.view.past.isEmpty)
        scene.type("/history")
        #expect(scene.asked.last == .recall(count: 20, further: false))
    }
}

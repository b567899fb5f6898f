// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// Check-ins and pages: for oneself alone, unless one says otherwise.
struct RoomJournalTests {
    private func scene() throws -> RoomScene {
        try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 0))
    }

    private let own = TranscriptKey.own(RoomScene.person(2))

    @Test func `a check-in is kept for oneself, with its number beside the words`() throws {
        var scene = try scene()
        scene.type("/feel 4 tired but curious")
        let sent = scene.sent()
        #expect(sent.map(\.key) == [own])
        #expect(sent.map(\.kind) == [.note])
        #expect(sent.map(\.text) == ["tired but curious"])
        #expect(sent[0].meaning == .checkIn(4))
        #expect(sent[0].meaning?.scale == 4)
        scene.type("/feel 1")
        #expect(scene.sent().map(\.text) == [""])
    }

    @Test func `others read it only where one says so`() throws {
        var scene = try scene()
        scene.type("/feel room 2 a hard week")
        let sent = scene.sent()
        #expect(sent.map(\.key) == [.room])
        #expect(sent.map(\.kind) == [.say])
        scene.printed = []
        scene.type("/feel turn 2")
        #expect(scene.sent().isEmpty)
        #expect(scene.news().first?.contains("you have no turn now") == true)
    }

    @Test(arguments: ["/feel", "/feel 0", "/feel 6 well", "/feel well", "/feel 256", "/feel -1"])
    func `what is no number from 1 to 5 is refused`(line: String) throws {
        var scene = try scene()
        scene.type(line)
        #expect(scene.sent().isEmpty)
        #expect(scene.news().first?.contains("from 1 (badly) to 5 (well)?") == true)
    }

    @Test func `a page stays with oneself, and an empty one is no page`() throws {
        var scene = try scene()
        scene.type("/journal I learned to wait.")
        #expect(scene.sent().map(\.key) == [own])
        scene.type("/journal")
        #expect(scene.sent().isEmpty)
        #expect(scene.news().last?.contains("what did you learn") == true)
    }

    @Test func `a check-in of somebody else is told as one`() throws {
        var scene = try scene()
        let line = HeardLine(
            key: .room,
            number: 1,
            at: scene.now,
            author: RoomScene.person(1),
            kind: .say,
            text: "a hard week",
            scale: 2
        )
        scene.perform(scene.view.heard(line))
        #expect(scene.news() == ["14:00 [room] Lena, check-in, 2 of 5: a hard week"])
    }

    @Test func `the trend has a row and a bar each, and sums up from four on`() {
        let checkIns = [2, 3, 4, 5].enumerated().map { index, scale in
            CheckIn(
                at: RoomScene.at(14, index),
                scale: UInt8(scale),
                words: index == 0 ? "tired" : ""
            )
        }
        let now = RoomScene.at(15, 0)
        func lines(_ count: Int) -> [String] {
            CheckInTrend(
                checkIns: Array(checkIns.prefix(count)),
                now: now,
                calendar: RoomScene.zone
            ).lines
        }
        #expect(lines(0) == ["You have not checked in yet: peercoach feel 4"])
        #expect(lines(3).count == 3)
        #expect(lines(3)[0].hasSuffix("2 ##     tired"))
        #expect(lines(4).last == "Of 4: 3.5 on average, the last 2: 4.5.")
        #expect(CheckInTrend.average(checkIns[0..<3]) == "3.0")
    }

    @Test func `pages are found by the beginnings of their words, in whatever case`() {
        let text = "I learned to WAIT; Tom thought aloud."
        for words in [["wait"], ["learn", "TOM"], ["thought aloud"], ["wai"]] {
            #expect(JournalPage.holds(words, in: text), "\(words)")
        }
        for words in [["ait"], ["wait", "never"], ["toms"]] {
            #expect(!JournalPage.holds(words, in: text), "\(words)")
        }
    }
}

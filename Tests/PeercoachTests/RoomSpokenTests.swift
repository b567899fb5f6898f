// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// Priya's screen in a spoken triad, line by line.
@Suite struct RoomSpokenTests {
    /// Lena 1, Priya 2, Tom 3; Jonas facilitates and starts at 14:08.
    private func scene() throws -> RoomScene {
        var scene = try RoomScene(
            ["Lena", "Priya", "Tom"],
            facilitators: ["Jonas"],
            me: 2,
            at: RoomScene.at(14, 8)
        )
        try scene.start("triad", .spoken, by: 91)
        return scene
    }

    /// Goes on until Priya coaches.
    private func coaching() throws -> RoomScene {
        var scene = try scene()
        for _ in 0..<4 {
            if scene.room.turn(of: scene.view.me)?.role == .coach { break }
            repeat { try scene.wake() } while scene.room.session?.place.phase != 0
        }
        try #require(scene.room.turn(of: scene.view.me)?.role == .coach)
        return scene
    }

    @Test func `a session begins with its format, its end and how people talk`() throws {
        var scene = try scene()
        #expect(
            scene.news() == [
                "14:08 * Coaching triad: 3 rounds, until 15:25, spoken.",
                "14:08 * You talk on the call or in one place; here are the clock and your notes.",
                "14:08 * Arrive, until 14:10. All: say in one sentence how you arrive, and what "
                    + "became of your last promise.",
            ]
        )
        #expect(scene.view.prompt == "[only you] until 14:10> ")
    }

    @Test func `the first mock-up, as far as its words exist`() throws {
        var scene = try coaching()
        let start = scene.room.session.flatMap { $0.roundStarts[$0.place.round] }
        let round = scene.room.session?.place.round ?? 0
        let time = Words.clock(try #require(start), RoomScene.zone)
        let lines = scene.news()
        let pod = try #require(scene.room.turn(of: scene.view.me)?.turn.pod)
        let client = scene.view.name(pod.client)
        let observer = scene.view.name(pod.observers.first)
        #expect(
            lines.suffix(4) == [
                "\(time) * Round \(round) of 3. Priya coaches, \(client) is client, "
                    + "\(observer) observes.",
                "\(time) * Is the call recorded or transcribed? Switch it off first.",
                "\(time) * Agree on the aim, until \(clock(scene)). You: ask \(client) what they "
                    + "want from this, and say what others should watch in you.",
                "\(time) * Typed lines now go to \(others(scene)).",
            ]
        )
        #expect(scene.view.prompt == "[\(others(scene))] until \(clock(scene))> ")
        scene.type("\(observer), please watch whether I advise too early")
        #expect(scene.sent().map(\.key) == [scene.turn])
        #expect(scene.news() == ["\(time) = Sent to \(others(scene))."])
        scene.hear(Int(pod.client.value.low), scene.turn, .say, "I say yes to every extra project")
        #expect(
            scene.news() == ["\(time) [turn] \(client), client: I say yes to every extra project"]
        )
        try scene.wake()
        let later = Words.clock(scene.now, RoomScene.zone)
        #expect(
            scene.news() == [
                "\(later) * Coaching, until \(clock(scene)). You coach \(client): listen, ask, say "
                    + "back. No advice. End with what, by when.",
                "\(later) * Typed lines now stay with you alone. /turn TEXT goes to "
                    + "\(Words.list(others(scene).split(separator: ", ").map(String.init))).",
            ]
        )
        scene.type("\"guilty\" twice, both times about the board")
        #expect(scene.sent().map(\.key) == [.own(scene.view.me)])
        #expect(scene.news() == ["\(later) = Kept for you alone."])
        scene.type("/turn to keep: whose voice is it that says yes?")
        #expect(scene.news() == ["\(later) = Sent to \(others(scene))."])
        scene.type("/room thanks, a good silence it was")
        #expect(scene.news() == ["\(later) = Sent to everyone in north."])
        scene.hear(91, .room, .say, "you have time, leave some silence")
        #expect(
            scene.news() == [
                "\(later) [room] Jonas, facilitator: you have time, leave some silence"
            ]
        )
        scene.type("")
        #expect(
            scene.news() == [
                "\(later) * You coach \(client): listen, ask, say back. No advice. End with what, by "
                    + "when. 14 min left. Then: Feedback from who was coached (3 min), Feedback "
                    + "from who observed (5 min)."
            ]
        )
        scene.now = scene.now.adding(milliseconds: 13 * 60_000)
        scene.perform(scene.view.tick(scene.now))
        scene.perform(scene.view.tick(scene.now.adding(milliseconds: 1_000)))
        let minute = Words.clock(scene.now, RoomScene.zone)
        #expect(
            scene.news() == [
                "\(minute) * 1 minute left. Then: Feedback from who was coached (3 min), Feedback "
                    + "from who observed (5 min)."
            ]
        )
        scene.hear(
            Int(pod.client.value.low),
            scene.turn,
            .commit,
            "tell the board what waits",
            due: RoomScene.at(24, 0).adding(milliseconds: 10 * 86_400_000)
        )
        #expect(
            scene.news() == [
                "\(minute) [turn] \(client), client, promises: tell the board what waits, by "
                    + "Fri 11 Dec"
            ]
        )
    }

    private func others(_ scene: RoomScene) -> String {
        scene.room.audience(of: scene.turn).filter { $0 != scene.view.me }
            .map { scene.view.name($0) }.joined(separator: ", ")
    }

    private func clock(_ scene: RoomScene) -> String {
        scene.room.session?.ends.map { Words.clock($0, RoomScene.zone) } ?? ""
    }

    @Test func `the second mock-up sums up roles, minutes, promises and what remains`() throws {
        var scene = try scene()
        var rounds: Set<UInt8> = []
        while let session = scene.room.session {
            if !session.isTogether, rounds.insert(session.place.round).inserted {
                scene.hear(1, scene.turn, .commit, "ask my team, round \(session.place.round)")
            }
            if session.isTogether, session.place.round > 0 {
                scene.type("/commit send Lena the one-page brief by fri")
                scene.type("/note it went well")
                scene.printed = []
            }
            try scene.wake()
        }
        let roles = try #require(scene.room.lastSession).turns(of: scene.view.me)
        #expect(roles.count == 3)
        let news = scene.news()
        #expect(
            news[0] == "15:25 * Session 1 of north is over. This summary is on your screen alone."
        )
        #expect(news[1].hasPrefix("15:25 * Your roles: "))
        for role in ["coach of ", "client of ", "observer of "] { #expect(news[1].contains(role)) }
        #expect(
            news[2].hasSuffix("you 24, Tom 24. Nobody is owed a turn.")
                || news[2].contains("you 24")
        )
        #expect(
            news.dropFirst(3) == [
                "15:25 * You promised:",
                "15:25 *   1  send Lena the one-page brief  by Fri 4 Dec  to everyone in north",
                "15:25 * Promised to you:",
                "15:25 *      Lena: ask my team, round 1",
                "15:25 *      Lena: ask my team, round 2",
                "15:25 *      Lena: ask my team, round 3",
                "15:25 * How you coached Lena: spoken, and no marks yet, so nothing was counted. "
                    + "Three questions for yourself: peercoach coaching",
                "15:25 * Open for you to write: feedback to Lena (/feedback Lena) and how Tom "
                    + "coached (/assess Tom).",
                "15:25 * Only the two of you see that it is open.",
                "15:25 * Did you hear it aloud from Tom? Then: /heard NAME",
                "15:25 * Still to come in writing: Lena on how you coached and feedback from Tom.",
                "15:25 * Not said yet by Lena: that your feedback was heard aloud.",
                "15:25 * What remains, and who in the room can read it:",
                "15:25 *   3 turns, 3 lines   Lena, you, Tom, until Mon 1 Mar 2027",
                "15:25 *   room, 1 line       the three of you and Jonas, until "
                    + "Wed 1 Dec 2027",
                "15:25 *   your 1 note        only you, until you erase them",
                "15:25 * The room stays open. Typed lines now stay with you alone.",
            ]
        )
        #expect(scene.view.prompt == "[only you] > ")
    }
}

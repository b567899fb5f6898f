// SPDX-License-Identifier: Apache-2.0
import CoachingGoals
import CoachingModel
import Testing

@testable import peercoach

/// Promises in the room: what is open from before, and what became of it.
struct RoomReviewTests {
    private let lena = RoomScene.person(1)
    private let priya = RoomScene.person(2)

    private func scene() throws -> RoomScene {
        try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 0))
    }

    private func promise(
        _ scene: inout RoomScene,
        _ id: UInt64,
        by author: PersonID,
        _ text: String,
        due: Timestamp? = nil
    ) {
        scene.view.remember(
            HeardLine(
                key: .between(lena, priya),
                number: id,
                at: scene.now,
                author: author,
                kind: .commit,
                text: text,
                due: due,
                undertaking: UndertakingNote(
                    id: UndertakingID(Bytes16(high: 5, low: id)),
                    step: .made,
                    kind: .promise
                )
            )
        )
    }

    @Test func `a session opens with what was promised before, in both directions`() throws {
        var scene = try scene()
        promise(&scene, 1, by: priya, "send the brief")
        promise(&scene, 2, by: lena, "ask my team")
        scene.clock(15, 0)
        try scene.start("reciprocal-pair", .typed, by: 1)
        #expect(
            scene.news().contains(
                "15:00 * From before 1 promise of yours and 1 to you are open. Look at them "
                    + "together: /review"
            )
        )
        scene.type("/review")
        #expect(
            scene.news() == [
                "15:00 * You promised:", "15:00 *   1  send the brief; to Lena; open",
                "15:00 * Promised to you:", "15:00 *   Lena: ask my team; to Lena; open",
                "15:00 ? What became of it: /review N kept, partly, missed or renegotiated",
            ]
        )
    }

    @Test func `without open promises a session opens as before`() throws {
        var scene = try scene()
        try scene.start("reciprocal-pair", .typed, by: 1)
        #expect(!scene.news().contains { $0.contains("/review") })
        scene.type("/review")
        #expect(scene.news() == ["14:00 * Nothing that was promised here is open."])
    }

    @Test func `what became of it goes to whom it was promised`() throws {
        var scene = try scene()
        promise(&scene, 1, by: priya, "send the brief")
        scene.type("/review 1 kept")
        let sent = scene.sent()
        #expect(sent.map(\.key) == [.between(lena, priya)])
        #expect(sent.map(\.kind) == [.say])
        #expect(sent.map(\.text) == ["kept"])
        #expect(sent[0].undertaking?.state == .kept)
        scene.type("/review 1 renegotiated after the fair by 18 Dec")
        let moved = try #require(scene.sent().first)
        #expect(moved.text == "after the fair")
        #expect(moved.due == RoomScene.at(0, 0).adding(milliseconds: 18 * 86_400_000))
        #expect(moved.undertaking?.state == .renegotiated)
    }

    @Test func `what cannot be meant is refused with what can be typed`() throws {
        var scene = try scene()
        promise(&scene, 1, by: lena, "ask my team")
        for (line, told) in [
            ("/review 1", "Type it all"), ("/review x kept", "Type it all"),
            ("/review 1 done", "Type it all"), ("/review 1 kept", "You have no promise 1 here"),
            ("/review 0 kept", "You have no promise 0 here"),
        ] {
            scene.printed = []
            scene.type(line)
            #expect(scene.news().first?.contains(told) == true, "\(line)")
        }
        promise(&scene, 2, by: priya, "send the brief")
        scene.type("/review 1 renegotiated")
        #expect(scene.news().first?.contains("By when, or how otherwise?") == true)
    }

    @Test func `a line about a promise says of which, one that is gone counts no more`() throws {
        var scene = try scene()
        promise(&scene, 1, by: lena, "ask my team who wants the audit of the northern plant")
        scene.printed = []
        let line = HeardLine(
            key: .between(lena, priya),
            number: 2,
            at: scene.now,
            author: lena,
            kind: .say,
            text: "kept",
            undertaking: UndertakingNote(
                id: UndertakingID(Bytes16(high: 5, low: 1)),
                step: .judged,
                state: .kept
            )
        )
        scene.perform(scene.view.heard(line))
        let told = try #require(scene.news().first)
        #expect(told.contains("on the promise 'ask my team who wants the audit of the …': kept"))
        #expect(scene.view.undertakings.all.map(\.state) == [.kept])
        _ = scene.view.gone(line.key, 2, by: lena)
        #expect(scene.view.undertakings.all.map(\.state) == [.open])
    }
}

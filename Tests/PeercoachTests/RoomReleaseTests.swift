// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import CoachingClient
@testable import peercoach

/// Releases in the room view: what is asked, what is answered, what is shown.
@Suite struct RoomReleaseTests {
    private func scene() throws -> RoomScene {
        var scene = try RoomScene(["Lena", "Priya", "Tom"], me: 2, at: RoomScene.at(14, 0))
        scene.printed = []
        return scene
    }

    private func request(
        by asker: Int = 1,
        of people: [Int] = [1, 2],
        number: UInt64 = 2
    ) -> ReleaseRequest {
        ReleaseRequest(
            key: .peers,
            number: number,
            at: RoomScene.at(14, 0),
            asker: RoomScene.person(asker),
            line: 1,
            target: .room,
            persons: people.map { RoomScene.person($0) },
            device: RoomScene.device(asker),
            salt: .zero,
            digest: .zero
        )
    }

    private func answered(_ request: ReleaseRequest, by number: Int, yes: Bool) -> ReleaseChange {
        var request = request
        request.answers[RoomScene.person(number)] = .init(
            number: 9,
            device: RoomScene.device(number),
            signature: yes ? [1] : nil
        )
        return ReleaseChange(
            request: request,
            step: .answered(RoomScene.person(number), yes: yes),
            isNew: true
        )
    }

    @Test func `whom it concerns is shown the line, asked, and answers with yes or no`() throws {
        var scene = try scene()
        scene.hear(1, .peers, .say, "I dared to say no")
        _ = scene.news()
        let change = ReleaseChange(request: request(), step: .asked, isNew: true)
        scene.perform(scene.view.released(change))
        let news = scene.news()
        #expect(news.first == "14:00 [peers] Lena: I dared to say no")
        #expect(
            news.dropFirst().joined(separator: " ").hasPrefix(
                "14:00 ? Lena asks to release to the room"
            )
        )
        scene.view.answersYes = true
        scene.type("/yes")
        #expect(scene.asked == [.act(.consent(request(), yes: true))])
        scene.asked = []
        scene.perform(scene.view.released(answered(request(), by: 2, yes: true)))
        scene.type("/no")
        #expect(scene.asked == [])
        #expect(scene.news().last?.contains("Nothing was asked.") == true)
    }

    @Test func `what waited before one came in is asked then, and --yes does not answer it`() throws
    {
        var scene = try scene()
        scene.view.answersYes = true
        scene.view.stage = .entering
        let old = ReleaseChange(request: request(), step: .asked, isNew: false)
        let others = ReleaseChange(
            request: request(of: [1, 3], number: 4),
            step: .asked,
            isNew: false
        )
        scene.perform(scene.view.released(old) + scene.view.released(others))
        #expect(scene.news() == [])
        scene.view.stage = .inside
        scene.perform(scene.view.askConsents())
        #expect(scene.view.questions == [.consent(request())])
        #expect(scene.asked == [])
        // What is off or was answered elsewhere is asked no more.
        var gone = request()
        gone.isGone = true
        scene.perform(
            scene.view.released(ReleaseChange(request: gone, step: .gone, isNew: true))
        )
        #expect(scene.view.questions == [] && scene.view.consents == [])
        #expect(scene.news().last?.contains("Lena's release is off") == true)
    }

    @Test func `the author hears of each answer, and others of nothing`() throws {
        var scene = try scene()
        let mine = request(by: 2, of: [1, 2, 3])
        scene.perform(scene.view.released(answered(mine, by: 1, yes: true)))
        let yes = scene.news().joined(separator: " ")
        #expect(yes.contains("Lena said yes to releasing your line to the room."))
        #expect(yes.contains("It waits for Tom."))
        scene.perform(scene.view.released(answered(mine, by: 3, yes: false)))
        #expect(scene.news().joined().contains("Tom said no: your line is not released"))
        let others = request(by: 1, of: [1, 3])
        scene.perform(scene.view.released(answered(others, by: 3, yes: true)))
        #expect(scene.news() == [])
    }

    @Test func `a released line says by whose yes it is there, and one without a proof does not`()
        throws
    {
        var scene = try scene()
        for (number, agreed) in [[1, 2, 3], [1], nil].enumerated() as EnumeratedSequence<[[Int]?]> {
            let line = HeardLine(
                key: .room,
                number: UInt64(number + 1),
                at: scene.now,
                author: RoomScene.person(1),
                kind: .say,
                text: "I dared",
                agreed: agreed?.map { RoomScene.person($0) }
            )
            scene.perform(scene.view.heard(line))
        }
        #expect(
            scene.news() == [
                "14:00 [room] Lena, released with the yes of you and Tom: I dared",
                "14:00 [room] Lena, released: I dared", "14:00 [room] Lena: I dared",
            ]
        )
        #expect(ReleaseWords.standing(request()) { _ in "Priya" } == "waits for Priya")
        let yes = answered(request(), by: 2, yes: true).request
        #expect(
            ReleaseWords.standing(yes) { _ in "Priya" }.hasPrefix("yes from Priya, is released")
        )
        let no = answered(request(), by: 2, yes: false).request
        #expect(ReleaseWords.standing(no) { _ in "Priya" } == "no from Priya")
    }
}

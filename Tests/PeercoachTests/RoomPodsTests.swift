// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel
import Testing

@testable import peercoach

/// What people see where pods keep time apart, and where a phase goes on past its time.
struct RoomPodsTests {
    private static let names = ["Lena", "Priya", "Tom", "Ben", "Noor", "Ida"]

    /// Two pods of three, in the first phase of their first round.
    private func scene(me: Int) throws -> RoomScene {
        var scene = try RoomScene(
            Self.names,
            facilitators: ["Jonas"],
            me: me,
            at: RoomScene.at(14, 0)
        )
        try scene.start("triad", .typed, by: 91)
        while scene.room.session?.place.round != 1 { try scene.wake() }
        #expect(scene.room.session?.openTurns.count == 2)
        scene.printed = []
        return scene
    }

    private func ready(_ pod: UInt8, _ scene: inout RoomScene) throws {
        let turn = scene.room.session?.openTurns.first { $0.pod.number == pod }
        for person in try #require(turn).pod.people {
            try scene.ask(
                .floor(FloorCall(wish: .ready, person: person)),
                by: Int(person.value.low)
            )
        }
    }

    private func number(_ pod: UInt8, _ scene: RoomScene) throws -> (me: Int, client: String) {
        let turn = scene.room.session?.openTurns.first { $0.pod.number == pod }
        let client = try #require(turn).pod.client
        return (Int(client.value.low), scene.room.name(of: client) ?? "")
    }

    @Test func `a pod that goes on sees it, the other not, and who keeps time in a line`() throws {
        let first = try number(1, try scene(me: 91))
        var own = try scene(me: first.me)
        try ready(1, &own)
        let title = try #require(own.room.part(of: RoomScene.person(first.me))?.phase.title)
        #expect(own.news().contains { $0.contains("* \(title), until") })
        var other = try scene(me: try number(0, own).me)
        other.printed = []
        try ready(1, &other)
        #expect(other.news() == [])
        var chair = try scene(me: 91)
        try ready(1, &chair)
        #expect(chair.news() == ["14:02 * The pod of \(first.client): \(title), until 14:16."])
    }

    @Test func `a pod that is through waits, and its prompt says so`() throws {
        let first = try number(1, try scene(me: 91))
        var own = try scene(me: first.me)
        while own.room.session?.course(ofPod: 1).isThrough != true { try ready(1, &own) }
        let told = try #require(own.news().last { $0.contains("through") })
        #expect(told.hasPrefix("14:02 * Your pod is through. The round ends when the others are"))
        #expect(own.view.prompt.hasSuffix("through> "))
        own.type("")
        #expect(own.news().contains { $0.contains("Your pod is through; the round ends when") })
    }

    @Test func `a stop in one pod is not told to another`() throws {
        let first = try number(1, try scene(me: 91))
        var other = try scene(me: try number(0, try scene(me: 91)).me)
        try other.ask(.stop, by: first.me)
        #expect(other.news() == [])
        #expect(!other.view.prompt.contains("paused"))
        var own = try scene(me: first.me)
        try own.ask(.stop, by: first.me)
        #expect(own.news().first?.contains("The clock was stopped; no reason is asked.") == true)
        #expect(own.view.prompt.contains("paused"))
        #expect(own.view.possible.contains(.resume))
    }

    @Test func `what is still to come is said before the end, at it, and when one asks`() throws {
        var scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 0))
        try scene.start("grow", .typed, by: 1)
        while scene.room.session?.place.phase != 3 { try scene.wake() }
        let client = try #require(scene.room.session?.openTurns.first).pod.client
        let isMine = client == RoomScene.person(2)
        let whose = isMine ? "your" : "Lena's"
        scene.printed = []
        scene.type("")
        #expect(scene.news().contains { $0.contains("Still to come: \(whose) promise.") })
        scene.printed = []
        try scene.wake()
        let until = try #require(scene.news().first)
        #expect(until.contains("The time of What you will do is up, and it goes on."))
        #expect(until.contains("Still to come: \(whose) promise. Lena can go on."))
        #expect(scene.view.prompt.hasSuffix("time is up> "))
        try scene.askAsServer(.meet(NeedMet(person: client, kind: .commit)))
        #expect(scene.room.session?.place.phase != 3)
    }

    @Test func `a clock that waits for a facilitator names them, and who can go on`() throws {
        var scene = try scene(me: 1)
        try scene.ask(.end, by: 91)
        var format = try #require(try BuiltInFormats.format(named: "triad"))
        format.absence = .waits
        try scene.start(format, .typed, by: 91)
        scene.printed = []
        try scene.askAsServer(.reach(RoomScene.person(91), false))
        let told = scene.news()
        #expect(told.count == 2)
        #expect(told.last?.contains("The clock stands until Jonas is back") == true)
        #expect(told.last?.contains("/resume goes on, /end ends the session.") == true)
    }
}

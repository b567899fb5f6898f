// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

/// What a facilitator does in the room, and what the others see of it.
struct RoomModerationTests {
    private static let names = ["Lena", "Priya", "Tom", "Yusuf", "Ada", "Ben"]

    private func scene(
        me: Int,
        _ peers: Int = 3,
        _ format: String = "triad",
        _ medium: Medium = .typed
    ) throws -> RoomScene {
        var scene = try RoomScene(
            Array(Self.names.prefix(peers)),
            facilitators: ["Jonas"],
            me: me,
            at: RoomScene.at(14, 0)
        )
        try scene.start(format, medium, by: 91)
        _ = scene.news()
        _ = scene.sent()
        return scene
    }

    private func call(_ wish: FloorWish, _ number: Int) -> FloorCall {
        FloorCall(wish: wish, person: RoomScene.person(number))
    }

    @Test func `a facilitator gives the floor and takes it back`() throws {
        var scene = try scene(me: 91, 4, "hot-seat")
        scene.type("/give")
        #expect(scene.news() == ["14:00 ! To whom? /give [NAME]"])
        scene.type("/give tom")
        #expect(scene.asked.last == .act(.floor(call(.give, 3))))
        try scene.ask(.floor(call(.give, 3)), by: 91)
        #expect(
            scene.news() == ["14:00 * You gave Tom the floor. All others wait until Tom is done."]
        )
        scene.type("/give")
        #expect(scene.asked.last == .act(.floor(call(.take, 3))))
        try scene.ask(.floor(call(.take, 3)), by: 91)
        #expect(scene.news() == ["14:00 * You took the floor back from Tom."])
    }

    @Test func `who is given it speaks, and the lines of the others stay with them`() throws {
        var scene = try scene(me: 2, 4, "hot-seat")
        try scene.ask(.floor(call(.give, 2)), by: 91)
        let news = scene.news()
        #expect(
            news.first
                == "14:00 * Jonas gave you the floor. The others wait. /pass when you are done."
        )
        #expect(scene.view.possible.contains(.pass))
        scene.type("I begin")
        #expect(scene.sent().map(\.key) == [.room])
        try scene.ask(.floor(call(.pass, 2)), by: 2)
        #expect(scene.news().contains { $0.contains("You have passed. Lena has the floor") })
        #expect(scene.view.hasToWait(in: scene.room))
    }

    @Test func `who is muted learns it and why, and keeps the rest`() throws {
        var scene = try scene(me: 2)
        try scene.ask(.mute(RoomScene.person(2), true), by: 91)
        let news = scene.news()
        #expect(
            news.first
                == "14:00 * Jonas muted you until this phase ends. /note, /pass, /stop and /to NAME stay yours."
        )
        scene.type("but I only")
        #expect(scene.sent().map(\.key) == [.own(RoomScene.person(2))])
        scene.type("/to jonas why?")
        #expect(scene.sent().map(\.key) == [.between(RoomScene.person(2), RoomScene.person(91))])
        #expect(scene.view.possible.contains(.stop))
        try scene.ask(.mute(RoomScene.person(2), false), by: 91)
        #expect(scene.news().contains("14:00 * Jonas lets you speak again."))
        #expect(!scene.view.hasToWait(in: scene.room))
    }

    @Test func `muting needs a reason, which goes to that person alone once it is so`() throws {
        var scene = try scene(me: 91)
        scene.type("/mute tom")
        #expect(
            scene.news() == ["14:00 ! Say why; Tom alone reads it: /mute Tom WHY"]
        )
        scene.type("/mute tom let Lena finish")
        #expect(scene.asked == [.act(.mute(RoomScene.person(3), true))])
        #expect(scene.sent().isEmpty)
        try scene.ask(.mute(RoomScene.person(3), true), by: 91)
        let sent = scene.sent()
        #expect(sent.map(\.key) == [.between(RoomScene.person(3), RoomScene.person(91))])
        #expect(sent.map(\.text) == ["Why you are muted: let Lena finish"])
        #expect(
            scene.news().first
                == "14:00 * You muted Tom until this phase ends. /mute ends it before."
        )
        scene.type("/mute tom")
        #expect(scene.asked == [.act(.mute(RoomScene.person(3), false))])
    }

    @Test func `who keeps the time or takes part is told whose it is`() throws {
        var scene = try scene(me: 2, 6)
        try scene.ask(.handOver(RoomScene.person(2)), by: 91)
        _ = scene.news()
        for (line, what) in [
            ("/give tom", "giving the floor"), ("/mute tom why", "muting"),
            ("/shut", "shutting the room"), ("/move tom 2", "moving people"),
            ("/tell all hello", "telling a pod something"),
        ] {
            scene.type(line)
            #expect(
                scene.news() == [
                    "14:00 ! Not done: \(what) is for Jonas. Keeping the time gives no right to it."
                ]
            )
        }
        #expect(scene.asked.isEmpty)
        let possible = Set(scene.view.possible)
        #expect(possible.isDisjoint(with: [.give, .mute, .shut, .move, .tell]))
    }

    @Test func `a room is shut and opened, and whom it kept out comes in`() throws {
        var scene = try scene(me: 91)
        scene.type("/shut")
        #expect(scene.asked == [.act(.shut(true))])
        try scene.ask(.shut(true), by: 91)
        #expect(
            scene.news() == [
                "14:00 * You shut the room: nobody else comes in until it is opened. /shut opens it."
            ]
        )
        scene.asked = []
        scene.type("/shut")
        #expect(scene.asked == [.act(.shut(false))])
        var other = try self.scene(me: 2)
        try other.ask(.attend(RoomScene.person(2), .away), by: 2)
        try other.ask(.shut(true), by: 91)
        _ = other.news()
        try other.ask(.shut(false), by: 91)
        #expect(other.news() == ["14:00 * Jonas opened the room again."])
        #expect(other.asked.last == .act(.attend(RoomScene.person(2), .here)))
    }

    @Test func `somebody is put into another pod, named by number or by who works there`() throws {
        var scene = try scene(me: 91, 6)
        let session = try #require(scene.room.session)
        let pods = session.pods(of: 1)
        #expect(pods.count == 2)
        let moving = pods[0].client
        let (name, number) = (scene.view.name(moving), Int(moving.value.low))
        let there = scene.view.name(pods[1].client)
        scene.type("/move \(name)")
        #expect(scene.news().first?.hasPrefix("14:00 ! Into which pod? 1 (") == true)
        scene.type("/move \(name) 2")
        scene.type("/move \(name) \(there)")
        let deed = RoomEffect.act(.move(RoomScene.person(number), pod: pods[1].number))
        #expect(scene.asked == [deed, deed])
        try scene.ask(.move(moving, pod: pods[1].number), by: 91)
        let news = scene.news().joined(separator: " ")
        #expect(news.contains("You put \(name) into the pod of"))
        #expect(news.contains("from round 1 on."))
        #expect(news.contains("\(name) is owed a turn, next time first."))
        #expect(news.contains("/plan shows all."))
    }

    @Test func `one pod is told something by a line to each, all by one to the room`() throws {
        var scene = try scene(me: 91, 6)
        scene.type("/tell 1 hello")
        #expect(
            scene.news() == [
                "14:00 ! No pod works now. /tell all TEXT goes to everyone in north."
            ]
        )
        scene.type("/tell all five minutes more")
        #expect(scene.sent().map(\.key) == [.room])
        while scene.room.session?.openTurns.isEmpty == true { try scene.wake() }
        _ = scene.news()
        let pod = try #require(scene.room.session?.openTurns.last?.pod)
        scene.type("/tell 2 leave some silence")
        let sent = scene.sent()
        #expect(sent.map(\.key) == pod.people.map { .between($0, RoomScene.person(91)) })
        #expect(Set(sent.map(\.text)) == ["To your pod: leave some silence"])
        _ = scene.news()
        scene.type("/tell nobody hello")
        #expect(scene.news().first?.contains("Which pod? 1 (") == true)
        scene.type("/tell 2")
        #expect(scene.news().first?.contains("Type it all: /tell POD or all TEXT") == true)
        #expect(scene.sent().isEmpty)
    }

    @Test func `what a facilitator takes out of the room is named with whose it was and why`()
        throws
    {
        var scene = try scene(me: 2)
        scene.hear(3, .room, .say, "that was stupid")
        _ = scene.news()
        scene.perform(scene.view.gone(.room, 1, by: RoomScene.person(91)))
        #expect(scene.news() == ["14:00 * Jonas took a line of Tom out of the room."])
        let why = HeardLine(
            key: .room,
            number: 2,
            at: scene.now,
            author: RoomScene.person(91),
            kind: .withdraw,
            text: "we do not judge here"
        )
        scene.perform(scene.view.whyGone(why))
        #expect(
            scene.news() == ["14:00 [room] Jonas, on what was taken out: we do not judge here"]
        )
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFormats
import CoachingModel
import CoachingWire
import Testing

@testable import peercoach

@Suite struct RoomCommandsTests {
    private func scene(me: Int = 2) throws -> RoomScene {
        try RoomScene(["Lena", "Priya", "Tom"], me: me, at: RoomScene.at(14, 0))
    }

    @Test func `start shows the plan with clock times, people and roles, and asks`() throws {
        var scene = try scene()
        scene.type("/start triad until 15:00 spoken")
        let news = scene.news()
        #expect(
            news.first
                == "14:00 * Coaching triad, spoken, 3 rounds, 14:00 to 15:00. Nothing has begun yet."
        )
        #expect(
            news.contains(
                "14:00 *   14:01  Round 1 of 3: Lena coaches, Priya is client, Tom observes"
            )
                || news.filter { $0.contains("Round 1 of 3: ") }.count == 1
        )
        #expect(news.filter { $0.contains("Round ") }.count == 3)
        #expect(news.last == "14:00 ? Start this session? /yes or /no")
        scene.type("/yes")
        guard case .act(.start(let offer))? = scene.asked.last else {
            Issue.record("nothing was asked of the room")
            return
        }
        #expect(offer.medium == .spoken)
        #expect(offer.until == RoomScene.at(15, 0))
        #expect(offer.shown.count == 3)
    }

    @Test func `a plan that changed meanwhile is shown again`() throws {
        var scene = try scene()
        scene.type("/start triad")
        scene.type("/yes")
        guard case .act(let deed)? = scene.asked.last else {
            Issue.record("nothing was asked of the room")
            return
        }
        scene.printed = []
        let sentence = "Who is present has changed. Look at the plan again."
        let rule = RefusalCode(.writtenFeedbackMissing)
        let missing = ClientError(.refused, "Not yet.", refusal: rule)
        scene.perform(scene.view.failed(deed, missing))
        #expect(scene.news() == ["14:00 ! Not done: Not yet."])
        let changed = ClientError(.refused, sentence, refusal: RefusalCode(.planChanged))
        scene.perform(scene.view.failed(deed, changed))
        let news = scene.news()
        #expect(
            news.first == "14:00 ! Not done: Who is present has changed. Look at the plan again."
        )
        #expect(news.last == "14:00 ? Start this session? /yes or /no")
    }

    @Test func `a name that is none of the program's is asked of the server`() throws {
        var scene = try RoomScene(["Priya", "Tom", "Lena"], me: 1, at: RoomScene.at(14, 0))
        scene.view.programmeFormats = ["old"]
        #expect(scene.view.completions(before: "/start", word: "o").contains("old"))
        scene.type("/start Ours until 15:30")
        guard case .readFormat(let wish) = scene.asked.last else {
            Issue.record("nobody was asked")
            return
        }
        #expect(wish.format.lowercased() == "ours")
        scene.perform(scene.view.formatRead(wish, .unknown))
        #expect(
            scene.news().last
                == "14:00 ! There is no format '\(wish.format)'. The Tab key lists them, or your own file: /start FILE.yaml"
        )
        guard var format = try BuiltInFormats.format(named: "triad") else { return }
        format.name = "ours"
        scene.perform(scene.view.formatRead(wish, .format(format)))
        #expect(scene.news().last == "14:00 ? Start this session? /yes or /no")
        #expect(scene.view.formatNames.suffix(2) == ["old", "ours"])
        scene.type("/yes")
        guard case .act(.start(let offer)) = scene.asked.last else {
            Issue.record("nothing begins")
            return
        }
        #expect(offer.file == nil)
        #expect(offer.format.name == "ours")
    }

    @Test(arguments: [
        (
            "/start",
            "Which format? /start triad, or another one: the Tab key lists them, peercoach formats explains them."
        ),
        (
            "/start triad until soon",
            "Until when? A clock time such as 15:30. /start FORMAT or FILE.yaml [until TIME] [typed or spoken]"
        ),
        (
            "/start triad until 14:03",
            "The time until then is too short or too long for Coaching triad with 3 people. Without 'until' it takes its own minutes."
        ),
        ("/pause", "No session is running."), ("/retry", "No line waits."),
        ("/yes", "Nothing was asked."), ("/to", "To whom? /to NAME TEXT"),
        ("/to nobody hello", "Nobody here is called so. /members lists who is in."),
        ("/extend 5", "No session is running."),
        (
            "/suggest do it",
            "Not sent: you have no turn now. /room TEXT, or /to NAME to stay there first."
        ),
        ("/history many", "How many lines? /history 20 (1,000 at most)"),
    ])
    func `what cannot be done is said with what to do`(_ line: String, _ answer: String) throws {
        var scene = try scene()
        scene.type(line)
        #expect(scene.news() == ["14:00 ! " + answer])
    }

    @Test func `an unknown command names those that are possible now`() throws {
        var scene = try scene()
        scene.type("/help me")
        scene.printed = []
        scene.type("/dance")
        #expect(
            scene.news() == [
                "14:00 ! There is no /dance. Now: /note /room /to /who /call /members /verify /history "
                    + "/agreement /help /start /present /absent /remove /away /clear /quit /breach /assess "
                    + "/purpose /file /review /feel /journal /q. (//TEXT sends a line that begins with a slash.)"
            ]
        )
    }

    @Test func `two slashes send a line that begins with one`() throws {
        var scene = try scene()
        scene.type("//me waves")
        #expect(scene.sent().map(\.text) == ["/me waves"])
    }

    @Test func `names are found whole, by a beginning, or not where several fit`() throws {
        var scene = try RoomScene(
            ["Lena Fischer", "Priya", "Tom Adler", "Tom Berg"],
            me: 2,
            at: RoomScene.at(14, 0)
        )
        scene.type("/to lena hello")
        #expect(scene.sent().map(\.text) == ["hello"])
        scene.printed = []
        scene.type("/to tom hello")
        #expect(scene.sent().isEmpty)
        #expect(scene.news() == ["14:00 ! Which one: Tom Adler or Tom Berg?"])
        scene.type("/to Tom Berg hello")
        #expect(
            scene.sent().map(\.key) == [.between(RoomScene.person(2), RoomScene.person(4))]
        )
    }

    @Test func `what came up by itself waits until the question is answered that was read`() throws
    {
        var scene = try scene()
        scene.type("/remove tom")
        scene.perform(scene.view.waits(["Ida"], unconfirmed: ["Ida"], by: "Maya"))
        scene.type("/yes")
        #expect(scene.asked.last == .act(.remove(RoomScene.person(3))))
        #expect(
            scene.news().last
                == "14:00 ? And: Maya proposes: Ida. Let this person in when they come? /yes or /no"
        )
        scene.type("/yes")
        #expect(scene.asked.last == .act(.confirm))
    }

    @Test func `the clock's commands are for who keeps the time, and say who that is`() throws {
        var scene = try scene(me: 3)
        try scene.start("triad", .typed, by: 1)
        scene.printed = []
        scene.type("/pause")
        #expect(scene.news() == ["14:00 ! Not done: Lena keeps the time. /stop is everybody's."])
        try scene.ask(.pause, by: 1)
        #expect(
            scene.news() == [
                "14:00 * Lena stopped the clock; 2 min of Arrive are left. Lena can go on."
            ]
        )
        #expect(scene.view.prompt == "[everyone in north] paused> ")
        scene.type("")
        #expect(scene.news().first?.contains("The clock stands, 2 min left.") == true)
        scene.now = RoomScene.at(14, 5)
        try scene.ask(.resume, by: 1)
        #expect(scene.news() == ["14:05 * The clock goes on: Arrive until 14:07."])
        try scene.ask(.extend(300_000), by: 1)
        #expect(scene.news() == ["14:05 * Lena gave Arrive more time: until 14:12."])
    }

    @Test func `a facilitator sees all pods and keeps the time`() throws {
        var scene = try RoomScene(
            ["Lena", "Priya", "Tom"],
            facilitators: ["Jonas"],
            me: 91,
            at: RoomScene.at(14, 0)
        )
        try scene.start("triad", .typed, by: 91)
        try scene.wake()
        let news = scene.news().suffix(3)
        #expect(news.first?.hasPrefix("14:02 * Round 1 of 3. ") == true)
        #expect(
            news.dropFirst().first
                == "14:02 * Agree on the aim, until 14:04. The pods work; you keep the time."
        )
        #expect(scene.view.prompt == "[only you] until 14:04> ")
        scene.type("/extend 5")
        #expect(scene.asked.last == .act(.extend(milliseconds: 300_000)))
    }

    @Test func `an empty line without a session says who is here and what would begin one`() throws
    {
        var scene = try scene()
        scene.type("")
        #expect(
            scene.news() == [
                "14:00 * No session is running. Here: Lena, you and Tom. /start triad shows what a "
                    + "session would be."
            ]
        )
    }

    @Test func `closing asks where lines would be lost, and makes one away`() throws {
        var scene = try scene()
        scene.perform(scene.view.linked(.offline))
        scene.type("/room hello")
        scene.printed = []
        scene.type("/quit")
        #expect(scene.asked.isEmpty)
        #expect(
            scene.news() == [
                "14:00 ! Not closed: 1 line did not go and would be lost. /retry or /drop, or "
                    + "/quit again."
            ]
        )
        scene.perform(scene.view.linked(.online))
        scene.type("/quit")
        #expect(scene.asked == [.act(.attend(scene.view.me, .away)), .leave])
    }

    @Test func `who goes in a session keeps their place`() throws {
        var scene = try scene()
        try scene.start("triad", .typed, by: 1)
        scene.printed = []
        scene.type("/quit")
        #expect(scene.asked == [.leave])
    }

    @Test func `the lobby says for whom one waits`() {
        var view = RoomScreenModel(
            roomName: "north",
            me: RoomScene.person(1),
            room: Room(id: RoomID(.zero)),
            stage: .lobby(waitingFor: ["Jonas"]),
            now: RoomScene.at(14, 0),
            calendar: RoomScene.zone
        )
        guard case .show(let line)? = view.opening().first else {
            Issue.record("nothing was shown")
            return
        }
        #expect(
            line.text == "You are in the lobby of north. Jonas can let you in; nothing more to do, "
                + "this line will change when you are in."
        )
        #expect(view.prompt == "[in the lobby] > ")
        #expect(view.submit("hello") == [.show(line)])
        #expect(!view.possible.contains(.room))
    }

    @Test func `the agreement is shown and asked when its text has come, and makes one present`()
        throws
    {
        var scene = try scene()
        scene.now = RoomScene.at(14, 1)
        let next = AgreementVersion(version: 2, hash: Bytes32(2, 2, 2, 2))
        try scene.ask(.proposeAgreement(next), by: 1)
        #expect(scene.news() == ["14:01 * Lena proposed version 2 of the agreement."])
        #expect(scene.view.awaitsAgreement)
        scene.perform(
            scene.view.heard(
                HeardLine(
                    key: .room,
                    number: 7,
                    at: scene.now,
                    author: RoomScene.person(1),
                    kind: .paper,
                    text: "Be kind.\n* Be brief.",
                    paper: .agreement(version: 2)
                )
            )
        )
        #expect(
            scene.news() == [
                "14:01 [agreement] Be kind.", "14:01 [agreement] * Be brief.",
                "14:01 ? Do you accept this agreement (version 2)? /yes or /no",
            ]
        )
        scene.type("/yes")
        #expect(scene.asked.last == .act(.accept(next)))
        for number in 1...3 { try scene.ask(.acceptAgreement(next), by: number) }
        #expect(
            scene.news() == [
                "14:01 * Lena has accepted the agreement.",
                "14:01 * You have accepted the agreement.",
                "14:01 * Tom has accepted the agreement.",
                "14:01 * All have accepted: version 2 of the agreement holds now.",
            ]
        )
    }

    @Test func `help lists what is possible at this moment and nothing else`() throws {
        var scene = try scene()
        scene.type("/help")
        let before = scene.news().joined(separator: "\n")
        #expect(before.contains("/start FORMAT"))
        #expect(!before.contains("/pause"))
        #expect(!before.contains("/ask"))
        try scene.start("triad", .typed, by: 2)
        repeat { try scene.wake() } while scene.room.turn(of: scene.view.me)?.role != .coach
        scene.printed = []
        scene.type("/help")
        let coaching = scene.news()
        #expect(coaching.count <= 23)
        #expect(coaching.contains { $0.contains("/ask TEXT") })
        #expect(coaching.contains { $0.contains("/pause /extend MINUTES /skip /end") })
        #expect(!coaching.contains { $0.contains("/suggest") })
        #expect(!coaching.contains { $0.contains("/start") })
    }

    @Test func `completion offers what is possible, and names`() throws {
        let scene = try scene()
        #expect(scene.view.completions(before: "", word: "/").contains("/start"))
        #expect(!scene.view.completions(before: "", word: "/").contains("/pause"))
        #expect(scene.view.completions(before: "/to ", word: "l") == ["Lena", "Tom"])
        #expect(
            scene.view.completions(before: "/start ", word: "") == BuiltInFormats.names
        )
        #expect(scene.view.completions(before: "hello ", word: "l").isEmpty)
    }

    @Test func `a promise is taken apart into what and by when`() throws {
        var scene = try scene()
        scene.type("/to lena")
        scene.printed = []
        scene.type("/commit stand by you, by fri")
        let line = try #require(scene.sent().first)
        #expect(line.text == "stand by you")
        #expect(scene.news() == ["14:00 = Sent to Lena. Due Fri 4 Dec."])
        scene.type("/commit stand by you")
        #expect(scene.sent().first?.text == "stand by you")
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingTerminal
import Testing

@testable import peercoach

/// The view as it stands on screens of different sizes, and what others' words can do there.
@Suite struct RoomScreenTests {
    /// Draws lines and the prompt of a view, with a line half typed before the last of them.
    private func picture(
        _ scene: inout RoomScene,
        _ lines: [RoomLine],
        columns: Int,
        typed: String
    ) -> RoomPicture {
        var screen = LinearScreen(style: .live, columns: columns)
        var picture = RoomPicture(columns: columns)
        screen.setPrompt(scene.view.prompt)
        for line in lines.dropLast() { screen.emit(line.screenLine(RoomScene.zone)) }
        picture.write(screen.takeOutput())
        for letter in typed { _ = screen.press(.text(String(letter))) }
        picture.write(screen.takeOutput())
        for line in lines.suffix(1) { screen.emit(line.screenLine(RoomScene.zone)) }
        picture.write(screen.takeOutput())
        return picture
    }

    private func lines(_ effects: [RoomEffect]) -> [RoomLine] {
        effects.compactMap { if case .show(let line) = $0 { line } else { nil } }
    }

    private func aim() throws -> (RoomScene, [RoomLine]) {
        var scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 8))
        try scene.start("triad", .spoken, by: 2)
        try scene.wake()
        let heard = HeardLine(
            key: scene.turn,
            number: 1,
            at: scene.now,
            author: RoomScene.person(1),
            kind: .say,
            text: "I say yes to every extra project, then work nights"
        )
        let shown = [scene.view.phaseLine(ends: scene.room.session?.ends), scene.view.shown(heard)]
        return (scene, shown)
    }

    @Test func `an incoming line does not tear the prompt apart, 80 columns`() throws {
        var (scene, shown) = try aim()
        let picture = picture(&scene, shown, columns: 80, typed: "guilty")
        #expect(!picture.isUnknown)
        #expect(picture.widest <= 80)
        #expect(picture.text.last == "[Lena] until 14:12> guilty")
        #expect(
            picture.text.dropLast().last
                == "14:10 [turn] Lena, \(scene.room.turn(of: RoomScene.person(1))?.role == .client ? "client" : "coach"): "
                + "I say yes to every extra project, then work nights"
        )
    }

    @Test func `an incoming line does not tear the prompt apart, 20 columns`() throws {
        var (scene, shown) = try aim()
        let picture = picture(&scene, shown, columns: 20, typed: "guilty")
        #expect(!picture.isUnknown)
        #expect(picture.widest <= 20)
        #expect(picture.text.last?.hasSuffix("> guilty") == true)
        #expect(picture.text.contains("[Lena] until 14:12> "))
        for row in picture.text.dropLast() where row != "[Lena] until 14:12> " {
            #expect(row.hasPrefix("14:10 ") || row.hasPrefix("     "), "\(row)")
        }
    }

    @Test(arguments: [
        "14:22 * Round 2 of 3. You coach Tom.", "\n14:22 * The session is over", "\r* sent",
        "\u{1B}[2J\u{1B}[H14:00 * Cleared", "= Sent to Lena", "\u{2028}! Not sent: /yes",
        "\u{202E}* desrever", "\u{9B}2J", "word " + String(repeating: " ", count: 70) + "14:22 * x",
    ])
    func `what others write cannot begin a line as the system does`(_ text: String) throws {
        var scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 8))
        let heard = HeardLine(
            key: .room,
            number: 9,
            at: scene.now,
            author: RoomScene.person(1),
            kind: .say,
            text: text
        )
        scene.perform(scene.view.heard(heard))
        let shown = lines(scene.view.recalled([heard], hasOlder: false))
        for columns in [80, 20] {
            let picture = picture(&scene, shown, columns: columns, typed: "")
            #expect(!picture.isUnknown)
            for row in picture.text.dropLast() where row != "[only you] > " {
                #expect(row.hasPrefix("14:08 [room]") || row.hasPrefix("     "), "\(row)")
            }
        }
        #expect(scene.printed.allSatisfy { $0.hasPrefix("14:08 [room] Lena: ") })
    }

    @Test func `a line as an object keeps its words apart from what the program says`() throws {
        let scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 8))
        let heard = HeardLine(
            key: .room,
            number: 1,
            at: scene.now,
            author: RoomScene.person(1),
            kind: .say,
            text: "say \"hi\"\n{\"type\":\"system\"}"
        )
        let line = scene.view.shown(heard)
        #expect(
            line.object.line == #"{"at":"2026-12-01T13:08:00Z","type":"line","scope":"room","#
                + #""from":"Lena","kind":"say","number":1,"#
                + #""text":"say \"hi\"\n{\"type\":\"system\"}"}"#
        )
    }

    @Test func `history goes further back when asked again, and anew after anything else`() throws {
        var scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 8))
        func heard(_ number: UInt64) -> HeardLine {
            HeardLine(
                key: .room,
                number: number,
                at: scene.now,
                author: RoomScene.person(1),
                kind: .say,
                text: "line \(number)"
            )
        }
        scene.type("/history 2")
        #expect(scene.asked == [.recall(count: 2, further: false)])
        scene.perform(scene.view.recalled([heard(8), heard(9)], hasOlder: true))
        #expect(
            scene.news() == [
                "14:08 [room] Lena: line 8", "14:08 [room] Lena: line 9",
                "14:08 ? /history again goes further back.",
            ]
        )
        scene.type("/history")
        #expect(scene.asked.last == .recall(count: 20, further: true))
        scene.perform(scene.view.recalled([heard(7)], hasOlder: false))
        #expect(scene.news() == ["14:08 [room] Lena: line 7"])
        scene.type("/history")
        #expect(scene.asked.count == 2)
        #expect(
            scene.news() == [
                "14:08 * Nothing that you may read here is older. Once more shows the newest."
            ]
        )
        scene.type("/history")
        scene.perform(scene.view.recalled([heard(9)], hasOlder: true))
        scene.type("/who")
        scene.type("/history")
        #expect(
            scene.asked.suffix(2) == Array(repeating: .recall(count: 20, further: false), count: 2)
        )
        scene.printed = []
        scene.perform(scene.view.notRecalled("The server is busy.", hint: nil))
        #expect(scene.news() == ["14:08 ! The server is busy."])
    }

    @Test func `lines that cannot be read are said to be so`() throws {
        var scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 8))
        scene.perform(
            scene.view.heard(
                HeardLine(
                    key: .room,
                    number: 9,
                    at: scene.now,
                    author: RoomScene.person(1),
                    kind: .say
                )
            )
        )
        #expect(scene.news() == ["14:08 [room] Lena: (cannot be read here)"])
    }

    @Test
    func `one's own line comes back without being shown twice, also a second of the same words`()
        throws
    {
        var scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 8))
        scene.type("/room hello")
        scene.type("/room hello")
        #expect(scene.news() == Array(repeating: "14:08 = Sent to everyone in north.", count: 2))
        scene.hear(2, .room, .say, "hello")
        #expect(scene.news() == ["14:08 [room] you: hello"])
    }
}

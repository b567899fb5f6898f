// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import Testing

@testable import peercoach

/// Files in the room view, and the words about them.
@Suite struct RoomFileTests {
    private func scene() throws -> RoomScene {
        var scene = try RoomScene(["Lena", "Priya", "Tom"], me: 2, at: RoomScene.at(14, 0))
        try scene.start("triad", .typed, by: 1)
        scene.printed = []
        return scene
    }

    private func handed(_ name: String, _ bytes: Int) -> HandedFile {
        HandedFile(
            file: Bytes32(1, 2, 3, 4),
            bytes: bytes,
            name: name,
            secret: .zero,
            salt: Bytes16(high: 1, low: 2)
        )
    }

    @Test func `a file goes to those whom the prompt names`() throws {
        var scene = try scene()
        scene.type("/room")
        scene.printed = []
        scene.type("/file ~/papers/brief 2.pdf")
        let sent = scene.sent()
        #expect(sent.map(\.key) == [.room])
        #expect(sent.map(\.file) == ["~/papers/brief 2.pdf"])
        #expect(sent.map(\.text) == [""])
        #expect(
            scene.news() == [
                "14:00 * brief 2.pdf is on its way to everyone in north. Go on meanwhile.",
                "14:00 = brief 2.pdf: Sent to everyone in north.",
            ]
        )
        scene.type("/file")
        #expect(scene.news() == ["14:00 ! Which file? /file PATH"])
    }

    @Test func `without a connection none is sent, and none is kept`() throws {
        var scene = try scene()
        scene.perform(scene.view.linked(.offline))
        scene.printed = []
        scene.type("/file a.pdf")
        #expect(scene.sent().isEmpty && scene.view.kept.isEmpty && scene.view.held.isEmpty)
        #expect(scene.news().last?.hasPrefix("14:00 ! Not now: there is no connection.") == true)
    }

    @Test func `a file that comes is named plainly, with its size and how to store it`() throws {
        var scene = try scene()
        var line = HeardLine(
            key: .room,
            number: 7,
            at: scene.now,
            author: RoomScene.person(1),
            kind: .say,
            text: "",
            due: nil
        )
        line.file = handed("../../x\u{1b}[2J\u{202e}fdp.exe", 3_500)
        scene.perform(scene.view.heard(line))
        let name = LineName.whole(7, of: .room, in: scene.room.id).prefix(LineName.letters)
        #expect(
            scene.news() == [
                "14:00 [room] Lena: file x[2Jfdp.exe, 3.4 KiB; peercoach save \(name)"
            ]
        )
    }

    @Test(arguments: [
        (0, "0 bytes"), (1, "1 byte"), (1_023, "1023 bytes"), (1_024, "1 KiB"),
        (1_536, "1.5 KiB"), (65_536, "64 KiB"), (200_000, "195 KiB"), (1_048_576, "1 MiB"),
        (16 << 20, "16 MiB"), (2_621_440, "2.5 MiB"),
    ])
    func `sizes are short`(_ bytes: Int, _ text: String) {
        #expect(FileWords.size(bytes) == text)
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingModel
import CoachingTerminal
import Testing

@testable import peercoach

/// What Ctrl-C does in the room, with the view's own loop.
struct RoomInterruptTests {
    private func shell() throws -> RoomShell {
        let scene = try RoomScene(["Lena", "Priya"], me: 2, at: RoomScene.at(14, 8))
        let tty = TTY(input: -1, output: -1)
        let (_, nextLine) = AsyncStream.makeStream(of: Void.self)
        var shell = RoomShell(
            options: try GlobalOptions.parse([]),
            source: .keys,
            untilEnd: false,
            tty: tty,
            nextLine: nextLine,
            display: RoomDisplay(isJSON: false, style: .live, tty: tty, isEmphatic: false)
        )
        shell.model = scene.view
        return shell
    }

    private func press(_ shell: inout RoomShell, _ keys: String) {
        shell.takeKeys(Array(keys.utf8))
    }

    @Test func `with a half-typed line it drops the line, and once more closes the view`() throws {
        var shell = try shell()
        press(&shell, "half a line")
        #expect(shell.display.text == "half a line")
        press(&shell, "\u{3}")
        #expect(shell.display.text.isEmpty)
        #expect(shell.model?.draft == nil)
        #expect(shell.closing == nil)
        press(&shell, "\u{3}")
        #expect(shell.closing != nil)
    }

    @Test func `without one it asks first, and typing takes that back`() throws {
        var shell = try shell()
        press(&shell, "\u{3}")
        #expect(shell.closing == nil)
        press(&shell, "x")
        press(&shell, "\u{3}")
        #expect(shell.closing == nil)
        #expect(shell.display.text.isEmpty)
        press(&shell, "\u{3}")
        #expect(shell.closing != nil)
    }
}

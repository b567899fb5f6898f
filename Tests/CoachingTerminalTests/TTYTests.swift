// SPDX-License-Identifier: Apache-2.0

import CoachingTerminal
import Dispatch
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite(.serialized) struct TTYTests {
    /// A pair of pseudo-terminal ends: what a terminal would be, and what the program sees.
    private final class Pair {
        let terminal: Int32
        let program: Int32

        init(columns: UInt16 = 80, rows: UInt16 = 24) throws {
            var ends: (terminal: Int32, program: Int32) = (-1, -1)
            try #require(openpty(&ends.terminal, &ends.program, nil, nil, nil) == 0)
            (terminal, program) = ends
            resize(columns: columns, rows: rows)
        }

        func resize(columns: UInt16, rows: UInt16) {
            var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
            _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
        }

        func type(_ text: String) { _ = Glibc.write(terminal, text, text.utf8.count) }

        func shown(bytesMax: Int = 4_096) -> String {
            var bytes = [UInt8](repeating: 0, count: bytesMax)
            let count = read(terminal, &bytes, bytesMax)
            return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        }

        var settings: [UInt32] {
            var set = termios()
            _ = tcgetattr(program, &set)
            return [set.c_iflag, set.c_oflag, set.c_cflag, set.c_lflag]
        }

        deinit {
            close(terminal)
            close(program)
        }
    }

    @Test func `raw mode is entered, and what was found comes back`() throws {
        let pair = try Pair()
        let found = pair.settings
        let tty = TTY(input: pair.program, output: pair.program)
        #expect(tty.isTTY)
        #expect(tty.size == TTYSize(columns: 80, rows: 24))
        try tty.enterRaw()
        #expect(pair.settings[3] & UInt32(ECHO | ICANON | ISIG) == 0)
        #expect(pair.shown() == "\u{1B}[?2004h")
        tty.leaveRaw()
        #expect(pair.settings == found)
        #expect(pair.shown() == "\u{1B}[?2004l")
        tty.leaveRaw()
        #expect(pair.settings == found)
    }

    @Test func `typed bytes, sizes, interrupts and the end come as events`() async throws {
        let pair = try Pair(columns: 20, rows: 5)
        let tty = TTY(input: pair.program, output: pair.program)
        try tty.enterRaw()
        defer { tty.leaveRaw() }
        var events = try tty.events().makeAsyncIterator()
        #expect(await events.next() == .resized(TTYSize(columns: 20, rows: 5)))
        #expect(throws: TTYError.alreadyRead) { try tty.events() }
        pair.type("h")
        #expect(await events.next() == .bytes([0x68]))
        pair.type("\u{1B}")
        #expect(await events.next() == .bytes([0x1B]))
        #expect(await events.next() == .paused)
        pair.resize(columns: 40, rows: 10)
        kill(getpid(), SIGWINCH)
        #expect(await events.next() == .resized(TTYSize(columns: 40, rows: 10)))
        kill(getpid(), SIGINT)
        #expect(await events.next() == .interrupted)
    }

    @Test func `more than the reader takes waits, and nothing is lost`() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        let lines = LineInput(descriptor: reading)
        let sent = 20_000
        async let written: Void = Self.write(lines: sent, to: writing)
        var count = 0
        for await line in lines {
            guard line == .line("line \(count)") else { break }
            count += 1
        }
        await written
        #expect(count == sent)
        close(reading)
    }

    @concurrent private static func write(lines: Int, to descriptor: Int32) async {
        for number in 0..<lines {
            let line = "line \(number)\n"
            _ = Glibc.write(descriptor, line, line.utf8.count)
        }
        close(descriptor)
    }

    @Test func `a secret is read without echo`() async throws {
        let pair = try Pair()
        let found = pair.settings
        let tty = TTY(input: pair.program, output: pair.program)
        let terminal = pair.terminal
        // What is typed before the prompt is thrown away, so the answer waits for it.
        let (prompts, asked) = AsyncStream.makeStream(of: String.self)
        DispatchQueue(label: "typist").async {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(terminal, &bytes, bytes.count)
            asked.yield(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self))
            _ = Glibc.write(terminal, "correct horse\r", 14)
        }
        let secret = try tty.readSecret(prompt: "Passphrase: ")
        #expect(secret == Array("correct horse".utf8))
        var prompt = prompts.makeAsyncIterator()
        #expect(await prompt.next() == "Passphrase: ")
        #expect(pair.shown() == "\r\n")
        #expect(pair.settings == found)
    }

    @Test func `what is no terminal is refused by name`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let tty = TTY(input: ends[0], output: ends[1])
        #expect(!tty.isTTY)
        #expect(tty.size == nil)
        #expect(throws: TTYError.notATerminal) { try tty.enterRaw() }
        #expect(throws: TTYError.notATerminal) { try tty.readSecret(prompt: "x") }
        close(ends[0])
        close(ends[1])
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingTerminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

struct GoIn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "room",
        abstract: "Go into a room, or wait in its lobby.",
        discussion: """
            What you type goes to the people in the prompt; an empty line says what to do now,
            /help what you can do. Without a terminal the lines of the standard input are taken
            one after the other, each when the one before is answered; at their end the view
            closes, with --until-end when the session is over.
            """
    )

    @Argument(help: ArgumentHelp("The room, where there are several.", valueName: "room"))
    var name: String?

    @OptionGroup var options: GlobalOptions

    @Flag(help: "Stay after the end of the input until a session is over.")
    var untilEnd = false

    @Flag(help: "Draw the prompt as rarely as a screen reader needs (or PEERCOACH_SCREEN_READER).")
    var screenReader = false

    func run() async throws {
        try await options.reporting { output in
            let client = try Client(
                options.openFolder(),
                environment: GlobalOptions.environment,
                persistence: .forever
            )
            let (made, lines) = Self.shell(options, untilEnd: untilEnd, screenReader)
            var shell = made
            shell.coachingWords = try options.coachingWords()
            let (bank, mistakes) = QuestionChoice.bank(QuestionChoice.paths(options))
            for mistake in mistakes { output.notice("Not read: \(mistake)") }
            shell.bank = bank
            do throws(ClientError) {
                shell.competencies = try CompetencyChoice.set(options)
            } catch {
                output.notice("Not read: \(error.sentence)")
            }
            shell.feedbackSeed = Bytes16(
                high: GlobalOptions.environment.draw(),
                low: GlobalOptions.environment.draw()
            )
            try await open(shell, client, lines)
        }
    }

    /// Makes the loop for the terminal or input that is there, and what tells it to read on.
    static func shell(
        _ options: GlobalOptions,
        untilEnd: Bool,
        _ screenReader: Bool
    ) -> (RoomShell, AsyncStream<Void>) {
        let tty = TTY()
        let (lines, nextLine) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingOldest(1)
        )
        let style = LinearScreen.Style(
            isTTY: tty.isTTY,
            term: GlobalOptions.variable("TERM"),
            screenReader: screenReader
                || GlobalOptions.variable("PEERCOACH_SCREEN_READER")?.isEmpty == false
        )
        let source: RoomShell.Source =
            isatty(0) == 0 ? .script : (style == .plain || options.isJSON ? .lines : .keys)
        let shell = RoomShell(
            options: options,
            source: source,
            untilEnd: untilEnd,
            tty: tty,
            nextLine: nextLine,
            display: RoomDisplay(
                isJSON: options.isJSON,
                style: style,
                tty: tty,
                isEmphatic: style != .plain
                    && GlobalOptions.variable("NO_COLOR")?.isEmpty != false
            )
        )
        return (shell, lines)
    }

    /// Runs the loop with everything that feeds it.
    private func open(
        _ opened: RoomShell,
        _ client: Client,
        _ lines: AsyncStream<Void>
    ) async throws {
        var shell = opened
        let inputs = RoomInputs()
        let errands = RoomErrands(client: client, inputs: inputs, typed: name, options: options)
        let (posts, post) = AsyncStream.makeStream(of: RoomErrand.self)
        let tty = shell.tty
        if shell.source == .keys {
            do { try tty.enterRaw() } catch { throw ClientError(.file, "The terminal refuses.") }
        }
        defer { if opened.source == .keys { tty.leaveRaw() } }
        let source = shell.source
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await client.run() }
            group.addTask { for await state in client.states { await inputs.put(.link(state)) } }
            group.addTask {
                for await notice in client.notices { await inputs.put(.notice(notice.sentence)) }
            }
            group.addTask { await errands.run(.arrive) }
            group.addTask { for await one in posts { await errands.run(one) } }
            group.addTask { await Self.feed(inputs, from: source, tty, lines) }
            group.addTask {
                while !Task.isCancelled {
                    do { try await Task.sleep(for: .seconds(1)) } catch { return }
                    await inputs.put(.tick)
                }
            }
            for await input in inputs.stream {
                shell.take(input, at: client.environment.now())
                for errand in shell.errands {
                    // Lines in the order in which they were typed; all else beside each other.
                    if case .post = errand {
                        post.yield(errand)
                    } else {
                        group.addTask { await errands.run(errand) }
                    }
                }
                shell.errands = []
                if shell.isOver { break }
            }
            if shell.failure == nil, shell.isOnline {
                await shell.place?.session?.leave()
                await client.finishChores()
            }
            group.cancelAll()
        }
        try shell.end()
    }

    static func feed(
        _ inputs: RoomInputs,
        from source: RoomShell.Source,
        _ tty: TTY,
        _ lines: AsyncStream<Void>
    ) async {
        guard source == .keys else {
            var input = LineInput().makeAsyncIterator()
            for await _ in lines {
                let line = await input.next()
                await inputs.put(.line(line))
                if line == nil { return }
            }
            return
        }
        guard let events = try? tty.events() else { return await inputs.put(.line(nil)) }
        for await event in events { await inputs.put(.terminal(event)) }
    }
}

extension RoomShell {
    /// Writes the last line and says with which number the program ends.
    mutating func end() throws {
        if let model {
            display.finish()
            display.show(tally.object(at: model.now))
            try? display.flush()
        }
        if let failure { throw failure }
        guard source == .script, let held = model?.held, !held.isEmpty else { return }
        throw (tally.heldBack > 0 ? ExitStatus.held : .refused).exit
    }
}

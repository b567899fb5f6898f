// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation

@main
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peercoach-demo",
        abstract: "Play a coached session with real programs, and check who received what."
    )

    @Option(help: "The dialogue to play, in the form that Examples/README.md describes.")
    var transcript = "Examples/session.jsonl"

    @Option(help: "Which of several sessions in the file; the first by default.")
    var session: String?

    @Option(help: "How many times as fast as it was.")
    var speed = 60.0

    @Option(help: "A format to go through from its first phase to its last, without a dialogue.")
    var format: String?

    @Option(help: "How people talk in it: typed or spoken.")
    var medium = "typed"

    func run() async throws {
        let programs = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
        do {
            guard speed > 0 else { throw DemoError("--speed is more than 0.") }
            let file = try TranscriptFile(path: transcript, session: session)
            guard 2...22 ~= file.speakers.count else {
                throw DemoError("The dialogue has \(file.speakers.count) people; 2 to 22 can play.")
            }
            guard ["typed", "spoken"].contains(medium) else {
                throw DemoError("--medium is typed or spoken.")
            }
            let chosen: ChosenFormat? =
                if let format {
                    try await ChosenFormat(format, medium: medium, programs: programs)
                } else { nil }
            let stage = try Stage(programs: programs)
            let (table, isGood) = try await play(file, chosen, on: stage)
            print("\n" + table)
            print(isGood ? "\nEverything reached exactly those who may read it." : "\nNOT GOOD.")
            try await goOnByHand(stage)
            if !isGood { throw ExitCode(1) }
        } catch let error as DemoError {
            FileHandle.standardError.write(Data("demo: \(error)\n".utf8))
            throw ExitCode(1)
        }
    }

    private func play(
        _ file: TranscriptFile,
        _ format: ChosenFormat?,
        on stage: Stage
    ) async throws -> (table: String, isGood: Bool) {
        do {
            print("A server on loopback, with an empty data folder, and its administrator ...")
            try await stage.open()
            let names = format.map { Array(ChosenFormat.names.prefix($0.people)) } ?? file.speakers
            print("A facilitator, \(names.count) peers, a room; everybody enrols ...")
            try await stage.gather(names)
            let shown = names[0]
            print("\nThis is \(shown)'s terminal:\n")
            var play = Play(stage: stage, transcript: file, speed: speed)
            play.shows = shown
            play.format = format
            let result = try await play.run()
            await stage.close()
            return result
        } catch {
            await stage.close()
            throw error
        }
    }

    private func goOnByHand(_ stage: Stage) async throws {
        let peer = stage.peers.first ?? stage.facilitator
        print(
            """

            To go on by hand, in two terminals:
              \(stage.programs)/peercoachd serve --data \(stage.folder)/server
              \(stage.programs)/peercoach room --profile \(stage.profile(peer))
            When you are done: rm -r \(stage.folder)
            """
        )
    }
}

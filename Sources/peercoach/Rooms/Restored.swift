// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingWire

struct Restored: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "After the server was restored from a backup: what is missing, and going on.",
        subcommands: [Show.self, Accept.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Which of your rooms the server has less of than this device has seen."
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                for room in try await opened.client.rooms() where room.stage == .admitted {
                    let isSetBack = try await opened.client.isSetBack(room.room)
                    opened.output.put(
                        isSetBack
                            ? "\(room.name): the server was set back. Nothing is posted there."
                            : "\(room.name): nothing is missing.",
                        indent: 4,
                        [
                            "type": "restored", "room": .string(room.name),
                            "setBack": .bool(isSetBack),
                        ]
                    )
                }
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go on in a room from what the server has now.",
            discussion: """
                First ask who runs the server, by another way, whether a backup was restored: a
                server that hides lines looks the same. Everybody goes on by their own word, on
                each of their devices. Lines that are missing are not posted again by themselves.
                """
        )

        @Argument(help: ArgumentHelp("The room, where there are several.", valueName: "room"))
        var name: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let room = try await opened.joined(name)
                guard try await opened.client.isSetBack(room.room) else {
                    return opened.output.put(
                        "\(room.name): nothing is missing.",
                        [
                            "type": "restored", "room": .string(room.name),
                            "setBack": false,
                        ]
                    )
                }
                try await opened.asking.require(
                    "Did who runs the server tell you that a backup was restored?"
                )
                let missing = try await opened.client.acceptRestored(room.room)
                opened.output.put(
                    "\(room.name): you go on from what the server has now. Missing: "
                        + "\(Words.count(missing.lines, "line")) that you could read, "
                        + "\(Words.count(missing.steps, "step")) of the room's course.",
                    [
                        "type": "accepted", "room": .string(room.name),
                        "lines": JSON(missing.lines), "steps": JSON(missing.steps),
                    ]
                )
            }
        }
    }
}

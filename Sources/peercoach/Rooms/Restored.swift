// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Restored: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "After the server was restored from a backup: what is missing, and going on.",
        subcommands: [Show.self, Accept.self, Send.self, Drop.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How your rooms stand, and which lines of yours wait for your word.",
            discussion: """
                What is missing of your own lines of the last 30 days this device posts again by
                itself, once who lets people in there has accepted the restore: marked with the day
                on which it was said, and never for more readers than it had. What it cannot post
                so waits here.
                """
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                for room in try await opened.client.allRooms() where room.stage == .admitted {
                    let standing = try await opened.client.restored(room.room)
                    opened.output.put(
                        Self.text(standing, room.name, opened.now),
                        indent: 4,
                        [
                            "type": "restored", "room": .string(room.name),
                            "setBack": .bool(standing.isSetBack),
                            "acceptedBy": JSON(standing.acceptedBy),
                            "acceptedAt": JSON(standing.acceptedAt.map { Words.stamp($0) }),
                        ]
                    )
                    for line in await opened.client.heldBackLines(room.room) {
                        opened.output.put(
                            "  \(line.number)  \(Words.moment(line.at, now: opened.now)) "
                                + "[\(Words.scope(line.key.scope))] "
                                + "\(line.text ?? "(cannot be read here)") - \(line.reason)",
                            indent: 8,
                            [
                                "type": "waits", "room": .string(room.name),
                                "number": JSON(line.number), "text": JSON(line.text),
                                "reason": .string(line.reason),
                            ]
                        )
                    }
                }
            }
        }

        private static func text(
            _ standing: RestoredRoom,
            _ name: String,
            _ now: Timestamp
        ) -> String {
            if standing.isSetBack {
                return "\(name): the server was set back. Nothing is posted there until "
                    + "\(Words.list(standing.admitters, "or")) accepts it: "
                    + "peercoach restored accept"
            }
            guard let person = standing.acceptedBy, let at = standing.acceptedAt else {
                return "\(name): nothing is missing."
            }
            return "\(name): restored from a backup, as \(person) accepted on "
                + "\(Words.moment(at, now: now))."
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give your word for all in a room that it goes on from what the server has.",
            discussion: """
                For who lets people in there. First ask who runs the server, by another way,
                whether a backup was restored: a server that hides lines looks the same. Your word
                is signed; everybody's program checks it, goes on by itself, and posts again what
                of its own lines is missing.
                """
        )

        @Argument(help: ArgumentHelp("The room, where there are several.", valueName: "room"))
        var name: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let room = try await opened.joined(name)
                let isSetBack = try await opened.client.isSetBack(room.room)
                if !isSetBack {
                    opened.output.line("\(room.name): nothing is missing on this device.")
                }
                try await opened.asking.require(
                    "Did who runs the server tell you that a backup was restored?"
                )
                let missing = try await opened.client.acceptRestored(room.room)
                opened.output.put(
                    "\(room.name) goes on from what the server has now. Missing: "
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

    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Post a line that waits, for all who read there now."
        )

        @Argument(help: ArgumentHelp("The line's number in peercoach restored.", valueName: "line"))
        var number: Int
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let room = try await opened.joined()
                try await opened.client.postHeldBack(number, in: room.room)
                opened.output.put("Sent.", ["type": "sent", "number": JSON(number)])
            }
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Throw a line away that waits."
        )

        @Argument(help: ArgumentHelp("The line's number in peercoach restored.", valueName: "line"))
        var number: Int
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let room = try await opened.joined()
                try await opened.client.dropHeldBack(number, in: room.room)
                opened.output.put("Thrown away.", ["type": "dropped", "number": JSON(number)])
            }
        }
    }
}

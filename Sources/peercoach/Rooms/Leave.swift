// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Leave: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Leave a room for good."
    )

    @Argument(help: "The room; it is never guessed.")
    var roomName: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let room = try await opened.joined(roomName)
            try await opened.asking.require(
                "Leave \(room.name) for good? You read nothing from there that comes later, and "
                    + "only who lets people in can let you in again."
            )
            try await opened.client.exclude(opened.me, from: room.room)
            opened.output.put(
                "You left \(room.name).",
                ["type": "left", "room": .string(room.name)]
            )
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Rooms: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Your rooms and how they stand.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let rooms = try await opened.client.rooms()
            let lobbies = opened.ready.waiting.lobbies
            let width = rooms.map(\.name.count).max() ?? 0
            for room in rooms {
                opened.output.put(
                    "\(Words.padded(room.name, width))  "
                        + Self.state(of: room, lobbies: lobbies),
                    indent: 2,
                    Self.object(room, lobbies: lobbies)
                )
            }
            if rooms.isEmpty { opened.output.line("You are in no room yet.") }
        }
    }

    /// How a room stands for oneself, as a clause.
    static func state(of room: RoomSummary, lobbies: [RoomID]) -> String {
        let people = Words.count(room.people, "person", "people")
        let place = Words.membership(room.membership)
        switch room.stage {
        case .admitted:
            let running = room.running ? ", a session is running" : ""
            let waiting = lobbies.contains(room.room) ? ", somebody waits to be let in" : ""
            return "you are \(place), \(people)\(running)\(waiting)"
        case .founding: return "nobody has opened it yet; you can"
        case .proposed: return "you are proposed as \(place) and have not said yes"
        case .accepted:
            let who = Words.list(room.admitters, "or")
            return "you wait to be let in by \(who)"
        }
    }

    /// How far one is with a room, in one word.
    static func stage(_ stage: AdmissionStage) -> String {
        switch stage {
        case .proposed: "proposed"
        case .accepted: "waiting"
        case .admitted: "in"
        case .founding: "unopened"
        }
    }

    /// A room as an object.
    static func object(_ room: RoomSummary, lobbies: [RoomID]) -> JSON {
        [
            "type": "room", "room": .string(room.room.description), "name": .string(room.name),
            "as": .string(Words.membership(room.membership)),
            "stage": .string(stage(room.stage)), "people": JSON(room.people),
            "running": .bool(room.running), "admitters": JSON(room.admitters),
            "lobby": .bool(lobbies.contains(room.room)),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingWire

/// What the bare program says: what goes on, what waits, and one line to paste.
enum WhatNow {
    static func run(_ options: GlobalOptions) async throws {
        let output = options.output
        try await options.reporting { output in
            guard try options.folder().exists else {
                output.put(
                    "You have not enrolled on this device yet.",
                    ["type": "next", "command": "peercoach enrol"]
                )
                output.line("With the invite that you were sent: peercoach enrol")
                return
            }
            try await options.connected(output) { opened in
                let rooms = try await opened.client.rooms()
                opened.say(rooms)
            }
        }
        _ = output
    }
}

extension Opened {
    /// Tells what waits, most urgent last, where it is read.
    fileprivate func say(_ rooms: [RoomSummary]) {
        output.line("You are \(ready.name)\(ready.administrator ? ", administrator" : "").")
        for room in rooms {
            output.put(
                "  \(room.name): \(Rooms.state(of: room, lobbies: ready.waiting.lobbies))",
                indent: 4,
                Rooms.object(room, lobbies: ready.waiting.lobbies)
            )
        }
        if ready.waiting.devices > 0 {
            output.line("A device of yours waits to be confirmed: peercoach devices")
        }
        if rooms.isEmpty {
            output.line(
                ready.administrator
                    ? "You are in no room yourself."
                    : "You are in no room yet. An administrator "
                        + "puts people into rooms."
            )
        }
        KeyWarning.show(client.folder, output)
        let command = next(rooms)
        output.line()
        output.put("Next: \(command)", ["type": "next", "command": .string(command)])
    }

    private func next(_ rooms: [RoomSummary]) -> String {
        if ready.waiting.devices > 0 { return "peercoach devices" }
        let ordered = rooms.sorted { rank($0) < rank($1) }
        guard let first = ordered.first else {
            return ready.administrator ? "peercoach admin status" : "peercoach privacy"
        }
        let name = Self.quoted(first.name)
        if ready.waiting.lobbies.contains(first.room), !first.running {
            return "peercoach admit --room \(name)"
        }
        return "peercoach room \(name)"
    }

    private func rank(_ room: RoomSummary) -> Int {
        if room.running, room.stage == .admitted { return 0 }
        if room.stage == .founding { return 1 }
        if ready.waiting.lobbies.contains(room.room) { return 2 }
        if room.stage == .proposed { return 3 }
        return room.stage == .admitted ? 4 : 5
    }

    /// A name as it can be pasted into a shell.
    static func quoted(_ name: String) -> String {
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-"
                || $0 == "_" || $0 == "."
        }
        if isPlain { return name }
        return "'"
            + name.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase all that you wrote in a room, or everywhere.",
        discussion: """
            The server keeps nothing of it: no words, no sealed words, not in its files. That you
            wrote something and took it back stays visible to those who could read it; each sees
            it signed by you. Who has read it may remember it, and the room's own texts
            (agreement, purpose, links) stay with the group. It asks once, and you type what it
            asks for; --yes does that for you. Do it before you leave a room: afterwards you
            cannot reach it any more, and it goes when its time is over. This device takes new
            keys at once, and forgets a day later, when it next reads the room, what opened the
            erased lines; so do the others' programs.
            """
    )

    @Flag(help: "In every room that you are in.")
    var everywhere = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            var rooms: [String] = []
            if everywhere {
                rooms = try await opened.client.allRooms().filter { $0.stage == .admitted }.map(
                    \.name
                )
            } else {
                rooms = [try await opened.joined().name]
            }
            guard !rooms.isEmpty else {
                throw ClientError(.noSuchName, "You are not in a room.")
            }
            try await opened.asking.require(
                "Erase all that you wrote in \(Words.list(rooms)), for good?",
                typing: everywhere ? "everywhere" : rooms[0]
            )
            for name in rooms { try await Self.erase(in: name, opened) }
            do throws(ClientError) {
                try await opened.client.renewAfterErasing()
            } catch {
                opened.output.notice(
                    "This device goes on with its keys for now: \(error.sentence) It takes new"
                        + " ones as soon as it can."
                )
            }
        }
    }

    private static func erase(in name: String, _ opened: Opened) async throws {
        try await opened.inRoom(name, depth: .everything) { session, room in
            let mine = try await session.lines().filter { $0.isMine && $0.kind.isErased }
            var gone = 0
            var left = 0
            for (key, lines) in Dictionary(grouping: mine, by: \.key)
                .sorted(by: { $0.value[0].at < $1.value[0].at })
            {
                let numbers = lines.map(\.number).sorted()
                do throws(ClientError) {
                    for start in stride(from: 0, to: numbers.count, by: RoomSession.withdrawnMax) {
                        let part = numbers[start...].prefix(RoomSession.withdrawnMax)
                        try await session.withdraw(Array(part), from: key)
                        gone += part.count
                    }
                } catch {
                    // Others of the rooms are still to be erased, and these are named.
                    guard error.code == .refused else { throw error }
                    left += numbers.count
                    opened.output.notice("Not all could be erased: \(error.sentence)")
                }
            }
            var text = "Erased in \(name): \(Words.count(gone, "line"))."
            if left > 0 { text += " \(Words.count(left, "line")) could not be reached." }
            opened.output.put(
                text,
                [
                    "type": "erased", "room": .string(name), "lines": JSON(gone),
                    "left": JSON(left),
                ]
            )
        }
    }
}

extension EntryKind {
    /// Whether a line of this kind is its author's to erase: not what took others back, nor the
    /// room's own texts.
    fileprivate var isErased: Bool {
        switch self {
        case .withdraw, .paper: false
        default: true
        }
    }
}

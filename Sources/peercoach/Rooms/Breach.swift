// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct Breach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Raise a breach of trust with those whom you pick.",
        discussion: """
            WHO is a member's name, facilitator, or room; give --to several times for several
            people. Each gets it alone. It shows who will read it and asks before it goes; to
            everybody else, and to the server, it is a line like any other. More: peercoach guide
            breach
            """
    )

    @Option(
        name: .customLong("to"),
        parsing: .singleValue,
        help: ArgumentHelp("Who shall know; again for one more.", valueName: "who")
    )
    var who: [String] = []
    @Argument(help: "What happened; - reads the standard input.")
    var text: [String]
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            guard !who.isEmpty else {
                throw ClientError(
                    .usage,
                    "Who shall know? Nobody is taken by itself.",
                    hint: "--to NAME (again for one more), --to facilitator or --to room."
                )
            }
            var body = try await LineText.body(text, due: nil, now: opened.now)
            body.subkind = EntryBody.breach
            try await opened.inRoom { session, room in
                let keys = try opened.breachReaders(who, in: room)
                let shown = keys.map { key in
                    (key: key, readers: Set(room.audience(of: key)))
                }
                opened.output.line("It goes to \(opened.readersText(keys, in: room)).")
                try await opened.asking.require("Send it?")
                for (key, readers) in shown {
                    let number = try await session.post(body, kind: .say, to: key, shown: readers)
                    let names = readers.filter { $0 != opened.me }.map { room.shownName($0) }
                        .sorted()
                    opened.output.put(
                        "Sent to \(Words.list(names)).",
                        [
                            "type": "sent", "to": .string(Words.scope(key.scope)),
                            "readers": JSON(names), "kind": "breach", "number": JSON(number),
                        ]
                    )
                }
            }
        }
    }
}

extension EntryBody {
    /// The finer kind of a line that raises a breach of trust.
    static let breach = "breach"
    /// The finer kind of a line that says that the other's feedback was heard.
    static let heard = "heard"
}

extension LineMeaning {
    /// Which of the room's texts it is.
    var paper: EntryBody.Paper? {
        switch self {
        case .purpose: .purpose
        case .link: .link
        case .breach, .heard, .checkIn, .journal: nil
        }
    }

    /// How somebody is, in a check-in.
    var scale: UInt8? {
        if case .checkIn(let scale) = self { scale } else { nil }
    }

    /// The finer kind that says it.
    var subkind: String? {
        switch self {
        case .breach: EntryBody.breach
        case .heard: EntryBody.heard
        case .checkIn: EntryBody.checkIn
        case .journal: EntryBody.journal
        case .purpose, .link: nil
        }
    }
}

extension Opened {
    /// Finds those who shall know; the room as one line only where the floor allows it.
    fileprivate func breachReaders(
        _ who: [String],
        in room: Room
    ) throws(ClientError) -> [TranscriptKey] {
        var people: [PersonID] = []
        for typed in who {
            switch typed.lowercased() {
            case "room", "all":
                do throws(RoomRejection) {
                    try room.mayPost(.say, in: .room, by: me)
                    return [.room]
                } catch {
                    people += room.audience(of: .room)
                }
            case "facilitator", "facilitators":
                let found = room.members.filter { $0.membership == .facilitator }.map(\.person)
                guard !found.filter({ $0 != me }).isEmpty else {
                    throw ClientError(.noSuchName, "There is no other facilitator here.")
                }
                people += found
            default: people.append(try member(typed, of: room).person)
            }
        }
        let others = Set(people).subtracting([me]).sorted()
        guard !others.isEmpty else {
            throw ClientError(.noSuchName, "There is nobody else to tell.")
        }
        return others.map { .between(me, $0) }
    }

    fileprivate func readersText(_ keys: [TranscriptKey], in room: Room) -> String {
        if keys == [.room] { return "everyone in the room" }
        let names = keys.flatMap { room.audience(of: $0) }.filter { $0 != me }
            .map { room.shownName($0) }.sorted()
        return names.count == 1 ? "\(names[0]) alone" : "\(Words.list(names)), to each alone"
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct SendFile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a file to the readers that you name.",
        discussion: """
            WHO is room, peers, turn (those in your turn now), me, or a member's name. The file is
            sealed on this device for them alone; the server learns how large it is, when it came
            and from whom, not its name. At most 16 MiB. A large one takes some minutes, so that
            it keeps nobody waiting.

            It stays as long as its line: peercoach withdraw takes both back. A line with a file
            cannot be released; send the file anew. If the server is ever set back, the line comes
            again without its file.
            """
    )

    @Argument(help: "The file.")
    var file: String
    @Option(name: .customLong("to"), help: ArgumentHelp("For whom it is.", valueName: "who"))
    var who: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let (path, who) = (file, who)
        try await withClient(options) { opened in
            let file = try OutgoingFile(path: path)
            try await opened.inRoom { session, room in
                let key = try opened.readers(of: who, in: room)
                let kind = opened.usualKind(for: key, in: room)
                let readers = try await session.readers(of: key)
                let number = try await session.send(
                    file,
                    kind: kind,
                    to: key,
                    shown: Set(readers.map(\.person)),
                    cites: try await opened.question(for: kind, key, session)
                )
                let others = readers.filter { !$0.isMe }.map(\.name).sorted()
                let size = FileWords.size(file.bytes)
                opened.output.put(
                    others.isEmpty
                        ? "\(file.name), \(size): kept for you alone."
                        : "\(file.name), \(size): sent to \(Words.list(others)).",
                    [
                        "type": "sent", "to": .string(Words.scope(key.scope)),
                        "readers": JSON(others), "file": .string(file.name),
                        "bytes": JSON(file.bytes), "number": JSON(number),
                    ]
                )
            }
        }
    }
}

struct SaveFile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Store a file that somebody sent.",
        discussion: """
            Without LINE it lists the files that you may have, each after the name to give here.
            The file gets its sender's name for it, without whatever could lead elsewhere, and
            only you can open it. Nothing that is there already is written over. Who sent it
            vouches for what stands in it, and nobody else.
            """
    )

    @Argument(help: "The name of the line, as this command lists it.")
    var line: String?
    @Argument(help: "The folder; without it the one that you are in.")
    var folder: String?
    @OptionGroup var options: GlobalOptions

    private static let shownMax = 50

    func run() async throws {
        let (line, folder) = (line, folder)
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                let lines = try await session.lines().filter { $0.body?.file != nil }
                    .sorted { ($0.at, $0.number) < ($1.at, $1.number) }
                guard let line else {
                    return LineName.list(lines.suffix(Self.shownMax), in: room, opened)
                }
                let one = try LineName.find(line, among: lines, in: room.id, by: "save")
                guard let file = one.body?.file else { return }
                let path = try await session.save(file, of: one.key, into: folder ?? ".")
                opened.output.put(
                    "Stored as \(path).",
                    [
                        "type": "saved", "path": .string(path), "bytes": JSON(file.bytes),
                        "line": .string(LineName.shown(one, in: room.id)),
                    ]
                )
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel

struct ReleaseLine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Show a line of yours to more people, once all whom it concerns agree.",
        discussion: """
            Without LINE it lists what you wrote last, each line after the name to give here. WHO is
            room or peers. Your notes, and lines that concern nobody else, go there at once. Of
            others the client of the turn is asked, both where two share a line, and whom it is
            about: each of them says peercoach consents yes or no, and can still change it until
            your program releases the line, by itself, when all have said yes and it is connected.
            It then says by whose yes it stands there, and not where it came from. Who is in the
            room by then reads it.
            """
    )

    @Argument(help: "The name of the line, as this command lists it.")
    var line: String?
    @Option(name: .customLong("to"), help: ArgumentHelp("room or peers.", valueName: "who"))
    var who: String?
    @OptionGroup var options: GlobalOptions

    private static let shownMax = 20

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                let mine = try await session.lines()
                    .filter { $0.isMine && $0.kind.released != nil }
                    .sorted { ($0.at, $0.number) < ($1.at, $1.number) }
                guard let line else {
                    return LineName.list(mine.suffix(Self.shownMax), in: room, opened)
                }
                let one = try LineName.find(line, among: mine, in: room.id, by: "release")
                try await release(one, to: try target(), session, room, opened)
            }
        }
    }

    private func target() throws(ClientError) -> TranscriptKey {
        switch who?.lowercased() {
        case "room": return .room
        case "peers": return .peers
        default:
            throw ClientError(
                .usage,
                who == nil ? "To whom?" : "A line is released to room or peers.",
                hint: "peercoach release LINE --to room"
            )
        }
    }

    private func release(
        _ line: ReadEntry,
        to target: TranscriptKey,
        _ session: RoomSession,
        _ room: Room,
        _ opened: Opened
    ) async throws {
        let concerned = try await session.concerned(line.number, in: line.key, to: target)
            .filter { $0 != opened.me }
        let readers = try await session.readers(of: target)
        let names = readers.filter { !$0.isMe }.map(\.name)
        let waits =
            concerned.isEmpty
            ? "" : " It waits for the yes of \(Words.list(concerned.map { room.shownName($0) }))."
        try await opened.asking.require(
            "Release \(ReleaseWords.to(target)) (\(Words.list(names))): "
                + "\(HistoryPrinter(room, opened).text(line)).\(waits) Do it?"
        )
        let outcome = try await session.release(
            line.number,
            of: line.key,
            to: target,
            shown: Set(readers.map(\.person))
        )
        let to = Words.scope(target.scope)
        switch outcome {
        case .released(let number):
            opened.output.put(
                "Released \(ReleaseWords.to(target)).",
                ["type": "released", "to": .string(to), "number": JSON(number)]
            )
        case .asked(_, let people):
            let asked = people.map { room.shownName($0) }
            opened.output.put(
                "Asked: \(Words.list(asked)). When all have said yes it is released.",
                ["type": "asked", "to": .string(to), "waitsFor": JSON(asked)]
            )
        }
    }
}

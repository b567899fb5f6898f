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
            room, peers or programme. Your notes, and lines that concern nobody else, go there at once. Of
            others the client of the turn is asked, both where two share a line, and whom it is
            about: each of them says peercoach consents yes or no, and can still change it until
            your program releases the line, by itself, when all have said yes and it is connected.
            It then says by whose yes it stands there, and not where it came from. Who is in the
            room by then reads it.

            To the programme: its administrators read it, and nobody but them and you. The first
            time you are shown who they are. An administrator's program has to let you in first;
            it does so by itself when it is connected. peercoach released lists what you released
            so, peercoach withdraw --room programme takes it back.
            """
    )

    @Argument(help: "The name of the line, as this command lists it.")
    var line: String?
    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("room, peers or programme.", valueName: "who")
    )
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
                let target = try target(opened.me)
                if case .programme = target {
                    try await releaseToProgramme(one, target, session, room, opened)
                } else {
                    try await release(one, to: target, session, room, opened)
                }
            }
        }
    }

    private func target(_ me: PersonID) throws(ClientError) -> TranscriptKey {
        switch who?.lowercased() {
        case "room": return .room
        case "peers": return .peers
        case "programme": return .programme(me)
        default:
            throw ClientError(
                .usage,
                who == nil ? "To whom?" : "A line is released to room, peers or programme.",
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
        let waits = try await waits(line, target, session, room, opened)
        let readers = try await session.readers(of: target)
        let names = readers.filter { !$0.isMe }.map(\.name)
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
        tell(outcome, target, room, opened)
    }

    private func waits(
        _ line: ReadEntry,
        _ target: TranscriptKey,
        _ session: RoomSession,
        _ room: Room,
        _ opened: Opened
    ) async throws(ClientError) -> String {
        let concerned = try await session.concerned(line.number, in: line.key, to: target)
            .filter { $0 != opened.me }
        let names = Words.list(concerned.map { room.shownName($0) })
        return concerned.isEmpty ? "" : " It waits for the yes of \(names)."
    }

    private func releaseToProgramme(
        _ line: ReadEntry,
        _ target: TranscriptKey,
        _ session: RoomSession,
        _ room: Room,
        _ opened: Opened
    ) async throws {
        let waits = try await waits(line, target, session, room, opened)
        try await opened.client.joinProgramme()
        let view = try await opened.client.programme()
        try await ProgrammeWords.accept(view, opened)
        let names = view.readers.filter { $0.person != opened.me }.map(\.name)
        let readers = names.isEmpty ? "" : " (\(Words.list(names)))"
        try await opened.asking.require(
            "Release \(ReleaseWords.to(target))\(readers): "
                + "\(HistoryPrinter(room, opened).text(line)).\(waits) Do it?"
        )
        let outcome = try await session.release(line.number, of: line.key, to: view)
        tell(outcome, target, room, opened)
    }

    private func tell(
        _ outcome: ReleaseOutcome,
        _ target: TranscriptKey,
        _ room: Room,
        _ opened: Opened
    ) {
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

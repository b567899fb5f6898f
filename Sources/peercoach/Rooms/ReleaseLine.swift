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
                let target = try Self.target(who, opened.me)
                try await LineRelease(session: session, room: room, opened: opened)
                    .run(one, to: target)
            }
        }
    }

    /// Gives where a line is released to.
    static func target(_ who: String?, _ me: PersonID) throws(ClientError) -> TranscriptKey {
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
}

/// Releases a line as its author wants: shows who will read it and whose yes it needs, and asks.
struct LineRelease {
    let session: RoomSession
    let room: Room
    let opened: Opened

    func run(_ line: ReadEntry, to target: TranscriptKey) async throws {
        if case .programme = target { return try await toProgramme(line, target) }
        let waits = try await waits(line, target)
        let readers = try await session.readers(of: target)
        let names = readers.filter { !$0.isMe }.map(\.name)
        try await opened.asking.require(question(line, target, names, waits))
        let outcome = try await session.release(
            line.number,
            of: line.key,
            to: target,
            shown: Set(readers.map(\.person))
        )
        tell(outcome, target)
    }

    private func toProgramme(_ line: ReadEntry, _ target: TranscriptKey) async throws {
        let waits = try await waits(line, target)
        try await opened.client.joinProgramme()
        let view = try await opened.client.programme()
        try await ProgrammeWords.accept(view, opened)
        let names = view.readers.filter { $0.person != opened.me }.map(\.name)
        try await opened.asking.require(question(line, target, names, waits))
        let outcome = try await session.release(line.number, of: line.key, to: view)
        tell(outcome, target)
    }

    private func question(
        _ line: ReadEntry,
        _ target: TranscriptKey,
        _ names: [String],
        _ waits: String
    ) -> String {
        let readers = names.isEmpty ? "" : " (\(Words.list(names)))"
        let text = HistoryPrinter(room, opened).text(line)
        return "Release \(ReleaseWords.to(target))\(readers): \(text).\(waits) Do it?"
    }

    private func waits(_ line: ReadEntry, _ target: TranscriptKey) async throws -> String {
        let concerned = try await session.concerned(line.number, in: line.key, to: target)
            .filter { $0 != opened.me }
        let names = Words.list(concerned.map { room.shownName($0) })
        return concerned.isEmpty ? "" : " It waits for the yes of \(names)."
    }

    private func tell(_ outcome: ReleaseOutcome, _ target: TranscriptKey) {
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

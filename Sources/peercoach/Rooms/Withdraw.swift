// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingEnvelope
import CoachingModel

struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take back a line that you wrote.",
        discussion: """
            Without LINE it lists what you wrote last, each line after the name to give here. Of a
            line that was taken back the server keeps nothing, and nobody who comes later can read
            it. That there was one, and that you took it back, stays visible. Whoever has read it
            may remember it.
            """
    )

    @Argument(help: "The name of the line, as this command lists it.")
    var line: String?
    @OptionGroup var options: GlobalOptions

    private static let shownMax = 20

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                let mine = try await session.lines()
                    .filter { $0.isMine && $0.kind.needsFloor }
                    .sorted { ($0.at, $0.number) < ($1.at, $1.number) }
                guard let line else {
                    return LineName.list(mine.suffix(Self.shownMax), in: room, opened)
                }
                let one = try LineName.find(line, among: mine, in: room.id, by: "withdraw")
                try await opened.asking.require(
                    "Take back \(HistoryPrinter(room, opened).text(one))?"
                )
                try await session.withdraw([one.number], from: one.key)
                opened.output.put(
                    "Taken back.",
                    [
                        "type": "gone", "to": .string(Words.scope(one.key.scope)),
                        "line": .string(LineName.shown(one, in: room.id)),
                        "number": JSON(one.number),
                    ]
                )
            }
        }
    }
}

/// A short name of a line that stays the same whatever comes and goes around it.
enum LineName {
    /// How many letters are shown.
    static let letters = 5
    /// How many must be typed.
    static let lettersMin = 4

    /// Gives the name in full.
    static func whole(_ line: ReadEntry, in room: RoomID) -> String {
        var bytes = TranscriptID(room: room, key: line.key).value.bytes
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: line.number >> UInt64(shift)))
        }
        return Base32.encode(Array(Hashing.hash(bytes).bytes.prefix(10)))
    }

    /// Gives what is shown of it.
    static func shown(_ line: ReadEntry, in room: RoomID) -> String {
        String(whole(line, in: room).prefix(letters))
    }

    /// Lists lines after the names to give.
    static func list(_ lines: some Collection<ReadEntry>, in room: Room, _ opened: Opened) {
        if lines.isEmpty { opened.output.line("There is nothing of yours here.") }
        let printer = HistoryPrinter(room, opened)
        for line in lines {
            let name = shown(line, in: room.id)
            opened.output.put(
                "\(name)  \(printer.text(line))",
                indent: 7,
                printer.object(line, name: name)
            )
        }
    }

    /// Finds the line that is meant by a name or its beginning.
    ///
    /// - Parameters:
    ///   - typed: what was typed.
    ///   - lines: the lines that can be meant.
    ///   - room: the room.
    ///   - command: the command that lists the lines.
    /// - Returns: the line.
    /// - Throws: `noSuchName` or `ambiguousName`.
    static func find(
        _ typed: String,
        among lines: [ReadEntry],
        in room: RoomID,
        by command: String
    ) throws(ClientError) -> ReadEntry {
        let wanted = typed.lowercased()
        let fitting = lines.filter {
            wanted.utf8.count >= lettersMin
                && whole($0, in: room).hasPrefix(wanted)
        }
        guard let one = fitting.first else {
            throw ClientError(
                .noSuchName,
                "There is no line of yours called '\(typed)'.",
                hint: "peercoach \(command) lists your last ones."
            )
        }
        guard fitting.count == 1 else {
            let names = fitting.map { whole($0, in: room) }
            throw ClientError(
                .ambiguousName,
                "'\(typed)' can be several lines: \(Words.list(names, "or")).",
                candidates: names
            )
        }
        return one
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingEnvelope
import CoachingModel

struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take back a line that you wrote; a facilitator, one in the room.",
        discussion: """
            Without LINE it lists what you wrote last, each line after the name to give here. Of a
            line that was taken back the server keeps nothing, and nobody who comes later can read
            it. That there was one, and that you took it back, stays visible. Whoever has read it
            may remember it.
            A facilitator can take somebody's line out of the room, and says why to all who read
            there: --of NAME lists what NAME wrote to the room.
            """
    )

    @Argument(help: "The name of the line, as this command lists it.")
    var line: String?
    @Option(help: ArgumentHelp("List somebody's lines to the room.", valueName: "name"))
    var of: String?
    @Option(help: ArgumentHelp("Why, for somebody else's line.", valueName: "text"))
    var because: String?
    @OptionGroup var options: GlobalOptions

    private static let shownMax = 20

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                let moderates = room.membership(of: opened.me) == .facilitator
                let lines = try await session.lines()
                    .filter { $0.kind.needsFloor && ($0.isMine || moderates && $0.key == .room) }
                    .sorted { ($0.at, $0.number) < ($1.at, $1.number) }
                guard let line else {
                    var listed = lines.filter(\.isMine)
                    if let of {
                        guard moderates else {
                            throw ClientError(
                                .refused,
                                "Only a facilitator takes others' lines out."
                            )
                        }
                        let author = try opened.member(of, of: room).person
                        listed = lines.filter { $0.key == .room && $0.author == author }
                    }
                    return LineName.list(listed.suffix(Self.shownMax), in: room, opened)
                }
                let one = try LineName.find(line, among: lines, in: room.id, by: "withdraw")
                let why = (because ?? "").trimmingSpaces
                guard one.isMine == why.isEmpty else {
                    throw ClientError(
                        .usage,
                        one.isMine
                            ? "Nobody needs a reason for a line of your own."
                            : "Say why, for all who read there.",
                        hint: one.isMine ? nil : "--because TEXT"
                    )
                }
                try await opened.asking.require(
                    "Take back \(HistoryPrinter(room, opened).text(one))?"
                )
                try await session.withdraw(
                    [one.number],
                    from: one.key,
                    because: why,
                    shown: Set(room.audience(of: one.key))
                )
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
        whole(line.number, of: line.key, in: room)
    }

    /// Gives the name in full of the line with a number in a circle of readers.
    static func whole(_ number: UInt64, of key: TranscriptKey, in room: RoomID) -> String {
        var bytes = TranscriptID(room: room, key: key).value.bytes
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
        return Base32.encode(Array(Hashing.hash(bytes).bytes.prefix(10)))
    }

    /// Gives what is shown of it.
    static func shown(_ line: ReadEntry, in room: RoomID) -> String {
        String(whole(line, in: room).prefix(letters))
    }

    /// Lists lines after the names to give.
    static func list(_ lines: some Collection<ReadEntry>, in room: Room, _ opened: Opened) {
        if lines.isEmpty { opened.output.line("There is nothing here to name.") }
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
                "There is no line called '\(typed)' that you could mean.",
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

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingArchive
import CoachingClient
import CoachingEnvelope
import CoachingGoals
import CoachingModel
import CoachingSeal
import CoachingWire

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "All that you have here, as files that any program can read.",
        discussion: """
            A new folder, for you alone: what you may read in each of your rooms, line by line as JSON;
            your journal, goals and feedback as Markdown; your own things once more in a form that
            peercoach import takes over elsewhere. It is there as a whole or not at all, with a list of
            its files and their SHA-256, signed by this device. The words of others in it stay as
            confidential as they are here. --room takes one room alone.
            """
    )

    @Argument(help: "The folder; it must not be there yet.")
    var folder: String
    @Flag(help: "With the files that were sent to you, which are fetched for it.")
    var withFiles = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let (folder, withFiles) = (folder, withFiles)
        try await withClient(options) { opened in
            var generator = opened.client.environment.generator
            let archive = try ArchiveFolder(at: folder, mark: generator.next())
            let rooms =
                opened.options.room != nil
                ? [try await opened.joined()]
                : try await opened.client.rooms().filter { $0.stage == .admitted }
            try archive.add("README.txt", ExportText.readme)
            try archive.add("you.json", try await ExportText.you(opened, rooms).line + "\n")
            var names: Set<String> = []
            var count = 0
            var others: Set<String> = []
            for summary in rooms {
                let place = "rooms/" + ExportText.folder(summary.name, among: &names)
                try await opened.inRoom(summary.name, depth: .everything) { session, room in
                    let lines = try await session.lines()
                        .sorted { ($0.at, $0.number) < ($1.at, $1.number) }
                    let export = RoomExport(room: room, name: summary.name, lines, opened)
                    for (name, text) in export.texts { try archive.add("\(place)/\(name)", text) }
                    try archive.add("\(place)/\(ArchiveReader.own)", export.own)
                    count += lines.count
                    others.formUnion(export.others)
                    if withFiles {
                        for file in try await export.save(session, into: archive, place) {
                            try archive.note(file)
                        }
                    }
                }
            }
            let index = try archive.index()
            let signed = try await opened.client.signArchive(Array(index.text.utf8))
            try archive.finish(
                index,
                ArchiveSignature(key: signed.key.bytes, signature: signed.signature)
            )
            let whose =
                others.isEmpty ? "" : " In it are also words of \(Words.list(others.sorted()))."
            opened.output.put(
                "Wrote \(folder): \(Words.count(count, "line")) of "
                    + "\(Words.count(rooms.count, "room")), \(Words.count(index.files.count, "file"))."
                    + "\(whose) Who opens the folder reads all of it.",
                [
                    "type": "exported", "folder": .string(folder), "lines": JSON(count),
                    "rooms": JSON(rooms.map(\.name)), "files": JSON(index.files.count),
                    "wordsOf": JSON(others.sorted()),
                ]
            )
        }
    }
}

/// What is written of one room.
struct RoomExport {
    let room: Room
    let name: String
    let lines: [ReadEntry]
    let me: PersonID
    private let printer: HistoryPrinter
    private let now: Timestamp

    init(room: Room, name: String, _ lines: [ReadEntry], _ opened: Opened) {
        self.room = room
        self.name = name
        self.lines = lines
        me = opened.me
        now = opened.now
        printer = HistoryPrinter(room, opened)
    }

    /// Whose words are in it, beside one's own.
    var others: Set<String> {
        Set(lines.filter { !$0.isMine }.compactMap { $0.author.map { room.shownName($0) } })
    }

    /// The files that are text, by their names.
    var texts: [(String, String)] {
        [
            ("room.json", about.line + "\n"),
            ("lines.jsonl", lines.map { object($0).line + "\n" }.joined()),
            ("journal.md", journal), ("goals.md", goals), ("feedback.md", feedback),
        ]
    }

    /// What is one's own, to be taken over elsewhere.
    var own: [UInt8] {
        ArchiveItem.encoded(
            lines.compactMap { line in
                guard line.isMine, line.key == .own(me), let body = line.body, body.isCarried,
                    let encoded = try? body.encoded()
                else { return nil }
                return ArchiveItem(
                    at: line.at,
                    place: TranscriptID(room: room.id, key: line.key).value,
                    number: line.number,
                    body: encoded
                )
            }
        )
    }

    /// Fetches the files that were handed over, into the archive.
    ///
    /// - Returns: where they are in it; what cannot be fetched any more is left out.
    func save(
        _ session: RoomSession,
        into archive: ArchiveFolder,
        _ place: String
    ) async throws -> [String] {
        var saved: [String] = []
        for line in lines {
            guard let file = line.body?.file else { continue }
            let folder = "\(place)/files/\(LineName.shown(line, in: room.id))"
            let into = try archive.folder(folder)
            guard let path = try? await session.save(file, of: line.key, into: into),
                let name = path.split(separator: "/").last
            else { continue }
            saved.append("\(folder)/\(name)")
        }
        return saved
    }

    // MARK: Texts

    private func object(_ line: ReadEntry) -> JSON {
        let object = printer.object(line, name: LineName.whole(line, in: room.id))
        guard case .object(var fields) = object else { return object }
        if let body = line.body {
            if let what = body.subkind { fields.append(.init("what", .string(what))) }
            if let title = body.title { fields.append(.init("title", .string(title))) }
            if let scale = body.scale { fields.append(.init("scale", JSON(scale))) }
            if let carried = body.carried {
                fields.append(.init("putDown", .string(Words.stamp(carried.at))))
            }
        }
        return .object(fields)
    }

    private var about: JSON {
        [
            "type": "room", "name": .string(name),
            "members": .array(
                room.members.map {
                    [
                        "name": .string($0.name),
                        "as": .string(Words.membership($0.membership)),
                    ]
                }
            ),
            "agreement": JSON(room.agreementInForce?.version),
            "sessions": .array(
                room.sessions.enumerated().map { index, session in
                    let role: [JSON] = session.turns.compactMap { state in
                        state.turn.pod.role(of: me).map {
                            [
                                "round": JSON(state.turn.round), "as": .string(Words.role($0)),
                                "minutes": JSON(state.milliseconds / 60_000),
                            ]
                        }
                    }
                    return [
                        "number": JSON(index + 1), "format": .string(session.format),
                        "medium": .string(Words.medium(session.medium)),
                        "began": .string(Words.stamp(session.began)),
                        "ended": .string(Words.stamp(session.ended)),
                        "complete": .bool(session.complete), "yourTurns": .array(role),
                    ]
                }
            ),
        ]
    }

    private func page(_ title: String, _ parts: [String]) -> String {
        let body = parts.isEmpty ? ["Nothing yet."] : parts
        return (["# \(title)"] + body).joined(separator: "\n\n") + "\n"
    }

    private func day(_ at: Timestamp) -> String { Words.stamp(at).prefix(10) + "" }

    private var journal: String {
        page(
            "Journal: \(ExportText.plain(name))",
            JournalPage.own(lines).map { page in
                let title = page.title.map { ", " + $0 } ?? ""
                return "## \(day(page.at))\(ExportText.plain(title))\n\n\(page.text)"
            }
        )
    }

    private var goals: String {
        let all = Undertakings(UndertakingLine.read(lines, in: room))
        let words = UndertakingWords(room: room, me: me, now: now)
        return page(
            "Goals, tasks and promises: \(ExportText.plain(name))",
            all.numbered(of: me).map { number, one in
                let rows = [words.row(one, number: number)] + words.course(one).map { "  " + $0 }
                return "- " + rows.joined(separator: "\n")
            }
        )
    }

    private var feedback: String {
        page(
            "Feedback: \(ExportText.plain(name))",
            lines.filter { ($0.kind == .feedback || $0.kind == .assess) && $0.body != nil }.map {
                "## \(day($0.at)), \(ExportText.plain(printer.from($0)))\n\n\($0.body?.text ?? "")"
            }
        )
    }
}

/// The words of an archive.
enum ExportText {
    static let readme = """
        This folder is what one person had in peercoach, written by "peercoach export".

        SHA256SUMS       every file with its SHA-256; "sha256sum -c SHA256SUMS" compares them
        SHA256SUMS.sig   the signature of the device that wrote it, over SHA256SUMS
        you.json         who you are, and your rooms
        rooms/NAME/
          room.json      members, sessions, and your turns in them
          lines.jsonl    every line that you may read, one JSON object a line, oldest first
          journal.md     the pages of your journal
          goals.md       goals, tasks and promises, and what became of them
          feedback.md    feedback that you gave and got
          own.cbor       what is yours alone, for "peercoach import" to take over elsewhere
          files/         files that were sent to you, with "peercoach export --with-files"

        What others said stays as confidential as it was where they said it.

        """

    static func you(_ opened: Opened, _ rooms: [RoomSummary]) async throws -> JSON {
        let profile = await opened.client.ownProfile
        return [
            "type": "archive", "version": 1, "program": .string(Release.program),
            "made": .string(Words.stamp(opened.now)), "name": .string(opened.ready.name),
            "person": .string(opened.me.description), "server": .string(profile.server),
            "rooms": JSON(rooms.map(\.name)),
        ]
    }

    /// A folder for a room: its name in small letters, digits and hyphens.
    static func folder(_ name: String, among names: inout Set<String>) -> String {
        var folder = String(
            name.lowercased().unicodeScalars.map { scalar in
                ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
                    ? Character(scalar) : "-"
            }.prefix(64)
        )
        if folder.isEmpty || folder.allSatisfy({ $0 == "-" }) { folder = "room" }
        var unique = folder
        var number = 2
        while !names.insert(unique).inserted {
            unique = "\(folder)-\(number)"
            number += 1
        }
        return unique
    }

    /// A text on one line.
    static func plain(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}

extension EntryBody {
    /// Whether something of one's own can be taken over elsewhere: what belongs to a line or a person
    /// that is only here stays.
    var isCarried: Bool {
        feedbackNote == nil && file == nil && paper == nil && unnamedUse == nil && release == nil
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingArchive
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over what is yours from peercoach export, for you alone.",
        discussion: """
            Journal, check-ins, goals, tasks, promises and notes that were for you alone, with the day on
            which you put them down. Every file is compared with the list first, and the list with its
            signature; where anything was changed nothing is taken over. What is there already is passed
            over, so doing it twice does nothing. What others said stays in the archive.
            """
    )

    @Argument(help: "The folder.")
    var folder: String
    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("Of this room of the archive alone.", valueName: "room")
    )
    var from: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let (folder, from) = (folder, from)
        try await withClient(options) { opened in
            let archive = try ArchiveReader(folder)
            let rooms = archive.rooms.filter { room in
                from.map { $0.lowercased() == room.name } ?? true
            }
            guard !rooms.isEmpty else {
                throw ClientError(
                    .noSuchName,
                    "There is nothing to take over from \(from ?? "this archive").",
                    hint: "In it are: \(Words.list(archive.rooms.map(\.name)))."
                )
            }
            let carried = try rooms.flatMap { room in
                try room.items.map { try CarriedBody($0, room.name) }
            }
            let key = archive.device.bytes
            let devices = try await opened.client.devices()
            let isOwn = devices.contains { $0.device == DeviceID(signingKey: key) }
            try await opened.inRoom(depth: .everything) { session, room in
                let lines = try await session.lines().filter { $0.key == .own(opened.me) }
                let place = TranscriptID(room: room.id, key: .own(opened.me)).value
                let new = CarriedBody.new(carried, beside: lines, at: place)
                let passed = Words.count(carried.count - new.count, "thing")
                guard let first = new.first, let last = new.last else {
                    return opened.took(0, carried.count, "All of it is here already.")
                }
                let span =
                    "\(Words.day(first.mark.at, now: opened.now)) to "
                    + "\(Words.day(last.mark.at, now: opened.now))"
                let whose =
                    isOwn
                    ? ""
                    : " No device of yours here has written it: go on only if you made it."
                try await opened.asking.require(
                    "Take over \(Words.count(new.count, "thing")) of yours (\(span)) into "
                        + "\(session.name), for you alone?\(whose)"
                )
                for one in new {
                    try await session.post(
                        one.body,
                        kind: .note,
                        to: .own(opened.me),
                        shown: [opened.me]
                    )
                }
                let also = carried.count == new.count ? "" : " \(passed) were here already."
                opened.took(
                    new.count,
                    carried.count - new.count,
                    "Took over \(Words.count(new.count, "thing")), for you alone.\(also)"
                )
            }
        }
    }
}

/// Something that is taken over, with when and where it was put down first.
struct CarriedBody: Hashable {
    let body: EntryBody
    let mark: CarriedOver

    /// Reads what stands in an archive.
    ///
    /// - Throws: ``ClientError`` with `file` where it cannot be read, or is nothing that is taken over.
    init(_ item: ArchiveItem, _ room: String) throws(ClientError) {
        guard var body = try? EntryBody.decoded(item.body), body.isCarried else {
            throw ArchiveWords.error(ArchiveError(.item, "rooms/\(room)/\(ArchiveReader.own)"))
        }
        let first = CarriedOver(at: item.at, place: item.place, number: item.number)
        mark = body.carried ?? first
        body.carried = mark
        body.saidBefore = nil
        body.concerns = []
        self.body = body
    }

    /// Gives what is not there yet, oldest first, each once.
    static func new(
        _ all: [CarriedBody],
        beside lines: [ReadEntry],
        at place: Bytes16
    ) -> [CarriedBody] {
        var known = Set(lines.map { Place(place, $0.number) })
        known.formUnion(lines.compactMap { $0.body?.carried.map { Place($0.place, $0.number) } })
        return all.sorted { ($0.mark.at, $0.mark.number) < ($1.mark.at, $1.mark.number) }
            .filter { known.insert(Place($0.mark.place, $0.mark.number)).inserted }
    }

    private struct Place: Hashable {
        let place: Bytes16
        let number: UInt64

        init(_ place: Bytes16, _ number: UInt64) { (self.place, self.number) = (place, number) }
    }
}

extension ReadEntry {
    /// When its author put it down: for what one took over from an archive, the day of then.
    var putDownAt: Timestamp {
        if key.scope == .own, isMine, let carried = body?.carried { return carried.at }
        return body?.saidBefore?.at ?? at
    }
}

extension Opened {
    fileprivate func took(_ new: Int, _ known: Int, _ text: String) {
        output.put(text, ["type": "imported", "new": JSON(new), "known": JSON(known)])
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct Consents: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What others ask to show to more people, and what you asked for.",
        subcommands: [List.self, Yes.self, No.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What waits for an answer, each after the number to give to yes or no."
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    let listing = try await ConsentListing(session, room, opened)
                    listing.print()
                }
            }
        }
    }

    struct Yes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Agree to a release: your device signs for exactly this line and these readers."
        )

        @Argument(help: "The number, as peercoach consents lists it.")
        var number: Int
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Consents.answer(number, true, options) }
    }

    struct No: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Do not agree, take back a yes, or take back what you asked for."
        )

        @Argument(help: "The number, as peercoach consents lists it.")
        var number: Int
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Consents.answer(number, false, options) }
    }

    private static func answer(_ number: Int, _ yes: Bool, _ options: GlobalOptions) async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                let listing = try await ConsentListing(session, room, opened)
                let request = try listing.request(number)
                let isMine = request.asker == opened.me
                if yes {
                    try await opened.asking.require(
                        "\(listing.text(request)). Show it to them, under the name of"
                            + " \(room.shownName(request.asker))?"
                    )
                }
                try await session.answer(request, yes: yes)
                let done =
                    yes
                    ? "You said yes. peercoach consents no \(number) takes it back until it is"
                        + " released."
                    : isMine
                        ? "Taken back: nothing is released."
                        : "You said no: it is not released."
                opened.output.put(
                    done,
                    ["type": "answered", "number": JSON(number), "yes": .bool(yes)]
                )
            }
        }
    }
}

/// The releases of a room that concern a person, by numbers that stay as long as the lines.
struct ConsentListing {
    private let requests: [ReleaseRequest]
    private let lines: [ReadEntry]
    private let room: Room
    private let opened: Opened

    init(_ session: RoomSession, _ room: Room, _ opened: Opened) async throws {
        lines = try await session.lines()
        let me = opened.me
        requests = try await session.releases().filter { $0.persons.contains(me) }
        self.room = room
        self.opened = opened
    }

    /// Finds what stands under a number.
    func request(_ number: Int) throws(ClientError) -> ReleaseRequest {
        guard requests.indices.contains(number - 1), requests[number - 1].isOpen else {
            throw ClientError(
                .noSuchName,
                "Nothing waits under the number \(number).",
                hint: "peercoach consents lists what waits."
            )
        }
        return requests[number - 1]
    }

    func print() {
        let open = requests.enumerated().filter(\.element.isOpen)
        if open.isEmpty { opened.output.line("Nothing waits for an answer.") }
        for (index, request) in open {
            let standing = ReleaseWords.standing(request) { name($0) }
            opened.output.put(
                "\(Words.padded("\(index + 1)", 3))\(text(request)) (\(standing))",
                indent: 3,
                [
                    "type": "release", "number": JSON(index + 1),
                    "from": .string(room.shownName(request.asker)),
                    "to": .string(Words.scope(request.target.scope)),
                    "text": JSON(line(request)?.body?.text),
                    "yes": JSON(request.agreed.map { room.shownName($0) }),
                    "no": JSON(request.refused.map { room.shownName($0) }),
                    "waitsFor": JSON(request.awaited.map { room.shownName($0) }),
                    "mine": .bool(request.asker == opened.me),
                    "waitsForMe": .bool(request.awaits(opened.me)),
                ]
            )
        }
    }

    /// Says what is asked, with the line.
    func text(_ request: ReleaseRequest) -> String {
        let asks = request.asker == opened.me ? "You ask" : "\(name(request.asker)) asks"
        let to = ReleaseWords.to(request.target)
        let names = room.audience(of: request.target).map { room.shownName($0) }.sorted()
        let readers = names.isEmpty ? "" : " (\(Words.list(names)))"
        let shown = line(request).map { HistoryPrinter(room, opened).text($0) }
        return "\(asks) to release \(to)\(readers): "
            + (shown ?? "a line that cannot be read here")
    }

    private func line(_ request: ReleaseRequest) -> ReadEntry? {
        lines.first { $0.key == request.key && $0.number == request.line }
    }

    private func name(_ person: PersonID) -> String {
        person == opened.me ? "you" : room.shownName(person)
    }
}

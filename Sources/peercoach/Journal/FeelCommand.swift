// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct Feel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A short check-in: how you are, from 1 to 5, and in which words.",
        discussion: """
            It is for you alone, unless you name who shall read it. Without a number it shows
            your check-ins so far.
            """
    )

    @Argument(help: "From 1 (badly) to 5 (well).")
    var scale: Int?
    @Argument(help: "In a few words.")
    var words: [String] = []
    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("Who shall read it: turn, room or a name.", valueName: "who")
    )
    var who: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if let scale, UInt8(exactly: scale).map(EntryBody.scales.contains) != true {
            throw ValidationError("From 1 to 5.")
        }
    }

    func run() async throws {
        try await withClient(options) { opened in
            guard let scale = scale.flatMap({ UInt8(exactly: $0) }) else {
                return try await opened.showCheckIns()
            }
            var body = try await LineText.body(
                words,
                due: nil,
                now: opened.now,
                mayBeEmpty: true
            )
            body.subkind = EntryBody.checkIn
            body.scale = scale
            try await opened.inRoom { session, room in
                let key = try who.map { try opened.readers(of: $0, in: room) } ?? .own(opened.me)
                let kind: EntryKind = key.scope == .own ? .note : .say
                try await opened.post(body, kind, to: key, session)
            }
        }
    }
}

extension Opened {
    fileprivate func showCheckIns() async throws {
        try await inRoom(depth: .everything) { session, _ in
            let own = CheckIn.own(try await session.lines())
            for line in CheckInTrend(checkIns: own, now: now).lines { output.line(line, indent: 2) }
            for one in own {
                output.object(
                    [
                        "type": "checkIn", "at": .string(Words.stamp(one.at)),
                        "scale": JSON(one.scale), "text": .string(one.words),
                    ])
            }
        }
    }
}

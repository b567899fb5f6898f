// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Where you talk: show the link or the place, or tell it.",
        discussion: """
            It goes to the people of your turn while you have one, otherwise to everyone in the \
            room, and is shown to each where they are placed. The last one counts.
            """
    )

    @Argument(help: "A link, or where you are; without it what was said last is shown.")
    var link: [String] = []
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard link.joined(separator: " ").utf8.count <= RoomScreenModel.linkBytesMax else {
            throw ValidationError("That is too long for a link or a place.")
        }
    }

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(depth: .everything) { session, room in
                let own = room.turn(of: opened.me).map { TranscriptKey.turn($0.turn.id) }
                guard link.isEmpty else {
                    let text = link.joined(separator: " ")
                    let body = EntryBody(text: text, paper: .link)
                    return try await opened.post(body, .paper, to: own ?? .room, session)
                }
                let links = try await session.lines().filter { $0.body?.paper == .link }
                for key in [own, .room].compactMap(\.self) {
                    guard let text = links.last(where: { $0.key == key })?.body?.text else {
                        continue
                    }
                    return opened.output.put(
                        "Talk here: \(text)",
                        ["type": "call", "link": .string(text), "scope": .string("\(key.scope)")]
                    )
                }
                throw ClientError(
                    .refused,
                    "Nobody has said where.",
                    hint: "peercoach call LINK says it."
                )
            }
        }
    }
}

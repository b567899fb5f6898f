// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Privacy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What others can see of you now, by who they are."
    )

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let rooms = try await opened.client.rooms()
            for view in PrivacyView.all(of: rooms) {
                opened.output.line(view.who)
                for sentence in view.sees { opened.output.line("  " + sentence, indent: 2) }
                opened.output.line()
                opened.output.object(
                    [
                        "type": "view", "who": .string(view.who), "sees": JSON(view.sees),
                    ])
            }
        }
    }
}

/// What somebody can see of this person.
struct PrivacyView: Hashable, Sendable {
    var who: String
    var sees: [String]

    /// What everybody can see, from the nearest to the farthest.
    static func all(of rooms: [RoomSummary]) -> [PrivacyView] {
        let joined = rooms.filter { $0.stage == .admitted }
        let facilitated = joined.filter { $0.membership == .peer }.map(\.name)
        var views = [
            PrivacyView(
                who: "The people of your rooms"
                    + (joined.isEmpty ? "" : " (\(Words.list(joined.map(\.name))))"),
                sees: [
                    "your name, your role in each turn, and whether you are there",
                    "what you write to the room: all of them; to a turn: those in that turn; to "
                        + "one person: that person",
                    "who comes later reads nothing from before, who leaves nothing from after",
                ]
            )
        ]
        views.append(
            PrivacyView(
                who: "A facilitator of your room",
                sees: [
                    "what you write to the room, who coaches whom and when",
                    "not what you write to a turn, to the peers, or to one other person",
                    facilitated.isEmpty
                        ? "never your notes"
                        : "never your notes; a facilitator also lets "
                            + "people in and takes them out, and everybody sees who did it",
                ]
            )
        )
        views.append(
            PrivacyView(
                who: "An administrator of the programme",
                sees: [
                    "your name, department and address, as they entered them",
                    "your devices, and which rooms you are in or proposed for",
                    "how often a room met, and from five people on how many came",
                    "through this program no word that you write, unless they are in the room",
                ]
            )
        )
        views.append(
            PrivacyView(
                who: "Who runs the server, or gets hold of its disk or backups",
                sees: [
                    "nothing that you write: it is sealed on your device for the devices of those "
                        + "who read it",
                    "who is in which room, roles, times, devices, kinds and sizes of lines",
                    "names of people, rooms and formats, and the sentences of a format",
                ]
            )
        )
        views.append(
            PrivacyView(
                who: "Who uses this device as you",
                sees: ["everything that you can read here; the keys in the profile are enough"]
            )
        )
        return views
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel

struct Who: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who can read what you write now, person by person, and since when."
    )

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom { session, room in
                let log = try await session.admissions()
                for place in ReadingPlace.all(of: opened.me, in: room) {
                    let readers = room.readersSince(place.key, log, me: opened.me)
                    opened.output.put(
                        Words.padded(place.word, 6) + "  "
                            + place.text(readers, now: opened.now),
                        indent: 8,
                        place.object(readers)
                    )
                }
            }
        }
    }
}

/// Where a person can write, by the word that is typed for it.
struct ReadingPlace: Hashable, Sendable {
    /// What is typed: "note", "room".
    var word: String
    /// Who reads there.
    var key: TranscriptKey

    /// The places of a person in a room, from the fewest readers to the most.
    static func all(of me: PersonID, in room: Room) -> [ReadingPlace] {
        var places = [ReadingPlace(word: "note", key: .own(me))]
        if let turn = room.turn(of: me)?.turn {
            places.append(ReadingPlace(word: "turn", key: .turn(turn.id)))
        }
        if room.hasFacilitator, room.membership(of: me) == .peer {
            places.append(ReadingPlace(word: "peers", key: .peers))
        }
        return places + [ReadingPlace(word: "room", key: .room)]
    }

    /// Says who reads there.
    func text(
        _ readers: [(name: String, since: Timestamp?)],
        now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        if key.scope == .own { return "only you" }
        return MemberWords.readers(readers, now: now, calendar)
    }

    /// The same for programs.
    func object(_ readers: [(name: String, since: Timestamp?)]) -> JSON {
        [
            "type": "readers", "to": .string(word),
            "readers": .array(
                readers.map {
                    ["name": .string($0.name), "since": JSON($0.since.map(Words.stamp))]
                }
            ),
        ]
    }
}

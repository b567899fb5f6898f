// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingTerminal

/// A breach of trust that is to be raised, as it was shown.
struct BreachOffer: Hashable, Sendable {
    /// To whom it goes, each for themselves unless all read it in the room.
    var people: [PersonID]
    /// Whether it goes as one line to the room.
    var isForRoom: Bool
    /// The words.
    var text: String
}

/// Raising a breach of trust with those whom the person picks, and nobody else.
///
/// To everybody but them it looks like any other line between two people: no floor and no phase
/// holds it up.
extension RoomScreenModel {
    /// For how long one that came while the view was closed is told of when it is opened.
    private static let breachMilliseconds: Int64 = 7 * 86_400_000

    private static let breachUsage =
        "/breach NAMES: TEXT, /breach facilitator: TEXT or "
        + "/breach room: TEXT"

    /// Asks to whom, or shows to whom it would go and asks.
    mutating func breach(_ rest: String) -> [RoomEffect] {
        guard let colon = rest.firstIndex(of: ":") else {
            return [
                .show(
                    offer(
                        "Who shall know that trust was broken? \(Self.breachUsage). Each person"
                            + " gets it alone; you see who reads it before it goes."
                    )
                )
            ]
        }
        let text = String(rest[rest.index(after: colon)...]).trimmingSpaces
        guard !text.isEmpty else { return refuses("Type it all: \(Self.breachUsage)") }
        guard text.utf8.count <= Self.textBytesMax else {
            let over = text.utf8.count - Self.textBytesMax
            return refuses("Not sent: the line is \(Words.count(over, "byte")) too long.")
        }
        switch breachReaders(String(rest[..<colon]).trimmingSpaces) {
        case .failure(let mistake): return refuses(mistake.sentence)
        case .success(let choice):
            let offer = BreachOffer(people: choice.people, isForRoom: choice.isForRoom, text: text)
            return ask(.breach(offer))
        }
    }

    /// Says to whom it goes, in a question.
    func breachText(_ offer: BreachOffer) -> String {
        let names = Words.list(offer.people.map { name($0) })
        let who =
            offer.isForRoom
            ? "one line to everyone in \(roomName), that is to \(names)"
            : offer.people.count == 1
                ? "\(names) alone" : "\(names), to each of them alone"
        return "You raise a breach of trust. It goes to \(who); nobody else can tell. It says: "
            + "\(offer.text.excerpt) Send it? /yes or /no"
    }

    /// Sends it, as it was shown.
    mutating func raise(_ offer: BreachOffer) -> [RoomEffect] {
        let keys =
            offer.isForRoom
            ? [TranscriptKey.room] : offer.people.map { TranscriptKey.between(me, $0) }
        return keys.flatMap { key in
            let readers: [PersonID]
            switch key {
            case .room: readers = offer.people + [me]
            default: readers = offer.people.filter { key == .between(me, $0) } + [me]
            }
            lastLineID += 1
            let line = OutgoingLine(
                id: lastLineID,
                key: key,
                kind: .say,
                text: offer.text,
                due: nil,
                readers: readers,
                readersText: offer.isForRoom
                    ? "everyone in \(roomName)" : Words.list(names(of: readers)),
                meaning: .breach
            )
            return attempt(HeldLine(line: line, followsPhase: false), isDecided: true)
        }
    }

    private func names(of readers: [PersonID]) -> [String] {
        readers.filter { $0 != me }.map { name($0) }
    }

    /// Says, with a breach that somebody raised, what one can do now.
    func breachHeard(_ line: HeardLine) -> [RoomEffect] {
        guard line.isBreach, let author = line.author, author != me else { return [] }
        return [
            .show(
                RoomLine(
                    at: now,
                    lead: .system,
                    text: breachSentence(line, author),
                    type: "breach",
                    facts: [
                        .init("from", .string(name(author))), .init("number", JSON(line.number)),
                    ]
                )
            )
        ]
    }

    /// Says which breaches were raised while the view was closed.
    func breachesMissed() -> [RoomEffect] {
        let since = now.adding(milliseconds: -Self.breachMilliseconds)
        return past.filter { $0.at >= since && $0.isBreach && $0.author != me }
            .flatMap { [.show(shown($0))] + breachHeard($0) }
    }

    private func breachSentence(_ line: HeardLine, _ author: PersonID) -> String {
        let to = line.key == .room ? "everyone here" : "you alone"
        var ways = ["talk: /to \(name(author))"]
        if isPossible(.pause) { ways.append("halt the session: /pause") }
        ways.append("see who is in: /members")
        if room.isKeeper(me) { ways.append("end somebody's place: /remove") }
        ways.append("leave: peercoach leave")
        return "TAKE TIME FOR THIS: \(name(author)) told \(to) that trust was broken. You can "
            + "\(Words.list(ways, "or")). More: peercoach guide breach"
    }

    // MARK: To whom

    private struct BreachMistake: Error {
        var sentence: String
    }

    private typealias BreachChoice = (people: [PersonID], isForRoom: Bool)

    private func breachReaders(_ typed: String) -> Result<BreachChoice, BreachMistake> {
        switch typed.lowercased() {
        case "": return .failure(BreachMistake(sentence: "To whom? \(Self.breachUsage)"))
        case "room", "all":
            let others = room.audience(of: .room).filter { $0 != me }
            guard !others.isEmpty else { return .failure(Self.nobodyElse) }
            // Where the floor is another's in the room, each gets it alone.
            do throws(RoomRejection) {
                try room.mayPost(.say, in: .room, by: me)
                return .success((others, true))
            } catch { return .success((others, false)) }
        case "facilitator", "facilitators":
            let people = room.members.filter { $0.membership == .facilitator }.map(\.person)
                .filter { $0 != me }
            guard !people.isEmpty else {
                return .failure(BreachMistake(sentence: "There is no other facilitator here."))
            }
            return .success((people.sorted(), false))
        default: break
        }
        var people: [PersonID] = []
        for part in typed.split(separator: ",") {
            let typed = String(part).trimmingSpaces
            switch person(in: typed) {
            case .one(let person, let rest) where rest.isEmpty:
                guard person != me else {
                    return .failure(
                        BreachMistake(
                            sentence: "Not to yourself: /note keeps a line for you alone."
                        )
                    )
                }
                if !people.contains(person) { people.append(person) }
            case .several(let names):
                return .failure(BreachMistake(sentence: "Which one: \(Words.list(names, "or"))?"))
            case .one, .none:
                return .failure(
                    BreachMistake(
                        sentence:
                            "Nobody here is called \(typed.excerpt). /members lists who is in;"
                            + " names stand with commas between them."
                    )
                )
            }
        }
        guard !people.isEmpty else {
            return .failure(BreachMistake(sentence: "To whom? \(Self.breachUsage)"))
        }
        return .success((people, false))
    }

    private static let nobodyElse = BreachMistake(sentence: "Nobody else is in this room.")
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct RelationshipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relationship",
        abstract: "Renew your coaching relationship, change its focus, or close it.",
        discussion: """
            It stays open until you have held two sessions. Then each peer says what they want;
            it comes about once all of you want the same, and all see who wants what.
              renew   go on as before, for two sessions and more
              focus   go on with something else: propose an agreement that says so
              close   hold no more sessions; what was said stays, and all of you can renew it
              wait    take back what you said
            Alone it shows how things stand.
            """
    )
    @Argument(help: "What you want: renew, focus, close or wait.")
    var wish: RelationshipWish?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom { session, room in
                var room = room
                if let wish {
                    try await session.act(.callRelationship(RelationshipCall(wish.choice)))
                    room = try await session.state()
                }
                let shown = room
                let words = RelationshipWords(room: room, me: opened.me) { shown.shownName($0) }
                for line in words.lines { opened.output.line(line, indent: 2) }
                opened.output.object(words.object)
            }
        }
    }
}

/// What a peer wants of the relationship, as it is typed.
enum RelationshipWish: String, ExpressibleByArgument, CaseIterable, Sendable {
    case renew
    case focus
    case close
    case wait

    var choice: RelationshipChoice? {
        switch self {
        case .renew: .renew
        case .focus: .changeFocus
        case .close: .close
        case .wait: nil
        }
    }
}

/// How the coaching relationship of a room is told.
struct RelationshipWords {
    var room: Room
    var me: PersonID
    var name: (PersonID) -> String

    /// What somebody wants, as it goes on after "wants to" or "want to".
    static func wish(_ choice: RelationshipChoice) -> String {
        switch choice {
        case .renew: "renew your coaching relationship"
        case .changeFocus: "change the focus of your coaching relationship"
        case .close: "close your coaching relationship"
        }
    }

    /// How it stands, who wants what, and what one can do.
    var lines: [String] {
        let state = room.relationship
        var lines = [standing]
        for (person, choice) in state.wishes.sorted(by: { $0.key < $1.key }) {
            let verb = person == me ? "You want to" : "\(name(person)) wants to"
            lines.append("\(verb) \(Self.wish(choice)).")
        }
        let waiting = waitedFor.map { $0 == me ? "you" : name($0) }
        if !state.wishes.isEmpty, !waiting.isEmpty {
            lines.append("Still to say what they want: \(Words.list(waiting)).")
        }
        if state.isDue, room.session == nil, room.membership(of: me) == .peer {
            lines.append(
                state.isClosed
                    ? "peercoach relationship renew, or focus"
                    : "peercoach relationship renew, focus or close"
            )
        }
        return lines
    }

    /// How it stands, in one sentence.
    var standing: String {
        let state = room.relationship
        if state.isClosed {
            return "Your coaching relationship is closed: no session starts until all of you "
                + "renew it."
        }
        if room.awaitsFocus {
            return "You chose another focus. Put it into the agreement, and accept it, before the "
                + "next session: peercoach agreement propose"
        }
        let held = Words.count(state.held, "session")
        let since = state.renewals > 0 ? " since it was renewed" : ""
        return state.isDue
            ? "Your coaching relationship: \(held) held\(since). You can go on, or all of you renew "
                + "it, change its focus or close it."
            : "Your coaching relationship is open: \(held) held\(since), at least "
                + "\(Relationship.sessionsLeast) belong to it."
    }

    private var waitedFor: [PersonID] {
        room.members.filter { $0.membership == .peer }.map(\.person)
            .filter { room.relationship.wishes[$0] == nil }
    }

    /// The same as an object.
    var object: JSON {
        let state = room.relationship
        return [
            "type": "relationship", "held": JSON(state.held), "renewals": JSON(state.renewals),
            "due": .bool(state.isDue), "closed": .bool(state.isClosed),
            "focusOpen": .bool(room.awaitsFocus),
            "wishes": .object(
                state.wishes.sorted { $0.key < $1.key }.map {
                    JSON.Field(key: name($0.key), value: .string(Self.word($0.value)))
                }
            ),
        ]
    }

    private static func word(_ choice: RelationshipChoice) -> String {
        switch choice {
        case .renew: "renew"
        case .changeFocus: "focus"
        case .close: "close"
        }
    }
}

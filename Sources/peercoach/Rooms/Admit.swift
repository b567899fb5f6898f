// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Lobby: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who is proposed for the room and not in yet."
    )

    @Argument(help: "The room.")
    var roomName: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let room = try await opened.room(roomName)
            let people = try await opened.client.lobby(of: room.room)
            let open = Set(
                try await opened.client.needsConfirmation(room.room).map(\.participant)
            )
            for person in people {
                opened.output.put(
                    "\(person.name), \(Words.membership(person.membership)): "
                        + Self.state(person, isOpen: open.contains(person.participant)),
                    indent: 2,
                    [
                        "type": "candidate", "name": .string(person.name),
                        "as": .string(Words.membership(person.membership)),
                        "proposedBy": .string(person.proposer),
                        "accepted": .bool(person.accepted),
                        "enrolled": .bool(person.deviceList != nil),
                        "confirmed": .bool(!open.contains(person.participant)),
                    ]
                )
            }
            if people.isEmpty {
                opened.output.line("Nobody waits for \(room.name).")
            } else if !open.isEmpty {
                opened.output.line("To confirm and let in: peercoach admit --room \(room.name)")
            }
        }
    }

    private static func state(_ person: Candidate, isOpen: Bool) -> String {
        if person.deviceList == nil { return "has not enrolled" }
        if !person.accepted { return "has not said yes" }
        return isOpen
            ? "waits, proposed by \(person.proposer); you have not confirmed them"
            : "waits; is let in as soon as somebody you know vouches for them"
    }
}

struct Admit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let people into a room, and open a room that nobody has opened.",
        discussion: """
            Without names it shows who is proposed and asks once about all of them. Whom you
            confirm is let in by itself as soon as they are there and their inviter vouches for
            them. With a name it lets that person in now, on your own word.
            """
    )

    @Argument(help: "Who, if not all who are proposed.")
    var names: [String] = []
    @Option(
        help: "The text of the first agreement, for a room that nobody has opened.",
        completion: .file()
    )
    var agreement: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            let room = try await opened.room()
            if room.stage == .founding { try await opened.found(room, agreement) }
            guard room.stage == .founding || room.stage == .admitted else {
                throw ClientError(.refused, "You are not in \(room.name) yet yourself.")
            }
            if names.isEmpty {
                try await opened.confirmAll(room)
            } else {
                for name in names { try await opened.admit(name, room) }
            }
            await opened.client.finishChores()
            try await opened.inRoom(room.name) { _, state in
                let people = state.members.map(\.name).sorted()
                opened.output.put(
                    "In \(room.name): \(Words.list(people)).",
                    indent: 2,
                    ["type": "room", "name": .string(room.name), "members": JSON(people)]
                )
            }
        }
    }
}

extension Opened {
    /// Opens a room that nobody has opened, after asking.
    fileprivate func found(_ room: RoomSummary, _ file: String?) async throws {
        let text: String
        if let file {
            text = try await AgreementText.read(file)
        } else {
            text = FirstAgreement.text
            if !options.isYes {
                output.line("The room begins with this agreement (another: --agreement FILE):")
                for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                    output.line("  " + line, indent: 2)
                }
            }
        }
        let policy = try await client.policyOfNewRooms()
        if policy != .standard {
            output.line("It begins with what is set for new rooms: \(PolicyWords.summary(policy)).")
        }
        try await asking.require(
            "Nobody has opened \(room.name) yet. Open it, as its first \(Words.membership(room.membership))?"
        )
        try await client.found(room.room, agreement: text, policy: policy)
        try await inRoom(room.name) { session, state in
            if let version = state.agreementInForce { try await session.acceptAgreement(version) }
        }
        output.put(
            "You opened \(room.name).",
            ["type": "opened", "room": .string(room.name)]
        )
    }

    /// Shows the proposed list and confirms it after one question.
    fileprivate func confirmAll(_ room: RoomSummary) async throws {
        let people = try await client.needsConfirmation(room.room)
        guard !people.isEmpty else { return }
        output.line("Proposed for \(room.name):")
        for person in people {
            let vouched = person.vouchedBy.map { "vouched for by \($0)" } ?? "nobody vouches yet"
            if let warning = person.warning { output.notice(warning) }
            output.put(
                "  \(person.name), \(Words.membership(person.membership)), by "
                    + "\(person.proposer); \(person.accepted ? "said yes" : "no yes yet"), \(vouched)",
                indent: 4,
                [
                    "type": "candidate", "name": .string(person.name),
                    "as": .string(Words.membership(person.membership)),
                    "proposedBy": .string(person.proposer),
                    "accepted": .bool(person.accepted), "vouchedBy": JSON(person.vouchedBy),
                ]
            )
        }
        try await asking.require(
            people.count == 1 ? "Let this person in?" : "Let these \(people.count) in?"
        )
        try await client.confirm(people, for: room.room)
    }

    /// Lets one person in on one's own word.
    fileprivate func admit(_ typed: String, _ room: RoomSummary) async throws {
        let people = try await client.lobby(of: room.room)
        let person = try NameMatch.find(typed, among: people) { $0.name }
        let open = try await client.needsConfirmation(room.room)
            .filter { $0.participant == person.participant }
        if let warning = await client.warning(about: person) {
            output.notice(warning)
        } else if open.first?.vouchedBy == nil {
            output.notice("Nobody that this device knows vouches for \(person.name).")
        }
        try await asking.require(
            "Let \(person.name) in as \(Words.membership(person.membership))?"
        )
        if !open.isEmpty { try await client.confirm(open, for: room.room) }
        await client.finishChores()
        let still = try await client.lobby(of: room.room)
        if still.contains(where: { $0.participant == person.participant }) {
            try await client.admit(person.participant, to: room.room)
        }
        output.put(
            "\(person.name) is in.",
            ["type": "admitted", "name": .string(person.name)]
        )
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

struct AdminInvites: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invites",
        abstract: "Invites: who has one, make, renew, end.",
        subcommands: [List.self, New.self, Renew.self, Revoke.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Invites that are open, used or over."
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let invites = try await opened.client.invites()
                let width = invites.map(\.name.count).max() ?? 0
                for invite in invites.sorted(by: { ($0.name, $0.expires) < ($1.name, $1.expires) })
                {
                    let until = Words.moment(invite.expires, now: opened.now)
                    let state = InviteWords.state(invite.state)
                    opened.output.put(
                        "\(Words.padded(invite.name, width))  \(state)"
                            + (invite.state == .open ? " until \(until)" : "")
                            + (invite.purpose == .administrator ? ", as administrator" : ""),
                        [
                            "type": "invite", "name": .string(invite.name),
                            "purpose": .string(InviteWords.purpose(invite.purpose)),
                            "state": .string(state),
                            "until": .string(Words.stamp(invite.expires)),
                        ]
                    )
                }
                if invites.isEmpty { opened.output.line("There are no invites.") }
            }
        }
    }

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make invites, one for each person.",
            discussion: """
                An invite is a secret: it is shown on a terminal only, or written into a new
                folder that nobody else can open, as a ready mail where there is an address.
                """
        )

        @Argument(help: "For whom.")
        var names: [String] = []
        @Flag(help: "For everybody who has not enrolled and has no open invite.")
        var all = false
        @Flag(
            help:
                "For people who have enrolled and lost their device; they need their recovery kit."
        )
        var device = false
        @OptionGroup var term: InviteTerms
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard all != !names.isEmpty else {
                throw ValidationError("Give names, or --all.")
            }
            guard !all || !device else {
                throw ValidationError("For lost devices give names.")
            }
            try term.validate()
        }

        func run() async throws {
            try await withClient(options) { opened in
                try term.requirePlace()
                let people =
                    all ? try await opened.uninvited() : try await opened.participants(names)
                guard !people.isEmpty else {
                    opened.output.line("Everybody has enrolled or has an open invite.")
                    return
                }
                var desk = try InviteDesk(opened, term)
                for person in people {
                    let invite = try await make(person, opened.client)
                    try desk.hand(invite, person.address)
                }
                desk.finish()
            }
        }

        private func make(
            _ person: PersonSummary,
            _ client: Client
        ) async throws(ClientError) -> ReadyInvite {
            guard device else {
                return try await client.invite(
                    person.participant,
                    name: person.name,
                    days: term.days
                )
            }
            guard person.enrolled else {
                throw ClientError(
                    .refused,
                    "\(person.name) has not enrolled yet.",
                    hint: "Without --device the line is for a first device."
                )
            }
            return try await client.inviteDevice(
                of: person.participant,
                name: person.name,
                days: term.days
            )
        }
    }

    struct Renew: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an unused invite more time, and show it again."
        )

        @Argument(help: "Whose.")
        var name: String
        @OptionGroup var term: InviteTerms
        @OptionGroup var options: GlobalOptions

        func validate() throws { try term.validate() }

        func run() async throws {
            try await withClient(options) { opened in
                try term.requirePlace()
                let invite = try await opened.openInvite(name)
                let person = try await opened.client.people()
                    .first { $0.participant == invite.participant }
                guard
                    let again = try await opened.client.renewInvite(invite.hash, days: term.days)
                else {
                    opened.output.put(
                        "\(invite.name)'s invite holds "
                            + "\(Words.count(term.days, "day")) more. The line itself is on the "
                            + "device that made it.",
                        ["type": "renewed", "name": .string(invite.name)]
                    )
                    return
                }
                var desk = try InviteDesk(opened, term)
                try desk.hand(again, person?.address)
                desk.finish()
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an invite that nobody has used."
        )

        @Argument(help: "Whose.")
        var name: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let invite = try await opened.openInvite(name)
                try await opened.client.revokeInvite(invite.hash)
                opened.output.put(
                    "\(invite.name)'s invite cannot be used any more.",
                    ["type": "ended", "name": .string(invite.name)]
                )
            }
        }
    }
}

/// How long invites hold, and where they go.
struct InviteTerms: ParsableArguments {
    @Option(help: "How many days they hold, 1 to 7.")
    var days: UInt32 = Client.inviteDaysDefault
    @Option(
        help: ArgumentHelp("Write them into this new folder.", valueName: "folder"),
        completion: .directory
    )
    var into: String?

    func validate() throws {
        guard (1...7).contains(days) else {
            throw ValidationError("An invite holds 1 to 7 days.")
        }
    }

    /// Refuses before anything is made where there is no place for secrets.
    func requirePlace() throws(ClientError) {
        guard into != nil || isatty(1) == 1 else {
            throw ClientError(
                .usage,
                "An invite is a secret and is shown on a terminal only.",
                hint: "Give --into FOLDER."
            )
        }
    }
}

/// Hands over invites as they are made, so that none is lost when a later one fails.
struct InviteDesk {
    private let opened: Opened
    private let days: UInt32
    private var letters: InviteLetters?
    private var count = 0

    init(_ opened: Opened, _ term: InviteTerms) throws(ClientError) {
        self.opened = opened
        days = term.days
        if let folder = term.into { letters = try InviteLetters(into: folder) }
    }

    mutating func hand(_ invite: ReadyInvite, _ address: String?) throws(ClientError) {
        count += 1
        let until = Words.moment(invite.expires, now: opened.now)
        guard
            let path = try letters?.write(
                invite,
                address: address,
                inviter: opened.ready.name,
                now: opened.now
            )
        else {
            opened.output.line("\(invite.name), until \(until):")
            opened.output.line(invite.line)
            opened.output.line()
            opened.output.object(object(invite, "line", invite.line))
            return
        }
        opened.output.put("\(invite.name): \(path)", object(invite, "file", path))
    }

    func finish() {
        let one = count == 1
        opened.output.line(
            "\(Words.count(count, "invite")), good for \(Words.count(days, "day")), once"
                + (one ? "." : " each.")
        )
        opened.output.line(
            one
                ? "Hand it over by a way that you trust."
                : "Hand each over by a way that you "
                    + "trust, and delete it here."
        )
    }

    private func object(_ invite: ReadyInvite, _ key: String, _ value: String) -> JSON {
        .object([
            .init(key: "type", value: "invite"),
            .init(key: "name", value: .string(invite.name)),
            .init(key: key, value: .string(value)),
            .init(key: "until", value: .string(Words.stamp(invite.expires))),
        ])
    }
}

extension InviteWords {
    /// How an invite stands.
    static func state(_ state: InviteStatus) -> String {
        switch state {
        case .open: "open"
        case .used: "used"
        case .expired: "over"
        }
    }
}

extension Opened {
    /// Everybody who has not enrolled and has no open invite.
    fileprivate func uninvited() async throws(ClientError) -> [PersonSummary] {
        let open = Set(
            try await client.invites().filter { $0.state == .open }.map(\.participant)
        )
        return try await client.people().filter {
            !$0.enrolled && !open.contains($0.participant)
        }.sorted { $0.name < $1.name }
    }

    /// Finds an invite that nobody has used, by whose it is.
    fileprivate func openInvite(_ typed: String) async throws(ClientError) -> InviteSummary {
        let unused = try await client.invites().filter { $0.state == .open || $0.state == .expired }
        let open = unused.filter { $0.state == .open }
        let names = open.isEmpty ? unused : open
        guard !names.isEmpty else {
            throw ClientError(.noSuchName, "There is no unused invite.")
        }
        return try NameMatch.find(typed, among: names, what: "person with an invite") { $0.name }
    }
}

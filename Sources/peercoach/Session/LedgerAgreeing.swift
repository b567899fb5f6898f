// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

/// `ledger agree`: one of two has less time as client than the other, because both want it.
struct LedgerAgree: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agree",
        abstract: "Agree with somebody that one of you has less time as client.",
        discussion: """
            With --give or --take you propose it; without, you agree to what the other one
            proposed. It counts once both have said so; all in the room and who runs the server
            see who, and how many minutes. A whole turn is planned for who gets it, where the two
            work together; of minutes the plan knows nothing: whoever has less ends their turn
            sooner. They are neither owed the rest nor told that they had too little.
            """
    )
    @Argument(help: "With whom.")
    var name: String
    @Option(help: "How many minutes you give in a session, or turn.")
    var give: TimeShare?
    @Option(help: "How many minutes you get in a session, or turn.")
    var take: TimeShare?
    @Flag(help: "For one session: the one that runs, or the next.")
    var once = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard give == nil || take == nil else {
            throw ValidationError("Say --give or --take, not both.")
        }
        guard !once || give != nil || take != nil else {
            throw ValidationError("--once belongs to --give or --take.")
        }
    }

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom { session, room in
                let other = try opened.member(name, of: room).person
                if let share = give ?? take {
                    let terms = Deviation(
                        less: give == nil ? other : opened.me,
                        more: give == nil ? opened.me : other,
                        minutes: share.minutes,
                        once: once
                    )
                    try await session.act(.proposeDeviation(terms))
                } else {
                    let known = try opened.deviation(with: other, in: room)
                    try await session.act(.agreeDeviation(known.terms))
                }
                let after = try await session.state()
                opened.show(try opened.deviation(with: other, in: after), after)
            }
        }
    }
}

/// `ledger end`: equal time again.
struct LedgerEnd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: "Take back, or say no to, what you and somebody agreed on your time.",
        discussion: "Either of you can. Sessions that are over count as they were agreed."
    )
    @Argument(help: "With whom.")
    var name: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom { session, room in
                let other = try opened.member(name, of: room).person
                let known = try opened.deviation(with: other, in: room)
                try await session.act(.endDeviation(known.terms))
                opened.output.put(
                    "Ended. You and \(room.shownName(other)) have equal time again.",
                    ["type": "deviationEnded", "name": .string(room.shownName(other))]
                )
            }
        }
    }
}

/// A number of minutes, or the whole turn.
struct TimeShare: ExpressibleByArgument, Hashable, Sendable {
    /// The minutes; `nil` for the whole turn.
    var minutes: UInt16?

    init?(argument: String) {
        if argument.lowercased() == "turn" { return }
        guard let minutes = UInt16(argument), RoomLimits.deviationMinutes.contains(minutes) else {
            return nil
        }
        self.minutes = minutes
    }
}

extension Opened {
    /// What is proposed or agreed between oneself and somebody.
    fileprivate func deviation(with other: PersonID, in room: Room) throws -> DeviationState {
        let known = room.deviations(of: me).first { $0.terms.other(than: me) == other }
        guard other != me, let known else {
            throw ClientError(
                .noSuchName,
                "Nothing is proposed between you and \(room.shownName(other)). "
                    + "peercoach ledger agree NAME --give MINUTES proposes it."
            )
        }
        return known
    }

    fileprivate func show(_ state: DeviationState, _ room: Room) {
        let words = DeviationWords(me: me) { room.shownName($0) }
        output.put(words.line(state), words.object(state, in: room))
    }
}

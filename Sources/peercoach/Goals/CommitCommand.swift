// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingGoals
import CoachingModel
import CoachingSeal
import CoachingWire

struct Commit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What you promised to others, and what became of it.",
        subcommands: [
            List.self, Add.self, Done.self, Partly.self, Missed.self, Renegotiate.self,
        ],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What you promised, and what was promised to you."
        )

        @Flag(help: "Also what is over.")
        var all = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.undertakings { own in
                    let mine = own.all.numbered(of: opened.me).filter {
                        $0.undertaking.kind == .promise && (all || $0.undertaking.state.isOpen)
                    }
                    own.show(mine, none: "You have no open promise here.")
                    own.showPromisesOfOthers { all || $0.state.isOpen }
                }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Promise something to those in your turn, or to the room; best with a date."
        )

        @Argument(help: "What you promise.")
        var text: [String]
        @Option(name: .customLong("by"), help: "Until when, such as fri or 2027-06-30.")
        var due: String?
        @Option(
            name: .customLong("to"),
            help: ArgumentHelp("To whom, where not so: room, peers or a name.", valueName: "who")
        )
        var who: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let body = try await LineText.body(text, due: due, now: opened.now)
                try await opened.undertakings { own in
                    let turn = own.room.turn(of: opened.me).map { TranscriptKey.turn($0.turn.id) }
                    let key = try who.map { try opened.readers(of: $0, in: own.room) }
                    try await own.make(.promise, body, to: key ?? turn ?? .room)
                }
            }
        }
    }

    struct Done: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "You kept it.")
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.judge([.promise], .kept) }
    }

    struct Partly: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "You kept a part of it.")
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.judge([.promise], .partly) }
    }

    struct Missed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "You did not keep it.")
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.judge([.promise], .missed) }
    }

    struct Renegotiate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "You will do it at another time, or otherwise; it stays open."
        )
        @OptionGroup var said: SaidOfOne

        func run() async throws {
            guard said.due != nil || !said.text.isEmpty else {
                throw ValidationError("Say by when (--by), or how otherwise.")
            }
            try await said.judge([.promise], .renegotiated)
        }
    }
}

struct Review: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What was promised before, in both directions, and what became of it.",
        discussion: """
            Alone it shows what is open. With a number and a word it says what became of yours, to
            those who were promised it: kept, partly, missed, renegotiated.
            """
    )

    @Argument(help: "The number of a promise of yours.")
    var number: Int?
    @Argument(help: "What became of it.")
    var outcome: Outcome?
    @Argument(help: "What there is to say of it.")
    var text: [String] = []
    @Option(name: .customLong("by"), help: "A new day for it.")
    var due: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if number != nil, outcome == nil {
            throw ValidationError("What became of it: kept, partly, missed or renegotiated?")
        }
    }

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.undertakings { own in
                guard let number, let outcome else { return own.review() }
                let body = try await LineText.body(
                    text,
                    due: due,
                    now: opened.now,
                    mayBeEmpty: true
                )
                let one = try own.find(number, [.promise])
                try await own.judge(one, .judged, outcome.state, body)
            }
        }
    }
}

/// What became of a promise, as it is typed.
enum Outcome: String, ExpressibleByArgument, CaseIterable, Sendable {
    case kept
    case partly
    case missed
    case renegotiated

    var state: UndertakingState {
        switch self {
        case .kept: .kept
        case .partly: .partly
        case .missed: .missed
        case .renegotiated: .renegotiated
        }
    }
}

struct Due: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What you have to do soon, in all your rooms, the next first."
    )

    @Option(help: "How many days ahead.")
    var days = 14
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (0...3_660).contains(days) else { throw ValidationError("--days is 0 to 3660.") }
    }

    func run() async throws {
        try await withClient(options) { opened in
            let end = opened.now.adding(milliseconds: Int64(days) * 86_400_000)
            var isNothing = true
            for summary in try await opened.ownRooms() {
                try await opened.inRoom(summary.name, depth: .everything) { session, room in
                    let own = try await OwnUndertakings(opened, session, room)
                    let rows = own.all.numbered(of: opened.me)
                    let due = own.all.due(of: opened.me, until: end).compactMap { one in
                        rows.first { $0.undertaking.id == one.id }
                    }
                    guard !due.isEmpty else { return }
                    isNothing = false
                    opened.output.line("\(session.name):")
                    own.show(due, none: "")
                }
            }
            if isNothing { opened.output.line("Nothing of yours is due in \(days) days.") }
        }
    }
}

extension OwnUndertakings {
    /// Shows what is to be looked at together, in both directions.
    func review() {
        let open = all.toReview(madeBefore: room.session?.startedAt ?? opened.now)
        let mine = all.numbered(of: opened.me).filter { row in
            open.contains { $0.id == row.undertaking.id && $0.owner == opened.me }
        }
        let output = opened.output
        output.line("You promised:")
        show(mine, none: "  nothing that is open.")
        showPromisesOfOthers { one in open.contains(one) }
        if !mine.isEmpty {
            output.line(
                "What became of it: peercoach review N kept, partly, missed or renegotiated"
            )
        }
    }

    /// Shows what others promised that one can read.
    func showPromisesOfOthers(_ isShown: (Undertaking) -> Bool) {
        let others = all.all.filter {
            $0.owner != opened.me && $0.kind == .promise && isShown($0)
        }
        guard !others.isEmpty else { return }
        opened.output.line("Promised to you:")
        for one in others {
            opened.output.put(
                "  " + words.row(one, number: nil),
                indent: 4,
                words.object(one, number: nil)
            )
        }
    }
}

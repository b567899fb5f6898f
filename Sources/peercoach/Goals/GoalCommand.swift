// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingGoals
import CoachingModel
import CoachingSeal

struct GoalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "goal",
        abstract: "What you want to reach, with a measure and a day; for you alone or shared.",
        subcommands: [
            List.self, Add.self, Done.self, Partly.self, Drop.self, Change.self, Progress.self,
            Setback.self, Help.self,
        ],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Your goals and their actions.")

        @Flag(help: "Also what is over.")
        var all = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.undertakings { own in
                    let mine = own.all.numbered(of: opened.me).filter {
                        all || $0.undertaking.state.isOpen
                    }
                    let goals = mine.filter { $0.undertaking.kind == .goal }
                    if goals.isEmpty {
                        own.show([], none: "You have no open goal here: peercoach goal add")
                    }
                    for goal in goals {
                        own.show([goal], none: "")
                        let under = mine.filter { $0.undertaking.goal == goal.undertaking.id }
                        if !under.isEmpty { own.show(under, none: "") }
                    }
                }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put down a goal: what exactly, by what you will see it, and by when.",
            discussion: """
                A goal is specific (the text), measurable (--measure), achievable (--means),
                relevant (--reason) and has a day (--by). Measure and day have to be there.
                """
        )

        @Argument(help: "What you want to reach; - reads the standard input.")
        var text: [String]
        @Option(help: "By what you will see that it is reached.")
        var measure: String?
        @Option(name: .customLong("by"), help: "Until when, such as 2027-06-30.")
        var due: String?
        @Option(help: "By which means you can reach it.")
        var means: String?
        @Option(help: "Why it matters to you.")
        var reason: String?
        @Option(
            name: .customLong("to"),
            help: ArgumentHelp("Who shall read it too: room, peers or a name.", valueName: "who")
        )
        var who: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                guard let measure, !measure.isEmpty else {
                    throw ClientError(
                        .usage,
                        "A goal needs a measure: by what will you see that it is reached?",
                        hint: "--measure 'two evenings a week without work'"
                    )
                }
                guard let due else {
                    throw ClientError(
                        .usage,
                        "A goal needs a day.",
                        hint: "Such as --by \(Moment.days)."
                    )
                }
                let body = try await LineText.body(text, due: due, now: opened.now)
                try await opened.undertakings { own in
                    let key = try who.map { try opened.readers(of: $0, in: own.room) }
                    try await own.make(
                        .goal,
                        body,
                        {
                            $0.measure = measure
                            $0.means = means
                            $0.reason = reason
                        },
                        to: key ?? .own(opened.me)
                    )
                }
            }
        }
    }

    struct Done: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "It is reached.")
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.judge([.goal], .kept) }
    }

    struct Partly: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A part of it is reached.")
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.judge([.goal], .partly) }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "You do not want it any more.")
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.judge([.goal], .dropped) }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put it otherwise.")
        @OptionGroup var said: SaidOfOne
        @Option(help: "Another measure.")
        var measure: String?
        @Option(help: "Other means.")
        var means: String?
        @Option(help: "Another reason.")
        var reason: String?

        func run() async throws {
            let (measure, means, reason) = (measure, means, reason)
            try await said.say([.goal, .action], .changed) {
                $0.measure = measure
                $0.means = means
                $0.reason = reason
            }
        }
    }

    struct Progress: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Note how it goes on.")
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.say([.goal, .action, .promise], .progress) }
    }

    struct Setback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note what threw you back, and what it taught you."
        )
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.say([.goal, .action, .promise], .setback) }
    }

    struct Help: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask somebody, or the room, for help with it."
        )
        @OptionGroup var said: SaidOfOne
        @Option(
            name: .customLong("to"),
            help: ArgumentHelp("Whom: room, peers or a name.", valueName: "who")
        )
        var who: String

        func run() async throws {
            try await said.say([.goal, .action, .promise], .help, to: who)
        }
    }
}

struct ActionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "action",
        abstract: "Tasks, mostly on the way to a goal; for you alone.",
        subcommands: [List.self, Add.self, Done.self, Drop.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Your tasks.")

        @Flag(help: "Also what is over.")
        var all = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.undertakings { own in
                    let mine = own.all.numbered(of: opened.me).filter {
                        $0.undertaking.kind == .action && (all || $0.undertaking.state.isOpen)
                    }
                    own.show(mine, none: "You have no open task here: peercoach action add")
                }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put down a task.")

        @Argument(help: "What is to be done; - reads the standard input.")
        var text: [String]
        @Option(help: "The number of the goal that it belongs to.")
        var goal: Int?
        @Option(name: .customLong("by"), help: "Until when, such as fri or 2027-06-30.")
        var due: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let body = try await LineText.body(text, due: due, now: opened.now)
                try await opened.undertakings { own in
                    let under = try goal.map { try own.find($0, [.goal]) }
                    // It is read by whom its goal is read.
                    try await own.make(
                        .action,
                        body,
                        { $0.goal = under?.id },
                        to: under?.key ?? .own(opened.me)
                    )
                }
            }
        }
    }

    struct Done: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "It is done.")
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.judge([.action], .kept) }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "It is not to be done any more.")
        @OptionGroup var said: SaidOfOne

        func run() async throws { try await said.judge([.action], .dropped) }
    }
}

/// What one says of something one set out to do, by its number.
struct SaidOfOne: ParsableArguments {
    @Argument(help: "Its number, as the list shows it.")
    var number: Int
    @Argument(help: "What there is to say of it; - reads the standard input.")
    var text: [String] = []
    @Option(name: .customLong("by"), help: "A new day for it.")
    var due: String?
    @OptionGroup var options: GlobalOptions

    /// Says what became of it.
    func judge(_ kinds: Set<UndertakingKind>, _ state: UndertakingState) async throws {
        try await withClient(options) { opened in
            let body = try await body(opened.now)
            try await opened.undertakings { own in
                try await own.judge(try own.find(number, kinds), .judged, state, body)
            }
        }
    }

    /// Says something else of it.
    func say(
        _ kinds: Set<UndertakingKind>,
        _ step: UndertakingStep.Kind,
        to who: String? = nil,
        _ note: @escaping @Sendable (inout UndertakingNote) -> Void = { _ in }
    ) async throws {
        try await withClient(options) { opened in
            let body = try await body(opened.now)
            guard step == .changed || !body.text.isEmpty else {
                throw ClientError(.usage, "There is no text.")
            }
            try await opened.undertakings { own in
                let key = try who.map { try opened.readers(of: $0, in: own.room) }
                try await own.judge(try own.find(number, kinds), step, nil, body, to: key, note)
            }
        }
    }

    private func body(_ now: Timestamp) async throws(ClientError) -> EntryBody {
        // A day alone is enough; a text is not.
        try await LineText.body(text, due: due, now: now, mayBeEmpty: true)
    }
}

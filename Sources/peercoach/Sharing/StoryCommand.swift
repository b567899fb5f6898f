// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct StoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "story",
        abstract: "Success stories: what went well, and who else may hear of it.",
        subcommands: [List.self, Add.self, Release.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Your stories and those that others told you, oldest first."
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    let stories = Story.all(try await session.lines())
                    if stories.isEmpty { opened.output.line("No story yet: peercoach story add") }
                    for (index, story) in stories.enumerated() {
                        opened.show(story, number: index + 1, room)
                    }
                }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell a story.",
            discussion: """
                Name whom it is about beside yourself with --about, once for each. Without, it stays
                with you. With one other person it goes to them alone, with several to the narrowest
                circle in which all of them read it, so that they can say yes or no before it goes
                further: nobody else hears it without the yes of each. --to room tells it to everyone
                here. A text of - is read from the standard input.
                """
        )

        @Argument(help: "The story; - reads the standard input.")
        var text: [String]
        @Option(help: ArgumentHelp("Whom it is about; can be given again.", valueName: "name"))
        var about: [String] = []
        @Option(
            name: .customLong("to"),
            help: ArgumentHelp("me, room, peers or a name; else the narrowest.", valueName: "who")
        )
        var who: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                var body = try await LineText.body(text, due: nil, now: opened.now)
                body.subkind = Story.subkind
                let story = body
                try await opened.inRoom { session, room in
                    var body = story
                    body.concerns = try Story.concerned(about, in: room, me: opened.me)
                    let key = try Story.place(
                        for: body.concerns,
                        wanted: try who.map { try opened.readers(of: $0, in: room) },
                        in: room,
                        me: opened.me
                    )
                    let others = room.audience(of: key).filter { $0 != opened.me }
                    if !others.isEmpty {
                        let names = Words.list(others.map { room.shownName($0) })
                        try await opened.asking.require("Tell this to \(names)?")
                    }
                    try await opened.post(body, others.isEmpty ? .note : .say, to: key, session)
                }
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a story of yours to more people, once all whom it is about agree.",
            discussion: "As peercoach release does; to the programme where nothing else is said."
        )

        @Argument(help: "The number of the story.")
        var number: Int
        @Option(
            name: .customLong("to"),
            help: ArgumentHelp("programme, room or peers.", valueName: "who")
        )
        var who = "programme"
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    let stories = Story.all(try await session.lines())
                    guard stories.indices.contains(number - 1) else {
                        throw ClientError(
                            .noSuchName,
                            "There is no story \(number).",
                            hint: "peercoach story lists them."
                        )
                    }
                    let target = try ReleaseLine.target(who, opened.me)
                    try await LineRelease(session: session, room: room, opened: opened)
                        .run(stories[number - 1], to: target)
                }
            }
        }
    }
}

/// What makes a line a story, and where it is told.
enum Story {
    /// What a story is in its author's own terms.
    static let subkind = "story"

    /// Takes the stories out of lines, oldest first.
    static func all(_ lines: [ReadEntry]) -> [ReadEntry] {
        lines.filter { $0.body?.subkind == subkind && $0.kind.released != nil }
            .sorted {
                ($0.at, $0.key.scope.rawValue, $0.number)
                    < ($1.at, $1.key.scope.rawValue, $1.number)
            }
    }

    /// Finds whom a story is about, ascending, without its author.
    ///
    /// - Throws: ``ClientError`` where nobody or several are called so, or they are too many.
    static func concerned(
        _ names: [String],
        in room: Room,
        me: PersonID
    ) throws(ClientError) -> [PersonID] {
        var people: Set<PersonID> = []
        for name in names {
            people.insert(try NameMatch.find(name, among: room.members) { $0.name }.person)
        }
        people.remove(me)
        guard people.count < Room.concernedMax else {
            throw ClientError(.usage, "A story is about \(Room.concernedMax - 1) others at most.")
        }
        return people.sorted()
    }

    /// Gives the circle in which a story is told: the one that is wanted, else the narrowest in
    /// which all read it whom it is about.
    ///
    /// - Throws: ``ClientError`` where one of them does not read where it is wanted.
    static func place(
        for people: [PersonID],
        wanted: TranscriptKey?,
        in room: Room,
        me: PersonID
    ) throws(ClientError) -> TranscriptKey {
        if let wanted {
            let missing = people.filter { !room.isInAudience(of: wanted, $0) }
            guard missing.isEmpty else {
                let names = Words.list(missing.map { room.shownName($0) })
                throw ClientError(
                    .usage,
                    "\(names) would not read it there, and could not say yes or no.",
                    hint: "Leave --to away, or say --to room."
                )
            }
            return wanted
        }
        guard let first = people.first else { return .own(me) }
        if people.count == 1 { return .between(me, first) }
        let arePeers = (people + [me]).allSatisfy { room.membership(of: $0) == .peer }
        return arePeers && room.hasFacilitator ? .peers : .room
    }
}

extension Opened {
    fileprivate func show(_ story: ReadEntry, number: Int, _ room: Room) {
        let about = story.body?.concerns.map { $0 == me ? "you" : room.shownName($0) } ?? []
        let by = story.isMine ? "you" : story.author.map { room.shownName($0) } ?? "somebody"
        let readers = room.audience(of: story.key).filter { $0 != me }.map { room.shownName($0) }
        var facts = ["by \(by)"]
        if !about.isEmpty { facts.append("about \(Words.list(about))") }
        facts.append(readers.isEmpty ? "only you read it" : "read by \(Words.list(readers))")
        if let agreed = story.agreed {
            facts.append(
                ReleaseWords.released(by: agreed, but: story.author) { room.shownName($0) }
            )
        }
        let day = Words.day(story.at, now: now)
        output.line("\(number)  \(day), \(facts.joined(separator: "; "))", indent: 3)
        let text = story.body?.text ?? ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            output.line("   \(line)", indent: 3)
        }
        output.object([
            "type": "story", "number": JSON(number), "at": .string(Words.stamp(story.at)),
            "by": .string(by), "about": JSON(about), "readers": JSON(readers),
            "text": .string(story.body?.text ?? ""),
        ])
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct Journal: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Your journal: pages for you alone, and what came of what you learned.",
        subcommands: [List.self, Add.self, Applied.self, Search.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Your pages, oldest first.")

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.journal { pages in
                    opened.show(pages, none: "Your journal is empty: peercoach journal add")
                }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a page.",
            discussion: """
                Two questions to begin with: what did I learn? What will I apply, and when? A text
                of - is read from the standard input.
                """
        )

        @Argument(help: "The page; - reads the standard input.")
        var text: [String]
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.write(text, title: nil)
            }
        }
    }

    struct Applied: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note how you applied what you learned, and what came of it."
        )

        @Argument(help: "The number of the page.")
        var number: Int
        @Argument(help: "What you did, and what came of it; - reads the standard input.")
        var text: [String]
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                var title: String?
                try await opened.journal { pages in
                    guard pages.indices.contains(number - 1) else {
                        throw ClientError(
                            .noSuchName,
                            pages.isEmpty
                                ? "Your journal is empty."
                                : "There is no page \(number); there are 1 to \(pages.count)."
                        )
                    }
                    title = "applied, page \(number)"
                }
                try await opened.write(text, title: title)
            }
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find pages that have all these words, in whatever case.",
            discussion: "Pages are opened in memory for it; no index is kept on the disk."
        )

        @Argument(help: "Words, or beginnings of words.")
        var words: [String]
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.journal { pages in
                    let found = pages.filter { JournalPage.holds(words, in: $0.text) }
                    opened.show(found, none: "No page has all these words.")
                }
            }
        }
    }
}

/// A page of one's journal.
struct JournalPage: Hashable, Sendable {
    /// Its place among all of the room's pages, from 1.
    var number: Int
    var at: Timestamp
    var title: String?
    var text: String

    /// Takes one's own pages out of lines, oldest first.
    static func own(_ lines: [ReadEntry]) -> [JournalPage] {
        lines.filter {
            $0.isMine && $0.key.scope == .own && $0.body?.subkind == EntryBody.journal
        }
        .sorted { ($0.putDownAt, $0.number) < ($1.putDownAt, $1.number) }
        .enumerated().map { index, line in
            JournalPage(
                number: index + 1,
                at: line.putDownAt,
                title: line.body?.title,
                text: line.body?.text ?? ""
            )
        }
    }

    /// Whether each of some words begins a word of a text, in whatever case.
    static func holds(_ words: [String], in text: String) -> Bool {
        let there = pieces(text)
        return words.flatMap(pieces).allSatisfy { word in
            there.contains { $0.hasPrefix(word) }
        }
    }

    private static func pieces(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

extension Opened {
    /// Goes into a room and reads one's pages.
    fileprivate func journal(_ body: ([JournalPage]) async throws -> Void) async throws {
        try await inRoom(depth: .everything) { session, _ in
            try await body(JournalPage.own(try await session.lines()))
        }
    }

    /// Writes a page.
    fileprivate func write(_ words: [String], title: String?) async throws {
        var body = try await LineText.body(words, due: nil, now: now)
        body.subkind = EntryBody.journal
        body.title = title
        let page = body
        try await inRoom { session, _ in
            try await post(page, .note, to: .own(me), session)
        }
    }

    fileprivate func show(_ pages: [JournalPage], none: String) {
        if pages.isEmpty { output.line(none) }
        for page in pages {
            let title = page.title.map { " (\($0))" } ?? ""
            output.line("\(page.number)  \(Words.moment(page.at, now: now))\(title)")
            for line in page.text.split(separator: "\n", omittingEmptySubsequences: false) {
                output.line("   \(line)", indent: 3)
            }
            output.object(
                [
                    "type": "page", "number": JSON(page.number),
                    "at": .string(Words.stamp(page.at)), "title": JSON(page.title),
                    "text": .string(page.text),
                ])
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingListening
import CoachingModel

/// How a person coached in a room, as they read it.
struct CoachingView: Sendable {
    let room: Room
    let roomName: String
    let lines: [CoachingLine]
    let me: PersonID
    let now: Timestamp
    let words: CoachingWords

    /// The turns that the person coached in a session, by its number from 1.
    func turns(of number: Int) -> [CoachedTurn] {
        guard room.sessions.indices.contains(number - 1) else { return [] }
        let next =
            room.sessions.indices.contains(number)
            ? room.sessions[number].began : room.session?.startedAt
        return CoachedTurn.all(
            of: room.sessions[number - 1],
            in: lines,
            before: next,
            me: me,
            name: { room.shownName($0) }
        )
    }

    /// Shows one session.
    func show(_ typed: String?, _ output: Output) throws(ClientError) {
        guard !room.sessions.isEmpty else {
            throw ClientError(.refused, "No session is over yet.")
        }
        let number: Int
        if let typed, typed.lowercased() != "last" {
            number = Int(typed) ?? 0
            guard room.sessions.indices.contains(number - 1) else {
                throw ClientError(
                    .noSuchName,
                    "There is no session '\(typed)' that is over; there are 1 to "
                        + "\(room.sessions.count)."
                )
            }
        } else {
            let coached = room.sessions.lastIndex { session in
                session.turns.contains { $0.turn.pod.coaches.contains(me) }
            }
            guard let coached else {
                throw ClientError(.refused, "You have coached nobody in \(roomName) yet.")
            }
            number = coached + 1
        }
        show(number, output)
    }

    private func show(_ number: Int, _ output: Output) {
        let turns = turns(of: number)
        let session = room.sessions[number - 1]
        output.line(
            "How you coached in session \(number) of \(roomName), "
                + "\(Words.day(session.began, now: now)). This is for you alone."
        )
        if turns.isEmpty { output.line("You coached nobody in it.") }
        for turn in turns { show(turn, number, session.medium, output) }
    }

    private func show(_ turn: CoachedTurn, _ number: Int, _ medium: Medium, _ output: Output) {
        let client = room.shownName(turn.turn.pod.client)
        let head = "Round \(turn.turn.id.round), with \(client), \(Words.medium(medium))"
        var facts: [JSON.Field] = [
            .init("type", "coaching"), .init("session", JSON(number)),
            .init("round", JSON(turn.turn.id.round)), .init("client", .string(client)),
            .init("medium", .string(Words.medium(medium))),
        ]
        switch turn.account {
        case .typed(let numbers):
            output.line("\(head): from the lines that you can read here")
            let rows = words.rows(numbers)
            for row in rows { output.line("  \(Words.padded(row.title, 24))  \(row.value)") }
            if rows.isEmpty { output.line("  All numbers are turned off.") }
            if !numbers.isEnglish {
                output.line(
                    "  These lines do not look English: only question marks and lines sent with "
                        + "/reflect, /suggest or /offer are counted.",
                    indent: 2
                )
            }
            facts += [.init("from", "lines"), .init("english", .bool(numbers.isEnglish))]
            facts += self.facts(numbers)
        case .marked(let handed) where !words.off.contains(.marks):
            for one in handed {
                output.line("\(head): from \(one.observer)'s marks; nothing else was counted")
                output.line("  \(one.marks.countsText)", indent: 2)
                for moment in words.moments(one) { output.line(moment, indent: 4) }
            }
            facts += [.init("from", "marks"), .init("marks", .array(handed.map(marks)))]
        case .marked:
            output.line("\(head): an observer's marks are turned off.")
            facts.append(.init("from", "nothing"))
        case .notCounted:
            output.line("\(head): nothing was counted, because nobody handed marks to you.")
            output.line("  Lines typed beside a call are not the talk. Three questions instead:")
            for question in CoachingWords.selfAssessment { output.line("  - \(question)") }
            facts += [
                .init("from", "nothing"), .init("questions", JSON(CoachingWords.selfAssessment)),
            ]
        case .nothingToRead:
            output.line(
                "\(head): no line of yours is left to count; lines are kept for a while only."
            )
            facts.append(.init("from", "nothing"))
        }
        output.object(.object(facts))
    }

    private func facts(_ numbers: ListeningNumbers) -> [JSON.Field] {
        var facts: [JSON.Field] = []
        func add(_ number: ListeningNumber, _ fields: [JSON.Field]) {
            if !words.off.contains(number) { facts += fields }
        }
        add(
            .words,
            [
                .init("words", JSON(numbers.words)), .init("wordsOfAll", JSON(numbers.wordsOfAll)),
                .init("wordPercent", JSON(numbers.wordPercent)),
            ]
        )
        add(.questions, [.init("questions", JSON(numbers[.question]))])
        add(
            .reflections,
            [
                .init("reflections", JSON(numbers[.reflection])),
                .init("reflectionsGiven", JSON(numbers.given[.reflection] ?? 0)),
                .init(
                    "reflectionsPerHundredQuestions",
                    JSON(numbers.reflectionsPerQuestion)
                ),
            ]
        )
        add(
            .advice,
            [
                .init("advice", JSON(numbers[.advice])),
                .init("adviceGiven", JSON(numbers.given[.advice] ?? 0)),
            ]
        )
        add(
            .information,
            [
                .init("information", JSON(numbers[.information])),
                .init("informationGiven", JSON(numbers.given[.information] ?? 0)),
            ]
        )
        add(
            .stretch,
            [
                .init("stretchWords", JSON(numbers.stretchWords)),
                .init("stretchLines", JSON(numbers.stretchLines)),
            ]
        )
        return facts
    }

    private func marks(_ handed: HandedMarks) -> JSON {
        [
            "observer": .string(handed.observer),
            "counts": .array(
                handed.marks.counts.map {
                    ["title": .string($0.title), "number": JSON($0.number)]
                }
            ),
            "moments": .array(
                handed.marks.moments.map {
                    [
                        "clock": .string($0.clock), "title": .string($0.title),
                        "quote": .string($0.quote),
                    ]
                }
            ),
        ]
    }

    // MARK: Over sessions

    /// Shows all sessions that can be counted, typed and spoken ones apart.
    func showTrend(_ output: Output) {
        let trend = ListeningTrend(
            room.sessions.indices.map { (session: $0 + 1, turns: turns(of: $0 + 1).map(\.account)) }
        )
        let typed = trend.rows.filter { $0.numbers != nil }
        let marked = words.off.contains(.marks) ? [] : trend.rows.filter { !$0.marked.isEmpty }
        output.line("How you coached in \(roomName) over time. This is for you alone.")
        if !typed.isEmpty {
            output.line("Typed, from the lines that you can still read:")
            output.line(Self.typedHead.map { Words.padded($0, 12) }.joined().trimmingEnd)
        }
        for row in typed {
            guard let numbers = row.numbers else { continue }
            output.put(
                cells(row, numbers).map { Words.padded($0, 12) }.joined().trimmingEnd,
                .object(
                    [
                        .init("type", "coachingTrend"), .init("session", JSON(row.session)),
                        .init("turns", JSON(row.turns)), .init("from", "lines"),
                        .init("english", .bool(numbers.isEnglish)),
                    ] + facts(numbers)
                )
            )
        }
        if !marked.isEmpty {
            output.line("From observers' marks:")
            let head = ["session", "open", "closed", "said back", "silences", "advice"]
            output.line(head.map { Words.padded($0, 12) }.joined().trimmingEnd)
        }
        for row in marked {
            output.put(
                ([day(row.session)] + row.marked.map { "\($0)" })
                    .map { Words.padded($0, 12) }.joined().trimmingEnd,
                [
                    "type": "coachingTrend", "session": JSON(row.session),
                    "turns": JSON(row.turns), "from": "marks",
                    "counts": .array(row.marked.map { JSON($0) }),
                ]
            )
        }
        if typed.isEmpty, marked.isEmpty {
            output.line("There is nothing to count yet: no typed turn, and no observer's marks.")
        }
        let missing = room.sessions.count - Set((typed + marked).map(\.session)).count
        if missing > 0 {
            output.line(
                "\(Words.count(missing, "session")) without a number: not coached, not counted, or "
                    + "the lines are gone."
            )
        }
    }

    private static let typedHead = [
        "session", "words", "questions", "said back", "a question", "advice", "longest",
    ]

    private func day(_ number: Int) -> String {
        let day = Words.day(room.sessions[number - 1].began, now: now).split(separator: " ")
        return "\(number)  " + day.dropFirst().prefix(2).joined(separator: " ")
    }

    private func cells(_ row: ListeningTrend.Row, _ numbers: ListeningNumbers) -> [String] {
        func cell(_ number: ListeningNumber, _ text: String?) -> String {
            words.off.contains(number) ? "off" : text ?? "-"
        }
        func count(_ kind: UtteranceKind) -> String? {
            (numbers.isEnglish ? numbers[kind] : numbers.given[kind]).map { "\($0)" }
        }
        let rate = numbers.isEnglish ? numbers.reflectionsPerQuestion : nil
        return [
            day(row.session), cell(.words, numbers.wordPercent.map { "\($0)%" }),
            cell(.questions, "\(numbers[.question])"),
            cell(.reflections, count(.reflection)),
            cell(.reflections, rate.map { CoachingWords.hundredths($0) }),
            cell(.advice, count(.advice)), cell(.stretch, "\(numbers.stretchWords)"),
        ]
    }

    /// Says what each number is.
    static func explain(_ words: CoachingWords, _ output: Output) {
        output.line()
        for number in ListeningNumber.allCases where !words.off.contains(number) {
            output.put(
                "\(CoachingWords.title(number)) (\(number.rawValue)): "
                    + CoachingWords.explanation(number),
                indent: 2,
                [
                    "type": "explanation", "number": .string(number.rawValue),
                    "text": .string(CoachingWords.explanation(number)),
                ]
            )
        }
        output.put(
            CoachingWords.limits,
            indent: 2,
            ["type": "explanation", "text": .string(CoachingWords.limits)]
        )
    }
}

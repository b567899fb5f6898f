// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingListening
import CoachingModel
import Foundation
import Testing

@testable import peercoach

@Suite struct CoachingTests {
    /// Lena 1, Priya 2, Tom 3; it is Priya who looks.
    private func scene(_ medium: Medium) throws -> RoomScene {
        var scene = try RoomScene(["Lena", "Priya", "Tom"], me: 2, at: RoomScene.at(14, 8))
        try scene.start("triad", medium, by: 1)
        return scene
    }

    /// Runs a session to its end; `coaching` is called once in the phase in which Priya asks.
    private func run(
        _ medium: Medium,
        coaching: (inout RoomScene, Turn) -> Void
    ) throws -> RoomScene {
        var scene = try scene(medium)
        var hasCoached = false
        while let session = scene.room.session {
            if let (turn, role) = scene.room.turn(of: scene.view.me), role == .coach,
                session.place.phase == 1, !hasCoached
            {
                hasCoached = true
                coaching(&scene, turn)
            }
            scene.printed = []
            try scene.wake()
        }
        #expect(hasCoached)
        return scene
    }

    private func number(_ person: PersonID?) -> Int { Int(person?.value.low ?? 0) }

    @Test func `a typed turn is counted at the end of the session, from its lines`() throws {
        var client = 0
        var scene = try run(.typed) { scene, turn in
            client = number(turn.pod.client)
            let key = TranscriptKey.turn(turn.id)
            scene.type("/ask What would you like to have at the end of this talk?")
            scene.hear(client, key, .say, "I say yes to every project, then I work nights.")
            scene.type("/reflect every project, then nights")
            scene.hear(number(turn.pod.observers.first), key, .say, "mm")
        }
        let news = scene.news()
        let index = try #require(news.firstIndex { $0.contains("How you coached") })
        #expect(
            news[index]
                == "15:25 * How you coached \(scene.view.name(RoomScene.person(client))), counted "
                + "here from the turn's lines (rules, no judgement):"
        )
        #expect(
            news[index + 1].hasSuffix(
                "words 59%, questions 1, said back 1, advice 0, information 0, longest 12 words"
            )
        )
        // What one does not want to see is not shown.
        scene.view.coachingWords.off = Set(ListeningNumber.allCases)
        let summary = try #require(scene.room.lastSession)
        #expect(scene.view.howCoached(in: summary).isEmpty)
    }

    @Test func `typed lines of a spoken turn give no number, whatever was typed`() throws {
        var scene = try run(.spoken) { scene, _ in
            scene.type("/turn What would you like? You should sleep.")
        }
        let news = scene.news().filter { $0.contains("coached ") && $0.contains("nothing") }
        #expect(news.count == 1)
        #expect(!news[0].contains("words"))
        #expect(news[0].contains("peercoach coaching"))
    }

    @Test func `marks that were handed over are shown with who counted them, and nothing else`()
        throws
    {
        var expected = ""
        var scene = try run(.spoken) { scene, turn in
            guard let observer = turn.pod.observers.first else { return }
            var marks = TurnMarks(turn: turn)
            marks.marks = [
                TurnMarks.Mark(at: scene.now, mark: .open, quote: "whose voice is it? / hers"),
                TurnMarks.Mark(at: scene.now, mark: .advice, quote: ""),
            ]
            expected = scene.view.name(observer)
            scene.hear(
                number(observer),
                .between(scene.view.me, observer),
                .assess,
                marks.text(RoomScene.zone)
            )
        }
        let news = scene.news()
        let index = try #require(news.firstIndex { $0.contains("from \(expected)'s marks") })
        #expect(
            news[index + 1].hasSuffix(
                "open questions 1, closed 0, said back 0, silences 0, advice 1"
            )
        )
        #expect(
            news[index + 2].hasSuffix("open questions, \(expected): whose voice is it? / hers")
        )
        #expect(!news.contains { $0.contains("words ") && $0.contains("%") })
    }

    @Test func `marks are taken only from who observed that round of that session`() throws {
        let scene = try run(.spoken) { _, _ in }
        let session = try #require(scene.room.lastSession)
        let me = scene.view.me
        let turn = try #require(session.turns.map(\.turn).first { $0.pod.coaches.contains(me) })
        let observer = try #require(turn.pod.observers.first)
        var marks = TurnMarks(turn: turn)
        marks.marks = [TurnMarks.Mark(at: scene.now, mark: .silence, quote: "")]
        func account(
            by author: PersonID,
            at: Timestamp,
            _ text: String,
            before next: Timestamp? = nil
        ) throws -> CoachingAccount {
            let line = CoachingLine(
                key: .between(me, author),
                number: 1,
                at: at,
                author: author,
                kind: .assess,
                text: text
            )
            let turns = CoachedTurn.all(
                of: session,
                in: line.map { [$0] } ?? [],
                before: next,
                me: me,
                name: { _ in "x" }
            )
            return try #require(turns.first).account
        }
        let text = marks.text(RoomScene.zone)
        let later = session.ended.adding(milliseconds: 1_000)
        guard case .marked = try account(by: observer, at: later, text) else {
            Issue.record("marks of the observer were not taken")
            return
        }
        #expect(try account(by: turn.pod.client, at: later, text) == .notCounted)
        #expect(try account(by: observer, at: later, "You asked well.") == .notCounted)
        #expect(try account(by: observer, at: later, text, before: session.ended) == .notCounted)
        let early = session.began.adding(milliseconds: -1)
        #expect(try account(by: observer, at: early, text) == .notCounted)
    }

    @Test func `an observer's marks are read back as they were written`() throws {
        let scene = try run(.spoken) { _, _ in }
        let turn = try #require(scene.room.lastSession?.turns.first?.turn)
        for mark in CoachingMark.allCases {
            var marks = TurnMarks(turn: turn)
            marks.marks = [TurnMarks.Mark(at: scene.now, mark: mark, quote: "a / b: 14:20 c")]
            let read = try #require(ObserverMarks(reading: marks.text(RoomScene.zone)))
            #expect(read.round == Int(turn.id.round))
            #expect(read.countsText == marks.counts)
            #expect(read.moments.map(\.quote) == ["a / b: 14:20 c"])
            #expect(read.moments.map(\.title) == [mark.title])
        }
    }

    @Test(arguments: ListeningNumber.allCases)
    func `every number explains itself and can be turned off`(_ number: ListeningNumber) {
        #expect(CoachingWords.explanation(number).count > 40)
        let numbers = ListeningNumbers(of: [
            TurnLine(author: .me, kind: .say, text: "Why?", at: Timestamp(milliseconds: 1)),
            TurnLine(author: .client, kind: .say, text: "So.", at: Timestamp(milliseconds: 2)),
        ])
        let all = CoachingWords()
        let without = CoachingWords(off: [number])
        if number != .marks {
            #expect(all.rows(numbers).map(\.number).contains(number))
            #expect(!without.rows(numbers).map(\.number).contains(number))
            #expect(without.rows(numbers).count == all.rows(numbers).count - 1)
            #expect(without.brief(numbers) != all.brief(numbers))
        } else {
            #expect(without.summary(.notCounted, client: "Lena").isEmpty)
            #expect(!all.summary(.notCounted, client: "Lena").isEmpty)
        }
        #expect(!all.brief(numbers).contains("open"))
    }

    @Test func `what is guessed stands apart, and another language is not guessed at`() {
        let german = ListeningNumbers(of: [
            TurnLine(
                author: .me,
                kind: .say,
                text: "Du solltest mit ihm reden, bevor er es von anderen erfährt, oder nicht?",
                at: Timestamp(milliseconds: 1)
            ),
            TurnLine(author: .me, kind: .reflect, text: "Müde.", at: Timestamp(milliseconds: 2)),
        ])
        let rows = CoachingWords().rows(german)
        #expect(rows.first { $0.number == .reflections }?.value.hasPrefix("1 by /reflect") == true)
        #expect(rows.first { $0.number == .advice }?.value == "not counted")
        #expect(CoachingWords.selfAssessment.count == 3)
    }
}

@Suite struct QuestionsTests {
    private func scene() throws -> RoomScene {
        try RoomScene(["Lena", "Priya", "Tom"], me: 2, at: RoomScene.at(14, 0))
    }

    @Test func `three questions are offered to oneself alone, and then the next three`() throws {
        var scene = try scene()
        scene.type("/q perspective")
        let first = scene.news()
        #expect(first.count == 1)
        #expect(first[0].hasPrefix("14:00 ? "))
        #expect(first[0].components(separatedBy: " / ").count == 3)
        scene.type("/q persp")
        let second = scene.news()
        #expect(second != first)
        #expect(scene.asked.isEmpty)
        scene.type("/q")
        #expect(scene.news().first?.hasPrefix("14:00 ? ") == true)
        scene.type("/q nonsense")
        #expect(scene.news().first?.hasPrefix("14:00 ! Questions for what? situation, ") == true)
        #expect(scene.view.completions(before: "/q ", word: "") == QuestionBank.builtIn.aims)
    }

    @Test func `what is offered fits the time of the talk`() throws {
        var scene = try scene()
        #expect(scene.view.questionPhase == nil)
        try scene.start("triad", .spoken, by: 1)
        var seen: [QuestionPhase] = []
        while scene.room.session != nil {
            if scene.room.turn(of: scene.view.me)?.role == .coach,
                let phase = scene.view.questionPhase
            {
                seen.append(phase)
                if let ends = scene.room.session?.ends {
                    let late = ends.adding(milliseconds: -30_000)
                    scene.perform(scene.view.tick(late))
                    if let phase = scene.view.questionPhase { seen.append(phase) }
                }
            }
            try scene.wake()
        }
        #expect(seen.starts(with: [.begin, .begin, .middle, .end]))
    }

    @Test func `files of one's own come first, and a mistake is named with its place`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "questions-\(ProcessInfo.processInfo.globallyUniqueString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "questions.yaml").path
        try "customers:\n  - What would your customer say?\n"
            .write(toFile: file, atomically: true, encoding: .utf8)
        let (bank, mistakes) = QuestionChoice.bank([file])
        #expect(mistakes.isEmpty)
        #expect(bank.aims.first == "customers")
        #expect(bank.questions.count == QuestionBank.builtIn.questions.count + 1)
        try "customers: What?\n".write(toFile: file, atomically: true, encoding: .utf8)
        let (rest, found) = QuestionChoice.bank([file])
        #expect(rest == QuestionBank.builtIn)
        #expect(found.count == 1 && found[0].contains("line 1, column 12"))
        #expect(QuestionChoice.bank([folder.path]).mistakes.count == 1)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import Testing

@Suite struct QuestionBankTests {
    @Test func `each aim has questions for each phase, and each question stands once`() {
        let bank = QuestionBank.builtIn
        #expect(bank.aims.starts(with: ["situation", "problem"]))
        #expect(bank.aims.contains("perspective") && bank.aims.contains("solution"))
        for aim in bank.aims {
            for phase in QuestionPhase.allCases {
                #expect(bank.questions(aim: aim, phase: phase).count >= 3, "\(aim), \(phase)")
            }
        }
        let texts = bank.questions.map(\.text)
        #expect(Set(texts).count == texts.count)
        for text in texts {
            #expect(text.hasSuffix("?") || text.hasSuffix("."), "\(text)")
            #expect(text.count <= 90)
            #expect(!text.lowercased().hasPrefix("why don't"))
        }
    }

    @Test func `asked again and again everything is offered, and nothing twice at once`() {
        let bank = QuestionBank.builtIn
        for aim in [nil] + bank.aims.map(Optional.some) {
            for phase in [nil] + QuestionPhase.allCases.map(Optional.some) {
                let fitting = bank.questions(aim: aim, phase: phase)
                var seen: Set<BankQuestion> = []
                for turn in 0..<fitting.count {
                    let offered = bank.offer(aim: aim, phase: phase, turn: turn)
                    #expect(offered.count == 3 && Set(offered).count == 3)
                    seen.formUnion(offered)
                }
                #expect(seen == Set(fitting))
            }
        }
        let mixed = bank.offer(aim: nil, phase: nil, turn: 0)
        #expect(Set(mixed.map(\.aim)).count == 3)
        #expect(bank.offer(aim: "nothing", phase: nil, turn: 0).isEmpty)
        #expect(bank.offer(aim: nil, phase: nil, turn: .max).count == 3)
        #expect(bank.offer(aim: nil, phase: nil, turn: .min, count: 0).isEmpty)
    }

    @Test func `a file has aims with questions for any time or for a phase`() throws {
        let own = try QuestionFile.parse(
            yaml: """
                # ours
                customers:
                  - "What would they say: yes?"
                perspective:
                  begin: [Who sees it otherwise?]
                  end:
                    - And now?
                """
        )
        #expect(own.aims == ["customers", "perspective"])
        #expect(own.questions.map(\.phase) == [nil, .begin, .end])
        #expect(own.questions.allSatisfy { $0.isOwn })
        let all = QuestionBank.builtIn.adding(own)
        #expect(all.questions.prefix(3) == own.questions[...])
        #expect(all.adding(own).questions.count == all.questions.count)
        #expect(all.questions(aim: "customers", phase: .middle).count == 1)
    }

    @Test(arguments: [
        ("", 1, 1), ("just text", 1, 1), ("Aim:\n  - a?", 1, 1), ("aim: a?", 1, 6),
        ("aim:\n  later:\n    - a?", 2, 3), ("aim:\n  - {a: b}", 2, 5),
        ("aim:\n  - ''", 2, 5), ("aim: &x\n  - a?", 1, 6), ("aim:\n  - a?\naim:\n  - b?", 1, 1),
    ])
    func `a mistake is named at its place`(_ yaml: String, _ line: Int, _ column: Int) throws {
        let error = #expect(throws: FormatError.self) { try QuestionFile.parse(yaml: yaml) }
        let first = try #require(error?.mistakes.first)
        #expect((first.line, first.column) == (line, column), "\(first)")
    }

    @Test func `a file has limits`() {
        let long = String(repeating: "x", count: QuestionFile.textMax + 1)
        #expect(throws: FormatError.self) { try QuestionFile.parse(yaml: "aim:\n  - \(long)") }
        let many = (0...QuestionFile.questionsMax).map { "  - question \($0)?" }
        #expect(throws: FormatError.self) {
            try QuestionFile.parse(yaml: "aim:\n" + many.joined(separator: "\n"))
        }
        let huge = "aim:\n" + String(repeating: "  - a?\n", count: 20_000)
        #expect(throws: FormatError.self) { try QuestionFile.parse(yaml: huge) }
    }
}

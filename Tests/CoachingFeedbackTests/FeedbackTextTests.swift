// SPDX-License-Identifier: Apache-2.0
import CoachingFeedback
import Testing

struct FeedbackTextTests {
    @Test func `parts begin with their name, and go on over lines`() throws {
        let parts = try FeedbackText.parse(
            """

            Strengths: you waited
              and asked
            instead:
            wait again: at noon
            """
        )
        #expect(parts[.strengths] == "you waited\n  and asked")
        #expect(parts[.instead] == "wait again: at noon")
        #expect(parts.present == [.strengths, .instead])
        #expect(try FeedbackText.parse("").isEmpty)
        #expect(try FeedbackText.parse("goal:  \n").isEmpty)
    }

    @Test(arguments: [
        ("  you waited", 1, 3), ("\nblame: you", 2, 1), ("goal: a\neffect: b\ngoal: c", 3, 1),
        ("goal: a\neffect: " + String(repeating: "x", count: 1_201), 2, 1),
    ])
    func `a mistake is named at its place`(_ text: String, _ line: Int, _ column: Int) throws {
        let mistake = #expect(throws: FeedbackText.Mistake.self) { try FeedbackText.parse(text) }
        #expect(mistake?.line == line && mistake?.column == column)
        #expect(mistake?.sentence.hasPrefix("line \(line), column \(column): ") == true)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingFeedback
import CoachingFormats
import Testing

@Suite struct CompetencyFileTests {
    @Test func `a programme has its own names, meanings and levels`() throws {
        let set = try CompetencyFile.parse(
            yaml: """
                # ours
                name: Our house
                levels: [not yet, at times, mostly]
                competencies:
                  Listens: "says back: what was heard"
                  Asks short: one question at a time
                """
        )
        #expect(set.name == "Our house" && set.levels == ["not yet", "at times", "mostly"])
        #expect(set.competencies.map(\.name) == ["Listens", "Asks short"])
        #expect(set.competencies[0].meaning == "says back: what was heard")
        #expect(set.isWithinLimits)
    }

    @Test func `without levels those of the program count`() throws {
        let set = try CompetencyFile.parse(yaml: "name: x\ncompetencies:\n  Listens: hears")
        #expect(set.levels == CompetencySet.standardLevels)
    }

    @Test(arguments: [
        ("", 1, 1), ("just text", 1, 1), ("name: x", 1, 1),
        ("name: x\ncompetencies: y", 2, 15), ("name: x\ncompetencies:\n  - Listens", 3, 3),
        ("name: x\ncompetencies:\n  Listens: ''", 3, 12),
        ("name: x\ncompetencies:\n  a: b\nlevels: [one]", 4, 9),
        ("name: x\ncompetencies:\n  a: b\nlevels: [no, No]", 4, 14),
        ("name: x\ncompetencies:\n  a: b\nlevels: [no, 2]", 4, 14),
        ("name: x\ncompetencies:\n  a: b\n  A: c", 4, 3),
        ("name: x\ncompetencies:\n  7: b", 3, 3),
        ("name: x\ncompetencies:\n  a: b\nweights: 3", 4, 1),
        ("name: [x]\ncompetencies:\n  a: b", 1, 7),
    ])
    func `a mistake is named at its place`(_ yaml: String, _ line: Int, _ column: Int) throws {
        let error = #expect(throws: FormatError.self) { try CompetencyFile.parse(yaml: yaml) }
        let first = try #require(error?.mistakes.first)
        #expect((first.line, first.column) == (line, column), "\(first)")
    }

    @Test func `a file has limits`() {
        let many = (0...CompetencySet.competenciesMax).map { "  name\($0)x: meaning" }
        let long = String(repeating: "x", count: CompetencySet.nameBytesMax + 1)
        for yaml in [
            "name: x\ncompetencies:\n" + many.joined(separator: "\n"),
            "name: \(long)\ncompetencies:\n  a: b",
            "name: x\ncompetencies:\n  a: \(String(repeating: "y", count: 161))",
        ] {
            #expect(throws: FormatError.self) { try CompetencyFile.parse(yaml: yaml) }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// `make mutants` takes away the checks that this table names; here it is only held to the sources.
struct MutantTableTests {
    private struct Mutant {
        var number: String
        var file: String
        var text: String
        var replacement: String
        var tests: [Substring]
        var check: String
    }

    private func mutants() throws -> [Mutant] {
        let table = try #require(Repository.text("Tests/Mutants/mutants.tsv"))
        let lines = table.split(separator: "\n")
        #expect(lines.first == "number\tfile\ttext\treplacement\ttests\tcheck")
        return try lines.dropFirst().map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            try #require(cells.count == 6, "\(line)")
            return Mutant(
                number: String(cells[0]),
                file: String(cells[1]),
                text: String(cells[2]),
                replacement: String(cells[3]),
                tests: cells[4].split(separator: "|"),
                check: String(cells[5])
            )
        }
    }

    @Test func `each check that can be taken away stands in the sources, once`() throws {
        let mutants = try mutants()
        #expect(mutants.map(\.number) == (1...45).map { "\($0)" })
        for mutant in mutants {
            let text = try #require(Repository.text(mutant.file), "\(mutant.file) is missing.")
            let count =
                text.split(
                    separator: mutant.text,
                    omittingEmptySubsequences: false
                ).count - 1
            #expect(
                count == 1,
                "\(mutant.number): \(mutant.file) says \(count) times: \(mutant.text)"
            )
            #expect(mutant.replacement.contains("mutated(#)"), "\(mutant.number)")
            #expect(!mutant.check.isEmpty)
        }
    }

    @Test func `each check that can be taken away names tests that are there`() throws {
        let tests = Repository.tests.filter { $0.path.hasSuffix("Tests.swift") }
        let targets = Set(tests.map(\.target))
        for mutant in try mutants() {
            for filter in mutant.tests {
                let name = filter.split { $0 == "." || $0 == "*" }.last.map(String.init) ?? ""
                let isThere =
                    targets.contains(name)
                    || tests.contains { file in
                        file.text.contains("struct \(name)")
                            || file.text.contains("struct `\(name)`")
                    }
                #expect(isThere, "\(mutant.number): no test is called \(filter)")
            }
        }
    }

    @Test func `the sources know nothing of it`() {
        for file in Repository.sources {
            #expect(!file.text.contains("mutated("), "\(file.path)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

struct HouseTests {
    private struct FormatterSettings: Decodable {
        var lineLength: Int
        var rules: [String: Bool]
    }

    /// Naming some rules turns all unnamed ones off, so that each must be named.
    @Test(
        .enabled(
            if: Command.find("swift") != nil,
            "skipped: there is no swift in the path"
        )
    )
    func `the formatter's settings name every rule that it knows`() throws {
        let text = try #require(Repository.text(".swift-format"))
        let ours = try JSONDecoder().decode(FormatterSettings.self, from: Data(text.utf8))
        let dump = try Command.run("swift", "format", "dump-configuration")
        try #require(dump.status == 0)
        let known = try JSONDecoder().decode(FormatterSettings.self, from: dump.output)
        #expect(Set(known.rules.keys).subtracting(ours.rules.keys).sorted() == [], "Not named.")
        #expect(Set(ours.rules.keys).subtracting(known.rules.keys).sorted() == [], "Not known.")
        #expect(ours.lineLength == 100)
    }

    @Test(arguments: Layers.targets.filter { !$0.isProgram })
    func `a library has a page that says what it is for, who may import it, where to start`(
        _ rule: TargetRule
    ) throws {
        let path = "Sources/\(rule.name)/Documentation.docc/\(rule.name).md"
        let text = try #require(Repository.text(path), "\(path) is missing.")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "# ``\(rule.name)``")
        #expect(lines.count <= 61, "\(path) has \(lines.count - 1) lines.")
        for heading in ["## Who may import it", "## Where to start"] {
            #expect(lines.contains(Substring(heading)), "\(path) lacks: \(heading)")
        }
    }

    /// Xcode and DocC warn of a link to nothing; nobody reads that on the way to a commit.
    @Test(arguments: Layers.targets.filter { !$0.isProgram })
    func `a library's page names types that are there`(_ rule: TargetRule) throws {
        let path = "Sources/\(rule.name)/Documentation.docc/\(rule.name).md"
        let text = try #require(Repository.text(path), "\(path) is missing.")
        let files = Repository.sources.filter { $0.target == rule.name }
        let words = Set(
            files.flatMap { file in
                file.text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
            }
        )
        let links = text.split(separator: "``", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
        for link in links where link != rule.name {
            let names = link.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
            let type = names.first ?? ""
            #expect(words.contains(type), "\(path) links to \(link).")
            for name in names { #expect(words.contains(name), "\(path) links to \(link).") }
        }
    }

    @Test func `the licence is the whole of Apache 2`() throws {
        let text = try #require(Repository.text("LICENSE"))
        #expect(text.contains("Version 2.0, January 2004"))
        for section in 1...9 { #expect(text.contains("\n   \(section). "), "Section \(section).") }
        #expect(text.contains("END OF TERMS AND CONDITIONS"))
    }
}

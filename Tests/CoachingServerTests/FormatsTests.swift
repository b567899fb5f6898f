// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingServer
import CoachingTestKit
import CoachingWire
import Testing

/// The programme's own formats, asked of the core.
@Suite(.timeLimit(.minutes(5)))
struct FormatsTests {
    private static func format(_ name: String, words: Int = 5) -> SessionFormat {
        let sentence = String(repeating: "a", count: words)
        let parts = [Role.client, .coach, .observer].map { role in
            Part(role: role, kinds: [.say], bare: .say, spoken: .note, sentence: sentence)
        }
        return SessionFormat(
            name: name,
            title: "A talk",
            source: "",
            version: 1,
            pods: PodSizes(smallest: 2, usual: 2, largest: 2),
            opening: [],
            round: (0..<12).map {
                Phase(name: "talk-\($0)", title: "Talk", seconds: 60, parts: parts)
            },
            closing: []
        )
    }

    @Test func `who is no administrator adds none, and all read what is there`() throws {
        let programme = try Programme.founded(1)
        let format = Self.format("ours")
        try programme.expect(.addFormat(format))
        let client = programme.clients[1]
        #expect(try client.ask(.formats) == .answer(.formats([format])))
        for request: DirectoryRequest in [.addFormat(Self.format("mine")), .removeFormat("ours")] {
            let code = try client.ask(request).refusal
            #expect(code?.rawValue == DirectoryRejection.notAnAdministrator.rawValue)
        }
        try programme.expect(.removeFormat("ours"))
        #expect(try client.ask(.formats) == .answer(.formats([])))
    }

    @Test func `twenty long formats come in pages, each of them once`() throws {
        var configuration = ServerConfiguration()
        configuration.requestsBurst = 1_000_000
        let programme = try Programme.invited(0, configuration: configuration)
        var names: [String] = []
        for number in 0..<20 {
            let format = Self.format("ours-\(number)", words: 180)
            names.append(format.name)
            try programme.expect(.addFormat(format))
        }
        let pages = try programme.administrator.pages(.formats)
        #expect(pages.count > 1)
        var whole = pages[0]
        for page in pages.dropFirst() where !whole.append(page) { Issue.record("another list") }
        guard case .formats(let formats) = whole else { throw NoReply() }
        #expect(formats.map(\.name).sorted() == names.sorted())
    }
}

// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@Suite(.timeLimit(.minutes(15)))
struct HistoryTests {
    /// A room in which Priya and Lena each said some lines, to all and to each other.
    private func room(_ scene: Scene, lines: Int) async throws -> RoomID {
        let room = try await scene.room()
        for name in ["Priya", "Lena"] {
            try await scene.with(name) { client in
                let view = try await client.enter(room)
                try await view.caughtUp()
                let everybody = try await view.readers(of: .room).map(\.person)
                let pair = TranscriptKey.between(everybody[0], everybody[1])
                for number in 0..<lines {
                    scene.clock.advance(1_000)
                    try await view.say("\(name) \(number)")
                    scene.clock.advance(1_000)
                    try await view.post(
                        EntryBody(text: "\(name) apart \(number)"),
                        kind: .say,
                        to: pair,
                        shown: Set(everybody)
                    )
                }
            }
        }
        return room
    }

    @Test func `paging backwards gives every line once, in the order of time`() async throws {
        let scene = try Scene()
        let room = try await room(scene, lines: 105)
        let words = try await scene.with("Lena") { lena in
            let view = try await lena.enter(room)
            try await view.caughtUp()
            var words: [String] = []
            var place: LinePlace?
            repeat {
                let page = try await view.lines(before: place, count: 170)
                #expect(page.lines.count == (page.next == nil ? 420 % 170 : 170))
                #expect(page.lines.allSatisfy { !$0.isNew })
                words = page.lines.map { $0.body?.text ?? "closed" } + words
                place = page.next
            } while place != nil
            return words
        }
        let expected = ["Priya", "Lena"].flatMap { name in
            (0..<105).flatMap { ["\(name) \($0)", "\(name) apart \($0)"] }
        }
        #expect(words == expected)
    }

    @Test func `lines that come live stay out of older pages and are handed over once`()
        async throws
    {
        let scene = try Scene()
        let room = try await room(scene, lines: 3)
        try await scene.with("Lena") { lena in
            let view = try await lena.enter(room)
            try await view.caughtUp()
            let first = try await view.lines(before: nil, count: 4)
            #expect(first.lines.last?.body?.text == "Lena apart 2")
            scene.clock.advance(1_000)
            try await scene.with("Priya") { priya in
                let other = try await priya.enter(room)
                try await other.caughtUp()
                try await other.say("meanwhile")
            }
            let older = try await view.lines(before: first.next, count: 100)
            #expect(older.lines.count == 8)
            #expect(older.next == nil)
            for await happening in view.happenings {
                if case .entry(let line) = happening, line.body?.text == "meanwhile" { break }
            }
            let newest = try await view.lines(before: nil, count: 1)
            #expect(newest.lines.map { $0.body?.text } == ["meanwhile"])
        }
    }

    @Test func `an older line that is not what was read is an alarm`() async throws {
        let scene = try Scene()
        let room = try await room(scene, lines: 2)
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let view = try await lena.enter(room)
                try await view.caughtUp()
                _ = try await view.lines(before: nil, count: 3)
                await scene.server.alter { message in
                    guard case .push(.item(var item)) = message, let last = item.item.indices.last
                    else { return nil }
                    // Before the signature at the end: within what is sealed.
                    item.item[last - 70] ^= 1
                    return .push(.item(item))
                }
                _ = try await view.lines(before: nil, count: 3)
            }
        }
        #expect(error.code == .alarm)
    }

    @Test func `older lines that are left out are an alarm`() async throws {
        let scene = try Scene()
        let room = try await room(scene, lines: 2)
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let view = try await lena.enter(room)
                try await view.caughtUp()
                await scene.server.alter { message in
                    if case .push(.item) = message { .ping } else { nil }
                }
                _ = try await view.lines(before: nil, count: 3)
            }
        }
        #expect(error.code == .alarm)
    }
}
